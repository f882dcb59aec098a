/* pack_paths.c: see pack_paths.h. */
#include "cli/pack_paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/folder_io.h"
#include "base/memory.h"
#include "base/text.h"

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return memory_string(".");
    return memory_string_part(path, slash == path ? 1 : (size_t)(slash - path));
}

char *pack_paths_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
    char *name = memory_string_part(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));

    if (name)
        text_make_printable(name);
    return name;
}

/* The same but for slashes at its end? */
static bool is_same_folder(const char *folder, const char *other)
{
    const size_t length = strlen(folder);

    return strncmp(folder, other, length) == 0 && other[length + strspn(other + length, "/")] == '\0';
}

/* By errno: where a config cannot be. */
static int fail(const char *path, struct error *error)
{
    const int reason = errno;
    const enum error_code code = file_open_code(reason) == ERROR_DATA ? ERROR_ARGUMENT : ERROR_FAILED;

    return reason == ENOMEM ? error_memory(error)
                            : error_set_at(error, code, &(struct error_facts){.file = path},
                                           "cannot be written: %s", strerror(reason));
}

int pack_paths_check(const char *path, const char *output, bool over, struct error *error)
{
    struct stat status;
    char *folder;
    bool there;

    if (lstat(path, &status) != 0) {
        if (errno != ENOENT)
            return fail(path, error);
    } else if (!S_ISREG(status.st_mode)) {
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = path},
                            "is not a regular file");
    } else if (!over) {
        return error_set_at(error, ERROR_ARGUMENT,
                            &(struct error_facts){.file = path, .advice = ADVICE_PACK_OVER},
                            "is there already");
    }
    folder = folder_of(path);
    if (!folder)
        return error_memory(error);
    there = is_same_folder(folder, output) || folder_exists(folder);
    if (!there)
        fail(path, error);
    free(folder);
    return there ? 0 : -1;
}

/* The way from one folder to another, both as realpath gives them; NULL: no memory. */
static char *way(const char *from, const char *to)
{
    size_t same = 0, i = 0;
    char *text = memory_string(""), *longer;

    while (from[i] && from[i] == to[i])
        if (from[i++] == '/')
            same = i;
    if ((!from[i] && (!to[i] || to[i] == '/')) || (!to[i] && from[i] == '/'))
        same = i + (from[i] == '/' || to[i] == '/');
    from += strlen(from) < same ? strlen(from) : same;
    to += strlen(to) < same ? strlen(to) : same;
    while (text && *from) {
        longer = memory_format("%s../", text);
        free(text);
        text = longer;
        from += strcspn(from, "/");
        from += *from == '/';
    }
    longer = text ? memory_format("%s%s", text, *to ? to : ".") : NULL;
    free(text);
    return longer;
}

static char *real_path(const char *path, struct error *error)
{
    char *real = realpath(path, NULL);

    if (!real && errno == ENOMEM)
        error_memory(error);
    else if (!real)
        error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s", strerror(errno));
    return real;
}

char *pack_paths_from(const char *path, const char *folder, struct error *error)
{
    char *own = folder_of(path), *from = NULL, *to = NULL, *text = NULL;

    if (own)
        from = real_path(own, error);
    if (from)
        to = real_path(folder, error);
    if (to)
        text = way(from, to);
    if (!text && error->code == ERROR_NONE)
        error_memory(error);
    free(own);
    free(from);
    free(to);
    return text;
}
