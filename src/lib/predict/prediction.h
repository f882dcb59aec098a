/* prediction.h: what a network says of one sample: its best classes, and the JSON event that tells them. */
#ifndef PREDICT_PREDICTION_H
#define PREDICT_PREDICTION_H

#include <jansson.h>

#include "predict/predictor.h"

enum { PREDICTION_BEST = 5 };

struct prediction {
    size_t values; /* 2 where the one output is the probability of class 1 */
    float two[2];
    const float *outputs; /* [values], the caller's own or `two`: not to be copied */
    bool probabilities;   /* that is what they are */
    size_t best[PREDICTION_BEST], best_count;
};

/* Of the outputs that predictor_predict wrote for the sample; they are kept by the caller. */
void prediction_fill(struct prediction *prediction, const struct predictor *predictor, const float *outputs);

/* The event "predict". `file` may be NULL, and `index`, of a sample in an IDX file, too. NULL when out of
 * memory. */
json_t *prediction_json(const struct prediction *prediction, const char *file, const size_t *index,
                        bool empty);
#endif
