/* nnrun/nnrun.h: libnnrun, small neural networks for any program: opened, asked, trained, tested, saved. C11
 * and C++17. nnrun(3) shows how it is used; nnrun(1) is a program written on it, nnrun.cfg(5) describes
 * configs.
 *
 * Objects. A model is a network with its weights. It never changes once it is open: any number of threads may
 * use it at the same time, and several may be open. What a thread needs to ask it is a context, which one
 * thread uses at a time; so are pictures, and structures of the caller's. A model is closed after all its
 * contexts.
 *
 * Errors. Functions that can fail return NULL or a number other than 0, enum nnrun_status, and fill in the
 * caller's nnrun_error, whose pointer may be NULL. What it held before is freed then; success leaves it alone,
 * so it is the returned value that tells. An nnrun_error is never copied: both would free what it holds. No
 * function prints, ends the process, reads the environment, changes the locale or a signal's handler, or leaves
 * the calling thread with another signal mask or floating-point mode than it came with.
 *
 * Pointers may be NULL where it is said, and no others may. A function that can fail refuses a model, sample,
 * path or folder that is NULL, and a path that is empty (NNRUN_ERROR_ARGUMENT); the others do not look.
 *
 * Memory. Strings, arrays and structures that pointers to const point at belong to the library and live as long as the
 * object that they were asked of. What is to be freed has a function for it; NULL is then nothing to free.
 *
 * Versions. Structures that the caller allocates begin with their size, which the INIT macros set: a program
 * compiled with an older header runs with a newer library. Only nnrun_best_class has none, and stays as it is.
 * Of a structure that the library fills in, nnrun_error, nnrun_training, nnrun_prepared, a size of 0 is that of
 * the first release; options that it reads must have theirs. Members called `reserved` are 0. Structures that
 * the library allocates only grow at the end, and enumerations too. */
#ifndef NNRUN_NNRUN_H
#define NNRUN_NNRUN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
/* So that it can be built with -fvisibility=hidden, and pkg-config needs no such flag. */
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* "0.1.0": that of the library, which may be newer than this header. [any thread] */
const char *nnrun_version(void);

/* ---- errors ---------------------------------------------------------------------------------------------- */

enum nnrun_status {
    NNRUN_OK = 0,
    NNRUN_ERROR_FAILED = 1,   /* while running: the system, a plugin, a loss that is NaN or infinite */
    NNRUN_ERROR_ARGUMENT = 2, /* what the caller asked for cannot be */
    NNRUN_ERROR_CONFIG = 3,   /* a config is wrong or not there, which shows without any data */
    NNRUN_ERROR_DATA = 4,     /* the bytes of another file are wrong, or it is not there */
    NNRUN_ERROR_MEMORY = 5    /* out of memory */
};

/* What a program could add to a message in words of its own, such as the name of an option. */
enum nnrun_advice {
    NNRUN_ADVICE_NONE = 0,
    NNRUN_ADVICE_DATA_MISSING = 1,     /* files of MNIST's names are not there */
    NNRUN_ADVICE_NO_SUCH_LAYER = 2,    /* no plugin folder has that type: give another folder */
    NNRUN_ADVICE_NO_PLUGIN_FOLDER = 3, /* there is no plugin folder */
    NNRUN_ADVICE_NO_PLUGINS = 4,       /* no plugin folder has any */
    NNRUN_ADVICE_OTHER_ARITHMETIC = 5, /* to resume would change the bits */
    NNRUN_ADVICE_RUN_EXISTS = 6,       /* `file` is a folder with a run: resume it, or give another */
    NNRUN_ADVICE_NO_RUN = 7,           /* `file` is a folder without one */
    NNRUN_ADVICE_STEP_UNREAD = 8, /* `file` is a run's newest step file, which could not be read; if it is
                                          moved away, the run is resumed from the one before it */
    NNRUN_ADVICE_NEW_RUN = 9,     /* `key` cannot change in a resumed run: train a new one */
    NNRUN_ADVICE_NOT_IDX = 10     /* `file` is a text, perhaps a table, in place of an IDX file */
};

typedef struct nnrun_message {
    int32_t code;      /* enum nnrun_status */
    int32_t line;      /* in `file`; 0: not known, as NULL is below */
    const char *text;  /* one plain sentence that says all of it: "lenet.cfg:12: ..." */
    const char *file;  /* what it is about */
    const char *key;   /* "train.optimizer.rate" */
    const char *layer; /* its name in the network */
    const char *expected, *got;
    int32_t advice;     /* enum nnrun_advice */
    uint32_t advice_at; /* where in `text` such words would go: at this byte */
} nnrun_message;

/* All that is wrong with a config comes at once: `text` has a line for each message. */
typedef struct nnrun_error {
    size_t size;      /* sizeof(nnrun_error) */
    int32_t code;     /* enum nnrun_status; NNRUN_OK: nothing is held */
    int32_t line;     /* of the first message, as key and file are; 0 or NULL: not known */
    const char *text; /* never NULL after a failure; without a newline at its end */
    const char *file, *key;
    uint32_t count;    /* messages, at least 1 after a failure */
    uint32_t left_out; /* messages that there was no room for */
    void *held;        /* the library's */
} nnrun_error;
#define NNRUN_ERROR_INIT                                                                                     \
    {                                                                                                        \
        sizeof(nnrun_error), 0, 0, NULL, NULL, NULL, 0, 0, NULL                                              \
    }

/* Message i of those held, valid until the error changes; NULL past the last. */
const nnrun_message *nnrun_error_message(const nnrun_error *error, uint32_t i);

/* Frees what is held; it is empty then, and may be used again. */
void nnrun_error_clear(nnrun_error *error);

/* ---- opening a model ------------------------------------------------------------------------------------- */

enum nnrun_source {
    NNRUN_ANY = 0,
    NNRUN_CONFIG = 1,    /* libconfig text: nnrun.cfg(5) */
    NNRUN_CHECKPOINT = 2 /* a .safetensors file of a run, or of nnrun_save */
};

typedef struct nnrun_watch nnrun_watch;

typedef struct nnrun_options {
    size_t size;                  /* sizeof(nnrun_options) */
    const char *const *overrides; /* "train.epochs=3": they take the place of what the config says; relative
                                     paths in them start from the working directory */
    size_t override_count;
    const char *const
        *plugin_folders; /* searched for layers before the installed folder, if they are there */
    size_t plugin_folder_count;
    const char *level;  /* of code: "portable", "avx2", "avx512"; NULL: the best this processor has */
    int32_t expect;     /* enum nnrun_source: what it must be */
    int32_t reserved;   /* 0 */
    nnrun_watch *watch; /* is told of all calls of plugins; it outlives the model. NULL: none */
} nnrun_options;
#define NNRUN_OPTIONS_INIT                                                                                   \
    {                                                                                                        \
        sizeof(nnrun_options), NULL, 0, NULL, 0, NULL, 0, 0, NULL                                            \
    }

typedef struct nnrun_model nnrun_model;

/* Opens a config, whose weights are the initial ones of train.seed, or a checkpoint. What it is is told by what is
 * in it. `options` may be NULL, and shared by threads. Data files are not opened: where a checkpoint's are is known
 * from run.json beside it. NULL after setting error. [any thread] */
nnrun_model *nnrun_open(const char *path, const nnrun_options *options, nnrun_error *error);

/* The same from memory, which is not needed afterwards; `name` is what messages call it, NULL: "memory". Includes and
 * relative paths of a config start from the working directory; a checkpoint has no run.json, so its test data must be
 * named by overrides. */
nnrun_model *nnrun_open_bytes(const void *bytes, size_t size, const char *name, const nnrun_options *options,
                              nnrun_error *error);

/* Layers that were loaded stay loaded. */
void nnrun_close(nnrun_model *model);

/* The first key of a config whose last part is `name`, "train.epochs" of "epochs", into key[size], cut if it is
 * longer; else the key that other systems call so, "train.optimizer.rate" of "learning_rate". Returns 1, or 0 if there
 * is none, as of a whole key. */
int nnrun_find_key(const char *name, char *key, size_t size);

/* What a file is by what is in it, enum nnrun_source; NNRUN_ANY: neither, or it cannot be read. */
int nnrun_file_source(const char *path);

/* The checkpoint in a run folder to look at, its best one or else its newest: a path to be freed by nnrun_free.
 * NULL after setting error (NNRUN_ERROR_DATA: it has none). */
char *nnrun_run_checkpoint(const char *folder, nnrun_error *error);
void nnrun_free(char *text);

/* The name of the level of code that `level` gives on this processor, as in nnrun_options; NULL after setting
 * error. */
const char *nnrun_level(const char *level, nnrun_error *error);

/* A plugin that crashes takes the process along. The library installs no handler, but a host's may ask what its thread
 * was doing. NULL after setting error. A watch may be used by many models. */
nnrun_watch *nnrun_watch_create(nnrun_error *error);
void nnrun_watch_destroy(nnrun_watch *watch);

/* Returns 1 and writes text[size], cut if it is longer, 'layer "gate1" (gate), backward in training ...', if the
 * calling thread is in a call of a plugin, else 0. Async-signal-safe. */
int nnrun_watch_where(const nnrun_watch *watch, char *text, size_t size);

/* ---- what a model is ------------------------------------------------------------------------------------- */

enum { NNRUN_INFO_RANK = 7 };

enum nnrun_outputs {
    NNRUN_OUTPUT_VALUES = 0,  /* any numbers */
    NNRUN_OUTPUT_CLASSES = 1, /* the probability of each class: one of them is right */
    NNRUN_OUTPUT_LABELS = 2   /* the probability of each label: any number of them is right */
};

enum nnrun_history {                          /* columns of a row */
                     NNRUN_HISTORY_EPOCH = 0, /* from 1 */
                     NNRUN_HISTORY_STEP = 1,
                     NNRUN_HISTORY_LOSS = 2, /* mean over the epoch's samples, while learning */
                     NNRUN_HISTORY_TRAIN_ACCURACY = 3,
                     NNRUN_HISTORY_VALIDATION_LOSS = 4, /* NaN without validation, as the next */
                     NNRUN_HISTORY_VALIDATION_ACCURACY = 5,
                     NNRUN_HISTORY_RATE = 6, /* of the epoch's last step */
                     NNRUN_HISTORY_COLUMNS = 7
};

/* How a picture becomes a sample: the values of data.prepare, nnrun.cfg(5). */
enum nnrun_prepare { NNRUN_PREPARE_DIGIT, NNRUN_PREPARE_STRETCH, NNRUN_PREPARE_FIT, NNRUN_PREPARE_CROP };

typedef struct nnrun_info {
    const char *name;    /* of the network, from its config */
    const char *level;   /* of code that it uses */
    int32_t source;      /* enum nnrun_source: NNRUN_CONFIG or NNRUN_CHECKPOINT */
    int32_t outputs_are; /* enum nnrun_outputs */
    uint32_t rank;       /* of a sample's shape: */
    int32_t dim[NNRUN_INFO_RANK];
    size_t inputs;  /* values of a sample: bytes for nnrun_predict, floats for nnrun_predict_floats */
    size_t outputs; /* floats that are answered for a sample */
    size_t classes; /* that nnrun_best tells apart: `outputs`, or 2 where one output is a probability */
    /* The pictures that become samples. A vector whose length is a square takes pictures of as many rows; of
     * height 1 it takes none but an IDX file's samples. */
    size_t channels, height, width;
    size_t layers, tensors;
    size_t output_layer; /* the layer whose output is the answer */
    size_t parameters;
    uint64_t epoch, step;       /* finished ones; 0 of a config */
    const double *history;      /* [epoch][NNRUN_HISTORY_COLUMNS] */
    double validation_accuracy; /* of these weights, a fraction; NaN: not known */
    double rate;                /* train.optimizer.rate */
    uint32_t
        threads; /* that train.threads asks for, at least 1; by a checkpoint's own text, at most the processors */
    int32_t fused;        /* multiply-adds are rounded once: results have the bits of every level that does */
    size_t model_bytes;   /* memory of the weights, and of what is made of them */
    size_t context_bytes; /* memory of a context with NNRUN_KEEP_LAYERS; SIZE_MAX: more than that */
    int32_t numbers; /* samples are numbers of any scale, for nnrun_predict_floats; no picture becomes one */
    int32_t prepare; /* enum nnrun_prepare */
    int32_t transposed; /* data.transposed: samples of files are transposed before they are asked about */
    int32_t columns;    /* not 0: the values of a sample have names, nnrun_column_name */
    double mean; /* that is subtracted, over the channels: of pixels from 0 to 1, if the config has one */
} nnrun_info;
const nnrun_info *nnrun_describe(const nnrun_model *model); /* NULL of NULL */

/* Layer i of info->layers, in the order they run; NULL past the last. */
typedef struct nnrun_layer_info {
    const char *name, *type;
    uint32_t rank; /* of its output's shape: */
    int32_t dim[NNRUN_INFO_RANK];
    size_t values;     /* floats of its output for a sample */
    size_t parameters; /* that it learns */
} nnrun_layer_info;
const nnrun_layer_info *nnrun_describe_layer(const nnrun_model *model, size_t i);

/* Tensor i of info->tensors: weights and, with `averaged` set, what a layer averages while it trains. NULL past
 * the last. */
typedef struct nnrun_tensor_info {
    const char *name; /* "conv1.weight" */
    uint32_t rank;
    int32_t dim[NNRUN_INFO_RANK];
    int32_t averaged;
    size_t count;        /* floats */
    const float *values; /* [count], in C order */
} nnrun_tensor_info;
const nnrun_tensor_info *nnrun_describe_tensor(const nnrun_model *model, size_t i);

/* The name of a class below info->classes, UTF-8: that of data.classes, or its number. NULL past the last. */
const char *nnrun_class_name(const nnrun_model *model, size_t i);
/* How many classes have names, by data.classes: info->classes, or 0. */
size_t nnrun_class_names(const nnrun_model *model);

/* The name of value i of a sample, that of its column in a table, UTF-8, by data.columns; NULL past the last, and where they have
 * none. */
const char *nnrun_column_name(const nnrun_model *model, size_t i);

/* Writes the model as a checkpoint that every nnrun opens, in place of the file if there is one: whole or not at
 * all. Where its data are is not in it. Returns 0 or a code. */
int nnrun_save(const nnrun_model *model, const char *path, nnrun_error *error);

/* ---- pictures into samples ------------------------------------------------------------------------------- */

typedef struct nnrun_prepare_options {
    size_t size;        /* sizeof(nnrun_prepare_options) */
    const char *name;   /* what messages call the picture; NULL: its path, or "picture" */
    size_t most_pixels; /* of a PNG or JPEG picture; 0: 2^26, the limit of all kinds */
    int32_t raw; /* not 0: only scale it to the network's input, no centring, no turning dark into light: for
                           pictures that are samples already, such as those of nnrun_evaluation_write_mistakes */
    int32_t reserved; /* 0 */
    size_t
        digits; /* 0: the picture is one sample. Else each digit in it is one, from left to right and row by row:
                   sample[digits][info->inputs], of which prepared->digits are set, at least 1 and at most `digits`.
                   For nnrun_pictures_next_digits it is `most` that counts */
} nnrun_prepare_options;
#define NNRUN_PREPARE_OPTIONS_INIT                                                                           \
    {                                                                                                        \
        sizeof(nnrun_prepare_options), NULL, 0, 0, 0, 0                                                      \
    }

typedef struct nnrun_prepared {
    size_t size;      /* sizeof(nnrun_prepared) */
    int32_t inverted; /* the picture was dark on light */
    int32_t empty;    /* there is nothing in it: all bytes of the sample are 0 */
    int32_t
        digits; /* how many figures, apart from each other, were seen in it, at most NNRUN_MOST_DIGITS; 0: it
                         was not looked for them, as it was only scaled */
    int32_t many; /* there were more than NNRUN_MOST_DIGITS: they were not told apart, and count as one */
    int32_t transposed; /* rows have become columns, as with the samples of info->transposed */
} nnrun_prepared;
#define NNRUN_PREPARED_INIT                                                                                  \
    {                                                                                                        \
        sizeof(nnrun_prepared), 0, 0, 0, 0, 0                                                                \
    }

/* One picture of any size into the bytes of a sample, sample[info->inputs], as nnrun predict does: nnrun(1) has the
 * rules. `options` and `prepared` may be NULL. They return 0 or a code. [any thread] */

/* A PNG, JPEG, PGM or PPM file; "-" is standard input. */
int nnrun_prepare_file(const nnrun_model *model, const char *path, const nnrun_prepare_options *options,
                       uint8_t *sample, nnrun_prepared *prepared, nnrun_error *error);

/* The bytes of such a file. */
int nnrun_prepare_bytes(const nnrun_model *model, const void *bytes, size_t size,
                        const nnrun_prepare_options *options, uint8_t *sample, nnrun_prepared *prepared,
                        nnrun_error *error);

/* pixels[channels][height][width]: one channel is grey, three are red, green and blue. */
int nnrun_prepare_pixels(const nnrun_model *model, const uint8_t *pixels, size_t channels, size_t height,
                         size_t width, const nnrun_prepare_options *options, uint8_t *sample,
                         nnrun_prepared *prepared, nnrun_error *error);

/* The pictures of a file one after the other: one of a PNG, JPEG, PGM or PPM file, any number of an IDX file, gzip or
 * plain. One thread at a time. */
typedef struct nnrun_pictures nnrun_pictures;
nnrun_pictures *nnrun_pictures_open(const char *path, nnrun_error *error); /* "-": standard input */
/* The same of a file in memory, which is needed until they are closed; `name` is what messages call it, NULL: "picture". */
nnrun_pictures *nnrun_pictures_open_bytes(const void *bytes, size_t size, const char *name,
                                          nnrun_error *error);
size_t nnrun_pictures_count(const nnrun_pictures *pictures);
int nnrun_pictures_are_samples(const nnrun_pictures *pictures); /* an IDX file's: known by their numbers */

/* The next one, prepared; not after an error. Of a model with info->transposed the samples of an IDX file are transposed first,
 * unless nnrun pack wrote the file, as pack.json beside it says. Returns 0 or a code: NNRUN_ERROR_ARGUMENT if there are no
 * more. */
int nnrun_pictures_next(nnrun_pictures *pictures, const nnrun_model *model,
                        const nnrun_prepare_options *options, uint8_t *sample, nnrun_prepared *prepared,
                        nnrun_error *error);

/* The same, but of each digit in it, from left to right and row by row, a sample of its own: samples[most][info->inputs],
 * `most` at least 1, of which *count are set. That is one unless prepared->digits is more; digits past `most` are
 * left out, and more than NNRUN_MOST_DIGITS are not told apart. */
enum { NNRUN_MOST_DIGITS = 64 };
int nnrun_pictures_next_digits(nnrun_pictures *pictures, const nnrun_model *model,
                               const nnrun_prepare_options *options, uint8_t *samples, size_t most,
                               size_t *count, nnrun_prepared *prepared, nnrun_error *error);
void nnrun_pictures_close(nnrun_pictures *pictures);

/* ---- asking ---------------------------------------------------------------------------------------------- */

enum {
    NNRUN_KEEP_LAYERS = 1 /* a context remembers what each layer gave, for nnrun_layer_output */
};
typedef struct nnrun_context nnrun_context;

/* `flags`: 0 or NNRUN_KEEP_LAYERS. A thread may use what another created. NULL after setting error. [any thread] */
nnrun_context *nnrun_context_create(const nnrun_model *model, uint32_t flags, nnrun_error *error);
void nnrun_context_destroy(nnrun_context *context);

/* samples[count][info->inputs] in C order, as in an IDX file, to outputs[count][info->outputs]. 16 samples at
 * once take as long as one; of none nothing is touched. They may be NaN or infinite, as of weights that are:
 * nnrun_best tells. An answer depends on its sample alone: it has the same bits however many others are asked
 * with it, and on every thread. */
void nnrun_predict(nnrun_context *context, const uint8_t *samples, size_t count, float *outputs);

/* The same of values that need not be whole, on the scale of the bytes, 0 to 255, or of any scale if the model takes
 * numbers; those that are whole give the bits that bytes do. */
void nnrun_predict_floats(nnrun_context *context, const float *samples, size_t count, float *outputs);

/* What layer i gave for the first sample of the last call: floats in C order, as many as the layer's `values`,
 * until the next call; before the first, zeroes. NULL if the context does not keep layers or there is no such layer. */
const float *nnrun_layer_output(const nnrun_context *context, size_t i);

/* The classes of one answer by what was said of them, the largest first and of equal ones the lower class. Returns
 * how many there are, at most `most` and info->classes; 0 if an output is NaN or infinite: then there is no answer. [any
 * thread] */
typedef struct nnrun_best_class {
    size_t index; /* the class */
    float value;  /* its probability, unless outputs are NNRUN_OUTPUT_VALUES */
} nnrun_best_class;
size_t nnrun_best(const nnrun_model *model, const float *outputs, nnrun_best_class *best, size_t most);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#include <nnrun/rows.h>
#include <nnrun/training.h>
#endif
