/* plan_type.h: what a sweep consists of, see plan.h. */
#ifndef SWEEP_PLAN_TYPE_H
#define SWEEP_PLAN_TYPE_H

#include "sweep/axis.h"
#include "sweep/identity.h"

enum { PLAN_MOST_COMBINATIONS = 10000, PLAN_MOST_RUNS = 100000 };

struct plan_combination {
    char **values;    /* [axes]: one of each axis */
    char **overrides; /* [words]: what the config is given */
    char *label;      /* "rate=0.1 units=32"; "" without axes */
    int32_t epochs;   /* that it trains, at most */
    char *refused;    /* why it cannot be trained; NULL: it can */
    struct sha256 sum;
};

struct plan_run {
    size_t combination;
    int32_t seed;
    char name[IDENTITY_NAME]; /* of its folder, "" of a combination that is refused */
};

struct plan {
    char *name;               /* the config's */
    char *folder;             /* where its runs would go without -o, "runs/NAME" */
    const char *const *words; /* the spec's */
    size_t word_count;
    struct axis *axes;
    char **axis_names; /* as short as tells them apart */
    size_t axis_count;
    size_t *axis_words; /* [words]: the axis that a word is; SIZE_MAX: an override */
    int32_t *seeds;
    size_t seed_count;
    struct plan_combination *combinations;
    size_t combination_count;
    struct plan_run *runs; /* by combination, then by seed */
    size_t run_count;
};
#endif
