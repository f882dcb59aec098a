/* picture.h: a picture in memory, and what is done to it whole: transparency, grey. [any thread] on distinct
 * objects. */
#ifndef DATA_PICTURE_H
#define DATA_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Larger ones are refused before memory is taken. */
enum { PICTURE_MOST_PIXELS = 1 << 26 };

struct picture {
    size_t channels, height, width; /* each at least 1 */
    uint8_t *pixels;                /* [channels][height][width]; 1: grey, 3: red, green, blue */
    bool sample;                    /* from an IDX file: of a data set, perhaps of a network's own */
};

/* Memory for a picture whose sizes a file announces. Returns 0 or -1: ERROR_DATA, "NAME: reason". */
int picture_make(struct picture *picture, const char *name, size_t channels, size_t height, size_t width,
                 struct error *error);
/* Sets a row from pixels whose channels follow each other. */
void picture_take_row(struct picture *picture, size_t y, const uint8_t *row);
void picture_free(struct picture *picture);

/* Takes the last channel away, which says how opaque a pixel is, and lays the picture over the mean colour of
 * its border or, if most of the border is transparent, over white or black: what is further from the mean of
 * all that is seen. */
void picture_flatten(struct picture *picture);

/* One channel out of red, green and blue: (299 r + 587 g + 114 b) / 1000, rounded. Others stay as they are.
 */
void picture_grey(struct picture *picture);
#endif
