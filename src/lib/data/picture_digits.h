/* picture_digits.h: pieces of ink become digits, in the order in which they are read. Pure, [any thread].
 *
 * Pieces are one digit if a third of the narrower one lies above or below the other, with less than half the higher
 * one's height between them, or if they all but touch: a sixteenth of that height. What is then less than half as high as
 * the highest, such as a dot, is part of the digit next to it. Digits are read row by row, and each row from the left;
 * one is in a row if its middle is above the lowest end of those before it. */
#ifndef DATA_PICTURE_DIGITS_H
#define DATA_PICTURE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ink_box { /* of pixels, ends not included */
    size_t top, left, bottom, right;
};

enum { PICTURE_MOST_DIGITS = 64 }; /* more are not told apart */

struct digits {
    size_t count;
    bool many; /* there were more pieces than that: they are one digit */
    struct ink_box box[PICTURE_MOST_DIGITS];
};

void ink_box_widen(struct ink_box *box, const struct ink_box *by);

/* Pieces become digits. Piece i, from 1, is then of digit now[i], from 1. */
void picture_digits_join(struct digits *digits, uint8_t now[PICTURE_MOST_DIGITS + 1]);
#endif
