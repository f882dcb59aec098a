/* trust_path.c: see trust_path.h. */
#include "net/trust_path.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"

enum { ACCOUNT_TEXT = 4096 };

int trust_path_failed(const char *path, int reason, struct error *error)
{
    if (reason == ENOMEM)
        return error_memory(error);
    return error_set(error, file_read_code(reason, ERROR_CONFIG), "%s: %s", path, strerror(reason));
}

/* The name of the user, if that group is the first one of no other; else "". A line that is longer than there is room
 * for may tell of another. Returns 0, or -1 with errno. The files are read as they are: what else the C library would
 * ask takes memory that it does not check. */
static int find_only_user(gid_t group, char name[ACCOUNT_TEXT])
{
    FILE *const file = fopen("/etc/passwd", "re");
    char text[ACCOUNT_TEXT];
    struct passwd user, *found;
    bool is_shared = false;
    int end;

    name[0] = '\0';
    if (!file)
        return errno == ENOENT ? 0 : -1;
    while ((end = fgetpwent_r(file, &user, text, sizeof text, &found)) == 0)
        if (user.pw_uid == geteuid())
            snprintf(name, ACCOUNT_TEXT, "%s", user.pw_name);
        else
            is_shared |= user.pw_gid == group;
    if (is_shared || end != ENOENT)
        name[0] = '\0';
    fclose(file);
    return 0;
}

/* Whether the group has the user's name and no other member, in each line about it. Returns 0, or -1 with errno. */
static int find_own_group(gid_t id, bool *is_own)
{
    char name[ACCOUNT_TEXT], text[ACCOUNT_TEXT];
    struct group group, *found;
    bool is_shared = false;
    FILE *file;
    int end;

    *is_own = false;
    if (find_only_user(id, name) != 0)
        return -1;
    if (!*name)
        return 0;
    file = fopen("/etc/group", "re");
    if (!file)
        return errno == ENOENT ? 0 : -1;
    while ((end = fgetgrent_r(file, &group, text, sizeof text, &found)) == 0) {
        if (group.gr_gid != id)
            continue;
        *is_own |= strcmp(group.gr_name, name) == 0;
        for (char **member = group.gr_mem; *member; member++)
            is_shared |= strcmp(*member, name) != 0;
    }
    *is_own &= !is_shared && end == ENOENT;
    fclose(file);
    return 0;
}

/* A list of further users and groups with rights: then the bits of the group are the most that any of them has. */
static bool has_list(const char *path)
{
    return lgetxattr(path, "system.posix_acl_access", NULL, 0) >= 0 || (errno != ENODATA && errno != ENOTSUP);
}

static void note_place(struct trust_path *way, const struct stat *status)
{
    way->places[way->count++] =
        (struct trust_place){.owner = status->st_uid, .group = status->st_gid, .mode = status->st_mode};
}

int trust_path_ask_group(struct trust_path *way, size_t place, struct error *error)
{
    bool is_own;
    char *path;

    if (find_own_group(way->places[place].group, &is_own) != 0)
        return trust_path_failed("/etc/group", errno, error);
    path = trust_path_of(way, place);
    if (!path)
        return error_memory(error);
    way->places[place].private_group = is_own && !has_list(path);
    free(path);
    return 0;
}

char *trust_path_of(const struct trust_path *way, size_t place)
{
    size_t length = 0;

    for (size_t i = 0; i < place; i++)
        length += 1 + strcspn(way->path + length + 1, "/");
    return memory_string_part(way->path, length > 0 ? length : 1);
}

/* The next folder on the way; the one that holds it is no longer needed. Returns 0, or -1 with errno. */
static int enter(struct trust_path *way, const char *name)
{
    struct stat status;
    int next;

    do
        next = openat(way->folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    while (next < 0 && errno == EINTR);
    if (next < 0)
        return -1;
    if (way->folder >= 0)
        close(way->folder);
    way->folder = next;
    if (fstat(next, &status) != 0)
        return -1;
    note_place(way, &status);
    return 0;
}

/* Cuts the path at its slashes while it is followed. */
static int follow(struct trust_path *way)
{
    struct stat status;
    char *name = way->path + 1, *slash;
    int result = enter(way, "/");

    for (; result == 0 && (slash = strchr(name, '/')) != NULL; name = slash + 1) {
        *slash = '\0';
        result = enter(way, name);
        *slash = '/';
    }
    way->name = name;
    if (result != 0 || fstatat(way->folder, *name ? name : ".", &status, AT_SYMLINK_NOFOLLOW) != 0)
        return -1;
    note_place(way, &status);
    return 0;
}

int trust_path_open(struct trust_path *way, const char *path, struct error *error)
{
    size_t slashes = 0;

    *way = (struct trust_path){.folder = -1};
    way->path = realpath(path, NULL);
    if (!way->path)
        return trust_path_failed(path, errno, error);
    for (const char *at = way->path; *at; at++)
        slashes += *at == '/';
    way->places = memory_array(slashes + 2, sizeof *way->places);
    if (!way->places)
        error_memory(error);
    else if (follow(way) == 0)
        return 0;
    else
        trust_path_failed(path, errno, error);
    trust_path_close(way);
    return -1;
}

void trust_path_leave(struct trust_path *way)
{
    if (way->path && way->folder >= 0)
        close(way->folder);
    way->folder = -1;
}

void trust_path_close(struct trust_path *way)
{
    trust_path_leave(way);
    free(way->places);
    free(way->path);
    *way = (struct trust_path){.folder = -1};
}
