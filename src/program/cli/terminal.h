/* terminal.h: how a run looks: a line an epoch, on a terminal with its trend, and a bar below them. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

#include <nnrun/nnrun.h>

#include "cli/bar.h"
#include "cli/screen.h"

struct terminal {
    bool quiet, json;
    bool failed;       /* memory ran out for a line of JSON, which was said */
    struct screen out; /* stdout: what is no terminal gets lines of one form, for other programs to read */
    struct bar bar;
    double pace; /* seconds a sample, as last known */
};

void terminal_init(struct terminal *terminal, bool quiet, bool json);

/* Shows an event of a training. */
void terminal_event(struct terminal *terminal, const nnrun_event *event);

/* Takes the bar away before something else is printed. */
void terminal_clear(struct terminal *terminal);
#endif
