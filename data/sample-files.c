/* sample-files.c: see sample-files.h. */
#include "sample-files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"

enum {
    SETS = SAMPLE_FILES_SETS,
    KINDS = SAMPLE_FILES_KINDS,
    PIECE = 64 /* samples drawn between two looks at the signals */
};

struct output {
    char *path, *temporary; /* owned; temporary NULL: there is no such file */
    gzFile gzip;
};

static int open_output(struct output *output, const char *folder, const char *name, struct error *error)
{
    int fd;

    output->path = memory_format("%s/%s", folder, name);
    output->temporary = memory_format("%s/.%s.%ld", folder, name, (long)getpid());
    if (!output->path || !output->temporary)
        goto out_of_memory;
    fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        error_set(error, ERROR_FAILED, "%s: %s", output->temporary, strerror(errno));
        free(output->temporary);
        output->temporary = NULL;
        return -1;
    }
    output->gzip = gzdopen(fd, "wb6"); /* writes no name and no time */
    if (output->gzip)
        return 0;
    close(fd);
    unlink(output->temporary);
out_of_memory:
    free(output->temporary);
    output->temporary = NULL;
    return error_memory(error);
}

static int put(struct output *output, const void *bytes, size_t size, struct error *error)
{
    int code;

    if (gzwrite(output->gzip, bytes, (unsigned)size) == (int)size)
        return 0;
    gzerror(output->gzip, &code);
    return error_set(error, ERROR_FAILED, "%s: %s", output->temporary,
                     code == Z_ERRNO ? strerror(errno) : "compression failed");
}

static int close_output(struct output *output, struct error *error)
{
    const gzFile gzip = output->gzip;

    output->gzip = NULL;
    if (gzclose(gzip) == Z_OK)
        return 0;
    return error_set(error, ERROR_FAILED, "%s: %s", output->temporary, strerror(errno));
}

static int put_header(struct output *output, uint8_t type, const uint32_t *sizes, uint8_t rank,
                      struct error *error)
{
    uint8_t header[4 + 4 * 3] = {0, 0, type, rank};

    for (size_t i = 0; i < rank; i++)
        for (size_t k = 0; k < 4; k++)
            header[4 + 4 * i + k] = (uint8_t)(sizes[i] >> (24 - 8 * k));
    return put(output, header, 4 + 4 * (size_t)rank, error);
}

/* True once one of the blocked signals is there. */
static bool interrupted(const sigset_t *signals)
{
    sigset_t waiting;

    sigpending(&waiting);
    for (int i = 1; i < NSIG; i++)
        if (sigismember(signals, i) == 1 && sigismember(&waiting, i) == 1)
            return true;
    return false;
}

/* What a set is made of. */
struct drawing {
    const struct sample_files *files;
    uint64_t seed;
    uint32_t count[SETS];
    const sigset_t *signals;
};

static int write_set(struct output output[KINDS], const struct drawing *drawing, uint32_t set,
                     struct error *error)
{
    const struct sample_files *files = drawing->files;
    const struct random_key key = random_key(drawing->seed, files->purpose, files->name);
    const uint32_t count = drawing->count[set];
    uint8_t bytes[SAMPLE_FILES_BYTES];

    if (put_header(&output[0], files->type, (const uint32_t[]){count, files->rows, files->columns}, 3,
                   error) != 0 ||
        put_header(&output[1], 8, &count, 1, error) != 0)
        return -1;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t label = files->draw(key, set, i, bytes);
        if (put(&output[0], bytes, files->bytes, error) != 0 || put(&output[1], &label, 1, error) != 0)
            return -1;
        if (i % PIECE == 0 && interrupted(drawing->signals))
            return error_set(error, ERROR_FAILED, "interrupted");
    }
    for (int kind = 0; kind < KINDS; kind++)
        if (close_output(&output[kind], error) != 0)
            return -1;
    return 0;
}

static int publish(struct output *output, struct error *error)
{
    if (rename(output->temporary, output->path) != 0)
        return error_set(error, ERROR_FAILED, "%s: %s", output->path, strerror(errno));
    free(output->temporary);
    output->temporary = NULL;
    return 0;
}

static void discard(struct output *output)
{
    if (output->gzip)
        gzclose(output->gzip);
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->path);
}

static int write_sets(const char *folder, const struct drawing *drawing, struct error *error)
{
    struct output output[SETS][KINDS] = {{{0}}};
    int result = 0;

    for (uint32_t set = 0; set < SETS && result == 0; set++) {
        for (int kind = 0; kind < KINDS && result == 0; kind++)
            result = open_output(&output[set][kind], folder, drawing->files->names[set][kind], error);
        if (result == 0)
            result = write_set(output[set], drawing, set, error);
    }
    for (int i = 0; i < SETS * KINDS && result == 0; i++)
        result = publish(&output[i / KINDS][i % KINDS], error);
    for (int i = 0; i < SETS * KINDS; i++)
        discard(&output[i / KINDS][i % KINDS]);
    return result;
}

/* What is there may be somebody's own. */
static int check_absent(const char *path, struct error *error)
{
    struct stat status;

    if (lstat(path, &status) == 0)
        return error_set(error, ERROR_FAILED, "%s is there already; --force replaces it", path);
    return errno == ENOENT ? 0 : error_set(error, ERROR_FAILED, "%s: %s", path, strerror(errno));
}

static int check_all_absent(const struct sample_files *files, const char *folder, struct error *error)
{
    int result = 0;

    for (int i = 0; i < SETS * KINDS && result == 0; i++) {
        char *path = memory_format("%s/%s", folder, files->names[i / KINDS][i % KINDS]);
        result = path ? check_absent(path, error) : error_memory(error);
        free(path);
    }
    return result;
}

int sample_files_write(const struct sample_files *files, const char *folder, uint64_t seed, uint32_t train,
                       uint32_t test, bool replace, struct error *error)
{
    const bool made = mkdir(folder, 0777) == 0;
    sigset_t signals, before;
    int result;

    if (!made && errno != EEXIST)
        return error_set(error, ERROR_FAILED, "%s: %s", folder, strerror(errno));
    if (!made && !replace && check_all_absent(files, folder, error) != 0)
        return -1;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, &before);
    result = write_sets(
        folder, &(struct drawing){.files = files, .seed = seed, .count = {train, test}, .signals = &signals},
        error);
    if (result != 0 && made)
        rmdir(folder);
    sigprocmask(SIG_SETMASK, &before, NULL); /* a waiting signal takes effect here */
    return result;
}
