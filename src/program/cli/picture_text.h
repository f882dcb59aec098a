/* picture_text.h: a small grey picture as lines of text, with lines of other text at its right side. */
#ifndef CLI_PICTURE_TEXT_H
#define CLI_PICTURE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum picture_text_style {
    PICTURE_PLAIN,   /* ASCII */
    PICTURE_GREYS,   /* two pixels in a half block, in the 24 greys of a terminal of 256 colours */
    PICTURE_COLOURED /* the same in all 256 greys */
};

/* What standard output can show: more than plain if it is a terminal with colours and UTF-8, and NO_COLOR is
 * not set. */
enum picture_text_style picture_text_style(void);

enum { PICTURE_TEXT_MOST = 40 }; /* columns of a picture */

/* Prints height x width pixels, light on dark, two rows in a line; beside its middle stands what `side(arg,
 * i)` prints for i < sides. */
void picture_text_print(enum picture_text_style style, const uint8_t *pixels, size_t height, size_t width,
                        size_t sides, void (*side)(const void *arg, size_t i), const void *arg);

/* Prints `part` of 1 as a bar of `width` columns, blanks behind it. */
void picture_text_bar(enum picture_text_style style, double part, size_t width);
#endif
