/* look.c: see look.h. */
#include "pack/look.h"

#include <stdlib.h>

#include "base/memory.h"

enum { LEAST_VALUES = 16 /* of a row of numbers: of fewer, equal ones are no wonder */ };

/* Samples sorted so that equal ones stand together, in their order. */
struct equal {
    uint64_t hash;
    uint32_t sample;
};

static int by_hash(const void *a, const void *b)
{
    const struct equal *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->sample < y->sample ? -1 : x->sample > y->sample;
}

static struct equal *sort_samples(const struct spool *spool, size_t *count, struct error *error)
{
    struct equal *sorted = malloc((spool->count ? spool->count : 1) * sizeof *sorted);

    *count = 0;
    if (!sorted) {
        error_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < spool->count; i++)
        if (spool->samples[i].part != SPOOL_DROPPED)
            sorted[(*count)++] = (struct equal){spool->samples[i].hash, (uint32_t)i};
    qsort(sorted, *count, sizeof *sorted, by_hash);
    return sorted;
}

static size_t end_of_group(const struct equal *sorted, size_t count, size_t begin)
{
    size_t end = begin + 1;

    while (end < count && sorted[end].hash == sorted[begin].hash)
        end++;
    return end;
}

/* ---- dropping ----------------------------------------------------------------------------------------- */

static int rank(enum pack_part part)
{
    return part == PACK_TEST ? 2 : part == PACK_VALIDATION ? 1 : 0;
}

int look_drop_equal(const struct look *look, struct error *error)
{
    struct spool_sample *samples = look->spool->samples;
    size_t count, dropped = 0;
    struct equal *sorted = sort_samples(look->spool, &count, error);

    if (!sorted)
        return -1;
    for (size_t begin = 0, end; begin < count; begin = end) {
        uint32_t kept = sorted[begin].sample;
        end = end_of_group(sorted, count, begin);
        for (size_t i = begin + 1; i < end; i++)
            if (rank(samples[sorted[i].sample].part) > rank(samples[kept].part))
                kept = sorted[i].sample;
        for (size_t i = begin; i < end; i++)
            if (sorted[i].sample != kept) {
                samples[sorted[i].sample].part = SPOOL_DROPPED;
                dropped++;
            }
    }
    free(sorted);
    return dropped == 0
               ? 0
               : remark_add(look->remarks, "equal_left_out", NULL, dropped, error, "%zu sample%s left out",
                            dropped,
                            dropped == 1 ? " that is equal to another is" : "s that are equal to others are");
}

int look_drop_constant(const struct look *look, struct error *error)
{
    size_t dropped = 0;

    for (size_t i = 0; i < look->spool->count; i++) {
        struct spool_sample *sample = &look->spool->samples[i];
        if (sample->constant && sample->part != SPOOL_DROPPED) {
            sample->part = SPOOL_DROPPED;
            dropped++;
        }
    }
    return dropped == 0 ? 0
                        : remark_add(look->remarks, "constant_left_out", NULL, dropped, error,
                                     "%zu sample%s left out", dropped,
                                     dropped == 1 ? " with the same value everywhere is"
                                                  : "s with the same value everywhere are");
}

/* ---- samples ------------------------------------------------------------------------------------------ */

static int look_at_constant(const struct look *look, struct error *error)
{
    const bool is_wonder = look->spool->kind == PACK_BYTES || look->spool->values >= LEAST_VALUES;
    char place[SPOOL_PLACE];
    size_t count = 0, first = 0;

    for (size_t i = 0; is_wonder && i < look->spool->count; i++) {
        const struct spool_sample *sample = &look->spool->samples[i];
        if (sample->constant && sample->part != SPOOL_DROPPED && count++ == 0)
            first = i;
    }
    if (count == 0)
        return 0;
    if (spool_place(look->spool, first, place, error) != 0)
        return -1;
    return remark_add(look->remarks, "constant", "skip-constant to leave them out", count, error,
                      "%zu sample%s the same value everywhere, such as %s", count,
                      count == 1 ? " has" : "s have", place);
}

/* Equal samples of two kinds: how many of the second there are, and the first pair. */
struct pair {
    size_t count;
    uint32_t a, b;
};

static void pair_note(struct pair *pair, uint32_t a, uint32_t b)
{
    if (pair->count++ > 0)
        return;
    pair->a = a;
    pair->b = b;
}

struct pairs {
    struct pair test, validation, classes;
};

/* Of a group of equal samples. */
static void look_at_group(const struct look *look, const uint8_t *part, const struct equal *group,
                          size_t count, struct pairs *pairs)
{
    const struct spool_sample *samples = look->spool->samples;
    size_t train = count;

    for (size_t i = 0; i < count && train == count; i++)
        if (part[group[i].sample] == PACK_TRAIN)
            train = i;
    for (size_t i = 0; i < count; i++) {
        const uint32_t sample = group[i].sample;
        if (train < count && part[sample] == PACK_TEST)
            pair_note(&pairs->test, sample, group[train].sample);
        if (train < count && part[sample] == PACK_VALIDATION)
            pair_note(&pairs->validation, sample, group[train].sample);
        if (look->classes && samples[sample].class != samples[group[0].sample].class)
            pair_note(&pairs->classes, sample, group[0].sample);
    }
}

static int tell_pair(const struct look *look, const struct pair *pair, const char *kind, const char *option,
                     const char *what, struct error *error)
{
    char a[SPOOL_PLACE], b[SPOOL_PLACE];

    if (pair->count == 0)
        return 0;
    if (spool_place(look->spool, pair->a, a, error) != 0 || spool_place(look->spool, pair->b, b, error) != 0)
        return -1;
    return remark_add(look->remarks, kind, option, pair->count, error, "%zu %s%s: %s is equal to %s",
                      pair->count, what, pair->count == 1 ? "" : ", for example", a, b);
}

static int tell_pairs(const struct look *look, const struct pairs *pairs, struct error *error)
{
    static const char unique[] = "unique to keep the first of each";

    if (tell_pair(look, &pairs->test, "same_in_test", unique,
                  pairs->test.count == 1 ? "test sample is a training sample, too"
                                         : "test samples are training samples, too",
                  error) != 0 ||
        tell_pair(look, &pairs->validation, "same_in_validation", unique,
                  pairs->validation.count == 1 ? "validation sample is a training sample, too"
                                               : "validation samples are training samples, too",
                  error) != 0)
        return -1;
    return tell_pair(look, &pairs->classes, "same_in_classes", unique,
                     pairs->classes.count == 1 ? "sample is in two classes" : "samples are in two classes",
                     error);
}

static int look_at_equal(const struct look *look, const struct split *split, struct error *error)
{
    struct pairs pairs = {.test = {.count = 0}};
    uint8_t *part = calloc(look->spool->count ? look->spool->count : 1, 1);
    size_t count;
    struct equal *sorted = part ? sort_samples(look->spool, &count, error) : NULL;
    int failed = -1;

    if (!part)
        error_memory(error);
    if (sorted) {
        for (enum pack_part p = PACK_TRAIN; p < PACK_PARTS; p++)
            for (size_t i = 0; i < split->count[p]; i++)
                part[split->samples[p][i]] = (uint8_t)p;
        for (size_t begin = 0, end; begin < count; begin = end) {
            end = end_of_group(sorted, count, begin);
            if (end - begin > 1)
                look_at_group(look, part, sorted + begin, end - begin, &pairs);
        }
        failed = tell_pairs(look, &pairs, error);
    }
    free(sorted);
    free(part);
    return failed;
}

int look_at_samples(const struct look *look, const struct split *split, struct error *error)
{
    return look_at_equal(look, split, error) != 0 ? -1 : look_at_constant(look, error);
}
