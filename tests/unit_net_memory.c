/* unit_net_memory.c: the plan of an arena: nothing is overwritten that is still read, and little is used. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "net/net_pack.h"
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
    struct net_faults faults;
    struct error error UNIT_CLEARED = {0};
    struct net *net = probe_net(INPUT, specs, count, backward, &faults, &error);

    if (!net && faults.count > 0)
        printf("\n  layer %zu: %s: %s ", faults.fault[0].layer, faults.fault[0].setting,
               faults.fault[0].text);
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
        spec->backward_scratch = draw(g, 3) ? 0 : draw(g, 3000);
        if (!draw(g, 4))
            spec->flags |= PROBE_OLD;
        spec->random = draw(g, 3) ? 0 : draw(g, PROBE_MOST_WORDS + 1);
        if (draw(g, 2) || i == 0) {
            spec->tensors = weight;
            spec->tensor_count = 1;
        }
        if (draw(g, 2))
            spec->flags |= PROBE_ALONE;
        spec->one.scratch_bytes = draw(g, 3) ? 0 : draw(g, 3000);
        spec->one.weight_bytes = draw(g, 3) ? 0 : draw(g, 3000);
        spec->one.parts = 1 + draw(g, 5);
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

/* The same of one sample: a node's output is right as soon as it has run. */
static bool good_run_of_one(const struct net *net)
{
    const struct probe_findings f = probe_run_one(net);

    if (f.calls == net->node_count && !f.x && !f.y && !f.keep && !f.place)
        return true;
    printf("\n  one sample: calls %u of %zu, x %u, y %u, weights %u, place %u ", f.calls, net->node_count,
           f.x, f.y, f.keep, f.place);
    return false;
}

/* What the net says of its arena: buffers that are alive at once lie apart, unless one is in the other's
 * place; all lie within, and where the nodes have them. */
static bool plan_is_sound(const struct net *net)
{
    size_t values = 0, end = 0;

    for (size_t i = 0; i < net->buffer_count; i++) {
        const struct net_buffer *a = &net->buffers[i];
        const size_t from = a->at + a->bytes;
        if (a->bytes == 0 || a->at % 64 || a->from > a->to || a->to > 2 * net->node_count)
            return false;
        end = from > end ? from : end;
        if (a->kind == NET_VALUE) {
            values++;
            if (a->at != (a->node == SIZE_MAX ? net->input_at : net->nodes[a->node].y_at))
                return false;
        }
        if (a->kind == NET_GRADIENT && a->at != net->nodes[a->node].dy_at)
            return false;
        for (size_t j = 0; j < i; j++) {
            const struct net_buffer *b = &net->buffers[j];
            const bool apart =
                a->at >= b->at + b->bytes || b->at >= from || a->from > b->to || b->from > a->to;
            const bool in_place = (a->in_place || b->in_place) && a->at == b->at && a->bytes == b->bytes;
            if (!apart && !in_place)
                return false;
        }
    }
    return values == net->node_count + 1 && end == net->arena_bytes;
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
    good = good && good_run(net, NULL, false) && plan_is_sound(net);
    for (size_t i = 0; i < net->node_count; i++) {
        *in_place += net->nodes[i].in_place;
        for (size_t k = 0; k < net->nodes[i].input_count; k++)
            *added += net->nodes[i].dx_adds[k];
    }
    free(gradients);
    net_destroy(net);
    net = make(graph->specs, graph->count, false);
    good = good && good_run(net, NULL, false) && plan_is_sound(net) && good_run_of_one(net);
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

enum { LAYERS = 40, CHAINS = 200 };

/* The most bytes that are alive at once, of the buffers of the kinds (a bit each). */
static size_t most_alive(const struct net *net, unsigned kinds)
{
    size_t most = 0;

    for (size_t time = 0; time <= 2 * net->node_count; time++) {
        size_t alive = 0;
        for (size_t i = 0; i < net->buffer_count; i++) {
            const struct net_buffer *b = &net->buffers[i];
            if ((kinds >> b->kind & 1) && !b->in_place && b->from <= time && time <= b->to)
                alive += b->bytes;
        }
        most = alive > most ? alive : most;
    }
    return most;
}

/* A chain of layers that learn, whose backward reads x of those that `reads` picks, a bit each. */
struct chain {
    char names[LAYERS][24];
    struct probe_spec specs[LAYERS];
};

static struct net *make_chain(struct chain *chain, const int32_t *units, uint64_t reads, bool backward)
{
    for (size_t i = 0; i < LAYERS; i++) {
        snprintf(chain->names[i], sizeof chain->names[i], "n%zu", i);
        chain->specs[i] = (struct probe_spec){.name = chain->names[i],
                                              .units = units[i],
                                              .flags = (reads >> i & 1 ? NNRUN_READS_X : 0) |
                                                       (i + 1 == LAYERS ? PROBE_LOSS : 0),
                                              LEARNS};
    }
    return make(chain->specs, LAYERS, backward);
}

/* What the net's buffers would take without gradients. */
static size_t without_gradients(const struct net *net)
{
    struct net_buffer *copies = memory_array(net->buffer_count, sizeof *copies);
    struct net_buffer **wanted = memory_array(net->buffer_count, sizeof(struct net_buffer *));
    size_t count = 0, bytes = 0;
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_FATAL(copies && wanted);
    for (size_t i = 0; i < net->buffer_count; i++) {
        copies[i] = net->buffers[i];
        if (copies[i].kind != NET_GRADIENT && !copies[i].in_place)
            wanted[count++] = &copies[i];
    }
    CU_ASSERT_EQUAL_FATAL(net_pack(wanted, count, 2 * net->node_count + 1, &bytes, &error), 0);
    free(wanted);
    free(copies);
    return bytes;
}

static void check_chain(const int32_t *units, uint64_t reads)
{
    static struct chain chain;
    struct net *net = make_chain(&chain, units, reads, true);
    size_t two = 0, two_values = 0;

    for (size_t i = 0; i < LAYERS; i++) {
        const size_t pair = (size_t)units[i] + (i ? (size_t)units[i - 1] : INPUT);
        two = i && i + 1 < LAYERS && pair > two ? pair : two;
        two_values = pair > two_values ? pair : two_values;
    }
    CU_ASSERT(most_alive(net, 1u << NET_GRADIENT) <= two * LANE_BYTES);
    CU_ASSERT(net->arena_bytes <= without_gradients(net) + two * LANE_BYTES);
    if (reads == 0 || reads == UINT64_MAX)
        CU_ASSERT_EQUAL(net->arena_bytes, most_alive(net, ~0u));
    net_destroy(net);
    net = make_chain(&chain, units, reads, false);
    CU_ASSERT_EQUAL(net->arena_bytes, two_values * LANE_BYTES);
    net_destroy(net);
}

static void long_chains(void)
{
    struct graph random = {.key = random_key(1, RANDOM_CHECK, "chain")};
    /* largest first would put the second 32 above both 48s, and take 112 for 80 */
    static const int32_t pattern[] = {48, 32, 32, 48};
    int32_t units[LAYERS];

    for (size_t number = 0; number < CHAINS; number++) {
        uint64_t reads = 0;
        for (size_t i = 0; i < LAYERS; i++) {
            units[i] = number == 0 ? 48 : number == 1 ? pattern[i % 4] : 1 + (int32_t)draw(&random, 60);
            reads |= (uint64_t)draw(&random, 2) << i;
        }
        check_chain(units, 0); /* nothing is read on the way back */
        check_chain(units, reads);
        check_chain(units, UINT64_MAX);
    }
}

/* Two values on the way there, two gradients on the way back, and the output to the end. */
static void equal_chain(void)
{
    enum { UNITS = 48 };
    static struct chain chain;
    int32_t units[LAYERS];
    struct net *net;

    for (size_t i = 0; i < LAYERS; i++)
        units[i] = UNITS;
    net = make_chain(&chain, units, 0, true);
    CU_ASSERT_EQUAL(net->arena_bytes, 3 * UNITS * LANE_BYTES);
    net_destroy(net);
    net = make_chain(&chain, units, UINT64_MAX, true);
    CU_ASSERT(net->arena_bytes <= (INPUT + (LAYERS + 2) * UNITS) * LANE_BYTES);
    net_destroy(net);
    net = make_chain(&chain, units, 0, false);
    CU_ASSERT_EQUAL(net->arena_bytes, 2 * UNITS * LANE_BYTES);
    net_destroy(net);
}

/* ---- in place ----------------------------------------------------------------------------------- */

/* Layer b of the list must work in the place of a, in training, in evaluation and on the way back, or must not. */
static void expect_in_place(const struct probe_spec *specs, size_t count, bool training, bool evaluation,
                            bool gradient)
{
    for (int backward = 0; backward < 2; backward++) {
        struct net *net = make(specs, count, backward);
        const struct net_node *a = node_of(net, "a"), *b = node_of(net, "b");
        const bool wanted = backward ? training : evaluation;
        CU_ASSERT_EQUAL(b->in_place, wanted);
        CU_ASSERT_EQUAL(b->y_at == a->y_at, wanted);
        CU_ASSERT(!a->in_place);
        if (backward) {
            CU_ASSERT_EQUAL(b->dy_at == a->dy_at, gradient);
            CU_ASSERT_EQUAL(b->dx_at[0] == b->dy_at, gradient);
        }
        net_destroy(net);
    }
}
#define EXPECT_IN_PLACE(specs, training, evaluation, gradient)                                               \
    expect_in_place(specs, COUNT(specs), training, evaluation, gradient)

static void in_place(void)
{
    static const struct probe_spec alone[] = {{.name = "a", LEARNS},
                                              {.name = "b", .flags = NNRUN_IN_PLACE | NNRUN_READS_Y},
                                              {.name = "c", .flags = PROBE_LOSS, LEARNS}};
    static const struct probe_spec producer_reads[] = {{.name = "a", .flags = NNRUN_READS_Y, LEARNS},
                                                       {.name = "b", .flags = NNRUN_IN_PLACE},
                                                       {.name = "c", .flags = PROBE_LOSS, LEARNS}};
    static const struct probe_spec reads[] = {{.name = "a", LEARNS},
                                              {.name = "b", .flags = NNRUN_IN_PLACE | NNRUN_READS_X},
                                              {.name = "c", .flags = PROBE_LOSS, LEARNS}};
    const struct probe_spec used_later[] = {{.name = "a", LEARNS},
                                            {.name = "b", .flags = NNRUN_IN_PLACE},
                                            {.name = "c", .flags = PROBE_LOSS, INPUTS("a", "b"), LEARNS}};
    const struct probe_spec used_before[] = {
        {.name = "a", LEARNS},
        {.name = "other", .units = 7, LEARNS},
        {.name = "b", .flags = NNRUN_IN_PLACE, INPUTS("a")},
        {.name = "c", .flags = PROBE_LOSS, INPUTS("b", "other"), LEARNS}};
    const struct probe_spec other_reads[] = {
        {.name = "a", LEARNS},
        {.name = "other", .flags = NNRUN_READS_X, .units = 7, LEARNS},
        {.name = "b", .flags = NNRUN_IN_PLACE, INPUTS("a")},
        {.name = "c", .flags = PROBE_LOSS, INPUTS("b", "other"), LEARNS}};
    const struct probe_spec of_two[] = {{.name = "a", LEARNS},
                                        {.name = "other", INPUTS("input"), LEARNS},
                                        {.name = "b", .flags = NNRUN_IN_PLACE, INPUTS("a", "other")},
                                        {.name = "c", .flags = PROBE_LOSS, LEARNS}};
    const struct probe_spec twice[] = {{.name = "a", LEARNS},
                                       {.name = "b", .flags = NNRUN_IN_PLACE, INPUTS("a", "a")},
                                       {.name = "c", .flags = PROBE_LOSS, LEARNS}};

    EXPECT_IN_PLACE(alone, true, true, true);
    EXPECT_IN_PLACE(producer_reads, false, true, true); /* in evaluation nothing is read on a way back */
    EXPECT_IN_PLACE(reads, false, true, true);
    EXPECT_IN_PLACE(used_later, false, false, false);
    EXPECT_IN_PLACE(used_before, true, true, true);
    EXPECT_IN_PLACE(other_reads, false, true, true);
    EXPECT_IN_PLACE(of_two, true, true, true);
    EXPECT_IN_PLACE(twice, false, false, false);
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

/* A value's gradient is the sum of what each use gives: used twice, three times, by a layer that takes it
 * twice, the network's input among the inputs, and a branch that learns nothing. */
static void shared_values(void)
{
    const struct probe_spec specs[] = {
        {.name = "a", .units = 9, LEARNS},
        {.name = "b", .flags = NNRUN_IN_PLACE, INPUTS("a", "input", "input")},
        {.name = "c", .flags = NNRUN_READS_X, .units = 5, INPUTS("a", "a")},
        {.name = "still", .flags = NNRUN_READS_X, .keep = 100, INPUTS("input")},
        {.name = "d", INPUTS("b", "a", "still", "b"), LEARNS},
        {.name = "e", .flags = NNRUN_IN_PLACE, INPUTS("c")},
        {.name = "f", .flags = PROBE_LOSS, INPUTS("e", "d", "input", "b")}};
    struct net *net = make(specs, COUNT(specs), true);
    float gradients[32];
    size_t sums = 0;

    CU_ASSERT_FATAL(net->weights <= COUNT(gradients));
    for (size_t i = 0; i < net->node_count; i++)
        for (size_t k = 0; k < net->nodes[i].input_count; k++)
            sums += net->nodes[i].dx_adds[k];
    CU_ASSERT_EQUAL(sums, 3 + 2); /* a has four uses, b three, c, d and e one each */
    CU_ASSERT(!node_of(net, "still")->learns);
    CU_ASSERT(good_run(net, gradients, true) && all_are(net, gradients, 1));
    CU_ASSERT(plan_is_sound(net));
    for (size_t i = 0; i < net->buffer_count;
         i++) /* what backward would read is not kept for a layer without */
        CU_ASSERT(net->buffers[i].kind != NET_KEPT || net->buffers[i].to == net->buffers[i].from);
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
    {"in random graphs, nothing is overwritten that is still read, of a slice or of one sample",
     random_graphs},
    {"a chain of equal layers takes two gradients", equal_chain},
    {"the gradients of a long chain take no more than its two widest neighbours", long_chains},
    {"a layer works in place where nobody looks later, and only there", in_place},
    {"gradients are made where something learns before", wanted_gradients},
    {"a value that is used more than once has the sum of its uses' gradients", shared_values},
    {"random words are a function of seed, layer, step and sample", random_words},
};
UNIT_MAIN("net_memory", tests)
