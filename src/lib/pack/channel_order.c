/* channel_order.c: see channel_order.h. */
#include "pack/channel_order.h"

#include <stdio.h>
#include <string.h>

#include "data/picture.h"

enum { MOST_CHANNELS = 4, REMARK = 300 };

struct channel_order channel_order_of(const size_t dimension[3], bool bytes)
{
    const size_t a = dimension[0], b = dimension[1], c = dimension[2];
    const bool first = a == 1 || a == 3 || (a <= MOST_CHANNELS && c % 2 == 0);

    if (c <= MOST_CHANNELS && !first)
        return (struct channel_order){
            .channels = c, .height = a, .width = b, .last = true, .alpha = bytes && c % 2 == 0};
    return (struct channel_order){
        .channels = a, .height = b, .width = c, .doubtful = a > MOST_CHANNELS && c < a && c < b};
}

struct nnrun_shape channel_order_shape(const struct channel_order *order)
{
    const size_t channels = order->channels - order->alpha;

    if (channels == 1)
        return (struct nnrun_shape){2, {(int32_t)order->height, (int32_t)order->width}};
    return (struct nnrun_shape){3, {(int32_t)channels, (int32_t)order->height, (int32_t)order->width}};
}

const void *channel_order_take(const struct channel_order *order, const void *from, void *to, size_t size)
{
    const size_t pixels = order->height * order->width, channels = order->channels;
    const uint8_t *in = from;
    uint8_t *out = to;

    if (!order->last || channels == 1)
        return from;
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < pixels; i++, out += size)
            memcpy(out, in + (i * channels + c) * size, size);
    if (order->alpha) {
        struct picture picture = {
            .channels = channels, .height = order->height, .width = order->width, .pixels = to};
        picture_flatten(&picture);
    }
    return to;
}

int channel_order_remark(const struct channel_order *order, const struct pack_sink *sink, struct error *error)
{
    char text[REMARK];

    snprintf(
        text, sizeof text,
        "the last of the %zu channels was taken as the opacity of a pixel, and the pictures were laid over a "
        "background, as those of PNG are",
        order->channels);
    if (order->alpha && sink->remark(sink->context, "alpha", NULL, text, error) != 0)
        return -1;
    snprintf(
        text, sizeof text,
        "the pictures were taken to have %zu channels of %zux%zu; if their channels are the last %zu, put "
        "these first: x.transpose(0, 3, 1, 2) in NumPy",
        order->channels, order->height, order->width, order->width);
    return order->doubtful ? sink->remark(sink->context, "channels", NULL, text, error) : 0;
}
