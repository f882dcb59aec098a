/* probe_layer.c: see probe_layer.h. */
#include "probe_layer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/net_one.h"

enum { FLAGS = 2048, INPUT = 0 };

struct probe {
    const struct probe_spec *spec;
    size_t values, in_values[NET_MOST_INPUTS], weights[NET_MOST_TENSORS];
    /* known once the net is made */
    uint32_t number, source[NET_MOST_INPUTS]; /* the network's input has 0, node i has i + 1 */
    uint32_t dy_sum, dy_uses;                 /* what its consumers' dx add up to */
    struct probe_findings *found;
    probe_words *words;
    bool one; /* under way is one sample, the same in all lanes */
};

static float pattern(uint32_t number, size_t i)
{
    return (float)((number * 1031u + (uint32_t)i * 7u) % 65521u);
}

/* Small whole numbers: their sums are exact in any order. */
static uint32_t dx_base(uint32_t number, size_t input)
{
    return number * 8 + (uint32_t)input % 8 + 1;
}

static unsigned char keep_byte(const struct probe *probe, size_t i)
{
    return (unsigned char)(probe->number * 37 + i * 3);
}

/* In lanes; `one`: all lanes alike. */
static bool holds(const float *at, uint32_t number, size_t values, bool one)
{
    for (size_t i = 0; i < values * NNRUN_LANES; i++)
        if (at[i] != pattern(number, one ? i / NNRUN_LANES : i))
            return false;
    return true;
}

static bool holds_alone(const float *at, uint32_t number, size_t values)
{
    for (size_t i = 0; i < values; i++)
        if (at[i] != pattern(number, i))
            return false;
    return true;
}

static void check_x(const struct probe *probe, const struct nnrun_slice *slice)
{
    for (size_t k = 0; k < slice->inputs; k++)
        probe->found->x += !holds(slice->x[k], probe->source[k], probe->in_values[k], probe->one);
}

static bool aligned(const void *pointer)
{
    return (uintptr_t)pointer % 64 == 0;
}

static void forward(const void *self, const struct nnrun_slice *slice)
{
    const struct probe *probe = self;
    const struct probe_spec *spec = probe->spec;
    const size_t words = (size_t)spec->random * NNRUN_LANES * sizeof(uint16_t);
    unsigned char *keep = slice->keep;

    probe->found->calls++;
    check_x(probe, slice);
    probe->found->place += slice->y == slice->x[0] && !(spec->flags & NNRUN_IN_PLACE);
    probe->found->place +=
        !aligned(slice->y) || !aligned(keep) || (spec->scratch && !aligned(slice->scratch));
    if (slice->training && words)
        memcpy(probe->words, slice->random, words);
    for (size_t i = 0; keep && i < spec->keep; i++)
        keep[i] = keep_byte(probe, i);
    if (spec->scratch)
        memset(slice->scratch, 0xff, spec->scratch);
    for (size_t i = 0; i < probe->values * NNRUN_LANES; i++)
        slice->y[i] = pattern(probe->number, probe->one ? i / NNRUN_LANES : i);
    if (slice->training && words)
        probe->found->random += memcmp(probe->words, slice->random, words) != 0;
}

static void forward_one(const void *self, const struct nnrun_one_sample *sample)
{
    const struct probe *probe = self;
    const struct nnrun_one_need *need = &probe->spec->one;
    const unsigned char *weights = sample->weights;
    bool wrong = false;

    probe->found->calls++;
    for (size_t k = 0; k < sample->inputs; k++) {
        probe->found->x += !holds_alone(sample->x[k], probe->source[k], probe->in_values[k]);
        probe->found->place += sample->y == sample->x[k] || !aligned(sample->x[k]);
    }
    for (size_t i = 0; i < need->weight_bytes; i++)
        wrong = wrong || weights[i] != keep_byte(probe, i);
    probe->found->keep += wrong;
    probe->found->place += !aligned(sample->y) || !aligned(weights) || !aligned(sample->scratch) ||
                           !need->weight_bytes != !weights || !need->scratch_bytes != !sample->scratch;
    if (need->scratch_bytes)
        memset(sample->scratch, 0xff, need->scratch_bytes);
    memset(sample->y, 0xff, (probe->values + NNRUN_ONE_SPARE) * sizeof *sample->y);
    for (size_t i = 0; i < probe->values; i++)
        sample->y[i] = pattern(probe->number, i);
}

static void check_dy(const struct probe *probe, const struct nnrun_slice *slice)
{
    bool wrong = false;

    if (!slice->dy) {
        probe->found->dy += !slice->target;
        return;
    }
    for (size_t i = 0; i < probe->values * NNRUN_LANES; i++)
        wrong = wrong || slice->dy[i] != (float)(probe->dy_sum + probe->dy_uses * (i % 5));
    probe->found->dy += wrong;
}

static size_t backward_scratch(const struct probe_spec *spec)
{
    return spec->flags & PROBE_OLD ? spec->scratch : spec->backward_scratch;
}

static void backward(const void *self, const struct nnrun_slice *slice)
{
    const struct probe *probe = self;
    const struct probe_spec *spec = probe->spec;
    const bool stores = (spec->flags & NNRUN_STORES) && slice->first;
    const unsigned char *keep = slice->keep;
    bool wrong = false;

    probe->found->calls++;
    if (spec->flags & NNRUN_READS_X)
        check_x(probe, slice);
    if (spec->flags & NNRUN_READS_Y)
        probe->found->y += !holds(slice->y, probe->number, probe->values, false);
    for (size_t i = 0; i < spec->keep; i++)
        wrong = wrong || keep[i] != keep_byte(probe, i);
    probe->found->keep += wrong;
    check_dy(probe, slice);
    if (backward_scratch(spec))
        memset(slice->scratch, 0xff, backward_scratch(spec));
    for (size_t t = 0; t < spec->tensor_count; t++)
        for (size_t i = 0; i < probe->weights[t]; i++)
            slice->dw[t][i] = stores ? 1 : slice->dw[t][i] + 1;
    for (size_t k = 0; k < slice->inputs; k++) {
        float *dx = slice->dx[k];
        probe->found->place += !aligned(dx);
        for (size_t i = 0; dx && i < probe->in_values[k] * NNRUN_LANES; i++)
            dx[i] = (float)(dx_base(probe->number, k) + i % 5);
    }
}

static int plan(void *self, struct nnrun_plan *plan)
{
    struct probe *probe = self;
    const struct probe_spec *spec = probe->spec;

    if (spec->failure)
        return *spec->failure ? plan->fail(plan, "units", "%s", spec->failure) : -1;
    if (spec->refusal)
        return plan->refuse(plan, "units", spec->refusal);
    plan->output = plan->input[0];
    if (spec->units)
        plan->output = (struct nnrun_shape){.rank = 1, .dim = {spec->units}};
    probe->values = net_shape_count(&plan->output);
    for (int32_t k = 0; k < plan->inputs; k++)
        probe->in_values[k] = net_shape_count(&plan->input[k]);
    plan->keep_bytes = spec->keep;
    plan->scratch_bytes = spec->scratch;
    plan->backward_scratch_bytes = spec->backward_scratch;
    plan->random_words = spec->random;
    plan->flags = spec->plan_flags;
    plan->forward_flops = spec->flops[0];
    plan->dx_flops = spec->flops[1];
    plan->dw_flops = spec->flops[2];
    plan->algorithm = spec->algorithm;
    for (size_t t = 0; t < spec->tensor_count; t++) {
        if (plan->tensor(plan, &spec->tensors[t]) != 0)
            return -1;
        probe->weights[t] =
            spec->tensors[t].role == NNRUN_WEIGHT ? net_shape_count(&spec->tensors[t].shape) : 0;
    }
    return 0;
}

static void need_derived(const void *self, struct nnrun_derived_need *need)
{
    *need = ((const struct probe *)self)->spec->derived;
}

static void make_derived(const void *self, const float *const *w, void *derived, uint32_t part)
{
    const struct nnrun_derived_need *need = &((const struct probe *)self)->spec->derived;

    for (size_t i = part * need->bytes / need->parts; i < (part + 1) * need->bytes / need->parts; i++)
        ((unsigned char *)derived)[i] = (unsigned char)(w[0][0] + (float)part);
}

static const struct nnrun_derived derived = {.need = need_derived, .make = {make_derived}};

static void need_one(const void *self, struct nnrun_one_need *need)
{
    *need = ((const struct probe *)self)->spec->one;
}

static void make_one(const void *self, const float *const *w, void *weights, uint32_t part)
{
    const struct probe *probe = self;
    const struct nnrun_one_need *need = &probe->spec->one;

    (void)w;
    for (size_t i = part * need->weight_bytes / need->parts;
         i < (part + 1) * need->weight_bytes / need->parts; i++)
        ((unsigned char *)weights)[i] = keep_byte(probe, i);
}

static const struct nnrun_one one = {.need = need_one, .make = {make_one}, .forward = {forward_one}};

static const struct plugin *plugin_of(uint32_t flags)
{
    static struct plugin plugins[FLAGS];
    struct plugin *plugin = &plugins[flags % FLAGS];

    plugin->layer = (struct nnrun_layer){
        .head = NNRUN_HEAD,
        .type = "probe",
        .flags = flags & (NNRUN_READS_X | NNRUN_READS_Y | NNRUN_IN_PLACE | NNRUN_STORES | NNRUN_MIXES_LANES),
        .target = flags & PROBE_LOSS ? NNRUN_CLASS : NNRUN_NO_TARGET,
        .min_inputs = flags & PROBE_TWO ? 2 : 1,
        .max_inputs = flags & PROBE_TWO   ? 3
                      : flags & PROBE_ONE ? 1
                                          : NET_MOST_INPUTS,
        .instance_size = sizeof(struct probe),
        .plan = plan,
        .code = {{forward, flags & PROBE_FORWARD ? NULL : backward}},
    };
    if (flags & PROBE_OLD)
        plugin->layer.head.needs = 0;
    plugin->derived = &derived;
    plugin->one = flags & PROBE_ALONE ? &one : NULL;
    plugin->code = plugin->layer.code[0];
    return plugin;
}

static void know_neighbours(struct net *net)
{
    for (size_t i = 0; i < net->node_count; i++) {
        struct probe *probe = net->nodes[i].instance;
        probe->number = (uint32_t)i + 1;
        for (size_t k = 0; k < net->nodes[i].input_count; k++) {
            const size_t value = net->nodes[i].inputs[k];
            probe->source[k] = (uint32_t)value;
            if (value == INPUT)
                continue;
            struct probe *source = net->nodes[value - 1].instance;
            source->dy_sum += dx_base(probe->number, k);
            source->dy_uses++;
        }
    }
}

struct net *probe_net(int32_t input, const struct probe_spec *specs, size_t count, bool with_backward,
                      struct net_faults *faults, struct error *error)
{
    const struct nnrun_shape shape = {.rank = 1, .dim = {input}};
    struct net_layer *layers = memory_array(count, sizeof *layers);
    struct net *net;

    for (size_t i = 0; layers && i < count; i++) {
        struct probe *probe = memory_array(1, sizeof *probe);
        if (!probe)
            exit(99);
        probe->spec = &specs[i];
        layers[i] = (struct net_layer){.name = specs[i].name,
                                       .type = "probe",
                                       .plugin = plugin_of(specs[i].flags),
                                       .instance = probe,
                                       .input_count = specs[i].input_count,
                                       .inputs = specs[i].inputs};
    }
    if (!layers)
        exit(99);
    net = net_create(&shape, layers, count, with_backward, faults, error);
    free(layers);
    if (net)
        know_neighbours(net);
    return net;
}

static void attach(const struct net *net, struct probe_findings *found, probe_words *words, bool one_sample)
{
    for (size_t i = 0; i < net->node_count; i++) {
        struct probe *probe = net->nodes[i].instance;
        probe->found = found;
        probe->words = words ? &words[i] : NULL;
        probe->one = one_sample;
    }
}

static void *need(void *memory)
{
    if (!memory)
        exit(99);
    return memory;
}

static struct probe_findings run(const struct net *net, struct net_slice slice, bool with_backward,
                                 probe_words *words)
{
    struct probe_findings found = {0};
    float *weights = need(memory_array(net->weights, sizeof *weights));
    float *states = need(memory_array(net->states, sizeof *states)),
          *seen = need(memory_array(net->states, sizeof *seen));
    /* not rounded up, so that a sanitizer sees the first byte outside */
    void *arena = need(aligned_alloc(64, net->arena_bytes));
    _Alignas(64) int32_t target[NNRUN_LANES] = {0};
    _Alignas(64) float loss[NNRUN_LANES];

    slice.arena = arena;
    slice.weights = weights;
    slice.states = states;
    slice.observations = seen;
    slice.target = target;
    slice.loss = loss;
    memset(arena, 0xff, net->arena_bytes);
    attach(net, &found, words, false);
    for (size_t i = 0; i < net->input_values * NNRUN_LANES; i++)
        net_input(net, arena)[i] = pattern(INPUT, i);
    net_forward(net, &slice);
    if (with_backward)
        net_backward(net, &slice);
    found.y += !holds(net_output(net, arena), (uint32_t)net->last + 1, net->nodes[net->last].values, false);
    attach(net, NULL, NULL, false);
    free(arena);
    free(seen);
    free(states);
    free(weights);
    return found;
}

struct probe_findings probe_run(const struct net *net, float *gradients, bool first)
{
    const struct net_slice slice = {
        .count = NNRUN_LANES, .training = gradients != NULL, .first = first, .gradients = gradients};
    probe_words *words = need(memory_array(net->node_count, sizeof *words));
    const struct probe_findings found = run(net, slice, gradients != NULL, words);

    free(words);
    return found;
}

/* With what was written, in memory that a sanitizer sees the end of. */
static void *filled(size_t bytes)
{
    void *memory = need(aligned_alloc(64, (bytes + 63) / 64 * 64));

    memset(memory, 0xff, bytes);
    return memory;
}

struct probe_findings probe_run_one(const struct net *net)
{
    struct probe_findings found = {0};
    const size_t values = net->nodes[net->last].values;
    void *made = filled(net->one_weight_bytes), *memory = filled(net->one_bytes),
         *arena = filled(net->arena_bytes);
    float *weights = filled(net->weights * sizeof *weights), *states = filled(net->states * sizeof *states),
          *output = filled(values * sizeof *output);
    const struct net_one_run run_of = {
        .memory = memory,
        .made = made,
        .slice = {.arena = arena, .count = 1, .weights = weights, .states = states}};

    attach(net, &found, NULL, true);
    net_one_make(net, weights, states, made);
    for (size_t i = 0; i < net->input_values; i++)
        net_one_input(net, memory)[i] = pattern(INPUT, i);
    net_one_begin(net, &run_of);
    for (size_t i = 0; i < net->node_count; i++) {
        net_one_forward_node(net, i, &run_of);
        float *y = filled(net->nodes[i].values * sizeof *y);
        net_one_output(net, i, &run_of, y);
        found.y += !holds_alone(y, (uint32_t)i + 1, net->nodes[i].values);
        free(y);
    }
    net_one_output(net, net->last, &run_of, output);
    found.y += !holds_alone(output, (uint32_t)net->last + 1, values);
    attach(net, NULL, NULL, false);
    free(output);
    free(states);
    free(weights);
    free(arena);
    free(memory);
    free(made);
    return found;
}

void probe_draw(const struct net *net, uint32_t count, uint32_t sample, uint64_t seed, uint64_t step,
                probe_words *words)
{
    float *gradients = need(memory_array(net->weights, sizeof *gradients));
    const struct net_slice slice = {.count = count,
                                    .training = true,
                                    .first = true,
                                    .gradients = gradients,
                                    .seed = seed,
                                    .step = step,
                                    .sample = sample};

    run(net, slice, false, words);
    free(gradients);
}
