/* model.c: see model.h. */
#include "model/model.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/thread_pool.h"
#include "model/model_network.h"

#ifndef NNRUN_PLUGINDIR
#define NNRUN_PLUGINDIR ""
#endif

#define TRAIN_IMAGES "train-images-idx3-ubyte.gz"
#define TEST_IMAGES  "t10k-images-idx3-ubyte.gz"

enum { MOST_CLASSES = 256 };

struct registry *model_registry(const struct model_options *options, unsigned *level, struct error *error)
{
    const size_t given = options->plugin_folder_count;
    const char **folders = memory_array(given + 1, sizeof *folders);
    struct registry *registry = NULL;
    const int chosen = plugin_level(options->level, error);

    if (!folders)
        error_memory(error);
    else if (chosen >= 0) {
        for (size_t i = 0; i < given; i++)
            folders[i] = options->plugin_folders[i];
        folders[given] = NNRUN_PLUGINDIR;
        *level = (unsigned)chosen;
        registry = registry_create(folders, given + (*NNRUN_PLUGINDIR != '\0'), *level, error);
    }
    free(folders);
    return registry;
}

/* The path that settings or the folder's standard name give; NULL in *path if neither. */
static int find_path(struct model *model, config_group *group, const char *key, const char *value,
                     const char *standard, char **path, struct error *error)
{
    config_group *data = config_find(model->config, config_root(model->config), "data");

    if (*value) {
        *path = config_path(model->config, group, key, value);
    } else if (*model->settings.data.directory) {
        char *folder = config_path(model->config, data, "directory", model->settings.data.directory);
        *path = folder ? memory_format("%s/%s", folder, standard) : NULL;
        free(folder);
    } else {
        return 0;
    }
    return *path ? 0 : error_memory(error);
}

static int find_paths(struct model *model, struct error *error)
{
    const struct data_settings *data = &model->settings.data;
    config_group *group = config_find(model->config, config_root(model->config), "data");
    config_group *train = config_find(model->config, group, "train"),
                 *test = config_find(model->config, group, "test");
    struct model_paths *paths = &model->paths;

    return find_path(model, train, "images", data->train.images, TRAIN_IMAGES, &paths->train_images, error) ||
                   find_path(model, train, "labels", data->train.labels, "train-labels-idx1-ubyte.gz",
                             &paths->train_labels, error) ||
                   find_path(model, test, "images", data->test.images, TEST_IMAGES, &paths->test_images,
                             error) ||
                   find_path(model, test, "labels", data->test.labels, "t10k-labels-idx1-ubyte.gz",
                             &paths->test_labels, error)
               ? -1
               : 0;
}

/* (p / 255 - mean) / std as p * scale + shift. */
static int make_scaling(struct model *model, struct error *error)
{
    const struct data_settings *data = &model->settings.data;
    const struct nnrun_shape *input = &model->net->input;
    const size_t channels = input->rank == 3 ? (size_t)input->dim[0] : 1;

    model->scale = memory_array(channels, sizeof *model->scale);
    model->shift = memory_array(channels, sizeof *model->shift);
    if (!model->scale || !model->shift)
        return error_memory(error);
    for (size_t c = 0; c < channels; c++) {
        const double mean = data->mean.value[data->mean.count > 1 ? c : 0];
        const double std = data->std.value[data->std.count > 1 ? c : 0];
        model->scale[c] = (float)(1 / (255 * std));
        model->shift[c] = (float)(-mean / std);
    }
    model->scaling =
        (struct lanes_scaling){channels, model->net->input_values / channels, model->scale, model->shift};
    return 0;
}

static int make_augment(struct model *model, struct error *error)
{
    const struct nnrun_shape *input = &model->net->input;

    if (!augment_wanted(&model->settings.data.augment))
        return 0;
    model->augment = augment_create(&model->settings.data.augment, &model->scaling,
                                    (size_t)input->dim[input->rank - 2], (size_t)input->dim[input->rank - 1],
                                    (uint64_t)model->settings.train.seed, model->level, error);
    return model->augment ? 0 : -1;
}

/* What labels may be, for a network with a loss at its end. */
static int make_rule(struct model *model, struct error *error)
{
    const struct net *net = model->net;
    const struct net_node *last = &net->nodes[net->last];
    const bool classes = net->target == NNRUN_CLASS, labels = net->target == NNRUN_LABELS;
    const size_t values = classes ? last->values : net_target_values(net);
    size_t count;
    const struct config_layer *layers = config_layers(model->config, &count);
    char place[CONFIG_PLACE_TEXT];

    model->taker =
        memory_format("%s: layer \"%s\" (%s)", config_place(model->config, layers[count - 1].group, place),
                      last->name, last->type);
    if (!model->taker)
        return error_memory(error);
    model->rule =
        (struct label_rule){.several = classes ? 1 : values, .binary = labels, .taker = model->taker};
    if (classes || values > 1)
        model->rule.classes = values < MOST_CLASSES ? (uint32_t)values : 0;
    else
        model->rule.classes = labels ? 2 : 0;
    if (classes && values > MOST_CLASSES)
        config_complain(model->config, config_root(model->config), "", "network",
                        "%zu classes, but a label is a byte: at most %d", values, (int)MOST_CLASSES);
    return 0;
}

/* Everything after the text is parsed. */
static int complete(struct model *model, const struct model_options *options, struct error *error)
{
    settings_read(model->config, &model->settings);
    if (config_kept(model->config, &model->overrides, &model->override_count) != 0)
        return error_memory(error);
    model->registry = model_registry(options, &model->level, error);
    if (!model->registry)
        return -1;
    model->net =
        model_network(model->config, &model->settings, model->registry, !options->evaluate_only, error);
    if (model->net && make_rule(model, error) != 0)
        return -1;
    if (config_finish(model->config, error) != 0 || !model->net)
        return -1;
    return make_scaling(model, error) || make_augment(model, error) || find_paths(model, error) ? -1 : 0;
}

int model_open(struct model *model, const char *path, const struct model_options *options,
               struct error *error)
{
    memset(model, 0, sizeof *model);
    model->config = config_open(path, options->overrides, options->override_count, error);
    if (!model->config)
        return -1;
    return complete(model, options, error);
}

/* The saved overrides and then the options' own, as one list; the strings stay theirs. */
static const char **join(const json_t *saved, const struct model_options *options, size_t *count)
{
    const char **all = memory_array(json_array_size(saved) + options->override_count, sizeof *all);

    *count = 0;
    for (size_t i = 0; all && i < json_array_size(saved); i++)
        all[(*count)++] = json_string_value(json_array_get(saved, i));
    for (size_t i = 0; all && i < options->override_count; i++)
        all[(*count)++] = options->overrides[i];
    return all;
}

static int use_paths(struct model *model, const struct model_paths *from, struct error *error)
{
    char *const given[] = {from->train_images, from->train_labels, from->test_images, from->test_labels};
    char **const to[] = {&model->paths.train_images, &model->paths.train_labels, &model->paths.test_images,
                         &model->paths.test_labels};

    for (size_t i = 0; i < 4; i++) {
        free(*to[i]);
        *to[i] = given[i] ? memory_string(given[i]) : NULL;
        if (given[i] && !*to[i])
            return error_memory(error);
    }
    return 0;
}

int model_open_checkpoint(struct model *model, const struct safetensors *file, const char *label,
                          const struct model_paths *paths, const struct model_options *options,
                          struct error *error)
{
    const char *text = safetensors_value(file, "config"), *list = safetensors_value(file, "overrides");
    json_t *saved = list ? json_loads(list, 0, NULL) : NULL;
    const char **all = NULL;
    size_t count;
    int result = -1;

    memset(model, 0, sizeof *model);
    if (!text || !json_is_array(saved)) {
        error_set(error, ERROR_DATA, "%s: is no checkpoint of nnrun: its config is missing", label);
        goto done;
    }
    for (size_t i = 0; i < json_array_size(saved); i++)
        if (!json_is_string(json_array_get(saved, i))) {
            error_set(error, ERROR_DATA, "%s: its overrides are no strings", label);
            goto done;
        }
    all = join(saved, options, &count);
    if (!all) {
        error_memory(error);
        goto done;
    }
    model->config = config_parse(text, label, NULL, all, count, json_array_size(saved), error);
    if (!model->config || complete(model, options, error) != 0)
        goto done;
    /* the text's relative paths mean the folder of a config that may be elsewhere */
    if (!config_gives_any(model->config, SETTING_PATH)) {
        const struct model_paths none = {0};
        if (use_paths(model, paths ? paths : &none, error) != 0)
            goto done;
    }
    result = 0;
done:
    free(all);
    json_decref(saved);
    return result;
}

void model_finish(struct model *model)
{
    net_destroy(model->net);
    registry_destroy(model->registry);
    config_close(model->config);
    free(model->paths.train_images);
    free(model->paths.train_labels);
    free(model->paths.test_images);
    free(model->paths.test_labels);
    for (size_t i = 0; i < model->override_count; i++)
        free(model->overrides[i]);
    free(model->overrides);
    free(model->taker);
    augment_destroy(model->augment);
    free(model->scale);
    free(model->shift);
    memset(model, 0, sizeof *model);
}

int model_check_memory(const struct model *model, size_t bytes, struct error *error)
{
    const size_t physical = memory_physical();
    const struct net_node *largest = &model->net->nodes[model->net->largest_node];

    for (size_t i = 0; i < model->net->node_count; i++)
        if (model->net->nodes[i].parameters / 16 > largest->parameters / 16 + largest->values)
            largest = &model->net->nodes[i];
    if (physical == 0 || bytes <= physical)
        return 0;
    return error_set(
        error, ERROR_CONFIG,
        "the network needs %.1f GB of memory and the machine has %.1f; layer \"%s\" (%s) takes most of it",
        (double)bytes / 1e9, (double)physical / 1e9, largest->name, largest->type);
}

unsigned model_threads(const struct model *model)
{
    return model->settings.train.threads > 0 ? (unsigned)model->settings.train.threads
                                             : thread_pool_processors();
}

int model_need_data(const struct model *model, bool test, struct error *error)
{
    const bool there = test ? model->paths.test_images && model->paths.test_labels
                            : model->paths.train_images && model->paths.train_labels;

    if (there)
        return 0;
    return error_set(error, ERROR_DATA,
                     "no %s data: give data.directory=FOLDER or data.%s.images and .labels",
                     test ? "test" : "training", test ? "test" : "train");
}

/* Advises, if there is no file `path` of a standard name, neither with .gz nor without, where data
 * come from. */
static void add_hint(const char *path, const char *standard, struct error *error)
{
    const size_t length = strlen(path), tail = strlen(standard);
    char *plain;

    if (length < tail || strcmp(path + length - tail, standard) != 0)
        return;
    plain = memory_string_part(path, length - strlen(".gz"));
    if (plain && access(path, F_OK) != 0 && access(plain, F_OK) != 0)
        error_advise(error, ADVICE_DATA_MISSING);
    free(plain);
}

struct samples *model_samples(const struct model *model, bool test, struct error *error)
{
    const struct samples_spec spec = {
        .images = test ? model->paths.test_images : model->paths.train_images,
        .labels = test ? model->paths.test_labels : model->paths.train_labels,
        .input = model->net->input,
        .rule = model->rule,
        .window = (size_t)model->settings.data.window,
        .stream = model->settings.data.stream,
    };
    struct samples *samples = samples_open(&spec, error);

    if (!samples)
        add_hint(spec.images, test ? TEST_IMAGES : TRAIN_IMAGES, error);
    return samples;
}
