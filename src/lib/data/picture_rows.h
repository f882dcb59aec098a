/* picture_rows.h: who takes a picture row by row, so that it is never whole in memory. */
#ifndef DATA_PICTURE_ROWS_H
#define DATA_PICTURE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct picture_rows {
    void *context;
    /* What it is, before the first row; each at least 1. Returns 1 to get its rows, 0 to get it whole, or -1 after setting
     * error. */
    int (*begin)(void *context, size_t channels, size_t height, size_t width, struct error *error);
    /* Rows from the top, the channels of a pixel together. */
    void (*take)(void *context, const uint8_t *row);
};
#endif
