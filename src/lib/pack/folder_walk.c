/* folder_walk.c: see folder_walk.h. */
#include "pack/folder_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "pack/class_order.h"

enum { NAMED = 5 };

void folder_note(struct folder_noted *noted, const char *path)
{
    if (noted->count++ < NAMED)
        text_add(noted->list, sizeof noted->list, "%s%.70s", noted->count == 1 ? "" : ", ", path);
    else if (noted->count == NAMED + 1)
        text_add(noted->list, sizeof noted->list, ", ...");
}

/* ---- folders ------------------------------------------------------------------------------------------ */

static bool is_same(const struct folder_name *a, const struct folder_name *b)
{
    return a && a->device == b->device && a->inode == b->inode;
}

static bool is_above(const struct folder_walk *s, const struct folder_name *folder)
{
    for (size_t i = 0; i < s->depth; i++)
        if (is_same(s->above[i], folder))
            return true;
    return is_same(s->root, folder) || is_same(s->part, folder);
}

/* A folder that may not be read can be passed over, one that cannot be read just now cannot. */
static int read_names(struct folder_walk *s, const char *path, struct folder_names *names,
                      struct error *error)
{
    if (folder_names_read(names, path, error) == 0)
        return 0;
    if (error->code == ERROR_MEMORY || access(path, R_OK | X_OK) == 0 || errno != EACCES)
        return -1;
    if (!s->skip_broken)
        return error_advise(error, ADVICE_PACK_BROKEN);
    error_clear(error);
    folder_note(&s->locked, path);
    return 0;
}

/* All files in a class's folder and below; deeper than FOLDER_DEPTH it does not go. */
static int walk(struct folder_walk *s, const struct folder_name *folder, uint32_t class, enum pack_part part,
                struct error *error)
{
    struct folder_names names;
    int failed;

    if (is_above(s, folder) || s->depth == FOLDER_DEPTH) {
        folder_note(s->depth == FOLDER_DEPTH ? &s->deep : &s->circle, folder->path);
        return 0;
    }
    if (s->depth == 1)
        folder_note(&s->nested, folder->path);
    s->above[s->depth++] = folder;
    failed = read_names(s, folder->path, &names, error);
    for (size_t i = 0; !failed && i < names.count; i++) {
        const struct folder_name *name = &names.list[i];
        if (name->kind == FOLDER_FOLDER)
            failed = walk(s, name, class, part, error);
        else if (name->kind == FOLDER_FILE)
            failed = folder_files_add(s->scan, name->path, class, part, error);
        else
            folder_note(&s->other, name->path);
    }
    s->depth--;
    folder_names_finish(&names);
    return failed;
}

/* ---- classes ------------------------------------------------------------------------------------------ */

/* The class of that name, which is new if need be. */
static int find_class(struct folder_scan *scan, const struct folder_name *folder, uint32_t *class,
                      struct error *error)
{
    for (size_t i = 0; i < scan->class_count; i++)
        if (strcmp(scan->classes[i], folder->name) == 0) {
            *class = (uint32_t)i;
            return 0;
        }
    if (class_name_check(folder->name, error) != 0)
        return error_in_file(error, folder->path);
    if (scan->class_count == CLASSES_MOST)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = folder->path},
                            "is one class more than the %d that are possible, as a label is a byte",
                            (int)CLASSES_MOST);
    if (!scan->classes)
        scan->classes = memory_array(CLASSES_MOST, sizeof *scan->classes);
    if (!scan->classes)
        return error_memory(error);
    scan->classes[scan->class_count] = memory_string(folder->name);
    if (!scan->classes[scan->class_count])
        return error_memory(error);
    *class = (uint32_t)scan->class_count++;
    return 0;
}

static int scan_class(struct folder_walk *s, const struct folder_name *folder, enum pack_part part,
                      struct error *error)
{
    const size_t before = s->scan->count;
    const size_t classes = s->scan->class_count;
    uint32_t class = 0;

    if (find_class(s->scan, folder, &class, error) != 0 || walk(s, folder, class, part, error) != 0)
        return -1;
    if (s->scan->count == before) {
        folder_note(&s->empty, folder->path);
        if (s->scan->class_count > classes)
            free(s->scan->classes[--s->scan->class_count]); /* no class, then */
    } else if (s->scan->count == before + 1) {
        folder_note(&s->single, folder->path);
    }
    return 0;
}

int folder_walk_classes(struct folder_walk *s, const char *path, const struct folder_names *names,
                        enum pack_part part, struct error *error)
{
    const char *first;
    const size_t folders = folder_names_count(names, FOLDER_FOLDER, &first);

    if (folders > CLASSES_MOST)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                            "%zu folders; at most %d classes are possible, as a label is a byte", folders,
                            (int)CLASSES_MOST);
    for (size_t i = 0; i < names->count; i++) {
        if (names->list[i].kind != FOLDER_FOLDER)
            folder_note(names->list[i].kind == FOLDER_FILE ? &s->outside : &s->other, names->list[i].path);
        else if (scan_class(s, &names->list[i], part, error) != 0)
            return -1;
    }
    return 0;
}
