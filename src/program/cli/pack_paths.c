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
#include "data/packed_folder.h"
#include "model/model_kind.h"

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return memory_string(".");
    return memory_string_part(path, slash == path ? 1 : (size_t)(slash - path));
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

/* Whether both are one folder, which need not be there if their texts say so. */
static bool is_one_folder(const char *folder, const char *other)
{
    struct stat a, b;

    if (is_same_folder(folder, other) || is_same_folder(other, folder))
        return true;
    return stat(folder, &a) == 0 && stat(other, &b) == 0 && file_is_same(&a, &b);
}

/* Whether the config would have the path of the output folder, or of a file that is written into it: 1, 0, or -1 without
 * memory. */
static int is_of_pack(const struct pack_paths *paths, const char *folder)
{
    const char *slash = strrchr(paths->config, '/'), *name = slash ? slash + 1 : paths->config;
    size_t length = strlen(paths->output);
    char *output, *beside = NULL;
    int is = -1;

    while (length > 1 && paths->output[length - 1] == '/')
        length--;
    output = memory_string_part(paths->output, length);
    if (output)
        beside = folder_of(output);
    if (beside) {
        slash = strrchr(output, '/');
        is = (packed_folder_may_have(name) && is_one_folder(folder, paths->output)) ||
             (strcmp(name, slash ? slash + 1 : output) == 0 && is_one_folder(folder, beside));
    }
    free(output);
    free(beside);
    return is;
}

/* A file that is there. */
static int check_replaced(const struct pack_paths *paths, const struct stat *status, struct error *error)
{
    const struct error_facts facts = {.file = paths->config},
                             over = {.file = paths->config, .advice = ADVICE_PACK_OVER};
    char begin[MODEL_BEGINNING];
    struct stat source;
    size_t size;

    if (!S_ISREG(status->st_mode))
        return error_set_at(error, ERROR_ARGUMENT, &facts, "is not a regular file");
    for (size_t i = 0; i < paths->source_count; i++)
        if (stat(paths->sources[i], &source) == 0 && file_is_same(&source, status))
            return error_set_at(error, ERROR_ARGUMENT, &facts,
                                "is the source, and would be replaced by the config; name another file");
    if (model_file_begin(paths->config, begin, &size) != 0)
        return file_read_failed(paths->config, ERROR_FAILED, error);
    if (status->st_size > 0 && model_kind(begin, size) != MODEL_CONFIG)
        return error_set_at(error, ERROR_ARGUMENT, &facts,
                            "is there already, and is not a config; name another file");
    return paths->over ? 0 : error_set_at(error, ERROR_ARGUMENT, &over, "is there already");
}

int pack_paths_check_text(const char *folder, struct error *error)
{
    const char *at = folder;
    uint32_t code;

    for (size_t length = 1; *at && length > 0; at += length)
        length = text_character(at, strlen(at), &code);
    return *at ? error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = folder},
                              "is not UTF-8, so that no config can name the folder; give it another name, "
                              "or leave --config out")
               : 0;
}

/* The file, or the folder that it is to be in. */
static int check_place(const struct pack_paths *paths, const char *folder, struct error *error)
{
    struct stat status;

    if (lstat(paths->config, &status) == 0) {
        if (check_replaced(paths, &status, error) != 0)
            return -1;
    } else if (errno != ENOENT) {
        return fail(paths->config, error);
    }
    return !folder_exists(folder) && !is_same_folder(folder, paths->output) ? fail(paths->config, error) : 0;
}

int pack_paths_check(const struct pack_paths *paths, struct error *error)
{
    char *folder;
    int failed;

    if (pack_paths_check_text(paths->output, error) != 0)
        return -1;
    folder = folder_of(paths->config);
    failed = folder ? is_of_pack(paths, folder) : -1;
    if (failed < 0)
        error_memory(error);
    else if (failed > 0)
        error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = paths->config},
                     "is a file or folder of the pack itself; give the config another name");
    else
        failed = check_place(paths, folder, error);
    free(folder);
    return failed ? -1 : 0;
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
