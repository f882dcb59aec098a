/* model_json.h: what GET /model says. */
#ifndef SERVE_MODEL_JSON_H
#define SERVE_MODEL_JSON_H

#include "predict/predictor.h"

/* NULL when out of memory. */
char *model_json(const struct predictor *predictor, const char *checkpoint);
#endif
