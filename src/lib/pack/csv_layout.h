/* csv_layout.h: what the columns of a table are, by its first two rows: is there a header, which column holds the label, are
 * the others pixels? One thread at a time. */
#ifndef PACK_CSV_LAYOUT_H
#define PACK_CSV_LAYOUT_H

#include <locale.h>

#include "data/csv_reader.h"
#include "pack/source.h"

#define CSV_NO_COLUMN ((size_t)-1)

struct csv_layout {
    size_t columns;
    char **names; /* [columns], of the header; NULL: there is none */
    size_t label; /* its column, or CSV_NO_COLUMN */
    size_t index; /* a column that counts the rows and is left out, or CSV_NO_COLUMN */
    bool guessed; /* the label is in the first column by custom alone */
    size_t side;  /* numbers may be pixels of side x side pictures, but are none that were asked for; 0: no */
    size_t values; /* columns of numbers */
    struct pack_form form;
};

/* Reads the first rows of the file. 0, or -1 after setting error: layout needs no finish then. */
int csv_layout_look(struct csv_layout *layout, const char *path, const struct pack_options *options,
                    locale_t c, struct error *error);
/* Fails (ERROR_DATA) unless a file has the columns of the first one. Returns 0 or -1. */
int csv_layout_check_same(const struct csv_layout *layout, const char *path, const struct csv_layout *first,
                          const char *first_path, struct error *error);
void csv_layout_finish(struct csv_layout *layout);

enum { CSV_COLUMN_TEXT = 100 };

/* `column 5 ("pixel3")`, for messages; columns are counted from 0. */
const char *csv_layout_column(const struct csv_layout *layout, size_t column, char text[CSV_COLUMN_TEXT]);
#endif
