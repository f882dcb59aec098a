/* json_text.c: see json_text.h. */
#include "base/json_text.h"

#include <stdlib.h>

#include "base/memory.h"

json_t *json_text(const char *text)
{
    json_t *string = json_string(text);
    char *ascii = string ? NULL : memory_string(text);

    for (char *at = ascii; at && *at; at++)
        *at = (unsigned char)*at < 128 ? *at : '?';
    string = string ? string : json_string(ascii);
    free(ascii);
    return string;
}

json_t *json_shape(const struct nnrun_shape *shape)
{
    json_t *list = json_array();
    int failed = 0;

    for (int32_t i = 0; i < shape->rank; i++)
        failed |= json_array_append_new(list, json_integer(shape->dim[i]));
    return json_whole(list, failed);
}

json_t *json_whole(json_t *list, int failed)
{
    if (!failed)
        return list;
    json_decref(list);
    return NULL;
}
