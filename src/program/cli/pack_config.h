/* pack_config.h: a config to start from, for data that were packed. */
#ifndef CLI_PACK_CONFIG_H
#define CLI_PACK_CONFIG_H

#include <stdbool.h>

#include "base/file_io.h"
#include "pack/pack_result.h"

/* Writes it into a file that is begun, and commits that: of a pack in `folder`. Unless `over`, fails if another process has
 * written one of that name meanwhile. Returns 0 or -1; the file is ended in either case. */
int pack_config_write(struct file_replacement *file, const char *folder, bool over,
                      const struct pack_result *result, struct error *error);

/* Whether the config keeps samples to choose the best weights by, so that its run has best.safetensors. */
bool pack_config_validates(const struct pack_result *result);

/* Whether the source was pictures in files of their own, which are asked about as they are: nobody can tell whether one is of the
 * source. */
bool pack_config_has_pictures(const struct pack_result *result);
#endif
