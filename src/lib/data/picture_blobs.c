/* picture_blobs.c: see picture_blobs.h. */
#include "data/picture_blobs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    EDGE = 16,    /* a pixel with this part of the strongest ink is of a blob */
    PICTURE = 10, /* what is this part of the picture high or wide was written there */
    THIN = 32,    /* a line is thinner than this part of the picture */
    SPECK = 5,    /* what is less than this part of the largest blob is none of it, */
    FAINT = 4     /* ... and what is less than this part as strong */
};

struct blob {
    struct ink_box box;
    uint32_t area, contact; /* pixels, and those of the picture's border */
    uint8_t peak, digit;
    bool dropped;
};

/* While blobs are made; blob 0 is what is none. */
struct labelling {
    const struct ink *ink;
    uint32_t *labels;
    uint32_t *parents; /* of each blob the one it was found to be part of, or itself */
    uint32_t count;
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t side(const struct ink_box *box)
{
    return larger(box->bottom - box->top, box->right - box->left);
}

/* ---- blobs ------------------------------------------------------------------------------------------- */

static uint32_t root(struct labelling *l, uint32_t label)
{
    while (l->parents[label] != label) {
        l->parents[label] = l->parents[l->parents[label]];
        label = l->parents[label];
    }
    return label;
}

static void unite(struct labelling *l, uint32_t a, uint32_t b)
{
    a = root(l, a);
    b = root(l, b);
    l->parents[a > b ? a : b] = a < b ? a : b;
}

/* The label of a pixel of ink, by its neighbours above and before it. */
static uint32_t label_of(struct labelling *l, size_t y, size_t x)
{
    const size_t width = l->ink->width, at = y * width + x;
    const uint32_t near[] = {x > 0 ? l->labels[at - 1] : 0, x > 0 && y > 0 ? l->labels[at - width - 1] : 0,
                             y > 0 ? l->labels[at - width] : 0,
                             x + 1 < width && y > 0 ? l->labels[at - width + 1] : 0};
    uint32_t label = 0;

    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) {
        if (near[i] && label)
            unite(l, near[i], label);
        label = near[i] ? near[i] : label;
    }
    if (label == 0) {
        label = l->count++;
        l->parents[label] = label;
    }
    return label;
}

/* Labels become the numbers of whole blobs, from 1; count is one more than those. */
static void number_blobs(struct labelling *l)
{
    const size_t area = l->ink->height * l->ink->width;
    uint32_t count = 1;

    for (uint32_t i = 1; i < l->count; i++) /* a parent comes before its children */
        l->parents[i] = l->parents[i] == i ? count++ : l->parents[l->parents[i]];
    for (size_t i = 0; i < area; i++)
        l->labels[i] = l->parents[l->labels[i]];
    l->count = count;
}

/* Returns whether there was memory. */
static bool label_blobs(struct labelling *l)
{
    /* No two pixels of a square of four begin a blob each. */
    const size_t most = ((l->ink->height + 1) / 2) * ((l->ink->width + 1) / 2) + 1;

    l->parents = memory_array(most, sizeof *l->parents);
    if (!l->parents)
        return false;
    l->parents[0] = 0;
    l->count = 1;
    for (size_t y = 0; y < l->ink->height; y++)
        for (size_t x = 0; x < l->ink->width; x++) {
            const size_t at = y * l->ink->width + x;
            l->labels[at] = l->ink->pixels[at] * EDGE >= l->ink->strongest ? label_of(l, y, x) : 0;
        }
    number_blobs(l);
    return true;
}

/* NULL: no memory. */
static struct blob *measure_blobs(const struct labelling *l)
{
    const struct ink *ink = l->ink;
    struct blob *blobs = memory_array(l->count, sizeof *blobs);

    if (!blobs)
        return NULL;
    for (uint32_t i = 0; i < l->count; i++)
        blobs[i] = (struct blob){.box = {ink->height, ink->width, 0, 0}, .dropped = i == 0};
    for (size_t y = 0; y < ink->height; y++)
        for (size_t x = 0; x < ink->width; x++) {
            struct blob *blob = &blobs[l->labels[y * ink->width + x]];
            ink_box_widen(&blob->box, &(struct ink_box){y, x, y + 1, x + 1});
            blob->area++;
            blob->contact += y == 0 || x == 0 || y + 1 == ink->height || x + 1 == ink->width;
            blob->peak = (uint8_t)larger(blob->peak, ink->pixels[y * ink->width + x]);
        }
    return blobs;
}

/* ---- dropping ---------------------------------------------------------------------------------------- */

/* Of a blob that touches the border, beside one inside that is so large: is it a table, or a line across the picture, or
 * another digit? A large figure that is cut off is none of these. */
static bool is_strange(const struct blob *blob, size_t inside, size_t picture)
{
    return 2 * blob->contact >= side(&blob->box) || blob->area * (size_t)THIN < side(&blob->box) * picture ||
           2 * inside >= side(&blob->box);
}

static void drop_border(struct blob *blobs, uint32_t count, const struct ink *ink)
{
    const size_t longer = larger(ink->height, ink->width);
    size_t inside = 0;

    for (uint32_t i = 1; i < count; i++)
        if (blobs[i].contact == 0 && blobs[i].peak * FAINT >= ink->strongest)
            inside = larger(inside, side(&blobs[i].box));
    for (uint32_t i = 1; i < count && inside * PICTURE >= longer; i++)
        blobs[i].dropped = blobs[i].contact > 0 && is_strange(&blobs[i], inside, longer);
}

static void drop_specks(struct blob *blobs, uint32_t count)
{
    const struct blob *largest = NULL;

    for (uint32_t i = 1; i < count; i++)
        if (!blobs[i].dropped && (!largest || side(&blobs[i].box) > side(&largest->box)))
            largest = &blobs[i];
    assert(largest); /* there is ink, and of it not all is dropped at the border */
    for (uint32_t i = 1; i < count; i++)
        blobs[i].dropped |=
            side(&blobs[i].box) * SPECK < side(&largest->box) || blobs[i].peak * FAINT < largest->peak;
}

static void clear_dropped(struct ink *ink, const struct labelling *l, const struct blob *blobs)
{
    int strongest = 0;

    for (uint32_t i = 1; i < l->count; i++)
        strongest = !blobs[i].dropped && blobs[i].peak > strongest ? blobs[i].peak : strongest;
    for (size_t i = 0; i < ink->height * ink->width; i++)
        if (l->labels[i] && blobs[l->labels[i]].dropped)
            ink->pixels[i] = 0;
    ink->strongest = strongest;
}

/* ---- digits ------------------------------------------------------------------------------------------ */

/* Each blob is one at first. Where they are too many, as in no writing, all are one. */
static void begin_digits(struct digits *all, struct blob *blobs, uint32_t count)
{
    size_t kept = 0;

    for (uint32_t i = 1; i < count; i++)
        kept += !blobs[i].dropped;
    all->many = kept > PICTURE_MOST_DIGITS;
    for (uint32_t i = 1; i < count; i++) {
        if (blobs[i].dropped)
            continue;
        if (all->count == 0 || !all->many)
            all->box[all->count++] = blobs[i].box;
        ink_box_widen(&all->box[all->count - 1], &blobs[i].box);
        blobs[i].digit = (uint8_t)all->count;
    }
}

static void make_digits(struct blobs *all, struct blob *blobs, uint32_t count)
{
    struct digits *digits = &all->found;
    uint8_t now[PICTURE_MOST_DIGITS + 1];

    begin_digits(digits, blobs, count);
    picture_digits_join(digits, now);
    for (uint32_t i = 0; i < count; i++)
        all->digits[i] = now[blobs[i].digit];
    all->all = digits->box[0];
    for (size_t i = 1; i < digits->count; i++)
        ink_box_widen(&all->all, &digits->box[i]);
}

/* ---------------------------------------------------------------------------------------------------- */

static int find_digits(struct blobs *all, struct ink *ink, struct labelling *l, struct error *error)
{
    struct blob *blobs = label_blobs(l) ? measure_blobs(l) : NULL;

    all->digits = blobs ? memory_array(l->count, 1) : NULL;
    if (all->digits) {
        if (picture_ink_may_be_photograph(ink)) {
            drop_border(blobs, l->count, ink);
            drop_specks(blobs, l->count);
            clear_dropped(ink, l, blobs);
        }
        make_digits(all, blobs, l->count);
    }
    free(blobs);
    return all->digits ? 0 : error_memory(error);
}

int picture_blobs_find(struct blobs *blobs, struct ink *ink, struct error *error)
{
    struct labelling l = {.ink = ink};
    int failed;

    *blobs = (struct blobs){0};
    if (ink->strongest == 0)
        return 0;
    l.labels = blobs->labels = memory_array(ink->height * ink->width, sizeof *blobs->labels);
    failed = l.labels ? find_digits(blobs, ink, &l, error) : error_memory(error);
    free(l.parents);
    return failed;
}

void picture_blobs_finish(struct blobs *blobs)
{
    free(blobs->labels);
    free(blobs->digits);
    *blobs = (struct blobs){0};
}
