/* warning_network.c: what is unusual about the order of the layers, by what they say of themselves (enum
 * nnrun_trait). The core knows none of them by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/warning.h"

/* Values count as in struct net_node: 0 is the network's input, i + 1 the output of node i. */
struct facts {
    size_t readers; /* layers that read the value */
    size_t maker; /* whose signs it has: the value itself, or one that reached it unchanged but for factors */
    size_t linear; /* the value of the last linear layer that it is a linear function of; 0: of none */
};

struct look {
    const struct model *model;
    const struct net *net;
    const struct warning_listener *to;
    struct facts *values; /* [node_count + 1] */
};

/* A layer as messages call it, and its place. */
struct named {
    char text[CONFIG_LAYER_TEXT], place[CONFIG_PLACE_TEXT];
};

static struct named name(const struct look *look, size_t value)
{
    const char *name = look->net->nodes[value - 1].name;
    size_t count, i = 0;
    const struct config_layer *layers = config_layers(look->model->config, &count);
    struct named named;

    while (i + 1 < count && strcmp(layers[i].name, name) != 0)
        i++;
    config_layer_text(&layers[i], named.text);
    config_place(look->model->config, layers[i].group, named.place);
    return named;
}

static uint32_t traits_of(const struct look *look, size_t value)
{
    return value > 0 ? look->net->nodes[value - 1].traits : 0;
}

/* Values come out as they are, but for factors. */
static bool hands_on(const struct net_node *node)
{
    const uint32_t wanted = NNRUN_ELEMENTWISE | NNRUN_KEEPS_SIGN;

    return node->input_count == 1 && (node->traits & wanted) == wanted &&
           !(node->traits & NNRUN_NOT_NEGATIVE);
}

/* A linear layer that sums its inputs with weights, as against one that scales or moves them. */
static bool is_linear_map(const struct net_node *node)
{
    return node->parameters > 0 && (node->traits & NNRUN_LINEAR) && !(node->traits & NNRUN_ELEMENTWISE);
}

static int tell_of_logits(const struct look *look, size_t value, size_t maker)
{
    const struct named at = name(look, value), from = name(look, maker);

    if (traits_of(look, maker) & NNRUN_TAKES_LOGITS)
        return warning_tell(
            look->model, look->to, WARNING_SOFTMAX_TWICE, at.place,
            "%s: its input, from %s, is already probabilities: turned into probabilities again, "
            "they become nearly equal and the network learns little; remove layer \"%s\"",
            at.text, from.text, look->net->nodes[maker - 1].name);
    return warning_tell(look->model, look->to, WARNING_RELU_BEFORE_SOFTMAX, at.place,
                        "%s: its input, from %s, is never negative: no output can count against a class, and "
                        "training may stall; remove layer \"%s\"",
                        at.text, from.text, look->net->nodes[maker - 1].name);
}

static int look_at_input(const struct look *look, size_t value)
{
    const struct net_node *node = &look->net->nodes[value - 1];
    const size_t maker = look->values[node->inputs[0]].maker;
    const bool is_loss = node == &look->net->nodes[look->net->last];

    if ((node->traits & NNRUN_TAKES_LOGITS) && (traits_of(look, maker) & NNRUN_NOT_NEGATIVE))
        return tell_of_logits(look, value, maker);
    if ((traits_of(look, maker) & NNRUN_DISTRIBUTION) && !is_loss && !hands_on(node)) {
        const struct named at = name(look, maker), reader = name(look, value);

        return warning_tell(
            look->model, look->to, WARNING_SOFTMAX_INSIDE, at.place,
            "%s: its probabilities go into %s instead of the loss: they sum to 1, so that little of the "
            "gradient gets through; put an activation in the place of layer \"%s\"",
            at.text, reader.text, look->net->nodes[maker - 1].name);
    }
    return 0;
}

static int look_at_linear(const struct look *look, size_t value)
{
    struct facts *facts = &look->values[value];
    const struct net_node *node = &look->net->nodes[value - 1];
    const struct facts *input = &look->values[node->inputs[0]];
    const size_t before = input->readers == 1 ? input->linear : 0;

    if (!(node->traits & NNRUN_LINEAR))
        return 0;
    facts->linear = is_linear_map(node) ? value : before;
    if (!is_linear_map(node) || before == 0)
        return 0;

    const struct named at = name(look, value), from = name(look, before);
    return warning_tell(
        look->model, look->to, WARNING_NO_ACTIVATION, at.place,
        "%s: there is no activation between it and %s, and two linear layers in a row compute no "
        "more than one can; put an activation between them",
        at.text, from.text);
}

static int look_at_nodes(const struct look *look)
{
    const struct net *net = look->net;

    for (size_t i = 0; i < net->node_count; i++)
        for (size_t k = 0; k < net->nodes[i].input_count; k++)
            look->values[net->nodes[i].inputs[k]].readers++;
    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];

        look->values[i + 1].maker = hands_on(node) ? look->values[node->inputs[0]].maker : i + 1;
        if (node->input_count == 1 && (look_at_input(look, i + 1) != 0 || look_at_linear(look, i + 1) != 0))
            return -1;
    }
    return 0;
}

/* Weights of a file are never random: see pretrained.h. */
static int look_at_frozen(const struct look *look)
{
    const struct net *net = look->net;
    size_t first = net->node_count, frozen = 0;
    char others[64] = "";

    for (size_t i = net->node_count; i-- > 0;)
        if (net->nodes[i].frozen) {
            first = i;
            frozen++;
        }
    if (frozen == 0 || *look->model->settings.train.from)
        return 0;
    if (frozen > 1)
        snprintf(others, sizeof others, ", as %zu other layer%s", frozen - 1, frozen > 2 ? "s are" : " is");

    const struct named at = name(look, first + 1);
    return warning_tell(
        look->model, look->to, WARNING_FROZEN_RANDOM, at.place,
        "%s: it is frozen%s, and keeps its initial weights, which are random: no file of weights "
        "is given; name one in train.from, or leave frozen out",
        at.text, others);
}

int warning_network(const struct model *model, const struct warning_listener *to, struct error *error)
{
    struct look look = {.model = model, .net = model->net, .to = to};
    int result;

    look.values = memory_array(look.net->node_count + 1, sizeof *look.values);
    if (!look.values)
        return error_memory(error);
    result = look_at_nodes(&look) != 0 ? -1 : look_at_frozen(&look);
    free(look.values);
    return result;
}
