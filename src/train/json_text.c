/* json_text.c: see json_text.h. */
#include "train/json_text.h"

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
