/* channel_order.h: pictures whose channels stand pixel by pixel become channels first, as IDX files and networks have
 * them. [any thread] */
#ifndef PACK_CHANNEL_ORDER_H
#define PACK_CHANNEL_ORDER_H

#include <stddef.h>

/* to[channels][pixels] from from[pixels][channels], values of `size` bytes: 1 or 4. */
void channel_order_first(const void *from, void *to, size_t pixels, size_t channels, size_t size);
#endif
