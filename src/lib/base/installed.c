/* installed.c: see installed.h. */
#include "base/installed.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"

/* An address in this code: whichever file it was linked into. */
static const char mark;

/* The loader has no name for the program: what main is told may be anything. */
const char *installed_file(void)
{
    struct link_map *map = NULL;
    Dl_info info;

    if (dladdr1(&mark, &info, (void **)&map, RTLD_DL_LINKMAP) == 0 || !map)
        return NULL;
    return *map->l_name ? map->l_name : "/proc/self/exe";
}

bool installed_is_privileged(void)
{
    return getauxval(AT_SECURE) != 0;
}

/* What cannot pass means that it is not there. */
static int not_there(const char *path, struct error *error)
{
    if (errno == ENOMEM)
        return error_memory(error);
    return file_read_code(errno, ERROR_DATA) == ERROR_DATA ? 0 : file_read_failed(path, ERROR_DATA, error);
}

/* Sets *place to where `to` is if the folder `here` is what was configured as `from`; to NULL if it is not that, or nothing
 * is there. What both have in common is what may have changed: of /usr/bin and /usr/lib/nnrun only /bin must be the same. */
static int find_beside(const char *here, const char *from, const char *to, char **place, struct error *error)
{
    const size_t length = strlen(here);
    size_t common = 0, tail;
    int result;

    *place = NULL;
    for (size_t i = 0; from[i] && from[i] == to[i]; i++)
        if (from[i] == '/')
            common = i;
    tail = strlen(from + common);
    if (length < tail || strcmp(here + length - tail, from + common) != 0)
        return 0;
    *place = memory_format("%.*s%s", (int)(length - tail), here, to + common);
    if (!*place)
        return error_memory(error);
    if (access(*place, F_OK) == 0)
        return 0;
    result = not_there(*place, error);
    free(*place);
    *place = NULL;
    return result;
}

/* The folder that holds this code, links resolved, or NULL in *here. */
static int find_here(char **here, struct error *error)
{
    const char *const file = installed_is_privileged() ? NULL : installed_file();

    *here = file ? realpath(file, NULL) : NULL;
    if (*here)
        *strrchr(*here, '/') = '\0';
    return *here || !file ? 0 : not_there(file, error);
}

char *installed_folder(const char *folder, struct error *error)
{
    static const char *const homes[] = {NNRUN_BINDIR, NNRUN_LIBDIR};
    char *here, *place = NULL;
    int result = find_here(&here, error);

    for (size_t i = 0; here && result == 0 && !place && i < sizeof homes / sizeof homes[0]; i++)
        result = find_beside(here, homes[i], folder, &place, error);
    free(here);
    if (result == 0 && !place && !(place = memory_string(folder)))
        error_memory(error);
    return place;
}
