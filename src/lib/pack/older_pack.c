/* older_pack.c: see older_pack.h. */
#include "pack/older_pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/folder_io.h"
#include "base/memory.h"
#include "data/packed_folder.h"

/* Behind the numbers that file_replace_begin gives to temporaries of the same process and name. */
enum { NUMBER = 1000 };

struct setting_aside {
    struct older_pack *older;
    const json_t *facts;
};

static int fail(const char *path, const char *what, struct error *error)
{
    return errno == ENOMEM ? error_memory(error)
                           : error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s: %s",
                                          what, strerror(errno));
}

static int set_aside(struct older_pack *older, const char *name, struct error *error)
{
    struct aside *more = memory_resize(older->files, older->count + 1, sizeof *more);
    struct aside *file;

    if (!more)
        return error_memory(error);
    older->files = more;
    file = &older->files[older->count];
    file->path = memory_format("%s/%s", older->folder, name);
    file->temporary =
        memory_format("%s/.%s.tmp-%ld-%u", older->folder, name, (long)getpid(), (unsigned)NUMBER);
    if (!file->path || !file->temporary)
        error_memory(error);
    else if (rename(file->path, file->temporary) != 0)
        fail(file->path, "cannot replace", error);
    if (error->code == ERROR_NONE) {
        older->count++;
        return 0;
    }
    free(file->path);
    free(file->temporary);
    return -1;
}

static int look_at(void *arg, int folder, const char *name, struct error *error)
{
    const struct setting_aside *work = arg;
    int is_file;

    if (!packed_folder_may_have(name) || !packed_folder_has(work->facts, name))
        return 0;
    is_file = folder_is_file(folder, name);
    if (is_file < 0)
        return fail(work->older->folder, name, error);
    return is_file ? set_aside(work->older, name, error) : 0;
}

int older_pack_set_aside(struct older_pack *older, const char *folder, const json_t *facts,
                         struct error *error)
{
    struct setting_aside work = {older, facts};

    *older = (struct older_pack){.folder = folder};
    if (!facts)
        return 0;
    if (set_aside(older, PACKED_FACTS, error) == 0 && folder_each(folder, look_at, &work, error) == 0)
        return 0;
    older_pack_restore(older);
    return -1;
}

void older_pack_restore(struct older_pack *older)
{
    for (size_t i = older->count; i-- > 0;)
        rename(older->files[i].temporary, older->files[i].path);
    if (older->count > 0)
        file_sync_folder(older->files[0].path);
}

int older_pack_remove(struct older_pack *older, struct error *error)
{
    int failed = 0;

    for (size_t i = 0; i < older->count; i++)
        if (unlink(older->files[i].temporary) != 0 && !failed)
            failed = fail(older->files[i].temporary, "cannot remove", error);
    return failed;
}

void older_pack_finish(struct older_pack *older)
{
    for (size_t i = 0; i < older->count; i++) {
        free(older->files[i].path);
        free(older->files[i].temporary);
    }
    free(older->files);
    *older = (struct older_pack){0};
}
