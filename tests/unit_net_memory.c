/* unit_net_memory.c: the plan of an arena: nothing is overwritten that is still read, and little is used. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "probe_layer.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define INPUTS(...)                                                                                          \
    .inputs = (const char *const[]){__VA_ARGS__}, .input_count = COUNT(((const char *const[]){__VA_ARGS__}))
#define LANE_BYTES (NNRUN_LANES * sizeof(float))

enum { INPUT = 8, MOST_NODES = 24, GRAPHS = 400 };

static const struct nnrun_tensor weight[] = {{.name = "weight", .shape = {.rank = 1, .dim = {5}}}};
#define LEARNS .tensors = weight, .tensor_count = 1

static struct net *make(const struct probe_spec *specs, size_t count, bool backward)
{
    struct net_fault fault;
    struct error error;
    struct net *net = probe_net(INPUT, specs, count, backward, &fault, &error);

    if (!net)
        printf("\n  layer %zu: %s: %s ", fault.layer, fault.setting, fault.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(net);
    return net;
}

static const struct net_node *node_of(const struct net *net, const char *name)
{
    for (size_t i = 0; i < net->node_count; i++)
        if (strcmp(net->nodes[i].name, name) == 0)
            return &net->nodes[i];
    printf("\n  no layer %s\n", name);
    exit(99);
}

/* ---- nothing is overwritten --------------------------------------------------------------------- */

/* A random graph: each layer takes one to three of the values before it, most often the last; the loss takes
 * whatever nobody took. */
struct graph {
    struct random_key key;
    uint32_t drawn;
    char names[MOST_NODES][24];
    const char *inputs[MOST_NODES][MOST_NODES];
    struct probe_spec specs[MOST_NODES];
    size_t count;
};

static uint32_t draw(struct graph *g, uint32_t below)
{
    uint32_t out[4];

    random_block(g->key, (const uint32_t[4]){g->drawn++, 0, 0, 0}, out);
    return out[0] % below;
}

static void grow(struct graph *g, uint32_t number)
{
    bool used[MOST_NODES] = {false};
    size_t open = 0;

    *g = (struct graph){.key = random_key(number, RANDOM_CHECK, "graph")};
    g->count = 2 + draw(g, MOST_NODES - 2);
    for (size_t i = 0; i < g->count; i++) {
        struct probe_spec *spec = &g->specs[i];
        const bool last = i + 1 == g->count;
        snprintf(g->names[i], sizeof g->names[i], "n%zu", i);
        spec->name = g->names[i];
        spec->inputs = g->inputs[i];
        spec->input_count = last ? 0 : draw(g, 3) ? 1 : 1 + draw(g, 3);
        for (size_t k = 0; k < spec->input_count; k++) {
            const size_t from = i == 0 ? 0 : draw(g, 3) ? i : draw(g, (uint32_t)i + 1);
            g->inputs[i][k] = from == 0 ? "input" : g->names[from - 1];
            if (from > 0)
                used[from - 1] = true;
        }
        for (size_t j = 0; last && j < i; j++)
            if (!used[j])
                g->inputs[i][open++] = g->names[j];
        if (last)
            spec->input_count = open;
        spec->flags = draw(g, 4) | (draw(g, 2) ? NNRUN_STORES : 0) | (last ? PROBE_LOSS : 0);
        if (draw(g, 2))
            spec->flags |= NNRUN_IN_PLACE;
        else
            spec->units = 1 + (int32_t)draw(g, 40);
        spec->keep = draw(g, 3) ? 0 : draw(g, 3000);
        spec->scratch = draw(g, 3) ? 0 : draw(g, 3000);
        spec->random = draw(g, 3) ? 0 : draw(g, PROBE_MOST_WORDS + 1);
        if (draw(g, 2) || i == 0) {
            spec->tensors = weight;
            spec->tensor_count = 1;
        }
    }
}

static size_t learning(const struct net *net)
{
    size_t count = 0;

    for (size_t i = 0; i < net->node_count; i++)
        count += net->nodes[i].learns;
    return count;
}

static bool all_are(const struct net *net, const float *gradients, float wanted)
{
    for (size_t t = 0; t < net->tensor_count; t++)
        for (size_t i = 0; i < net->tensors[t].count; i++)
            if (gradients[net->tensors[t].offset + i] != wanted)
                return false;
    return true;
}

/* A run that must find nothing; what it found is said. */
static bool good_run(const struct net *net, float *gradients, bool first)
{
    const struct probe_findings f = probe_run(net, gradients, first);
    const size_t calls = net->node_count + (gradients ? learning(net) : 0);

    if (f.calls == calls && !f.x && !f.y && !f.dy && !f.keep && !f.random && !f.place)
        return true;
    printf("\n  calls %u of %zu, x %u, y %u, dy %u, keep %u, random %u, place %u ", f.calls, calls, f.x, f.y,
           f.dy, f.keep, f.random, f.place);
    return false;
}

static bool good_graph(const struct graph *graph, unsigned *in_place, unsigned *added)
{
    struct net *net = make(graph->specs, graph->count, true);
    float *gradients = memory_array(net->weights, sizeof *gradients);
    bool good;

    CU_ASSERT_PTR_NOT_NULL_FATAL(gradients);
    memset(gradients, 0xff, net->weights * sizeof *gradients); /* stale: the first slice sets them */
    good = good_run(net, gradients, true) && all_are(net, gradients, 1);
    good = good && good_run(net, gradients, false) && all_are(net, gradients, 2);
    good = good && good_run(net, NULL, false);
    for (size_t i = 0; i < net->node_count; i++) {
        *in_place += net->nodes[i].in_place;
        for (size_t k = 0; k < net->nodes[i].input_count; k++)
            *added += net->nodes[i].dx_adds[k];
    }
    free(gradients);
    net_destroy(net);
    net = make(graph->specs, graph->count, false);
    good = good && good_run(net, NULL, false);
    net_destroy(net);
    return good;
}

static void random_graphs(void)
{
    static struct graph graph;
    unsigned in_place = 0, added = 0;

    for (uint32_t number = 0; number < GRAPHS; number++) {
        bool good;
        grow(&graph, number);
        good = good_graph(&graph, &in_place, &added);
        if (!good)
            printf("in graph %u ", (unsigned)number);
        CU_ASSERT_FATAL(good);
    }
    CU_ASSERT(in_place > GRAPHS / 2 && added > GRAPHS); /* the graphs had what they are to try */
}

/* ---- little is used ----------------------------------------------------------------------------- */

/* Nothing of a chain is read again on the way back: two gradients at a time are enough, and where all values
 * are kept, they come on top. */
static void long_chain(void)
{
    enum { LAYERS = 100, UNITS = 48 };
    static struct probe_spec specs[LAYERS];
    static char names[LAYERS][24];
    struct net *net;

    for (size_t i = 0; i < LAYERS; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        specs[i] = (struct probe_spec){.name = names[i], .units = UNITS, LEARNS};
    }
    specs[LAYERS - 1].flags = PROBE_LOSS;
    net = make(specs, LAYERS, true);
    /* two values on the way there, two gradients on the way back, the output to the end */
    CU_ASSERT_EQUAL(net->arena_bytes, 3 * UNITS * LANE_BYTES);
    net_destroy(net);
    for (size_t i = 0; i < LAYERS; i++)
        specs[i].flags |= NNRUN_READS_X;
    net = make(specs, LAYERS, true);
    CU_ASSERT(net->arena_bytes <= (INPUT + (LAYERS + 2) * UNITS) * LANE_BYTES);
    net_destroy(net);
    net = make(specs, LAYERS, false);
    CU_ASSERT_EQUAL(net->arena_bytes, 2 * UNITS * LANE_BYTES);
    net_destroy(net);
}

/* LeNet's widths: gradients take no more than the two widest neighbours. */
static void narrowing_chain(void)
{
    static const int32_t units[] = {4704, 1176, 1600, 400, 120, 84, 10};
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
    struct probe_spec specs[COUNT(units)];
    size_t values = INPUT;
    struct net *net;

    for (size_t i = 0; i < COUNT(units); i++) {
        specs[i] = (struct probe_spec){.name = names[i], .units = units[i], .flags = NNRUN_READS_X, LEARNS};
        values += (size_t)units[i];
    }
    specs[COUNT(units) - 1].flags |= PROBE_LOSS;
    net = make(specs, COUNT(units), true);
    CU_ASSERT(net->arena_bytes <= (values + 4704 + 1176) * LANE_BYTES);
    net_destroy(net);
}

/* ---- in place ----------------------------------------------------------------------------------- */

static void in_place(void)
{
    static const struct probe_spec allowed[] = {{.name = "a", LEARNS},
                                                {.name = "b", .flags = NNRUN_IN_PLACE | NNRUN_READS_Y},
                                                {.name = "c", .flags = PROBE_LOSS, LEARNS}};
    static const struct probe_spec before_reads[] = {{.name = "a", .flags = NNRUN_READS_Y, LEARNS},
                                                     {.name = "b", .flags = NNRUN_IN_PLACE},
                                                     {.name = "c", .flags = PROBE_LOSS, LEARNS}};
    static const struct probe_spec reads[] = {{.name = "a", LEARNS},
                                              {.name = "b", .flags = NNRUN_IN_PLACE | NNRUN_READS_X},
                                              {.name = "c", .flags = PROBE_LOSS, LEARNS}};
    const struct probe_spec shared[] = {{.name = "a", LEARNS},
                                        {.name = "b", .flags = NNRUN_IN_PLACE},
                                        {.name = "c", .flags = PROBE_LOSS, INPUTS("a", "b"), LEARNS}};
    const struct probe_spec *const lists[] = {allowed, before_reads, reads, shared};

    for (size_t i = 0; i < COUNT(lists); i++) {
        struct net *net = make(lists[i], 3, true);
        const struct net_node *a = node_of(net, "a"), *b = node_of(net, "b");
        CU_ASSERT_EQUAL(b->in_place, i == 0);
        CU_ASSERT_EQUAL(b->y_at == a->y_at, i == 0);
        CU_ASSERT(!a->in_place);
        if (i == 0) {
            CU_ASSERT_EQUAL(b->dy_at, a->dy_at);
            CU_ASSERT_EQUAL(b->dx_at[0], b->dy_at);
        }
        net_destroy(net);
        net = make(lists[i], 3, false); /* nothing is read on a way back: only the second use forbids it */
        CU_ASSERT_EQUAL(node_of(net, "b")->in_place, i != 3);
        net_destroy(net);
    }
}

/* ---- gradients and random words ----------------------------------------------------------------- */

/* Nobody asks for the gradient of the input, or of layers with nothing to learn before them. */
static void wanted_gradients(void)
{
    const struct probe_spec specs[] = {{.name = "plain"},
                                       {.name = "first", LEARNS},
                                       {.name = "side", INPUTS("plain")},
                                       {.name = "sum", INPUTS("first", "side", "first")},
                                       {.name = "loss", .flags = PROBE_LOSS}};
    struct net *net = make(specs, COUNT(specs), true);
    const struct net_node *sum = node_of(net, "sum");

    CU_ASSERT(!node_of(net, "plain")->learns && !node_of(net, "side")->learns);
    CU_ASSERT(node_of(net, "first")->learns && sum->learns && node_of(net, "loss")->learns);
    CU_ASSERT_EQUAL(node_of(net, "first")->dx_at[0], SIZE_MAX);
    CU_ASSERT_EQUAL(sum->dx_at[0], node_of(net, "first")->dy_at);
    CU_ASSERT_EQUAL(sum->dx_at[1], SIZE_MAX);
    CU_ASSERT(!sum->dx_adds[0] && sum->dx_adds[2]);
    CU_ASSERT_NOT_EQUAL(sum->dx_at[2], sum->dx_at[0]);
    net_destroy(net);
}

static bool same_lane(probe_words *a, size_t lane, probe_words *b, size_t other, uint32_t words)
{
    for (uint32_t w = 0; w < words; w++)
        if ((*a)[w][lane] != (*b)[w][other])
            return false;
    return true;
}

static void random_words(void)
{
    enum { WORDS = 21 };
    static const struct probe_spec specs[] = {{.name = "a", .random = WORDS, LEARNS},
                                              {.name = "b", .random = WORDS, .flags = PROBE_LOSS}};
    struct net *net = make(specs, COUNT(specs), true);
    probe_words first[2], moved[2], later[2], seed[2];

    probe_draw(net, 16, 32, 7, 5, first);
    probe_draw(net, 3, 45, 7, 5, moved);
    probe_draw(net, 16, 32, 7, 6, later);
    probe_draw(net, 16, 32, 8, 5, seed);
    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        CU_ASSERT(!same_lane(&first[0], lane, &first[1], lane, WORDS));
        CU_ASSERT(!same_lane(&first[0], lane, &later[0], lane, WORDS));
        CU_ASSERT(!same_lane(&first[0], lane, &seed[0], lane, WORDS));
        for (size_t other = 0; other < lane; other++)
            CU_ASSERT(!same_lane(&first[0], lane, &first[0], other, WORDS));
        /* lanes 13, 14, 15 are the samples that the slice from 45 on has; the last is repeated */
        CU_ASSERT(same_lane(&moved[0], lane, &first[0], lane < 3 ? 13 + lane : 15, WORDS));
    }
    for (uint32_t w = 1; w < WORDS; w++)
        CU_ASSERT_NOT_EQUAL(memcmp(first[0][w], first[0][0], sizeof first[0][0]), 0);
    net_destroy(net);
}

static const struct unit_test tests[] = {
    {"in random graphs, nothing is overwritten that is still read", random_graphs},
    {"a long chain takes two gradients", long_chain},
    {"a narrowing chain takes no more gradients than its two widest neighbours", narrowing_chain},
    {"a layer works in place only where nobody else looks", in_place},
    {"gradients are made where something learns before", wanted_gradients},
    {"random words are a function of seed, layer, step and sample", random_words},
};
UNIT_MAIN("net_memory", tests)
