/* csv_pixels.h: columns of a table that are called pixels: "pixel7", "7x12", "pixel7x12". Their numbers say where in the
 * picture each is. One thread at a time. */
#ifndef PACK_CSV_PIXELS_H
#define PACK_CSV_PIXELS_H

#include "pack/csv_columns.h"

/* Columns that are called pixels, the label and what is left out not counted. */
size_t csv_pixels_count(const struct csv_layout *layout);
/* The first column of values that is not one; the number of columns if there is none. */
size_t csv_pixels_other(const struct csv_layout *layout);
/* There is no other column of values. */
bool csv_pixels_are_all(const struct csv_layout *layout);
/* The side of a square; 0: no square has that area. */
size_t csv_pixels_side(size_t area);
/* The size of the picture that columns with two numbers each make. 1, 0: they make none; -1 after setting error. */
int csv_pixels_size(const struct csv_layout *layout, size_t *height, size_t *width, struct error *error);
/* Sets layout->order, by the numbers in the names of all columns; it stays NULL where these are in order already. 1, or
 * -1 after setting error; 0: the numbers have gaps or repeat. */
int csv_pixels_order(struct csv_layout *layout, size_t width, struct error *error);
#endif
