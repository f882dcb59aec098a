/* picture_blobs.h: the connected pieces of ink in a picture, and which of them belong to what was written. [any thread]
 * on distinct objects.
 *
 * Pixels of at least a sixteenth of the strongest ink that touch, also at corners, are a blob; they are found by
 * union-find in two passes (Rosenfeld and Pfaltz, Sequential operations in digital picture processing, J. ACM 13,
 * 1966). Of a photograph are dropped
 *   - blobs that touch the picture's border, if one that does not is at least a tenth of the picture high or wide: a
 *     table, which touches it with half its length; a line, thinner than a thirty-second of the picture; and what is
 *     at most twice as large as the largest inside, such as the next line of writing
 *   - then specks: what is less than a fifth as large as the largest that is left, or a quarter as strong
 * The others make digits, picture_digits.h. */
#ifndef DATA_PICTURE_BLOBS_H
#define DATA_PICTURE_BLOBS_H

#include "data/picture_digits.h"
#include "data/picture_ink.h"

struct blobs {
    uint32_t *labels; /* [height][width]: 0 or the blob it is of; NULL: no ink */
    uint8_t *digits;  /* of each blob, its digit from 1, or 0: it was dropped */
    struct digits found;
    struct ink_box all; /* of all digits */
};

/* Clears what is dropped from the ink, whose strongest is then that of the rest. Finish blobs in either case. Returns
 * 0 or -1: no memory. */
int picture_blobs_find(struct blobs *blobs, struct ink *ink, struct error *error);
void picture_blobs_finish(struct blobs *blobs);
#endif
