/* plan.h: the runs of a sweep: every combination of values with every seed. One thread at a time. */
#ifndef SWEEP_PLAN_H
#define SWEEP_PLAN_H

#include "sweep/plan_type.h"

struct plan_spec {
    const char *config;       /* its path */
    const char *const *words; /* [word_count]: KEY=VALUE or KEY=VALUES, as they were given */
    size_t word_count;
    const char *seeds;                   /* NULL: the config's own */
    size_t draws;                        /* combinations that are drawn; 0: all there are */
    const struct model_options *options; /* but for their overrides */
    void (*warn)(
        const char *text);   /* of groups that words of the first combination replace; NULL: nobody is told */
    bool (*stop)(void *arg); /* whether to stop before the plan is made; may be NULL */
    void *arg;
};

/* Checks every combination as training would, and reads the data for the names of the runs. A combination that cannot be
 * trained is refused by itself, unless there is no other. Returns 0; 1: it was to stop; or -1 after setting error; finish it
 * in any case. */
int plan_make(struct plan *plan, const struct plan_spec *spec, struct error *error);
void plan_finish(struct plan *plan);
#endif
