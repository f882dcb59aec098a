/* guarded.c: see guarded.h. */
#include "check/guarded.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    GUARD = 1024,     /* bytes; a multiple of 64 */
    MARK_READ = 0xff, /* NaN: a read outside shows in the results */
    MARK_WRITTEN = 0xa5
};

float *guarded_floats(const struct guarded *buffer)
{
    return (float *)(void *)(buffer->memory + GUARD);
}

void guarded_fill(struct guarded *buffer, unsigned char byte)
{
    memset(buffer->memory + GUARD, byte, buffer->bytes);
}

static void mark_guards(struct guarded *buffer)
{
    memset(buffer->memory, buffer->mark, GUARD);
    memset(buffer->memory + GUARD + buffer->bytes, buffer->mark, GUARD);
}

int guarded_create(struct guarded *buffer, size_t count, size_t size, bool constant, struct part part)
{
    size_t whole;

    buffer->part = part;
    part_text(&part, buffer->name);
    if (!size_multiply(count, size, &buffer->bytes) || !size_add(buffer->bytes, (size_t)2 * GUARD, &whole))
        return -1;
    buffer->mark = constant ? MARK_READ : MARK_WRITTEN;
    buffer->memory = memory_array(whole, 1);
    buffer->before = constant ? memory_array(buffer->bytes, 1) : NULL;
    if (!buffer->memory || (constant && !buffer->before))
        return -1;
    mark_guards(buffer);
    return 0;
}

void guarded_destroy(struct guarded *buffer)
{
    free(buffer->memory);
    free(buffer->before);
}

void guarded_remember(struct guarded *buffer)
{
    if (buffer->before)
        memcpy(buffer->before, buffer->memory + GUARD, buffer->bytes);
}

static bool guard_is_broken(const unsigned char *guard, unsigned char mark)
{
    for (size_t i = 0; i < GUARD; i++)
        if (guard[i] != mark)
            return true;
    return false;
}

unsigned guarded_restore(struct guarded *buffer)
{
    unsigned found = 0;

    if (guard_is_broken(buffer->memory, buffer->mark))
        found |= GUARDED_IN_FRONT;
    if (guard_is_broken(buffer->memory + GUARD + buffer->bytes, buffer->mark))
        found |= GUARDED_BEHIND;
    if (found)
        mark_guards(buffer);
    if (buffer->before && memcmp(buffer->before, buffer->memory + GUARD, buffer->bytes) != 0) {
        found |= GUARDED_CHANGED;
        memcpy(buffer->memory + GUARD, buffer->before, buffer->bytes);
    }
    return found;
}
