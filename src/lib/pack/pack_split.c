/* pack_split.c: see pack_split.h. */
#include "pack/pack_split.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

static const double usual_test = 0.2;

/* A split under way. */
struct making {
    const struct split_spec *spec;
    const struct spool *spool;
    uint8_t *part;        /* [spool->count] */
    enum pack_part from;  /* what is drawn from */
    double fraction;      /* of it; 0: nothing is drawn */
    uint32_t *candidates; /* [spool->count] samples, and their permutation */
    uint32_t *order;
    size_t drawn;
};

static size_t class_of(const struct making *making, size_t i)
{
    const struct split_spec *spec = making->spec;

    return spec->class_of ? spec->class_of[making->spool->samples[i].class] : 0;
}

/* Samples of a class in the order of the source, of which the first of a permutation go. */
static void draw_class(struct making *making, size_t class)
{
    const struct random_key key = random_key(making->spec->options->seed, RANDOM_PACK, "test");
    size_t count = 0, test;

    for (size_t i = 0; i < making->spool->count; i++)
        if (making->part[i] == making->from && class_of(making, i) == class)
            making->candidates[count++] = (uint32_t)i;
    if (count < 2)
        return;
    test = (size_t)(making->fraction * (double)count + 0.5);
    test = test >= count ? count - 1 : test;
    test = test == 0 && making->fraction > 0 ? 1 : test;
    random_permutation(key, (uint32_t) class, 0, making->order, (uint32_t)count);
    for (size_t i = 0; i < test; i++)
        making->part[making->candidates[making->order[i]]] = PACK_TEST;
    making->drawn += test;
}

static int choose_source(struct making *making, struct error *error)
{
    const struct pack_options *options = making->spec->options;
    size_t count[PACK_PARTS + 1] = {0};

    for (size_t i = 0; i < making->spool->count; i++)
        count[making->part[i]]++;
    if (options->test > 0 && count[PACK_TEST] > 0)
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.advice = ADVICE_PACK_TEST},
                            "the source has %zu test samples of its own: others cannot be drawn",
                            count[PACK_TEST]);
    making->from = count[PACK_UNSPLIT] > 0 ? PACK_UNSPLIT : PACK_TRAIN;
    if (count[PACK_TEST] == 0)
        making->fraction = options->test >= 0 ? options->test : making->from == PACK_UNSPLIT ? usual_test : 0;
    return 0;
}

static void assign(struct making *making)
{
    const enum pack_part rest = making->spec->labelled ? PACK_TRAIN : PACK_TEST;

    if (making->spec->labelled && making->fraction > 0)
        for (size_t class = 0; class < making->spec->classes; class ++)
            draw_class(making, class);
    for (size_t i = 0; i < making->spool->count; i++)
        if (making->part[i] == PACK_UNSPLIT)
            making->part[i] = (uint8_t)rest;
}

static int collect(struct split *split, const struct making *making, enum pack_part part, struct error *error)
{
    size_t count = 0;

    for (size_t i = 0; i < making->spool->count; i++)
        count += making->part[i] == part;
    split->samples[part] = malloc((count ? count : 1) * sizeof **split->samples);
    if (!split->samples[part])
        return error_memory(error);
    for (size_t i = 0; i < making->spool->count; i++)
        if (making->part[i] == part)
            split->samples[part][split->count[part]++] = (uint32_t)i;
    return 0;
}

static void shuffle(struct split *split, const struct making *making, enum pack_part part)
{
    const struct random_key key = random_key(making->spec->options->seed, RANDOM_PACK, "order");
    const size_t count = split->count[part];

    random_permutation(key, (uint32_t)part, 0, making->order, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        making->candidates[i] = split->samples[part][making->order[i]];
    for (size_t i = 0; i < count; i++)
        split->samples[part][i] = making->candidates[i];
}

static int make(struct split *split, struct making *making, struct error *error)
{
    for (size_t i = 0; i < making->spool->count; i++)
        making->part[i] = making->spool->samples[i].part;
    if (choose_source(making, error) != 0)
        return -1;
    assign(making);
    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
        if (collect(split, making, part, error) != 0)
            return -1;
    split->drawn = making->drawn;
    split->tried = making->fraction > 0;
    if (making->spec->labelled)
        shuffle(split, making, PACK_TRAIN);
    if (making->drawn > 0)
        shuffle(split, making, PACK_TEST);
    return 0;
}

int split_make(struct split *split, const struct split_spec *spec, const struct spool *spool,
               struct error *error)
{
    const size_t room = spool->count ? spool->count : 1;
    struct making making = {.spec = spec,
                            .spool = spool,
                            .part = malloc(room),
                            .candidates = malloc(room * sizeof(uint32_t)),
                            .order = malloc(room * sizeof(uint32_t))};
    int failed = -1;

    *split = (struct split){0};
    if (making.part && making.candidates && making.order)
        failed = make(split, &making, error);
    else
        error_memory(error);
    free(making.part);
    free(making.candidates);
    free(making.order);
    return failed;
}

void split_finish(struct split *split)
{
    for (size_t i = 0; i < PACK_PARTS; i++)
        free(split->samples[i]);
    *split = (struct split){0};
}
