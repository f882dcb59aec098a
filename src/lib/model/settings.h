/* settings.h: everything a config says apart from its layers, as structures. The tables they are read by are in
 * settings_tables.c. Strings belong to the config, tables to nobody. Once they are read any number of threads
 * may look at them. */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

#include "base/error.h"
#include "config/config.h"
#include "data/augment.h"
#include "nnrun/layer.h"

struct file_settings {
    const char *images, *labels;
};

enum split_type { SPLIT_TAIL, SPLIT_STRATIFIED };
enum data_values { VALUES_PIXELS, VALUES_NUMBERS };
enum data_normalize { NORMALIZE_NONE, NORMALIZE_TRAIN };

struct data_settings {
    const char *directory;
    struct setting_texts classes; /* names, or the file that has them; one of "": neither */
    struct setting_texts columns; /* the same of the values of a sample */
    int32_t validation;           /* so many samples of the training file: */
    int32_t split;                /* enum split_type: which */
    int32_t window, stream;
    int32_t values;               /* enum data_values: what a value of a sample is */
    int32_t normalize;            /* enum data_normalize */
    int32_t prepare;              /* enum prepare_how: how pictures become samples */
    int32_t transposed;           /* samples of the source have rows for columns */
    struct nnrun_reals mean, std; /* of pixels / 255 or of numbers; one, one a channel, or one a feature */
    int32_t own_validation;       /* 1: its samples have files of their own */
    struct file_settings train, test, validation_files;
    struct augment_settings augment;
};

enum optimizer_type { OPTIMIZER_SGD, OPTIMIZER_ADAM, OPTIMIZER_ADAMW };

struct optimizer_settings {
    int32_t type;
    int32_t nesterov;
    double rate, momentum, decay;
    double beta1, beta2, epsilon;
};

enum schedule_type { SCHEDULE_CONSTANT, SCHEDULE_STEP, SCHEDULE_COSINE };

struct schedule_settings {
    int32_t type;
    int32_t every;                /* epochs */
    double factor, final, warmup; /* warmup in epochs */
};

enum { CLASS_WEIGHTS_BALANCED }; /* a word in place of class_weights */

struct train_settings {
    int32_t epochs, batch, groups, seed, threads;
    int32_t patience;                     /* epochs without a better validation; 0: never stop early */
    double clip;                          /* largest norm of the gradient; 0: no limit */
    struct setting_numbers class_weights; /* one per class; one alone: no class has its own */
    const char *from, *from_prefix;       /* a file of weights to begin with, "": none; before its names */
    int32_t from_strict;
    struct optimizer_settings optimizer;
    struct schedule_settings schedule;
};

struct output_settings {
    const char *directory;
    int32_t keep, report;
};

/* What a run may be warned of. */
enum warning_kind {
    WARNING_SOFTMAX_TWICE,
    WARNING_SOFTMAX_INSIDE,
    WARNING_RELU_BEFORE_SOFTMAX,
    WARNING_NO_ACTIVATION,
    WARNING_MEAN_STD,
    WARNING_NO_TEST,
    WARNING_TEST_IS_TRAINING,
    WARNING_VALIDATION_CLASSES,
    WARNING_CONSTANT_INPUT,
    WARNING_FROZEN_RANDOM,
    WARNING_LOSS_GROWS,
    WARNING_RATE_JUMPS,
    WARNING_GROUP_REPLACED,
    WARNING_KINDS
};

struct warning_settings {
    int32_t on[WARNING_KINDS];
};

struct settings {
    const char *name;
    struct nnrun_ints input;
    struct data_settings data;
    struct train_settings train;
    struct output_settings output;
    struct warning_settings warnings;
};

/* Reads all groups but `network`. What is wrong it complains of to the config, and leaves a default in place.
 * One thread at a time. */
void settings_read(struct config *config, struct settings *settings);

/* A group as it was read: its path in the config ("train.optimizer"; "": the root) and the table it was read
 * by, that of its type where it has one. */
struct settings_group {
    const char *path;
    const struct nnrun_setting *table;
    size_t count;
    const void *instance;
};
/* Group i; false past the last. */
bool settings_group(const struct settings *settings, size_t i, struct settings_group *group);
#endif
