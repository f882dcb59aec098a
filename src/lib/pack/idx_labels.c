/* idx_labels.c: see idx_labels.h. */
#include "pack/idx_labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int idx_labels_open(struct idx_labels *labels, const char *path, struct error *error)
{
    struct nnrun_shape shape;

    *labels = (struct idx_labels){.file = idx_file_open_any(path, error)};
    if (!labels->file)
        return -1;
    shape = idx_file_shape(labels->file);
    labels->columns = shape.rank == 1 ? (size_t)shape.dim[0] : 1;
    if (shape.rank > 1 || labels->columns > IDX_LABELS_MOST)
        return error_set_at(
            error, ERROR_DATA, &(struct error_facts){.file = path},
            "has labels of %d dimensions for each sample, expected one label or a row of at most %d",
            (int)shape.rank, IDX_LABELS_MOST);
    labels->width =
        labels->columns == IDX_LABELS_QMNIST && idx_file_type(labels->file) == IDX_INT ? 1 : labels->columns;
    labels->bytes = malloc(idx_file_sample_bytes(labels->file));
    return labels->bytes ? 0 : error_memory(error);
}

void idx_labels_finish(struct idx_labels *labels)
{
    idx_file_close(labels->file);
    free(labels->bytes);
    *labels = (struct idx_labels){0};
}

static int fail(const struct idx_labels *labels, double value, const char *expected, struct error *error)
{
    error_set_at(error, ERROR_DATA,
                 &(struct error_facts){.file = idx_file_path(labels->file), .advice = ADVICE_PACK_BROKEN},
                 "label %zu is %g, expected %s", idx_file_position(labels->file) - 1, value, expected);
    return 1;
}

int idx_labels_next(struct idx_labels *labels, struct class_names *names, char *const *mapped,
                    size_t mapped_count, uint32_t *out, struct error *error)
{
    const enum idx_type type = idx_file_type(labels->file);
    double value;
    int result;

    if (idx_file_read(labels->file, 1, labels->bytes, error) != 0)
        return -1;
    for (size_t i = 0; labels->width > 1 && i < labels->width; i++) {
        value = idx_value(type, labels->bytes, i);
        if (value != 0 && value != 1)
            return fail(labels, value, "0 or 1, as of several labels each is", error);
        out[i] = (uint32_t)value;
    }
    if (labels->width > 1)
        return 0;
    value = idx_value(type, labels->bytes, 0);
    if (!(fabs(value) < 1e15) || value != floor(value))
        return fail(labels, value, "a whole number", error);
    if (value >= 0 && value < (double)mapped_count && mapped[(size_t)value])
        result = class_names_number(names, mapped[(size_t)value], strlen(mapped[(size_t)value]), out);
    else
        result = class_names_whole(names, (int64_t)value, out);
    if (result < 0)
        return error_memory(error);
    return result == 0 ? 0 : fail(labels, value, "at most 65536 different ones", error);
}
