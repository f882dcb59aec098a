/* pack_facts.h: what a pack is, as JSON. */
#ifndef PACK_PACK_FACTS_H
#define PACK_PACK_FACTS_H

#include <jansson.h>

#include "pack/pack_result.h"

/* Fresh; NULL: no memory. Nothing in it depends on the time, the machine or the folder. */
json_t *pack_facts(const struct pack_spec *spec, const struct pack_result *result);
json_t *pack_facts_remark(const struct remark *remark);
#endif
