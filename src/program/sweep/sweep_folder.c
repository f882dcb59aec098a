/* sweep_folder.c: see sweep_folder.h. */
#include "sweep/sweep_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/folder_io.h"
#include "base/memory.h"
#include "sweep/sweep_info.h"

enum { INFO_MOST = 1 << 28 };

struct sweep_folder {
    char *path, *lock_path;
    int lock; /* descriptor */
    const struct sweep_patience *patience;
};

/* ---- locks ----------------------------------------------------------------------------------------------- */

/* Byte 0 is everybody's; a run has that of its name, a number of 48 bits, behind it. */
static off_t place_of(const struct plan_run *run)
{
    return run ? 1 + (off_t)strtoll(run->name, NULL, 16) : 0;
}

/* Locks of the open file, not of the process: no close of another descriptor loses them. 0; 1: it is another's; -1 with
 * errno. */
static int lock_byte(int fd, const struct plan_run *run, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = place_of(run), .l_len = 1};
    int result;

    do
        result = fcntl(fd, F_OFD_SETLK, &lock);
    while (result != 0 && errno == EINTR);
    return result != 0 && (errno == EAGAIN || errno == EACCES) ? 1 : result;
}

static int lock_failed(const struct sweep_folder *folder, struct error *error)
{
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = folder->path},
                        "cannot lock " SWEEP_LOCK ": %s", strerror(errno));
}

/* Returns 0, or -1 after setting error: what was claimed is of a folder of another name by now. */
static int check(const struct sweep_folder *folder, struct error *error)
{
    if (!folder_is_gone(folder->path, folder->lock_path, folder->lock))
        return 0;
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = folder->path},
                        "is no longer the folder of this sweep: it was moved or removed, with its runs");
}

int sweep_folder_claim(struct sweep_folder *folder, const struct plan_run *run, int *claim,
                       struct error *error)
{
    int fd, result;

    if (check(folder, error) != 0)
        return -1;
    fd = file_open(folder->lock_path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    result = fd < 0 ? -1 : lock_byte(fd, run, F_WRLCK);
    if (result < 0)
        lock_failed(folder, error);
    if (result == 0)
        *claim = fd;
    else if (fd >= 0)
        close(fd);
    return result < 0 ? -1 : !result;
}

void sweep_folder_give_back(int claim)
{
    close(claim);
}

int sweep_folder_hold(struct sweep_folder *folder, struct error *error)
{
    const struct sweep_patience *patience = folder->patience;
    int result;

    while ((result = lock_byte(folder->lock, NULL, F_WRLCK)) > 0 && patience->wait(patience->arg))
        ;
    if (result < 0)
        return lock_failed(folder, error);
    return result > 0 ? result : check(folder, error);
}

void sweep_folder_release(struct sweep_folder *folder)
{
    lock_byte(folder->lock, NULL, F_UNLCK);
}

/* ---- the folder ------------------------------------------------------------------------------------------- */

char *sweep_folder_file(const struct sweep_folder *folder, const char *name, struct error *error)
{
    char *path = memory_format("%s/%s", folder->path, name);

    if (!path)
        error_memory(error);
    return path;
}

/* Anything but the lock and a temporary of ours. */
static int find_foreign(void *arg, int fd, const char *name, struct error *error)
{
    const struct sweep_folder *folder = arg;

    (void)fd;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, SWEEP_LOCK) == 0 ||
        file_temporary_stem(name) > 0)
        return 0;
    error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = folder->path},
                 "has other files, such as %s, and no " SWEEP_INFO "; name another folder: -o DIR", name);
    return 1;
}

/* Compares the plan with the sweep that is there, and keeps what it adds. */
static int describe(struct sweep_folder *folder, const struct plan *plan, struct error *error)
{
    char *path = sweep_folder_file(folder, SWEEP_INFO, error), *text = path ? sweep_info_text(plan) : NULL;
    char *old = NULL;
    size_t size;
    int result = -1;

    if (path && !text)
        error_memory(error);
    if (text && access(path, F_OK) != 0 && errno == ENOENT)
        result = folder_each(folder->path, find_foreign, folder, error) == 0 ? 0 : -1;
    else if (text && (old = file_load(path, INFO_MOST, &size, error)) != NULL)
        result = sweep_info_check(folder->path, old, size, plan, error);
    if (result == 0 && (!old || strcmp(old, text) != 0))
        result = file_replace(path, text, strlen(text), error);
    free(old);
    free(text);
    free(path);
    return result;
}

/* What is in the place of a file of ours is told before any run; a temporary of one, by a process that was killed, is
 * removed: only who holds the folder writes them. */
static int look_at(void *arg, int fd, const char *name, struct error *error)
{
    static const char *const ours[] = {SWEEP_INFO, SWEEP_TABLE, SWEEP_PAGE};
    const struct sweep_folder *folder = arg;
    const size_t stem = file_temporary_stem(name);

    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (strcmp(ours[i], name) == 0 && folder_is_file(fd, name) == 0)
            return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = folder->path},
                                "%s in it is not a regular file, and is in the place of one", name);
        if (strlen(ours[i]) == stem && memcmp(name + 1, ours[i], stem) == 0)
            return folder_remove(folder->path, fd, name, error);
    }
    return 0;
}

static int open_lock(struct sweep_folder *folder, struct error *error)
{
    folder->lock_path = sweep_folder_file(folder, SWEEP_LOCK, error);
    if (!folder->lock_path)
        return -1;
    folder->lock = file_open(folder->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
    return folder->lock >= 0 ? 0
                             : error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = folder->path},
                                            "cannot write into the folder: %s", strerror(errno));
}

struct sweep_folder *sweep_folder_open(const char *path, const struct plan *plan,
                                       const struct sweep_patience *patience, struct error *error)
{
    struct sweep_folder *folder = memory_array(1, sizeof *folder);
    size_t length = strlen(path);
    int result;

    while (length > 1 && path[length - 1] == '/')
        length--;
    if (folder) {
        folder->lock = -1;
        folder->patience = patience;
        folder->path = memory_string_part(path, length);
    }
    if (!folder || !folder->path) {
        error_memory(error);
        sweep_folder_close(folder);
        return NULL;
    }
    result = folder_make(folder->path, error) != 0 || open_lock(folder, error) != 0 ||
                     sweep_folder_hold(folder, error) != 0
                 ? -1
                 : 0;
    if (result == 0) {
        result = describe(folder, plan, error);
        if (result == 0)
            result = folder_each(folder->path, look_at, folder, error);
        sweep_folder_release(folder);
    }
    if (result == 0)
        return folder;
    sweep_folder_close(folder);
    return NULL;
}

void sweep_folder_close(struct sweep_folder *folder)
{
    if (!folder)
        return;
    if (folder->lock >= 0)
        close(folder->lock);
    free(folder->lock_path);
    free(folder->path);
    free(folder);
}

const char *sweep_folder_path(const struct sweep_folder *folder)
{
    return folder->path;
}
