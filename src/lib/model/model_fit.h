/* model_fit.h: whether a checkpoint is of a model's network, and the network of this machine: told from what is
 * planned, before any memory is taken for it. [any thread] */
#ifndef MODEL_MODEL_FIT_H
#define MODEL_MODEL_FIT_H

#include "model/model.h"

#define MODEL_FORMAT_VERSION "1" /* of checkpoints, their "format_version" */

/* Fails (ERROR_DATA) unless the file is of this version and has all tensors of the network, in its shapes. */
int model_check_file(const struct model *model, const struct safetensors *file, struct error *error);

/* Fails, naming the layer with the largest share, if `bytes` exceed the machine's memory (ERROR_CONFIG). */
int model_check_memory(const struct model *model, size_t bytes, struct error *error);

/* The same of the least that any use of the network takes: its weights, and one thread's memory. */
int model_check_least_memory(const struct model *model, struct error *error);

/* Bytes of its weights, states and derived weights; SIZE_MAX if they are more than that. */
size_t model_lasting_bytes(const struct model *model);

/* The type and shape of `like` in a checkpoint. */
void model_tensor_shape(struct tensor *to, const struct net_tensor *like);

/* The tensor of that name in *found, NULL if there is none. Fails (ERROR_DATA) if it has not the shape of
 * `like`. */
int model_find_tensor(const struct model *model, const struct safetensors *file, const char *name,
                      const struct net_tensor *like, const struct tensor **found, struct error *error);
#endif
