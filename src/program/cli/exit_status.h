/* exit_status.h: how the program ends; nnrun(1) has the list. */
#ifndef CLI_EXIT_STATUS_H
#define CLI_EXIT_STATUS_H

#include "base/error.h"

enum exit_status {
    STATUS_OK = 0,
    STATUS_FAILED = 1, /* failed while running */
    STATUS_USAGE = 2,
    STATUS_CONFIG = 3, /* decidable from config and plugins alone */
    STATUS_DATA = 4,   /* needs a data file's or checkpoint's bytes */
    STATUS_INTERRUPTED = 130
};

/* The status that the program ends with after such an error. [any thread] */
enum exit_status exit_status(const struct error *error);
#endif
