/* folder_names.c: see folder_names.h. */
#include "pack/folder_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder_io.h"
#include "base/memory.h"

enum { FIRST_ROOM = 64 };

static bool is_passed_over(const char *name)
{
    static const char *const left[] = {"Thumbs.db", "thumbs.db", "desktop.ini", "Desktop.ini", "__MACOSX"};

    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        if (strcmp(name, left[i]) == 0)
            return true;
    return name[0] == '.';
}

int folder_names_add(struct folder_names *names, const char *name, const char *path, struct error *error)
{
    struct folder_name *to;
    struct stat status;

    if (names->count == names->room) {
        const size_t room = names->room ? 2 * names->room : FIRST_ROOM;
        struct folder_name *more = memory_resize(names->list, room, sizeof *more);
        if (!more)
            return error_memory(error);
        names->list = more;
        names->room = room;
    }
    to = &names->list[names->count];
    *to = (struct folder_name){.name = memory_string(name), .path = memory_string(path)};
    names->count++;
    if (!to->name || !to->path)
        return error_memory(error);
    if (stat(path, &status) != 0) {
        if (errno == ENOENT || errno == ELOOP)
            return 0; /* a link to nothing: who opens it says so */
        return errno == ENOMEM ? error_memory(error)
                               : error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s",
                                              strerror(errno));
    }
    to->kind = S_ISDIR(status.st_mode) ? FOLDER_FOLDER : S_ISREG(status.st_mode) ? FOLDER_FILE : FOLDER_OTHER;
    to->device = status.st_dev;
    to->inode = status.st_ino;
    return 0;
}

struct reading {
    struct folder_names *names;
    const char *path;
};

static int read_one(void *arg, int folder, const char *name, struct error *error)
{
    const struct reading *reading = arg;
    char *path;
    int failed;

    (void)folder;
    if (is_passed_over(name))
        return 0;
    path = memory_format("%s/%s", reading->path, name);
    if (!path)
        return error_memory(error);
    failed = folder_names_add(reading->names, name, path, error);
    free(path);
    return failed;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct folder_name *)a)->name, ((const struct folder_name *)b)->name);
}

int folder_names_read(struct folder_names *names, const char *path, struct error *error)
{
    struct reading reading = {names, path};

    *names = (struct folder_names){0};
    if (folder_each(path, read_one, &reading, error) != 0)
        return -1;
    if (names->count > 0)
        qsort(names->list, names->count, sizeof *names->list, by_name);
    return 0;
}

void folder_names_finish(struct folder_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->list[i].name);
        free(names->list[i].path);
    }
    free(names->list);
    *names = (struct folder_names){0};
}

size_t folder_names_count(const struct folder_names *names, enum folder_kind kind, const char **first)
{
    size_t count = 0;

    *first = NULL;
    for (size_t i = 0; i < names->count; i++)
        if (names->list[i].kind == kind && count++ == 0)
            *first = names->list[i].name;
    return count;
}
