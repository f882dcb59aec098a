/* rig_derive.h: the derived weights of a rig's layer. */
#ifndef CHECK_RIG_DERIVE_H
#define CHECK_RIG_DERIVE_H

#include "check/rig.h"

/* Makes them anew of the rig's weights as they are, for a call of forward, on memory filled with `fill`; those for
 * evaluation alone only with `evaluate`. Reports every write that is not allowed. */
void rig_derive(struct rig *rig, bool evaluate, unsigned char fill);

/* Makes one part in rig->making, as it is, and reports likewise. */
void rig_derive_part(struct rig *rig, uint32_t part);
#endif
