/* output.c: see output.h. */
#include "pack/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder_io.h"
#include "base/memory.h"
#include "pack/older_pack.h"
#include "pack/output_place.h"

static int fail(const struct output *output, const char *what, struct error *error)
{
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = output->path}, "%s: %s", what,
                        strerror(errno));
}

/* The folder of the path, "." if it names none; NULL: no memory. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return memory_string(".");
    return memory_string_part(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Would a pack into the folder replace the path? -1: no memory. */
static int is_replaced(const struct stat *folder, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct stat status;
    char *own;
    int is;

    if (stat(path, &status) == 0 && file_is_same(&status, folder))
        return 1;
    if (!packed_folder_may_have(slash ? slash + 1 : path))
        return 0;
    own = folder_of(path);
    if (!own)
        return -1;
    is = stat(own, &status) == 0 && file_is_same(&status, folder);
    free(own);
    return is;
}

int output_keep(const char *folder, const char *const *paths, size_t count, struct error *error)
{
    struct stat status;

    if (stat(folder, &status) != 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const int is = is_replaced(&status, paths[i]);
        if (is < 0)
            return error_memory(error);
        if (is)
            return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = paths[i]},
                                "is a source, and would be replaced; name another output folder");
    }
    return 0;
}

/* Whether the folder that is open still has its name: whoever made it in vain removes it. 1, 0, or -1 after setting error. */
static int is_still_there(const struct output *output, struct error *error)
{
    struct stat own, named;

    if (fstat(output->lock, &own) == 0 && stat(output->path, &named) == 0)
        return file_is_same(&own, &named);
    return errno == ENOENT || errno == ENOTDIR ? 0 : fail(output, "cannot look at the folder", error);
}

/* Opens the folder, made if need be, and keeps others out, where the file system can. Returns 1 if it was removed
 * meanwhile. */
static int lock(struct output *output, struct error *error)
{
    int result;

    if (!folder_exists(output->path)) {
        if (errno != ENOENT)
            return fail(output, "cannot write there", error);
        output->made = output_place_missing(output->path);
        if (folder_make(output->path, error) != 0)
            return -1;
    }
    output->lock = file_open(output->path, O_RDONLY | O_DIRECTORY);
    if (output->lock < 0 && errno == ENOENT)
        return 1;
    if (output->lock < 0)
        return fail(output, "cannot open the folder", error);
    do
        result = flock(output->lock, LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    if (result != 0 && errno == EWOULDBLOCK) {
        output->made = 0; /* another has it */
        return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = output->path},
                            "in use by another nnrun");
    }
    result = is_still_there(output, error);
    return result < 0 ? -1 : !result;
}

/* What a killed process left. */
static int remove_leftover(void *arg, int folder, const char *name, struct error *error)
{
    const struct output *output = arg;
    const size_t stem = file_temporary_stem(name);
    char of[OUTPUT_NAME];

    if (stem == 0 || stem >= sizeof of)
        return 0;
    memcpy(of, name + 1, stem);
    of[stem] = '\0';
    if (!packed_folder_may_have(of) && strcmp(of, "samples") != 0)
        return 0;
    return folder_remove(output->path, folder, name, error);
}

/* What is there already that the older pack does not list. */
struct found {
    const struct output *output;
    char other[OUTPUT_NAME];
};

static int look_at(void *arg, int folder, const char *name, struct error *error)
{
    struct found *found = arg;

    if (!packed_folder_may_have(name))
        return 0;
    if (strcmp(name, OUTPUT_FACTS) == 0) {
        const int is_file = folder_is_file(folder, name);
        if (is_file < 0 && errno == ENOMEM)
            return error_memory(error);
        if (is_file <= 0)
            return error_set(error, ERROR_FAILED, "%s/%s: %s", found->output->path, name,
                             is_file < 0 ? strerror(errno) : "not a regular file");
    }
    if (strcmp(name, OUTPUT_FACTS) == 0 && !found->output->older)
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = found->output->path},
                            "holds a %s that was not written by a pack; name another folder", name);
    if (found->output->older && packed_folder_has(found->output->older, name))
        return 0;
    if (!*found->other || strcmp(name, found->other) < 0)
        snprintf(found->other, sizeof found->other, "%s", name);
    return 0;
}

static int check(struct output *output, bool over, struct error *error)
{
    struct found found = {.output = output};

    if (packed_folder_read(output->path, &output->older, error) < 0 ||
        folder_each(output->path, look_at, &found, error) != 0)
        return -1;
    if (output->older && !over)
        return error_set_at(error, ERROR_ARGUMENT,
                            &(struct error_facts){.file = output->path, .advice = ADVICE_PACK_OVER},
                            "already holds a pack");
    if (*found.other)
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = output->path},
                            "holds %s, which is of no finished pack; remove it or name another folder",
                            found.other);
    return 0;
}

int output_open(struct output *output, const char *path, bool over, struct error *error)
{
    int locked;

    *output = (struct output){.path = path, .lock = -1};
    if (path[0] == '\0')
        return error_set(error, ERROR_ARGUMENT, "the name of the output folder is empty");
    while ((locked = lock(output, error)) > 0) {
        if (output->lock >= 0)
            close(output->lock);
        *output = (struct output){.path = path, .lock = -1};
    }
    if (locked < 0 || check(output, over, error) != 0)
        return -1;
    return folder_each(path, remove_leftover, output, error);
}

struct file_replacement *output_begin(struct output *output, const char *name, struct error *error)
{
    struct output_file *file = &output->files[output->count];

    snprintf(file->name, sizeof file->name, "%s", name);
    file->path = memory_format("%s/%s", output->path, name);
    if (!file->path) {
        error_memory(error);
        return NULL;
    }
    if (file_replace_begin(&file->file, file->path, error) != 0) {
        free(file->path);
        file->path = NULL;
        return NULL;
    }
    output->count++;
    return &file->file;
}

static int sync_file(int fd)
{
    int result;

    do
        result = fsync(fd);
    while (result != 0 && errno == EINTR);
    return result;
}

/* Gives all of them their names, or none. */
static int name_all(struct output *output, struct error *error)
{
    size_t named = 0;

    while (named < output->count && file_replace_commit(&output->files[named].file, error) == 0)
        named++;
    if (named == output->count)
        return 0;
    for (size_t i = 0; i <= named; i++)
        unlink(output->files[i].path);
    return -1;
}

int output_commit(struct output *output, struct error *error)
{
    struct older_pack older;
    int failed, there;

    /* a disk that is full says so before anything older goes */
    for (size_t i = 0; i < output->count; i++)
        if (sync_file(output->files[i].file.fd) != 0)
            return fail(output, "cannot write", error);
    there = is_still_there(output, error);
    if (there < 0)
        return -1;
    if (!there)
        return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = output->path},
                            "was moved or removed while the pack was written");
    failed = older_pack_set_aside(&older, output->path, output->older, error);
    if (!failed) {
        failed = name_all(output, error);
        if (failed) {
            older_pack_restore(&older);
        } else {
            output->made = 0;
            failed = older_pack_remove(&older, error);
        }
    }
    older_pack_finish(&older);
    return failed;
}

void output_close(struct output *output)
{
    for (size_t i = 0; i < output->count; i++) {
        if (output->files[i].file.temporary)
            file_replace_abandon(&output->files[i].file);
        free(output->files[i].path);
    }
    output_place_remove(output->path, output->made);
    if (output->lock >= 0)
        close(output->lock);
    json_decref(output->older);
    *output = (struct output){.lock = -1};
}
