/* net_plan.c: see net_plan.h. */
#include "net/net_plan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/net_derived.h"
#include "net/net_one.h"
#include "net/net_watch.h"
#include "net/net_weights.h"
#include "net/plugin_capability.h"
#include "net/plugin_words.h"
#include "setting/name_word.h"

enum { MOST_OF_ALGORITHM = 47 };

/* What stands behind plan->core while a layer plans. */
struct planning {
    struct net *net;
    struct net_node *node;
    struct net_fault fault;
    struct error *error;
    bool failed, no_memory;
    bool by_layer; /* the layer itself said what is wrong */
};

__attribute__((format(printf, 3, 0))) static int keep_fault(struct planning *planning, const char *setting,
                                                            const char *format, va_list args)
{
    if (!planning->failed) {
        snprintf(planning->fault.setting, sizeof planning->fault.setting, "%s", setting ? setting : "");
        vsnprintf(planning->fault.text, sizeof planning->fault.text, format, args);
    }
    planning->failed = true;
    return -1;
}

/* What is wrong with the plugin, or with its plan. */
__attribute__((format(printf, 3, 4))) static int refuse(struct nnrun_plan *plan, const char *setting,
                                                        const char *format, ...)
{
    va_list args;

    va_start(args, format);
    keep_fault(plan->core, setting, format, args);
    va_end(args);
    return -1;
}

/* What the layer says: its settings and inputs do not go together. */
__attribute__((format(printf, 3, 4))) static int on_plan_fail(struct nnrun_plan *plan, const char *setting,
                                                              const char *format, ...)
{
    struct planning *planning = plan->core;
    va_list args;

    planning->by_layer = planning->by_layer || !planning->failed;
    va_start(args, format);
    keep_fault(planning, setting, format, args);
    va_end(args);
    return -1;
}

static int on_plan_refuse(struct nnrun_plan *plan, const char *setting, const char *reason)
{
    return on_plan_fail(plan, setting, "%s", reason);
}

static const char *check_tensor(const struct planning *planning, const struct nnrun_tensor *tensor)
{
    const struct net_node *node = planning->node;
    const size_t length = strlen(node->name) + 1;

    if (node->tensor_count == NET_MOST_TENSORS)
        return "too many tensors";
    if (!name_word_ok(tensor->name))
        return "a tensor's name is not [a-z][a-z0-9_]*";
    for (size_t i = node->first_tensor; i < planning->net->tensor_count; i++)
        if (strcmp(planning->net->tensors[i].name + length, tensor->name) == 0)
            return "two tensors of one name";
    if (tensor->fan_in < 0 || tensor->fan_out < 0 || (tensor->init >= NNRUN_HE && tensor->fan_in < 1))
        return "a tensor's fan-in is not given, or a fan is negative";
    if (!isfinite(tensor->value))
        return "a tensor's value is not finite";
    if (tensor->role == NNRUN_STATE && !(tensor->momentum > 0 && tensor->momentum <= 1))
        return "a state's momentum is outside of (0, 1]";
    if (tensor->role == NNRUN_WEIGHT && tensor->momentum != 0)
        return "a weight has a momentum";
    return NULL;
}

/* Something that a newer core may know. */
static bool is_known(const struct nnrun_tensor *tensor)
{
    const uint32_t flags = tensor->role == NNRUN_WEIGHT ? NNRUN_DECAY : 0;

    return tensor->role <= NNRUN_STATE && tensor->init <= NNRUN_FAN_IN && !(tensor->flags & ~flags) &&
           !tensor->reserved;
}

static int on_plan_tensor(struct nnrun_plan *plan, const struct nnrun_tensor *given)
{
    struct planning *planning = plan->core;
    struct net *net = planning->net;
    const size_t size = planning->node->plugin->layer.head.tensor_size;
    struct net_tensor *tensors, *tensor;
    struct nnrun_tensor made = {0};
    const char *wrong;
    size_t count, bytes;

    if (planning->failed)
        return -1;
    memcpy(&made, given, size < sizeof made ? size : sizeof made);
    if (!is_known(&made))
        return refuse(plan, NULL,
                      "a tensor of unknown role, initialiser or flags: the plugin may need a newer nnrun");
    wrong = check_tensor(planning, &made);
    if (wrong)
        return refuse(plan, NULL, "broken plugin: %s", wrong);
    if (made.shape.rank == 0)
        return refuse(plan, NULL, "broken plugin: tensor %s has no shape", made.name);
    count = net_shape_count(&made.shape);
    if (count == 0 || !size_multiply(count, 8 * sizeof(float), &bytes))
        return refuse(plan, NULL, "tensor %s is too large", made.name);
    tensors = memory_resize(net->tensors, net->tensor_count + 1, sizeof *tensors);
    if (!tensors) {
        planning->no_memory = true;
        return refuse(plan, NULL, "out of memory");
    }
    net->tensors = tensors;
    tensor = &tensors[net->tensor_count];
    tensor->made = made;
    tensor->made.name = NULL;
    tensor->count = count;
    tensor->offset = 0;
    tensor->frozen = planning->node->frozen;
    tensor->name = memory_format("%s.%s", planning->node->name, made.name);
    if (!tensor->name) {
        planning->no_memory = true;
        return refuse(plan, NULL, "out of memory");
    }
    net->tensor_count++;
    planning->node->tensor_count++;
    return 0;
}

static bool is_count(double operations)
{
    return isfinite(operations) && operations >= 0;
}

static bool is_algorithm(const char *name)
{
    return plugin_line_ok(name) && name[0] != '\0' && strlen(name) <= MOST_OF_ALGORITHM;
}

static int check_plan(struct planning *planning, struct nnrun_plan *plan)
{
    struct net_node *node = planning->node;
    const uint32_t flags = node->plugin->layer.flags;
    size_t bytes;

    if (plan->flags || plan->reserved)
        return refuse(plan, NULL, "its plan has unknown flags: the plugin may need a newer nnrun");
    if (plan->output.rank == 0)
        return refuse(plan, NULL, "broken plugin: its plan set no output shape");
    if (plan->output.rank < 1 || plan->output.rank > 3)
        return refuse(plan, NULL, "broken plugin: its plan gives an output of rank %d",
                      (int)plan->output.rank);
    node->shape = plan->output;
    node->values = net_shape_count(&plan->output);
    if (node->values == 0 || !size_multiply(node->values, NNRUN_LANES * sizeof(float) * 8, &bytes))
        return refuse(plan, NULL, "its output is too large");
    if ((flags & NNRUN_IN_PLACE) && node->values != net_shape_count(&plan->input[0]))
        return refuse(plan, NULL, "broken plugin: works in place but changes the number of values");
    if (!is_count(plan->forward_flops) || !is_count(plan->dx_flops) || !is_count(plan->dw_flops))
        return refuse(plan, NULL, "broken plugin: its FLOPs are negative or not finite");
    if (node->plugin->layer.head.needs > 0 && plan->algorithm && !is_algorithm(plan->algorithm))
        return refuse(plan, NULL,
                      "broken plugin: the name of its algorithm is not 1 to %d printable characters",
                      MOST_OF_ALGORITHM);
    return 0;
}

/* Hands on what the layer was given where it says that something does not fit. */
static void add_fault(struct net_faults *faults, const struct planning *planning, const size_t *origin,
                      size_t layer, const struct nnrun_shape *shapes)
{
    const struct net_node *node = planning->node;
    const size_t before = faults->count;
    struct net_fault *fault = &faults->fault[before];

    net_fault_add(faults, layer, planning->fault.setting, "%s", planning->fault.text);
    for (size_t k = 0;
         planning->by_layer && faults->count > before && k < node->input_count && k < NET_FAULT_INPUTS; k++) {
        fault->input[k].layer = node->inputs[k] == 0 ? SIZE_MAX : origin[node->inputs[k] - 1];
        fault->input[k].shape = shapes[k];
        fault->input_count = k + 1;
    }
}

static bool inputs_are_planned(const struct net *net, const struct net_node *node)
{
    for (size_t k = 0; k < node->input_count; k++)
        if (node->inputs[k] > 0 && net->nodes[node->inputs[k] - 1].values == 0)
            return false;
    return true;
}

/* What a planned layer says of itself. */
static uint32_t ask_traits(const struct net_node *node)
{
    const struct nnrun_traits *traits = plugin_traits(&node->plugin->layer);
    struct plugin_watch_entry *entry;
    uint32_t all;

    if (!traits)
        return 0;
    all = traits->always;
    if (traits->also) {
        entry = net_watch_begin(node, "also", NULL, NULL);
        all |= traits->also(node->instance);
        plugin_watch_end(entry);
    }
    return all & NNRUN_DISTRIBUTION ? all | NNRUN_NOT_NEGATIVE : all;
}

/* Returns 0, also of a fault, after which the node has no values, or -1 if memory ran out. */
static int plan_node(struct net *net, size_t i, const size_t *origin, struct net_faults *faults,
                     struct error *error)
{
    struct net_node *node = &net->nodes[i];
    struct planning planning = {.net = net, .node = node, .error = error};
    struct nnrun_plan plan = {.minor = NNRUN_ABI_MINOR,
                              .inputs = (int32_t)node->input_count,
                              .tensor = on_plan_tensor,
                              .fail = on_plan_fail,
                              .core = &planning,
                              .training = net->backward,
                              .refuse = on_plan_refuse};
    struct nnrun_shape *shapes = memory_array(node->input_count, sizeof *shapes);
    struct plugin_watch_entry *entry;
    const char *wrong;
    int failed;

    if (!shapes)
        return error_memory(error);
    for (size_t k = 0; k < node->input_count; k++)
        shapes[k] = node->inputs[k] == 0 ? net->input : net->nodes[node->inputs[k] - 1].shape;
    plan.input = shapes;
    node->first_tensor = net->tensor_count;
    entry = net_watch_begin(node, "plan", NULL, NULL);
    failed = node->plugin->layer.plan(node->instance, &plan);
    plugin_watch_end(entry);
    if (failed && !planning.failed)
        refuse(&plan, NULL, "broken plugin: its plan failed and gave no reason");
    if (!planning.failed && check_plan(&planning, &plan) == 0 &&
        ((wrong = net_derived_ask(node)) || (wrong = net_one_ask(node))))
        refuse(&plan, NULL, "%s", wrong);
    if (planning.failed) {
        node->values = 0;
        add_fault(faults, &planning, origin, origin[i], shapes);
    }
    free(shapes);
    if (planning.no_memory)
        return error_memory(error);
    if (planning.failed)
        return 0;
    node->keep_bytes = plan.keep_bytes;
    node->scratch_bytes = plan.scratch_bytes;
    node->backward_scratch_bytes =
        node->plugin->layer.head.needs > 0 ? plan.backward_scratch_bytes : plan.scratch_bytes;
    node->random_words = plan.random_words;
    node->algorithm = node->plugin->layer.head.needs > 0 ? plan.algorithm : NULL;
    node->forward_flops = plan.forward_flops;
    node->dx_flops = plan.dx_flops;
    node->dw_flops = plan.dw_flops;
    node->traits = ask_traits(node);
    return 0;
}

/* A layer without backward can only stand where no gradient is wanted. */
static void refuse_untrainable(const struct net *net, const size_t *origin, struct net_faults *faults)
{
    for (size_t i = 0; i < net->node_count; i++)
        if (net->backward && net->nodes[i].learns && !net->nodes[i].plugin->code.backward)
            net_fault_add(faults, origin[i], NULL,
                          "it has no backward pass, so that %s: the network can be tested, not trained",
                          net_weights_are_learned(&net->nodes[i]) ? "its weights cannot be trained"
                                                                  : "no weights before it can be trained");
}

int net_plan(struct net *net, const size_t *origin, struct net_faults *faults, struct error *error)
{
    for (size_t i = 0; i < net->node_count; i++)
        if (inputs_are_planned(net, &net->nodes[i]) && plan_node(net, i, origin, faults, error) != 0) {
            faults->count = 0;
            return -1;
        }
    if (faults->count > 0)
        return -1;
    if (net_weights_lay_out(net, origin, faults, error) != 0)
        return -1;
    refuse_untrainable(net, origin, faults);
    return faults->count > 0 ? -1 : net_derived_lay_out(net, faults, error);
}
