/* folder_io.c: see folder_io.h. */
#include "base/folder_io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/file_io.h"

bool folder_exists(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(status.st_mode);
}

static int make_last(const char *path, struct error *error)
{
    if (mkdir(path, 0777) == 0) {
        if (file_sync_folder(path) == 0)
            return 0;
    } else {
        const int reason = errno;

        if (folder_exists(path))
            return 0;
        if (reason != EEXIST)
            errno = reason; /* else it says why this is not a directory */
    }
    if (errno == ENOMEM)
        return error_memory(error);
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path},
                        "cannot make the folder: %s", strerror(errno));
}

bool folder_is_gone(const char *path, const char *file, int fd)
{
    struct stat own, named;

    if (fstat(fd, &own) != 0)
        return false;
    if (lstat(file, &named) == 0)
        return !file_is_same(&own, &named);
    return errno == ENOENT && stat(path, &named) != 0 && errno == ENOENT;
}

int folder_make(const char *path, struct error *error)
{
    char *part = memory_string(path);
    int result = 0;

    if (!part)
        return error_memory(error);
    for (char *slash = part; result == 0 && (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        result = make_last(part, error);
        *slash = '/';
    }
    if (result == 0)
        result = make_last(path, error);
    free(part);
    return result;
}

int folder_each(const char *path, folder_use *use, void *arg, struct error *error)
{
    DIR *folder = opendir(path);
    int result = 0;

    if (!folder)
        return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s", strerror(errno));
    while (result == 0) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(folder);
        if (!entry) {
            if (errno != 0)
                result = error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s",
                                      strerror(errno));
            break;
        }
        result = use(arg, dirfd(folder), entry->d_name, error);
    }
    closedir(folder);
    return result;
}

int folder_is_file(int folder, const char *name)
{
    struct stat status;

    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        return S_ISREG(status.st_mode);
    return errno == ENOENT ? 0 : -1;
}

int folder_remove(const char *path, int folder, const char *name, struct error *error)
{
    struct stat status;

    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        if (!S_ISREG(status.st_mode) || unlinkat(folder, name, 0) == 0)
            return 0;
    }
    if (errno == ENOENT)
        return 0;
    return error_set(error, ERROR_FAILED, "%s/%s: cannot remove: %s", path, name, strerror(errno));
}
