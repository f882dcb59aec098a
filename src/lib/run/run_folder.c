/* run_folder.c: making, naming and locking a run folder; see run_folder.h. */
#include "run/run_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/file_io.h"
#include "base/folder_io.h"
#include "run/run_files.h"

enum { MOST_NAMES = 100000 };

struct run_folder {
    char *path;
    char *lock_path;
    int lock; /* descriptor */
};

static int remove_temporary(void *arg, int folder, const char *name, struct error *error)
{
    const struct run_folder *run = arg;

    return run_is_temporary(name) ? folder_remove(run->path, folder, name, error) : 0;
}

static int remove_leftover(void *arg, int folder, const char *name, struct error *error)
{
    const struct run_folder *run = arg;

    return run_is_temporary(name) || run_is_log(name) ? folder_remove(run->path, folder, name, error) : 0;
}

static int find_checkpoint(void *arg, int folder, const char *name, struct error *error)
{
    (void)arg, (void)folder, (void)error;
    return run_is_checkpoint(name);
}

/* What training would remove or replace. */
static int find_foreign(void *arg, int folder, const char *name, struct error *error)
{
    const struct run_folder *run = arg;
    struct stat status;

    if (!run_is_log(name) && strcmp(name, RUN_INFO) != 0 && strcmp(name, RUN_REPORT) != 0)
        return 0;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode))
        return 0;
    error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = run->path},
                 "has a %s that no run wrote; name another folder", name);
    return 1;
}

/* A folder that no run has locked is not ours to clear. 0; 1 or -1 after setting error. */
static int check_foreign(struct run_folder *run, struct error *error)
{
    char *lock = run_file_path(run->path, RUN_LOCK);
    struct stat status;
    int result;

    if (!lock)
        return error_memory(error);
    result = lstat(lock, &status);
    free(lock);
    return result == 0 ? 0 : folder_each(run->path, find_foreign, run, error);
}

/* Nothing on the disk is touched yet; a `number` from 2 on is added to the path. */
static struct run_folder *name_folder(const char *path, unsigned number, struct error *error)
{
    struct run_folder *run = memory_array(1, sizeof *run);
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        length--;
    if (run) {
        run->lock = -1;
        run->path = number > 1 ? memory_format("%.*s-%u", (int)length, path, number)
                               : memory_string_part(path, length);
    }
    if (run && run->path)
        return run;
    error_memory(error);
    run_folder_close(run);
    return NULL;
}

/* 0; 1: in use by another process; -1 after setting error. */
static int lock_folder(struct run_folder *run, struct error *error)
{
    int result;

    run->lock_path = run_file_path(run->path, RUN_LOCK);
    if (!run->lock_path)
        return error_memory(error);
    run->lock = file_open(run->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
    if (run->lock < 0)
        return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = run->path},
                            "cannot write into the folder: %s", strerror(errno));
    do
        result = flock(run->lock, LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    if (result == 0)
        return 0;
    if (errno == EWOULDBLOCK) {
        error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = run->path},
                     "in use by another nnrun");
        return 1;
    }
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = run->path},
                        "cannot lock the folder: %s", strerror(errno));
}

/* Really makes a file, as saving will. */
static int check_writable(struct run_folder *run, struct error *error)
{
    char *path = run_file_path(run->path, RUN_INFO);
    struct file_replacement file;
    int result;

    if (!path)
        return error_memory(error);
    result = file_replace_begin(&file, path, error);
    if (result == 0)
        result = file_replace_write(&file, "\n", 1, error);
    if (result == 0)
        file_replace_abandon(&file);
    free(path);
    return result;
}

/* 0: it is ours; 1 after setting error: someone's run; -1 after setting error. */
static int claim_folder(struct run_folder *run, struct error *error)
{
    int result = folder_make(run->path, error);

    if (result == 0)
        result = check_foreign(run, error);
    if (result == 0)
        result = lock_folder(run, error);
    if (result == 0) {
        result = folder_each(run->path, find_checkpoint, NULL, error);
        if (result > 0)
            error_set_at(error, ERROR_ARGUMENT,
                         &(struct error_facts){.file = run->path, .advice = ADVICE_RUN_EXISTS},
                         "already holds a run");
    }
    if (result == 0)
        result = check_writable(run, error);
    if (result == 0)
        result = folder_each(run->path, remove_leftover, run, error);
    return result;
}

struct run_folder *run_folder_create(const char *path, bool exact, struct error *error)
{
    const unsigned most = exact ? 1 : MOST_NAMES;

    if (path[0] == '\0') {
        error_set(error, ERROR_FAILED, "the run folder's name is empty");
        return NULL;
    }
    for (unsigned number = 1; number <= most; number++) {
        struct run_folder *run = name_folder(path, number, error);
        const int taken = run ? claim_folder(run, error) : -1;

        if (taken == 0) {
            error_clear(error); /* of the names before */
            return run;
        }
        run_folder_close(run);
        if (taken < 0)
            break;
    }
    return NULL;
}

struct run_folder *run_folder_open(const char *path, struct error *error)
{
    struct run_folder *run = name_folder(path, 1, error);
    int found = -1;

    if (!run)
        return NULL;
    if (folder_exists(run->path))
        found = folder_each(run->path, find_checkpoint, NULL, error);
    else
        file_read_failed(run->path, ERROR_DATA, error);
    if (found == 0)
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = run->path, .advice = ADVICE_NO_RUN},
                     "not a run: it has no step files");
    else if (found > 0 && lock_folder(run, error) == 0 && check_writable(run, error) == 0 &&
             folder_each(run->path, remove_temporary, run, error) == 0)
        return run;
    run_folder_close(run);
    return NULL;
}

void run_folder_close(struct run_folder *run)
{
    if (!run)
        return;
    if (run->lock >= 0) {
        flock(run->lock, LOCK_UN); /* a child of a host that forked meanwhile has it, too */
        close(run->lock);
    }
    free(run->lock_path);
    free(run->path);
    free(run);
}

bool run_folder_is_gone(const struct run_folder *run)
{
    return folder_is_gone(run->path, run->lock_path, run->lock);
}

int run_folder_check(const struct run_folder *run, struct error *error)
{
    if (!run_folder_is_gone(run))
        return 0;
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = run->path},
                        "is no longer the folder of this run: it was moved or removed, with what was saved");
}

const char *run_folder_path(const struct run_folder *run)
{
    return run->path;
}
