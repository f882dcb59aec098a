/* question_cost.h: what a question will cost, from its body's size and header alone. [any thread]
 *
 * The unit is a decoded pixel, about 25 ns: an experiment on one machine, and no promise. */
#ifndef SERVE_QUESTION_COST_H
#define SERVE_QUESTION_COST_H

#include "serve/question.h"

struct question_limits {
    uint64_t pixels;       /* of a picture */
    uint64_t small;        /* a question that costs more is large */
    bool numbers;          /* they are of any scale */
    uint64_t input_values; /* of the network's input, */
    uint64_t layer_values; /* ... and of all layers' outputs */
    uint64_t row_bytes;    /* of the answer to a row of a table */
    uint64_t prepare;      /* the cost of a pixel between decoding and the network */
};

struct question_limits question_limits(const nnrun_model *model);

/* Sets cost and large. Returns 0, or -1 with status and answer set if the picture has too many pixels. */
int question_weigh(struct question *question, const struct question_limits *limits);

/* Bytes that a table of LIMIT_ROWS rows may need, inflated: few stand for very many, if they are compressed. */
uint64_t question_table_bytes(size_t inputs);

/* Bytes of the longest answer. */
size_t question_answer_bytes(const struct question *question, const struct question_limits *limits);
#endif
