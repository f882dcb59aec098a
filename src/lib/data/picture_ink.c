/* picture_ink.c: see picture_ink.h. */
#include "data/picture_ink.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/planes.h"

enum {
    LEAST_INK = 16, /* a picture that differs less from its paper is empty */
    UNEVEN = 4,     /* times the median deviation is still paper */
    MOST_CUT = 4,   /* but never more than this part of the ink */
    ONE_GREY = 12,  /* greys that differ less are about one, */
    NOISY = 3,      /* ... or so many times the noise */
    LEAST_NOISE = 3,
    LEAST_SMOOTHED = 100, /* pixels of a side; in smaller pictures a stroke may be a pixel wide */
    COARSE = 128,         /* pixels of the longer side of the picture in which the paper is found */
    SQUARE = 10,          /* the square reaches this part of that to each side */
    LIGHT = 16,           /* a skew of this part of the largest is one towards light */
    FEW = 256             /* this part of the pixels may be stronger than the strongest ink */
};

static int median(const size_t counts[256])
{
    size_t all = 0, seen = 0;
    int value = 0;

    for (int i = 0; i < 256; i++)
        all += counts[i];
    for (; value < 255; value++) {
        seen += counts[value];
        if (2 * seen >= all)
            break;
    }
    return value;
}

/* ---- noise ------------------------------------------------------------------------------------------- */

/* The median difference of neighbours, which is about a normal noise's deviation. */
static int measure_noise(const struct ink *ink)
{
    size_t counts[256] = {0};

    for (size_t y = 0; y < ink->height; y++)
        for (size_t x = 1; x < ink->width; x++)
            counts[abs(ink->pixels[y * ink->width + x] - ink->pixels[y * ink->width + x - 1])]++;
    return median(counts);
}

static void sort_two(uint8_t *low, uint8_t *high)
{
    const uint8_t a = *low, b = *high;

    *low = a < b ? a : b;
    *high = a < b ? b : a;
}

/* Devillard's network of 19 exchanges. */
static uint8_t median_of_nine(uint8_t p[9])
{
    static const uint8_t exchanges[][2] = {{1, 2}, {4, 5}, {7, 8}, {0, 1}, {3, 4}, {6, 7}, {1, 2},
                                           {4, 5}, {7, 8}, {0, 3}, {5, 8}, {4, 7}, {3, 6}, {1, 4},
                                           {2, 5}, {4, 7}, {4, 2}, {6, 4}, {4, 2}};

    for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++)
        sort_two(&p[exchanges[i][0]], &p[exchanges[i][1]]);
    return p[4];
}

/* The outermost pixels stay. */
static int smooth(struct ink *ink, struct error *error)
{
    const size_t width = ink->width;
    uint8_t *from = memory_array(ink->height, width);

    if (!from)
        return error_memory(error);
    memcpy(from, ink->pixels, ink->height * width);
    for (size_t y = 1; y + 1 < ink->height; y++)
        for (size_t x = 1; x + 1 < width; x++) {
            const uint8_t *at = from + y * width + x;
            uint8_t near[9];
            for (size_t row = 0; row < 3; row++)
                memcpy(near + 3 * row, at - 1 + row * width - width, 3);
            ink->pixels[y * width + x] = median_of_nine(near);
        }
    free(from);
    return 0;
}

/* ---- a clean sheet ----------------------------------------------------------------------------------- */

static void count_border(const struct ink *ink, size_t counts[256])
{
    const size_t height = ink->height, width = ink->width;

    memset(counts, 0, 256 * sizeof *counts);
    for (size_t x = 0; x < width; x++) {
        counts[ink->pixels[x]]++;
        counts[ink->pixels[(height - 1) * width + x]]++;
    }
    for (size_t y = 0; y < height; y++) {
        counts[ink->pixels[y * width]]++;
        counts[ink->pixels[y * width + width - 1]]++;
    }
}

/* Do `part` of 4 have about that grey? */
static bool is_mostly(const size_t counts[256], int grey, int about, size_t part)
{
    size_t all = 0, near = 0;

    for (int i = 0; i < 256; i++) {
        all += counts[i];
        near += abs(i - grey) <= about ? counts[i] : 0;
    }
    return 4 * near >= part * all;
}

static bool is_clean(const struct ink *ink, const size_t border[256], int paper, int noise)
{
    const int about = NOISY * noise > ONE_GREY ? NOISY * noise : ONE_GREY;
    size_t all[256] = {0};

    for (size_t i = 0; i < ink->height * ink->width; i++)
        all[ink->pixels[i]]++;
    if (!picture_ink_may_be_photograph(ink))
        return true;
    return is_mostly(border, paper, about, 3) && is_mostly(all, paper, about, 1);
}

static void take_clean(struct ink *ink, const size_t border[256], int paper)
{
    const size_t area = ink->height * ink->width;
    size_t deviations[256] = {0};
    uint64_t above = 0, below = 0;
    int strongest = 0, cut;

    for (int i = 0; i < 256; i++)
        deviations[abs(i - paper)] += border[i];
    for (size_t i = 0; i < area; i++) {
        const int off = ink->pixels[i] - paper;
        above += off > 0 ? (uint64_t)off : 0;
        below += off < 0 ? (uint64_t)-off : 0;
    }
    ink->inverted = below > above;
    for (size_t i = 0; i < area; i++) {
        const int off = ink->pixels[i] - paper, much = ink->inverted ? -off : off;
        ink->pixels[i] = (uint8_t)(much > 0 ? much : 0);
        strongest = much > strongest ? much : strongest;
    }
    cut = UNEVEN * median(deviations);
    ink->cut = cut > strongest / MOST_CUT ? strongest / MOST_CUT : cut;
    ink->strongest = strongest;
}

/* ---- any other --------------------------------------------------------------------------------------- */

/* Each of `count` bytes, `step` apart, becomes the largest (or smallest) of those up to `reach` away. */
static void spread_line(uint8_t *line, size_t count, size_t step, size_t reach, bool largest)
{
    uint8_t old[COARSE];

    for (size_t i = 0; i < count; i++)
        old[i] = line[i * step];
    for (size_t i = 0; i < count; i++) {
        const size_t first = i > reach ? i - reach : 0, end = i + reach + 1 < count ? i + reach + 1 : count;
        uint8_t best = old[i];
        for (size_t k = first; k < end; k++)
            best = largest == (old[k] > best) ? old[k] : best;
        line[i * step] = best;
    }
}

static void spread_square(struct ink *coarse, size_t reach, bool largest)
{
    for (size_t y = 0; y < coarse->height; y++)
        spread_line(coarse->pixels + y * coarse->width, coarse->width, 1, reach, largest);
    for (size_t x = 0; x < coarse->width; x++)
        spread_line(coarse->pixels + x, coarse->height, coarse->width, reach, largest);
}

/* The sum of each rectangle that begins at the top left: sums[height + 1][width + 1]. */
static void add_up(const struct ink *coarse, uint32_t *sums)
{
    const size_t width = coarse->width + 1;

    memset(sums, 0, width * sizeof *sums);
    for (size_t y = 0; y < coarse->height; y++) {
        uint32_t row = 0;
        sums[(y + 1) * width] = 0;
        for (size_t x = 0; x < coarse->width; x++) {
            row += coarse->pixels[y * coarse->width + x];
            sums[(y + 1) * width + x + 1] = sums[y * width + x + 1] + row;
        }
    }
}

/* The mean of the square around a pixel, as far as it is in the picture. */
static int mean_around(const struct ink *coarse, const uint32_t *sums, size_t y, size_t x, size_t reach)
{
    const size_t top = y > reach ? y - reach : 0, left = x > reach ? x - reach : 0, width = coarse->width + 1;
    const size_t bottom = y + reach + 1 < coarse->height ? y + reach + 1 : coarse->height;
    const size_t right = x + reach + 1 < coarse->width ? x + reach + 1 : coarse->width;
    const uint32_t sum = sums[bottom * width + right] - sums[top * width + right] -
                         sums[bottom * width + left] + sums[top * width + left];

    return (int)(sum / (uint32_t)((bottom - top) * (right - left)));
}

/* Is it light that is rare? Returns 0 or -1. */
static int tell_side(const struct ink *coarse, size_t reach, bool *light, struct error *error)
{
    uint32_t *sums = memory_array((coarse->height + 1) * (coarse->width + 1), sizeof *sums);
    int64_t skew = 0, all = 0;

    if (!sums)
        return error_memory(error);
    add_up(coarse, sums);
    for (size_t y = 0; y < coarse->height; y++)
        for (size_t x = 0; x < coarse->width; x++) {
            const int off = coarse->pixels[y * coarse->width + x] - mean_around(coarse, sums, y, x, reach);
            skew += (int64_t)off * off * off;
            all += (int64_t)abs(off) * off * off;
        }
    *light = LIGHT * skew > all;
    free(sums);
    return 0;
}

static void invert(struct ink *ink)
{
    for (size_t i = 0; i < ink->height * ink->width; i++)
        ink->pixels[i] = (uint8_t)(255 - ink->pixels[i]);
}

/* paper[area] of the picture, which is inverted if its ink is light. */
static int find_paper(struct ink *ink, struct ink *coarse, uint8_t *paper, struct error *error)
{
    const struct resize_part all = {ink->pixels, ink->height, ink->width, ink->width};
    const struct resize_part small = {coarse->pixels, coarse->height, coarse->width, coarse->width};
    const size_t longer = coarse->height > coarse->width ? coarse->height : coarse->width;
    const size_t reach = longer / SQUARE;
    bool light = false;

    if (resize(&all, coarse->height, coarse->width, coarse->pixels, error) != 0 ||
        tell_side(coarse, reach, &light, error) != 0)
        return -1;
    ink->inverted = !light;
    if (light) {
        invert(coarse);
        invert(ink);
    }
    spread_square(coarse, reach, true);
    spread_square(coarse, reach + 1, false);
    return resize(&small, ink->height, ink->width, paper, error);
}

/* What is so strong that only a few pixels are stronger. */
static int find_strongest(const struct ink *ink)
{
    const size_t area = ink->height * ink->width;
    size_t counts[256] = {0}, stronger = 0;
    int value = 255;

    for (size_t i = 0; i < area; i++)
        counts[ink->pixels[i]]++;
    for (; value > 0; value--) {
        stronger += counts[value];
        if (stronger * FEW > area)
            break;
    }
    return value;
}

static void take_uneven(struct ink *ink, const uint8_t *paper)
{
    const size_t area = ink->height * ink->width;

    for (size_t i = 0; i < area; i++) {
        const int lacks = paper[i] - ink->pixels[i];
        ink->pixels[i] = (uint8_t)(lacks <= 0 ? 0 : ink->inverted ? 255 * lacks / paper[i] : lacks);
    }
    ink->strongest = find_strongest(ink);
    ink->cut = ink->strongest / MOST_CUT;
    for (size_t i = 0; i < area; i++)
        if (ink->pixels[i] > ink->strongest)
            ink->pixels[i] = (uint8_t)ink->strongest;
}

static int find_uneven(struct ink *ink, struct error *error)
{
    const size_t longer = ink->height > ink->width ? ink->height : ink->width;
    const size_t most = longer < COARSE ? longer : COARSE;
    struct ink coarse = {.height = (ink->height * most + longer - 1) / longer,
                         .width = (ink->width * most + longer - 1) / longer};
    uint8_t *paper = memory_array(ink->height, ink->width);
    int failed = -1;

    coarse.pixels = memory_array(coarse.height, coarse.width);
    if (!paper || !coarse.pixels) {
        error_memory(error);
    } else if (find_paper(ink, &coarse, paper, error) == 0) {
        take_uneven(ink, paper);
        failed = 0;
    }
    free(coarse.pixels);
    free(paper);
    return failed;
}

bool picture_ink_may_be_photograph(const struct ink *ink)
{
    return ink->height >= PICTURE_LEAST_PHOTOGRAPH && ink->width >= PICTURE_LEAST_PHOTOGRAPH;
}

int picture_ink_find(struct ink *ink, struct error *error)
{
    const int noise = measure_noise(ink);
    size_t border[256];
    int paper;

    if (noise >= LEAST_NOISE && ink->height >= LEAST_SMOOTHED && ink->width >= LEAST_SMOOTHED &&
        smooth(ink, error) != 0)
        return -1;
    count_border(ink, border);
    paper = median(border);
    if (!is_clean(ink, border, paper, noise))
        return find_uneven(ink, error);
    take_clean(ink, border, paper);
    return 0;
}

void picture_ink_cut(struct ink *ink)
{
    for (size_t i = 0; i < ink->height * ink->width; i++)
        ink->pixels[i] = (uint8_t)(ink->pixels[i] > ink->cut ? ink->pixels[i] - ink->cut : 0);
    ink->strongest = ink->strongest < LEAST_INK ? 0 : ink->strongest - ink->cut;
    ink->cut = 0;
}
