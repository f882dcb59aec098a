/* prepare_picture.h: from a picture of any size to the bytes that a network takes, in whole numbers: the same bytes
 * everywhere. [any thread]
 *
 * One channel is what MNIST's digits are, light on dark in a box with room round it, so a picture is made the
 * same way:
 *   1. colours become grey; a picture larger than 512 on a side is averaged down to that
 *   2. ink is told from paper, picture_ink.h; the lines of ruled paper go, picture_ruling.h; weak ink is cut; and
 *      specks and what touches the border go, picture_blobs.h. Of a clean picture nothing goes
 *   3. rows and columns round the ink, those without a pixel of a sixteenth of the strongest, are cut away
 *   4. the rest is scaled, its aspect kept, to fit 5/7 of the input's height and width (20x20 of 28x28), and
 *      the strongest ink made 255
 *   5. the pixel in which its centre of mass lies is put at the middle (14, 14 of 28x28, from 0)
 * Three channels are only scaled, to exactly the input's size; so is everything with `raw`. Asked for another way than
 * that of digits, picture_size.h brings any picture to the input's size and colours, as it did those that were packed. A
 * sample from an IDX file that has the input's size stays as it is.
 *
 * Time grows with the pixels; memory beside the picture is at most 4 MB and 32 times the input. */
#ifndef DATA_PREPARE_PICTURE_H
#define DATA_PREPARE_PICTURE_H

#include "data/picture.h"
#include "nnrun/layer.h"

/* By the numbers of data.prepare's words. */
enum prepare_how { PREPARE_DIGIT, PREPARE_STRETCH, PREPARE_FIT, PREPARE_CROP };

struct prepare_input { /* of the network */
    size_t channels, height, width;
    enum prepare_how how;
    bool vector; /* rank 1: pictures are taken if its length is a square, as that many rows of samples */
};

struct prepared {
    bool inverted;  /* it was dark on light */
    bool empty;     /* there is no ink: all bytes are 0 */
    size_t digits;  /* seen in it: figures apart from each other; 0 also if it was only scaled */
    bool many;      /* more than PICTURE_MOST_DIGITS of them: they were not told apart, and count as one */
    size_t samples; /* that were made of it */
};

struct prepare_input prepare_input(const struct nnrun_shape *shape, enum prepare_how how);

/* to[channels * height * width]. Fails if a picture with those channels cannot be made of it: ERROR_DATA,
 * "NAME: reason". May change the picture, which stays the caller's. Returns 0 or -1. */
int prepare_picture(const char *name, struct picture *picture, const struct prepare_input *input, bool raw,
                    uint8_t *to, struct prepared *prepared, struct error *error);

/* The same of each digit, from the left, row by row: to[most][channels * height * width], of which
 * prepared->samples are set, at least one: those behind `most`, which is at least 1, are left out. */
int prepare_digits(const char *name, struct picture *picture, const struct prepare_input *input, bool raw,
                   size_t most, uint8_t *to, struct prepared *prepared, struct error *error);
#endif
