/* csv_dialect.h: what is in a table before its first row, where its rows end, and what separates its columns. [any thread] */
#ifndef DATA_CSV_DIALECT_H
#define DATA_CSV_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes before the first row: a byte order mark, and a line "sep=;", by which spreadsheets tell what separates columns, which
 * sets *separator, if that is not NULL. */
size_t csv_beginning(const char *text, size_t size, char *separator);

/* The line feed that ends the row, which is not within quotes, or NULL if there is none before `limit`. */
const char *csv_row_end(const char *row, const char *limit, char separator);

/* What separates columns: of tabs, semicolons and commas that of which each of the first rows has as many; else the most
 * frequent in the first row that has any. 0: there are none. `whole`: the text ends at `limit`. */
char csv_separator(const char *text, const char *limit, bool whole);

/* The first row that is not empty, of a text that begins a table, or may. */
struct csv_first {
    const char *row, *end; /* its line feed, NULL: there is none */
    bool several;          /* it has several columns */
};
struct csv_first csv_first_row(const char *text, size_t size, bool whole);
#endif
