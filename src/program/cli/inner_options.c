/* inner_options.c: see inner_options.h. */
#include "cli/inner_options.h"

#include "api/public_watch.h"

struct model_options options_model(const struct options *options, bool evaluate_only)
{
    return (struct model_options){.plugin_folders = (const char *const *)options->folders,
                                  .plugin_folder_count = options->folder_count,
                                  .level = options->level,
                                  .overrides = options->overrides,
                                  .override_count = options->override_count,
                                  .evaluate_only = evaluate_only,
                                  .watch = options->watch ? &options->watch->calls : NULL};
}
