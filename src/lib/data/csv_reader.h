/* csv_reader.h: the rows of a CSV or TSV file, plain or gzip.
 *
 * Columns are separated as csv_dialect.h says; rows end with LF or CR LF. A cell may be quoted, with "" for a quote in it and
 * line ends as they are. Blanks around a cell that is not quoted are no part of it, lines without anything are no rows, and a
 * byte order mark is no part of the first cell.
 *
 * Memory is that of the longest row, at most CSV_MOST_ROW bytes. Errors are ERROR_DATA, "PATH:LINE: reason". One thread at
 * a time. */
#ifndef DATA_CSV_READER_H
#define DATA_CSV_READER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CSV_MOST_ROW = 1 << 24, CSV_MOST_CELLS = 1 << 20 };

struct csv_cell {
    char *text; /* ends with '\0', which is in no cell */
    size_t length;
};

struct csv_row { /* valid until the next one is read */
    const struct csv_cell *cells;
    size_t count;
    unsigned line; /* its first one, from 1 */
};

struct csv_reader;

struct csv_reader *csv_reader_open(const char *path, struct error *error);
/* The same of bytes that the caller keeps; `name` stands for a path in messages. */
struct csv_reader *csv_reader_open_memory(const char *name, const void *bytes, size_t size,
                                          struct error *error);
void csv_reader_close(struct csv_reader *reader); /* NULL: nothing */

/* Before the first row is read: fails if nothing separates columns, so that there is one. Returns 0 or -1. */
int csv_reader_need_columns(const struct csv_reader *reader, struct error *error);

/* From now on reading more inflated bytes or lines than that, empty ones included, is ERROR_ARGUMENT. */
void csv_reader_limit(struct csv_reader *reader, uint64_t bytes, uint32_t lines);

/* 1: there is a row; 0: there are no more rows; -1 after setting error: no further row can be read. */
int csv_reader_next(struct csv_reader *reader, struct csv_row *row, struct error *error);

/* Bytes of rows so far, inflated, and of the file; 0: not known. */
uint64_t csv_reader_position(const struct csv_reader *reader);
uint64_t csv_reader_size(const struct csv_reader *reader);
#endif
