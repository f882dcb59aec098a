/* csv_look.h: the first rows of a table, cell by cell, for those who find out what its columns are. */
#ifndef PACK_CSV_LOOK_H
#define PACK_CSV_LOOK_H

#include <locale.h>

#include "pack/csv_columns.h"

struct csv_look {
    const char *path;
    const struct pack_options *options;
    locale_t c;
    struct csv_layout *layout;
    struct csv_cell_look {
        bool word;        /* in the second row, or in the first if there is no other */
        bool words_below; /* in each row that was looked at, from the second on */
        bool was_word;    /* in the first row */
        bool again;       /* the text of the first row stands in one below */
        bool is_byte;
        bool empty; /* in each row that was looked at */
        double was; /* the number in the first row */
    } * cells;
    bool two_rows;
};

#endif
