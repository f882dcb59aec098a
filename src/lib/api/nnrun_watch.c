/* nnrun_watch.c: what a plugin was doing when it crashed, for a host that has a handler. */
#include <stdlib.h>
#include <string.h>

#include "api/public_error.h"
#include "api/public_watch.h"
#include "base/memory.h"

nnrun_watch *nnrun_watch_create(nnrun_error *error)
{
    struct error own = {0};
    nnrun_watch *watch = memory_array(1, sizeof *watch);

    if (!watch)
        error_memory(&own);
    public_error_give(error, &own);
    return watch;
}

void nnrun_watch_destroy(nnrun_watch *watch)
{
    free(watch);
}

/* Appends with snprintf's cutting, by what is async-signal-safe. */
static size_t append(char *text, size_t size, size_t at, const char *more)
{
    for (; *more && at + 1 < size; more++)
        text[at++] = *more;
    if (at < size)
        text[at] = '\0';
    return at;
}

int nnrun_watch_where(const nnrun_watch *watch, char *text, size_t size)
{
    char part[PLUGIN_CALL_TEXT];
    struct plugin_call call;
    size_t at;

    if (!plugin_watch_find(&watch->calls, &call))
        return 0;
    at = append(text, size, 0, plugin_call_text(&call, part));
    if (*plugin_call_nulls(&call, part)) {
        at = append(text, size, at, "; NULL there: ");
        append(text, size, at, part);
    }
    return 1;
}
