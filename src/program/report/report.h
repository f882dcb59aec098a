/* report.h: a page about a run, or about several: one HTML file that fetches nothing and runs no script. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/run_record.h"

enum { REPORT_MISTAKES = 50 }; /* shown, at most */

struct report_spec {
    const char *const *runs; /* run folders; of one the page tells all, several it compares */
    size_t count;
    const char *path; /* of the page; NULL: RUN/report.html */
    const struct model_options *options;
    /* Of one run: what its weights do on the test set, count 0: nothing is known. NULL: that is found out
     * here. */
    const struct evaluation *test;
    bool (*progress)(void *arg, uint64_t done, uint64_t all); /* of that: whether to stop; may be NULL */
    void *progress_arg;
    /* An error as the page says it, in fresh memory. */
    char *(*words)(const struct error *error);
};

struct report_row { /* of a run */
    char *run, *name;
    const char *checkpoint; /* "best" or "last": the weights tested */
    uint64_t epoch;         /* theirs */
    uint64_t count, right;  /* count 0: not tested */
    double loss;
    double balanced_accuracy, area; /* NaN: there is none; of several labels the mean area, */
    double *areas;                  /* ... and that of each */
    size_t area_count;
};

struct report_result {
    char *path; /* of the page written */
    struct report_row *rows;
    size_t count;
};

/* Reads the runs, which may be going on, and writes the page beside its name before it takes its place. If
 * the test set cannot be read the page says why and shows the rest. Returns 0, or -1 after setting error:
 * ERROR_DATA if one is no run or damaged. report_finish in either case. */
int report_write(const struct report_spec *spec, struct report_result *result, struct error *error);
void report_finish(struct report_result *result);
#endif
