/* table_answer.h: a question whose body is a table: rows of numbers, each answered. [worker] */
#ifndef SERVE_TABLE_ANSWER_H
#define SERVE_TABLE_ANSWER_H

#include "serve/question.h"

/* Asks the context about the rows, LIMIT_ROWS at most, and sets status and answer: {"answers": [...]}, an event
 * "predict" for each, with "warnings" if the first row may have been a sample, or values are on another scale. Often asks whether to give up: then status is QUESTION_UNASKED. */
void table_answer(struct question *question, const nnrun_model *model, nnrun_context *context,
                  bool (*give_up)(void *arg), void *arg);
#endif
