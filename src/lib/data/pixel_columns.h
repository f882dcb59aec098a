/* pixel_columns.h: columns of a table that are called pixels: "pixel7", "7x12", "pixel7x12". Their numbers say where in the
 * picture each is, and begin anywhere. [any thread] */
#ifndef DATA_PIXEL_COLUMNS_H
#define DATA_PIXEL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

bool pixel_column_is(const char *name);

/* The size of the picture whose rows and columns they are numbered by: of "0x0" to "1x7" 2x8. False where they have one number, or
 * are not as many as that. */
bool pixel_columns_size(const char *const *names, size_t count, size_t *height, size_t *width);

/* order[count]: where each column is in a picture of that width; names[i] NULL: it is no value, and keeps its order[i]. 1; 0: one
 * is no pixel, or their numbers have gaps or repeat; -1: no memory. */
int pixel_columns_order(const char *const *names, size_t count, size_t width, size_t *order);
#endif
