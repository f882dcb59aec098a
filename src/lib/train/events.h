/* events.h: what a run reports, as structures and as one JSON object a line: in log.jsonl and with --json. */
#ifndef TRAIN_EVENTS_H
#define TRAIN_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "train/evaluate.h"
#include "model/model.h"

struct start_event {
    const struct model *model;
    const char *run; /* the folder */
    bool resumed;
    uint64_t step;
    size_t samples, validation; /* of training, of validation */
    unsigned threads;
};

struct progress_event {     /* after each step */
    uint64_t epoch, epochs; /* the open one, from 1 */
    uint64_t step;          /* finished ones */
    uint64_t done, samples; /* of the open epoch */
    double loss, accuracy;  /* means over the open epoch so far */
    double rate;
};

struct epoch_event {
    uint64_t epoch, epochs, step;
    double loss, train_accuracy;
    double validation_loss, validation_accuracy; /* NaN: no validation */
    double rate, samples_per_s, seconds;
    bool best;             /* the best validation accuracy so far */
    const double *history; /* of all finished epochs, as in train_state.h; this one's row is the last */
};

struct test_event {
    const struct model *model;
    const char *checkpoint;   /* "best" or "last", or a path */
    uint64_t epoch;           /* whose weights, from 1 */
    struct evaluation result; /* its arrays are another's */
};

/* Why a training is at its end. */
enum training_end { TRAINING_EPOCHS, TRAINING_PATIENCE, TRAINING_STOPPED };

struct weights_event { /* what train.from has of the network's weights, as a table and as a line of JSON */
    const char *text, *json;
};

struct warning_event {
    const char *name; /* of the key of "warnings" that switches it off; NULL: none does */
    const char *text;
    uint64_t step;
};

/* Fresh memory without a newline; NULL when out of memory. */
char *event_start_json(const struct start_event *event);
char *event_epoch_json(const struct epoch_event *event);
char *event_test_json(const struct test_event *event, uint64_t step);
char *event_warning_json(const struct warning_event *event);
/* That up to this step, or in evaluating after it, something was too small for a normal float and became 0. */
char *event_underflow_json(uint64_t step);
char *event_done_json(const char *run, uint64_t step, enum training_end end);
#endif
