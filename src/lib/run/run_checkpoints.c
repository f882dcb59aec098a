/* run_checkpoints.c: see run_checkpoints.h. */
#include "run/run_checkpoints.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/file_io.h"
#include "base/folder_io.h"
#include "run/run_files.h"

static int write_checkpoint(struct run_folder *run, const char *name, const struct tensor *tensors,
                            size_t tensor_count, const struct metadata *metadata, size_t metadata_count,
                            struct error *error)
{
    char *path = run_file_path(run_folder_path(run), name);
    int result;

    if (!path)
        return error_memory(error);
    result = run_folder_check(run, error);
    if (result == 0)
        result = safetensors_write(path, tensors, tensor_count, metadata, metadata_count, error);
    free(path);
    return result;
}

int run_checkpoints_save(struct run_folder *run, uint64_t step, const struct tensor *tensors,
                         size_t tensor_count, const struct metadata *metadata, size_t metadata_count,
                         struct error *error)
{
    char name[RUN_STEP_ROOM];

    run_step_name(name, step);
    return write_checkpoint(run, name, tensors, tensor_count, metadata, metadata_count, error);
}

int run_checkpoints_save_best(struct run_folder *run, const struct tensor *tensors, size_t tensor_count,
                              const struct metadata *metadata, size_t metadata_count, struct error *error)
{
    return write_checkpoint(run, RUN_BEST, tensors, tensor_count, metadata, metadata_count, error);
}

/* 1: it is there; 0: it is not; -1 after setting error: that cannot be told. */
static int is_there(const char *path, struct error *error)
{
    if (access(path, F_OK) == 0)
        return 1;
    if (file_open_code(errno) == ERROR_DATA)
        return 0;
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s", strerror(errno));
}

int run_checkpoints_best(const char *folder, struct safetensors **file, struct error *error)
{
    char *path = run_file_path(folder, RUN_BEST);
    int there;

    *file = NULL;
    if (!path)
        return error_memory(error);
    there = is_there(path, error);
    if (there > 0)
        *file = safetensors_read(path, error);
    free(path);
    return there != 0 && !*file ? -1 : 0;
}

struct steps {
    uint64_t *step;
    size_t count, room;
};

/* Regular files alone: we wrote nothing else, and removing it is not for us. A link counted as the newest would have
 * the true ones pruned. */
static int collect_step(void *arg, int folder, const char *name, struct error *error)
{
    struct steps *steps = arg;
    uint64_t step;
    const int kind = run_step_parse(name, &step) ? folder_is_file(folder, name) : 0;

    if (kind <= 0)
        return kind < 0 ? error_set(error, ERROR_FAILED, "%s: %s", name, strerror(errno)) : 0;
    if (steps->count == steps->room) {
        const size_t room = steps->room ? 2 * steps->room : 16;
        uint64_t *grown = memory_resize(steps->step, room, sizeof *grown);

        if (!grown)
            return error_memory(error);
        steps->step = grown;
        steps->room = room;
    }
    steps->step[steps->count++] = step;
    return 0;
}

static int newest_first(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x < *y) - (*x > *y);
}

/* The steps that have files, newest first, in steps->step, to be freed whatever is returned. */
static int list_steps(const char *folder, struct steps *steps, struct error *error)
{
    int result;

    *steps = (struct steps){NULL, 0, 0};
    result = folder_each(folder, collect_step, steps, error);
    if (steps->count > 0)
        qsort(steps->step, steps->count, sizeof *steps->step, newest_first);
    return result;
}

static int remove_steps(const struct run_folder *run, const uint64_t *step, size_t count, struct error *error)
{
    int folder, result = 0;

    if (count == 0)
        return 0;
    if (run_folder_check(run, error) != 0)
        return -1;
    folder = file_open(run_folder_path(run), O_RDONLY | O_DIRECTORY);
    if (folder < 0)
        return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = run_folder_path(run)}, "%s",
                            strerror(errno));
    for (size_t i = 0; result == 0 && i < count; i++) {
        char name[RUN_STEP_ROOM];

        run_step_name(name, step[i]);
        result = folder_remove(run_folder_path(run), folder, name, error);
    }
    close(folder);
    return result;
}

int run_checkpoints_prune(struct run_folder *run, unsigned keep, struct error *error)
{
    struct steps steps;
    int result = list_steps(run_folder_path(run), &steps, error);

    assert(keep >= 1);
    if (result == 0 && steps.count > keep)
        result = remove_steps(run, steps.step + keep, steps.count - keep, error);
    free(steps.step);
    return result;
}

int run_checkpoints_drop_after(struct run_folder *run, uint64_t step, struct error *error)
{
    struct steps steps;
    size_t later = 0;
    int result = list_steps(run_folder_path(run), &steps, error);

    while (later < steps.count && steps.step[later] > step)
        later++;
    if (result == 0)
        result = remove_steps(run, steps.step, later, error);
    free(steps.step);
    return result;
}

char *run_checkpoints_path(const char *folder, struct error *error)
{
    const size_t length = strlen(folder), slash = length > 1 && folder[length - 1] == '/';
    char *bare = memory_string_part(folder, length - slash), *path = NULL;
    struct steps steps = {NULL, 0, 0};
    int there;

    if (bare)
        path = run_file_path(bare, RUN_BEST);
    if (!path) {
        error_memory(error);
    } else if ((there = is_there(path, error)) <= 0) {
        free(path);
        path = NULL;
        if (there == 0 && !folder_exists(bare))
            file_read_failed(bare, ERROR_DATA, error);
        else if (there < 0 || list_steps(bare, &steps, error) != 0)
            ; /* said */
        else if (steps.count == 0)
            error_set_at(error, ERROR_DATA, &(struct error_facts){.file = bare},
                         "is not a run: it has no checkpoints");
        else if (!(path = run_step_path(bare, steps.step[0])))
            error_memory(error);
    }
    free(steps.step);
    free(bare);
    return path;
}

/* Reads the files in turn; `torn` collects why the ones before were passed over. One that cannot be read may be
 * whole: that ends it, with `advice` if there is another before. */
static struct safetensors *read_first_whole(const char *folder, const struct steps *steps,
                                            enum error_advice advice, uint64_t *step, struct error *torn)
{
    for (size_t i = 0; i < steps->count; i++) {
        struct error reason = {0};
        struct safetensors *file;
        bool damaged;
        char *path = run_step_path(folder, steps->step[i]);

        if (!path) {
            error_memory(torn);
            return NULL;
        }
        file = safetensors_verify(path, &damaged, &reason);
        free(path);
        if (file) {
            *step = steps->step[i];
            return file;
        }
        if (!damaged) {
            if (i + 1 < steps->count)
                error_advise(&reason, advice);
            error_move(&reason, torn);
            return NULL;
        }
        error_append(torn, &reason);
        error_clear(&reason);
    }
    if (error_count(torn) == 0)
        error_set_at(torn, ERROR_DATA, &(struct error_facts){.file = folder},
                     "not a run: it has no step files");
    return NULL;
}

struct safetensors *run_checkpoints_newest(struct run_folder *run, uint64_t *step, char **warnings,
                                           struct error *error)
{
    struct safetensors *file = NULL;
    struct steps steps;
    struct error torn = {0};

    *warnings = NULL;
    if (list_steps(run_folder_path(run), &steps, error) == 0) {
        file = read_first_whole(run_folder_path(run), &steps, ADVICE_STEP_UNREAD, step, &torn);
        if (!file)
            error_move(&torn, error);
        else if (!(*warnings = memory_string(error_text(&torn)))) {
            error_memory(error);
            safetensors_free(file);
            file = NULL;
        }
    }
    error_clear(&torn);
    free(steps.step);
    return file;
}

struct safetensors *run_checkpoints_peek(const char *path, uint64_t *step, struct error *error)
{
    struct safetensors *file = NULL;
    struct steps steps;
    struct error torn = {0};

    if (!folder_exists(path)) {
        file_read_failed(path, ERROR_DATA, error);
        return NULL;
    }
    if (list_steps(path, &steps, error) == 0) {
        file = read_first_whole(path, &steps, ADVICE_NONE, step, &torn);
        if (!file)
            error_move(&torn, error);
    }
    error_clear(&torn);
    free(steps.step);
    return file;
}
