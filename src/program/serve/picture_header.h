/* picture_header.h: how large a picture says it is, before anything of it is decoded. [any thread] */
#ifndef SERVE_PICTURE_HEADER_H
#define SERVE_PICTURE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct picture_header {
    uint64_t width, height;
    bool interlaced; /* or progressive: it takes several passes */
};

/* Of the bytes of a PNG, JPEG, PGM or PPM file; false if they are none or end before that. */
bool picture_header_read(struct picture_header *header, const void *bytes, size_t size);
#endif
