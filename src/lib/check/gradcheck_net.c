/* gradcheck_net.c: checks every layer of a net, and that the core puts their gradients together rightly. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "check/gradcheck.h"
#include "check/gradcheck_file.h"
#include "check/probe.h"
#include "net/net_derived.h"

/* One slice with its loss. */
struct whole {
    const struct gradcheck_spec *spec;
    const struct net *net;
    struct net_slice slice;
    float *weights, *states, *gradients, *observations, *input;
    void *arena, *target, *derived;
    _Alignas(64) float loss[NNRUN_LANES];
    struct gradcheck_result *result;
    struct error *error;
    bool no_memory;
};

static void draw_floats(struct random_key key, float *to, size_t count, float low, float high)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t bits[4];
        random_block_at(key, i, bits);
        to[i] = low + (high - low) * random_unit(bits[0]);
    }
}

static size_t last_input_values(const struct net *net)
{
    const size_t value = net->nodes[net->last].inputs[0];

    return value == 0 ? net->input_values : net->nodes[value - 1].values;
}

static void draw_data(struct whole *whole)
{
    const struct net *net = whole->net;
    uint32_t bits[4];

    net_initialise(net, 1, whole->weights, whole->states);
    draw_floats(random_key(5, RANDOM_CHECK, "input"), whole->input, net->input_values * NNRUN_LANES, -2, 2);
    if (net->target >= NNRUN_DENSE)
        draw_floats(random_key(5, RANDOM_CHECK, "target"), whole->target,
                    last_input_values(net) * NNRUN_LANES, 0, 1);
    for (uint32_t lane = 0; net->target == NNRUN_CLASS && lane < NNRUN_LANES; lane++) {
        random_block(random_key(5, RANDOM_CHECK, "target"), (const uint32_t[4]){lane, 0, 0, 0}, bits);
        ((int32_t *)whole->target)[lane] = (int32_t)(bits[0] % (uint32_t)net->nodes[net->last].values);
    }
}

static void run_forward(struct whole *whole)
{
    for (size_t i = 0; i < whole->net->trained_derivations; i++)
        net_derive(whole->net, whole->weights, whole->derived, i);
    memcpy(net_input(whole->net, whole->arena), whole->input,
           whole->net->input_values * NNRUN_LANES * sizeof(float));
    net_forward(whole->net, &whole->slice);
}

static void measure_loss(void *arg, double value[NNRUN_LANES], double noise[NNRUN_LANES])
{
    struct whole *whole = arg;

    run_forward(whole);
    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        value[lane] = (double)whole->loss[lane];
        noise[lane] = 0x1p-23 * fmax(1, fabs(value[lane]));
    }
}

static void check_tensor(struct whole *whole, const struct net_tensor *tensor)
{
    struct gradcheck_level *level = &whole->result->level[whole->spec->level];
    const struct probe probe = {.variable = whole->weights + tensor->offset,
                                .count = tensor->count,
                                .gradient = whole->gradients + tensor->offset,
                                .unit = probe_unit(whole->weights + tensor->offset, tensor->count),
                                .step = 0x1p-8,
                                .measure = measure_loss,
                                .arg = whole};
    struct failure failure = {.kind = FAILURE_LOSS_GRADIENT,
                              .level = whole->spec->level,
                              .part.input = -1,
                              .lane = FAILURE_NO_LANE};
    struct probe_result found;

    if (probe_run(&probe, random_key(5, RANDOM_CHECK, tensor->name), whole->spec->directions, &found,
                  whole->error) != 0) {
        whole->no_memory = true;
        return;
    }
    level->directions += found.directions;
    level->kinks += found.kinks;
    if (found.worst > level->worst || !*level->worst_at) {
        level->worst = found.worst;
        snprintf(level->worst_at, sizeof level->worst_at, "%s", tensor->name);
    }
    if (!found.off)
        return;
    snprintf(failure.part.what, sizeof failure.part.what, "%s", tensor->name);
    failure.at = found.at;
    failure.figure[0] = found.by_differences;
    failure.figure[1] = found.by_gradient;
    failure_add(&whole->result->failures, &failure);
}

static void check_tensors(void *arg, unsigned part, unsigned thread)
{
    struct whole *whole = arg;
    const struct net *net = whole->net;

    (void)part, (void)thread;
    whole->result->level[whole->spec->level].checked = true;
    draw_data(whole);
    run_forward(whole);
    net_backward(net, &whole->slice);
    for (size_t i = 0; i < net->tensor_count && !whole->no_memory; i++)
        if (net->tensors[i].made.role == NNRUN_WEIGHT && !net->tensors[i].frozen)
            check_tensor(whole, &net->tensors[i]);
}

static int check_whole(const struct gradcheck_spec *spec, const struct net *net,
                       struct gradcheck_result *result, struct error *error)
{
    struct whole whole = {.spec = spec,
                          .net = net,
                          .result = result,
                          .error = error,
                          .weights = memory_array(net->weights, sizeof(float)),
                          .states = memory_array(net->states, sizeof(float)),
                          .gradients = memory_array(net->weights, sizeof(float)),
                          .observations = memory_array(net->states, sizeof(float)),
                          .input = memory_array(net->input_values, NNRUN_LANES * sizeof(float)),
                          .target = memory_array(last_input_values(net) + 1, NNRUN_LANES * sizeof(float)),
                          .arena = memory_array(net->arena_bytes, 1),
                          .derived = memory_array(net->derived_bytes, 1)};

    whole.slice = (struct net_slice){.arena = whole.arena,
                                     .count = NNRUN_LANES,
                                     .training = true,
                                     .first = true,
                                     .weights = whole.weights,
                                     .states = whole.states,
                                     .derived = whole.derived,
                                     .gradients = whole.gradients,
                                     .observations = whole.observations,
                                     .target = whole.target,
                                     .loss = whole.loss};
    if (whole.weights && whole.states && whole.gradients && whole.observations && whole.input &&
        whole.target && whole.arena && whole.derived) {
        thread_pool_run(spec->pool, 1, check_tensors, &whole);
    } else {
        whole.no_memory = true;
        error_memory(error);
    }
    free(whole.weights);
    free(whole.states);
    free(whole.gradients);
    free(whole.observations);
    free(whole.input);
    free(whole.target);
    free(whole.arena);
    free(whole.derived);
    return whole.no_memory ? -1 : 0;
}

/* The files of all plugins, each once. */
static int check_files(const struct gradcheck_spec *spec, const struct net *net, struct error *error)
{
    for (size_t i = 0; i < net->node_count; i++) {
        size_t first = 0;
        while (net->nodes[first].plugin != net->nodes[i].plugin)
            first++;
        if (first == i && gradcheck_file(spec, net->nodes[i].plugin, net->nodes[i].name, error) != 0)
            return -1;
    }
    return 0;
}

int gradcheck_net(const struct gradcheck_spec *spec, const struct net *net, const char *name,
                  struct error *error)
{
    char label[GRADCHECK_LABEL], from[NET_SHAPE_TEXT], to[NET_SHAPE_TEXT];
    struct gradcheck_result *result;
    int failed = check_files(spec, net, error);

    for (size_t i = 0; i < net->node_count && !failed; i++) {
        const struct net_node *node = &net->nodes[i];
        const struct nnrun_shape *input =
            node->inputs[0] == 0 ? &net->input : &net->nodes[node->inputs[0] - 1].shape;
        snprintf(label, sizeof label, "%s -> %s", net_shape_text(input, from),
                 net_shape_text(&node->shape, to));
        if (spec->on_start)
            spec->on_start(spec->arg, node->name, (unsigned)i, (unsigned)net->node_count + 1);
        failed = gradcheck_node(spec, net, i, NULL, label, error);
    }
    if (failed)
        return -1;
    result = memory_array(1, sizeof *result);
    if (!result)
        return error_memory(error);
    result->name = name;
    result->type = "network";
    result->label = net_shape_text(&net->input, from);
    for (size_t i = 0; i < net->node_count; i++)
        result->frozen += net->nodes[i].frozen;
    if (spec->about)
        *spec->about = '\0';
    if (spec->on_start)
        spec->on_start(spec->arg, name, (unsigned)net->node_count, (unsigned)net->node_count + 1);
    failed = check_whole(spec, net, result, error);
    if (!failed)
        spec->on_result(spec->arg, result);
    free(result);
    return failed;
}
