/* idx_pairs.c: see idx_pairs.h. */
#include "pack/idx_pairs.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/folder_io.h"
#include "base/memory.h"
#include "pack/path_look.h"

enum { MOST_FILES = 1000 };

struct found {
    char *path;
    struct idx_name name;
};

struct finding {
    const char *folder; /* NULL: the files themselves are named */
    struct found *files;
    size_t count, room;
    char *mapping;
    char *wrong; /* the first file of a folder that is called as IDX files are, and is none */
};

/* ---- files --------------------------------------------------------------------------------------------- */

/* Takes the path over. */
static int add(struct finding *finding, char *path, struct error *error)
{
    if (path && finding->count == finding->room) {
        const size_t room = finding->room ? 2 * finding->room : 8;
        struct found *files = memory_resize(finding->files, room, sizeof *files);
        if (files) {
            finding->files = files;
            finding->room = room;
        } else {
            free(path);
            path = NULL;
        }
    }
    if (!path)
        return error_memory(error);
    finding->files[finding->count++] = (struct found){path, idx_name_of(path)};
    return 0;
}

static bool is_mapping(const char *name)
{
    const size_t length = strlen(name);

    return length > 11 && strcmp(name + length - 11, "mapping.txt") == 0;
}

/* "-idx3-" or "ubyte" is in it. */
static bool may_be_idx(const char *name)
{
    const char *idx = strstr(name, "idx");

    return (idx && idx[3] >= '1' && idx[3] <= '4' && idx[4] == '-') || strstr(name, "ubyte");
}

static int add_of_folder(void *arg, int folder, const char *name, struct error *error)
{
    struct finding *finding = arg;

    (void)folder;
    if (is_mapping(name) || !may_be_idx(name))
        return 0;
    if (finding->count == MOST_FILES)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = finding->folder},
                            "has more than %d IDX files; name those of one data set", MOST_FILES);
    return add(finding, memory_format("%s/%s", finding->folder, name), error);
}

/* Does it begin as IDX does? 1, 0, -1. */
static int begins_right(const char *path, bool *labels, struct error *error)
{
    unsigned char begin[4];
    size_t got;
    const int file = path_look(path, begin, sizeof begin, &got, error);

    *labels = got == 4 && begin[3] == 1;
    return file <= 0 ? file : got == 4 && begin[0] == 0 && begin[1] == 0 && begin[3] >= 1 && begin[3] <= 4;
}

/* Drops what is no IDX file, if a folder has such; the role of one whose name does not tell is told by its rank. 1; 0: one
 * of the files named is none; -1. */
static int check_files(struct finding *finding, struct error *error)
{
    size_t kept = 0;

    for (size_t i = 0; i < finding->count; i++) {
        struct found file = finding->files[i];
        bool labels = false;
        const int right = begins_right(file.path, &labels, error);
        if (right < 0 || (right == 0 && !finding->folder))
            return right;
        if (right == 0 && !finding->wrong && file.name.role == IDX_ROLE_SAMPLES &&
            !(finding->wrong = memory_string(file.path)))
            return error_memory(error);
        if (file.name.role == IDX_ROLE_UNKNOWN)
            file.name.role = labels ? IDX_ROLE_LABELS : IDX_ROLE_SAMPLES;
        if (right > 0) /* the others keep their places behind, to be freed */
            finding->files[i] = finding->files[kept], finding->files[kept++] = file;
    }
    for (size_t i = kept; i < finding->count; i++)
        free(finding->files[i].path);
    finding->count = kept;
    return kept > 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct found *)a)->path, ((const struct found *)b)->path);
}

static int find_files(struct finding *finding, const char *const *paths, size_t count, struct error *error)
{
    if (count == 1 && folder_exists(paths[0])) {
        finding->folder = paths[0];
        if (folder_each(paths[0], add_of_folder, finding, error) != 0)
            return -1;
        if (finding->count > 1)
            qsort(finding->files, finding->count, sizeof *finding->files, by_path);
        return check_files(finding, error);
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_mapping(paths[i])) {
            if (add(finding, memory_string(paths[i]), error) != 0)
                return -1;
            continue;
        }
        free(finding->mapping);
        finding->mapping = memory_string(paths[i]);
        if (!finding->mapping)
            return error_memory(error);
    }
    return check_files(finding, error);
}

/* ---- pairs --------------------------------------------------------------------------------------------- */

static bool are_one(const struct idx_name *a, const struct idx_name *b)
{
    return a->part == b->part && strcmp(a->set, b->set) == 0;
}

/* The same file, packed and not. */
static bool is_packed(const char *plain, const char *packed)
{
    const size_t length = strlen(plain);

    return strncmp(plain, packed, length) == 0 && strcmp(packed + length, ".gz") == 0;
}

/* Of two files with the same name but for ".gz", as some unpack them, the first is taken. */
static int put(const struct found *file, char **place, struct error *error)
{
    if (*place && is_packed(*place, file->path))
        return 0;
    if (*place)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->path},
                            "seems to be of the same kind and part as %s; name one of them", *place);
    *place = memory_string(file->path);
    return *place ? 0 : error_memory(error);
}

static int pair_up(struct idx_pairs *pairs, const struct finding *finding, struct error *error)
{
    const bool two = finding->count == 2 && finding->files[0].name.role != finding->files[1].name.role;

    pairs->list = calloc(finding->count + 1, sizeof *pairs->list);
    if (!pairs->list)
        return error_memory(error);
    for (size_t i = 0; i < finding->count; i++) {
        const struct found *file = &finding->files[i];
        size_t at = 0;
        while (at < pairs->count && !two && !are_one(&pairs->list[at].name, &file->name))
            at++;
        if (at == pairs->count) {
            pairs->list[at].name = file->name;
            pairs->count++;
        }
        if (put(file, file->name.role == IDX_ROLE_LABELS ? &pairs->list[at].labels : &pairs->list[at].samples,
                error) != 0)
            return -1;
    }
    return 0;
}

static int check_pairs(const struct idx_pairs *pairs, const struct finding *finding, struct error *error)
{
    const char *folder = finding->folder;

    for (size_t i = 0; i < pairs->count; i++) {
        const struct idx_pair *pair = &pairs->list[i];
        if (!pair->samples && finding->wrong)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = finding->wrong},
                                "is called as an IDX file is, but does not begin as one");
        if (!pair->samples)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = pair->labels},
                                "are labels, and their images are missing");
        if (!pair->labels != !pairs->list[0].labels)
            return error_set_at(
                error, ERROR_DATA,
                &(struct error_facts){.file = pair->labels ? pairs->list[0].samples : pair->samples},
                "has no labels beside it, but other files have");
        if (folder && strcmp(pair->name.set, pairs->list[0].name.set) != 0)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = folder},
                                "has several data sets, as \"%s\" and \"%s\"; name the files of one",
                                pairs->list[0].name.set, pair->name.set);
    }
    return 0;
}

/* ---- the table of characters --------------------------------------------------------------------------- */

/* EMNIST's, beside its files: "emnist-letters-mapping.txt". */
static int find_mapping(struct idx_pairs *pairs, struct finding *finding, struct error *error)
{
    const char *samples = pairs->list[0].samples, *slash = samples ? strrchr(samples, '/') : NULL;
    const char *set = pairs->list[0].name.set;
    char *path;

    pairs->mapping = finding->mapping;
    finding->mapping = NULL;
    if (pairs->mapping || !*set)
        return 0;
    path = memory_format("%.*s%s-mapping.txt", slash ? (int)(slash + 1 - samples) : 0, samples, set);
    if (!path)
        return error_memory(error);
    if (path_is_file(path))
        pairs->mapping = path;
    else
        free(path);
    return 0;
}

int idx_pairs_find(struct idx_pairs *pairs, const char *const *paths, size_t count, struct error *error)
{
    struct finding finding = {0};
    int result;

    *pairs = (struct idx_pairs){0};
    result = find_files(&finding, paths, count, error);
    if (result > 0 && (pair_up(pairs, &finding, error) != 0 || check_pairs(pairs, &finding, error) != 0 ||
                       find_mapping(pairs, &finding, error) != 0))
        result = -1;
    for (size_t i = 0; i < finding.count; i++)
        free(finding.files[i].path);
    free(finding.files);
    free(finding.mapping);
    free(finding.wrong);
    return result;
}

void idx_pairs_finish(struct idx_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(pairs->list[i].samples);
        free(pairs->list[i].labels);
    }
    free(pairs->list);
    free(pairs->mapping);
    *pairs = (struct idx_pairs){0};
}
