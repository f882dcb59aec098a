/* terminal.h: how a run looks: a line an epoch, and on a terminal a bar below them. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

#include "train/trainer.h"

struct terminal {
    bool quiet, json;
    bool bar;    /* stderr is a terminal that can redraw a line */
    bool drawn;  /* a bar stands on the last line */
    double last; /* when it was drawn */
    double epoch_began;
    uint64_t epoch, done_at_begin;
};

void terminal_init(struct terminal *terminal, bool quiet, bool json);

/* A listener that draws; `arg` is the terminal. */
struct trainer_listener terminal_listener(struct terminal *terminal);

/* Takes the bar away before something else is printed. */
void terminal_clear(struct terminal *terminal);
#endif
