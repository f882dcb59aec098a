/* export_network.c: see export_network.h. */
#include "export/export_network.h"

#include <math.h>

#include "base/json_text.h"
#include "data/prepare_picture.h"

enum { DIGITS = 9 };

static double validation_accuracy(const struct train_state *state)
{
    if (state->epoch == 0 || state->consumed > 0)
        return (double)NAN;
    return state->history[(state->epoch - 1) * HISTORY_COLUMNS + HISTORY_VALIDATION_ACCURACY];
}

static json_t *picture_json(const struct prepare_input *input)
{
    static const char *const prepare[] = {[PREPARE_DIGIT] = "digit",
                                          [PREPARE_STRETCH] = "stretch",
                                          [PREPARE_FIT] = "fit",
                                          [PREPARE_CROP] = "crop"};

    return json_pack("{s:I, s:I, s:I, s:s}", "channels", (json_int_t)input->channels, "height",
                     (json_int_t)input->height, "width", (json_int_t)input->width, "prepare",
                     prepare[input->how]);
}

/* The names of a sample's values; null: they have none. */
static json_t *columns_json(const struct setting_texts *columns)
{
    json_t *list = columns->listed ? json_array() : json_null();
    int failed = 0;

    for (int32_t i = 0; columns->listed && i < columns->count; i++)
        failed |= json_array_append_new(list, json_text(columns->value[i]));
    return json_whole(list, failed);
}

/* Are pictures made into samples of it? */
static bool takes_pictures(const struct model *model, const struct prepare_input *input)
{
    if (model->settings.data.values != VALUES_PIXELS || (input->channels != 1 && input->channels != 3))
        return false;
    return !input->vector || input->height > 1 || input->width == 1;
}

static json_t *layers_json(const struct net *net, const size_t *results)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        failed |= json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:I}", "name", json_text(node->name),
                                                        "type", json_text(node->type), "output",
                                                        json_shape((size_t)node->shape.rank, node->shape.dim),
                                                        "value", (json_int_t)results[i]));
    }
    return json_whole(list, failed);
}

char *export_network(const struct model *model, const struct train_state *state, const size_t *results,
                     const char *about, struct error *error)
{
    const struct net *net = model->net;
    const enum prepare_how how = (enum prepare_how)model->settings.data.prepare;
    const struct prepare_input input = prepare_input(&net->input, how);
    const bool several = net->target == NNRUN_LABELS && net->nodes[net->last].values > 1;
    char *text = json_line(
        json_pack("{s:o, s:o, s:o, s:I, s:o, s:s, s:b, s:o, s:I, s:b, s:b, s:o, s:o, s:o, s:o}", "name",
                  json_text(model->settings.name), "about", json_text(about), "validation_accuracy",
                  json_number(validation_accuracy(state)), "parameters", (json_int_t)net->parameters, "input",
                  json_shape((size_t)net->input.rank, net->input.dim), "takes",
                  takes_pictures(model, &input) ? "pictures" : "rows", "bytes",
                  (int)(model->settings.data.values == VALUES_PIXELS), "picture", picture_json(&input),
                  "count", (json_int_t)model_class_count(net), "labels", (int)several, "probabilities",
                  (int)(net->target != NNRUN_DENSE), "output", json_text(net->nodes[net->last].name), "mean",
                  json_number(normalization_mean(&state->normalization, model)), "columns",
                  columns_json(&model->settings.data.columns), "layers", layers_json(net, results)),
        DIGITS);

    if (!text)
        error_memory(error);
    return text;
}
