/* predictor.h: a checkpoint's network, opened to be asked about single samples.
 *
 * A predictor is constant once it is open: any number of threads may ask it at once, each with a
 * predictor_context of its own, which holds all memory that a forward pass changes. It needs neither a data
 * file nor the run folder. Answers are the same bits as those of nnrun test. */
#ifndef PREDICT_PREDICTOR_H
#define PREDICT_PREDICTOR_H

#include "model/model.h"
#include "train/train_state.h"

struct predictor;
struct predictor_context;

/* Opens the source, which must be a checkpoint, with its weights, as model_open does. NULL after setting error.
 * [setup] */
struct predictor *predictor_open(const struct model_source *source, const struct model_options *options,
                                 struct error *error);
void predictor_close(struct predictor *predictor); /* NULL: nothing; after all its contexts */

/* Network, settings and registry, constant. */
const struct model *predictor_model(const struct predictor *predictor);
/* Weights and how they came about, constant. */
const struct train_state *predictor_state(const struct predictor *predictor);
size_t predictor_sample_bytes(const struct predictor *predictor);
size_t predictor_values(const struct predictor *predictor); /* outputs of a sample */

/* A thread's memory; `keep_layers`: also what every layer gave. NULL after setting error. */
struct predictor_context *predictor_context_create(const struct predictor *predictor, bool keep_layers,
                                                   struct error *error);
void predictor_context_destroy(struct predictor_context *context); /* NULL: nothing */

/* 1 .. 16 samples, which take as long as one. samples[i]: predictor_sample_bytes in C order, as in an IDX
 * file. The outputs of the last layer of sample i go to outputs[i * predictor_values]. One caller at a time
 * for a context. */
void predictor_predict(struct predictor_context *context, const uint8_t *const samples[], size_t count,
                       float *outputs);

/* What layer i gave for the first sample of the last call, of a context that keeps layers. The pointers stay
 * the context's and the predictor's. */
struct predictor_layer {
    const char *name, *type;
    struct nnrun_shape shape;
    size_t values;       /* of it */
    const float *output; /* [values], in C order */
};
size_t predictor_layer_count(const struct predictor *predictor); /* how many, in the order they run */
struct predictor_layer predictor_layer(const struct predictor_context *context, size_t i);

/* The `most` largest outputs, largest first, of equal ones the lower class first: their classes go to
 * best[most]. Returns how many there are, at most `values`. NaN comes last. */
size_t predictor_best_classes(const float *outputs, size_t values, size_t *best, size_t most);
#endif
