/* export_network.h: what a page says of the network in it, as JSON. */
#ifndef EXPORT_EXPORT_NETWORK_H
#define EXPORT_EXPORT_NETWORK_H

#include "model/model.h"
#include "train/train_state.h"

/* An object in fresh memory, ASCII: name, about, how good it was, what it takes, the names of its values or null and
 * how that is prepared, the mean that is subtracted, what its outputs are, and of each layer the value results[i] of the graph that it gives. NULL after setting
 * error: no memory. */
char *export_network(const struct model *model, const struct train_state *state, const size_t *results,
                     const char *about, struct error *error);
#endif
