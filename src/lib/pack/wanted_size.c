/* wanted_size.c: see wanted_size.h. */
#include "pack/wanted_size.h"

enum { COLOURS = 3 };

struct picture_size wanted_size(const struct pack_options *options, size_t channels, size_t height,
                                size_t width)
{
    struct picture_size size = {.channels = channels,
                                .height = options->transpose ? width : height,
                                .width = options->transpose ? height : width,
                                .fitting = options->fitting,
                                .transpose = options->transpose};

    if (options->height > 0) {
        size.height = options->height;
        size.width = options->width;
    }
    if (channels == 1 || channels == COLOURS) {
        if (options->colours == PACK_GREY)
            size.channels = 1;
        if (options->colours == PACK_RGB)
            size.channels = COLOURS;
    }
    return size;
}
