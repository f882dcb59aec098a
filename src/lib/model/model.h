/* model.h: a config or checkpoint turned into a checked network with its settings: where every command begins.
 *
 * A model is opened and finished by one thread. In between nothing here changes it, but for
 * model_release_file and model_take_paths, and any number of threads may use it. Data files are opened by
 * model_samples alone. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "config/config.h"
#include "data/augment.h"
#include "data/lanes.h"
#include "data/samples.h"
#include "net/net.h"
#include "net/plugin.h"
#include "checkpoint/safetensors_read.h"
#include "model/model_kind.h"
#include "model/model_paths.h"
#include "model/settings.h"

/* One of a file, bytes and a checkpoint that was read; what it is is told by what is in it. */
struct model_source {
    const char *path;  /* of a file; NULL: none */
    const void *bytes; /* [size], as a file has them; never NULL, and not needed after opening */
    size_t size;
    const char *label;        /* what messages call the bytes */
    struct safetensors *file; /* the model's from now on, also if opening fails */
    enum model_kind kind;     /* that it must be */
};

struct model_options {
    const char *const *plugin_folders; /* before the installed folder; may be NULL */
    size_t plugin_folder_count;
    const char *level;            /* of code: one of plugin_level_names; NULL: the highest there is here */
    const char *const *overrides; /* "train.epochs=3" */
    size_t override_count;
    bool evaluate_only;         /* plan no backward pass */
    struct plugin_watch *watch; /* of all calls of plugins, see registry_watch; NULL: none */
};

struct model {                /* owns all of it */
    struct safetensors *file; /* the checkpoint it is of, for its weights; NULL: none, or released */
    struct config *config,
        *own_config; /* own: without the options' overrides, if these name classes; else NULL */
    struct settings settings;
    struct registry *registry;
    unsigned level;
    struct net *net;
    struct model_paths paths;
    char *
        from; /* the path of train.from; NULL: there is none, or it is of a checkpoint, which has its weights */
    char **overrides; /* those that belong to the bits: kept in checkpoints */
    size_t override_count;
    bool of_checkpoint;           /* it came from one */
    bool overridden;              /* by the options, besides what its checkpoint keeps */
    float *scale, *shift;         /* [channels or features], of the values of a sample */
    struct lanes_scaling scaling; /* by these */
    struct augment *augment;      /* NULL: pictures stay as they are */
    struct label_rule rule;       /* of the labels */
    char *taker;                  /* its text */
};

/* The registry that the options ask for, the caller's, and the level of code that it was made for. NULL after
 * setting error. */
struct registry *model_registry(const struct model_options *options, unsigned *level, struct error *error);

/* Opens a config or a checkpoint: settings and network are checked and planned, weights are not loaded. A
 * checkpoint's config is the text and the overrides in it, and then the options' overrides; where its data are
 * is known of no more than what these give. It has all tensors of that network, whose least use this machine's
 * memory allows: no more is taken than four times the file and 64 MB. Returns 0, or -1 with all that is wrong
 * (ERROR_CONFIG; ERROR_DATA: of a checkpoint's bytes, or of what should be one; ERROR_FAILED: it could not be
 * read); finish it in either case. */
int model_open(struct model *model, const struct model_source *source, const struct model_options *options,
               struct error *error);
void model_finish(struct model *model); /* a zeroed one: nothing */

/* Frees the checkpoint, as large as the weights: for who has loaded them. */
void model_release_file(struct model *model);

/* Where the data of a checkpoint are, from elsewhere, unless an override gives any of them. Takes the paths
 * over: they are empty then. */
void model_take_paths(struct model *model, struct model_paths *paths);

/* The classes that an answer tells apart: a single output that is a probability has two. */
size_t model_class_count(const struct net *net);

/* The name of a class by data.classes; NULL: classes have no names. */
const char *model_class_name(const struct model *model, size_t class);

/* What is divided by before data.mean is subtracted: 255 of pixels, 1 of numbers. */
double model_value_unit(const struct model *model);

/* (value / unit - mean) / std as value * scale + shift. */
void model_scaling_of(const struct model *model, double mean, double std, float *scale, float *shift);

/* What data.augment asks for, made for other numbers than the model's, which outlive it; NULL: nothing. Returns 0
 * or -1. */
int model_augment(const struct model *model, const struct lanes_scaling *scaling, struct augment **augment,
                  struct error *error);

/* Threads that train.threads asks for. A checkpoint, which may come from anyone, gets no more than there are
 * processors; an override of the options is taken as it is. */
unsigned model_threads(const struct model *model);

enum model_part { MODEL_TRAINING, MODEL_TEST, MODEL_VALIDATION };

/* Fails (ERROR_DATA) with a hint if the paths of that pair are missing. */
int model_need_data(const struct model *model, enum model_part part, struct error *error);

/* Opens the data set of that pair, whose paths are there. Of the training samples, the last data.validation are kept
 * back by data.split. NULL after setting error. */
struct samples *model_samples(const struct model *model, enum model_part part, struct error *error);
#endif
