/* model_network.h: from the config's list of layers to a net. */
#ifndef MODEL_MODEL_NETWORK_H
#define MODEL_MODEL_NETWORK_H

#include "config/config.h"
#include "net/net.h"
#include "model/settings.h"

/* Finds every layer's plugin, reads its settings, plans the net and asks for a loss at the end; without
 * `backward` it is planned for evaluation alone. The net is the caller's, its plugins stay the registry's. NULL
 * after complaining to the config, or after setting error if it is not the config's fault. One thread at a
 * time. */
struct net *model_network(struct config *config, const struct settings *settings, struct registry *registry,
                          bool backward, struct error *error);
#endif
