/* png_maker.h: PNG files of every kind for the tests, made in memory by libpng. Ends the program if that
 * fails. */
#ifndef TESTS_PNG_MAKER_H
#define TESTS_PNG_MAKER_H

#include <stdbool.h>

#include "idx_maker.h"

enum png_kind { PNG_GREY = 0, PNG_COLOUR = 2, PNG_PALETTE = 3, PNG_GREY_ALPHA = 4, PNG_COLOUR_ALPHA = 6 };

struct png_spec {
    enum png_kind kind;
    int depth; /* bits of a value */
    uint32_t width, height;
    bool interlaced;
    const uint8_t (*palette)[3]; /* [256]; NULL: none */
    const uint8_t *opacity;      /* [256], of the palette; NULL: none */
    const uint16_t *transparent; /* grey or red, green and blue of the one transparent value; NULL: none */
    const char *comment;         /* a compressed text chunk; NULL: none */
    const uint16_t *values;      /* [height][width][channels], each below 2^depth */
};

struct bytes png_make(const struct png_spec *spec);

/* Grey zeros of 8 bits, made without a picture in memory. */
struct bytes png_zeros(uint32_t width, uint32_t height);

/* Sets the checksum of the chunk that begins at `at` right. */
void png_fix(struct bytes *png, size_t at);
#endif
