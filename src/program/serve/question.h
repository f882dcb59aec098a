/* question.h: one picture, sample of numbers, or table that a client asks about: from the bytes of a body to the text of an answer. */
#ifndef SERVE_QUESTION_H
#define SERVE_QUESTION_H

#include <jansson.h>
#include <stdbool.h>

#include <nnrun/nnrun.h>

enum {
    QUESTION_ANSWERED = 200,
    QUESTION_BAD = 400,       /* the body */
    QUESTION_TOO_LARGE = 413, /* the picture */
    QUESTION_FAILED = 500,    /* memory ran out, or there is no answer */
    QUESTION_UNASKED = 503    /* the asker stopped */
};

/* While it is with an asker all of it is the asker's, until done(). */
struct question {
    const void *body;
    size_t size;
    bool json;        /* the body is pixels_json.h's, or numbers_json.h's if the model takes numbers, */
    bool table;       /* ... or rows of numbers, which table_answer.h answers, else PNG, JPEG, PGM or PPM */
    bool raw;         /* as with nnrun predict --raw */
    bool all;         /* as with nnrun predict --all */
    int32_t header;   /* of a table: enum nnrun_header, what its first row is */
    bool tell_input;  /* the answer has what the network gets, */
    bool tell_layers; /* ... and what each layer gives */
    uint64_t cost;    /* as question_cost.h tells it */
    bool large;       /* it costs much */
    uint64_t most_pixels; /* what it was weighed with; a decoder that finds more refuses it */
    void (*done)(struct question *question); /* [worker]; it may be gone when this returns */

    uint8_t *sample; /* [samples][info->inputs], what the network gets; the asker's memory */
    float *numbers;  /* the same of a model of numbers, in its place */
    size_t samples;  /* one, unless all: then one per digit, of which at least one is there */
    bool empty;
    size_t digits; /* that were seen in it */
    bool many;     /* there were more than are told apart */
    int status;
    char *answer; /* JSON, to be freed; NULL: no memory, or unasked */

    struct question *next;
};

/* Sets sample, which has room for NNRUN_MOST_DIGITS if all, from the body. Returns 0, or -1 with status and answer set. */
int question_prepare(struct question *question, const nnrun_model *model);

/* Sets status and answer from outputs[samples][info->outputs]. The context was asked about this question first of all if it tells layers. */
void question_answer(struct question *question, const nnrun_model *model, const float *outputs,
                     const nnrun_context *context);

/* The text of all answers: takes the object over. NULL when out of memory, or of NULL. */
char *question_json_text(json_t *object);
char *question_error_json(const char *reason); /* {"error": "..."} */
#endif
