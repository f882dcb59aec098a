/* unit_picture.c: what picture_file reads, to the value, and what it refuses with which words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/picture_file.h"
#include "idx_maker.h"
#include "unit.h"
#ifdef HAVE_LIBPNG
#include "png_maker.h"
#endif

enum { WIDTH = 13, HEIGHT = 9, AREA = WIDTH * HEIGHT, MOST_AREA = 4096 };

/* The first picture in these bytes, or a failed test. */
static struct picture take(const void *bytes, size_t size)
{
    struct picture picture = {0};
    struct error error UNIT_CLEARED = {0};
    struct picture_file *file;

    file = picture_file_open_memory("it", bytes, size, &error);
    if (!file || picture_file_next(file, &picture, &error) != 0)
        printf("\n    not read: %s\n", error_text(&error));
    CU_ASSERT_PTR_NOT_NULL_FATAL(picture.pixels);
    picture_file_close(file);
    return picture;
}

static void expect_size(const struct picture *picture, size_t channels, size_t height, size_t width)
{
    CU_ASSERT_EQUAL_FATAL(picture->channels, channels);
    CU_ASSERT_EQUAL_FATAL(picture->height, height);
    CU_ASSERT_EQUAL_FATAL(picture->width, width);
}

/* One line, ERROR_DATA, that begins with the name and holds `words`; NULL: any. */
static void expect_refused(int failed, const char *name, const char *words, struct error *error)
{
    CU_ASSERT(failed);
    CU_ASSERT_EQUAL(error->code, ERROR_DATA);
    CU_ASSERT_PTR_NULL(strchr(error_text(error), '\n'));
    CU_ASSERT_EQUAL(strncmp(error_text(error), name, strlen(name)), 0);
    CU_ASSERT(!words || strstr(error_text(error), words));
    if (words && !strstr(error_text(error), words))
        printf("\n    wanted: %s\n    got:    %s\n", words, error_text(error));
}

static int read_whole(struct picture_file *file, struct error *error)
{
    struct picture picture;
    int failed = file ? 0 : -1;

    for (size_t i = 0; !failed && i < picture_file_count(file); i++) {
        failed = picture_file_next(file, &picture, error);
        picture_free(&picture);
    }
    picture_file_close(file);
    return failed;
}

static void refuses(const void *bytes, size_t size, const char *words)
{
    struct error error UNIT_CLEARED = {0};

    expect_refused(read_whole(picture_file_open_memory("it", bytes, size, &error), &error), "it", words,
                   &error);
}

static void refuses_path(const char *path, const char *words)
{
    struct error error UNIT_CLEARED = {0};

    expect_refused(read_whole(picture_file_open(path, false, &error), &error), path, words, &error);
}

static void refuses_text(const char *text, const char *words)
{
    refuses(text, strlen(text), words);
}

/* ---- PGM and PPM ------------------------------------------------------------------------------------- */

static void grey_text(void)
{
    static const char text[] = "P2 # a comment\n3#another\n 2\n15\n0 5\t15\n\n1 2 3 # the end\n";
    static const uint8_t wanted[] = {0, 85, 255, 17, 34, 51};
    struct picture picture = take(text, strlen(text));

    expect_size(&picture, 1, 2, 3);
    CU_ASSERT_EQUAL(memcmp(picture.pixels, wanted, sizeof wanted), 0);
    CU_ASSERT(!picture.sample);
    picture_free(&picture);
}

static void colour_text(void)
{
    static const char text[] = "P3 2 1 255 1 2 3 250 251 252";
    static const uint8_t wanted[] = {1, 250, 2, 251, 3, 252};
    struct picture picture = take(text, strlen(text));

    expect_size(&picture, 3, 1, 2);
    CU_ASSERT_EQUAL(memcmp(picture.pixels, wanted, sizeof wanted), 0);
    picture_free(&picture);
}

static void grey_bytes(void)
{
    static const char head[] = "P5\n2 3\n255\n";
    const uint8_t values[] = {'#', ' ', '\n', 255, 128, 7};
    struct bytes bytes = bytes_join(bytes_copy(head, strlen(head)), bytes_copy(values, sizeof values));
    struct picture picture = take(bytes.data, bytes.size);

    expect_size(&picture, 1, 3, 2);
    CU_ASSERT_EQUAL(memcmp(picture.pixels, values, sizeof values), 0);
    picture_free(&picture);
    bytes_free(&bytes);
}

static void two_bytes_a_value(void)
{
    static const char head[] = "P6 1 2 1000 ";
    const uint8_t values[] = {0, 0, 1, 244, 3, 232, 0, 1, 0, 2, 0, 3}; /* 0, 500, 1000, 1, 2, 3 */
    const uint8_t wanted[] = {0, 0, 128, 1, 255, 1};
    struct bytes bytes = bytes_join(bytes_copy(head, strlen(head)), bytes_copy(values, sizeof values));
    struct picture picture = take(bytes.data, bytes.size);

    expect_size(&picture, 3, 2, 1);
    CU_ASSERT_EQUAL(memcmp(picture.pixels, wanted, sizeof wanted), 0);
    picture_free(&picture);
    bytes_free(&bytes);
}

static void broken_pnm(void)
{
    static const char whole[] = "P2 2 2 255 0 1 2 3";

    for (size_t size = 1; size + 1 < sizeof whole - 1; size++)
        refuses(whole, size, NULL);
    refuses_text("P2 2 2 255 0 1 2 256", "a value is not a number up to the largest");
    refuses_text("P2 2 2 255 0 1 2 -3", "a value is not a number");
    refuses_text("P2 2 2 255 0 1 2 3 4", "there is something after the last pixel");
    refuses_text("P2 0 2 255 ", "width and height");
    refuses_text("P2 2 67108865 255 ", "width and height");
    refuses_text("P2 2 99999999999999999999999999 255 ", "width and height");
    refuses_text("P2 8193 8192 255 ", "too large");
    refuses_text("P2 67108864 67108864 255 ", "too large");
    refuses_text("P2 8192 8192 255 1", "it ends too early");
    refuses_text("P2 2 2 0 ", "the largest value");
    refuses_text("P2 2 2 65536 ", "the largest value");
    refuses_text("P22 2 255 0 1 2 3", "no space after its first two letters");
    refuses_text("P5 2 2 255 1234567", "there is something after the last pixel");
    refuses_text("P5 2 2 255 123", "it ends too early");
    refuses_text("P5 2 1 65535 123", "it ends too early");
    refuses_text("P5 2 2 50 1234", "a value is above the largest");
    refuses_text("P5 2 2 255#1234", "no space after its header");
}

/* ---- IDX --------------------------------------------------------------------------------------------- */

static void walk_idx(struct picture_file *file)
{
    struct picture picture;
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT(picture_file_is_idx(file));
    CU_ASSERT_EQUAL_FATAL(picture_file_count(file), 30);
    for (uint32_t i = 0; i < 30; i++) {
        CU_ASSERT_EQUAL_FATAL(picture_file_next(file, &picture, &error), 0);
        expect_size(&picture, 1, 5, 4);
        CU_ASSERT(picture.sample);
        CU_ASSERT(idx_image_right(picture.pixels, 20, i));
        picture_free(&picture);
    }
    picture_file_close(file);
}

static void idx_pictures(void)
{
    struct bytes plain = idx_images(30, 5, 4), packed = bytes_gzip(plain.data, plain.size);
    struct error error UNIT_CLEARED = {0};

    walk_idx(picture_file_open_memory("it", plain.data, plain.size, &error));
    walk_idx(picture_file_open_memory("it", packed.data, packed.size, &error));
    walk_idx(picture_file_open(unit_file("plain", plain.data, plain.size), false, &error));
    walk_idx(picture_file_open(unit_file("packed.png", packed.data, packed.size), false, &error));
    refuses(plain.data, plain.size - 1, "ends after");
    refuses(packed.data, packed.size - 1, NULL);
    bytes_free(&plain);
    bytes_free(&packed);
}

static void idx_shapes(void)
{
    const uint8_t values[] = {1, 2, 3, 4, 5, 6};
    struct bytes colours =
        bytes_join(idx_header(4, (const uint32_t[4]){1, 3, 1, 2}), bytes_copy(values, sizeof values));
    struct bytes vector =
        bytes_join(idx_header(2, (const uint32_t[2]){1, 6}), bytes_copy(values, sizeof values));
    struct bytes labels = idx_labels(6, 3);
    struct picture picture = take(colours.data, colours.size);

    expect_size(&picture, 3, 1, 2);
    CU_ASSERT_EQUAL(memcmp(picture.pixels, values, sizeof values), 0);
    picture_free(&picture);
    picture = take(vector.data, vector.size);
    expect_size(&picture, 1, 1, 6);
    picture_free(&picture);
    refuses(labels.data, labels.size, "Are these labels?");
    bytes_free(&colours);
    bytes_free(&vector);
    bytes_free(&labels);
}

/* ---- files ------------------------------------------------------------------------------------------- */

static void no_pictures(void)
{
    refuses_text("", "is empty; expected PNG, JPEG, PGM, PPM or IDX");
    refuses_text("hello, world", "is not a picture; expected PNG, JPEG, PGM, PPM or IDX");
    refuses_text("P1 1 1 1", "is a PBM file");
    refuses_text("<svg/>", "is text");
    refuses("GIF89a", 6, "is a GIF file; expected PNG, JPEG, PGM, PPM or IDX");
    refuses_path(unit_path("missing"), "No such file");
    refuses_path(unit_folder(), "Is a directory");
    refuses_path(unit_file("empty", "", 0), "is empty");
    refuses_path(unit_file("short", "P", 1), "is not a picture");
    refuses_path("/dev/null", "is empty");
    CU_ASSERT_EQUAL_FATAL(truncate(unit_file("long", "P5", 2), (off_t)600 << 20), 0);
    refuses_path(unit_path("long"), "more than the 536870912 bytes");
}

static void file_of_one(void)
{
    const char *path = unit_file("one.txt", "P2 1 1 255 77", 13);
    struct picture picture;
    struct error error UNIT_CLEARED = {0};
    struct picture_file *file;

    file = picture_file_open(path, false, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(picture_file_count(file), 1);
    CU_ASSERT(!picture_file_is_idx(file));
    CU_ASSERT_EQUAL_FATAL(picture_file_next(file, &picture, &error), 0);
    CU_ASSERT_EQUAL(picture.pixels[0], 77);
    picture_free(&picture);
    picture_file_close(file);
}

static void sizes(void)
{
    struct picture picture;
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(picture_make(&picture, "it", 1, 0, 5, &error), -1);
    CU_ASSERT_EQUAL(picture_make(&picture, "it", 1, 1 << 20, 65, &error), -1);
    CU_ASSERT_EQUAL(picture_make(&picture, "it", 1, SIZE_MAX / 2, 4, &error), -1);
    CU_ASSERT_EQUAL(picture_make(&picture, "it", SIZE_MAX / 4, 2, 4, &error), -1);
    CU_ASSERT_PTR_NULL(picture.pixels);
    CU_ASSERT_STRING_EQUAL(error_text(&error),
                           "it: a picture of 4x2 pixels is too large: at most 67108864 are read");
}

static void luma(void)
{
    static const char text[] = "P3 5 1 255 255 0 0 0 255 0 0 0 255 255 255 255 9 9 9";
    static const uint8_t wanted[] = {76, 150, 29, 255, 9};
    struct picture picture = take(text, strlen(text));

    picture_grey(&picture);
    expect_size(&picture, 1, 1, 5);
    CU_ASSERT_EQUAL(memcmp(picture.pixels, wanted, sizeof wanted), 0);
    picture_free(&picture);
}

/* A picture of one colour channel and opacity. */
static void flattens(size_t side, const uint8_t *colour, const uint8_t *opacity, const uint8_t *wanted)
{
    struct picture picture;
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL_FATAL(picture_make(&picture, "it", 2, side, side, &error), 0);
    memcpy(picture.pixels, colour, side * side);
    memcpy(picture.pixels + side * side, opacity, side * side);
    picture_flatten(&picture);
    expect_size(&picture, 1, side, side);
    CU_ASSERT_EQUAL(memcmp(picture.pixels, wanted, side * side), 0);
    picture_free(&picture);
}

static void transparency(void)
{
    const uint8_t middle[9] = {0, 0, 0, 0, 255, 0, 0, 0, 0}, half[9] = {0, 0, 0, 0, 128, 0, 0, 0, 0};
    const uint8_t hole[9] = {255, 255, 255, 255, 0, 255, 255, 255, 255};
    const uint8_t dark[9] = {9, 9, 9, 9, 20, 9, 9, 9, 9}, light[9] = {9, 9, 9, 9, 200, 9, 9, 9, 9};
    const uint8_t nothing[9] = {0};

    flattens(3, dark, middle, (const uint8_t[9]){255, 255, 255, 255, 20, 255, 255, 255, 255});
    flattens(3, light, middle, (const uint8_t[9]){0, 0, 0, 0, 200, 0, 0, 0, 0});
    flattens(3, light, half, (const uint8_t[9]){0, 0, 0, 0, 100, 0, 0, 0, 0});
    flattens(3, light, hole, (const uint8_t[9]){9, 9, 9, 9, 9, 9, 9, 9, 9});
    flattens(3, light, nothing, (const uint8_t[9]){255, 255, 255, 255, 255, 255, 255, 255, 255});
}

/* ---- PNG --------------------------------------------------------------------------------------------- */
#ifdef HAVE_LIBPNG

static uint16_t values[4 * MOST_AREA];

static uint16_t pattern(size_t i, int depth)
{
    return (uint16_t)((i * 40503u + i * i * 977u) % 65521u & ((1u << depth) - 1));
}

static uint8_t scaled(uint16_t value, int depth)
{
    const unsigned most = (1u << depth) - 1;

    return (uint8_t)((value * 255u + most / 2) / most);
}

/* Writes a PNG of `channels` values a pixel and compares what is read; opaque where there is opacity. */
static void reads_values(struct png_spec spec, size_t channels)
{
    const bool alpha = spec.kind == PNG_GREY_ALPHA || spec.kind == PNG_COLOUR_ALPHA;
    const size_t colours = channels - alpha;
    struct bytes bytes;
    struct picture picture;
    size_t wrong = 0;

    spec.width = WIDTH;
    spec.height = HEIGHT;
    spec.values = values;
    for (size_t i = 0; i < AREA * channels; i++)
        values[i] = pattern(i, spec.depth);
    for (size_t i = colours; alpha && i < AREA * channels; i += channels)
        values[i] = (uint16_t)((1u << spec.depth) - 1);
    for (int interlaced = 0; interlaced < 2; interlaced++) {
        spec.interlaced = interlaced;
        bytes = png_make(&spec);
        picture = take(bytes.data, bytes.size);
        expect_size(&picture, colours, HEIGHT, WIDTH);
        for (size_t i = 0; i < AREA; i++)
            for (size_t c = 0; c < colours; c++)
                wrong += picture.pixels[c * AREA + i] != scaled(values[i * channels + c], spec.depth);
        CU_ASSERT_EQUAL(wrong, 0);
        picture_free(&picture);
        bytes_free(&bytes);
    }
}

static void png_kinds(void)
{
    for (int depth = 1; depth <= 16; depth *= 2)
        reads_values((struct png_spec){.kind = PNG_GREY, .depth = depth}, 1);
    for (int depth = 8; depth <= 16; depth *= 2) {
        reads_values((struct png_spec){.kind = PNG_COLOUR, .depth = depth}, 3);
        reads_values((struct png_spec){.kind = PNG_GREY_ALPHA, .depth = depth}, 2);
        reads_values((struct png_spec){.kind = PNG_COLOUR_ALPHA, .depth = depth}, 4);
    }
}

static void png_palettes(void)
{
    uint8_t palette[256][3], opacity[256];

    for (size_t i = 0; i < 256; i++) {
        for (size_t c = 0; c < 3; c++)
            palette[i][c] = (uint8_t)(i * (37 + c) + c);
        opacity[i] = 255;
    }
    for (size_t i = 0; i < AREA; i++)
        values[i] = pattern(i, 16);
    for (int round = 0; round < 16; round++) {
        uint16_t packed[AREA];
        const int depth = 1 << round % 4;
        const struct png_spec spec = {.kind = PNG_PALETTE,
                                      .depth = depth,
                                      .width = WIDTH,
                                      .height = HEIGHT,
                                      .interlaced = round & 4,
                                      .palette = (const uint8_t(*)[3])palette,
                                      .opacity = round & 8 ? opacity : NULL,
                                      .values = packed};
        struct bytes bytes;
        struct picture picture;
        for (size_t i = 0; i < AREA; i++)
            packed[i] = (uint16_t)(values[i] & ((1 << depth) - 1));
        bytes = png_make(&spec);
        picture = take(bytes.data, bytes.size);
        expect_size(&picture, 3, HEIGHT, WIDTH);
        for (size_t i = 0; i < AREA; i++)
            for (size_t c = 0; c < 3; c++)
                CU_ASSERT_EQUAL(picture.pixels[c * AREA + i], palette[packed[i]][c]);
        picture_free(&picture);
        bytes_free(&bytes);
    }
}

/* Two black pixels in the middle of what is transparent: by palette, by one value, in grey and in colour. */
static void png_transparency(void)
{
    const uint8_t palette[256][3] = {{200, 10, 10}, {0, 0, 0}}, opacity[256] = {0, 255};
    const uint16_t grey[16] = {9, 9, 9, 9, 9, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    const uint16_t green[3] = {0, 9, 0};
    uint16_t indices[16], colours[48];
    struct png_spec specs[] = {
        {.kind = PNG_PALETTE, .depth = 2, .palette = palette, .opacity = opacity, .values = indices},
        {.kind = PNG_GREY, .depth = 8, .transparent = grey, .values = grey},
        {.kind = PNG_GREY, .depth = 16, .transparent = grey, .values = grey},
        {.kind = PNG_COLOUR, .depth = 8, .transparent = green, .values = colours},
    };

    for (size_t i = 0; i < 16; i++) {
        indices[i] = grey[i] == 0;
        for (size_t c = 0; c < 3; c++)
            colours[3 * i + c] = grey[i] && c == 1 ? 9 : 0;
    }
    for (size_t s = 0; s < sizeof specs / sizeof specs[0]; s++) {
        struct bytes bytes;
        struct picture picture;
        specs[s].width = specs[s].height = 4;
        bytes = png_make(&specs[s]);
        picture = take(bytes.data, bytes.size);
        for (size_t i = 0; i < picture.channels * 16; i++)
            CU_ASSERT_EQUAL(picture.pixels[i], grey[i % 16] ? 255 : 0);
        picture_free(&picture);
        bytes_free(&bytes);
    }
}

static struct bytes small_png(void)
{
    for (size_t i = 0; i < AREA; i++)
        values[i] = pattern(i, 8);
    return png_make(
        &(struct png_spec){.kind = PNG_GREY, .depth = 8, .width = WIDTH, .height = HEIGHT, .values = values});
}

static void broken_png(void)
{
    struct bytes whole = small_png();

    for (size_t size = 8; size < whole.size; size++)
        refuses(whole.data, size, "is not a complete PNG file: it ends too early");
    for (size_t at = 8; at < whole.size; at++) { /* every byte is under some checksum, or is one */
        whole.data[at] ^= 0x20;
        refuses(whole.data, whole.size, NULL);
        whole.data[at] ^= 0x20;
    }
    bytes_free(&whole);
}

/* What follows is whole only to the end of its header, with the right checksum. */
static void huge_png(void)
{
    static const struct {
        uint32_t width, height;
        const char *words;
    } cases[] = {
        {60000, 60000, "announces 60000x60000 pixels, more than its"},
        {8192, 8192, "announces 8192x8192 pixels, more than its"},
        {0, 5, NULL},
        {0x7fffffff, 0x7fffffff, NULL},
        {0xffffffff, 1, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes bytes = small_png();
        for (size_t k = 0; k < 4; k++) {
            bytes.data[16 + k] = (uint8_t)(cases[i].width >> (24 - 8 * k));
            bytes.data[20 + k] = (uint8_t)(cases[i].height >> (24 - 8 * k));
        }
        png_fix(&bytes, 8);
        refuses(bytes.data, bytes.size, cases[i].words);
        bytes_free(&bytes);
    }
}

/* 67 megapixels of zeros in a few hundred kilobytes, that could well be inflated. */
static void png_bomb(void)
{
    struct bytes bytes = png_zeros(1 << 15, 2049);

    refuses(bytes.data, bytes.size, "a picture of 32768x2049 pixels is too large: at most 67108864 are read");
    bytes_free(&bytes);
}

/* Data after the last pixel: a few are passed over; 40 MB of zeros, which are 40 kB, are not inflated. */
static void png_longer(void)
{
    enum { HEIGHT_AT = 16 + 4, INTERLACED_AT = 16 + 12 };
    static const struct {
        uint32_t rows;
        uint8_t left;
        bool interlaced;
    } cases[] = {{40, 28, false},   {40, 28, true},   {20000, 28, false},
                 {20000, 1, false}, {20000, 1, true}, {20000, 28, true}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes bytes = png_zeros(2000, cases[i].rows);
        struct picture picture;
        memset(bytes.data + HEIGHT_AT, 0, 4);
        bytes.data[HEIGHT_AT + 3] = cases[i].left;
        bytes.data[INTERLACED_AT] = cases[i].interlaced;
        png_fix(&bytes, 8);
        if (cases[i].rows > 40) {
            refuses(bytes.data, bytes.size,
                    "is not a complete PNG file: there are data after its last pixel");
        } else {
            picture = take(bytes.data, bytes.size);
            expect_size(&picture, 1, cases[i].left, 2000);
            picture_free(&picture);
        }
        bytes_free(&bytes);
    }
}

/* A caller with less patience. */
static void png_limit(void)
{
    struct bytes bytes = png_zeros(40, 30);

    for (size_t most = 1199; most <= 1200; most++) {
        struct picture_file *file;
        struct picture picture;
        struct error error UNIT_CLEARED = {0};
        file = picture_file_open_memory("it", bytes.data, bytes.size, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        picture_file_limit(file, most);
        CU_ASSERT_EQUAL(picture_file_next(file, &picture, &error), most < 1200 ? -1 : 0);
        if (most < 1200)
            CU_ASSERT_STRING_EQUAL(error_text(&error),
                                   "it: a picture of 40x30 pixels is too large: at most 1199 are read");
        picture_free(&picture);
        picture_file_close(file);
    }
    bytes_free(&bytes);
}

/* A quarter turn, before the picture's data and behind them. */
static void png_upright(void)
{
    static const uint8_t exif[] = {0,    0, 0, 26, 'e', 'X', 'I', 'f', 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1,
                                   0x12, 0, 3, 0,  0,   0,   1,   0,   6,   0,   0, 0,  0, 0, 0, 0, 0, 0, 0};
    struct bytes upright = small_png();
    struct picture wanted = take(upright.data, upright.size);

    for (int behind = 0; behind < 2; behind++) {
        const size_t at = behind ? upright.size - 12 : 33;
        struct bytes bytes = bytes_join(bytes_copy(upright.data, at), bytes_copy(exif, sizeof exif));
        struct picture picture;
        png_fix(&bytes, at);
        bytes = bytes_join(bytes, bytes_copy(upright.data + at, upright.size - at));
        picture = take(bytes.data, bytes.size);
        expect_size(&picture, wanted.channels, wanted.width, wanted.height);
        CU_ASSERT_EQUAL(picture.pixels[0], wanted.pixels[(wanted.height - 1) * wanted.width]);
        CU_ASSERT_EQUAL(picture.pixels[picture.width - 1], wanted.pixels[0]);
        picture_free(&picture);
        bytes_free(&bytes);
    }
    picture_free(&wanted);
    bytes_free(&upright);
}

static void png_comment(void)
{
    enum { LONG = 8 << 20 };
    char *comment = calloc(LONG + 1, 1);
    struct bytes bytes;
    struct picture picture;

    CU_ASSERT_PTR_NOT_NULL_FATAL(comment);
    memset(comment, 'x', LONG);
    for (size_t i = 0; i < AREA; i++)
        values[i] = pattern(i, 8);
    bytes = png_make(&(struct png_spec){.kind = PNG_GREY,
                                        .depth = 8,
                                        .width = WIDTH,
                                        .height = HEIGHT,
                                        .comment = comment,
                                        .values = values});
    picture = take(bytes.data, bytes.size);
    CU_ASSERT_EQUAL(picture.pixels[AREA - 1], values[AREA - 1]);
    picture_free(&picture);
    bytes_free(&bytes);
    free(comment);
}
#endif

static const struct unit_test tests[] = {
    {"PGM as text, with comments, is scaled to bytes", grey_text},
    {"PPM as text becomes three planes", colour_text},
    {"PGM as bytes may have any byte as a value", grey_bytes},
    {"PPM with two bytes a value is scaled and rounded", two_bytes_a_value},
    {"a PGM or PPM that is cut off, too long or impossible is refused before memory is taken", broken_pnm},
    {"IDX files, gzip or plain, from memory or a path, give their samples in order", idx_pictures},
    {"IDX samples of colours and vectors are pictures, labels are not", idx_shapes},
    {"what is no picture is refused in one line that says what was expected", no_pictures},
    {"a file of one picture has one", file_of_one},
    {"a picture is never larger than 64 megapixels", sizes},
    {"grey is the luma of colours", luma},
    {"what is transparent becomes background: the border's, else what contrasts", transparency},
#ifdef HAVE_LIBPNG
    {"PNG in grey and colour, 1 to 16 bits, with and without alpha and interlacing, gives its values",
     png_kinds},
    {"PNG with a palette of 1 to 8 bits gives its colours", png_palettes},
    {"PNG with transparency of any kind is laid over a background", png_transparency},
    {"a PNG that is cut off at, or damaged in, any byte is refused", broken_png},
    {"a PNG that announces more than it can hold is refused", huge_png},
    {"so is one of more pixels than a caller wants", png_limit},
    {"a PNG that would inflate to more than 64 megapixels is refused", png_bomb},
    {"a PNG of few pixels and much data is refused before these are inflated", png_longer},
    {"a PNG is turned upright by its EXIF data, wherever they are", png_upright},
    {"a long comment in a PNG does no harm", png_comment},
#endif
};
UNIT_MAIN("picture", tests)
