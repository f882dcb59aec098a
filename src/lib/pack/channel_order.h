/* channel_order.h: where the channels of pictures stand in an array of other programs, and how they become what IDX files and
 * networks have: channels first, without transparency. [any thread] */
#ifndef PACK_CHANNEL_ORDER_H
#define PACK_CHANNEL_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pack/source.h"

struct channel_order {
    size_t channels, height, width; /* as they are in the array */
    bool last;                      /* channels stand pixel by pixel */
    bool alpha;                     /* the last channel says how opaque a pixel is */
    bool doubtful;                  /* they were taken to come first, though fewer are last */
};

/* Of an array of three dimensions: with 1 to 4 in the last one, channels are last. Of bytes, two or four such channels are grey
 * or colours with alpha, as of a PNG picture. */
struct channel_order channel_order_of(const size_t dimension[3], bool bytes);
/* What pictures become: without alpha, and of one channel height x width. */
struct nnrun_shape channel_order_shape(const struct channel_order *order);
/* Brings a picture of `size` bytes a value, 1 or 4, into that order, over the ground that picture_flatten chooses. Returns
 * where it is then: `from`, or `to`, which has room for as much. */
const void *channel_order_take(const struct channel_order *order, const void *from, void *to, size_t size);
/* Says what was taken for granted. Returns 0, or -1 after setting error. */
int channel_order_remark(const struct channel_order *order, const struct pack_sink *sink,
                         struct error *error);
#endif
