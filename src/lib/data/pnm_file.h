/* pnm_file.h: pictures in the plainest of formats, PGM (grey) and PPM (colour), as text (P2, P3) or bytes
 * (P5, P6):
 *
 *   P5 WIDTH HEIGHT MAXVAL     decimal, blanks and comments (# to the end of the line) between
 *   one blank, then values     row by row, red, green and blue of a pixel together; two bytes each, the high
 *                              one first, if MAXVAL is above 255
 *
 * [any thread] */
#ifndef DATA_PNM_FILE_H
#define DATA_PNM_FILE_H

#include "data/picture.h"

/* True if the bytes begin like one of the four. */
bool pnm_is(const uint8_t *bytes, size_t size);

/* The one picture in such a file that lies in memory; values are scaled to 0 .. 255 and rounded. Returns 0 or
 * -1: ERROR_DATA, "NAME: reason"; free the picture in either case. */
int pnm_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size,
             struct error *error);
#endif
