/* jpeg_maker.c: see jpeg_maker.h. */
#include "jpeg_maker.h"

#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

/* A scan for each of three channels. */
static const jpeg_scan_info scans[] = {{1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};

static void describe(const struct jpeg_spec *spec, struct jpeg_compress_struct *jpeg)
{
    static const J_COLOR_SPACE spaces[] = {JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB, JCS_CMYK};

    jpeg->image_width = spec->width;
    jpeg->image_height = spec->height;
    jpeg->input_components = spec->channels;
    jpeg->in_color_space = spaces[spec->channels];
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, spec->quality, TRUE);
    if (spec->apart) {
        jpeg->scan_info = scans;
        jpeg->num_scans = 3;
    }
    if (spec->progressive)
        jpeg_simple_progression(jpeg);
}

uint8_t *jpeg_make(const struct jpeg_spec *spec, size_t *size)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *made = NULL;
    unsigned long bytes = 0;

    jpeg.err = jpeg_std_error(&errors); /* which ends the program */
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &made, &bytes);
    describe(spec, &jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    if (spec->exif)
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, spec->exif, (unsigned)spec->exif_size);
    while (jpeg.next_scanline < jpeg.image_height) {
        const size_t row = (size_t)spec->width * (size_t)spec->channels;
        uint8_t *pixels = malloc(row);
        if (!pixels)
            abort();
        for (size_t i = 0; i < row; i++)
            pixels[i] = spec->pixels[jpeg.next_scanline * row + i];
        jpeg_write_scanlines(&jpeg, &pixels, 1);
        free(pixels);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    *size = bytes;
    return made;
}
