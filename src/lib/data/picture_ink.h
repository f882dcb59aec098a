/* picture_ink.h: what in a grey picture is ink, in whole numbers: the same bytes everywhere. [any thread] on distinct
 * objects.
 *
 * On a clean sheet, where 3/4 of the outermost pixels have about one grey and 1/4 of the picture has it, too, that
 * grey, the median of the outermost pixels, is the paper. Ink is what differs from it, towards the side, darker or
 * lighter, on which more of the picture lies; differences as small as the unevenness of the paper (4 times the median
 * deviation of the outermost pixels, at most a quarter of the strongest ink) are none.
 *
 * Elsewhere, under shade or beside a table's edge, the paper's grey changes from place to place. It is found by
 * closing, the largest within a square of a fifth of the picture and then the smallest of these (Serra, Image Analysis
 * and Mathematical Morphology, 1982): what is dark and narrower than the square disappears, shade and table stay. Ink
 * is the part of the light that a pixel lacks, and its weakest quarter is cut away. Light on dark the picture is
 * inverted first; that is so if the greys around their local mean are skewed towards light.
 *
 * A picture with a side of fewer than 64 pixels is no photograph, and taken for clean.
 *
 * Before either, a median of 3 x 3 pixels takes a sensor's noise off, if there is any (Tukey, Exploratory Data
 * Analysis, 1977). */
#ifndef DATA_PICTURE_INK_H
#define DATA_PICTURE_INK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { PICTURE_LEAST_PHOTOGRAPH = 64 }; /* pixels of a side */

struct ink {
    uint8_t *pixels; /* [height][width], what is ink and how much */
    size_t height, width;
    int strongest; /* 0: there is none */
    int cut;       /* what is weaker is the paper's unevenness */
    bool inverted; /* it is dark on light */
};

/* May it be a photograph? In a smaller picture a stroke may be as small as a speck. */
bool picture_ink_may_be_photograph(const struct ink *ink);

/* Grey pixels become ink. Returns 0 or -1: no memory. */
int picture_ink_find(struct ink *ink, struct error *error);

/* Takes the cut off all ink. */
void picture_ink_cut(struct ink *ink);
#endif
