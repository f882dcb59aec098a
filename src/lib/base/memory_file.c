/* memory_file.c: see memory_file.h. */
#include "base/memory_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_ROOM = 4096 };

/* So that as many bytes more and a '\0' fit. */
static bool grow(struct memory_file *file, size_t more)
{
    size_t needed, room = file->room ? file->room : FIRST_ROOM;
    char *text;

    if (!size_add(file->size, more, &needed) || !size_add(needed, 1, &needed))
        return false;
    while (room < needed)
        if (!size_multiply(room, 2, &room))
            return false;
    if (room == file->room)
        return true;
    if (!(text = memory_resize(file->text, room, 1)))
        return false;
    file->text = text;
    file->room = room;
    return true;
}

static ssize_t take(void *cookie, const char *bytes, size_t count)
{
    struct memory_file *file = cookie;

    file->failed = file->failed || !grow(file, count);
    if (file->failed)
        return 0; /* an error of the stream */
    memcpy(file->text + file->size, bytes, count);
    file->size += count;
    return (ssize_t)count;
}

FILE *memory_file_open(struct memory_file *file)
{
    *file = (struct memory_file){0};
    file->out = fopencookie(file, "w", (cookie_io_functions_t){.write = take});
    return file->out;
}

char *memory_file_close(struct memory_file *file, size_t *size)
{
    bool failed = !file->out;

    if (file->out) {
        failed = ferror(file->out) != 0;
        failed = fclose(file->out) != 0 || failed;
    }
    if (failed || file->failed || !grow(file, 0)) {
        free(file->text);
        return NULL;
    }
    file->text[file->size] = '\0';
    if (size)
        *size = file->size;
    return file->text;
}
