/* test_tables.h: what an evaluation found, for people: on stdout. */
#ifndef CLI_TEST_TABLES_H
#define CLI_TEST_TABLES_H

#include <nnrun/nnrun.h>

enum { TEST_TABLES_MISTAKES = 10 /* printed, at most */, TEST_TABLES_LOSS = 32 };

/* "0.0270", "NaN", "infinite". Returns a text, which may be in `text`. */
const char *test_tables_loss(char text[TEST_TABLES_LOSS], double loss);

/* "99.24 % right (9924 of 10000), 95 % interval 99.05 to 99.39 %, loss 0.0270", no newline. */
void test_tables_summary(const nnrun_evaluation *result);

/* Balanced accuracy and areas under ROC curves, where there are any. Of one with classes, which are called by the model's names: their figures, the confusion matrix in as many parts as the terminal's width takes,
 * and the mistakes it was surest of. */
void test_tables_print(const nnrun_model *model, const nnrun_evaluation *result);
#endif
