/* pack_config.h: a config to start from, for data that were packed. */
#ifndef CLI_PACK_CONFIG_H
#define CLI_PACK_CONFIG_H

#include "pack/pack_result.h"

/* Fails if there is such a file and it may not be replaced (`over`), or its folder is neither there nor `output`. */
int pack_config_check(const char *path, const char *output, bool over, struct error *error);

/* Writes it, of a pack in `folder`. Returns 0 or -1. */
int pack_config_write(const char *path, const char *folder, const struct pack_result *result,
                      struct error *error);

/* The network's name, by that of the file; for the caller to free. NULL: no memory. */
char *pack_config_name(const char *path);
#endif
