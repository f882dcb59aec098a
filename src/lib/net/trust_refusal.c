/* trust_refusal.c: see trust_refusal.h. */
#include "net/trust_refusal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

/* Whether the fault of `place` is that of the file, too. */
static bool is_alike(const struct stat *file, const struct trust_place *place, enum trust_fault fault)
{
    switch (fault) {
    case TRUST_NOBODY:
    case TRUST_OWNER:
        return file->st_uid == place->owner;
    case TRUST_GROUP:
        return file->st_gid == place->group && (file->st_mode & S_IWGRP);
    case TRUST_EVERYONE:
        return file->st_mode & S_IWOTH;
    case TRUST_FINE:
        break;
    }
    return false;
}

/* How many plugins in the folder of the file `place` have its fault, in *count. Returns 0, or -1 with errno. */
static int count_alike(const struct trust_path *way, size_t place, enum trust_fault fault, size_t *count)
{
    const int fd = openat(way->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const folder = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *file;
    struct stat status;
    int reason;

    *count = 0;
    if (!folder && fd >= 0) {
        reason = errno;
        close(fd);
        errno = reason;
    }
    if (!folder)
        return errno == EACCES ? 0 : -1;
    while (errno = 0, (file = readdir(folder)) != NULL) {
        const size_t length = strlen(file->d_name);

        if (length > 3 && strcmp(file->d_name + length - 3, ".so") == 0 &&
            fstatat(way->folder, file->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode) && is_alike(&status, &way->places[place], fault))
            ++*count;
    }
    reason = errno;
    closedir(folder);
    errno = reason;
    return reason ? -1 : 0;
}

/* `what` is one thing, or several. */
static void say_why(const struct trust_place *place, enum trust_fault fault, const char *path,
                    const char *what, bool several, struct error *error)
{
    const struct error_facts facts = {.file = path};

    switch (fault) {
    case TRUST_NOBODY:
        error_set_at(error, ERROR_CONFIG, &facts,
                     "refused: %s belong%s to user %lu, nobody, who is never trusted: %s", what,
                     several ? "" : "s", (unsigned long)place->owner,
                     strcmp(path, "/") == 0
                         ? "root does not exist in this container; plugins can be loaded outside of it"
                     : several ? "copy the plugins to a folder of your own"
                               : "copy the plugin to a folder of your own");
        break;
    case TRUST_OWNER:
        error_set_at(error, ERROR_CONFIG, &facts,
                     "refused: %s belong%s to user %lu, neither to you nor to root: copy %s to a folder of "
                     "your own",
                     what, several ? "" : "s", (unsigned long)place->owner,
                     several ? "the plugins" : "the plugin");
        break;
    case TRUST_GROUP:
        error_set_at(
            error, ERROR_CONFIG, &facts,
            "refused: group %lu, or who is in its access list, can write to %s: \"chmod g-w\" mends that",
            (unsigned long)place->group, what);
        break;
    case TRUST_EVERYONE:
    case TRUST_FINE:
        error_set_at(error, ERROR_CONFIG, &facts, "refused: %s %s world-writable: \"chmod o-w\" mends that",
                     what, several ? "are" : "is");
        break;
    }
}

int trust_refuse(const struct trust_path *way, size_t place, enum trust_fault fault, struct error *error)
{
    const bool is_file = place + 1 == way->count;
    char what[64], *path;
    size_t count = 1;

    if (is_file && count_alike(way, place, fault, &count) != 0)
        return trust_path_failed(way->path, errno, error);
    path = trust_path_of(way, count > 1 ? place - 1 : place);
    if (!path)
        return error_memory(error);
    if (count > 1)
        snprintf(what, sizeof what, "%zu plugins in this folder", count);
    else
        snprintf(what, sizeof what, "this %s", is_file ? "file" : "folder");
    say_why(&way->places[place], fault, path, what, count > 1, error);
    free(path);
    return -1;
}
