/* test_progress.h: on a terminal, how far an evaluation is. */
#ifndef CLI_TEST_PROGRESS_H
#define CLI_TEST_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct test_progress {
    bool shown;  /* stderr is a terminal that can redraw a line */
    bool drawn;  /* something stands on the last line */
    double last; /* when it was drawn */
};

void test_progress_init(struct test_progress *progress, bool quiet);

/* For test_set_spec: `arg` is the test_progress. */
void test_progress_draw(void *arg, uint64_t done, uint64_t all);

/* Takes the line away before something else is printed. */
void test_progress_clear(struct test_progress *progress);
#endif
