/* c_stages.c: see c_stages.h. */
#include "export/c_stages.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/net_pack.h"

static const size_t NO_STAGE = SIZE_MAX;

/* While stages are made. By value: */
struct making {
    struct c_stages *to;
    const struct graph *graph;
    size_t *uses;  /* operators that read it, and the graph's output */
    size_t *stage; /* whose result it is */
};

size_t c_channels(const struct nnrun_shape *shape)
{
    return shape->rank > 0 ? (size_t)shape->dim[0] : 1;
}

size_t c_area(const struct nnrun_shape *shape)
{
    size_t area = 1;

    for (int32_t i = 1; i < shape->rank; i++)
        area *= (size_t)shape->dim[i];
    return area;
}

bool c_stage_is_padded(const struct graph_operator *one)
{
    return one->at.pads[0] || one->at.pads[1] || one->at.pads[2] || one->at.pads[3];
}

static bool is_sample(const struct graph *graph, size_t value)
{
    return value != GRAPH_NO_VALUE && graph->values[value].source != GRAPH_CONSTANT;
}

size_t c_link_constant(const struct graph *graph, const struct graph_operator *one)
{
    if (operator_types[one->kind].family != FAMILY_BROADCAST)
        return GRAPH_NO_VALUE;
    for (size_t k = 0; k < one->input_count; k++)
        if (!is_sample(graph, one->inputs[k]))
            return one->inputs[k];
    return GRAPH_NO_VALUE;
}

/* Whether a constant of that shape is one number, or one for each channel, of a sample of the other. */
static bool is_of_channels(const struct nnrun_shape *constant, const struct nnrun_shape *sample)
{
    const int32_t first = constant->rank - sample->rank; /* of the channels */

    for (int32_t i = 0; i < constant->rank; i++)
        if (constant->dim[i] != 1 && (i != first || constant->dim[i] != sample->dim[0]))
            return false;
    return first <= 0;
}

static size_t sample_input(const struct graph *graph, const struct graph_operator *one)
{
    size_t k = 0;

    while (!is_sample(graph, one->inputs[k]))
        k++;
    return one->inputs[k];
}

/* Whether the operator makes each value of one and of constants of its channel. */
static bool is_link(const struct graph *graph, const struct graph_operator *one)
{
    const struct nnrun_shape *y = &graph->values[one->output].shape;
    const struct graph_value *x = &graph->values[sample_input(graph, one)];
    const size_t constant = c_link_constant(graph, one);

    if (operator_types[one->kind].family == FAMILY_UNARY || one->kind == OPERATOR_BATCH_NORMALIZATION)
        return true;
    return operator_types[one->kind].family == FAMILY_BROADCAST && one->input_count == 2 &&
           constant != GRAPH_NO_VALUE && is_of_channels(&graph->values[constant].shape, y) &&
           x->values == graph->values[one->output].values;
}

static bool is_shaped_as(const struct graph *graph, size_t value, const struct nnrun_shape *shape)
{
    const struct nnrun_shape *own = &graph->values[value].shape;

    return own->rank == shape->rank &&
           memcmp(own->dim, shape->dim, (size_t)shape->rank * sizeof *shape->dim) == 0;
}

/* Whether the pool can take the rows of a convolution one after the other, each being in one window. */
static bool takes_rows(const struct graph *graph, const struct c_stage *stage,
                       const struct graph_operator *one)
{
    if (!stage->main || stage->main->kind != OPERATOR_CONV ||
        !is_shaped_as(graph, one->inputs[0], &graph->values[stage->main->output].shape))
        return false;
    for (size_t i = 0; i < stage->chain_count; i++)
        if (!is_shaped_as(graph, stage->chain[i]->output, &graph->values[stage->main->output].shape))
            return false;
    return (one->kind == OPERATOR_MAX_POOL || one->kind == OPERATOR_AVERAGE_POOL) &&
           !c_stage_is_padded(one) && one->at.strides[0] >= one->at.kernel_shape[0] &&
           one->at.dilations[0] == 1 && one->at.dilations[1] == 1;
}

/* Floats of rows of padded input, and of a row of all filters that a pool takes. */
static size_t scratch_of(const struct graph *graph, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main;
    size_t floats = 0;

    if (!one || one->kind != OPERATOR_CONV)
        return 0;
    const struct nnrun_shape *x = &graph->values[one->inputs[0]].shape,
                             *y = &graph->values[one->output].shape;
    if (c_stage_is_padded(one))
        floats += (size_t)x->dim[0] * (size_t)one->at.kernel_shape[0] *
                  (size_t)(x->dim[2] + one->at.pads[1] + one->at.pads[3]);
    if (stage->pool)
        floats += (size_t)y->dim[0] * (size_t)y->dim[2];
    return floats;
}

/* ---- stages -------------------------------------------------------------------------------------------- */

/* A layer's name as a part of an identifier, with a number behind it if another stage has it. */
static char *name_stage(const struct c_stages *to, const char *layer)
{
    char *plain = memory_format("%s", layer && *layer ? layer : "input"), *name = plain;
    size_t number = 1;

    for (char *c = plain; c && *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')))
            *c = '_';
    for (size_t i = 0; name && i < to->count; i++)
        if (strcmp(to->stages[i].name, name) == 0) {
            if (name != plain)
                free(name);
            name = memory_format("%s_%zu", plain, ++number);
            i = SIZE_MAX; /* from the first again */
        }
    if (name != plain)
        free(plain);
    return name;
}

static int add_stage(struct making *now, const struct graph_operator *one,
                     const struct graph_operator **chain)
{
    struct c_stages *to = now->to;
    struct c_stage *stage = &to->stages[to->count];
    const bool link = is_link(now->graph, one);

    *stage = (struct c_stage){.main = link ? NULL : one,
                              .chain = chain,
                              .chain_count = link,
                              .name = name_stage(to, one->layer),
                              .x = to->holder[sample_input(now->graph, one)],
                              .y = one->output};
    if (link)
        chain[0] = one;
    now->stage[one->output] = to->count;
    to->count += stage->name != NULL;
    return stage->name ? 0 : -1;
}

/* Lets a stage do the operator after its own, if nothing else needs what it gave. */
static bool append_to_stage(struct making *now, const struct graph_operator *one)
{
    const size_t x = now->to->holder[sample_input(now->graph, one)], number = now->stage[x];
    struct c_stage *stage = number == NO_STAGE ? NULL : &now->to->stages[number];
    const bool last = stage && number + 1 == now->to->count; /* whose chain can grow */

    if (!last || now->uses[x] != 1 || stage->pool)
        return false;
    if (is_link(now->graph, one))
        stage->chain[stage->chain_count++] = one;
    else if (takes_rows(now->graph, stage, one))
        stage->pool = one;
    else
        return false;
    stage->y = one->output;
    now->stage[one->output] = number;
    return true;
}

static int make_stages(struct making *now)
{
    const struct graph *graph = now->graph;
    struct c_stages *to = now->to;
    size_t links = 0;

    for (size_t i = 0; i < graph->value_count; i++) {
        to->holder[i] = i;
        now->stage[i] = NO_STAGE;
    }
    for (size_t i = 0; i < graph->operator_count; i++) {
        const struct graph_operator *one = &graph->operators[i];
        if (operator_types[one->kind].family == FAMILY_COPY) {
            to->holder[one->output] = to->holder[one->inputs[0]];
            continue;
        }
        for (size_t k = 0; k < one->input_count; k++)
            if (is_sample(graph, one->inputs[k]))
                now->uses[to->holder[one->inputs[k]]]++;
    }
    now->uses[to->holder[graph->output]]++;
    for (size_t i = 0; i < graph->operator_count; i++) {
        const struct graph_operator *one = &graph->operators[i];
        if (operator_types[one->kind].family == FAMILY_COPY || append_to_stage(now, one)) {
            links++;
            continue;
        }
        if (add_stage(now, one, to->links + links++) != 0)
            return -1;
    }
    for (size_t i = 0; i < to->count; i++)
        to->stages[i].scratch = scratch_of(graph, &to->stages[i]);
    to->output = to->holder[graph->output];
    return 0;
}

/* ---- places -------------------------------------------------------------------------------------------- */

struct placing {
    struct net_buffer *buffers, **wanted; /* [2 stages + 1] */
    size_t count;
};

static struct net_buffer *want(struct placing *places, size_t floats, size_t from, size_t to)
{
    struct net_buffer *buffer = &places->buffers[places->count];

    *buffer = (struct net_buffer){.bytes = floats * sizeof(float), .from = from, .to = to};
    places->wanted[places->count++] = buffer;
    return buffer;
}

/* The last stage that reads a value. */
static size_t last_reader(const struct c_stages *to, size_t value, size_t from)
{
    size_t last = from;

    for (size_t s = 0; s < to->count; s++) {
        const struct graph_operator *one = to->stages[s].main ? to->stages[s].main : to->stages[s].chain[0];
        for (size_t k = 0; k < one->input_count; k++)
            if (is_sample(to->graph, one->inputs[k]) && to->holder[one->inputs[k]] == value)
                last = s > last ? s : last;
    }
    return last;
}

static int pack(struct c_stages *to, struct placing *places, struct error *error)
{
    struct net_buffer *input = want(places, to->graph->values[to->input].values, 0, 0);
    size_t bytes, next = 1;

    input->to = last_reader(to, to->input, 0);
    for (size_t s = 0; s < to->count; s++) {
        const struct c_stage *stage = &to->stages[s];
        if (stage->y != to->output)
            want(places, to->graph->values[stage->y].values, s, last_reader(to, stage->y, s));
        if (stage->scratch > 0)
            want(places, stage->scratch, s, s);
    }
    if (net_pack(places->wanted, places->count, to->count + 1, &bytes, error) != 0)
        return -1;
    to->memory = bytes / sizeof(float);
    to->bytes_at = (ptrdiff_t)(input->at / sizeof(float));
    to->place[to->input] = C_INPUT_PLACE;
    for (size_t s = 0; s < to->count; s++) {
        struct c_stage *stage = &to->stages[s];
        to->place[stage->y] =
            stage->y == to->output ? C_OUTPUT_PLACE : (ptrdiff_t)(places->buffers[next++].at / sizeof(float));
        if (stage->scratch > 0)
            stage->scratch_at = (ptrdiff_t)(places->buffers[next++].at / sizeof(float));
    }
    return 0;
}

static int place_values(struct c_stages *to, struct error *error)
{
    struct placing places = {.buffers = memory_array(2 * to->count + 1, sizeof(struct net_buffer)),
                             .wanted = memory_array(2 * to->count + 1, sizeof(struct net_buffer *))};
    int failed = -1;

    if (places.buffers && places.wanted)
        failed = pack(to, &places, error);
    else
        error_memory(error);
    free(places.buffers);
    free(places.wanted);
    return failed;
}

/* ---- both ---------------------------------------------------------------------------------------------- */

static int make(struct making *now, struct error *error)
{
    const struct graph *graph = now->graph;
    struct c_stages *to = now->to;

    now->uses = memory_array(graph->value_count, sizeof *now->uses);
    now->stage = memory_array(graph->value_count, sizeof *now->stage);
    to->stages = memory_array(graph->operator_count, sizeof *to->stages);
    to->links = memory_array(graph->operator_count, sizeof *to->links);
    to->holder = memory_array(graph->value_count, sizeof *to->holder);
    to->place = memory_array(graph->value_count, sizeof *to->place);
    if (!now->uses || !now->stage || !to->stages || !to->links || !to->holder || !to->place ||
        make_stages(now) != 0)
        return error_memory(error);
    return place_values(to, error);
}

int c_stages_make(struct c_stages *stages, const struct graph *graph, struct error *error)
{
    struct making now = {.to = stages, .graph = graph};
    int failed;

    *stages = (struct c_stages){.graph = graph};
    while (graph->values[stages->input].source != GRAPH_INPUT)
        stages->input++;
    failed = make(&now, error);
    free(now.uses);
    free(now.stage);
    if (failed)
        c_stages_free(stages);
    return failed;
}

void c_stages_free(struct c_stages *stages)
{
    for (size_t i = 0; i < stages->count; i++)
        free(stages->stages[i].name);
    free(stages->stages);
    free(stages->links);
    free(stages->holder);
    free(stages->place);
    *stages = (struct c_stages){.graph = NULL};
}
