/* public_argument.c: see public_argument.h. */
#include "api/public_argument.h"

int public_need(const char *function, const char *what, const void *pointer, struct error *error)
{
    return pointer ? 0 : error_set(error, ERROR_ARGUMENT, "%s: there is no %s", function, what);
}

int public_need_path(const char *function, const char *what, const char *path, struct error *error)
{
    if (public_need(function, what, path, error) != 0)
        return -1;
    return *path ? 0 : error_set(error, ERROR_ARGUMENT, "%s: the %s is empty", function, what);
}

int public_need_strings(const char *structure, const char *what, const char *const *strings, size_t count,
                        struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!strings || !strings[i])
            return error_set(error, ERROR_ARGUMENT, "%s: %s: number %zu of %zu is NULL", structure, what,
                             i + 1, count);
    return 0;
}

int public_need_zero(const char *structure, int32_t reserved, struct error *error)
{
    if (reserved == 0)
        return 0;
    return error_set(error, ERROR_ARGUMENT, "%s: reserved: must be 0, not %d", structure, (int)reserved);
}
