/* model_open.c: from what is in a file or in memory to a model (model.h). */
#include "model/model.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/file_kind.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "checkpoint/safetensors_format.h"
#include "model/model_classes.h"
#include "model/model_fit.h"
#include "model/model_names.h"
#include "model/model_network.h"
#include "model/model_sample.h"

enum { MOST_CLASSES = 256 };

double model_value_unit(const struct model *model)
{
    return model->settings.data.values == VALUES_NUMBERS ? 1 : 255;
}

void model_scaling_of(const struct model *model, double mean, double std, float *scale, float *shift)
{
    *scale = (float)(1 / (model_value_unit(model) * std));
    *shift = (float)(-mean / std);
}

/* How many runs of a sample's values have a mean and std of their own: features of a vector, if it has more
 * than one of either, else channels. */
static size_t scaled_apart(const struct model *model)
{
    const struct data_settings *data = &model->settings.data;
    const struct nnrun_shape *input = &model->net->input;

    if (input->rank == 1 &&
        (data->mean.count > 1 || data->std.count > 1 || data->normalize != NORMALIZE_NONE))
        return model->net->input_values;
    return input->rank == 3 ? (size_t)input->dim[0] : 1;
}

static int make_scaling(struct model *model, struct error *error)
{
    const struct data_settings *data = &model->settings.data;
    const size_t channels = scaled_apart(model);

    model->scale = memory_array(channels, sizeof *model->scale);
    model->shift = memory_array(channels, sizeof *model->shift);
    if (!model->scale || !model->shift)
        return error_memory(error);
    for (size_t c = 0; c < channels; c++) {
        const double mean = data->mean.value[data->mean.count > 1 ? c : 0];
        const double std = data->std.value[data->std.count > 1 ? c : 0];
        model_scaling_of(model, mean, std, &model->scale[c], &model->shift[c]);
    }
    model->scaling = (struct lanes_scaling){channels, channels > 0 ? model->net->input_values / channels : 0,
                                            model->scale, model->shift};
    return 0;
}

int model_augment(const struct model *model, const struct lanes_scaling *scaling, struct augment **augment,
                  struct error *error)
{
    const struct nnrun_shape *input = &model->net->input;

    *augment = NULL;
    if (!augment_wanted(&model->settings.data.augment))
        return 0;
    *augment = augment_create(&model->settings.data.augment, scaling, (size_t)input->dim[input->rank - 2],
                              (size_t)input->dim[input->rank - 1], (uint64_t)model->settings.train.seed,
                              model->level, error);
    return *augment ? 0 : -1;
}

static bool is_changed(const struct config *config, const struct config_layer *layer)
{
    char place[CONFIG_PLACE_TEXT], changed[CONFIG_PLACE_TEXT];

    return strcmp(config_place(config, layer->group, place),
                  config_place_changed(config, layer->group, changed)) != 0;
}

static size_t values_of(const struct net *net, const char *name)
{
    size_t i = 0;

    while (i < net->node_count && strcmp(net->nodes[i].name, name) != 0)
        i++;
    return i < net->node_count ? net->nodes[i].values : 0;
}

/* Where a number of values at the end of the network comes from: the last layer, unless an override changed one of those
 * in a row before it that give as many. */
static const char *values_place(const struct model *model, size_t values, char text[CONFIG_PLACE_TEXT])
{
    size_t count;
    const struct config_layer *layers = config_layers(model->config, &count), *at = &layers[count - 1];

    while (at > layers && !is_changed(model->config, at) && at->input_count == 0 &&
           values_of(model->net, at[-1].name) == values)
        at--;
    if (!is_changed(model->config, at))
        at = &layers[count - 1];
    return config_place_changed(model->config, at->group, text);
}

/* What labels may be, for a network with a loss at its end. */
static int make_label_rule(struct model *model, struct error *error)
{
    const struct net *net = model->net;
    const struct net_node *last = &net->nodes[net->last];
    const bool classes = net->target == NNRUN_CLASS, labels = net->target == NNRUN_LABELS;
    const size_t values = classes ? last->values : net_target_values(net);
    char place[CONFIG_PLACE_TEXT];

    model->taker =
        memory_format("%s: layer \"%s\" (%s)", values_place(model, values, place), last->name, last->type);
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

/* Of a config. Returns 0 or -1. */
static int find_from(struct model *model, struct error *error)
{
    const char *from = model->settings.train.from;

    if (!model->file && *from)
        model->from = config_path(
            model->config, config_find(model->config, config_root(model->config), "train"), "from", from);
    return model->file || !*from || model->from ? 0 : error_memory(error);
}

/* Keys about the file of train.from say nothing without it. A checkpoint has the weights, and may keep no path. */
static void check_from(const struct model *model)
{
    const struct train_settings *train = &model->settings.train;
    const struct {
        const char *key;
        bool given;
    } keys[] = {{"from_prefix", *train->from_prefix != '\0'}, {"from_strict", train->from_strict}};

    for (size_t i = 0; !model->file && !*train->from && i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].given)
            config_complain(model->config, config_find(model->config, config_root(model->config), "train"),
                            "train", keys[i].key,
                            "is about the file that train.from names, and it names none: give train.from, "
                            "or leave it out");
}

/* All of a model but what its source gave, from the config. */
static int build(struct model *model, const struct model_options *options, struct error *error)
{
    settings_read(model->config, &model->settings);
    check_from(model);
    model->registry = model_registry(options, &model->level, error);
    if (!model->registry)
        return -1;
    model->net =
        model_network(model->config, &model->settings, model->registry, !options->evaluate_only, error);
    if (error_is_failure(error) || (model->net && make_label_rule(model, error) != 0))
        return -1; /* what is known of the config by then is not all that is wrong with it */
    model_classes_check_list(model);
    model_columns_check_list(model);
    model_classes_check_weights(model);
    if (config_finish(model->config, error) != 0 || !model->net ||
        (model->own_config && model_samples_check_same(model, error) != 0) ||
        model_names_read(model, error) != 0)
        return -1;
    if (config_kept(model->config, &model->overrides, &model->override_count) != 0)
        return error_memory(error);
    if ((model->file && model_check_file(model, model->file, error) != 0) ||
        model_check_least_memory(model, error) != 0)
        return -1;
    if (find_from(model, error) != 0 || make_scaling(model, error) != 0 ||
        model_augment(model, &model->scaling, &model->augment, error) != 0)
        return -1;
    /* relative paths in a checkpoint's text mean the folder of a config that may be elsewhere */
    if (model->file && !config_gives_any(model->config, SETTING_PATH))
        return 0;
    return model_paths_find(&model->paths, model->config, &model->settings.data, error);
}

/* The saved overrides and then the options' own, as one list; the strings stay theirs. */
static const char **join_overrides(const json_t *saved, const struct model_options *options, size_t *count)
{
    const char **all = memory_array(json_array_size(saved) + options->override_count, sizeof *all);

    *count = 0;
    for (size_t i = 0; all && i < json_array_size(saved); i++)
        all[(*count)++] = json_string_value(json_array_get(saved, i));
    for (size_t i = 0; all && i < options->override_count; i++)
        all[(*count)++] = options->overrides[i];
    return all;
}

/* The text and the overrides that a checkpoint keeps, and then the options' own, into model->config. */
static int read_checkpoint(struct model *model, const struct model_options *options, struct error *error)
{
    const char *label = safetensors_label(model->file), *text = safetensors_value(model->file, "config");
    const char *list = safetensors_value(model->file, "overrides");
    bool memory = false;
    json_error_t reason;
    json_t *saved = list ? json_parse(list, strlen(list), 0, &memory, &reason) : NULL;
    const char **all = NULL;
    size_t count;
    int result = -1;

    if (memory) {
        error_memory(error);
        goto done;
    }
    if (!text || !json_is_array(saved)) {
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = label},
                     "is not a checkpoint of nnrun: its config is missing");
        goto done;
    }
    for (size_t i = 0; i < json_array_size(saved); i++)
        if (!json_is_string(json_array_get(saved, i))) {
            error_set_at(error, ERROR_DATA, &(struct error_facts){.file = label},
                         "its overrides are not strings");
            goto done;
        }
    all = join_overrides(saved, options, &count);
    if (all)
        model->config = config_parse(text, label, NULL, all, count, json_array_size(saved), error);
    else
        error_memory(error);
    if (model->config && options->override_count > 0) {
        model->own_config =
            config_parse(text, label, NULL, all, json_array_size(saved), json_array_size(saved), error);
        result = model->own_config ? 0 : -1;
    } else {
        result = model->config ? 0 : -1;
    }
done:
    free(all);
    json_decref(saved);
    return result;
}

/* Whether bytes that are neither are sooner a torn or changed checkpoint than a text, in UTF-16 even: the upper
 * bytes of its length are zero. */
static bool is_nearly_checkpoint(const char *bytes, size_t size)
{
    static const char zero[SAFETENSORS_LENGTH - 3];

    return size > 3 &&
           memcmp(bytes + 3, zero, (size < SAFETENSORS_LENGTH ? size : SAFETENSORS_LENGTH) - 3) == 0;
}

/* What a source is to be read as: MODEL_ANY after setting error. Where its beginning does not tell, the reader
 * of what was expected says what is wrong with it. */
static enum model_kind tell_kind(const struct model_source *source, struct error *error)
{
    char begin[MODEL_BEGINNING];
    size_t size = source->size;
    const char *label = source->path ? source->path : source->label;
    const char *bytes = source->path ? begin : source->bytes, *other;
    enum model_kind kind;

    if (source->path && model_file_begin(source->path, begin, &size) != 0) {
        file_read_failed(label, source->kind == MODEL_CHECKPOINT ? ERROR_DATA : ERROR_CONFIG, error);
        return MODEL_ANY;
    }
    kind = model_kind(bytes, size);
    other = kind == MODEL_ANY ? file_kind(bytes, size) : NULL;
    if (source->kind == MODEL_CHECKPOINT && kind != MODEL_CONFIG)
        return MODEL_CHECKPOINT;
    if (source->kind == MODEL_CHECKPOINT)
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = label},
                     "is a config, but a checkpoint is expected");
    else if (source->kind == MODEL_CONFIG && kind == MODEL_CHECKPOINT)
        error_set_at(error, ERROR_CONFIG, &(struct error_facts){.file = label},
                     "is a checkpoint, but a config is expected");
    else if (other)
        error_set_at(error, ERROR_CONFIG, &(struct error_facts){.file = label},
                     "is %s, but a config%s is expected", other,
                     source->kind == MODEL_CONFIG ? "" : " or a checkpoint");
    else if (kind != MODEL_ANY)
        return kind;
    else
        return source->kind == MODEL_ANY && is_nearly_checkpoint(bytes, size) ? MODEL_CHECKPOINT
                                                                              : MODEL_CONFIG;
    return MODEL_ANY;
}

/* Fills in model->file, if it is a checkpoint, and model->config. */
static int read_source(struct model *model, const struct model_source *source,
                       const struct model_options *options, struct error *error)
{
    const enum model_kind kind = model->file ? MODEL_CHECKPOINT : tell_kind(source, error);

    if (kind == MODEL_ANY)
        return -1;
    if (kind == MODEL_CONFIG) {
        model->config = source->path
                            ? config_open(source->path, options->overrides, options->override_count, error)
                            : config_open_bytes(source->bytes, source->size, source->label,
                                                options->overrides, options->override_count, error);
        return model->config ? 0 : -1;
    }
    if (!model->file)
        model->file = source->path ? safetensors_read(source->path, error)
                                   : safetensors_parse(source->bytes, source->size, source->label, error);
    model->of_checkpoint = model->file != NULL;
    return model->file ? read_checkpoint(model, options, error) : -1;
}

int model_open(struct model *model, const struct model_source *source, const struct model_options *options,
               struct error *error)
{
    *model = (struct model){.file = source->file, .overridden = options->override_count > 0};
    if (read_source(model, source, options, error) != 0)
        return -1;
    return build(model, options, error);
}
