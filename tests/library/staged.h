/* staged.h: comes before each client that stage.sh's pkg-config file compiles: the library of a build that is not
 * installed finds the layers in the folder of $NNRUN_PLUGIN_PATH, unless the client names folders itself. Clients of
 * what is installed are compiled without it. */
#ifndef STAGED_H
#define STAGED_H

#include <stdlib.h>

#include <nnrun/nnrun.h>

static inline nnrun_options staged_options(const nnrun_options *options, const char **folder)
{
    nnrun_options staged = NNRUN_OPTIONS_INIT;

    if (options)
        staged = *options;
    *folder = getenv("NNRUN_PLUGIN_PATH");
    if (*folder && staged.plugin_folder_count == 0) {
        staged.plugin_folders = folder;
        staged.plugin_folder_count = 1;
    }
    return staged;
}

static inline nnrun_model *staged_open(const char *path, const nnrun_options *options, nnrun_error *error)
{
    const char *folder;
    const nnrun_options staged = staged_options(options, &folder);

    return nnrun_open(path, options && options->size != sizeof *options ? options : &staged, error);
}

static inline nnrun_model *staged_open_bytes(const void *bytes, size_t size, const char *name,
                                             const nnrun_options *options, nnrun_error *error)
{
    const char *folder;
    const nnrun_options staged = staged_options(options, &folder);

    return nnrun_open_bytes(bytes, size, name, &staged, error);
}

static inline int staged_resume(const char *run, const nnrun_options *open,
                                const nnrun_train_options *options, nnrun_training *training,
                                nnrun_error *error)
{
    const char *folder;
    const nnrun_options staged = staged_options(open, &folder);

    return nnrun_resume(run, &staged, options, training, error);
}

#define nnrun_open       staged_open
#define nnrun_open_bytes staged_open_bytes
#define nnrun_resume     staged_resume
#endif
