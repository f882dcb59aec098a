/* csv_folder.c: see csv_folder.h. */
#include "pack/csv_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/text.h"
#include "pack/folder_names.h"
#include "pack/part_name.h"

enum { NAMED = 5 };

/* The length of a name without ".gz". */
static size_t stem_of(const char *name)
{
    const size_t length = strlen(name);

    return length > 3 && strcasecmp(name + length - 3, ".gz") == 0 ? length - 3 : length;
}

static bool is_table(const struct folder_name *name)
{
    const size_t stem = stem_of(name->name);
    const char *end = name->name + stem - 4;

    return name->kind == FOLDER_FILE && stem > 4 &&
           (strncasecmp(end, ".csv", 4) == 0 || strncasecmp(end, ".tsv", 4) == 0);
}

static size_t count_tables(const struct folder_names *names)
{
    size_t count = 0;

    for (size_t i = 0; i < names->count; i++)
        count += is_table(&names->list[i]);
    return count;
}

int csv_folder_is(const char *path, struct error *error)
{
    struct folder_names names;
    struct stat status;
    const char *first;
    int result = -1;

    if (stat(path, &status) != 0)
        return file_read_failed(path, ERROR_DATA, error);
    if (!S_ISDIR(status.st_mode))
        return 0;
    if (folder_names_read(&names, path, error) == 0)
        result = count_tables(&names) > 0 && folder_names_count(&names, FOLDER_FOLDER, &first) == 0;
    folder_names_finish(&names);
    return result;
}

/* ---- which of them ------------------------------------------------------------------------------------- */

static void add_name(char text[CSV_FOLDER_LEFT], size_t *count, const char *name)
{
    if ((*count)++ < NAMED)
        text_add(text, CSV_FOLDER_LEFT, "%s%.60s", *count == 1 ? "" : ", ", name);
    else if (*count == NAMED + 1)
        text_add(text, CSV_FOLDER_LEFT, ", ...");
}

/* Names that do not say enough. */
static int fail_names(const char *path, const struct folder_names *names, const char *what,
                      struct error *error)
{
    char text[CSV_FOLDER_LEFT] = "";
    size_t count = 0;

    for (size_t i = 0; i < names->count; i++)
        if (is_table(&names->list[i]))
            add_name(text, &count, names->list[i].name);
    return error_set_at(
        error, ERROR_DATA, &(struct error_facts){.file = path},
        "holds %zu tables, %s: %s; name those that belong together, or call them train.csv, test.csv "
        "and validation.csv",
        count, what, text);
}

/* Of a table that is there packed and unpacked: which one is meant? */
static int check_once(const char *path, const struct folder_names *names, struct error *error)
{
    for (size_t i = 0; i + 1 < names->count; i++) {
        const char *a = names->list[i].name;
        for (size_t k = i + 1; is_table(&names->list[i]) && k < names->count; k++) {
            const char *b = names->list[k].name;
            if (stem_of(a) == stem_of(b) && memcmp(a, b, stem_of(a)) == 0)
                return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                    "holds both %s and %s; remove one, or name the files to pack", a, b);
        }
    }
    return 0;
}

static int add_path(struct csv_folder *folder, const char *path, struct error *error)
{
    folder->paths[folder->count] = memory_string(path);
    return folder->paths[folder->count++] ? 0 : error_memory(error);
}

static int choose(struct csv_folder *folder, const char *path, const struct folder_names *names,
                  struct error *error)
{
    const size_t tables = count_tables(names);
    size_t of[PACK_PARTS] = {0};

    for (size_t i = 0; i < names->count; i++)
        of[part_of_name(names->list[i].name)] += is_table(&names->list[i]);
    if (tables > 1 && of[PACK_UNSPLIT] == tables)
        return fail_names(path, names, "and none is named as training or test data", error);
    if (tables > 1 && of[PACK_TRAIN] == 0)
        return fail_names(path, names, "and none is named as training data", error);
    folder->paths = memory_array(tables, sizeof *folder->paths);
    if (!folder->paths)
        return error_memory(error);
    for (enum pack_part part = PACK_UNSPLIT; part < PACK_PARTS; part++)
        for (size_t i = 0; i < names->count; i++) {
            const struct folder_name *name = &names->list[i];
            const bool taken = is_table(name) && (tables == 1 || part_of_name(name->name) != PACK_UNSPLIT);
            if (taken && part_of_name(name->name) == part && add_path(folder, name->path, error) != 0)
                return -1;
            if (!taken && part == PACK_UNSPLIT)
                add_name(folder->names, &folder->left, name->name);
        }
    return 0;
}

int csv_folder_find(struct csv_folder *folder, const char *path, struct error *error)
{
    struct folder_names names;
    size_t length = strlen(path);
    char *plain;
    int failed;

    *folder = (struct csv_folder){0};
    while (length > 1 && path[length - 1] == '/')
        length--;
    plain = memory_string_part(path, length);
    if (!plain)
        return error_memory(error);
    failed = folder_names_read(&names, plain, error);
    if (!failed)
        failed = check_once(plain, &names, error) != 0 || choose(folder, plain, &names, error) != 0 ? -1 : 0;
    if (!failed && folder->count == 0)
        failed =
            error_set_at(error, ERROR_DATA, &(struct error_facts){.file = plain}, "no longer has tables");
    folder_names_finish(&names);
    free(plain);
    return failed;
}

void csv_folder_finish(struct csv_folder *folder)
{
    memory_free_each((void **)folder->paths, folder->count);
    *folder = (struct csv_folder){0};
}

int csv_folder_remark(const struct csv_folder *folder, const struct pack_sink *sink, struct error *error)
{
    const bool one = folder->left == 1;
    char text[CSV_FOLDER_LEFT + 200];

    if (folder->left == 0)
        return 0;
    snprintf(text, sizeof text, "%zu %s left out, as the name does not say training, validation or test: %s",
             folder->left, one ? "file of the folder is" : "files of the folder are", folder->names);
    return sink->remark(sink->context, "outside", NULL, text, error);
}
