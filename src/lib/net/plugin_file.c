/* plugin_file.c: see plugin_file.h. */
#include "net/plugin_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "net/elf_loader.h"
#include "net/trust_refusal.h"

/* ---- what it is ------------------------------------------------------------------------------------------------ */

static void not_regular(const char *path, mode_t mode, struct error *error)
{
    error_set(error, ERROR_CONFIG, "%s is a %s, not a file: a plugin is a regular file", path,
              S_ISDIR(mode)    ? "folder"
              : S_ISFIFO(mode) ? "pipe"
              : S_ISSOCK(mode) ? "socket"
                               : "device");
}

/* Looks before it opens: a pipe would wait, a device may do anything. And after it: the name may stand for another file
 * by now. */
static int open_regular(struct plugin_file *file, const char *path, struct stat *status, struct error *error)
{
    const struct trust_path *way = &file->way;

    if (!S_ISREG(way->places[way->count - 1].mode)) {
        not_regular(path, way->places[way->count - 1].mode, error);
        return -1;
    }
    do
        file->fd = openat(way->folder, way->name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
    while (file->fd < 0 && errno == EINTR);
    if (file->fd < 0 || fstat(file->fd, status) != 0) {
        trust_path_failed(path, errno, error);
        return -1;
    }
    if (S_ISREG(status->st_mode))
        return 0;
    not_regular(path, status->st_mode, error);
    return -1;
}

/* What is not looked at, such as debug information, is not read, and costs no memory: those bytes are zero. */
static int read_image(struct plugin_file *file, const char *path, size_t size, struct error *error)
{
    size_t at, length;

    file->bytes = calloc(size + 1, 1);
    if (!file->bytes)
        return error_memory(error);
    for (unsigned i = 0; elf_image_range(file->bytes, size, i, &at, &length); i++) {
        const int ended =
            lseek(file->fd, (off_t)at, SEEK_SET) < 0 ? -1 : file_read(file->fd, file->bytes + at, length);
        if (ended < 0)
            return trust_path_failed(path, errno, error);
        if (ended > 0)
            return error_set(error, ERROR_CONFIG, "%s: became shorter while it was read", path);
    }
    return elf_image_open(&file->image, file->bytes, size, path, error);
}

/* ---- what it exports ------------------------------------------------------------------------------------------- */

static int broken(struct error *error, const char *path, const struct plugin_kind *kind, const char *before,
                  const char *after)
{
    return error_set(error, ERROR_CONFIG, "%s: broken plugin: %s%s%s", path, before, kind->symbol, after);
}

/* By the bytes that the loader will map: before that, nothing of the plugin has run. */
static int check_descriptor(const struct elf_image *image, const struct plugin_kind *kind, const char *path,
                            struct error *error)
{
    _Alignas(max_align_t) char head[PLUGIN_KIND_HEAD];
    struct elf_part part;
    ElfW(Sym) symbol = {0};

    if (!elf_loader_variable(image, kind->symbol, &symbol))
        return error_set(error, ERROR_CONFIG, "%s is not a %s: it exports no symbol %s, or several", path,
                         kind->what, kind->symbol);
    part = elf_image_loaded(image, symbol.st_value);
    if (!part.bytes)
        return broken(error, path, kind, "", " is not constant");
    part.size = symbol.st_size < part.size ? symbol.st_size : part.size;
    if (part.size < kind->head)
        return broken(error, path, kind, "", " is too short");
    if (elf_loader_changes(image, symbol.st_value, kind->head))
        return broken(error, path, kind, "a relocation changes ", ".head as it is loaded");
    memcpy(head, part.bytes, kind->head);
    return kind->check(head, part.size, path, error);
}

/* ---- all of it ------------------------------------------------------------------------------------------------- */

static int open_checked(struct plugin_file *file, const struct plugin_home *home,
                        const struct plugin_kind *kind, const char *path, struct error *error)
{
    struct trust_place *last = &file->way.places[file->way.count - 1];
    enum trust_fault fault;
    struct stat status;
    size_t at = 0;

    if (open_regular(file, path, &status, error) != 0)
        return -1;
    *last = (struct trust_place){.owner = status.st_uid, .group = status.st_gid, .mode = status.st_mode};
    if (plugin_home_check(home, &file->way, &fault, &at, error) != 0)
        return -1;
    if (fault != TRUST_FINE)
        return trust_refuse(&file->way, at, fault, error);
    if (status.st_size > PLUGIN_MOST_BYTES)
        return error_set(error, ERROR_CONFIG, "%s is %jd bytes long, expected at most %d", path,
                         (intmax_t)status.st_size, PLUGIN_MOST_BYTES);
    if (read_image(file, path, (size_t)status.st_size, error) != 0)
        return -1;
    return check_descriptor(&file->image, kind, path, error);
}

int plugin_file_open(struct plugin_file *file, const struct plugin_home *home, const struct plugin_kind *kind,
                     const char *path, struct error *error)
{
    *file = (struct plugin_file){.fd = -1};
    if (trust_path_open(&file->way, path, error) == 0 && open_checked(file, home, kind, path, error) == 0)
        return 0;
    plugin_file_close(file);
    return -1;
}

void plugin_file_close(struct plugin_file *file)
{
    free(file->bytes);
    if (file->fd >= 0)
        close(file->fd);
    trust_path_close(&file->way);
    *file = (struct plugin_file){.fd = -1};
}
