/* unit_options.h: options for opening a model with the layers and the level of code that the tests run with. */
#ifndef TESTS_UNIT_OPTIONS_H
#define TESTS_UNIT_OPTIONS_H

#include <stdlib.h>

#include "model/model.h"

static inline struct model_options unit_options(bool evaluate_only)
{
    static const char *folder;

    folder = getenv("NNRUN_PLUGIN_PATH");
    return (struct model_options){.plugin_folders = &folder,
                                  .plugin_folder_count = folder != NULL,
                                  .level = getenv("NNRUN_ISA"),
                                  .evaluate_only = evaluate_only};
}
#endif
