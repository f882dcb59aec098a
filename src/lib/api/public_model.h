/* public_model.h: what an nnrun_model is: a checked network, what is told of it, and what it has learned. */
#ifndef API_PUBLIC_MODEL_H
#define API_PUBLIC_MODEL_H

#include <nnrun/nnrun.h>
#include <pthread.h>

#include "data/prepare_picture.h"
#include "model/model.h"
#include "predict/predictor.h"
#include "train/train_state.h"

/* Made when it is asked for: training a config needs none of it. */
struct learned {
    pthread_mutex_t mutex;
    bool there; /* under the mutex; all else is constant once it is set */
    struct train_state state;
    struct predictor *predictor;
    nnrun_tensor_info *tensors; /* [info.tensors] */
};

enum { PUBLIC_CLASS_TEXT = 24 };

struct nnrun_model {
    struct model model; /* of a checkpoint without its file, once it is learned */
    char *path;         /* NULL: from memory */
    struct prepare_input input;
    nnrun_info info;
    nnrun_layer_info *layers; /* [info.layers] */
    char (*class_names)[PUBLIC_CLASS_TEXT];
    struct learned *learned;
};

/* Of a model that is open: a checkpoint's weights are loaded, and its file released. Returns 0 or -1. */
int public_model_learn(nnrun_model *model, struct error *error);
void public_model_forget(nnrun_model *model);

/* Weights as initialised by a config; a checkpoint's are there since it was opened. NULL after setting error. [any
 * thread] */
const struct learned *public_model_learned(const nnrun_model *model, struct error *error);

/* What is told of a network; `state` NULL: that of a config. Pointers stay those of both. */
nnrun_info public_model_info(const struct model *model, const struct train_state *state);

/* All that is told of a model whose network is planned: info, layers, names. Returns 0 or -1. */
int public_model_describe(nnrun_model *model, struct error *error);

/* The options as the library's own; its strings and lists stay the caller's. Returns 0 or -1. */
int public_model_options(const nnrun_options *given, nnrun_options *own, struct model_options *options,
                         struct error *error);
#endif
