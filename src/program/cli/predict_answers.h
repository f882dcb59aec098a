/* predict_answers.h: what nnrun predict says of samples: lines, drawings, JSON or CSV. */
#ifndef CLI_PREDICT_ANSWERS_H
#define CLI_PREDICT_ANSWERS_H

#include <nnrun/nnrun.h>

#include "base/error.h"
#include "cli/options.h"
#include "cli/picture_text.h"
#include "event/predict_event.h"

enum {
    PREDICT_AT_ONCE = 16, /* take as long as one */
    PREDICT_ROOM = PREDICT_AT_ONCE - 1 + NNRUN_MOST_DIGITS
};

/* What a sample under way is of. */
struct pending {
    size_t index; /* of its picture or row in the file */
    bool empty;   /* nothing is in that */
    bool turned;  /* its rows became columns */
    struct predict_digit digit;
};

struct predict {
    const struct options *options;
    nnrun_model *model;
    const nnrun_info *info;
    nnrun_context *context;
    enum picture_text_style style;
    uint8_t *samples; /* [PREDICT_ROOM][info->inputs], of the pictures under way */
    float *rows;      /* the same of rows of numbers */
    float *outputs;   /* [PREDICT_ROOM][info->outputs] */
    const char *path; /* of the file under way */
    char *input;      /* its bytes, where it is standard input */
    size_t input_size;
    bool of_rows;      /* it has rows, not pictures */
    bool numbered;     /* its samples have numbers */
    size_t asked;      /* samples of it that were asked about, */
    size_t unanswered; /* ... and those without an answer */
    size_t count;      /* samples under way */
    size_t lines;      /* with --csv: written so far */
    struct pending pending[PREDICT_ROOM];
};

/* Asks about the samples under way and prints the answers. Returns 0 or -1. */
int predict_ask(struct predict *predict, struct error *error);

/* With --csv: refuses networks whose answer is not one class, or else prints the first line. Returns 0 or -1. */
int predict_begin_csv(const struct predict *predict, struct error *error);
#endif
