/* folder_files.c: see folder_files.h. */
#include "pack/folder_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_ROOM = 1024, FIRST_TEXT = 65536, MOST_FILES = 1 << 26 };

const char *folder_scan_path(const struct folder_scan *scan, size_t i)
{
    return scan->text + scan->files[i].path;
}

const char *folder_scan_place(const struct folder_scan *scan, size_t i)
{
    return folder_scan_path(scan, i) + scan->strip;
}

static int add_text(struct folder_scan *scan, const char *path, struct error *error)
{
    const size_t size = strlen(path) + 1;

    if (scan->text_room - scan->used < size) {
        const size_t room = 2 * scan->text_room + FIRST_TEXT + size;
        char *more = memory_resize(scan->text, room, 1);
        if (!more)
            return error_memory(error);
        scan->text = more;
        scan->text_room = room;
    }
    memcpy(scan->text + scan->used, path, size);
    scan->used += size;
    return 0;
}

int folder_files_add(struct folder_scan *scan, const char *path, uint32_t class, enum pack_part part,
                     struct error *error)
{
    if (scan->count == MOST_FILES)
        return error_set(error, ERROR_DATA, "more than %d files", (int)MOST_FILES);
    if (scan->count == scan->room) {
        const size_t room = scan->room ? 2 * scan->room : FIRST_ROOM;
        struct folder_file *more = memory_resize(scan->files, room, sizeof *more);
        if (!more)
            return error_memory(error);
        scan->files = more;
        scan->room = room;
    }
    scan->files[scan->count++] = (struct folder_file){scan->used, class, (uint8_t)part};
    return add_text(scan, path, error);
}

void folder_scan_finish(struct folder_scan *scan)
{
    for (size_t i = 0; i < scan->class_count; i++)
        free(scan->classes[i]);
    free(scan->classes);
    free(scan->files);
    free(scan->text);
    remarks_finish(&scan->remarks);
    *scan = (struct folder_scan){0};
}
