/* fuzz_picture.c: any bytes as a file of pictures, each made ready for a network.
 *
 * Input: a byte of flags, then the file. Changes make the checksums of a PNG right again: noise would not get past
 * them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "data/picture_file.h"
#include "data/prepare_picture.h"
#include "fuzz.h"

enum {
    FLAG_RAW = 1,
    FLAG_COLOURS = 2,
    FLAG_VECTOR = 4,
    FLAG_EACH = 8,
    FLAG_HOW = 16 /* of four */,
    FLAGS = 64
};
enum { MOST_INPUT = 1 << 16, MOST_PICTURES = 64, MOST_DIGITS = 3, VALUES = 3 * 12 * 12 };
enum { MOST_PIXELS = 1 << 20 }; /* of PNG and JPEG; what is larger only takes time */

static uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void repair(uint8_t *bytes, size_t size)
{
    size_t at = 8;

    if (size < at || memcmp(bytes, "\x89PNG\r\n\x1a\n", at) != 0)
        return;
    while (size - at >= 12 && word(bytes + at) <= size - at - 12) {
        const size_t length = word(bytes + at);
        const uint32_t sum = (uint32_t)crc32(0, bytes + at + 4, (uInt)length + 4);
        for (size_t i = 0; i < 4; i++)
            bytes[at + 8 + length + i] = (uint8_t)(sum >> (24 - 8 * i));
        at += 12 + length;
    }
}

/* ---- pictures ------------------------------------------------------------------------------------------ */

/* Reads the next picture and makes it ready. Returns 0, or -1 after setting error: the file cannot be read on. */
static int read_picture(struct picture_file *file, uint8_t flags, uLong *sum, struct error *error)
{
    const struct nnrun_shape shape = flags & FLAG_COLOURS  ? (struct nnrun_shape){3, {3, 12, 12}}
                                     : flags & FLAG_VECTOR ? (struct nnrun_shape){1, {144}}
                                                           : (struct nnrun_shape){2, {12, 12}};
    const struct prepare_input input = prepare_input(&shape, (enum prepare_how)(flags / FLAG_HOW % 4));
    uint8_t to[VALUES] = {0};
    struct picture picture;
    struct prepared prepared;
    const int failed = picture_file_next(file, &picture, error);

    if (!failed) {
        *sum = crc32(*sum, picture.pixels, (uInt)(picture.channels * picture.height * picture.width));
        if (prepare_digits("it", &picture, &input, flags & FLAG_RAW, flags & FLAG_EACH ? MOST_DIGITS : 0, to,
                           &prepared, error) != 0)
            fuzz_check_error(error);
        else if (prepared.samples < 1 || prepared.samples > MOST_DIGITS ||
                 (prepared.empty && prepared.digits > 0))
            fuzz_fail("it has more digits than were asked for, or some and none");
        *sum = crc32(*sum, to, sizeof to);
    }
    picture_free(&picture);
    return failed;
}

/* The checksum of all that is read from the file. */
static uLong read_pictures(const uint8_t *bytes, size_t size, uint8_t flags)
{
    struct error error = {0};
    struct picture_file *file = picture_file_open_memory("it", bytes, size, &error);
    int failed = !file;
    uLong sum = 0;

    if (file)
        picture_file_limit(file, MOST_PIXELS);
    for (size_t i = 0; !failed && i < picture_file_count(file) && i < MOST_PICTURES; i++)
        failed = read_picture(file, flags, &sum, &error);
    if (failed)
        fuzz_check_error(&error);
    picture_file_close(file);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes;

    if (size < 1 || size > MOST_INPUT)
        return 0;
    bytes = fuzz_copy(data + 1, size - 1);
    if (read_pictures(bytes, size - 1, data[0]) != read_pictures(bytes, size - 1, data[0]))
        fuzz_fail("read twice, it is two pictures");
    free(bytes);
    return 0;
}

/* ---- inputs -------------------------------------------------------------------------------------------- */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, most);
    if (size > 1 && fuzz_draw(&seed, 8) != 0)
        repair(data + 1, size - 1);
    return size;
}

/* Every single byte of the file also set to some others, and the file cut off there, under every flag. */
static void run_changed(const uint8_t *start, size_t size)
{
    static const uint8_t other[] = {0, 1, 7, '0', '9', 0x80, 0xff};
    uint8_t data[512];

    for (uint8_t flags = 0; flags < FLAGS; flags++)
        for (size_t at = 0; at < size; at++)
            for (size_t i = 0; i < sizeof other; i++) {
                data[0] = flags;
                memcpy(data + 1, start, size);
                data[1 + at] = other[i];
                repair(data + 1, size);
                LLVMFuzzerTestOneInput(data, 1 + size);
                LLVMFuzzerTestOneInput(data, 1 + at);
            }
}

void fuzz_own(void)
{
    static const char *const texts[] = {"P2 3 2 15 0 1 2 3 4 5\n", "P3 1 2 255 9 8 7 6 5 4 ",
                                        "P5 2 2 255 abcd", "P6#\n1 1 999 abcdef"};
    static const uint8_t idx[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0,
                                  0, 3, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2};
    /* 3 x 3 pixels of a palette of four, two of them transparent in part, interlaced */
    static const uint8_t png[] = {
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
        0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x03, 0x02, 0x03, 0x00, 0x00, 0x01, 0x5c, 0x41, 0x6d, 0xba, 0x00,
        0x00, 0x00, 0x0c, 0x50, 0x4c, 0x54, 0x45, 0x00, 0x00, 0x00, 0xff, 0x00, 0x00, 0x00, 0xff, 0x00, 0x09,
        0x09, 0xff, 0x45, 0xd3, 0x93, 0x1a, 0x00, 0x00, 0x00, 0x02, 0x74, 0x52, 0x4e, 0x53, 0x00, 0x80, 0x9b,
        0x2b, 0x4e, 0x18, 0x00, 0x00, 0x00, 0x17, 0x49, 0x44, 0x41, 0x54, 0x78, 0x01, 0x01, 0x0c, 0x00, 0xf3,
        0xff, 0x00, 0x40, 0x00, 0x80, 0x00, 0x30, 0x00, 0x40, 0x00, 0xc0, 0x00, 0x6c, 0x0c, 0x88, 0x02, 0x5d,
        0x92, 0x3b, 0xef, 0xdf, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

    /* 3 x 2 grey pixels, stored lying on their side, as their EXIF data say */
    static const uint8_t jpeg[] = {
        0xff, 0xd8, 0xff, 0xe1, 0x00, 0x22, 0x45, 0x78, 0x69, 0x66, 0x00, 0x00, 0x4d, 0x4d, 0x00, 0x2a, 0x00,
        0x00, 0x00, 0x08, 0x00, 0x01, 0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, 0x06, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x10, 0x0b, 0x0c, 0x0e, 0x0c, 0x0a, 0x10, 0x0e,
        0x0d, 0x0e, 0x12, 0x11, 0x10, 0x13, 0x18, 0x28, 0x1a, 0x18, 0x16, 0x16, 0x18, 0x31, 0x23, 0x25, 0x1d,
        0x28, 0x3a, 0x33, 0x3d, 0x3c, 0x39, 0x33, 0x38, 0x37, 0x40, 0x48, 0x5c, 0x4e, 0x40, 0x44, 0x57, 0x45,
        0x37, 0x38, 0x50, 0x6d, 0x51, 0x57, 0x5f, 0x62, 0x67, 0x68, 0x67, 0x3e, 0x4d, 0x71, 0x79, 0x70, 0x64,
        0x78, 0x5c, 0x65, 0x67, 0x63, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x00, 0x02, 0x00, 0x03, 0x01, 0x01, 0x11,
        0x00, 0xff, 0xc4, 0x00, 0x14, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0xff, 0xc4, 0x00, 0x18, 0x10, 0x00, 0x02, 0x03, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x12, 0x21, 0xff, 0xda,
        0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3f, 0x00, 0x14, 0x8a, 0x2a, 0x30, 0x4f, 0xff, 0xd9};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        run_changed((const uint8_t *)texts[i], strlen(texts[i]));
    run_changed(idx, sizeof idx);
    run_changed(png, sizeof png);
    run_changed(jpeg, sizeof jpeg);
}
