/* question_cost.c: see question_cost.h. */
#include "serve/question_cost.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "serve/limits.h"
#include "serve/picture_header.h"

enum {
    SMALL = 1 << 16,    /* a picture of 256 x 256 */
    SMALL_INPUTS = 4,   /* or so many times the network's input */
    COST_ANY = 1 << 10, /* of any question: its share of a pass through the network, and its answer */
    COST_ALL = NNRUN_MOST_DIGITS * COST_ANY, /* of one about each digit */
    COST_JSON = 2,                           /* of a byte of JSON, or of a table */
    COST_PREPARE = 4, /* of telling ink from paper, for a pixel of one channel; a large picture is first */
    MOST_PREPARED = 1 << 18, /* ... averaged down to 512 x 512 */
    COST_INPUT = 4,          /* of a byte of the answer's input */
    COST_VALUE = 16,         /* of a value of the answer's layers */
    LAYER_NAMES = 16,        /* what a layer's name, type and shape count as, in values */
    ANSWER_ANY = 4096,       /* bytes of any answer */
    ANSWER_INPUT = 4,        /* ... for each value of the input */
    ANSWER_VALUE = 24,       /* ... and of a layer */
    ANSWER_ROW = 1024,       /* ... and for a row of a table, */
    NAMES = 6,               /* ... with so many names of classes: */
    ANSWER_NAME = 16,        /* ... the key of one, */
    ESCAPED = 3,             /* ... and for each of its bytes */
    INFLATED = 1032          /* bytes that one of gzip stands for, at most */
};

static size_t longest_name(const nnrun_model *model)
{
    size_t longest = 0;

    for (size_t i = 0; i < nnrun_class_names(model); i++) {
        const size_t length = strlen(nnrun_class_name(model, i));
        longest = length > longest ? length : longest;
    }
    return longest;
}

struct question_limits question_limits(const nnrun_model *model)
{
    const nnrun_info *info = nnrun_describe(model);
    struct question_limits limits = {
        .pixels = LIMIT_PIXELS,
        .small = SMALL,
        .input_values = info->inputs,
        .numbers = info->numbers != 0,
        .row_bytes = ANSWER_ROW + NAMES * (ANSWER_NAME + ESCAPED * longest_name(model)),
        .prepare = info->channels == 1 && info->prepare == NNRUN_PREPARE_DIGIT ? COST_PREPARE : 0};
    const uint64_t pixels = LIMIT_INPUTS * (uint64_t)info->height * info->width;

    if (pixels > limits.pixels)
        limits.pixels = pixels < LIMIT_MOST_PIXELS ? pixels : LIMIT_MOST_PIXELS;
    if (SMALL_INPUTS * limits.input_values > limits.small)
        limits.small = SMALL_INPUTS * limits.input_values;
    for (size_t i = 0; i < info->layers; i++)
        limits.layer_values += nnrun_describe_layer(model, i)->values + LAYER_NAMES;
    return limits;
}

static int refuse(struct question *question, const struct picture_header *header, uint64_t most)
{
    char reason[128];

    snprintf(reason, sizeof reason,
             "the picture of %" PRIu64 "x%" PRIu64 " pixels is too large: expected at most %" PRIu64
             " pixels",
             header->width, header->height, most);
    question->status = QUESTION_TOO_LARGE;
    question->answer = question_error_json(reason);
    return -1;
}

static uint64_t picture_cost(const struct picture_header *header, const struct question_limits *limits)
{
    const uint64_t pixels = header->width * header->height;
    const uint64_t prepared = pixels < MOST_PREPARED ? pixels : MOST_PREPARED;

    return (header->interlaced ? 2 * pixels : pixels) + limits->prepare * prepared;
}

static size_t most_samples(const struct question *question)
{
    return question->all ? NNRUN_MOST_DIGITS : 1;
}

uint64_t question_table_bytes(size_t inputs)
{
    const uint64_t numbers = ((uint64_t)LIMIT_ROWS + 1) * LIMIT_NUMBER_BYTES;

    return inputs < LIMIT_TABLE_BYTES / numbers ? numbers * (inputs + 1) : LIMIT_TABLE_BYTES;
}

/* What is read of a body that is JSON or a table, inflated. */
static uint64_t text_bytes(const struct question *question, const struct question_limits *limits)
{
    const uint64_t most = question_table_bytes(limits->input_values),
                   bytes = INFLATED * (uint64_t)question->size;

    if (!question->table || question->size < 2 || memcmp(question->body, "\x1f\x8b", 2) != 0)
        return question->size;
    return bytes < most ? bytes : most;
}

/* Of a table, by its bytes: a value takes two at least. */
static uint64_t most_rows(const struct question *question, const struct question_limits *limits)
{
    const uint64_t rows = text_bytes(question, limits) / (2 * limits->input_values) + 1;

    if (!question->table)
        return 0;
    return rows < LIMIT_ROWS ? rows : LIMIT_ROWS;
}

int question_weigh(struct question *question, const struct question_limits *limits)
{
    struct picture_header header;
    uint64_t pixels, cost = COST_ANY;

    question->most_pixels = 1;
    if (question->json || question->table) {
        cost += COST_JSON * text_bytes(question, limits) + COST_ANY * most_rows(question, limits);
    } else if (picture_header_read(&header, question->body, question->size)) {
        pixels = header.width * header.height; /* each below 2^32 */
        if (pixels > limits->pixels)
            return refuse(question, &header, limits->pixels);
        question->most_pixels = pixels > 0 ? pixels : 1;
        cost += question->size + picture_cost(&header, limits);
    } else {
        cost += question->size;
    }
    cost += question->all ? COST_ALL : 0;
    cost += question->tell_input ? COST_INPUT * limits->input_values * most_samples(question) : 0;
    cost += question->tell_layers ? COST_VALUE * limits->layer_values : 0;
    question->cost = cost;
    question->large = question->all || cost > limits->small; /* for it is asked alone */
    return 0;
}

size_t question_answer_bytes(const struct question *question, const struct question_limits *limits)
{
    const uint64_t of_input = limits->numbers ? ANSWER_VALUE : ANSWER_INPUT;

    return (ANSWER_ANY + (question->tell_input ? of_input * limits->input_values : 0)) *
               most_samples(question) +
           (question->tell_layers ? ANSWER_VALUE * limits->layer_values : 0) +
           limits->row_bytes * most_rows(question, limits);
}
