/* environment.c: see environment.h. */
#include "cli/environment.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "cli/library_error.h"

enum { MOST_FOLDERS = 64 };

/* Adds the parts of "a:b:c". */
static int add_folders(const char *list, struct options *options, struct error *error)
{
    while (list && *list) {
        const size_t length = strcspn(list, ":");

        if (length > 0) {
            if (options->folder_count == MOST_FOLDERS)
                return error_set(error, ERROR_ARGUMENT, "more than %d plugin folders", (int)MOST_FOLDERS);
            options->folders[options->folder_count] = memory_string_part(list, length);
            if (!options->folders[options->folder_count++])
                return error_memory(error);
        }
        list += length + (list[length] == ':');
    }
    return 0;
}

static int check_folder(const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/');
    struct stat status;

    if (stat(path, &status) != 0)
        return error_set(error, ERROR_ARGUMENT, "--plugin-path: %s: %s", path, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return error_set(
            error, ERROR_ARGUMENT,
            "--plugin-path: %s is not a directory; name the folder that it is in: --plugin-path %.*s", path,
            slash ? (int)(slash - path) + (slash == path) : 1, slash ? path : ".");
    return 0;
}

int environment_read(struct options *options, struct error *error)
{
    nnrun_error level = NNRUN_ERROR_INIT;

    options->level = secure_getenv("NNRUN_ISA");
    if (!nnrun_level(options->level, &level) && library_error(error, &level))
        return error_prefix(error, "NNRUN_ISA=");
    options->folders = memory_array(MOST_FOLDERS, sizeof *options->folders);
    if (!options->folders)
        return error_memory(error);
    for (size_t i = 0; i < options->plugin_folder_count; i++)
        if (add_folders(options->plugin_folders[i], options, error) != 0)
            return -1;
    /* a misspelt one would be missed only where a layer is, and others may have a layer of that type */
    for (size_t i = 0; i < options->folder_count; i++)
        if (check_folder(options->folders[i], error) != 0)
            return -1;
    return add_folders(secure_getenv("NNRUN_PLUGIN_PATH"), options, error);
}

unsigned environment_processes(void)
{
    static const char *const names[][2] = {{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                           {"PMI_SIZE", "PMI_RANK"}};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *size = getenv(names[i][0]), *rank = getenv(names[i][1]);
        const unsigned long count = size ? strtoul(size, NULL, 10) : 0;

        if (rank && strcmp(rank, "0") == 0 && count > 1 && count <= UINT_MAX)
            return (unsigned)count;
    }
    return 0;
}
