/* areas.c: see areas.h. */
#include "train/areas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool are_few(size_t labels, size_t samples)
{
    size_t all;

    return labels > 0 && size_multiply(labels, samples, &all) && all <= AREAS_MOST;
}

/* qsort may take a copy of what it sorts: one label's. */
size_t areas_bytes(size_t labels, size_t samples)
{
    return are_few(labels, samples) ? (labels + 1) * samples * sizeof(uint64_t) : 0;
}

int areas_init(struct areas *areas, size_t labels, size_t samples, struct error *error)
{
    *areas = (struct areas){.mean = (double)NAN};
    if (!are_few(labels, samples))
        return 0;
    areas->room = samples;
    areas->area = memory_array(labels, sizeof *areas->area);
    areas->pairs = memory_array(labels, sizeof *areas->pairs);
    if (!areas->area || !areas->pairs)
        return error_memory(error);
    for (; areas->count < labels; areas->count++) {
        areas->pairs[areas->count] = memory_array(samples, sizeof **areas->pairs);
        if (!areas->pairs[areas->count])
            return error_memory(error);
    }
    return 0;
}

void areas_finish(struct areas *areas)
{
    memory_free_each((void **)areas->pairs, areas->count);
    free(areas->area);
    *areas = (struct areas){0};
}

/* Whole numbers in the order of the floats; 0 and -0 are equal. */
static uint32_t ordered(float output)
{
    const float value = output + 0.0f;
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

void areas_add(struct areas *areas, size_t label, float output, bool has)
{
    if (areas->samples < areas->room)
        areas->pairs[label][areas->samples] = (uint64_t)ordered(output) << 1 | has;
}

void areas_next(struct areas *areas)
{
    areas->samples += areas->samples < areas->room;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Whole numbers up to the end: pairs are at most 2^44, and count twice. */
static double area_of(uint64_t *pairs, size_t count)
{
    uint64_t twice = 0, with = 0, without = 0;

    if (count > 0)
        qsort(pairs, count, sizeof *pairs, by_value);
    for (size_t i = 0, end; i < count; i = end) {
        uint64_t here = 0;

        for (end = i; end < count && pairs[end] >> 1 == pairs[i] >> 1; end++)
            here += pairs[end] & 1;
        twice += here * (2 * without + (end - i - here));
        with += here;
        without += end - i - here;
    }
    return with && without ? (double)twice / (2 * (double)with * (double)without) : (double)NAN;
}

void areas_compute(struct areas *areas)
{
    double sum = 0;
    size_t there = 0;

    for (size_t label = 0; label < areas->count; label++) {
        areas->area[label] = area_of(areas->pairs[label], areas->samples);
        if (!isnan(areas->area[label])) {
            sum += areas->area[label];
            there++;
        }
    }
    areas->mean = there ? sum / (double)there : (double)NAN;
}
