/* reference_simple.h: operators without windows, by their definitions. */
#ifndef OPERATORS_REFERENCE_SIMPLE_H
#define OPERATORS_REFERENCE_SIMPLE_H

#include "operators/reference_call.h"

void reference_unary(const struct reference_call *call);
void reference_broadcast(const struct reference_call *call);
void reference_same(const struct reference_call *call); /* but LRN */
void reference_joined(const struct reference_call *call);
void reference_product(const struct reference_call *call);
#endif
