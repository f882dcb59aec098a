/* output_paths.c: see output_paths.h. */
#include "cli/output_paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"

enum { BEGINNING = 8192 };

/* The folder that the file is in. Returns 0, 1 if there is none, or -1: no memory. */
static int find_folder(const char *path, struct stat *folder)
{
    const char *slash = strrchr(path, '/');
    char *name = memory_format("%.*s.", slash ? (int)(slash + 1 - path) : 0, path);
    const int failed = name ? stat(name, folder) : 0;

    free(name);
    return !name ? -1 : failed ? 1 : 0;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Whether both are of one file, which need not be there. Returns 0, 1 or -1: no memory. */
static int are_same(const char *a, const char *b)
{
    struct stat one, other;
    int found;

    if (stat(a, &one) == 0 && stat(b, &other) == 0)
        return file_is_same(&one, &other);
    if (strcmp(name_of(a), name_of(b)) != 0)
        return 0;
    found = find_folder(a, &one);
    found = found ? found : find_folder(b, &other);
    return found < 0 ? -1 : found == 0 && file_is_same(&one, &other);
}

/* A folder and the like are told of when the file is written. */
int output_path_check(const struct output_path *to, struct error *error)
{
    const struct error_facts facts = {.file = to->path};
    const int fd = file_open(to->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    char begin[BEGINNING];
    struct stat status;
    size_t size = 0;
    int failed;

    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0)
        return file_read_failed(to->path, ERROR_FAILED, error);
    failed = fstat(fd, &status);
    if (!failed && S_ISREG(status.st_mode) && status.st_size > 0) {
        size = status.st_size < BEGINNING ? (size_t)status.st_size : BEGINNING;
        failed = file_read(fd, begin, size);
    }
    if (failed)
        file_read_failed(to->path, ERROR_FAILED, error);
    close(fd);
    if (failed)
        return -1;
    if (size == 0 || to->begins(begin, size))
        return 0;
    return error_set_at(error, ERROR_ARGUMENT, &facts,
                        "is not %s, and is not replaced; give another name, or remove it", to->kind);
}

static int check_one(const char *checkpoint, const struct output_path *to, struct error *error)
{
    struct stat from, status;

    if (stat(checkpoint, &from) == 0 && stat(to->path, &status) == 0 && file_is_same(&from, &status))
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = to->path},
                            "is the checkpoint itself; expected a different file");
    return output_path_check(to, error);
}

static int check_two(const struct output_path *a, const struct output_path *b, struct error *error)
{
    const int same = are_same(a->path, b->path);

    if (same < 0)
        return error_memory(error);
    return same ? error_set(error, ERROR_ARGUMENT,
                            "%s %s and %s %s are the same file; give each a file of its own", a->option,
                            a->path, b->option, b->path)
                : 0;
}

int output_paths_check(const char *checkpoint, const struct output_path *paths, size_t count,
                       struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; paths[i].path && k < i; k++)
            if (paths[k].path && check_two(&paths[k], &paths[i], error) != 0)
                return -1;
        if (paths[i].path && check_one(checkpoint, &paths[i], error) != 0)
            return -1;
    }
    return 0;
}
