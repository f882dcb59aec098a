/* plugin_object.c: see plugin_object.h. */
#include "net/plugin_object.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "net/trust_path.h"

enum { NUMBER_BITS = 64, LOADER_ROOM = 1 << 18 };

static const char descriptors[] = "/proc/self/fd/";

/* A debugger asks for the name while dlopen is under way, and opens that file itself. */
static bool is_traced(void)
{
    static const char key[] = "\nTracerPid:\t";
    const int fd = file_open("/proc/self/status", O_RDONLY);
    char text[4096];
    const ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    const char *at;

    if (fd >= 0)
        close(fd);
    text[length > 0 ? length : 0] = '\0';
    at = strstr(text, key);
    return at && at[strlen(key)] != '0';
}

static bool is_there(int fd, const char *path)
{
    struct stat ours, there;

    return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && file_is_same(&ours, &there);
}

/* errno is ENOMEM afterwards only if there was no memory: dlerror() words that in a dozen ways. */
static void *open_object(const char *name)
{
    errno = 0;
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

/* After dlopen has failed: was that for lack of memory? It gives no reason but dlerror, which words that in a dozen
 * ways; and where it cannot map a file, not even errno tells. */
static bool lacks_memory(int fd, int reason)
{
    struct stat status;

    return reason == ENOMEM || (fstat(fd, &status) == 0 && status.st_size >= 0 &&
                                !memory_has_room((size_t)status.st_size + LOADER_ROOM));
}

/* Whether the system did not let the loader open or read the file. dlerror() has its reason in the user's language, and
 * errno is not promised: so this opens it once more. */
static bool is_denied(const char *name, int reason)
{
    const int fd = file_open(name, O_RDONLY);

    if (fd < 0)
        return file_read_code(errno, ERROR_CONFIG) == ERROR_FAILED;
    close(fd);
    return reason == EMFILE || reason == ENFILE || reason == EIO;
}

/* What dlerror says begins with the name that the loader was given. */
static int load_failed(int fd, const char *name, const char *path, struct error *error)
{
    const int reason = errno;
    const bool denied = is_denied(name, reason);
    const char *why = dlerror();
    const size_t length = strlen(name);

    if (lacks_memory(fd, reason))
        return error_memory(error);
    if (why && strncmp(why, name, length) == 0 && strncmp(why + length, ": ", 2) == 0)
        why += length + 2;
    return error_set(error, denied ? ERROR_FAILED : ERROR_CONFIG, "%s cannot be loaded: %s", path,
                     why ? why : "no reason is known");
}

/* Nobody can write to the folders above it who is not trusted: whoever put another file there since was. */
static void *load_by_path(int fd, const char *path, struct error *error)
{
    void *object = open_object(path);

    if (!object)
        load_failed(fd, path, path, error);
    else if (errno = 0, is_there(fd, path))
        return object;
    else if (errno != 0)
        trust_path_failed(path, errno, error);
    else
        error_set(error, ERROR_FAILED, "%s was replaced while it was loaded: try again", path);
    return NULL;
}

/* The bits of a number, the lowest first: "./" or "/". */
static size_t add_number(char *name, size_t size, uint64_t number)
{
    size_t used = 0;

    for (int i = 0; i < NUMBER_BITS; i++, number >>= 1)
        used += (size_t)snprintf(name + used, size - used, "%s", number & 1 ? "./" : "/");
    return used;
}

/* The loader remembers names, and numbers of descriptors come back: by that number alone a name would stand for this
 * file again, whatever was opened since. So device and file are in it, too: a file keeps its number while it is loaded.
 * There is room for `length` bytes. NULL: there is no memory. */
static char *make_name(int fd, const struct stat *status, size_t length)
{
    const size_t size = sizeof descriptors + 4 * NUMBER_BITS + length + 16;
    char *const name = malloc(size);
    size_t used;

    if (!name)
        return NULL;
    used = (size_t)snprintf(name, size, "%s", descriptors);
    used += add_number(name + used, size - used, status->st_ino);
    used += add_number(name + used, size - used, status->st_dev);
    while (used < length)
        used += (size_t)snprintf(name + used, size - used, "./");
    snprintf(name + used, size - used, "%d", fd);
    return name;
}

/* Gives it the name of its file, which debuggers, backtraces and dladdr show. There is room. */
static void rename_object(void *object, const char *from, const char *to)
{
    struct link_map *map = NULL;

    if (dlinfo(object, RTLD_DI_LINKMAP, &map) == 0 && map && strcmp(map->l_name, from) == 0)
        memcpy(map->l_name, to, strlen(to) + 1);
}

void *plugin_object_load(int fd, const char *path, bool by_path, struct error *error)
{
    struct stat status;
    char *name;
    void *object;

    if (fstat(fd, &status) != 0) {
        trust_path_failed(path, errno, error);
        return NULL;
    }
    name = make_name(fd, &status, strlen(path));
    if (!name) {
        error_memory(error);
        return NULL;
    }
    if (by_path || is_traced() || !is_there(fd, name)) {
        object = load_by_path(fd, path, error);
    } else {
        object = open_object(name);
        if (object)
            rename_object(object, name, path);
        else
            load_failed(fd, name, path, error);
    }
    free(name);
    return object;
}
