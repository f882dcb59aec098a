/* row_file.h: samples that are numbers in a file of any kind that has some: a CSV or TSV file with a row for each,
 * with or without a header, or an IDX file of any type, plain or gzip. The kind is seen from the first bytes.
 *
 * A first row is a header if its cells are words, or the names of the network's columns, or three and more that count 0,
 * 1, 2 and so on, which programs give for names. By a header values are placed, row_columns.h. Errors are ERROR_DATA, "PATH:
 * reason" or "PATH:LINE: reason". One thread at a time. */
#ifndef DATA_ROW_FILE_H
#define DATA_ROW_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/row_columns.h"

struct row_file;

struct row_file *row_file_open(const char *path, const struct row_spec *spec, struct error *error);
/* Of a table that the caller keeps; `name` stands for a path in messages. */
struct row_file *row_file_open_memory(const char *name, const void *bytes, size_t size,
                                      const struct row_spec *spec, struct error *error);
void row_file_close(struct row_file *file); /* NULL: nothing */

/* What the first row of a table is, before it is read. */
enum row_header { ROW_HEADER_LOOK, ROW_HEADER_YES, ROW_HEADER_NO };
void row_file_set_header(struct row_file *file, enum row_header header);
/* Whether the first row was read, and taken as a header only because it counts. */
bool row_file_header_counts(const struct row_file *file);
/* Whether there were rows of pixels so far, all of them fractions from 0 to 1, as other programs have them. */
bool row_file_is_scaled(const struct row_file *file);

/* Of a table: reading more inflated bytes or lines than that is ERROR_ARGUMENT. */
void row_file_limit(struct row_file *file, uint64_t bytes, uint32_t lines);

/* Reads the next sample into out[values], each value rounded once to a float. *there is false past the last. What
 * is no finite number, a sample of another length, and a header without rows are errors. Returns 0 or -1. */
int row_file_next(struct row_file *file, float *out, bool *there, struct error *error);

/* 1 if the file begins as a table does: with a number, or with a line of columns and a number below it. 0 also if it
 * cannot be read, and of a pipe, which is not opened. -1 when out of memory, after setting error. */
int row_file_is_table(const char *path, struct error *error);
/* The same of a file's bytes. */
int row_file_bytes_are_table(const void *bytes, size_t size, struct error *error);
#endif
