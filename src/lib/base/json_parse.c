/* json_parse.c: see json_parse.h. */
#include "base/json_parse.h"

#include <stdlib.h>

/* jansson hands its allocator nothing of the caller's, so this cannot be a parameter. */
static _Thread_local bool failed;

static void *allocate(size_t size)
{
    void *memory = malloc(size);

    if (!memory)
        failed = true;
    return memory;
}

json_t *json_parse(const char *text, size_t length, size_t flags, bool *memory, json_error_t *reason)
{
    json_malloc_t old_malloc;
    json_free_t old_free;
    json_t *root;

    failed = false;
    json_get_alloc_funcs(&old_malloc, &old_free);
    json_set_alloc_funcs(allocate, free);
    root = json_loadb(text, length, flags, reason);
    json_set_alloc_funcs(old_malloc, old_free);
    *memory = failed;
    if (!failed)
        return root;
    json_decref(root);
    return NULL;
}
