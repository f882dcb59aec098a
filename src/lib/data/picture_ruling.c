/* picture_ruling.c: see picture_ruling.h. */
#include "data/picture_ruling.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    SLOPE = 16, /* 1 in so many, at most */
    FAINT = 8,  /* a line has this part of the strongest ink, */
    THIN = 64,  /* ... is not much wider than this part of the picture, */
    SHORT = 4,  /* ... and crosses this part of it at least */
    LEAST_LINES = 3,
    HALO = 1 /* a pixel at each side that the line may cover in part */
};

/* The picture, or its transpose, so that lines are about level. */
struct view {
    uint8_t *pixels;
    int height, width, down, across; /* the latter: steps to the next row and column */
    int thickest;                    /* rows of a line */
};

/* Lines of one slope; a line is known by its row at column 0, which may lie outside the picture. */
struct lines {
    int most;         /* rows that a line may rise or fall */
    int slope;        /* rows that they fall, -most .. most, */
    int *fall;        /* [width], ... and have fallen at each column */
    uint32_t *inked;  /* [height + 2 most], from row -most: pixels of ink on the line there, */
    uint32_t *inside; /* ... and pixels of the picture */
};

struct spot {
    uint16_t y, x;
};

static void set_slope(const struct view *view, struct lines *lines, int slope)
{
    const int whole = view->width - 1;

    lines->slope = slope;
    for (int x = 0; x < view->width; x++) {
        const int down = (abs(slope) * x + whole / 2) / whole;
        lines->fall[x] = slope < 0 ? -down : down;
    }
}

static int pixel(const struct view *view, int y, int x)
{
    const bool in = y >= 0 && y < view->height && x >= 0 && x < view->width;

    return in ? view->pixels[y * view->down + x * view->across] : 0;
}

/* ---- finding them ------------------------------------------------------------------------------------ */

static size_t find_spots(const struct view *view, int faint, struct spot *spots)
{
    size_t count = 0;

    for (int y = 0; y < view->height; y++)
        for (int x = 0; x < view->width; x++)
            if (pixel(view, y, x) >= faint)
                spots[count++] = (struct spot){(uint16_t)y, (uint16_t)x};
    return count;
}

/* Sets the sums along the lines of a slope; returns the sum of their squares. */
static uint64_t add_up(const struct view *view, const struct spot *spots, size_t count, int slope,
                       struct lines *lines)
{
    const int rows = view->height + 2 * lines->most;
    uint64_t squares = 0;

    set_slope(view, lines, slope);
    memset(lines->inked, 0, (size_t)rows * sizeof *lines->inked);
    for (size_t i = 0; i < count; i++)
        lines->inked[spots[i].y - lines->fall[spots[i].x] + lines->most]++;
    for (int y = 0; y < rows; y++)
        squares += (uint64_t)lines->inked[y] * lines->inked[y];
    return squares;
}

static void find_slope(const struct view *view, const struct spot *spots, size_t count, struct lines *lines)
{
    uint64_t best = 0;
    int slope = 0;

    for (int steep = 0; steep <= lines->most; steep++)
        for (int way = steep ? -1 : 1; way <= 1; way += 2) {
            const uint64_t squares = add_up(view, spots, count, way * steep, lines);
            if (squares > best) {
                best = squares;
                slope = way * steep;
            }
        }
    add_up(view, spots, count, slope, lines);
    memset(lines->inside, 0, (size_t)(view->height + 2 * lines->most) * sizeof *lines->inside);
    for (int x = 0; x < view->width; x++)
        for (int y = 0; y < view->height; y++)
            lines->inside[y - lines->fall[x] + lines->most]++;
}

/* The rows of the next line, from *first to the one returned; behind all of them if there is none. */
static int next_line(const struct view *view, const struct lines *lines, int *first)
{
    const int rows = view->height + 2 * lines->most;
    int last;

    for (; *first < rows; *first = last + 1) {
        for (last = *first; last < rows && lines->inside[last] * SHORT >= (uint32_t)view->width &&
                            4 * lines->inked[last] >= 3 * lines->inside[last];
             last++) {
        }
        if (last > *first && last - *first <= view->thickest)
            return last - 1;
    }
    return rows;
}

static int count_lines(const struct view *view, const struct lines *lines)
{
    const int rows = view->height + 2 * lines->most;
    int count = 0;

    for (int first = 0, last; (last = next_line(view, lines, &first)) < rows; first = last + 1)
        count++;
    return count;
}

/* ---- taking them out --------------------------------------------------------------------------------- */

/* What row `above` and the row `deep` below it have in common on both sides of the pixel `part` rows below the
 * first. */
static uint8_t common(const struct view *view, int above, int deep, int part, int x)
{
    int most = 0;

    for (int shift = -deep; shift <= deep; shift++) {
        const int before = shift * part / deep;
        const int upper = pixel(view, above, x - before),
                  lower = pixel(view, above + deep, x + shift - before);
        const int both = upper < lower ? upper : lower;
        most = both > most ? both : most;
    }
    return (uint8_t)most;
}

static void remove_line(const struct view *view, const struct lines *lines, int first, int last)
{
    const int deep = last - first + 2 * HALO + 2;

    for (int x = 0; x < view->width; x++) {
        const int above = first - lines->most + lines->fall[x] - HALO - 1;
        for (int part = 1; part < deep; part++)
            if (above + part >= 0 && above + part < view->height)
                view->pixels[(above + part) * view->down + x * view->across] =
                    common(view, above, deep, part, x);
    }
}

static void remove_lines(const struct view *view, const struct lines *lines)
{
    const int rows = view->height + 2 * lines->most;

    for (int first = 0, last; (last = next_line(view, lines, &first)) < rows; first = last + 1)
        remove_line(view, lines, first, last);
}

/* ---- both directions --------------------------------------------------------------------------------- */

static int search(const struct ink *ink, const struct view views[2], struct lines lines[2],
                  struct error *error)
{
    const size_t area = ink->height * ink->width;
    struct spot *spots = memory_array(area, sizeof *spots);
    size_t count;
    int failed = !spots;

    for (int i = 0; i < 2 && !failed; i++) {
        const int rows = views[i].height + 2 * (views[i].width / SLOPE);
        lines[i].most = views[i].width / SLOPE;
        lines[i].inked = memory_array((size_t)rows, sizeof *lines[i].inked);
        lines[i].inside = memory_array((size_t)rows, sizeof *lines[i].inside);
        lines[i].fall = memory_array((size_t)views[i].width, sizeof *lines[i].fall);
        failed = !lines[i].inked || !lines[i].inside || !lines[i].fall;
        count = failed ? 0 : find_spots(&views[i], ink->strongest / FAINT + 1, spots);
        if (count > 0 && count < area / 2) /* more is no paper with lines */
            find_slope(&views[i], spots, count, &lines[i]);
    }
    free(spots);
    if (failed)
        error_memory(error);
    return failed ? -1 : 0;
}

int picture_ruling_remove(struct ink *ink, struct error *error)
{
    const int height = (int)ink->height, width = (int)ink->width, longer = height > width ? height : width;
    const struct view views[2] = {{ink->pixels, height, width, width, 1, longer / THIN + 2},
                                  {ink->pixels, width, height, 1, width, longer / THIN + 2}};
    struct lines lines[2] = {0};
    int failed, counts[2];

    if (!picture_ink_may_be_photograph(ink))
        return 0;
    failed = search(ink, views, lines, error);
    if (!failed) {
        counts[0] = count_lines(&views[0], &lines[0]);
        counts[1] = count_lines(&views[1], &lines[1]);
        for (int i = 0; i < 2; i++)
            if (counts[0] >= LEAST_LINES || counts[1] >= LEAST_LINES)
                remove_lines(&views[i], &lines[i]);
    }
    for (int i = 0; i < 2; i++) {
        free(lines[i].inked);
        free(lines[i].inside);
        free(lines[i].fall);
    }
    return failed;
}
