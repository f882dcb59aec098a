/* table_answer.c: see table_answer.h. */
#include "serve/table_answer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "event/predict_event.h"
#include "serve/limits.h"
#include "serve/question_cost.h"

enum { AT_ONCE = 16 }; /* take as long as one */

struct table {
    const nnrun_model *model;
    const nnrun_info *info;
    nnrun_context *context;
    nnrun_rows *rows;
    float *samples; /* [AT_ONCE][info->inputs] */
    float *outputs; /* [AT_ONCE][info->outputs] */
    json_t *answers;
    size_t count; /* answers */
    bool (*give_up)(void *arg);
    void *arg;
};

static void set_error(struct question *question, enum nnrun_status code, const char *reason)
{
    question->status = code == NNRUN_ERROR_DATA ? QUESTION_BAD : QUESTION_FAILED;
    question->answer = question_error_json(reason);
}

/* Fills samples. Returns how many there are. */
static size_t read_some(struct table *table, nnrun_error *error)
{
    size_t count = 0;
    int32_t there = 1;

    while (count < AT_ONCE &&
           nnrun_rows_next(table->rows, table->samples + count * table->info->inputs, &there, error) == 0 &&
           there)
        count++;
    return count;
}

/* The event of a row; it has been transposed if the network's samples were. */
static json_t *row_json(const struct table *table, const float *outputs)
{
    json_t *event =
        predict_event(table->model, outputs, NULL, &table->count, false, (struct predict_digit){.number = 0});
    const int failed =
        event && table->info->transposed ? json_object_set_new(event, "transposed", json_true()) : 0;

    return json_whole(event, failed);
}

/* What was taken for granted of the rows. */
static json_t *warnings_json(const struct table *table)
{
    json_t *list = json_array();
    int failed = 0;

    if (nnrun_rows_header_counts(table->rows))
        failed |= json_array_append_new(
            list, json_string("the first row counts 0, 1, 2 and so on, and was taken as a header; send "
                              "/predict?header=0 to take it as a sample"));
    if (nnrun_rows_are_scaled(table->rows))
        failed |= json_array_append_new(
            list, json_string("all values are from 0 to 1, but the network takes pixels from 0 to 255; "
                              "multiply them by 255"));
    return json_whole(list, failed);
}

/* {"answers": [...]}, and what is to be known of them. */
static char *answers_text(const struct table *table)
{
    json_t *warnings = warnings_json(table), *object = json_pack("{s:O}", "answers", table->answers);
    int failed = !warnings || !object;

    if (!failed && json_array_size(warnings) > 0)
        failed = json_object_set(object, "warnings", warnings);
    json_decref(warnings);
    return question_json_text(json_whole(object, failed));
}

/* Returns 0, or -1: memory ran out, or an output is NaN or infinite. */
static int answer_some(struct table *table, size_t count, bool *silent)
{
    int failed = 0;

    nnrun_predict_floats(table->context, table->samples, count, table->outputs);
    for (size_t i = 0; i < count && !failed && !*silent; i++, table->count++) {
        const float *outputs = table->outputs + i * table->info->outputs;
        nnrun_best_class best;

        *silent = nnrun_best(table->model, outputs, &best, 1) == 0;
        if (!*silent)
            failed = json_array_append_new(table->answers, row_json(table, outputs));
    }
    return failed || *silent ? -1 : 0;
}

static void refuse_long(struct question *question, const char *more)
{
    char reason[512];

    snprintf(reason, sizeof reason, "the table is too long: expected at most %d rows%s%s", LIMIT_ROWS,
             *more ? "; " : "", more);
    set_error(question, NNRUN_ERROR_DATA, reason);
    question->status = QUESTION_TOO_LARGE;
}

static void answer_all(struct question *question, struct table *table, nnrun_error *error)
{
    size_t count;
    bool silent = false;

    do {
        if (table->give_up(table->arg)) {
            question->status = QUESTION_UNASKED;
            return;
        }
        count = read_some(table, error);
        if (error->code == NNRUN_ERROR_ARGUMENT) {
            refuse_long(question, error->text);
            return;
        }
        if (error->code != NNRUN_OK) {
            set_error(question, (enum nnrun_status)error->code, error->text);
            return;
        }
        if (table->count + count > LIMIT_ROWS) {
            refuse_long(question, "");
            return;
        }
        if (answer_some(table, count, &silent) != 0) {
            set_error(question, NNRUN_ERROR_FAILED,
                      silent ? "no answer: the network's output is not a finite number" : "out of memory");
            return;
        }
    } while (count == AT_ONCE);
    if (table->count == 0) {
        set_error(question, NNRUN_ERROR_DATA, "the table has no row of numbers");
        return;
    }
    question->answer = answers_text(table);
    question->status = question->answer ? QUESTION_ANSWERED : QUESTION_FAILED;
}

void table_answer(struct question *question, const nnrun_model *model, nnrun_context *context,
                  bool (*give_up)(void *arg), void *arg)
{
    struct table table = {
        .model = model, .info = nnrun_describe(model), .context = context, .give_up = give_up, .arg = arg};
    nnrun_error error = NNRUN_ERROR_INIT;
    size_t samples, outputs;

    if (size_multiply(AT_ONCE, table.info->inputs, &samples) &&
        size_multiply(AT_ONCE, table.info->outputs, &outputs)) {
        table.samples = memory_array(samples, sizeof *table.samples);
        table.outputs = memory_array(outputs, sizeof *table.outputs);
        table.answers = json_array();
    }
    if (!table.samples || !table.outputs || !table.answers)
        set_error(question, NNRUN_ERROR_MEMORY, "out of memory");
    else if (!(table.rows = nnrun_rows_open_bytes(model, question->body, question->size, "body", &error)))
        set_error(question, (enum nnrun_status)error.code, error.text);
    if (table.rows) {
        nnrun_rows_set_header(table.rows, question->header);
        nnrun_rows_limit(table.rows, question_table_bytes(table.info->inputs), LIMIT_LINES);
        answer_all(question, &table, &error);
    }
    nnrun_rows_close(table.rows);
    nnrun_error_clear(&error);
    json_decref(table.answers);
    free(table.samples);
    free(table.outputs);
}
