/* bar.h: how far a long job is: one line on stderr, redrawn, if that is a terminal that can. */
#ifndef CLI_BAR_H
#define CLI_BAR_H

#include <stdint.h>

#include "cli/screen.h"

struct bar {
    struct screen screen;
    bool on;
    bool drawn;   /* stands on the last line */
    double last;  /* when it was drawn, or the job began */
    double began; /* the part of the job that is shown, */
    uint64_t done_at_begin, all;
    char label[64]; /* which has this name */
};

/* `wanted`: neither -q nor --json. Nothing is drawn before a tenth of a second has passed. */
void bar_init(struct bar *bar, bool wanted);

/* True if it is time to draw; begins another part of the job where label or all change. */
bool bar_due(struct bar *bar, const char *label, uint64_t done, uint64_t all);

/* Seconds a unit of what is done took so far; 0: not known. */
double bar_pace(const struct bar *bar, uint64_t done);

/* "LABEL [====>   ]  45 %  ...  3 s left", the parts of the line between the last two, in ranks above 2, may
 * be NULL; `left` seconds, below 0: not known. */
void bar_draw(struct bar *bar, const char *label, double part, const struct line *figures, double left);

/* All of it for a job without figures, after each unit. */
void bar_step(struct bar *bar, const char *label, uint64_t done, uint64_t all);

/* Before a unit that may take long, has a label of its own, and after which a line is printed: drawn at once.
 */
void bar_begin(struct bar *bar, const char *label, uint64_t done, uint64_t all);

/* Takes it away before something else is printed. */
void bar_clear(struct bar *bar);
#endif
