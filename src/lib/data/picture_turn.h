/* picture_turn.h: pictures turned upright, as cameras ask for in EXIF. [any thread] on distinct objects. */
#ifndef DATA_PICTURE_TURN_H
#define DATA_PICTURE_TURN_H

#include "data/picture.h"

/* What EXIF data, which begin with a TIFF header, say of how a picture is stored (tag Orientation of the first
 * directory: EXIF 2.3, 4.6.4): 1 to 8, or 0 if they do not say or are none. */
int exif_orientation(const uint8_t *bytes, size_t size);

/* Undoes it: mirrored (2, 4, 5, 7), upside down (3, 4), and with rows for columns (5 to 8). Others leave the picture
 * as it is. Returns 0 or -1: no memory; the picture stays the caller's. */
int picture_turn(struct picture *picture, int orientation, struct error *error);
#endif
