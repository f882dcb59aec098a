/* jpeg_maker.h: JPEG files for the tests, made in memory by libjpeg-turbo. Ends the program if that fails. */
#ifndef TESTS_JPEG_MAKER_H
#define TESTS_JPEG_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jpeg_spec {
    uint32_t width, height;
    int channels;          /* 1: grey, 2: of no known colours, 3: red, green and blue, 4: CMYK */
    const uint8_t *pixels; /* [height][width][channels] */
    int quality;           /* 1 .. 100 */
    bool progressive;
    bool apart;          /* a scan for each channel */
    const uint8_t *exif; /* NULL: none */
    size_t exif_size;
};

/* In fresh memory, for the caller to free. */
uint8_t *jpeg_make(const struct jpeg_spec *spec, size_t *size);
#endif
