/* row_columns.h: where the columns of a table are in a sample: by their names, by the numbers of pixels, or as they stand.
 * [any thread] */
#ifndef DATA_ROW_COLUMNS_H
#define DATA_ROW_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "data/csv_reader.h"

/* What a sample must be. */
struct row_spec {
    size_t values;              /* >= 1 */
    bool pixels;                /* each from 0 to 255, and not of an IDX file, which has pictures */
    size_t height, width;       /* of pictures of one channel; 0: they are none */
    bool transposed;            /* rows of such a picture are columns in the table */
    const char *const *columns; /* [values], their names; NULL: they have none */
};

/* What is said of a first column without a name, which is one too many. */
#define ROW_COLUMNS_INDEX                                                                                    \
    "the first one has no name, as that in which pandas numbers rows: leave it out (to_csv(index=False))"

/* What is said of a last column without anything in it, which is one too many. */
#define ROW_COLUMNS_TRAILING "ends with a separator; remove it from the end of each row"

/* Whether the cells are the names of all columns, in any order: a header, even of numbers. */
bool row_columns_are_named(const struct row_spec *spec, const struct csv_row *row);

/* Whether the first cell is the header of no name. */
bool row_columns_are_unnamed(const struct csv_row *header);

/* A fresh *place[values]; NULL: all columns stand as they are in a sample. `header` NULL: there is none. Fails (ERROR_DATA) if a
 * column that has a name in the network is missing, if there is another, or if one is there twice. Returns 0 or -1. */
int row_columns_place(const struct row_spec *spec, const char *file, const struct csv_row *header,
                      size_t **place, struct error *error);

/* The number of the column of that name; `values`: there is none. */
size_t row_columns_find(const struct row_spec *spec, const char *name);
#endif
