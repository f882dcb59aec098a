/* pack_config.h: a config to start from, for data that were packed. */
#ifndef CLI_PACK_CONFIG_H
#define CLI_PACK_CONFIG_H

#include <stdbool.h>

#include "pack/pack_result.h"

/* Writes it, of a pack in `folder`. Returns 0 or -1. */
int pack_config_write(const char *path, const char *folder, const struct pack_result *result,
                      struct error *error);

/* Whether the config keeps samples to choose the best weights by, so that its run has best.safetensors. */
bool pack_config_validates(const struct pack_result *result);
#endif
