/* model_json.h: what GET /model says. */
#ifndef SERVE_MODEL_JSON_H
#define SERVE_MODEL_JSON_H

#include <nnrun/nnrun.h>

/* NULL when out of memory. */
char *model_json(const nnrun_model *model, const char *checkpoint);
#endif
