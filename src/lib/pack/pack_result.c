/* pack_result.c: see pack_result.h. */
#include "pack/pack_result.h"

#include <stdlib.h>

#include "base/memory.h"

const char *pack_part_name(enum pack_part part)
{
    static const char *const names[PACK_PARTS] = {"all", "train", "validation", "test"};

    return names[part];
}

void pack_result_finish(struct pack_result *result)
{
    class_order_finish(&result->order);
    for (size_t i = 0; i < PACK_PARTS; i++)
        free(result->parts[i].by_class);
    statistics_finish(&result->statistics);
    remarks_finish(&result->remarks);
    memory_free_each((void **)result->columns, result->column_count);
    free(result->label_name);
    *result = (struct pack_result){0};
}
