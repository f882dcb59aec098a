/* idx_numbers.c: see idx_numbers.h. */
#include "data/idx_numbers.h"

#include <math.h>

enum { PIECE = 8192, MOST_LABEL = 255 }; /* bytes at once: whole values of every type */

/* Value `i` of those from sample `first` on, which no float holds. */
static int fail_value(const struct idx_file *file, size_t first, size_t i, double value, struct error *error)
{
    const size_t values = idx_file_sample_values(file), sample = first + i / values;
    const struct error_facts facts = {.file = idx_file_path(file)};

    if (isfinite(value))
        return error_set_at(
            error, ERROR_DATA, &facts,
            "value %zu of sample %zu (both counted from 0) is %g, more than a 32-bit float holds", i % values,
            sample, value);
    return error_set_at(error, ERROR_DATA, &facts,
                        "value %zu of sample %zu (both counted from 0) is %s; expected a finite number",
                        i % values, sample, isnan(value) ? "NaN" : "infinite");
}

int idx_read_floats(struct idx_file *file, size_t count, float *out, struct error *error)
{
    const enum idx_type type = idx_file_type(file);
    const size_t bytes = idx_type_bytes(type), first = idx_file_position(file);
    const size_t values = count * idx_file_sample_values(file);
    uint8_t piece[PIECE];

    for (size_t at = 0; at < values;) {
        const size_t left = values - at, part = left < PIECE / bytes ? left : PIECE / bytes;
        size_t finite;

        if (idx_file_read_bytes(file, part * bytes, piece, error))
            return -1;
        finite = idx_values_floats(type, piece, part, out + at);
        if (finite < part)
            return fail_value(file, first, at + finite, idx_value(type, piece, finite), error);
        at += part;
    }
    return 0;
}

int idx_check_labels(const struct idx_file *file, struct error *error)
{
    const enum idx_type type = idx_file_type(file);

    if (type != IDX_FLOAT && type != IDX_DOUBLE)
        return 0;
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
                        "holds %s (0x%02x); labels are whole numbers from 0 to %d, in an IDX file of bytes, "
                        "shorts or ints",
                        idx_type_name(type), (unsigned)type, MOST_LABEL);
}

int idx_read_labels(struct idx_file *file, size_t count, uint8_t *out, struct error *error)
{
    const enum idx_type type = idx_file_type(file);
    const size_t bytes = idx_type_bytes(type), first = idx_file_position(file);
    const size_t width = idx_file_sample_values(file), labels = count * width;
    uint8_t piece[PIECE];

    if (type == IDX_UBYTE)
        return idx_file_read(file, count, out, error);
    for (size_t at = 0; at < labels;) {
        const size_t left = labels - at, part = left < PIECE / bytes ? left : PIECE / bytes;

        if (idx_file_read_bytes(file, part * bytes, piece, error))
            return -1;
        for (size_t i = 0; i < part; i++, at++) {
            const double label = idx_value(type, piece, i);
            if (label < 0 || label > MOST_LABEL)
                return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
                                    "sample %zu (the first is 0) has label %.0f; labels are 0 to %d",
                                    first + at / width, label, MOST_LABEL);
            out[at] = (uint8_t)label;
        }
    }
    return 0;
}
