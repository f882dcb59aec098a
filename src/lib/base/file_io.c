/* file_io.c: see file_io.h. */
#include "base/file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/thread_signals.h"

enum { FIRST_ROOM = 65536 };

int file_open(const char *path, int flags)
{
    int fd;

    do
        fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

enum error_code file_open_code(int reason)
{
    switch (reason) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP:
    case ENXIO: /* a socket */
        return ERROR_DATA;
    default:
        return ERROR_FAILED;
    }
}

enum error_code file_read_code(int reason, enum error_code wrong)
{
    return reason == EISDIR || file_open_code(reason) == ERROR_DATA ? wrong : ERROR_FAILED;
}

int file_read_failed(const char *path, enum error_code wrong, struct error *error)
{
    const int reason = errno;

    return error_set_at(error, file_read_code(reason, wrong), &(struct error_facts){.file = path}, "%s",
                        strerror(reason));
}

int file_read(int fd, void *buffer, size_t size)
{
    char *at = buffer;

    while (size > 0) {
        const ssize_t got = read(fd, at, size < INT_MAX ? size : INT_MAX);

        if (got == 0)
            return 1;
        if (got < 0 && errno != EINTR)
            return -1;
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        }
    }
    return 0;
}

int file_write(int fd, const void *buffer, size_t size)
{
    const char *at = buffer;

    while (size > 0) {
        const ssize_t put = write(fd, at, size < INT_MAX ? size : INT_MAX);

        if (put < 0 && errno != EINTR)
            return -1;
        if (put > 0) {
            at += put;
            size -= (size_t)put;
        }
    }
    return 0;
}

char *file_load(const char *path, size_t most, size_t *size, struct error *error)
{
    /* O_NONBLOCK: a pipe of that name must not hang us before we see what it is. */
    const int fd = file_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    char *text = NULL;
    int ended;

    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set_at(error, file_open_code(errno), &(struct error_facts){.file = path}, "%s",
                     strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path}, "is not a regular file");
    } else if ((uintmax_t)status.st_size > most) {
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                     "is %jd bytes long; at most %zu are read", (intmax_t)status.st_size, most);
    } else if (!(text = malloc((size_t)status.st_size + 1))) {
        error_memory(error);
    } else if ((ended = file_read(fd, text, (size_t)status.st_size)) != 0) {
        error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s",
                     ended > 0 ? "became shorter while it was read" : strerror(errno));
        free(text);
        text = NULL;
    } else {
        *size = (size_t)status.st_size;
        text[*size] = '\0';
    }
    if (fd >= 0)
        close(fd);
    return text;
}

/* Makes room for more than `used` bytes and a '\0', at most `most` and one by which more of them are noticed. */
static int grow(char **text, size_t used, size_t most, size_t *room, struct error *error)
{
    size_t wanted = *room ? 2 * *room : FIRST_ROOM;
    char *more;

    if (used < *room)
        return 0;
    wanted = wanted > most + 1 ? most + 1 : wanted;
    more = memory_resize(*text, wanted + 1, 1);
    if (!more) {
        error_memory(error);
        return -1;
    }
    *text = more;
    *room = wanted;
    return 0;
}

char *file_load_open(int fd, const char *name, size_t most, size_t *size, struct error *error)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t n = 1;

    for (*size = 0; n != 0; *size += n > 0 ? (size_t)n : 0) {
        if (*size > most) {
            error_set_at(error, ERROR_DATA, &(struct error_facts){.file = name},
                         "is longer than the %zu bytes that are read", most);
            break;
        }
        if (grow(&text, *size, most, &room, error) != 0)
            break;
        n = read(fd, text + *size, room - *size);
        if (n < 0 && errno != EINTR) {
            file_read_failed(name, ERROR_DATA, error);
            break;
        }
    }
    if (n == 0) {
        text[*size] = '\0';
        return text;
    }
    free(text);
    return NULL;
}

static int sync_retry(int fd)
{
    int result;

    do
        result = fsync(fd);
    while (result != 0 && errno == EINTR);
    return result;
}

/* Linux closes the descriptor whatever close says; EINTR is no lost write. */
static int close_checked(int fd)
{
    return close(fd) != 0 && errno != EINTR ? -1 : 0;
}

int file_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash ? memory_string_part(path, slash > path ? (size_t)(slash - path) : 1) : memory_string(".");
    int fd, result, kept;

    if (!folder) {
        errno = ENOMEM;
        return -1;
    }
    fd = file_open(folder, O_RDONLY | O_DIRECTORY);
    kept = errno;
    free(folder);
    errno = kept;
    if (fd < 0)
        return -1;
    /* EINVAL: a file system that cannot sync folders; there is nothing more to do on it. */
    result = sync_retry(fd) == 0 || errno == EINVAL ? 0 : -1;
    kept = errno;
    close(fd);
    errno = kept;
    return result;
}

void file_replace_abandon(struct file_replacement *file)
{
    if (file->fd >= 0)
        close(file->fd);
    if (file->temporary) {
        unlink(file->temporary);
        free(file->temporary);
    }
    file->fd = -1;
    file->temporary = NULL;
}

static int replacement_failed(struct file_replacement *file, const char *what, struct error *error)
{
    if (errno == ENOMEM)
        error_memory(error);
    else
        error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = file->path}, "%s: %s", what,
                     strerror(errno));
    file_replace_abandon(file);
    return -1;
}

int file_replace_begin(struct file_replacement *file, const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const int folder = (int)(name - path);
    struct stat status;

    *file = (struct file_replacement){path, NULL, -1};
    /* root could rename a file onto /dev/null */
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path},
                            "is not a regular file");
    /* A number behind the process: one of the same id may have been killed here before. */
    for (unsigned n = 0; n < 1000; n++) {
        int reason;

        file->temporary = memory_format("%.*s.%s.tmp-%ld-%u", folder, path, name, (long)getpid(), n);
        if (!file->temporary)
            return error_memory(error);
        file->fd = file_open(file->temporary, O_WRONLY | O_CREAT | O_EXCL);
        if (file->fd >= 0)
            return 0;
        reason = errno;
        free(file->temporary);
        file->temporary = NULL;
        error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "cannot write beside it: %s",
                     strerror(reason));
        if (reason != EEXIST)
            break;
    }
    return -1;
}

int file_replace_write(struct file_replacement *file, const void *data, size_t size, struct error *error)
{
    return file_write(file->fd, data, size) == 0 ? 0 : replacement_failed(file, "cannot write", error);
}

/* Gives the new file the name, if nothing has it. Where a file system has no links an empty file keeps the place. 0, or -1 with
 * errno. */
static int take_name(const struct file_replacement *file)
{
    int fd;

    if (link(file->temporary, file->path) == 0)
        return unlink(file->temporary);
    if (errno == EEXIST)
        return -1;
    fd = file_open(file->path, O_WRONLY | O_CREAT | O_EXCL);
    if (fd < 0)
        return -1;
    close(fd);
    return rename(file->temporary, file->path);
}

static int commit(struct file_replacement *file, bool new, struct error *error)
{
    int fd = file->fd;

    /* After a failed fsync the kernel counts the lost pages as clean: the file is given up, never synced
     * again. */
    if (sync_retry(fd) != 0)
        return replacement_failed(file, "cannot write", error);
    file->fd = -1;
    if (close_checked(fd) != 0)
        return replacement_failed(file, "cannot write", error);
    if ((new ? take_name(file) : rename(file->temporary, file->path)) != 0)
        return replacement_failed(file, new ? "cannot write" : "cannot replace", error);
    free(file->temporary);
    file->temporary = NULL;
    if (file_sync_folder(file->path) != 0)
        return replacement_failed(file, "cannot sync its folder", error);
    return 0;
}

int file_replace_commit(struct file_replacement *file, struct error *error)
{
    return commit(file, false, error);
}

int file_replace_commit_new(struct file_replacement *file, struct error *error)
{
    return commit(file, true, error);
}

int file_replace(const char *path, const void *data, size_t size, struct error *error)
{
    struct file_replacement file;
    sigset_t before;
    int result;

    thread_hold_signals(&before);
    result = file_replace_begin(&file, path, error);
    if (result == 0)
        result = file_replace_write(&file, data, size, error);
    if (result == 0)
        result = file_replace_commit(&file, error);
    thread_release_signals(&before);
    return result;
}

int file_create(const char *path, const void *data, size_t size, struct error *error)
{
    const int fd = file_open(path, O_WRONLY | O_CREAT | O_EXCL);
    int reason = 0;

    if (fd < 0 || file_write(fd, data, size) != 0)
        reason = errno;
    if (fd >= 0 && close_checked(fd) != 0 && reason == 0)
        reason = errno;
    if (reason == 0)
        return 0;
    if (fd >= 0)
        unlink(path);
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "cannot write: %s",
                        strerror(reason));
}

size_t file_temporary_stem(const char *name)
{
    static const char mark[] = ".tmp-";
    const char *end = NULL, *digits;

    if (name[0] != '.')
        return 0;
    for (const char *at = name + 1; (at = strstr(at, mark)) != NULL; at++)
        end = at;
    if (!end)
        return 0;
    digits = end + strlen(mark);
    for (int part = 0; part < 2; part++) {
        const size_t length = strspn(digits, "0123456789");

        if (length == 0 || digits[length] != (part == 0 ? '-' : '\0'))
            return 0;
        digits += length + 1;
    }
    return (size_t)(end - (name + 1));
}
