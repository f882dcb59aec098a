/* cifar_files.c: see cifar_files.h. */
#include "pack/cifar_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/folder_io.h"
#include "base/memory.h"
#include "base/text.h"
#include "pack/part_name.h"
#include "pack/path_look.h"

enum { MOST_FILES = 100, MOST_NAMES = 1 << 16, LOOK_RECORDS = 20 };

/* Takes the path over. */
static int add(struct cifar_files *files, char *path, struct error *error)
{
    char **paths = path ? memory_resize(files->paths, files->count + 1, sizeof *paths) : NULL;

    if (!paths) {
        free(path);
        return error_memory(error);
    }
    files->paths = paths;
    paths[files->count++] = path;
    return 0;
}

static int add_named(struct cifar_files *files, const char *folder, const char *name, struct error *error)
{
    char *path = memory_format("%s/%s", folder, name);

    if (path && !path_is_file(path)) {
        free(path);
        return 0;
    }
    return add(files, path, error);
}

static int add_folder(struct cifar_files *files, const char *folder, struct error *error)
{
    static const char *const names[] = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                        "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin",
                                        "train.bin",        "test.bin"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (add_named(files, folder, names[i], error) != 0)
            return -1;
    return 0;
}

/* Labels of a record by its size and content; 0: it is none. */
static size_t labels_of(uint64_t size, const uint8_t *begin, size_t got)
{
    const uint8_t below[2][2] = {{10}, {20, 100}};

    for (size_t labels = 1; labels <= 2; labels++) {
        const size_t record = CIFAR_PIXELS + labels;
        bool right = size > 0 && size % record == 0;
        for (size_t at = 0; right && at < got; at += record)
            for (size_t i = 0; i < labels && at + i < got; i++)
                right = right && begin[at + i] < below[labels - 1][i];
        if (right)
            return labels;
    }
    return 0;
}

/* 1, 0: it is none of those files; -1. */
static int look_at(struct cifar_files *files, size_t i, struct error *error)
{
    const size_t size = (size_t)LOOK_RECORDS * CIFAR_MOST_RECORD;
    uint8_t *begin = malloc(size);
    struct stat status;
    size_t got = 0, labels;
    int result;

    if (!begin)
        return error_memory(error);
    result = stat(files->paths[i], &status) != 0 ? file_read_failed(files->paths[i], ERROR_DATA, error)
                                                 : path_look(files->paths[i], begin, size, &got, error);
    if (result > 0) {
        labels = labels_of((uint64_t)status.st_size, begin, got);
        result = labels > 0;
        if (labels > 0 && i > 0 && labels != files->labels)
            result = error_set_at(error, ERROR_DATA, &(struct error_facts){.file = files->paths[i]},
                                  "is of another CIFAR than %s", files->paths[0]);
        files->labels = labels;
        files->records[i] = labels > 0 ? (size_t)status.st_size / (CIFAR_PIXELS + labels) : 0;
    }
    free(begin);
    return result;
}

/* What is not for the test is for training, if there are both. */
static void tell_parts(struct cifar_files *files)
{
    size_t tests = 0;

    for (size_t i = 0; i < files->count; i++) {
        const char *slash = strrchr(files->paths[i], '/');
        files->parts[i] = part_of_name(slash ? slash + 1 : files->paths[i]);
        part_names_add(&files->said, files->parts[i]);
        files->parts[i] = files->parts[i] == PACK_TEST ? PACK_TEST : PACK_TRAIN;
        tests += files->parts[i] == PACK_TEST;
    }
    for (size_t i = 0; i < files->count && (tests == 0 || tests == files->count); i++)
        files->parts[i] = PACK_UNSPLIT;
}

/* Of a file that CIFAR-10's has the name of. */
static int fail_batch(const char *path, struct error *error)
{
    const struct error_facts facts = {.file = path};
    struct stat status;
    unsigned long long size;

    if (stat(path, &status) != 0)
        return file_read_failed(path, ERROR_DATA, error);
    size = (unsigned long long)status.st_size;
    if (size == 0)
        return error_set_at(error, ERROR_DATA, &facts, "is empty");
    if (size % (CIFAR_PIXELS + 1) != 0)
        return error_set_at(error, ERROR_DATA, &facts,
                            "is not a file of CIFAR-10: its size, %llu byte%s, is not a multiple of %d", size,
                            text_plural(size), CIFAR_PIXELS + 1);
    return error_set_at(error, ERROR_DATA, &facts, "is not a file of CIFAR-10: a label is above 9");
}

static int look_at_all(struct cifar_files *files, bool folder, struct error *error)
{
    if (files->count == 0)
        return 0;
    files->parts = calloc(files->count, sizeof *files->parts);
    files->records = calloc(files->count, sizeof *files->records);
    if (!files->parts || !files->records)
        return error_memory(error);
    for (size_t i = 0; i < files->count; i++) {
        const int result = look_at(files, i, error);
        if (result == 0 && folder && strstr(files->paths[i], "_batch"))
            return fail_batch(files->paths[i], error);
        if (result <= 0)
            return result;
    }
    tell_parts(files);
    return 1;
}

int cifar_files_find(struct cifar_files *files, const char *const *paths, size_t count, struct error *error)
{
    const bool folder = count == 1 && folder_exists(paths[0]);

    *files = (struct cifar_files){0};
    if (folder && add_folder(files, paths[0], error) != 0)
        return -1;
    for (size_t i = 0; i < count && !folder; i++) {
        const size_t length = strlen(paths[i]);
        if (count > MOST_FILES || length < 4 || strcmp(paths[i] + length - 4, ".bin") != 0)
            return 0;
        if (add(files, memory_string(paths[i]), error) != 0)
            return -1;
    }
    return look_at_all(files, folder, error);
}

void cifar_files_finish(struct cifar_files *files)
{
    memory_free_each((void **)files->paths, files->count);
    free(files->parts);
    free(files->records);
    *files = (struct cifar_files){0};
}

/* ---- names --------------------------------------------------------------------------------------------- */

static int take_lines(char *text, char **names, size_t want, size_t *count, const char *path,
                      struct error *error)
{
    for (char *line = strtok_r(text, "\r\n", &text); line; line = strtok_r(NULL, "\r\n", &text)) {
        if (*count == want)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                "has more than the %zu names of that CIFAR's classes", want);
        for (size_t i = 0; i < *count; i++)
            if (strcmp(names[i], line) == 0)
                return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                    "has the name \"%.100s\" twice, for classes %zu and %zu", line, i,
                                    *count);
        names[*count] = memory_string(line);
        if (!names[(*count)++])
            return error_memory(error);
    }
    if (*count < want)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                            "has %zu name%s, expected one for each of %zu classes", *count,
                            text_plural(*count), want);
    return 0;
}

int cifar_names_load(const struct cifar_files *files, const char *name, size_t want, char ***names,
                     size_t *count, struct error *error)
{
    char *path = path_beside(files->paths[0], name), *text = NULL;
    size_t size;
    int result = path ? 0 : error_memory(error);

    *names = NULL;
    *count = 0;
    if (path && path_is_file(path)) {
        text = file_load(path, MOST_NAMES, &size, error);
        *names = text ? calloc(want, sizeof **names) : NULL;
        if (text && !*names)
            error_memory(error);
        result = *names ? take_lines(text, *names, want, count, path, error) : -1;
    }
    free(text);
    free(path);
    return result;
}
