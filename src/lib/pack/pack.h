/* pack.h: own data made into IDX files, with a look at what is in them. */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "pack/pack_result.h"

/* Writes IDX files of the parts there are, OUTPUT_CLASSES and OUTPUT_FACTS. The uncompressed bytes depend on the source
 * and the options alone. Fails without leaving anything: ERROR_DATA for what is wrong with the source. Finish the
 * result in either case. Returns 0 or -1. */
int pack_run(const struct pack_spec *spec, struct pack_result *result, struct error *error);
#endif
