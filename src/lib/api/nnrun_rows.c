/* nnrun_rows.c: rows of numbers into the samples of a network. */
#include <stdlib.h>

#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_model.h"
#include "base/memory.h"
#include "data/row_file.h"

struct nnrun_rows {
    struct row_file *file;
};

static struct row_spec spec_of(const nnrun_model *model)
{
    const nnrun_info *info = &model->info;
    const bool picture = !info->numbers && info->channels == 1 && info->height > 1;

    return (struct row_spec){.values = info->inputs,
                             .pixels = !info->numbers,
                             .height = picture ? info->height : 0,
                             .width = picture ? info->width : 0,
                             .transposed = info->transposed != 0,
                             .columns = info->columns ? model->model.settings.data.columns.value : NULL};
}

/* Takes the file over. */
static nnrun_rows *make_rows(struct row_file *file, struct error *error)
{
    nnrun_rows *rows = file ? memory_array(1, sizeof *rows) : NULL;

    if (rows)
        rows->file = file;
    else if (file)
        error_memory(error);
    if (!rows)
        row_file_close(file);
    return rows;
}

nnrun_rows *nnrun_rows_open(const nnrun_model *model, const char *path, nnrun_error *error)
{
    struct error own = {0};
    nnrun_rows *rows = NULL;

    if (public_need("nnrun_rows_open", "model", model, &own) == 0 &&
        public_need_path("nnrun_rows_open", "path", path, &own) == 0) {
        const struct row_spec spec = spec_of(model);
        rows = make_rows(row_file_open(path, &spec, &own), &own);
    }
    public_error_give(error, &own);
    return rows;
}

nnrun_rows *nnrun_rows_open_bytes(const nnrun_model *model, const void *bytes, size_t size, const char *name,
                                  nnrun_error *error)
{
    struct error own = {0};
    nnrun_rows *rows = NULL;

    if (public_need("nnrun_rows_open_bytes", "model", model, &own) == 0) {
        const struct row_spec spec = spec_of(model);
        rows = make_rows(
            row_file_open_memory(name ? name : "rows", bytes ? bytes : "", bytes ? size : 0, &spec, &own),
            &own);
    }
    public_error_give(error, &own);
    return rows;
}

void nnrun_rows_set_header(nnrun_rows *rows, int32_t header)
{
    const enum row_header is = header == NNRUN_HEADER_YES  ? ROW_HEADER_YES
                               : header == NNRUN_HEADER_NO ? ROW_HEADER_NO
                                                           : ROW_HEADER_LOOK;

    if (rows)
        row_file_set_header(rows->file, is);
}

int32_t nnrun_rows_header_counts(const nnrun_rows *rows)
{
    return rows && row_file_header_counts(rows->file);
}

int32_t nnrun_rows_are_scaled(const nnrun_rows *rows)
{
    return rows && row_file_is_scaled(rows->file);
}

void nnrun_rows_limit(nnrun_rows *rows, uint64_t bytes, uint32_t lines)
{
    if (rows)
        row_file_limit(rows->file, bytes, lines);
}

int nnrun_rows_next(nnrun_rows *rows, float *sample, int32_t *there, nnrun_error *error)
{
    struct error own = {0};
    struct host host;
    bool is = false;

    host_enter(&host);
    if (public_need("nnrun_rows_next", "rows", rows, &own) == 0 &&
        public_need("nnrun_rows_next", "sample", sample, &own) == 0 &&
        public_need("nnrun_rows_next", "there", there, &own) == 0)
        *there = row_file_next(rows->file, sample, &is, &own) == 0 && is;
    host_leave(&host);
    return public_error_give(error, &own);
}

void nnrun_rows_close(nnrun_rows *rows)
{
    if (!rows)
        return;
    row_file_close(rows->file);
    free(rows);
}

int nnrun_file_is_table(const char *path, nnrun_error *error)
{
    struct error own = {0};
    int result = -1;

    if (public_need_path("nnrun_file_is_table", "path", path, &own) == 0)
        result = row_file_is_table(path, &own);
    public_error_give(error, &own);
    return result;
}

int nnrun_bytes_are_table(const void *bytes, size_t size, nnrun_error *error)
{
    struct error own = {0};
    const int result = row_file_bytes_are_table(bytes ? bytes : "", bytes ? size : 0, &own);

    public_error_give(error, &own);
    return result;
}
