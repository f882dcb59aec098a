/* memory_need.c: see memory_need.h. */
#include "train/memory_need.h"

#include <stdint.h>

#include "base/memory.h"
#include "model/model_fit.h"

/* SIZE_MAX if they are more than that. */
static size_t network_bytes(const struct model *model, const struct memory_need *need)
{
    const struct net *net = model->net;
    size_t lasting = need->more, working = net->derived_bytes, part;
    bool fits = size_add_array(&lasting, need->copies, net->weights * sizeof(float)) &&
                size_add_array(&lasting, net->states, sizeof(float));

    for (size_t i = 0; fits && i < need->count; i++)
        fits = executor_bytes(&need->executors[i], &part) && size_add(working, part, &working);
    if (working < need->loaded)
        working = need->loaded;
    return fits && size_add(lasting, working, &lasting) ? lasting : SIZE_MAX;
}

int memory_need_check(const struct model *model, const struct memory_need *need, struct error *error)
{
    const size_t network = network_bytes(model, need), physical = memory_physical();
    size_t all;

    if (model_check_memory(model, network, error) != 0)
        return -1;
    if (physical == 0 ||
        (size_add(network, need->windows, &all) && size_add(all, need->figures, &all) && all <= physical))
        return 0;
    if (size_add(network, need->figures, &all) && all > physical)
        return error_set(
            error, ERROR_CONFIG,
            "the network needs %.1f GB of memory, what a test finds of each sample %.1f GB, and the machine has "
            "%.1f: test with fewer samples",
            (double)network / 1e9, (double)need->figures / 1e9, (double)physical / 1e9);
    return error_set(
        error, ERROR_CONFIG,
        "the network needs %.1f GB of memory, the samples of data.window %.1f GB, and the machine has "
        "%.1f: lower data.window",
        (double)network / 1e9, (double)need->windows / 1e9, (double)physical / 1e9);
}
