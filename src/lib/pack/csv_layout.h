/* csv_layout.h: what the columns of a table are, by its first rows: is there a header, which column holds the label, are
 * the others pixels? One thread at a time. */
#ifndef PACK_CSV_LAYOUT_H
#define PACK_CSV_LAYOUT_H

#include <locale.h>

#include "pack/csv_columns.h"

/* Reads the first rows of the file. 0, or -1 after setting error: layout needs no finish then. */
int csv_layout_look(struct csv_layout *layout, const char *path, const struct pack_options *options,
                    locale_t c, struct error *error);
/* Fails (ERROR_DATA) unless a file has the columns of the first one. Returns 0 or -1. */
int csv_layout_check_same(const struct csv_layout *layout, const char *path, const struct csv_layout *first,
                          const char *first_path, struct error *error);
#endif
