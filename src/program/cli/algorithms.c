/* algorithms.c: see algorithms.h. */
#include "cli/algorithms.h"

#include <stdio.h>
#include <string.h>

#include "cli/say.h"

/* The node after node i that has an algorithm, or NULL. */
static const struct net_node *next_with_algorithm(const struct net *net, size_t i)
{
    for (i++; i < net->node_count; i++)
        if (net->nodes[i].algorithm)
            return &net->nodes[i];
    return NULL;
}

void algorithms_print(const struct net *net)
{
    const char *before = "FLOP are counted by definition; fewer are taken by ";

    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i], *next = next_with_algorithm(net, i);

        if (!node->algorithm)
            continue;
        say(stdout, "%s%s", before, node->name);
        if (!next || strcmp(next->algorithm, node->algorithm) != 0)
            say(stdout, " (%s)", node->algorithm);
        before = ", ";
    }
    if (before[0] == ',')
        putchar('\n');
}
