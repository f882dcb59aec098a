/* output_place.c: see output_place.h. */
#include "pack/output_place.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/folder_io.h"
#include "base/memory.h"

/* Takes the last name of a path off: "a/b" becomes "a", "/a" becomes "/", and "a" becomes ".". False if there is none left. */
static bool go_up(char *path)
{
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length == 0) {
        const bool more = strcmp(path, ".") != 0 && *path;
        if (more)
            memcpy(path, ".", 2);
        return more;
    }
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (path[length] == '\0')
        return false;
    path[length] = '\0';
    return true;
}

size_t output_place_missing(const char *path)
{
    char *part = memory_string(path);
    size_t missing = 0;

    if (!part)
        return 1;
    do
        missing++;
    while (go_up(part) && !folder_exists(part));
    free(part);
    return missing;
}

void output_place_remove(const char *path, size_t made)
{
    char *part = made > 1 ? memory_string(path) : NULL;

    if (made > 0)
        rmdir(path);
    while (part && made-- > 1 && go_up(part) && (rmdir(part) == 0 || errno == ENOENT))
        continue;
    free(part);
}

/* *there: the path, or the first folder above it, that is there, without links; NULL if there is none. */
static int find_there(const char *path, char **there, struct error *error)
{
    char *text = memory_string(path);

    *there = NULL;
    if (!text)
        return error_memory(error);
    do {
        errno = 0;
        *there = realpath(text, NULL);
    } while (!*there && errno != ENOMEM && go_up(text));
    free(text);
    return !*there && errno == ENOMEM ? error_memory(error) : 0;
}

/* The path that is the folder `at`; NULL: none is. */
static const char *find_path(const char *at, const char *const *paths, size_t count)
{
    struct stat folder, status;

    if (stat(at, &folder) != 0)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (stat(paths[i], &status) == 0 && file_is_same(&status, &folder))
            return paths[i];
    return NULL;
}

int output_place_check(const char *folder, const char *const *paths, size_t count, struct error *error)
{
    const char *source = NULL;
    char *at;

    if (find_there(folder, &at, error) != 0)
        return -1;
    while (at && !(source = find_path(at, paths, count)) && go_up(at))
        continue;
    free(at);
    return source ? error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = folder},
                                 "is in the source %s; name a folder outside of it", source)
                  : 0;
}
