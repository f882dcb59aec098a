/* near_file.c: see near_file.h. */
#include "cli/near_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "setting/nearest.h"

enum { MOST_NAMES = 10000 };

/* The names in a folder, sorted, *count of them, for free_names; NULL: none could be read. */
static char **read_names(const char *folder, size_t *count)
{
    struct dirent **entries = NULL;
    const int found = scandir(folder, &entries, NULL, alphasort);
    char **names = found > 0 ? memory_array((size_t)found, sizeof *names) : NULL;

    *count = 0;
    for (int i = 0; i < found; i++) {
        if (names && entries[i]->d_name[0] != '.' && *count < MOST_NAMES)
            names[*count] = memory_string(entries[i]->d_name);
        if (names && names[*count])
            ++*count;
        free(entries[i]);
    }
    free(entries);
    return names;
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

static const char *fits(int length, char text[CONFIG_FILE_TEXT])
{
    return length > 0 && length < CONFIG_FILE_TEXT ? text : NULL;
}

const char *near_file(const char *path, char text[CONFIG_FILE_TEXT])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *near;
    const int folder = (int)(name - path);
    char **names;
    size_t count;
    int length = snprintf(text, CONFIG_FILE_TEXT, "%s.cfg", path);

    if (fits(length, text) && access(text, F_OK) == 0)
        return text;
    length = snprintf(text, CONFIG_FILE_TEXT, "%.*s", folder, path);
    names = !*name || length >= CONFIG_FILE_TEXT ? NULL : read_names(folder > 0 ? text : ".", &count);
    if (!names)
        return NULL;
    near = nearest_word(name, (const char *const *)names, count);
    if (near)
        length = snprintf(text, CONFIG_FILE_TEXT, "%.*s%s", folder, path, near);
    free_names(names, count);
    return near ? fits(length, text) : NULL;
}

const char *near_file_inside(const char *folder, bool (*wanted)(const char *path),
                             char text[CONFIG_FILE_TEXT])
{
    size_t count, length = strlen(folder);
    char **names = read_names(folder, &count);
    const char *found = NULL;

    while (length > 1 && folder[length - 1] == '/')
        length--;
    for (size_t i = 0; names && i < count && !found; i++) {
        const int used = snprintf(text, CONFIG_FILE_TEXT, "%.*s/%s", (int)length, folder, names[i]);
        if (fits(used, text) && wanted(text))
            found = text;
    }
    if (names)
        free_names(names, count);
    return found;
}
