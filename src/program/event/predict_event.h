/* predict_event.h: the JSON event "predict", which nnrun predict prints and nnrun serve answers with. */
#ifndef EVENT_PREDICT_EVENT_H
#define EVENT_PREDICT_EVENT_H

#include <jansson.h>
#include <stdbool.h>

#include <nnrun/nnrun.h>

/* Of the outputs that the model gave for one sample. `file` may be NULL, and so may `index`, that of the sample in an
 * IDX file. `empty`: nothing was in the picture. NULL when out of memory. [any thread] */
json_t *predict_event(const nnrun_model *model, const float *outputs, const char *file, const size_t *index,
                      bool empty);
#endif
