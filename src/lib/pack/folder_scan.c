/* folder_scan.c: see folder_scan.h. */
#include "pack/folder_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "pack/class_order.h"
#include "pack/folder_walk.h"

/* ---- parts -------------------------------------------------------------------------------------------- */

/* PACK_UNSPLIT: a folder of another name. */
static enum pack_part part_of(const struct folder_name *name)
{
    static const struct {
        const char *name;
        enum pack_part part;
    } parts[] = {{"train", PACK_TRAIN},      {"training", PACK_TRAIN},        {"val", PACK_VALIDATION},
                 {"valid", PACK_VALIDATION}, {"validation", PACK_VALIDATION}, {"test", PACK_TEST},
                 {"testing", PACK_TEST}};

    for (size_t i = 0; name->kind == FOLDER_FOLDER && i < sizeof parts / sizeof parts[0]; i++)
        if (strcasecmp(name->name, parts[i].name) == 0)
            return parts[i].part;
    return PACK_UNSPLIT;
}

/* A folder for training, and one for something else or nothing beside it. */
static bool has_parts(const struct folder_names *names)
{
    const char *first;
    size_t count[PACK_PARTS] = {0};

    for (size_t i = 0; i < names->count; i++)
        count[part_of(&names->list[i])]++;
    return count[PACK_TRAIN] > 0 && (count[PACK_VALIDATION] + count[PACK_TEST] > 0 ||
                                     folder_names_count(names, FOLDER_FOLDER, &first) == 1);
}

static int scan_part(struct folder_walk *s, const struct folder_name *folder, enum pack_part part,
                     struct error *error)
{
    struct folder_names names;
    int failed = folder_names_read(&names, folder->path, error);

    s->part = folder;
    if (!failed)
        failed = folder_walk_classes(s, folder->path, &names, part, error);
    folder_names_finish(&names);
    return failed;
}

static int scan_parts(struct folder_walk *s, const struct folder_names *names, struct error *error)
{
    for (size_t i = 0; i < names->count; i++) {
        const enum pack_part part = part_of(&names->list[i]);
        if (part == PACK_UNSPLIT)
            folder_note(names->list[i].kind == FOLDER_FOLDER ? &s->foreign : &s->outside,
                        names->list[i].path);
        else if (scan_part(s, &names->list[i], part, error) != 0)
            return -1;
    }
    return 0;
}

/* Classes that one part has and another lacks. */
static int compare_parts(const struct folder_scan *scan, const char *path, const bool *has,
                         struct error *error)
{
    static const char *const names[PACK_PARTS] = {"", "train", "validation", "test"};

    for (enum pack_part part = PACK_VALIDATION; part < PACK_PARTS; part++) {
        struct folder_noted train = {.count = 0}, other = {.count = 0};
        bool any = false;
        for (size_t i = 0; i < scan->class_count; i++) {
            const bool in_train = has[PACK_TRAIN * CLASSES_MOST + i], in_part = has[part * CLASSES_MOST + i];
            any = any || in_part;
            if (in_train && !in_part)
                folder_note(&train, scan->classes[i]);
            if (in_part && !in_train)
                folder_note(&other, scan->classes[i]);
        }
        if (any && train.count + other.count > 0)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                "train and %s have different classes: %s%s%s%s%s%s%s", names[part],
                                train.count ? "only train has " : "", train.list,
                                train.count && other.count ? "; " : "", other.count ? "only " : "",
                                other.count ? names[part] : "", other.count ? " has " : "", other.list);
    }
    return 0;
}

static int check_parts(const struct folder_scan *scan, const char *path, struct error *error)
{
    bool *has = memory_array((size_t)PACK_PARTS * CLASSES_MOST, sizeof *has);
    int failed;

    if (!has)
        return error_memory(error);
    for (size_t i = 0; i < scan->count; i++)
        has[scan->files[i].part * CLASSES_MOST + scan->files[i].class] = true;
    failed = compare_parts(scan, path, has, error);
    free(has);
    return failed;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static int tell(struct remarks *remarks, const struct folder_noted *noted, const char *kind, const char *one,
                const char *many, struct error *error)
{
    if (noted->count == 0)
        return 0;
    return remark_add(remarks, kind, NULL, noted->count, error, "%zu %s: %s", noted->count,
                      noted->count == 1 ? one : many, noted->list);
}

static int tell_all(const struct folder_walk *s, struct error *error)
{
    const struct {
        const struct folder_noted *noted;
        const char *kind, *one, *many;
    } all[] = {
        {&s->empty, "empty_folder", "folder has no pictures and is left out",
         "folders have no pictures and are left out"},
        {&s->single, "single_picture", "folder has a single picture", "folders have a single picture each"},
        {&s->nested, "nested_folder", "folder in a class's folder counts as part of the class",
         "folders in folders of classes count as part of the class"},
        {&s->outside, "outside", "file outside of the folders of classes is left out",
         "files outside of the folders of classes are left out"},
        {&s->foreign, "outside", "folder beside train is left out", "folders beside train are left out"},
        {&s->other, "not_a_file", "name is neither a file nor a folder, and is left out",
         "names are neither files nor folders, and are left out"},
        {&s->circle, "circle", "link leads to a folder that it is in, and is left out",
         "links lead to a folder that they are in, and are left out"},
        {&s->deep, "too_deep", "folder is nested too deep, and left out",
         "folders are nested too deep, and left out"},
        {&s->locked, "broken", "folder may not be read, and is left out",
         "folders may not be read, and are left out"},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (tell(&s->scan->remarks, all[i].noted, all[i].kind, all[i].one, all[i].many, error) != 0)
            return -1;
    if (s->scan->class_count == 1)
        return remark_add(&s->scan->remarks, "one_class", NULL, 1, error,
                          "there is one class, \"%s\": a network learns nothing from it",
                          s->scan->classes[0]);
    return 0;
}

/* What is said where there are no classes. */
static int fail_empty(const char *path, const struct folder_names *names, struct error *error)
{
    const struct error_facts facts = {.file = path};
    const char *first;
    const size_t files = folder_names_count(names, FOLDER_FILE, &first);

    if (folder_names_count(names, FOLDER_FOLDER, &first) > 0)
        return error_set_at(error, ERROR_DATA, &facts, "there are no files in its folders");
    if (files > 0)
        return error_set_at(error, ERROR_DATA, &facts,
                            "holds %zu file%s, but no folder; expected a folder of pictures for each class",
                            files, text_plural(files));
    return error_set_at(error, ERROR_DATA, &facts, "is empty; expected a folder of pictures for each class");
}

/* All that was found lies deeper: classes in the folders of a folder that was unpacked. */
static int check_wrapped(const struct folder_walk *s, const char *path, const struct folder_names *names,
                         struct error *error)
{
    const struct folder_scan *scan = s->scan;
    const char *only;

    if (scan->class_count != 1 || s->nested.count < 2 || folder_names_count(names, FOLDER_FOLDER, &only) != 1)
        return 0;
    for (size_t i = 0; i < scan->count; i++) {
        const char *place = folder_scan_place(scan, i);
        if (strchr(place, '/') == strrchr(place, '/'))
            return 0;
    }
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                        "holds one folder, which holds %zu; to take those as classes name %s/%s",
                        s->nested.count, path, only);
}

static int by_place(const void *a, const void *b)
{
    const struct folder_file *x = a, *y = b;

    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    return x->path < y->path ? -1 : x->path > y->path;
}

static int scan_names(struct folder_walk *s, const char *path, const struct folder_names *names,
                      struct error *error)
{
    struct folder_scan *scan = s->scan;
    const int failed = has_parts(names) ? scan_parts(s, names, error)
                                        : folder_walk_classes(s, path, names, PACK_UNSPLIT, error);

    if (failed)
        return -1;
    if (scan->count == 0)
        return fail_empty(path, names, error);
    if (check_wrapped(s, path, names, error) != 0 || check_parts(scan, path, error) != 0)
        return -1;
    qsort(scan->files, scan->count, sizeof *scan->files, by_place);
    return tell_all(s, error);
}

/* Several folders are like the names in one. */
static int name_paths(struct folder_names *names, const char *const *paths, size_t count, struct error *error)
{
    *names = (struct folder_names){0};
    for (size_t i = 0; i < count; i++) {
        size_t end = strlen(paths[i]), begin;
        char *path, *name;
        int failed;
        while (end > 1 && paths[i][end - 1] == '/')
            end--;
        begin = end;
        while (begin > 0 && paths[i][begin - 1] != '/')
            begin--;
        path = memory_string_part(paths[i], end);
        name = memory_string_part(paths[i] + begin, end - begin);
        failed = path && name ? folder_names_add(names, name, path, error) : error_memory(error);
        free(path);
        free(name);
        if (failed)
            return -1;
    }
    return 0;
}

int folder_scan_make(struct folder_scan *scan, const char *const *paths, size_t count, bool skip_broken,
                     struct error *error)
{
    struct folder_walk walk = {.scan = scan, .skip_broken = skip_broken};
    struct folder_names names = {0}, top = {0};
    int failed = -1;

    *scan = (struct folder_scan){0};
    if (name_paths(&top, paths, count, error) == 0 && top.list) {
        const char *first = top.list[0].path;
        if (count > 1) {
            failed = scan_names(&walk, first, &top, error);
        } else if (folder_names_read(&names, first, error) == 0) {
            walk.root = &top.list[0];
            scan->strip = strlen(first) + 1;
            failed = scan_names(&walk, first, &names, error);
        }
    }
    folder_names_finish(&names);
    folder_names_finish(&top);
    return failed;
}
