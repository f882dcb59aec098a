/* channel_order.c: see channel_order.h. */
#include "pack/channel_order.h"

#include <stdint.h>
#include <string.h>

void channel_order_first(const void *from, void *to, size_t pixels, size_t channels, size_t size)
{
    const uint8_t *in = from;
    uint8_t *out = to;

    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < pixels; i++, out += size)
            memcpy(out, in + (i * channels + c) * size, size);
}
