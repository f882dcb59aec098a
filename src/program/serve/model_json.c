/* model_json.c: see model_json.h. */
#include "serve/model_json.h"

#include <math.h>

#include "serve/question.h"
#include "base/json_text.h"

static json_t *layers_json(const struct net *net)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        failed |= json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:I}", "name", node->name, "type",
                                                        node->type, "output", json_shape(&node->shape),
                                                        "parameters", (json_int_t)node->parameters));
    }
    return json_whole(list, failed);
}

/* Of the weights that are asked, on the run's validation samples; null: it had none. */
static json_t *accuracy_json(const struct train_state *state)
{
    const double *last = state->epoch > 0 && state->consumed == 0
                             ? state->history + (state->epoch - 1) * HISTORY_COLUMNS
                             : NULL;

    return last && isfinite(last[HISTORY_VALIDATION_ACCURACY]) ? json_real(last[HISTORY_VALIDATION_ACCURACY])
                                                               : json_null();
}

char *model_json(const struct predictor *predictor, const char *checkpoint)
{
    const struct model *model = predictor_model(predictor);
    const struct train_state *state = predictor_state(predictor);

    return question_json_text(
        json_pack("{s:o, s:o, s:I, s:I, s:o, s:I, s:o, s:s, s:o}", "name", json_text(model->settings.name),
                  "checkpoint", json_text(checkpoint), "epoch", (json_int_t)state->epoch, "step",
                  (json_int_t)state->step, "validation_accuracy", accuracy_json(state), "parameters",
                  (json_int_t)model->net->parameters, "input", json_shape(&model->net->input), "output",
                  model->net->nodes[model->net->last].name, "layers", layers_json(model->net)));
}
