/* contract_operators.c: see contract_operators.h. */
#include "check/contract_operators.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "net/plugin_capability.h"
#include "operators/describe.h"
#include "operators/reference.h"

#define TOLERANCE 1e-5

/* Adds the layer's inputs and its description. Returns 0 or -1. */
static int build_graph(const struct rig *rig, struct graph *graph, struct error *error)
{
    size_t inputs[NET_MOST_INPUTS];
    const float *w[NET_MOST_TENSORS];
    const struct description description = {
        .node = rig->node, .inputs = inputs, .tensors = rig->tensor, .w = w};

    for (size_t k = 0; k < rig->inputs; k++) {
        const size_t value = rig->node->inputs[k];
        const struct nnrun_shape *shape = value == 0 ? &rig->net->input : &rig->net->nodes[value - 1].shape;
        inputs[k] = graph_add_input(graph, "x", shape, error);
        if (inputs[k] == GRAPH_NO_VALUE)
            return -1;
    }
    for (size_t t = 0; t < rig->tensors; t++)
        w[t] = guarded_floats(&rig->w[t]);
    return graph_describe(graph, &description, &graph->output, error);
}

static void run_lane(const struct rig *rig, struct reference *reference, size_t lane)
{
    for (size_t k = 0; k < rig->inputs; k++) {
        const float *x = guarded_floats(&rig->x[k]);
        double *to = reference_value(reference, k); /* inputs are the first values */
        for (size_t i = lane; i < rig->x[k].bytes / sizeof *x; i += NNRUN_LANES)
            to[i / NNRUN_LANES] = (double)x[i];
    }
    reference_run(reference);
}

/* False after a report. */
static bool compare_lanes(struct rig *rig, struct reference *reference, size_t output, const float *snapshot)
{
    const struct section *section = &rig->section[0];
    const float *y = snapshot + section->at;
    const double *wanted = reference_value(reference, output);
    double largest = 0;

    for (size_t i = 0; i < section->count; i++)
        largest = fmax(largest, fabs((double)y[i]));
    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        run_lane(rig, reference, lane);
        for (size_t i = 0; i < rig->node->values; i++) {
            const double forward = (double)y[i * NNRUN_LANES + lane];
            struct failure failure;
            if (fabs(forward - wanted[i]) <= TOLERANCE * largest)
                continue;
            failure = rig_failure_at(FAILURE_OPERATORS, section, i * NNRUN_LANES + lane);
            failure.figure[0] = wanted[i];
            failure.figure[1] = forward;
            rig_report(rig, &failure);
            return false;
        }
    }
    return true;
}

static void compare(struct rig *rig, struct reference *reference, size_t output, float *snapshot)
{
    const struct rig_call call = {.count = NNRUN_LANES, .evaluate = true, .fill = 0xff};

    rig_draw(rig, RIG_ALL_LANES, 0);
    rig_run(rig, &call, snapshot);
    if (compare_lanes(rig, reference, output, snapshot)) {
        for (size_t k = 0; k < rig->inputs; k++)
            rig_draw_floats(&rig->x[k], RIG_ALL_LANES, 0, -9, 9);
        rig_run(rig, &call, snapshot);
        compare_lanes(rig, reference, output, snapshot);
        rig_draw(rig, RIG_ALL_LANES, 0);
    }
}

static void report_description(struct rig *rig, struct error *error)
{
    struct failure failure = {.kind = FAILURE_DESCRIPTION, .part.input = -1, .lane = FAILURE_NO_LANE};

    snprintf(failure.part.what, sizeof failure.part.what, "%s", error_text(error));
    rig_report(rig, &failure);
    error_clear(error);
}

int contract_check_operators(struct rig *rig, float *snapshot, struct error *error)
{
    struct reference *reference = NULL;
    struct error wrong = {0};
    struct graph *graph;
    int result = 0;

    if (!plugin_operators(rig->layer))
        return 0;
    graph = graph_create(&wrong);
    if (graph && build_graph(rig, graph, &wrong) == 0)
        reference = reference_create(graph, &wrong);
    if (reference)
        compare(rig, reference, graph->output, snapshot);
    else if (wrong.code == ERROR_MEMORY)
        result = error_move(&wrong, error);
    else
        report_description(rig, &wrong);
    reference_destroy(reference);
    graph_destroy(graph);
    return result;
}
