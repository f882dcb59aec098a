/* model_sample.h: what a sample of a trained network is. */
#ifndef MODEL_MODEL_SAMPLE_H
#define MODEL_MODEL_SAMPLE_H

#include "model/model.h"

/* Of a checkpoint that is opened with overrides: fails (ERROR_ARGUMENT) if a group among them leaves out what its own config says
 * of samples, such as data.mean: a group replaces all of its keys. Returns 0 or -1. */
int model_samples_check_same(const struct model *model, struct error *error);
#endif
