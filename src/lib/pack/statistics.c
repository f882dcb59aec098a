/* statistics.c: see statistics.h. Bytes are counted, so that their sums are exact; floats are summed in double, in the
 * order of the samples. */
#include "pack/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { LEVELS = 256 };
static const double brightest = 255;

/* A pass over the samples; `use` is called with each. */
struct pass {
    const struct spool *spool;
    const uint32_t *samples;
    size_t count, channels, area; /* values of a channel */
    uint64_t *levels;             /* [channels][LEVELS] */
    struct statistics *statistics;
};

static int each(const struct pass *pass, void (*use)(const struct pass *pass, const uint8_t *values),
                struct error *error)
{
    uint8_t *values = memory_array(pass->spool->value_bytes, 1);
    int failed = 0;

    if (!values)
        return error_memory(error);
    for (size_t i = 0; !failed && i < pass->count; i++) {
        failed = spool_values(pass->spool, pass->samples[i], 0, pass->spool->value_bytes, values, error);
        if (!failed)
            use(pass, values);
    }
    free(values);
    return failed;
}

static void count_levels(const struct pass *pass, const uint8_t *values)
{
    for (size_t channel = 0; channel < pass->channels; channel++)
        for (size_t i = 0; i < pass->area; i++)
            pass->levels[channel * LEVELS + values[channel * pass->area + i]]++;
}

static void finish_levels(const struct pass *pass)
{
    const double count = (double)pass->count * (double)pass->area;

    for (size_t channel = 0; channel < pass->channels; channel++) {
        const uint64_t *levels = pass->levels + channel * LEVELS;
        double sum = 0, squares = 0;
        for (size_t level = 0; level < LEVELS; level++)
            sum += (double)level * (double)levels[level];
        sum /= count;
        for (size_t level = 0; level < LEVELS; level++)
            squares += ((double)level - sum) * ((double)level - sum) * (double)levels[level];
        pass->statistics->mean[channel] = sum / brightest;
        pass->statistics->deviation[channel] = sqrt(squares / count) / brightest;
    }
}

static double float_at(const uint8_t *bytes)
{
    const uint32_t bits =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    float value;

    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

static void sum_floats(const struct pass *pass, const uint8_t *values)
{
    for (size_t i = 0; i < pass->channels * pass->area; i++)
        pass->statistics->mean[i / pass->area] += float_at(values + i * sizeof(float));
}

static void sum_squares(const struct pass *pass, const uint8_t *values)
{
    for (size_t i = 0; i < pass->channels * pass->area; i++) {
        const double apart = float_at(values + i * sizeof(float)) - pass->statistics->mean[i / pass->area];
        pass->statistics->deviation[i / pass->area] += apart * apart;
    }
}

static int make_floats(const struct pass *pass, struct error *error)
{
    const double count = (double)pass->count * (double)pass->area;

    if (each(pass, sum_floats, error) != 0)
        return -1;
    for (size_t i = 0; i < pass->channels; i++)
        pass->statistics->mean[i] /= count;
    if (each(pass, sum_squares, error) != 0)
        return -1;
    for (size_t i = 0; i < pass->channels; i++)
        pass->statistics->deviation[i] = sqrt(pass->statistics->deviation[i] / count);
    return 0;
}

static int make_bytes(struct pass *pass, struct error *error)
{
    int failed;

    pass->levels = memory_array(pass->channels, LEVELS * sizeof *pass->levels);
    if (!pass->levels)
        return error_memory(error);
    failed = each(pass, count_levels, error);
    if (!failed)
        finish_levels(pass);
    free(pass->levels);
    return failed;
}

int statistics_make(struct statistics *statistics, const struct spool *spool, const struct pack_form *form,
                    const uint32_t *samples, size_t count, struct error *error)
{
    struct pass pass = {.spool = spool, .samples = samples, .count = count, .statistics = statistics};

    *statistics = (struct statistics){.channels = 1};
    if (form->shape.rank >= 3 || (form->shape.rank == 1 && form->kind == PACK_FLOATS))
        statistics->channels = (size_t)form->shape.dim[0];
    statistics->mean = memory_array(statistics->channels, sizeof *statistics->mean);
    statistics->deviation = memory_array(statistics->channels, sizeof *statistics->deviation);
    if (!statistics->mean || !statistics->deviation)
        return error_memory(error);
    pass.channels = statistics->channels;
    pass.area = spool->values / pass.channels;
    return form->kind == PACK_FLOATS ? make_floats(&pass, error) : make_bytes(&pass, error);
}

void statistics_finish(struct statistics *statistics)
{
    free(statistics->mean);
    free(statistics->deviation);
    *statistics = (struct statistics){0};
}
