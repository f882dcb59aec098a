/* planes.c: see planes.h. Each row of the source is summed up into the columns wanted, the rows are summed up
 * likewise, and the sum is divided once. */
#include "base/planes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* One side: `from` pixels to `to`. Pixel i is made of `count` from `first` on: the first with weight `head`,
 * the last, if there are two or more, with `tail`, those between with `to`; the weights add up to `whole`. */
struct axis {
    size_t from, to, whole;
};
struct taps {
    size_t first, count;
    uint64_t head, tail;
};

static struct axis axis(size_t from, size_t to)
{
    return (struct axis){from, to, to < from ? from : 2 * to};
}

/* In units of 1 / `to` pixel of the source, output i covers i * from .. (i + 1) * from, source pixel j covers
 * j * to .. (j + 1) * to. */
static struct taps average(const struct axis *a, size_t i)
{
    const size_t begin = i * a->from, end = begin + a->from, first = begin / a->to, last = (end - 1) / a->to;

    return (struct taps){first, last - first + 1, (first + 1) * a->to - begin, end - last * a->to};
}

/* In units of 1 / (2 to) pixel, from the middle of source pixel 0. */
static struct taps interpolate(const struct axis *a, size_t i)
{
    const size_t at = (2 * i + 1) * a->from;
    const size_t place = at > a->to ? at - a->to : 0, first = place / a->whole, behind = place % a->whole;

    if (first + 1 >= a->from)
        return (struct taps){first, 1, a->whole, 0};
    return (struct taps){first, 2, a->whole - behind, behind};
}

static struct taps taps(const struct axis *a, size_t i)
{
    return a->to < a->from ? average(a, i) : interpolate(a, i);
}

static uint64_t weight(const struct axis *a, const struct taps *t, size_t k)
{
    return k == 0 ? t->head : k + 1 == t->count ? t->tail : a->to;
}

/* sums[i] += scale * pixel i of the row, times a->whole. Inlined, as resize spends its time here. */
static inline __attribute__((always_inline)) void add_row(const struct axis *a, const uint8_t *row,
                                                          uint64_t scale, uint64_t *sums)
{
    for (size_t i = 0; i < a->to; i++) {
        const struct taps t = taps(a, i);
        uint64_t between = 0, sum;
        for (size_t k = 1; k + 1 < t.count; k++)
            between += row[t.first + k];
        sum = t.head * row[t.first] + a->to * between;
        if (t.count > 1)
            sum += t.tail * row[t.first + t.count - 1];
        sums[i] += scale * sum;
    }
}

static void divide(const uint64_t *sums, size_t width, uint64_t whole, uint8_t *to)
{
    for (size_t x = 0; x < width; x++)
        to[x] = (uint8_t)((sums[x] + whole / 2) / whole);
}

int resize(const struct resize_part *from, size_t height, size_t width, uint8_t *to, struct error *error)
{
    const struct axis down = axis(from->height, height), across = axis(from->width, width);
    const uint64_t whole = (uint64_t)down.whole * across.whole;
    uint64_t *sums = memory_array(width, sizeof *sums);

    if (!sums)
        return error_memory(error);
    for (size_t y = 0; y < height; y++) {
        const struct taps t = taps(&down, y);
        memset(sums, 0, width * sizeof *sums);
        for (size_t k = 0; k < t.count; k++)
            add_row(&across, from->pixels + (t.first + k) * from->stride, weight(&down, &t, k), sums);
        divide(sums, width, whole, to + y * width);
    }
    free(sums);
    return 0;
}

int resize_rows_begin(struct resize_rows *rows, size_t from_height, size_t from_width, size_t height,
                      size_t width, uint8_t *to, struct error *error)
{
    *rows = (struct resize_rows){.from_height = from_height,
                                 .from_width = from_width,
                                 .height = height,
                                 .width = width,
                                 .sums = memory_array(width, sizeof *rows->sums),
                                 .to = to};
    return rows->sums ? 0 : error_memory(error);
}

void resize_rows_take(struct resize_rows *rows, const uint8_t *row)
{
    const struct axis down = axis(rows->from_height, rows->height);
    const struct axis across = axis(rows->from_width, rows->width);

    /* the last row of one may be the first of the next */
    for (; rows->y < rows->height; rows->y++) {
        const struct taps t = taps(&down, rows->y);
        if (t.first > rows->row)
            break;
        add_row(&across, row, weight(&down, &t, rows->row - t.first), rows->sums);
        if (rows->row + 1 < t.first + t.count)
            break;
        divide(rows->sums, rows->width, (uint64_t)down.whole * across.whole,
               rows->to + rows->y * rows->width);
        memset(rows->sums, 0, rows->width * sizeof *rows->sums);
    }
    rows->row++;
}

void resize_rows_finish(struct resize_rows *rows)
{
    free(rows->sums);
    rows->sums = NULL;
}

void planes_grey(const uint8_t *planes, size_t area, uint8_t *to)
{
    for (size_t i = 0; i < area; i++)
        to[i] = (uint8_t)((LUMA_RED * planes[i] + LUMA_GREEN * planes[area + i] +
                           LUMA_BLUE * planes[2 * area + i] + LUMA / 2) /
                          LUMA);
}
