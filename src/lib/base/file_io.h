/* file_io.h: files read whole, and files replaced so that a crash at any instant leaves the old one or the
 * new one, whole. Interrupted and short calls are continued. [any thread] on distinct objects. */
#ifndef BASE_FILE_IO_H
#define BASE_FILE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/error.h"

/* Whether both are of one file, which may have many names. */
static inline bool file_is_same(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* All `size` bytes. 0; -1 with errno; file_read returns 1 if the file ends before. */
int file_read(int fd, void *buffer, size_t size);
int file_write(int fd, const void *buffer, size_t size);

/* open(2) with close-on-exec, mode 0666, repeated when interrupted. */
int file_open(const char *path, int flags);

/* What it means that a file could not be opened, by errno: ERROR_DATA, there is none of that name; ERROR_FAILED,
 * the system did not let us, which says nothing about the file and may pass. */
enum error_code file_open_code(int reason);

/* The same of a file that is only read: `wrong`, also if it is a folder; ERROR_FAILED, also if we may not read it. */
enum error_code file_read_code(int reason, enum error_code wrong);

/* Sets error to that, "PATH: reason", by errno. Returns -1. */
int file_read_failed(const char *path, enum error_code wrong, struct error *error);

/* A regular file of at most `most` bytes in fresh memory, a '\0' behind it; *size without that. NULL after
 * setting error, "PATH: reason": ERROR_DATA, it is none or not there; ERROR_FAILED or ERROR_MEMORY, it could not
 * be read. */
char *file_load(const char *path, size_t most, size_t *size, struct error *error);

/* All that can be read from a descriptor, such as that of a pipe, likewise; `name` stands for a path. */
char *file_load_open(int fd, const char *name, size_t most, size_t *size, struct error *error);

/* A replacement under way: begin, write any number of times, then commit or abandon. What is written goes to
 * a new file beside `path`, which the caller keeps until the end. Begin, write and commit return 0, or -1
 * after setting error (ERROR_FAILED, "PATH: reason") and abandoning.
 *
 * Begin refuses a path at which there is a device or a pipe, or a link to one.
 * Commit makes the bytes durable before they get the name `path`, then the name. If only the last step fails,
 * the new file is in place and whole, but a power failure may bring the old one back. */
struct file_replacement {
    const char *path;
    char *temporary;
    int fd;
};

int file_replace_begin(struct file_replacement *file, const char *path, struct error *error);
int file_replace_write(struct file_replacement *file, const void *data, size_t size, struct error *error);
int file_replace_commit(struct file_replacement *file, struct error *error);
/* The same, but fails if anything has got the name meanwhile. */
int file_replace_commit_new(struct file_replacement *file, struct error *error);
void file_replace_abandon(struct file_replacement *file);

/* All of it in one call. A signal that ends the process leaves no temporary: it is held back meanwhile. */
int file_replace(const char *path, const void *data, size_t size, struct error *error);

/* A new file: fails if there is anything of that name, a link as well. Not durable. Returns 0, or -1 after setting error
 * (ERROR_FAILED, "PATH: reason"), and then leaves nothing. */
int file_create(const char *path, const void *data, size_t size, struct error *error);

/* Makes the names in the folder that holds `path` durable. 0, or -1 with errno. */
int file_sync_folder(const char *path);

/* Temporaries are called ".NAME.tmp-PID-N": the length of NAME if `name` looks so, else 0. */
size_t file_temporary_stem(const char *name);
#endif
