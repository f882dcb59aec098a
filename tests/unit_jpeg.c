/* unit_jpeg.c: what is read of JPEG files, how EXIF turns pictures, and what is refused with which words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "data/picture_file.h"
#include "data/picture_turn.h"
#include "unit.h"
#ifdef HAVE_LIBJPEG
#include "data/idx_file.h"
#include "idx_maker.h"
#include "jpeg_maker.h"
#include "pack/pack.h"
#include "pack/wanted_size.h"
#endif

/* ---- EXIF -------------------------------------------------------------------------------------------- */

enum { EXIF = 32, VALUE = 20 };

/* A TIFF header and a directory with the orientation as its second entry of two. */
static void make_exif(uint8_t exif[EXIF + 6], bool little, uint8_t orientation)
{
    static const uint8_t high[EXIF + 6] = {'M', 'M', 0, 42, 0, 0, 0,    8, 0, 2, 1, 15, 0, 2, 0, 0, 0,
                                           1,   0,   0, 0,  0, 1, 0x12, 0, 3, 0, 0, 0,  1, 0, 0, 0, 0};
    static const uint8_t low[EXIF + 6] = {'I', 'I', 42, 0, 8, 0,    0, 0, 2, 0, 15, 1, 2, 0, 1, 0, 0,
                                          0,   0,   0,  0, 0, 0x12, 1, 3, 0, 1, 0,  0, 0, 0, 0, 0, 0};

    memcpy(exif, little ? low : high, EXIF + 6);
    exif[little ? 30 : 31] = orientation;
}

static void says_orientation(void)
{
    uint8_t exif[EXIF + 6];

    for (int little = 0; little < 2; little++)
        for (int orientation = 0; orientation < 12; orientation++) {
            make_exif(exif, little, (uint8_t)orientation);
            CU_ASSERT_EQUAL(exif_orientation(exif, sizeof exif), orientation <= 8 ? orientation : 0);
        }
}

/* In memory of just that size, for a sanitizer to see. */
static void broken_exif(void)
{
    uint8_t exif[EXIF + 6];

    make_exif(exif, true, 6);
    for (size_t size = 0; size < sizeof exif; size++) {
        uint8_t *copy = malloc(size + 1);
        CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
        memcpy(copy, exif, size);
        CU_ASSERT_EQUAL(exif_orientation(copy, size), size < EXIF ? 0 : 6);
        free(copy);
    }
    for (size_t at = 0; at < sizeof exif; at++)
        for (int value = 0; value < 256; value += 5) {
            const uint8_t old = exif[at];
            exif[at] = (uint8_t)value;
            CU_ASSERT(exif_orientation(exif, sizeof exif) <= 8);
            exif[at] = old;
        }
}

enum { WIDE = 5, HIGH = 3 };

/* Which side of the upright picture the first row and the first column of the stored one are, as EXIF has it. */
static const char sides[9][2] = {{'?', '?'}, {'t', 'l'}, {'t', 'r'}, {'b', 'r'}, {'b', 'l'},
                                 {'l', 't'}, {'r', 't'}, {'r', 'b'}, {'l', 'b'}};

/* Moves y or x by what is known of a row or column of the stored picture, in an upright one of high x wide. */
static void locate(char side, size_t i, size_t high, size_t wide, size_t *y, size_t *x)
{
    if (side == 't' || side == 'b')
        *y = side == 't' ? i : high - 1 - i;
    else
        *x = side == 'l' ? i : wide - 1 - i;
}

static void turns(void)
{
    for (int orientation = 1; orientation <= 8; orientation++) {
        const bool swapped = orientation >= 5;
        const size_t height = swapped ? WIDE : HIGH, width = swapped ? HIGH : WIDE;
        struct picture picture;
        struct error error UNIT_CLEARED = {0};
        bool right = true;
        CU_ASSERT_EQUAL_FATAL(picture_make(&picture, "it", 3, height, width, &error), 0);
        for (size_t i = 0; i < 3 * height * width; i++) {
            size_t y = 0, x = 0;
            locate(sides[orientation][0], i / width % height, HIGH, WIDE, &y, &x);
            locate(sides[orientation][1], i % width, HIGH, WIDE, &y, &x);
            picture.pixels[i] = (uint8_t)(100 * (i / (height * width)) + 10 * y + x);
        }
        CU_ASSERT_EQUAL(picture_turn(&picture, orientation, &error), 0);
        CU_ASSERT(picture.height == HIGH && picture.width == WIDE && picture.channels == 3);
        for (size_t i = 0; i < 3 * HIGH * WIDE; i++)
            right &= picture.pixels[i] == 100 * (i / (HIGH * WIDE)) + 10 * (i / WIDE % HIGH) + i % WIDE;
        CU_ASSERT(right);
        picture_free(&picture);
    }
}

/* ---- JPEG -------------------------------------------------------------------------------------------- */

#ifdef HAVE_LIBJPEG
enum { WIDTH = 45, HEIGHT = 26, AREA = WIDTH * HEIGHT };

/* Smooth, so that little is lost. */
static const uint8_t *smooth(int channels)
{
    static uint8_t pixels[4 * AREA];

    for (int i = 0; i < AREA * channels; i++) {
        const int pixel = i / channels, y = pixel / WIDTH, x = pixel % WIDTH;
        pixels[i] = (uint8_t)(30 + 2 * x + y * (i % channels));
    }
    return pixels;
}

static struct bytes make(const struct jpeg_spec *spec)
{
    struct bytes bytes;

    bytes.data = jpeg_make(spec, &bytes.size);
    return bytes;
}

static struct bytes small_jpeg(void)
{
    return make(&(struct jpeg_spec){
        .width = WIDTH, .height = HEIGHT, .channels = 3, .pixels = smooth(3), .quality = 90});
}

/* Returns 0, or -1 after setting error. */
static int take(const void *bytes, size_t size, size_t most, struct picture *picture, struct error *error)
{
    struct picture_file *file = picture_file_open_memory("it", bytes, size, error);
    int failed = !file;

    *picture = (struct picture){0};
    if (file) {
        picture_file_limit(file, most);
        failed = picture_file_next(file, picture, error);
    }
    picture_file_close(file);
    return failed ? -1 : 0;
}

static void refuses(const void *bytes, size_t size, size_t most, const char *words)
{
    struct picture picture;
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(take(bytes, size, most, &picture, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT(strncmp(error_text(&error), "it", 2) == 0 && strchr(": ", error_text(&error)[2]) &&
              strstr(error_text(&error), words));
    if (!strstr(error_text(&error), words))
        printf("\n    wanted: %s\n    got:    %s\n", words, error_text(&error));
    picture_free(&picture);
}

static void jpeg_kinds(void)
{
    for (int kind = 0; kind < 5; kind++) {
        const int channels = kind < 2 ? 1 : 3;
        const uint8_t *pixels = smooth(channels);
        const struct jpeg_spec spec = {.width = WIDTH,
                                       .height = HEIGHT,
                                       .channels = channels,
                                       .pixels = pixels,
                                       .quality = 97,
                                       .progressive = kind == 1 || kind == 3,
                                       .apart = kind == 4};
        struct bytes bytes = make(&spec);
        struct picture picture;
        struct error error UNIT_CLEARED = {0};
        int worst = 0;
        CU_ASSERT_EQUAL_FATAL(take(bytes.data, bytes.size, PICTURE_MOST_PIXELS, &picture, &error), 0);
        CU_ASSERT(picture.channels == (size_t)channels && picture.height == HEIGHT && picture.width == WIDTH);
        for (int i = 0; i < AREA * channels; i++) {
            const int off = abs(pixels[i] - picture.pixels[i % channels * AREA + i / channels]);
            worst = off > worst ? off : worst;
        }
        CU_ASSERT(worst <= 12);
        picture_free(&picture);
        bytes_free(&bytes);
    }
}

/* Six blocks of 8 x 8, each of one grey, 2 wide. */
static void upright(void)
{
    uint8_t exif[6 + EXIF + 6] = "Exif\0", blocks[16 * 24];
    struct picture picture;
    struct error error UNIT_CLEARED = {0};
    struct bytes bytes;

    for (size_t i = 0; i < sizeof blocks; i++)
        blocks[i] = (uint8_t)(40 * (i / 16 / 8 * 2 + i % 16 / 8));
    make_exif(exif + 6, false, 6);
    bytes = make(&(struct jpeg_spec){.width = 16,
                                     .height = 24,
                                     .channels = 1,
                                     .pixels = blocks,
                                     .quality = 100,
                                     .exif = exif,
                                     .exif_size = sizeof exif});
    CU_ASSERT_EQUAL_FATAL(take(bytes.data, bytes.size, PICTURE_MOST_PIXELS, &picture, &error), 0);
    CU_ASSERT(picture.width == 24 && picture.height == 16);
    CU_ASSERT(abs(picture.pixels[0] - 160) < 3);           /* the lowest block on the left */
    CU_ASSERT(abs(picture.pixels[23] - 0) < 3);            /* the uppermost */
    CU_ASSERT(abs(picture.pixels[15 * 24 + 23] - 40) < 3); /* the one at its right */
    picture_free(&picture);
    bytes_free(&bytes);
}

static void cut_off(void)
{
    for (int progressive = 0; progressive < 2; progressive++) {
        struct bytes bytes = make(&(struct jpeg_spec){.width = WIDTH,
                                                      .height = HEIGHT,
                                                      .channels = 3,
                                                      .pixels = smooth(3),
                                                      .quality = 60,
                                                      .progressive = progressive});
        for (size_t size = 3; size < bytes.size; size++)
            refuses(bytes.data, size, PICTURE_MOST_PIXELS, "is not a whole JPEG file: ");
        bytes_free(&bytes);
    }
}

/* Writes a JPEG of that orientation as the only picture of NAME/a, packs it, and reads back what was written. */
static void pack_one(const char *name, int orientation, uint8_t pixels[3 * AREA], struct nnrun_shape *shape)
{
    uint8_t exif[6 + EXIF + 6] = "Exif\0";
    const char *source = unit_path(name);
    const struct pack_spec spec = {
        .paths = &source, .path_count = 1, .folder = unit_path("packed"), .options.test = 0, .over = true};
    struct error error UNIT_CLEARED = {0};
    struct pack_result result;
    struct idx_file *file;
    char path[64];

    snprintf(path, sizeof path, "%s/a", name);
    CU_ASSERT_EQUAL_FATAL(mkdir(source, 0700), 0);
    CU_ASSERT_EQUAL_FATAL(mkdir(unit_path(path), 0700), 0);
    snprintf(path, sizeof path, "%s/a/1.jpg", name);
    make_exif(exif + 6, orientation % 2, (uint8_t)orientation);
    bytes_file(path, make(&(struct jpeg_spec){.width = WIDTH,
                                              .height = HEIGHT,
                                              .channels = 3,
                                              .pixels = smooth(3),
                                              .quality = 97,
                                              .exif = orientation ? exif : NULL,
                                              .exif_size = sizeof exif}));
    CU_ASSERT_EQUAL(pack_run(&spec, &result, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    pack_result_finish(&result);
    file = idx_file_open(unit_path("packed/train-images-idx4-ubyte.gz"), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    *shape = idx_file_shape(file);
    CU_ASSERT_EQUAL_FATAL(idx_file_sample_bytes(file), 3 * AREA);
    CU_ASSERT_EQUAL(idx_file_read(file, 1, pixels, &error), 0);
    idx_file_close(file);
}

/* What the same picture without EXIF gives, pixel for pixel in another place. */
static void packed_upright(void)
{
    uint8_t stored[3 * AREA], upright[3 * AREA];
    struct nnrun_shape shape;
    char name[] = "turned-0";

    pack_one("stored", 0, stored, &shape);
    for (int orientation = 1; orientation <= 8; orientation++) {
        const bool swapped = orientation >= 5;
        const size_t high = swapped ? WIDTH : HEIGHT, wide = swapped ? HEIGHT : WIDTH;
        size_t wrong = 0;
        name[sizeof name - 2] = (char)('0' + orientation);
        pack_one(name, orientation, upright, &shape);
        CU_ASSERT(shape.rank == 3 && shape.dim[0] == 3);
        CU_ASSERT(shape.dim[1] == (int32_t)high && shape.dim[2] == (int32_t)wide);
        for (size_t i = 0; i < 3 * AREA; i++) {
            size_t y = 0, x = 0;
            locate(sides[orientation][0], i / WIDTH % HEIGHT, high, wide, &y, &x);
            locate(sides[orientation][1], i % WIDTH, high, wide, &y, &x);
            wrong += upright[i / AREA * AREA + y * wide + x] != stored[i];
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

enum {
    LARGE_HIGH = 2100,
    LARGE_WIDE = 2050,
    LARGE = LARGE_HIGH * LARGE_WIDE,
    SMALL_HIGH = 30,
    SMALL_WIDE = 25
};

/* Bytes of a JPEG of more than 2^22 pixels, which nnrun pack takes row by row. */
static struct bytes large_jpeg(bool progressive, const uint8_t *exif, size_t exif_size)
{
    uint8_t *pixels = memory_array(3, LARGE);
    struct bytes bytes;

    CU_ASSERT_PTR_NOT_NULL_FATAL(pixels);
    for (size_t i = 0; i < (size_t)3 * LARGE; i++)
        pixels[i] = (uint8_t)(i / 3 % LARGE_WIDE / 10 + i / 3 / LARGE_WIDE / 40 * (i % 3));
    bytes = make(&(struct jpeg_spec){.width = LARGE_WIDE,
                                     .height = LARGE_HIGH,
                                     .channels = 3,
                                     .pixels = pixels,
                                     .quality = 80,
                                     .progressive = progressive,
                                     .exif = exif,
                                     .exif_size = exif_size});
    free(pixels);
    return bytes;
}

/* Packs it alone, and compares with what is made of it whole. */
static void pack_large(const char *name, struct bytes bytes, const struct pack_options *options)
{
    const char *source = unit_path(name);
    const struct pack_spec spec = {
        .paths = &source, .path_count = 1, .folder = unit_path("small"), .options = *options, .over = true};
    uint8_t got[3 * SMALL_HIGH * SMALL_WIDE], wanted[3 * SMALL_HIGH * SMALL_WIDE];
    struct error error UNIT_CLEARED = {0};
    struct pack_result result;
    struct picture_size size;
    struct picture picture;
    struct idx_file *file;
    char path[64];

    CU_ASSERT_EQUAL_FATAL(take(bytes.data, bytes.size, PICTURE_MOST_PIXELS, &picture, &error), 0);
    size = wanted_size(options, 3, picture.height, picture.width);
    CU_ASSERT_EQUAL(picture_size_take(&size, &picture, wanted, &error), 0);
    picture_free(&picture);
    snprintf(path, sizeof path, "%s/a", name);
    CU_ASSERT_EQUAL_FATAL(mkdir(source, 0700), 0);
    CU_ASSERT_EQUAL_FATAL(mkdir(unit_path(path), 0700), 0);
    snprintf(path, sizeof path, "%s/a/1.jpg", name);
    bytes_file(path, bytes);
    CU_ASSERT_EQUAL(pack_run(&spec, &result, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    pack_result_finish(&result);
    snprintf(path, sizeof path, "small/train-images-idx%d-ubyte.gz", size.channels == 1 ? 3 : 4);
    file = idx_file_open(unit_path(path), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(idx_file_sample_bytes(file), size.channels * SMALL_HIGH * SMALL_WIDE);
    CU_ASSERT_EQUAL(idx_file_read(file, 1, got, &error), 0);
    CU_ASSERT_EQUAL(memcmp(got, wanted, idx_file_sample_bytes(file)), 0);
    idx_file_close(file);
}

static void packed_large(void)
{
    struct pack_options options = {.height = SMALL_HIGH, .width = SMALL_WIDE};
    uint8_t exif[6 + EXIF + 6] = "Exif\0";

    make_exif(exif + 6, true, 6);
    pack_large("large", large_jpeg(false, NULL, 0), &options);
    options.fitting = PICTURE_FIT;
    pack_large("fitted", large_jpeg(true, NULL, 0), &options);
    options.fitting = PICTURE_CROP;
    options.colours = PACK_GREY;
    pack_large("cropped", large_jpeg(false, NULL, 0), &options);
    pack_large("on-its-side", large_jpeg(false, exif, sizeof exif), &options);
}

/* There are no checksums: a picture may come out, but of no other size than was announced. */
static void damaged(void)
{
    struct bytes bytes = small_jpeg();

    for (size_t at = 3; at < bytes.size; at++)
        for (int bit = 0; bit < 8; bit += 3) {
            struct picture picture;
            struct error error UNIT_CLEARED = {0};
            bytes.data[at] ^= (uint8_t)(1 << bit);
            if (take(bytes.data, bytes.size, PICTURE_MOST_PIXELS, &picture, &error) != 0)
                CU_ASSERT(error.code == ERROR_DATA && !strchr(error_text(&error), '\n'));
            picture_free(&picture);
            bytes.data[at] ^= (uint8_t)(1 << bit);
        }
    bytes_free(&bytes);
}

/* Sets the sizes in the header, which begins with ff c0. */
static void set_size(struct bytes *bytes, unsigned height, unsigned width)
{
    size_t at = 2;

    while (bytes->data[at + 1] != 0xc0)
        at += 2 + (size_t)(bytes->data[at + 2] << 8 | bytes->data[at + 3]);
    bytes->data[at + 5] = (uint8_t)(height >> 8);
    bytes->data[at + 6] = (uint8_t)height;
    bytes->data[at + 7] = (uint8_t)(width >> 8);
    bytes->data[at + 8] = (uint8_t)width;
}

static void huge(void)
{
    struct bytes bytes = small_jpeg();

    refuses(bytes.data, bytes.size, AREA - 1,
            "a picture of 45x26 pixels is too large: at most 1169 are read");
    set_size(&bytes, 65000, 65000);
    refuses(bytes.data, bytes.size, PICTURE_MOST_PIXELS, "announces 65000x65000 pixels, more than its");
    set_size(&bytes, 0, 20);
    refuses(bytes.data, bytes.size, PICTURE_MOST_PIXELS, "is not a whole JPEG file: ");
    bytes_free(&bytes);
}

static void other_colours(void)
{
    struct bytes bytes = make(&(struct jpeg_spec){
        .width = WIDTH, .height = HEIGHT, .channels = 2, .pixels = smooth(2), .quality = 90});

    refuses(bytes.data, bytes.size, PICTURE_MOST_PIXELS,
            "is a JPEG file of 2 colour channels; expected grey, or red, green and blue, or CMYK");
    bytes_free(&bytes);
}

/* The library writes them as they are, and Adobe's marker, by which they are 255 less the ink. */
static void ink(void)
{
    const uint8_t *pixels = smooth(4);
    struct bytes bytes = make(&(struct jpeg_spec){
        .width = WIDTH, .height = HEIGHT, .channels = 4, .pixels = pixels, .quality = 97});
    struct picture picture;
    struct error error UNIT_CLEARED = {0};
    int worst = 0;

    CU_ASSERT_EQUAL_FATAL(take(bytes.data, bytes.size, PICTURE_MOST_PIXELS, &picture, &error), 0);
    CU_ASSERT(picture.channels == 3 && picture.height == HEIGHT && picture.width == WIDTH);
    for (int i = 0; i < 3 * AREA; i++) {
        const uint8_t *pixel = pixels + 4 * (i % AREA);
        const int off = abs(pixel[i / AREA] * pixel[3] / 255 - picture.pixels[i]);
        worst = off > worst ? off : worst;
    }
    CU_ASSERT(worst <= 12);
    picture_free(&picture);
    bytes_free(&bytes);
}

/* The last scan again and again: each is 30 bytes and a pass over the picture. */
static void many_scans(void)
{
    const struct jpeg_spec spec = {
        .width = WIDTH, .height = HEIGHT, .channels = 3, .pixels = smooth(3), .quality = 90, .apart = true};
    struct bytes bytes = make(&spec), end = bytes_copy("\xff\xd9", 2), scan;
    size_t last = bytes.size - 2;

    while (bytes.data[last - 1] != 0xff || bytes.data[last] != 0xda)
        last--;
    scan = bytes_copy(bytes.data + last - 1, bytes.size - 2 - (last - 1));
    bytes.size -= 2;
    for (int i = 0; i < 100; i++)
        bytes = bytes_join(bytes, bytes_copy(scan.data, scan.size));
    bytes = bytes_join(bytes, end);
    refuses(bytes.data, bytes.size, PICTURE_MOST_PIXELS,
            "is not a whole JPEG file: it has more than 100 scans");
    bytes_free(&bytes);
    bytes_free(&scan);
}
#else
static void no_library(void)
{
    struct picture picture;
    struct error error UNIT_CLEARED = {0};
    struct picture_file *file = picture_file_open_memory("it", "\xff\xd8\xff\xe0", 4, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(picture_file_next(file, &picture, &error), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&error),
                           "it: a JPEG file, but this program was built without libjpeg-turbo");
    picture_file_close(file);
}
#endif

static const struct unit_test tests[] = {
    {"EXIF says how a picture is stored, in either byte order", says_orientation},
    {"EXIF that is cut off or damaged says nothing or a number up to 8", broken_exif},
    {"each of the eight orientations is turned upright", turns},
#ifdef HAVE_LIBJPEG
    {"JPEG in grey and colour, in one scan, progressive or a scan a channel, gives its values", jpeg_kinds},
    {"a JPEG is turned upright by its EXIF orientation", upright},
    {"nnrun pack writes each of the eight orientations as the upright picture, pixel for pixel",
     packed_upright},
    {"a large JPEG, which is packed row by row, gives the bytes of the whole picture", packed_large},
    {"a JPEG that is cut off at any byte is refused", cut_off},
    {"of a JPEG that is damaged in any byte comes a picture or one line", damaged},
    {"a JPEG of more pixels than a caller wants, or than it can hold, is refused", huge},
    {"so is one of other colours than grey, red, green and blue, and CMYK", other_colours},
    {"a JPEG of CMYK becomes red, green and blue", ink},
    {"so is one of more than 100 scans", many_scans},
#else
    {"a build without libjpeg-turbo says so of a JPEG", no_library},
#endif
};
UNIT_MAIN("jpeg", tests)
