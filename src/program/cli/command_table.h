/* command_table.h: what the command line, --help and completion know of a command: a row of main.c's table. */
#ifndef CLI_COMMAND_TABLE_H
#define CLI_COMMAND_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct options;
struct nnrun_training;

struct command {
    const char *name;
    const char *
        arguments; /* of CONFIG, RUN, CHECKPOINT, TYPE, COMMAND, ./FILE.so, with | and []; completed by these */
    bool overrides;       /* KEY=VALUE may follow */
    size_t most_subjects; /* 0: one; of more, none is an override unless they may follow */
    unsigned takes;       /* its options, of enum takes */
    bool helps;           /* it has no function: its argument is a command, whose help it is */
    bool takes_signals;   /* it begins signals.h's: until then they wait */
    const char *does;     /* for --help: name, arguments and this fit 80 columns */
    const char *about;    /* for its own --help: lines of at most 80 columns */
    const char *examples; /* a command a line; tests/manual.sh runs them */
    int (*run)(const struct options *options); /* returns the exit status */
    /* Writes the page about a run that is trained; NULL: there are no pages. */
    void (*write_page)(const struct options *options, const struct nnrun_training *training);
};
#endif
