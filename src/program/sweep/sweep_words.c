/* sweep_words.c: see sweep_words.h. */
#include "sweep/sweep_words.h"

#include <math.h>

#include "base/memory.h"

const char *sweep_words_label(const struct plan *plan, size_t combination)
{
    return plan->axis_count > 0 ? plan->combinations[combination].label : plan->name;
}

const char *sweep_words_measure(const struct summary *summary)
{
    return summary->by_test ? "test accuracy" : "validation accuracy";
}

/* The largest p of those that are compared with the best. */
static double largest_p(const struct summary *summary)
{
    double largest = 0;

    for (size_t i = 1; i < summary->count; i++)
        largest = summary->rows[i].p > largest ? summary->rows[i].p : largest;
    return largest;
}

/* Seeds that the first and the second have in common. */
static char *unsure_words(const struct summary *summary)
{
    const size_t seeds = summary->rows[1].common, others = summary->level - 1;

    return memory_format(
        "no combination is surely best: %zu %s not surely worse than the first, by paired t-tests over "
        "%zu seeds (Holm, p < 0.05); more seeds may tell",
        others, others == 1 ? "other is" : "others are", seeds);
}

char *sweep_words_verdict(const struct summary *summary, const struct plan *plan)
{
    switch (summary->verdict) {
    case SUMMARY_NOTHING:
        return memory_string("no run has an accuracy yet");
    case SUMMARY_ALONE:
        return memory_string(plan->combination_count > 1 ? "only one combination has finished runs"
                                                         : "one combination: there is nothing to compare");
    case SUMMARY_BEST:
        return memory_format(
            "%s is best: better than each other one by paired t-tests over %zu seeds (Holm, p %s %.2g)",
            sweep_words_label(plan, summary->rows[0].combination), summary->rows[1].common,
            largest_p(summary) < 0.0001 ? "<" : "<=",
            largest_p(summary) < 0.0001 ? 0.0001 : largest_p(summary));
    case SUMMARY_ONE_SEED:
        return memory_string(
            "no combination is surely best: one seed is too few to tell; --seeds 1-5 trains five");
    case SUMMARY_UNSURE:
        break;
    }
    return unsure_words(summary);
}
