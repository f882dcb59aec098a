/* predict_event.h: the JSON event "predict", which nnrun predict prints and nnrun serve answers with. */
#ifndef EVENT_PREDICT_EVENT_H
#define EVENT_PREDICT_EVENT_H

#include <jansson.h>
#include <stdbool.h>

#include <nnrun/nnrun.h>

/* Which digit of a picture an answer is about. */
struct predict_digit {
    size_t number; /* from 1; 0: all of the picture */
    size_t count;  /* that were seen in it */
    bool many;     /* there were more than are told apart */
};

/* Of the outputs that the model gave for one sample. `file` may be NULL, and so may `index`, that of the sample in an
 * IDX file. `empty`: nothing was in the picture. Of one digit or none the event has no "digits", and "many" only if it is true. NULL when out of memory. [any
 * thread] */
json_t *predict_event(const nnrun_model *model, const float *outputs, const char *file, const size_t *index,
                      bool empty, struct predict_digit digit);
#endif
