/* fuzz_idx.c: any bytes as image and label file, walked to the end.
 *
 * Input: a byte of flags, two with the size of the label file, the label file, the image file. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "data/samples.h"
#include "fuzz.h"

enum { FLAG_STREAM = 1, FLAG_SHUFFLE = 2, FLAG_FLAT = 4, FLAG_GZIP_IMAGES = 8, FLAG_GZIP_LABELS = 16 };
enum { FLAG_NUMBERS = 32 };
enum { FLAGS = 64, HEAD = 3, MOST_INPUT = 1 << 16, MOST_STEPS = 4096, VALUES = 6 };

/* A file with these bytes, as one gzip member or as they are. Returns its path. */
static const char *write_file(const char *name, const uint8_t *data, size_t size, int gzip)
{
    const char *path = fuzz_path(name);
    gzFile packed;

    if (!gzip) {
        fuzz_put(name, data ? data : (const uint8_t *)"", size);
        return path;
    }
    packed = gzopen(path, "wb1");
    if (!packed || (size > 0 && gzwrite(packed, data, (unsigned)size) != (int)size) ||
        gzclose(packed) != Z_OK)
        fuzz_fail("%s: it cannot be written", path);
    return path;
}

/* ---- walks --------------------------------------------------------------------------------------------- */

/* Adds every byte handed out to a checksum. Returns 0, or -1 after setting error. */
static int walk(struct samples *samples, const struct samples_walk *walk, uLong *sum, struct error *error)
{
    struct batch batch = {.count = 1};

    if (samples_start(samples, walk, error) != 0)
        return -1;
    for (int step = 0; step < MOST_STEPS && batch.count > 0; step++) {
        if (samples_next(samples, 5, &batch, error) != 0)
            return -1;
        for (size_t i = 0; i < batch.count; i++) {
            if (batch.floats)
                *sum = crc32(*sum, (const Bytef *)batch.floats[i], VALUES * sizeof(float));
            else
                *sum = crc32(*sum, batch.pixels[i], VALUES);
            for (size_t v = 0; batch.floats && v < VALUES; v++)
                if (!isfinite(batch.floats[i][v]))
                    fuzz_fail("a value is not finite");
            *sum = crc32(*sum, batch.labels[i], (uInt)batch.label_width);
        }
    }
    return 0;
}

/* All samples, then the second half but for its first third. Returns 0 or -1. */
static int walk_twice(const char *images, const char *labels, uint8_t flags, bool stream, uLong *sum)
{
    const struct samples_spec spec = {
        .images = images,
        .labels = labels,
        .input = flags & FLAG_FLAT ? (struct nnrun_shape){1, {VALUES}} : (struct nnrun_shape){3, {1, 2, 3}},
        .rule = {.classes = 10, .several = 3, .binary = true, .taker = "the loss"},
        .window = 7,
        .stream = stream,
        .numbers = (flags & FLAG_NUMBERS) != 0,
    };
    struct error error = {0};
    struct samples *samples = samples_open(&spec, &error);
    const size_t count = samples ? samples_count(samples) : 0;
    const struct samples_walk first = {.count = count, .shuffle = (flags & FLAG_SHUFFLE) != 0},
                              second = {.first = count / 2, .count = count - count / 2, .skip = count / 6};
    int failed = !samples || walk(samples, &first, sum, &error) != 0;

    if (failed)
        fuzz_check_error(&error);
    if (samples && walk(samples, &second, sum, &error) != 0) {
        fuzz_check_error(&error);
        failed = 1;
    }
    samples_close(samples);
    return failed ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uLong kept = 0, streamed = 0;
    const char *images, *labels;
    size_t rest, label_size;
    int failed;

    if (size < HEAD || size > MOST_INPUT)
        return 0;
    rest = size - HEAD;
    label_size = (size_t)data[1] << 8 | data[2];
    label_size = label_size < rest ? label_size : rest;
    labels = write_file("labels", data + HEAD, label_size, data[0] & FLAG_GZIP_LABELS);
    images = write_file("images", data + HEAD + label_size, rest - label_size, data[0] & FLAG_GZIP_IMAGES);
    failed = walk_twice(images, labels, data[0], false, &kept);
    if (!(data[0] & FLAG_STREAM))
        return 0;
    if (walk_twice(images, labels, data[0], true, &streamed) != failed || (!failed && streamed != kept))
        fuzz_fail("streamed, it is something else than kept in memory");
    return 0;
}

/* ---- inputs -------------------------------------------------------------------------------------------- */

/* Makes the CRC and the length right that follow a gzip member, if it is whole. */
static void repair_gzip(uint8_t *data, size_t size)
{
    enum { HEADER = 10, TRAILER = 8 };
    static uint8_t out[1 << 16];
    z_stream stream = {.next_in = data + HEADER, .next_out = out, .avail_out = sizeof out};
    uLong sum;

    if (size < HEADER + TRAILER || data[0] != 0x1f || data[1] != 0x8b || data[3] != 0)
        return;
    stream.avail_in = (uInt)(size - HEADER);
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        fuzz_fail("zlib does not start");
    if (inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in >= TRAILER) {
        sum = crc32(0, out, (uInt)stream.total_out);
        for (size_t i = 0; i < TRAILER; i++)
            data[HEADER + stream.total_in + i] = (uint8_t)((i < 4 ? sum : stream.total_out) >> 8 * (i % 4));
    }
    inflateEnd(&stream);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size_t label_size;

    size = LLVMFuzzerMutate(data, size, most);
    if (size < HEAD || fuzz_draw(&seed, 4) == 0)
        return size;
    label_size = (size_t)data[1] << 8 | data[2];
    label_size = label_size < size - HEAD ? label_size : size - HEAD;
    repair_gzip(data + HEAD, label_size);
    repair_gzip(data + HEAD + label_size, size - HEAD - label_size);
    return size;
}

/* Every single byte of an input also set to some others, under every flag. */
static void change_each_byte(const uint8_t *start, size_t size)
{
    static const uint8_t other[] = {1, 7, 0x0c, 0x0e, 0x1f, 0x7f, 0x80, 0xff};
    uint8_t data[96];

    for (uint8_t flags = 0; flags < FLAGS; flags++)
        for (size_t at = 0; at < size; at++)
            for (size_t i = 0; i < sizeof other; i++) {
                for (size_t j = 0; j < size; j++)
                    data[j] = start[j];
                data[at] = other[i];
                data[0] = flags;
                LLVMFuzzerTestOneInput(data, size);
                LLVMFuzzerTestOneInput(data, at);
            }
}

/* Two samples of 2 x 3: of bytes, and of floats with labels that are shorts. */
void fuzz_own(void)
{
    static const uint8_t bytes[] = {0, 0, 10, 0, 0, 8, 1, 0, 0, 0, 2, 1, 9, 0, 0, 8, 3, 0, 0, 0, 2,
                                    0, 0, 0,  2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
    static const uint8_t floats[12 + 3 + 16 + 48] = {
        0, 0,    12,   0, 0, 0x0b, 1, 0, 0, 0,    2,   0, 1, 0, 9, /* labels */
        0, 0,    0x0d, 3, 0, 0,    0, 2, 0, 0,    0,   2, 0, 0, 0,
        3, 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0, 0x7f, 0x7f}; /* 1, -2 */

    change_each_byte(bytes, sizeof bytes);
    change_each_byte(floats, sizeof floats);
}
