/* summary.c: see summary.h. */
#include "sweep/summary.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct measures {
    const struct plan *plan;
    double *measured, *test; /* [runs]: NaN where there is none */
};

static int measure(struct measures *measures, struct summary *summary, const struct plan *plan,
                   const struct outcome *outcomes, struct error *error)
{
    summary->by_test = true;
    measures->plan = plan;
    measures->measured = memory_array(plan->run_count, sizeof *measures->measured);
    measures->test = memory_array(plan->run_count, sizeof *measures->test);
    if (!measures->measured || !measures->test)
        return error_memory(error);
    for (size_t i = 0; i < plan->run_count; i++) {
        const bool done = outcomes[i].state == OUTCOME_DONE;
        measures->measured[i] = done ? outcomes[i].best : (double)NAN;
        measures->test[i] = done ? outcome_test(&outcomes[i]) : (double)NAN;
        summary->by_test = summary->by_test && isnan(measures->measured[i]);
    }
    for (size_t i = 0; summary->by_test && i < plan->run_count; i++)
        measures->measured[i] = measures->test[i];
    return 0;
}

/* Better means first, then as they were given. */
static int by_mean(const void *a, const void *b)
{
    const struct summary_row *x = a, *y = b;

    if (x->measured.mean > y->measured.mean || x->measured.mean < y->measured.mean)
        return x->measured.mean > y->measured.mean ? -1 : 1;
    return (x->combination > y->combination) - (x->combination < y->combination);
}

/* Row i against the first, by what the same seeds make of both. */
static void compare(struct summary_row *row, const struct summary_row *first, const struct measures *measures,
                    double *differences)
{
    const size_t seeds = measures->plan->seed_count;

    for (size_t k = 0; k < seeds; k++) {
        differences[k] = measures->measured[first->combination * seeds + k] -
                         measures->measured[row->combination * seeds + k];
        row->common += isfinite(differences[k]) ? 1 : 0;
    }
    row->p = row->common < 2 ? (double)NAN : run_paired_p(differences, seeds);
}

static int compare_all(struct summary *summary, const struct measures *measures, struct error *error)
{
    double *differences = memory_array(measures->plan->seed_count, sizeof *differences);
    double *p = memory_array(summary->count, sizeof *p);
    size_t unsaid = 0;

    if (!differences || !p) {
        free(differences);
        free(p);
        return error_memory(error);
    }
    for (size_t i = 1; i < summary->count; i++) {
        compare(&summary->rows[i], &summary->rows[0], measures, differences);
        p[i - 1] = summary->rows[i].p;
        unsaid += isnan(p[i - 1]) ? 1 : 0;
    }
    run_holm(p, summary->count - 1);
    summary->level = 1;
    for (size_t i = 1; i < summary->count; i++) {
        summary->rows[i].p = p[i - 1];
        summary->level += p[i - 1] < SUMMARY_LEVEL ? 0 : 1;
    }
    summary->verdict = summary->level == 1            ? SUMMARY_BEST
                       : unsaid + 1 == summary->count ? SUMMARY_ONE_SEED
                                                      : SUMMARY_UNSURE;
    free(differences);
    free(p);
    return 0;
}

static int make_rows(struct summary *summary, const struct measures *measures, struct error *error)
{
    const struct plan *plan = measures->plan;
    const size_t seeds = plan->seed_count;

    summary->rows = memory_array(plan->combination_count, sizeof *summary->rows);
    if (!summary->rows)
        return error_memory(error);
    for (size_t i = 0; i < plan->combination_count; i++) {
        const struct summary_row row = {.combination = i,
                                        .measured = run_statistics(measures->measured + i * seeds, seeds),
                                        .test = run_statistics(measures->test + i * seeds, seeds),
                                        .p = (double)NAN};
        if (row.measured.count > 0)
            summary->rows[summary->count++] = row;
    }
    if (summary->count > 0)
        qsort(summary->rows, summary->count, sizeof *summary->rows, by_mean);
    return 0;
}

int summary_make(struct summary *summary, const struct plan *plan, const struct outcome *outcomes,
                 struct error *error)
{
    struct measures measures = {0};
    int result;

    *summary = (struct summary){.verdict = SUMMARY_NOTHING};
    result = measure(&measures, summary, plan, outcomes, error);
    if (result == 0)
        result = make_rows(summary, &measures, error);
    summary->level = summary->count > 0;
    if (result == 0 && summary->count == 1)
        summary->verdict = SUMMARY_ALONE;
    else if (result == 0 && summary->count > 1)
        result = compare_all(summary, &measures, error);
    free(measures.measured);
    free(measures.test);
    return result;
}

void summary_finish(struct summary *summary)
{
    free(summary->rows);
    *summary = (struct summary){0};
}
