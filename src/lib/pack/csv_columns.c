/* csv_columns.c: see csv_columns.h. */
#include "pack/csv_columns.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

const char *csv_layout_column(const struct csv_layout *layout, size_t column, char text[CSV_COLUMN_TEXT])
{
    const char *name = layout->names && column < layout->columns ? layout->names[column] : "";

    snprintf(text, CSV_COLUMN_TEXT, *name ? "column %zu (\"%.40s\")" : "column %zu", column + 1, name);
    return text;
}

void csv_layout_finish(struct csv_layout *layout)
{
    memory_free_each((void **)layout->names, layout->names ? layout->columns : 0);
    layout->names = NULL;
    free(layout->order);
    layout->order = NULL;
}
