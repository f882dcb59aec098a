/* net_create.c: see net_create.h. */
#include "net/net_create.h"

#include <stdlib.h>

#include "base/memory.h"
#include "net/net_memory.h"
#include "net/net_one.h"
#include "net/net_plan.h"

static void free_instances(const struct net_layer *layers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(layers[i].instance);
}

static int build_net(struct net *net, const struct net_layer *layers, size_t count, struct net_faults *faults,
                     struct error *error)
{
    size_t *origin = memory_array(count, sizeof *origin);
    int failed;

    if (!origin) {
        free_instances(layers, count);
        return error_memory(error);
    }
    failed = net_graph(net, layers, count, origin, faults, error);
    if (failed)
        free_instances(layers, count);
    for (size_t i = 0; i < count && !failed; i++)
        net->nodes[i].instance = layers[origin[i]].instance;
    failed = failed || net_plan(net, origin, faults, error) != 0 ||
             net_memory(net, origin, faults, error) != 0 || net_one_lay_out(net, faults, error) != 0;
    free(origin);
    return failed ? -1 : 0;
}

struct net *net_create(const struct nnrun_shape *input, const struct net_layer *layers, size_t count,
                       bool backward, struct net_faults *faults, struct error *error)
{
    struct net *net = memory_array(1, sizeof *net);

    faults->count = 0;
    if (!net) {
        free_instances(layers, count);
        error_memory(error);
        return NULL;
    }
    net->input = *input;
    net->input_values = net_shape_count(input);
    net->backward = backward;
    net->target = layers[count - 1].plugin->layer.target;
    for (size_t i = 0; i < count; i++)
        net->level = layers[i].plugin->level > net->level ? layers[i].plugin->level : net->level;
    if (build_net(net, layers, count, faults, error) != 0) {
        net_destroy(net);
        return NULL;
    }
    return net;
}

int net_check_graph(const struct net_layer *layers, size_t count, struct net_faults *faults,
                    struct error *error)
{
    struct net *net = memory_array(1, sizeof *net);
    size_t *origin = memory_array(count, sizeof *origin);
    int result;

    faults->count = 0;
    result = net && origin ? net_graph(net, layers, count, origin, faults, error) : error_memory(error);
    free(origin);
    net_destroy(net);
    return result;
}
