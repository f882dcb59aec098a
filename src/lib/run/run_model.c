/* run_model.c: see run_model.h. */
#include "run/run_model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/run_checkpoints.h"
#include "run/run_files.h"
#include "run/run_info.h"

static int add_paths(struct model *model, const char *folder, struct error *error)
{
    struct model_paths paths = {0};
    const int result = run_info_paths(folder, &paths, error);

    if (result == 0)
        model_take_paths(model, &paths);
    model_paths_finish(&paths);
    return result;
}

/* Who may read a checkpoint may not be let read what is beside it; any other failure stays one. */
static int forgive_hidden(const char *folder, struct error *error)
{
    char *info = run_file_path(folder, RUN_INFO);
    const bool hidden = info && access(info, R_OK) != 0 && errno == EACCES;

    free(info);
    if (hidden)
        error_clear(error);
    return hidden ? 0 : -1;
}

int run_model_open(struct model *model, const char *path, enum model_kind kind,
                   const struct model_options *options, struct error *error)
{
    const struct model_source source = {.path = path, .kind = kind};
    const char *slash = strrchr(path, '/');
    char *folder;
    int result;

    if (model_open(model, &source, options, error) != 0)
        return -1;
    if (!model->file)
        return 0;
    folder = slash ? memory_string_part(path, (size_t)(slash - path) + (slash == path)) : memory_string(".");
    result = folder ? add_paths(model, folder, error) : error_memory(error);
    if (result != 0 && error->code == ERROR_FAILED)
        result = forgive_hidden(folder, error);
    free(folder);
    return result;
}

/* Takes the file over; NULL: the error says why there is none. */
static int open_of_run(struct model *model, struct safetensors *file, const char *folder,
                       const struct model_options *options, struct error *error)
{
    const struct model_source source = {.file = file};

    if (!file) {
        *model = (struct model){0};
        return -1;
    }
    return model_open(model, &source, options, error) == 0 ? add_paths(model, folder, error) : -1;
}

int run_model_open_run(struct model *model, struct run_folder *run, const struct model_options *options,
                       char **warnings, struct error *error)
{
    uint64_t step;
    struct safetensors *file = run_checkpoints_newest(run, &step, warnings, error);

    return open_of_run(model, file, run_folder_path(run), options, error);
}

int run_model_peek(struct model *model, const char *folder, const struct model_options *options,
                   struct error *error)
{
    uint64_t step;
    struct safetensors *file = run_checkpoints_peek(folder, &step, error);

    return open_of_run(model, file, folder, options, error);
}
