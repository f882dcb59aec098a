/* csv_columns.h: the columns of a table: their names, and which of them is what. One thread at a time. */
#ifndef PACK_CSV_COLUMNS_H
#define PACK_CSV_COLUMNS_H

#include "pack/source.h"

#define CSV_NO_COLUMN ((size_t)-1)

struct csv_layout {
    size_t columns;
    char **names;   /* [columns], of the header; NULL: there is none */
    size_t label;   /* its column, or CSV_NO_COLUMN */
    size_t index;   /* a column that counts the rows and is left out, or CSV_NO_COLUMN */
    size_t counter; /* one that seems to, and is not left out, or CSV_NO_COLUMN */
    bool counted;   /* the first row is a header because it counts 0, 1, 2 */
    bool guessed;   /* the label is in the first column by custom alone */
    bool shuffled;  /* columns called pixels were not placed by their numbers, which have gaps or repeat */
    size_t side; /* numbers may be pixels of side x side pictures, but are none that were asked for; 0: no */
    size_t values; /* columns of numbers */
    size_t *order; /* [columns], where each is in a sample; NULL: as in the table */
    struct pack_form form;
};

void csv_layout_finish(struct csv_layout *layout);

enum { CSV_COLUMN_TEXT = 100 };

/* `column 5 ("pixel3")`, for messages; columns are counted from 0. */
const char *csv_layout_column(const struct csv_layout *layout, size_t column, char text[CSV_COLUMN_TEXT]);
#endif
