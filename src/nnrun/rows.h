/* nnrun/rows.h: the part of nnrun/nnrun.h about rows of numbers that become samples. Include that one. */
#ifndef NNRUN_ROWS_H
#define NNRUN_ROWS_H

#include <nnrun/nnrun.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* Samples in a file: a CSV or TSV file with a row for each, with or without a header, gzip or plain, and of a model of
 * numbers also an IDX file of any type. Those of pixels are 0 to 255. They are for nnrun_predict_floats.
 *
 * By a header values are placed: by the names of nnrun_column_name, of which none may be missing, unknown or there twice, or else
 * by the numbers of columns called pixels: "pixel7", "7x12". Without either they stand in the order of a sample. Of a model with
 * info->transposed rows of pixels are transposed. */
typedef struct nnrun_rows nnrun_rows;

/* For the model, which is closed later. NULL after setting error. */
nnrun_rows *nnrun_rows_open(const nnrun_model *model, const char *path, nnrun_error *error);
/* The same of a table in memory, which is needed until it is closed; `name` is what messages call it, NULL: "rows". */
nnrun_rows *nnrun_rows_open_bytes(const nnrun_model *model, const void *bytes, size_t size, const char *name,
                                  nnrun_error *error);

/* What the first row of a table is, before it is read. As it looks, it is a header if there are only words in it, if it has the
 * names of the columns, or if it counts 0, 1, 2 and so on; nnrun_rows_header_counts is 1 after a first row that was a header for that reason. */
enum nnrun_header { NNRUN_HEADER_LOOK, NNRUN_HEADER_YES, NNRUN_HEADER_NO };
void nnrun_rows_set_header(nnrun_rows *rows, int32_t header);
int32_t nnrun_rows_header_counts(const nnrun_rows *rows);

/* For tables of strangers: more bytes, inflated, or lines, empty ones included, are NNRUN_ERROR_ARGUMENT. 0: any number. */
void nnrun_rows_limit(nnrun_rows *rows, uint64_t bytes, uint32_t lines);

/* Reads the next one into sample[info->inputs]; *there is 0 after the last. Not after an error. Returns 0 or a code:
 * NNRUN_ERROR_DATA if a row has another length or a cell that is not a finite number, with its line and column, or if
 * there is a header alone. */
int nnrun_rows_next(nnrun_rows *rows, float *sample, int32_t *there, nnrun_error *error);
void nnrun_rows_close(nnrun_rows *rows);

/* 1 if the rows so far are fractions from 0 to 1 where pixels are expected, which are 0 to 255: as other programs have them. */
int32_t nnrun_rows_are_scaled(const nnrun_rows *rows);

/* 1 if a file begins as a table does, and no picture; 0 also if it cannot be read; -1 after setting error. */
int nnrun_file_is_table(const char *path, nnrun_error *error);
/* The same of a file's bytes. */
int nnrun_bytes_are_table(const void *bytes, size_t size, nnrun_error *error);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
