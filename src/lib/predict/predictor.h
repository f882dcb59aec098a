/* predictor.h: a network and its weights, asked about single samples.
 *
 * A predictor is constant once it is made: any number of threads may ask it at once, each with a
 * predictor_context of its own, which holds all memory that a forward pass changes. It needs neither a data
 * file nor the run folder. Answers are the same bits as those of an evaluation, of one sample or of many. */
#ifndef PREDICT_PREDICTOR_H
#define PREDICT_PREDICTOR_H

#include "model/model.h"
#include "train/train_state.h"

struct predictor;
struct predictor_context;

/* Of a model and weights that outlive it. NULL after setting error. [setup] */
struct predictor *predictor_create(const struct model *model, const struct train_state *state,
                                   struct error *error);
void predictor_destroy(struct predictor *predictor); /* NULL: nothing; after all its contexts */

/* Bytes of the weights, in all their forms; SIZE_MAX if they are more than that. */
size_t predictor_bytes(const struct model *model);

/* Bytes of a thread's memory; SIZE_MAX if they are more than that. */
size_t predictor_context_bytes(const struct model *model, bool keep_layers);

/* A thread's memory; `keep_layers`: also what every layer gave. NULL after setting error. */
struct predictor_context *predictor_context_create(const struct predictor *predictor, bool keep_layers,
                                                   struct error *error);
void predictor_context_destroy(struct predictor_context *context); /* NULL: nothing */

/* Any number of samples: slices of 16 of them, one left over by itself. One of: */
struct predictor_samples {
    const uint8_t *bytes; /* [count][values of the input] in C order, as in an IDX file */
    const float *floats;  /* the same, on the scale of bytes, or numbers of any scale */
};

/* The outputs of the last layer go to outputs[count][values]. One caller at a time for a context. */
void predictor_predict(struct predictor_context *context, const struct predictor_samples *samples,
                       size_t count, float *outputs);

/* What node i gave for the first sample of the last call, in C order; NULL of a context that keeps no layers. */
const float *predictor_layer(const struct predictor_context *context, size_t i);
#endif
