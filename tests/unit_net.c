/* unit_net.c: from a list of layers to an order, shapes, tensors and their first values. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/net_derived.h"
#include "probe_layer.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define INPUTS(...)                                                                                          \
    .inputs = (const char *const[]){__VA_ARGS__}, .input_count = COUNT(((const char *const[]){__VA_ARGS__}))

static struct net *make(const struct probe_spec *specs, size_t count)
{
    struct net_faults faults;
    struct error error UNIT_CLEARED = {0};
    struct net *net = probe_net(6, specs, count, true, &faults, &error);

    for (size_t i = 0; !net && i < faults.count; i++)
        printf("\n  layer %zu: %s: %s ", faults.fault[i].layer, faults.fault[i].setting,
               faults.fault[i].text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(net);
    return net;
}

/* The list must be refused, first blaming that layer and setting, with `part` in the reason. */
static void refused(const struct probe_spec *specs, size_t count, size_t layer, const char *setting,
                    const char *part)
{
    struct net_faults faults;
    const struct net_fault *fault = faults.fault;
    struct error error UNIT_CLEARED = {0};
    struct net *net = probe_net(6, specs, count, true, &faults, &error);

    CU_ASSERT_PTR_NULL(net);
    net_destroy(net);
    if (net)
        return;
    CU_ASSERT_FATAL(faults.count > 0);
    CU_ASSERT_EQUAL(fault->layer, layer);
    CU_ASSERT_STRING_EQUAL(fault->setting, setting);
    if (!strstr(fault->text, part)) {
        printf("\n  \"%s\" expected in: %s ", part, fault->text);
        CU_FAIL("another message");
    }
}
#define REFUSED(specs, layer, setting, part) refused(specs, COUNT(specs), layer, setting, part)

/* ---- graph -------------------------------------------------------------------------------------- */

static void names(void)
{
    static const struct probe_spec twice[] = {{.name = "a"}, {.name = "b"}, {.name = "a"}};
    static const struct probe_spec reserved[] = {{.name = "a"}, {.name = "input"}};
    const struct probe_spec unknown[] = {{.name = "a"}, {.name = "b", INPUTS("a", "c")}};

    REFUSED(twice, 2, "name", "\"a\"");
    REFUSED(reserved, 1, "name", "network's input");
    REFUSED(unknown, 1, "inputs", "no layer \"c\"");
}

static void cycles(void)
{
    const struct probe_spec two[] = {
        {.name = "a", INPUTS("input", "b")}, {.name = "b", INPUTS("a")}, {.name = "c"}};
    const struct probe_spec self[] = {{.name = "a"}, {.name = "b", INPUTS("a", "b")}, {.name = "c"}};
    const struct probe_spec behind[] = {{.name = "a", INPUTS("b")},
                                        {.name = "b", INPUTS("c")},
                                        {.name = "c", INPUTS("d", "input")},
                                        {.name = "d", INPUTS("c")},
                                        {.name = "e", INPUTS("a")}};

    REFUSED(two, 0, "inputs", "they form a cycle: a <- b <- a");
    REFUSED(self, 1, "inputs", "they form a cycle: b <- b");
    REFUSED(behind, 2, "inputs", "they form a cycle: c <- d <- c"); /* a and b only wait for it */
}

/* A cycle too long for a message is named by its beginning. */
static void long_cycle(void)
{
    enum { LAYERS = 200 };
    static struct probe_spec specs[LAYERS];
    static char names[LAYERS][8];
    const char *const last[] = {names[LAYERS - 1]};

    for (size_t i = 0; i < LAYERS; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        specs[i] = (struct probe_spec){.name = names[i]};
    }
    specs[0].inputs = last;
    specs[0].input_count = 1;
    REFUSED(specs, 0, "inputs", "they form a cycle: n0 <- n199 <- n198 <- ");
    REFUSED(specs, 0, "inputs", " <- ... <- n0");
}

static void dead_ends(void)
{
    const struct probe_spec unused[] = {{.name = "a"}, {.name = "b"}, {.name = "c", INPUTS("a")}};
    const struct probe_spec last_used[] = {
        {.name = "a", INPUTS("c")}, {.name = "b"}, {.name = "c", INPUTS("input")}};

    REFUSED(unused, 1, "", "nothing uses its output");
    REFUSED(last_used, 1, "", "nothing uses its output"); /* the network's output is the last of the list */
}

static void input_counts(void)
{
    const struct probe_spec one[] = {{.name = "a"}, {.name = "b", .flags = PROBE_ONE, INPUTS("input", "a")}};
    const struct probe_spec few[] = {{.name = "a"}, {.name = "b", .flags = PROBE_TWO}};
    const struct probe_spec many[] = {{.name = "a"},
                                      {.name = "b", .flags = PROBE_TWO, INPUTS("a", "a", "a", "input")}};
    const char *too_many[NET_MOST_INPUTS + 1];
    const struct probe_spec most[] = {{.name = "a", .inputs = too_many, .input_count = COUNT(too_many)}};

    for (size_t i = 0; i < COUNT(too_many); i++)
        too_many[i] = "input";
    REFUSED(one, 1, "inputs", "takes 1 input, not 2");
    REFUSED(few, 1, "inputs", "takes 2 to 3 inputs, not 1");
    REFUSED(many, 1, "inputs", "takes 2 to 3 inputs, not 4");
    REFUSED(most, 0, "inputs", "more than 64");
}

/* All that names and inputs tell is found at once, whatever the plugins are; then what independent layers
 * say. */
static void all_at_once(void)
{
    const struct probe_spec specs[] = {{.name = "a", INPUTS("input", "b")}, {.name = "b", INPUTS("a")},
                                       {.name = "c", INPUTS("input")},      {.name = "c", INPUTS("d", "e")},
                                       {.name = "input", INPUTS("f")},      {.name = "end", INPUTS("a")}};
    const struct probe_spec dead[] = {
        {.name = "a"}, {.name = "b", INPUTS("input")}, {.name = "c", INPUTS("input")}};
    const struct probe_spec branches[] = {{.name = "a", .failure = "one", INPUTS("input")},
                                          {.name = "b", .failure = "two", INPUTS("input")},
                                          {.name = "c", .failure = "none", INPUTS("a")},
                                          {.name = "end", INPUTS("b", "c")}};
    struct net_layer bare[COUNT(specs)];
    size_t count[COUNT(specs)] = {0};
    struct net_faults faults;
    struct error error UNIT_CLEARED = {0};

    for (size_t i = 0; i < COUNT(specs); i++)
        bare[i] = (struct net_layer){.name = specs[i].name,
                                     .type = "any",
                                     .input_count = specs[i].input_count,
                                     .inputs = specs[i].inputs};
    CU_ASSERT_EQUAL(net_check_graph(bare, COUNT(bare), &faults, &error), -1);
    CU_ASSERT_EQUAL(faults.count, 6);
    for (size_t i = 0; i < faults.count; i++)
        count[faults.fault[i].layer]++;
    CU_ASSERT(count[0] == 1 && count[3] == 3 && count[4] == 2);
    for (size_t i = 0, unknown = 0; i < faults.count; i++)
        if (faults.fault[i].unknown)
            CU_ASSERT_EQUAL(*faults.fault[i].unknown, "def"[unknown++]);
    REFUSED(dead, 0, "", "nothing uses");
    probe_net(6, dead, COUNT(dead), true, &faults, &error);
    CU_ASSERT_EQUAL(faults.count, 2);
    probe_net(6, branches, COUNT(branches), true, &faults, &error);
    CU_ASSERT_EQUAL_FATAL(faults.count, 2);
    CU_ASSERT(faults.fault[0].layer == 0 && faults.fault[1].layer == 1);
    CU_ASSERT_STRING_EQUAL(faults.fault[1].text, "two");
}

/* No more than fit. */
static void many_faults(void)
{
    static const char *const unknown[] = {"b"};
    struct probe_spec specs[2 * NET_MOST_FAULTS];
    struct net_faults faults;
    struct error error UNIT_CLEARED = {0};

    for (size_t i = 0; i < COUNT(specs); i++)
        specs[i] = (struct probe_spec){.name = "a", .inputs = unknown, .input_count = 1};
    CU_ASSERT_PTR_NULL(probe_net(6, specs, COUNT(specs), true, &faults, &error));
    CU_ASSERT_EQUAL(faults.count, NET_MOST_FAULTS);
}

/* Layers listed before their inputs run after them; the others keep their order. */
static void order(void)
{
    const struct probe_spec specs[] = {{.name = "late", INPUTS("b", "a")},
                                       {.name = "a", INPUTS("input")},
                                       {.name = "b"},
                                       {.name = "end", INPUTS("late", "input")}};
    static const char *const expected[] = {"a", "b", "late", "end"};
    struct net *net = make(specs, COUNT(specs));

    CU_ASSERT_EQUAL_FATAL(net->node_count, 4);
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT_STRING_EQUAL(net->nodes[i].name, expected[i]);
    CU_ASSERT_EQUAL(net->last, 3);
    CU_ASSERT_EQUAL(net->nodes[0].inputs[0], 0);
    CU_ASSERT_EQUAL(net->nodes[1].inputs[0], 1);
    CU_ASSERT_EQUAL(net->nodes[2].inputs[0], 2);
    CU_ASSERT_EQUAL(net->nodes[2].inputs[1], 1);
    CU_ASSERT_EQUAL(net->nodes[3].inputs[1], 0);
    net_destroy(net);
}

/* ---- plan --------------------------------------------------------------------------------------- */

#define VECTOR(n)                                                                                            \
    {                                                                                                        \
        .rank = 1, .dim = { n }                                                                              \
    }

static void plan_faults(void)
{
    static const struct probe_spec why[] = {{.name = "b"}, {.name = "a", .failure = "17 is too odd"}};
    static const struct probe_spec no_reason[] = {{.name = "a", .failure = ""}};
    static const struct probe_spec shape[] = {{.name = "a", .flags = NNRUN_IN_PLACE, .units = 5}};
    /* listed last, planned first: the fault is named by the list */
    const struct probe_spec moved[] = {{.name = "a", INPUTS("b")},
                                       {.name = "b", .failure = "bad", INPUTS("input")},
                                       {.name = "c", INPUTS("a")}};

    REFUSED(why, 1, "units", "17 is too odd");
    REFUSED(no_reason, 0, "", "gave no reason");
    REFUSED(shape, 0, "", "in place but changes the number of values");
    REFUSED(moved, 1, "units", "bad");
}

static void broken_tensors(void)
{
    static const struct nnrun_tensor name[] = {{.name = "Weight", .shape = VECTOR(3)}};
    static const struct nnrun_tensor twice[] = {{.name = "w", .shape = VECTOR(3)},
                                                {.name = "w", .shape = VECTOR(4)}};
    static const struct nnrun_tensor fan[] = {{.name = "w", .shape = VECTOR(3), .init = NNRUN_HE}};
    static const struct nnrun_tensor fan_out[] = {
        {.name = "w", .shape = VECTOR(3), .init = NNRUN_HE, .fan_in = 3, .fan_out = -1}};
    static const struct nnrun_tensor unused_fan[] = {{.name = "w", .shape = VECTOR(3), .fan_in = -1}};
    static const struct nnrun_tensor value[] = {{.name = "w", .shape = VECTOR(3), .value = INFINITY}};
    static const struct nnrun_tensor momentum[] = {{.name = "w", .shape = VECTOR(3), .role = NNRUN_STATE}};
    static const struct nnrun_tensor weight[] = {{.name = "w", .shape = VECTOR(3), .momentum = 0.1}};
    static const struct nnrun_tensor empty[] = {{.name = "w", .shape = VECTOR(0)}};
    static const struct nnrun_tensor huge[] = {
        {.name = "w", .shape = {4, {1 << 30, 1 << 30, 1 << 30, 1 << 30}}}};
    static const struct {
        const struct nnrun_tensor *tensors;
        size_t count;
        const char *part;
    } broken[] = {{name, 1, "name"},       {twice, 2, "two tensors"},
                  {fan, 1, "fan-in"},      {momentum, 1, "momentum"},
                  {empty, 1, "too large"}, {huge, 1, "too large"},
                  {fan_out, 1, "fan"},     {unused_fan, 1, "fan"},
                  {value, 1, "finite"},    {weight, 1, "a weight has a momentum"}};

    for (size_t i = 0; i < COUNT(broken); i++) {
        const struct probe_spec specs[] = {
            {.name = "a", .tensors = broken[i].tensors, .tensor_count = broken[i].count}};
        REFUSED(specs, 0, "", broken[i].part);
    }
}

/* Bits and values of enums that a newer core may know. */
static void unknown_tensors(void)
{
    static const struct nnrun_tensor unknown[] = {
        {.name = "w", .shape = VECTOR(3), .role = 2},
        {.name = "w", .shape = VECTOR(3), .init = 6},
        {.name = "w", .shape = VECTOR(3), .flags = 2},
        {.name = "w", .shape = VECTOR(3), .reserved = 1},
        {.name = "w", .shape = VECTOR(3), .role = NNRUN_STATE, .momentum = 0.1, .flags = NNRUN_DECAY},
    };

    for (size_t i = 0; i < COUNT(unknown); i++) {
        const struct probe_spec specs[] = {{.name = "a", .tensors = &unknown[i], .tensor_count = 1}};
        REFUSED(specs, 0, "", "may need a newer nnrun");
    }
}

static void algorithm(void)
{
    static const struct probe_spec good[] = {{.name = "a", .algorithm = "Strassen"}, {.name = "b"}};
    static const struct probe_spec empty[] = {{.name = "a", .algorithm = ""}};
    static const struct probe_spec lines[] = {{.name = "a", .algorithm = "two\nlines"}};
    static const struct probe_spec longer[] = {
        {.name = "a", .algorithm = "a name of forty-eight characters, one too many.."}};
    struct net *net = make(good, COUNT(good));

    CU_ASSERT_STRING_EQUAL(net->nodes[0].algorithm, "Strassen");
    CU_ASSERT_PTR_NULL(net->nodes[1].algorithm);
    net_destroy(net);
    REFUSED(empty, 0, "", "the name of its algorithm is not 1 to 47 printable characters");
    REFUSED(lines, 0, "", "the name of its algorithm");
    REFUSED(longer, 0, "", "the name of its algorithm");
}

static void plan_flags(void)
{
    static const struct probe_spec specs[] = {{.name = "a", .plan_flags = 1}};

    REFUSED(specs, 0, "", "may need a newer nnrun");
}

static void flops(void)
{
    static const double wrong[] = {-1, INFINITY, NAN};

    for (size_t i = 0; i < 3 * COUNT(wrong); i++) {
        struct probe_spec specs[] = {{.name = "a"}};
        specs[0].flops[i / COUNT(wrong)] = wrong[i % COUNT(wrong)];
        REFUSED(specs, 0, "", "FLOPs");
    }
}

static void shapes(void)
{
    enum { M = INT32_MAX };
    char text[NET_SHAPE_TEXT];

    CU_ASSERT_EQUAL(net_shape_count(&(struct nnrun_shape){3, {6, 5, 4}}), 120);
    CU_ASSERT_EQUAL(net_shape_count(&(struct nnrun_shape){0, {0}}), 0);
    CU_ASSERT_EQUAL(net_shape_count(&(struct nnrun_shape){2, {6, -5}}), 0);
    CU_ASSERT_EQUAL(net_shape_count(&(struct nnrun_shape){8, {1, 1, 1, 1, 1, 1, 1}}), 0);
    CU_ASSERT_EQUAL(net_shape_count(&(struct nnrun_shape){7, {1, 2, 1, 3, 1, 1, 2}}), 12);
    CU_ASSERT_EQUAL(net_shape_count(&(struct nnrun_shape){4, {1 << 30, 1 << 30, 1 << 30, 1 << 30}}), 0);
    CU_ASSERT_STRING_EQUAL(net_shape_text(&(struct nnrun_shape){3, {6, 5, 4}}, text), "6x5x4");
    CU_ASSERT_STRING_EQUAL(net_shape_text(&(struct nnrun_shape){1, {10}}, text), "10");
    CU_ASSERT_STRING_EQUAL(net_shape_text(&(struct nnrun_shape){7, {M, M, M, M, M, M, M}}, text),
                           "2147483647x2147483647x2147483647x2147483647x2147483647x2147483647x2147483647");
}

/* ---- tensors ------------------------------------------------------------------------------------ */

static const struct nnrun_tensor mixed[] = {
    {.name = "bias", .shape = VECTOR(7), .init = NNRUN_CONSTANT, .value = 0.5},
    {.name = "mean",
     .shape = VECTOR(9),
     .role = NNRUN_STATE,
     .momentum = 0.1,
     .init = NNRUN_CONSTANT,
     .value = 2},
    {.name = "weight", .shape = {2, {5, 4}}, .flags = NNRUN_DECAY, .init = NNRUN_UNIFORM, .value = 0.25},
};

static void layout(void)
{
    const struct probe_spec specs[] = {{.name = "a", .tensors = mixed, .tensor_count = COUNT(mixed)},
                                       {.name = "b", .tensors = mixed, .tensor_count = COUNT(mixed)}};
    struct net *net = make(specs, COUNT(specs));
    static const char *const expected[] = {"a.bias", "a.mean", "a.weight", "b.bias", "b.mean", "b.weight"};

    CU_ASSERT_EQUAL_FATAL(net->tensor_count, 6);
    CU_ASSERT_EQUAL(net->decayed, 2 * 32); /* two of 20, each rounded up to 16s */
    CU_ASSERT_EQUAL(net->weights, 2 * 32 + 2 * 16);
    CU_ASSERT_EQUAL(net->states, 2 * 16);
    CU_ASSERT_EQUAL(net->parameters, 2 * 27);
    CU_ASSERT_EQUAL(net->nodes[1].parameters, 27);
    for (size_t i = 0; i < 6; i++) {
        const struct net_tensor *a = &net->tensors[i];
        CU_ASSERT_STRING_EQUAL(a->name, expected[i]);
        CU_ASSERT_EQUAL(a->offset % 16, 0);
        if (a->made.role == NNRUN_STATE) {
            CU_ASSERT(a->offset + a->count <= net->states);
        } else if (a->made.flags & NNRUN_DECAY) {
            CU_ASSERT(a->offset + a->count <= net->decayed);
        } else {
            CU_ASSERT(a->offset >= net->decayed && a->offset + a->count <= net->weights);
        }
        for (size_t j = 0; j < i; j++) {
            const struct net_tensor *b = &net->tensors[j];
            CU_ASSERT((a->made.role == NNRUN_STATE) != (b->made.role == NNRUN_STATE) ||
                      a->offset >= b->offset + b->count || b->offset >= a->offset + a->count);
        }
    }
    net_destroy(net);
}

/* All tensors hold their value, and what lies between them zero, whatever was there before. */
static void constants(void)
{
    const struct probe_spec specs[] = {{.name = "a", .tensors = mixed, .tensor_count = COUNT(mixed)}};
    struct net *net = make(specs, COUNT(specs));
    float weights[48], states[16];

    CU_ASSERT_EQUAL_FATAL(net->weights, COUNT(weights));
    CU_ASSERT_EQUAL_FATAL(net->states, COUNT(states));
    memset(weights, 0xff, sizeof weights);
    memset(states, 0xff, sizeof states);
    net_initialise(net, 1, weights, states);
    for (size_t i = 0; i < 16; i++) {
        CU_ASSERT_EQUAL(states[i], i < 9 ? 2.0f : 0.0f);
        CU_ASSERT_EQUAL(weights[32 + i], i < 7 ? 0.5f : 0.0f);
        CU_ASSERT(i < 4 ? fabsf(weights[16 + i]) <= 0.25f : weights[16 + i] == 0.0f);
    }
    net_destroy(net);
}

/* Within the bound, filling it, centred, and of a uniform distribution's width. */
static void check_uniform(const float *values, size_t count, double bound)
{
    double least = 0, most = 0, sum = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        least = fmin(least, (double)values[i]);
        most = fmax(most, (double)values[i]);
        sum += (double)values[i];
        squares += (double)values[i] * (double)values[i];
    }
    CU_ASSERT(least >= -bound * (1 + 1e-6) && most <= bound * (1 + 1e-6));
    CU_ASSERT(least < -0.99 * bound && most > 0.99 * bound);
    CU_ASSERT(fabs(sum / (double)count) < 0.05 * bound);
    CU_ASSERT(fabs(squares / (double)count - bound * bound / 3) < 0.02 * bound * bound);
}

static void initialisers(void)
{
    static const struct nnrun_tensor drawn[] = {
        {.name = "uniform", .shape = VECTOR(4099), .init = NNRUN_UNIFORM, .value = 0.3},
        {.name = "he", .shape = {2, {50, 100}}, .init = NNRUN_HE, .fan_in = 100, .fan_out = 50},
        {.name = "xavier", .shape = {2, {50, 100}}, .init = NNRUN_XAVIER, .fan_in = 100, .fan_out = 50},
        {.name = "fan_in", .shape = {2, {50, 100}}, .init = NNRUN_FAN_IN, .fan_in = 100, .fan_out = 50},
    };
    static const double bounds[] = {0.3, 0.244948974, 0.2, 0.1};
    const struct probe_spec specs[] = {{.name = "a", .tensors = drawn, .tensor_count = COUNT(drawn)}};
    struct net *net = make(specs, COUNT(specs));
    float *weights = memory_array(net->weights, sizeof *weights);

    CU_ASSERT_PTR_NOT_NULL_FATAL(weights);
    net_initialise(net, 1, weights, NULL);
    for (size_t i = 0; i < COUNT(drawn); i++)
        check_uniform(weights + net->tensors[i].offset, net->tensors[i].count, bounds[i]);
    free(weights);
    net_destroy(net);
}

/* First values depend on the seed and the tensor's name, on nothing else. */
static void first_values(void)
{
    static const struct nnrun_tensor drawn[] = {
        {.name = "w", .shape = VECTOR(101), .init = NNRUN_UNIFORM, .value = 1}};
    static const struct probe_spec alone[] = {{.name = "a", .tensors = drawn, .tensor_count = 1}};
    static const struct probe_spec second[] = {{.name = "b", .tensors = drawn, .tensor_count = 1},
                                               {.name = "a", .tensors = drawn, .tensor_count = 1}};
    struct net *one = make(alone, COUNT(alone)), *two = make(second, COUNT(second));
    float a[112], again[112], other[112], both[224];

    CU_ASSERT_EQUAL_FATAL(one->weights, COUNT(a));
    CU_ASSERT_EQUAL_FATAL(two->weights, COUNT(both));
    net_initialise(one, 5, a, NULL);
    net_initialise(one, 5, again, NULL);
    net_initialise(one, 6, other, NULL);
    net_initialise(two, 5, both, NULL);
    CU_ASSERT_EQUAL(memcmp(a, again, sizeof a), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(a, other, sizeof a), 0);
    CU_ASSERT_EQUAL(memcmp(a, both + two->tensors[1].offset, sizeof a), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(a, both + two->tensors[0].offset, sizeof a), 0);
    net_destroy(one);
    net_destroy(two);
}

/* ---- ABI 1.1 ---------------------------------------------------------------------------------------- */

static const struct nnrun_tensor one_weight[] = {{.name = "w", .shape = VECTOR(1), .init = NNRUN_CONSTANT}};
#define LEARNS .tensors = one_weight, .tensor_count = 1

static void refusals(void)
{
    const struct probe_spec specs[] = {{.name = "a"}, {.name = "b", .refusal = "100% of %s"}};

    REFUSED(specs, 1, "units", "100% of %s");
}

/* Each has what it asked for, older layers the same in both passes. */
static void scratches(void)
{
    const struct probe_spec specs[] = {
        {.name = "a", LEARNS, .scratch = 64, .backward_scratch = 128},
        {.name = "b", .flags = PROBE_OLD, .scratch = 192, .backward_scratch = 320},
        {.name = "c", .backward_scratch = SIZE_MAX}};
    struct net *net = make(specs, 2);

    CU_ASSERT_EQUAL(net->nodes[0].scratch_bytes, 64);
    CU_ASSERT_EQUAL(net->nodes[0].backward_scratch_bytes, 128);
    CU_ASSERT_EQUAL(net->nodes[1].scratch_bytes, 192);
    CU_ASSERT_EQUAL(net->nodes[1].backward_scratch_bytes, 192);
    net_destroy(net);
    REFUSED(specs, 0, "", "too large to plan");
}

static void forward_only(void)
{
    const struct probe_spec weights[] = {{.name = "a"}, {.name = "b", .flags = PROBE_FORWARD, LEARNS}};
    const struct probe_spec between[] = {
        {.name = "a", LEARNS}, {.name = "b"}, {.name = "c", .flags = PROBE_FORWARD}, {.name = "d"}};
    const struct probe_spec front[] = {{.name = "a", .flags = PROBE_FORWARD}, {.name = "b", LEARNS}};
    struct net_faults faults;
    struct error error UNIT_CLEARED = {0};
    struct net *net;
    float gradients[16] = {0};

    REFUSED(weights, 1, "", "it has no backward pass, so that its weights cannot be trained");
    REFUSED(between, 2, "", "it has no backward pass, so that no weights before it can be trained");
    net = probe_net(6, between, COUNT(between), false, &faults, &error);
    CU_ASSERT_PTR_NOT_NULL(net);
    net_destroy(net);
    net = make(front, COUNT(front));
    CU_ASSERT_EQUAL(probe_run(net, gradients, true).calls, 3); /* it twice forward, the second backward */
    net_destroy(net);
}

#define DERIVED(...) LEARNS, .derived = {__VA_ARGS__}

static void broken_derived(void)
{
    const struct probe_spec none[] = {{.name = "a", DERIVED(.bytes = 8)}};
    const struct probe_spec many[] = {{.name = "a"}, {.name = "b", DERIVED(.bytes = 8, .parts = 4097)}};
    const struct probe_spec more[] = {{.name = "a", DERIVED(8, .parts = 2, .evaluation_parts = 3)}};
    const struct probe_spec large[] = {{.name = "a", DERIVED(.bytes = SIZE_MAX, .parts = 1)}};
    const struct probe_spec sum[] = {{.name = "a", DERIVED(.bytes = PTRDIFF_MAX - 63, .parts = 1)},
                                     {.name = "b", DERIVED(.bytes = PTRDIFF_MAX - 63, .parts = 1)},
                                     {.name = "c", DERIVED(.bytes = 256, .parts = 1)}};

    REFUSED(none, 0, "", "1 to 4096 parts");
    REFUSED(many, 1, "", "1 to 4096 parts");
    REFUSED(more, 0, "", "1 to 4096 parts");
    REFUSED(large, 0, "", "its derived weights are too large");
    REFUSED(sum, SIZE_MAX, "", "the network's derived weights are too large");
}

/* True if a node's derived weights are of a weight with that value, in its parts from one on up to another. */
static bool made_of(const struct derived_weights *derived, size_t node, float weight, uint32_t from,
                    uint32_t to)
{
    const struct net_node *of = &derived->net->nodes[node];
    const unsigned char *bytes = (const unsigned char *)derived->memory + of->derived_at;

    for (uint32_t part = from; part < to; part++)
        for (size_t i = part * of->derived_bytes / of->derived_parts;
             i < (part + 1) * of->derived_bytes / of->derived_parts; i++)
            if (bytes[i] != (unsigned char)(weight + (float)part))
                return false;
    return true;
}

/* Made when they are read, of the weights as they are then, those for evaluation alone no sooner. */
static void derived(void)
{
    const struct probe_spec specs[] = {
        {.name = "a", DERIVED(.bytes = 1000, .parts = 7)},
        {.name = "b"},
        {.name = "c", DERIVED(.bytes = 65, .parts = 5, .evaluation_parts = 2)}};
    struct error error UNIT_CLEARED = {0};
    struct net *net = make(specs, COUNT(specs));
    struct thread_pool *pool = thread_pool_create(3, &error);
    struct derived_weights made;
    float weights[32] = {0};

    CU_ASSERT_EQUAL_FATAL(net->weights, COUNT(weights));
    CU_ASSERT_EQUAL(net->nodes[1].derived_bytes, 0);
    CU_ASSERT_EQUAL(net->nodes[2].derived_at, 1024);
    CU_ASSERT_EQUAL(net->derived_bytes, 1024 + 128);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
    CU_ASSERT_EQUAL_FATAL(derived_weights_init(&made, net, weights, &error), 0);
    weights[0] = 3, weights[16] = 50;
    derived_weights_make(&made, pool, true);
    CU_ASSERT(made_of(&made, 0, 3, 0, 7) && made_of(&made, 2, 50, 0, 3) && !made_of(&made, 2, 50, 3, 4));
    derived_weights_make(&made, pool, false);
    CU_ASSERT(made_of(&made, 2, 50, 0, 5));
    weights[0] = 4, weights[16] = 60;
    derived_weights_make(&made, pool, false); /* nobody said that they changed */
    CU_ASSERT(made_of(&made, 0, 3, 0, 7) && made_of(&made, 2, 50, 0, 5));
    derived_weights_forget(&made);
    derived_weights_make(&made, pool, true);
    CU_ASSERT(made_of(&made, 0, 4, 0, 7) && made_of(&made, 2, 60, 0, 3) && made_of(&made, 2, 50, 3, 5));
    derived_weights_forget(&made);
    derived_weights_make(&made, pool, false);
    CU_ASSERT(made_of(&made, 2, 60, 0, 5));
    derived_weights_finish(&made);
    thread_pool_destroy(pool);
    net_destroy(net);
}

static void broken_one(void)
{
#define ALONE(...) .flags = PROBE_ALONE, .one = { __VA_ARGS__ }
    const struct probe_spec none[] = {{.name = "a", ALONE(.weight_bytes = 8)}};
    const struct probe_spec many[] = {{.name = "a"}, {.name = "b", ALONE(.weight_bytes = 8, .parts = 4097)}};
    const struct probe_spec flags[] = {{.name = "a", ALONE(.flags = 1)}};
    const struct probe_spec large[] = {{.name = "a", ALONE(.weight_bytes = SIZE_MAX, .parts = 1)}};
    const struct probe_spec room[] = {{.name = "a", ALONE(.scratch_bytes = PTRDIFF_MAX)}};
    const struct probe_spec sum[] = {{.name = "a", ALONE(.weight_bytes = PTRDIFF_MAX - 64, .parts = 1)},
                                     {.name = "b", ALONE(.weight_bytes = PTRDIFF_MAX - 64, .parts = 1)},
                                     {.name = "c", ALONE(.weight_bytes = 256, .parts = 1)}};

    REFUSED(none, 0, "", "its weights for one sample do not have 1 to 4096 parts, or no make");
    REFUSED(many, 1, "", "its weights for one sample do not have 1 to 4096 parts, or no make");
    REFUSED(flags, 0, "", "its need for one sample has unknown flags");
    REFUSED(large, 0, "", "its weights or scratch for one sample are too large");
    REFUSED(room, 0, "", "its weights or scratch for one sample are too large");
    REFUSED(sum, SIZE_MAX, "", "the network is too large for one sample alone");
}

static const struct unit_test tests[] = {
    {"equal, reserved and unknown names are refused", names},
    {"a cycle is refused, naming the layers on it", cycles},
    {"of a long cycle as many as fit a message", long_cycle},
    {"a layer whose output goes nowhere is refused", dead_ends},
    {"a wrong number of inputs is refused", input_counts},
    {"layers run after their inputs, else in the order of the list", order},
    {"faults of names, inputs and independent layers are all reported at once", all_at_once},
    {"of many faults the first are reported", many_faults},
    {"a plan that fails is reported with its setting, at its place in the list", plan_faults},
    {"broken declarations of tensors are refused", broken_tensors},
    {"tensors that this core does not know are refused, naming a newer one", unknown_tensors},
    {"so are flags of a plan", plan_flags},
    {"a plan names its algorithm, in one line", algorithm},
    {"FLOPs are finite and not negative", flops},
    {"shapes are counted with overflow and written", shapes},
    {"tensors: those that decay first, then the others, aligned, apart", layout},
    {"constants are set, gaps are zero", constants},
    {"uniform, He, Xavier and fan-in fill their bounds", initialisers},
    {"first values depend on seed and name alone", first_values},
    {"a plan may refuse without a format", refusals},
    {"scratch of forward and of backward are apart, but for older layers", scratches},
    {"a layer without backward stands where no gradient is wanted", forward_only},
    {"derived weights of no or too many parts, or too large, are refused", broken_derived},
    {"they are made when they are read, of the weights as they are then", derived},
    {"weights and scratch of one sample that are too large, or of no or too many parts, are refused",
     broken_one},
};
UNIT_MAIN("net", tests)
