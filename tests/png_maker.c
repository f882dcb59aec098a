/* png_maker.c: see png_maker.h. */
#include "png_maker.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void fail(png_structp png, png_const_charp reason)
{
    (void)png;
    fprintf(stderr, "png_maker: %s\n", reason);
    exit(99);
}

static void put(png_structp png, png_bytep data, size_t size)
{
    struct bytes *to = png_get_io_ptr(png);

    *to = bytes_join(*to, bytes_copy(data, size));
}

static void flush(png_structp png)
{
    (void)png;
}

static size_t channels(enum png_kind kind)
{
    return kind == PNG_COLOUR ? 3 : kind == PNG_GREY_ALPHA ? 2 : kind == PNG_COLOUR_ALPHA ? 4 : 1;
}

/* Values as PNG has them: packed into bytes from the left, or two bytes each. */
static void pack_row(const struct png_spec *spec, const uint16_t *values, uint8_t *row)
{
    const size_t count = spec->width * channels(spec->kind);

    for (size_t i = 0; i < count; i++) {
        if (spec->depth == 16) {
            row[2 * i] = (uint8_t)(values[i] >> 8);
            row[2 * i + 1] = (uint8_t)values[i];
        } else {
            const size_t bit = i * (size_t)spec->depth;
            row[bit / 8] |= (uint8_t)(values[i] << (8 - spec->depth - (int)(bit % 8)));
        }
    }
}

static void describe(const struct png_spec *spec, png_structp png, png_infop info)
{
    png_color colours[256];
    png_color_16 transparent = {0};

    png_set_IHDR(png, info, spec->width, spec->height, spec->depth, (int)spec->kind,
                 spec->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (spec->palette) {
        memcpy(colours, spec->palette, sizeof colours);
        png_set_PLTE(png, info, colours, 1 << spec->depth);
    }
    if (spec->opacity)
        png_set_tRNS(png, info, spec->opacity, 1 << spec->depth, NULL);
    if (spec->transparent) {
        transparent.gray = spec->transparent[0];
        if (spec->kind == PNG_COLOUR) {
            transparent.red = spec->transparent[0];
            transparent.green = spec->transparent[1];
            transparent.blue = spec->transparent[2];
        }
        png_set_tRNS(png, info, NULL, 0, &transparent);
    }
    if (spec->comment) {
        png_text text = {.compression = PNG_TEXT_COMPRESSION_zTXt, .key = (char *)(uintptr_t) "Comment"};
        text.text = (char *)(uintptr_t)spec->comment;
        text.text_length = strlen(spec->comment);
        png_set_text(png, info, &text, 1);
    }
}

struct bytes png_make(const struct png_spec *spec)
{
    struct bytes made = bytes_copy("", 0);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    const size_t row = (spec->width * channels(spec->kind) * (size_t)spec->depth + 7) / 8;
    uint8_t *rows = calloc(spec->height, row), **pointers = calloc(spec->height, sizeof *pointers);

    if (!info || !rows || !pointers)
        fail(NULL, "no memory");
    png_set_write_fn(png, &made, put, flush);
    describe(spec, png, info);
    png_write_info(png, info);
    for (size_t y = 0; y < spec->height; y++) {
        pointers[y] = rows + y * row;
        pack_row(spec, spec->values + y * spec->width * channels(spec->kind), pointers[y]);
    }
    png_write_image(png, pointers);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(pointers);
    free(rows);
    return made;
}

struct bytes png_zeros(uint32_t width, uint32_t height)
{
    struct bytes made = bytes_copy("", 0);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    uint8_t *row = calloc(width, 1);

    if (!info || !row)
        fail(NULL, "no memory");
    png_set_write_fn(png, &made, put, flush);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++)
        png_write_row(png, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(row);
    return made;
}

void png_fix(struct bytes *png, size_t at)
{
    const uint8_t *chunk = png->data + at;
    const size_t length = (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 | (size_t)chunk[2] << 8 | chunk[3];
    const uint32_t sum = (uint32_t)crc32(0, chunk + 4, (uInt)(length + 4));

    for (size_t i = 0; i < 4; i++)
        png->data[at + 8 + length + i] = (uint8_t)(sum >> (24 - 8 * i));
}
