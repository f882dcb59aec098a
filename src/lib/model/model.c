/* model.c: see model.h. */
#include "model/model.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/installed.h"
#include "base/memory.h"
#include "base/thread_pool.h"

struct registry *model_registry(const struct model_options *options, unsigned *level, struct error *error)
{
    const size_t given = options->plugin_folder_count;
    const char **folders = memory_array(given + 1, sizeof *folders);
    struct registry *registry = NULL;
    const int chosen = plugin_level(options->level, error);
    char *installed = NULL;

    if (!folders)
        error_memory(error);
    else if (chosen >= 0 && (installed = installed_folder(NNRUN_PLUGINDIR, error)) != NULL) {
        for (size_t i = 0; i < given; i++)
            folders[i] = options->plugin_folders[i];
        folders[given] = installed;
        *level = (unsigned)chosen;
        registry = registry_create(folders, given + 1, *level, error);
        if (registry)
            registry_watch(registry, options->watch);
    }
    free(installed);
    free(folders);
    return registry;
}

void model_finish(struct model *model)
{
    net_destroy(model->net);
    registry_destroy(model->registry);
    config_close(model->config);
    config_close(model->own_config);
    safetensors_free(model->file);
    model_paths_finish(&model->paths);
    free(model->from);
    for (size_t i = 0; i < model->override_count; i++)
        free(model->overrides[i]);
    free(model->overrides);
    free(model->taker);
    augment_destroy(model->augment);
    free(model->scale);
    free(model->shift);
    memset(model, 0, sizeof *model);
}

void model_release_file(struct model *model)
{
    safetensors_free(model->file);
    model->file = NULL;
}

void model_take_paths(struct model *model, struct model_paths *paths)
{
    if (config_gives_any(model->config, SETTING_PATH)) {
        model_paths_finish(paths);
        return;
    }
    model_paths_finish(&model->paths);
    model->paths = *paths;
    *paths = (struct model_paths){0};
}

unsigned model_threads(const struct model *model)
{
    const unsigned wanted = (unsigned)model->settings.train.threads, processors = thread_pool_processors();
    const bool believed = !model->of_checkpoint || config_gives(model->config, "train.threads");

    return wanted > 0 && (believed || wanted < processors) ? wanted : processors;
}

/* The files of a part, and what it is called in messages and in the config. */
struct part {
    const char *images, *labels, *name, *key;
};

static struct part part_of(const struct model *model, enum model_part part)
{
    const struct model_paths *paths = &model->paths;

    if (part == MODEL_TEST)
        return (struct part){paths->test_images, paths->test_labels, "test", "test"};
    if (part == MODEL_VALIDATION)
        return (struct part){paths->validation_images, paths->validation_labels, "validation", "validation"};
    return (struct part){paths->train_images, paths->train_labels, "training", "train"};
}

int model_need_data(const struct model *model, enum model_part part, struct error *error)
{
    const struct part files = part_of(model, part);

    if (files.images && files.labels)
        return 0;
    return error_set(error, ERROR_DATA, "no %s data: give %sdata.%s.images and .labels", files.name,
                     part == MODEL_VALIDATION ? "" : "data.directory=FOLDER or ", files.key);
}

/* Of data that cannot be opened: if there is no file `path` of a standard name, neither with .gz nor without, says which
 * folder is missing, or is a file, and advises where data come from. */
static void add_hint(const char *path, const char *standard, struct error *error)
{
    const size_t length = strlen(path), tail = strlen(standard);
    struct stat status;
    char *folder, *plain;

    if (length <= tail || strcmp(path + length - tail, standard) != 0)
        return;
    folder = memory_string_part(path, length - tail - 1);
    plain = memory_string_part(path, length - strlen(".gz"));
    if (folder && stat(folder, &status) == 0 && S_ISREG(status.st_mode)) {
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = folder},
                     "is a file; data.directory names the folder that it is in");
    } else if (folder && plain && access(path, F_OK) != 0 && access(plain, F_OK) != 0) {
        if (access(folder, F_OK) != 0)
            error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path}, "there is no folder %s",
                         folder);
        error_advise(error, ADVICE_DATA_MISSING);
    }
    free(folder);
    free(plain);
}

static int keep_back(const struct model *model, struct samples *samples, struct error *error)
{
    const size_t back = (size_t)model->settings.data.validation;

    if (model->settings.data.split != SPLIT_STRATIFIED || back == 0 || back >= samples_count(samples))
        return 0;
    return samples_keep_back(samples, back, (uint64_t)model->settings.train.seed, error);
}

struct samples *model_samples(const struct model *model, enum model_part part, struct error *error)
{
    const struct part files = part_of(model, part);
    const struct samples_spec spec = {
        .images = files.images,
        .labels = files.labels,
        .input = model->net->input,
        .numbers = model->settings.data.values == VALUES_NUMBERS,
        .rule = model->rule,
        .window = (size_t)model->settings.data.window,
        .stream = model->settings.data.stream,
    };
    struct samples *samples = samples_open(&spec, error);

    if (samples && part == MODEL_TRAINING && keep_back(model, samples, error) != 0) {
        samples_close(samples);
        return NULL;
    }
    if (!samples && part != MODEL_VALIDATION)
        add_hint(spec.images, part == MODEL_TEST ? MODEL_TEST_IMAGES : MODEL_TRAIN_IMAGES, error);
    return samples;
}
