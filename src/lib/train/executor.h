/* executor.h: one training step, or the evaluation of a batch, on all threads.
 *
 * The batch is cut into slices of 16 samples (slices.h), the slices into groups. A thread takes a group and
 * adds up its gradient slice by slice; then the groups' gradients are summed and the weights updated block by
 * block (weight_update.h). Which thread does what never shows in the result. One caller at a time.
 *
 * Several ranks (ranks.h) each do a part of the groups, or of the slices of an evaluation, and all have the whole
 * result. */
#ifndef TRAIN_EXECUTOR_H
#define TRAIN_EXECUTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/samples.h"
#include "train/executor_spec.h"

struct executor;

/* NULL after setting error: no memory. */
struct executor *executor_create(const struct executor_spec *spec, struct error *error);
void executor_destroy(struct executor *executor); /* NULL: nothing */

/* Groups of a batch if the config says 0: min(slices, 8); never more than slices. */
unsigned executor_groups(size_t batch, int32_t wanted);

/* Bytes executor_create takes; false if they do not fit size_t. */
bool executor_bytes(const struct executor_spec *spec, size_t *bytes);

/* Those that share the work; NULL: nobody. */
struct ranks *executor_ranks(const struct executor *executor);

/* Forward, backward, update; `rate` is the learning rate, `step` counts from 0 and keys the random words. If
 * the loss is not finite nothing is updated: -1, the error naming layer and step; likewise if something between the ranks fails. Adds to *sums. */
int executor_train(struct executor *executor, const struct batch *batch, double rate, uint64_t step,
                   struct step_sums *sums, struct error *error);

/* Forward only; a loss that is not finite counts as it is. If `predicted` is not NULL, the class of sample
 * i goes to predicted[i] and, if `outputs` is not NULL, its outputs to outputs[i * values]. Adds to *sums. */
void executor_evaluate(struct executor *executor, const struct batch *batch, struct step_sums *sums,
                       uint32_t *predicted, float *outputs);

/* Whether the network was right about sample i of the batch that was evaluated last. */
bool executor_was_right(const struct executor *executor, size_t i);

/* True if a layer plugin changed the arithmetic of its thread (it was set again) since the last call. */
bool executor_float_changed(struct executor *executor);
#endif
