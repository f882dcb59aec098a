/* idx_maker.c: see idx_maker.h. */
#include "idx_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "unit.h"

static struct bytes make(size_t size)
{
    struct bytes bytes = {.data = malloc(size ? size : 1), .size = size};

    if (!bytes.data) {
        perror("idx_maker");
        exit(99);
    }
    return bytes;
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

struct bytes bytes_copy(const void *data, size_t size)
{
    struct bytes bytes = make(size);

    memcpy(bytes.data, data, size);
    return bytes;
}

struct bytes bytes_join(struct bytes a, struct bytes b)
{
    struct bytes both = make(a.size + b.size);

    memcpy(both.data, a.data, a.size);
    memcpy(both.data + a.size, b.data, b.size);
    bytes_free(&a);
    bytes_free(&b);
    return both;
}

struct bytes bytes_gzip(const void *data, size_t size)
{
    struct bytes bytes = make(size + size / 100 + 1024);
    z_stream z = {0};

    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)size;
    z.next_out = bytes.data;
    z.avail_out = (uInt)bytes.size;
    if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END || deflateEnd(&z) != Z_OK) {
        fprintf(stderr, "idx_maker: deflate failed\n");
        exit(99);
    }
    bytes.size -= z.avail_out;
    return bytes;
}

struct bytes idx_header(uint8_t rank, const uint32_t *dim)
{
    struct bytes bytes = make(4 + 4 * (size_t)rank);

    memcpy(bytes.data, (const uint8_t[4]){0, 0, 8, rank}, 4);
    for (size_t i = 0; i < 4 * (size_t)rank; i++)
        bytes.data[4 + i] = (uint8_t)(dim[i / 4] >> (24 - 8 * (i % 4)));
    return bytes;
}

static uint8_t pixel(uint32_t number, size_t place)
{
    if (place < 4)
        return (uint8_t)(number >> (8 * place));
    return (uint8_t)((number * 2654435761u + (uint32_t)place * 40503u) >> 13);
}

struct bytes idx_images(uint32_t count, uint32_t height, uint32_t width)
{
    const size_t size = (size_t)height * width;
    struct bytes data = make(count * size);

    for (size_t i = 0; i < data.size; i++)
        data.data[i] = pixel((uint32_t)(i / size), i % size);
    return bytes_join(idx_header(3, (const uint32_t[3]){count, height, width}), data);
}

uint32_t idx_image_number(const uint8_t *pixels)
{
    return pixels[0] | (uint32_t)pixels[1] << 8 | (uint32_t)pixels[2] << 16 | (uint32_t)pixels[3] << 24;
}

int idx_image_right(const uint8_t *pixels, size_t size, uint32_t number)
{
    for (size_t i = 0; i < size; i++)
        if (pixels[i] != pixel(number, i))
            return 0;
    return 1;
}

struct bytes idx_labels(uint32_t count, uint32_t classes)
{
    struct bytes data = make(count);

    for (uint32_t i = 0; i < count; i++)
        data.data[i] = (uint8_t)(i % classes);
    return bytes_join(idx_header(1, &count), data);
}

const char *bytes_file(const char *name, struct bytes bytes)
{
    const char *path = unit_file(name, bytes.data, bytes.size);

    bytes_free(&bytes);
    return path;
}

const char *bytes_gzip_file(const char *name, struct bytes bytes)
{
    struct bytes packed = bytes_gzip(bytes.data, bytes.size);

    bytes_free(&bytes);
    return bytes_file(name, packed);
}
