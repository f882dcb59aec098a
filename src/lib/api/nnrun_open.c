/* nnrun_open.c: from a config or a checkpoint to an nnrun_model, and its end. */
#include "api/public_model.h"

#include <stdlib.h>
#include <string.h>

#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_struct.h"
#include "api/public_watch.h"
#include "base/folder_io.h"
#include "base/memory.h"
#include "run/run_files.h"
#include "run/run_model.h"

_Static_assert((int)MODEL_ANY == (int)NNRUN_ANY && (int)MODEL_CONFIG == (int)NNRUN_CONFIG &&
                   (int)MODEL_CHECKPOINT == (int)NNRUN_CHECKPOINT,
               "the numbers are those of model/model_kind.h");

int public_model_options(const nnrun_options *given, nnrun_options *own, struct model_options *options,
                         struct error *error)
{
    if (public_struct_take("nnrun_options", given, own, sizeof *own, error) != 0)
        return -1;
    if (own->expect < NNRUN_ANY || own->expect > NNRUN_CHECKPOINT)
        return error_set(error, ERROR_ARGUMENT, "nnrun_options: expect: %d is not a source",
                         (int)own->expect);
    if (public_need_zero("nnrun_options", own->reserved, error) != 0 ||
        public_need_strings("nnrun_options", "overrides", own->overrides, own->override_count, error) != 0 ||
        public_need_strings("nnrun_options", "plugin_folders", own->plugin_folders, own->plugin_folder_count,
                            error) != 0)
        return -1;
    *options = (struct model_options){.plugin_folders = own->plugin_folders,
                                      .plugin_folder_count = own->plugin_folder_count,
                                      .level = own->level,
                                      .overrides = own->overrides,
                                      .override_count = own->override_count,
                                      .watch = own->watch ? &own->watch->calls : NULL};
    return 0;
}

/* ---- opening ----------------------------------------------------------------------------------------- */

/* A checkpoint is not trained: its network needs no backward pass. */
static struct model_options evaluate_only(const struct model_options *options, enum model_kind kind)
{
    struct model_options evaluate = *options;

    evaluate.evaluate_only = kind == MODEL_CHECKPOINT;
    return evaluate;
}

static int open_file(nnrun_model *model, const char *path, enum model_kind kind,
                     const struct model_options *options, struct error *error)
{
    const struct model_options wanted =
        evaluate_only(options, kind == MODEL_ANY ? model_file_kind(path) : kind);

    if (kind != MODEL_CONFIG && folder_exists(path))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                            "is a folder; name a checkpoint in it, such as %s/" RUN_BEST, path);
    model->path = memory_string(path);
    return model->path ? run_model_open(&model->model, path, kind, &wanted, error) : error_memory(error);
}

static int open_bytes(nnrun_model *model, const struct model_source *source,
                      const struct model_options *options, struct error *error)
{
    const enum model_kind kind = model_kind(source->bytes, source->size);
    const struct model_options wanted = evaluate_only(options, source->kind ? source->kind : kind);

    return model_open(&model->model, source, &wanted, error);
}

/* One of both: a path, or a source of bytes. */
static nnrun_model *open_either(const char *path, const struct model_source *source,
                                const nnrun_options *given, struct error *error)
{
    nnrun_model *model = memory_array(1, sizeof *model);
    struct model_options options = {0};
    nnrun_options own = {0};
    int failed;

    if (!model) {
        error_memory(error);
        return NULL;
    }
    failed = public_model_options(given, &own, &options, error);
    if (!failed && path) {
        failed = open_file(model, path, (enum model_kind)own.expect, &options, error);
    } else if (!failed && source) {
        struct model_source wanted = *source;
        wanted.kind = (enum model_kind)own.expect;
        failed = open_bytes(model, &wanted, &options, error);
    }
    if (!failed && public_model_learn(model, error) == 0 && public_model_describe(model, error) == 0)
        return model;
    nnrun_close(model);
    return NULL;
}

nnrun_model *nnrun_open(const char *path, const nnrun_options *options, nnrun_error *error)
{
    struct error own = {0};
    nnrun_model *model = NULL;
    struct host host;

    host_enter(&host);
    if (public_need_path("nnrun_open", "path", path, &own) == 0)
        model = open_either(path, NULL, options, &own);
    host_leave(&host);
    public_error_give(error, &own);
    return model;
}

nnrun_model *nnrun_open_bytes(const void *bytes, size_t size, const char *name, const nnrun_options *options,
                              nnrun_error *error)
{
    const struct model_source source = {
        .bytes = bytes ? bytes : "", .size = bytes ? size : 0, .label = name ? name : "memory"};
    struct error own = {0};
    nnrun_model *model;
    struct host host;

    host_enter(&host);
    model = open_either(NULL, &source, options, &own);
    host_leave(&host);
    public_error_give(error, &own);
    return model;
}

void nnrun_close(nnrun_model *model)
{
    if (!model)
        return;
    public_model_forget(model);
    model_finish(&model->model);
    free(model->path);
    free(model->layers);
    free(model->class_names);
    free(model);
}
