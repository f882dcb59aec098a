/* memory_need.h: what training, testing and timing are about to take, before they take it. */
#ifndef TRAIN_MEMORY_NEED_H
#define TRAIN_MEMORY_NEED_H

#include "model/model.h"
#include "train/executor.h"

/* Fails as model_check_memory if `count` executors of these, derived weights, `copies` of the weights and `more`
 * bytes exceed the machine's memory. */
int memory_need_check(const struct model *model, const struct executor_spec *specs, size_t count,
                      size_t copies, size_t more, struct error *error);
#endif
