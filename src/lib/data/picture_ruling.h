/* picture_ruling.h: the lines of squared and lined paper, taken out of the ink. [any thread] on distinct objects.
 *
 * A ruling is three or more parallel lines, each thin, straight, inked along 3/4 of its length, and within 1 in 16 of
 * level or upright; where one direction has them, one line is enough in the other. Their slope is the one in which the
 * sums along all lines have the largest squares (Postl, Detection of linear oblique structures and skew scan in
 * digitized documents, ICPR 1986). A line's pixels become what its two sides have in common, in whichever direction,
 * up to 45 degrees off, that is most: ink that crosses it stays, and a light line over the ink is closed. */
#ifndef DATA_PICTURE_RULING_H
#define DATA_PICTURE_RULING_H

#include "data/picture_ink.h"

/* Returns 0 or -1: no memory. */
int picture_ruling_remove(struct ink *ink, struct error *error);
#endif
