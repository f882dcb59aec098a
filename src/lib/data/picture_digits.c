/* picture_digits.c: see picture_digits.h. */
#include "data/picture_digits.h"

#include <stdbool.h>
#include <string.h>

enum {
    TOUCH = 16,  /* what is nearer than this part of the height all but touches */
    OVERLAP = 3, /* this part of the narrower lies above the other */
    DIGIT = 2    /* this part of the highest digit is one of its own */
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void ink_box_widen(struct ink_box *box, const struct ink_box *by)
{
    box->top = smaller(box->top, by->top);
    box->left = smaller(box->left, by->left);
    box->bottom = larger(box->bottom, by->bottom);
    box->right = larger(box->right, by->right);
}

/* ---- joining ----------------------------------------------------------------------------------------- */

/* How far apart two stretches are; their overlap is below 0. */
static ptrdiff_t apart(size_t begin, size_t end, size_t other_begin, size_t other_end)
{
    return (ptrdiff_t)larger(begin, other_begin) - (ptrdiff_t)smaller(end, other_end);
}

static bool are_one(const struct ink_box *a, const struct ink_box *b)
{
    const ptrdiff_t across = apart(a->left, a->right, b->left, b->right);
    const ptrdiff_t down = apart(a->top, a->bottom, b->top, b->bottom);
    const ptrdiff_t height = (ptrdiff_t)larger(a->bottom - a->top, b->bottom - b->top);
    const ptrdiff_t narrower = (ptrdiff_t)smaller(a->right - a->left, b->right - b->left);

    return (-across * OVERLAP >= narrower && down * DIGIT < height) ||
           (across * TOUCH < height && down * TOUCH < height);
}

/* The digits as they are now, and of each piece the number of its digit, from 1. */
struct merger {
    struct digits *all;
    uint8_t *now;
};

static void rename_digit(struct merger *m, size_t from, size_t to)
{
    for (size_t i = 1; i <= PICTURE_MOST_DIGITS; i++)
        m->now[i] = (uint8_t)(m->now[i] == from + 1 ? to + 1 : m->now[i]);
}

/* Digit j becomes part of digit i, and the last one digit j. */
static void join(struct merger *m, size_t i, size_t j)
{
    const size_t last = --m->all->count;

    ink_box_widen(&m->all->box[i], &m->all->box[j]);
    rename_digit(m, j, i);
    if (i == last)
        m->all->box[j] = m->all->box[i];
    else
        m->all->box[j] = m->all->box[last];
    rename_digit(m, last, j);
}

static bool join_any(struct merger *m)
{
    const struct digits *all = m->all;

    for (size_t i = 0; i < all->count; i++)
        for (size_t j = i + 1; j < all->count; j++)
            if (are_one(&all->box[i], &all->box[j])) {
                join(m, i, j);
                return true;
            }
    return false;
}

/* A dot or a dash is part of the digit next to it. */
static bool join_small(struct merger *m)
{
    const struct digits *all = m->all;
    size_t highest = 0, small, nearest = 0;
    ptrdiff_t least = PTRDIFF_MAX;

    for (size_t i = 0; i < all->count; i++)
        highest = larger(highest, all->box[i].bottom - all->box[i].top);
    for (small = 0; small < all->count; small++)
        if ((all->box[small].bottom - all->box[small].top) * DIGIT < highest)
            break;
    for (size_t i = 0; i < all->count && small < all->count; i++) {
        const struct ink_box *a = &all->box[small], *b = &all->box[i];
        const ptrdiff_t across = apart(a->left, a->right, b->left, b->right);
        const ptrdiff_t down = apart(a->top, a->bottom, b->top, b->bottom);
        const ptrdiff_t off = (across > 0 ? across : 0) + (down > 0 ? down : 0);
        if (i != small && off < least) {
            least = off;
            nearest = i;
        }
    }
    if (small == all->count)
        return false;
    join(m, nearest, small);
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

/* Sets rows[i] of each digit, from the top: those whose middle is above the lowest end of the row so far. */
static void find_rows(const struct digits *all, uint8_t rows[PICTURE_MOST_DIGITS])
{
    size_t end = 0;
    uint8_t row = 0;

    memset(rows, 0, PICTURE_MOST_DIGITS);
    for (size_t n = 0; n < all->count; n++) {
        size_t next = all->count;
        for (size_t i = 0; i < all->count; i++)
            if (rows[i] == 0 && (next == all->count || all->box[i].top + all->box[i].bottom <
                                                           all->box[next].top + all->box[next].bottom))
                next = i;
        row = (uint8_t)(row + (all->box[next].top + all->box[next].bottom >= 2 * end));
        end = larger(end, all->box[next].bottom);
        rows[next] = row;
    }
}

static void swap_digits(struct merger *m, size_t i, size_t j)
{
    const struct ink_box box = m->all->box[i];

    m->all->box[i] = m->all->box[j];
    m->all->box[j] = box;
    rename_digit(m, i, PICTURE_MOST_DIGITS);
    rename_digit(m, j, i);
    rename_digit(m, PICTURE_MOST_DIGITS, j);
}

static void sort_digits(struct merger *m)
{
    uint8_t rows[PICTURE_MOST_DIGITS];

    find_rows(m->all, rows);
    for (size_t i = 1; i < m->all->count; i++)
        for (size_t j = i; j > 0; j--) {
            const uint8_t row = rows[j];
            if (row > rows[j - 1] || (row == rows[j - 1] && m->all->box[j].left >= m->all->box[j - 1].left))
                break;
            rows[j] = rows[j - 1];
            rows[j - 1] = row;
            swap_digits(m, j, j - 1);
        }
}

void picture_digits_join(struct digits *digits, uint8_t now[PICTURE_MOST_DIGITS + 1])
{
    struct merger m = {.all = digits, .now = now};

    memset(now, 0, PICTURE_MOST_DIGITS + 1);
    for (size_t i = 1; i <= digits->count; i++)
        now[i] = (uint8_t)i;
    while (join_any(&m)) {
    }
    while (join_small(&m)) {
    }
    sort_digits(&m);
}
