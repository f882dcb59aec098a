/* csv_values.h: a row of a table as the values and the label of a sample. One thread at a time. */
#ifndef PACK_CSV_VALUES_H
#define PACK_CSV_VALUES_H

#include <locale.h>

#include "data/csv_reader.h"
#include "pack/class_names.h"
#include "pack/csv_columns.h"

struct csv_values {
    const char *path;
    const struct csv_layout *layout;
    const size_t *order; /* of the columns in a sample, csv_layout.h */
    locale_t c;
    struct class_names *names; /* gets new labels */
    void *values;              /* bytes or floats of a sample, as the layout's form says: they are set */
    struct csv_row row;
};

/* Of `row`. Without a label, *label is 0. 0, or -1 after setting error: "PATH:LINE: reason". */
int csv_values_read(const struct csv_values *file, uint32_t *label, struct error *error);
#endif
