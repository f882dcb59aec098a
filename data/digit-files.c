/* digit-files.c: the IDX half of digit-files.h. */
#include "digit-files.h"

#include "digit-draw.h"

const struct sample_files digit_files = {
    .names = {{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"},
              {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"}},
    .type = 8,
    .rows = DIGIT_SIDE,
    .columns = DIGIT_SIDE,
    .bytes = DIGIT_PIXELS,
    .purpose = RANDOM_DIGITS,
    .draw = digit_draw,
};
