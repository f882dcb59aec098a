/* weight_pictures.c: see weight_pictures.h. */
#include "report/weight_pictures.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

enum { MOST_PICTURES = 96, MOST_SIDE = 128 };

/* Ends and middle of the scale: told apart by every kind of colour vision, and on light and dark paper. */
static const uint8_t below[] = {5, 88, 160}, nothing[] = {246, 246, 244}, above[] = {196, 68, 0};

struct tiles {
    size_t filters, channels, height, width;
};

static struct tiles tiles_of(const struct nnrun_shape *sample, const struct net_tensor *tensor)
{
    const struct nnrun_shape *shape = &tensor->made.shape;

    if (shape->rank == 4)
        return (struct tiles){(size_t)shape->dim[0], (size_t)shape->dim[1], (size_t)shape->dim[2],
                              (size_t)shape->dim[3]};
    return (struct tiles){(size_t)shape->dim[0], sample->rank == 3 ? (size_t)sample->dim[0] : 1,
                          (size_t)sample->dim[sample->rank - 2], (size_t)sample->dim[sample->rank - 1]};
}

const struct net_tensor *weight_pictures_tensor(const struct net *net, const struct nnrun_shape *sample)
{
    const struct net_tensor *first = NULL;

    for (size_t n = 0; n < net->node_count; n++)
        for (size_t t = 0; t < net->nodes[n].tensor_count; t++) {
            const struct net_tensor *tensor = &net->tensors[net->nodes[n].first_tensor + t];
            if (tensor->made.role != NNRUN_WEIGHT || tensor->made.shape.rank < 2)
                continue;
            if (tensor->made.shape.rank == 4)
                return tensor;
            if (!first)
                first = tensor;
        }
    if (first && first->made.shape.rank == 2 && sample->rank >= 2 &&
        (size_t)first->made.shape.dim[1] == net->input_values && sample->dim[sample->rank - 1] <= MOST_SIDE &&
        sample->dim[sample->rank - 2] <= MOST_SIDE)
        return first;
    return NULL;
}

static float largest(const float *weights, size_t count)
{
    float most = 0;

    for (size_t i = 0; i < count; i++)
        if (isfinite(weights[i]) && fabsf(weights[i]) > most)
            most = fabsf(weights[i]);
    return most;
}

static void paint(float weight, float most, uint8_t pixel[3])
{
    const uint8_t *end = weight < 0 ? below : above;
    const float part = isfinite(weight) && most > 0 ? fabsf(weight) / most : 0;

    for (int i = 0; i < 3; i++)
        pixel[i] = (uint8_t)lrintf((float)nothing[i] + part * (float)(end[i] - nothing[i]));
}

static int add_pictures(struct html *html, const struct tiles *tiles, size_t shown, const float *weights,
                        float most, struct error *error)
{
    const size_t area = tiles->height * tiles->width;
    uint8_t *pixels = memory_array(area, 3);
    int result = 0;

    if (!pixels)
        return error_memory(error);
    for (size_t i = 0; result == 0 && i < shown; i++) {
        for (size_t p = 0; p < area; p++)
            paint(weights[i * area + p], most, pixels + 3 * p);
        html_format(html, "<img width=\"%zu\" height=\"%zu\" alt=\"filter %zu", tiles->width, tiles->height,
                    i / tiles->channels);
        if (tiles->channels > 1)
            html_format(html, ", channel %zu", i % tiles->channels);
        html_format(html, "\" title=\"filter %zu, channel %zu\" src=\"", i / tiles->channels,
                    i % tiles->channels);
        result = html_png(html, tiles->height, tiles->width, 3, pixels, error);
        html_add(html, "\">");
    }
    free(pixels);
    return result;
}

int weight_pictures_add(struct html *html, const struct nnrun_shape *sample, const struct net_tensor *tensor,
                        const float *weights, struct error *error)
{
    const struct tiles tiles = tiles_of(sample, tensor);
    const size_t all = tiles.filters * tiles.channels, shown = all < MOST_PICTURES ? all : MOST_PICTURES;
    const float most = largest(weights + tensor->offset, tensor->count);
    int result;

    html_add(html, "<section><h2>What its first layer looks for</h2>\n<p>The weights <code>");
    html_text(html, tensor->name);
    html_format(html, "</code>: %zu filter%s of %zu &times; %zu", tiles.filters, text_plural(tiles.filters),
                tiles.height, tiles.width);
    if (tiles.channels > 1)
        html_format(html, ", the %zu channels of each side by side", tiles.channels);
    if (shown < all)
        html_format(html, "; the first %zu pictures are shown", shown);
    html_format(
        html,
        ".</p>\n<p class=\"scale\">&minus;%.3g <span class=\"bar\"></span> %.3g</p>\n<div class=\"weights %s\">",
        (double)most, (double)most, tiles.width > 12 ? "large" : "small");
    result = add_pictures(html, &tiles, shown, weights + tensor->offset, most, error);
    html_add(html, "</div></section>\n");
    return result;
}
