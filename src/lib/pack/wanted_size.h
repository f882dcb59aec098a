/* wanted_size.h: the size and colours that are asked for. */
#ifndef PACK_WANTED_SIZE_H
#define PACK_WANTED_SIZE_H

#include "data/picture_size.h"
#include "pack/source.h"

/* What pictures of that size become by the options; channels other than 1 and 3 stay as many. */
struct picture_size wanted_size(const struct pack_options *options, size_t channels, size_t height,
                                size_t width);
#endif
