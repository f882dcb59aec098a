/* model.h: a config or checkpoint turned into a checked network with its settings: where every command
 * begins. Nothing here opens a data file. One thread at a time. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "config/config.h"
#include "data/augment.h"
#include "data/lanes.h"
#include "data/samples.h"
#include "net/net.h"
#include "net/plugin.h"
#include "checkpoint/safetensors_read.h"
#include "model/settings.h"

struct model_options {
    const char *const *plugin_folders; /* before the installed folder; may be NULL */
    size_t plugin_folder_count;
    const char *level;            /* of code: one of plugin_level_names; NULL: the highest there is here */
    const char *const *overrides; /* "train.epochs=3" */
    size_t override_count;
    bool evaluate_only; /* plan no backward pass */
};

struct model_paths { /* NULL: the config names none */
    char *train_images, *train_labels, *test_images, *test_labels;
};

struct model {
    struct config *config;
    struct settings settings;
    struct registry *registry;
    unsigned level;
    struct net *net;
    struct model_paths paths;
    char **overrides; /* those that belong to the bits: kept in checkpoints */
    size_t override_count;
    float *scale, *shift; /* [channels], of pixels */
    struct lanes_scaling scaling;
    struct augment *augment; /* NULL: pictures stay as they are */
    struct label_rule rule;  /* of the labels */
    char *taker;             /* its text */
};

/* The registry that the options ask for. NULL after setting error. */
struct registry *model_registry(const struct model_options *options, unsigned *level, struct error *error);

/* From a config file. Returns 0, or -1 with all that is wrong; finish it in either case. */
int model_open(struct model *model, const char *path, const struct model_options *options,
               struct error *error);

/* From a checkpoint's config text and overrides, and then the options' own. `paths` (may be NULL) fills in
 * data paths that no override gives; `label` is the checkpoint's path. */
int model_open_checkpoint(struct model *model, const struct safetensors *file, const char *label,
                          const struct model_paths *paths, const struct model_options *options,
                          struct error *error);
void model_finish(struct model *model);

/* Fails, naming the layer with the largest share, if `bytes` exceed the machine's memory (ERROR_CONFIG). */
int model_check_memory(const struct model *model, size_t bytes, struct error *error);

/* Threads that train.threads asks for. */
unsigned model_threads(const struct model *model);

/* Fails (ERROR_DATA) with a hint if the paths of that pair are missing. */
int model_need_data(const struct model *model, bool test, struct error *error);

/* Opens the data set of that pair, whose paths are there. NULL after setting error. */
struct samples *model_samples(const struct model *model, bool test, struct error *error);
#endif
