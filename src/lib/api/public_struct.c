/* public_struct.c: see public_struct.h. */
#include "api/public_struct.h"

#include <string.h>

int public_struct_take(const char *name, const void *given, void *own, size_t size, struct error *error)
{
    const unsigned char *bytes = given;
    size_t callers;

    memset(own, 0, size);
    if (!given)
        return 0;
    memcpy(&callers, given, sizeof callers);
    if (callers < sizeof callers)
        return error_set(error, ERROR_ARGUMENT, "%s: its size is not set", name);
    for (size_t i = size; i < callers; i++)
        if (bytes[i] != 0)
            return error_set(error, ERROR_ARGUMENT,
                             "%s: sets something that this version, " NNRUN_VERSION ", does not know", name);
    memcpy(own, given, callers < size ? callers : size);
    return 0;
}

bool public_struct_begin(void *given, size_t first)
{
    size_t callers;

    if (!given)
        return false;
    memcpy(&callers, given, sizeof callers);
    if (callers == 0)
        memcpy(given, &first, sizeof first);
    return callers == 0 || callers >= first;
}

void public_struct_give(void *given, const void *own, size_t size)
{
    size_t callers;

    if (!given)
        return;
    memcpy(&callers, given, sizeof callers);
    if (callers > sizeof callers)
        memcpy((char *)given + sizeof callers, (const char *)own + sizeof callers,
               (callers < size ? callers : size) - sizeof callers);
}
