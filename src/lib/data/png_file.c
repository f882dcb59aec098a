/* png_file.c: see png_file.h. */
#include "data/png_file.h"

#include <stdlib.h>

#include "base/memory.h"

#ifdef HAVE_LIBPNG
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "data/inflate_stream.h"
#include "data/picture_turn.h"

/* Of a chunk that is not the picture: there is none that we need so much of. */
enum { MOST_CHUNK = 1 << 20, MOST_CHUNKS = 64, REASON = 128 };

/* Bytes of the picture's data after its last pixel, which libpng inflates to pass over them: some programs write a few, and 4 MB
 * of them are 4 GB. */
enum { MOST_AFTER = 1 << 12, IDAT = 0x49444154 };

static png_image describe(size_t height, size_t width, size_t channels)
{
    return (png_image){.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};
}

bool png_file_can(void)
{
    return true;
}

/* Not with libpng's own function for files, which does not say why one cannot be written. */
int png_file_write(const char *path, bool fresh, size_t height, size_t width, size_t channels,
                   const uint8_t *pixels, struct error *error)
{
    uint8_t *png;
    size_t size = 0;
    int result;

    if (png_file_memory(height, width, channels, pixels, &png, &size, error) != 0)
        return error_in_file(error, path);
    result = fresh ? file_create(path, png, size, error) : file_replace(path, png, size, error);
    free(png);
    return result;
}

struct reader {
    const char *name;
    const uint8_t *bytes;
    size_t size, at, most;
    size_t left, after; /* rows that are not there yet; once all are, bytes of data that were read */
    png_structp png;
    png_infop info;
    uint8_t *rows;
    int orientation;
    jmp_buf failed;
    bool no_memory;
    char reason[REASON]; /* libpng's; "": the error is set */
};

/* libpng's own words for it are as those about a file. */
static png_voidp on_allocate(png_structp png, png_alloc_size_t size)
{
    struct reader *reader = png_get_mem_ptr(png);
    void *memory = malloc(size);

    reader->no_memory |= !memory;
    return memory;
}

static void on_free(png_structp png, png_voidp memory)
{
    (void)png;
    free(memory);
}

static void on_error(png_structp png, png_const_charp reason)
{
    struct reader *reader = png_get_error_ptr(png);

    snprintf(reader->reason, sizeof reader->reason, "%s", reason);
    longjmp(reader->failed, 1);
}

static void on_warning(png_structp png, png_const_charp reason)
{
    (void)png, (void)reason;
}

static void on_read(png_structp png, png_bytep to, size_t size)
{
    struct reader *reader = png_get_io_ptr(png);

    if (size > reader->size - reader->at)
        png_error(png, "it ends too early");
    if (reader->left == 0 && png_get_io_chunk_type(png) == IDAT && (reader->after += size) > MOST_AFTER)
        png_error(png, "there are data after its last pixel");
    memcpy(to, reader->bytes + reader->at, size);
    reader->at += size;
}

/* A row is there, and libpng has not looked for what comes after it yet. */
static void on_row(png_structp png, png_row_infop row, png_bytep pixels)
{
    struct reader *reader = png_get_io_ptr(png);

    (void)row, (void)pixels;
    reader->left--;
}

/* How many the file has: of an interlaced picture those of each pass. */
static size_t count_rows(int height, int width, int passes)
{
    int rows = passes > 1 ? 0 : height;

    for (int pass = 0; passes > 1 && pass < passes; pass++)
        rows += PNG_PASS_COLS(width, pass) > 0 ? PNG_PASS_ROWS(height, pass) : 0;
    return (size_t)rows;
}

/* Header and sizes; memory for the picture and for rows as libpng hands them out, of which there is one or,
 * of an interlaced picture, all. */
static int read_header(struct reader *reader, struct picture *picture, struct error *error)
{
    const png_structp png = reader->png;
    size_t height, row, packed;
    int passes;

    png_set_user_limits(png, PICTURE_MOST_PIXELS, PICTURE_MOST_PIXELS);
    png_set_chunk_malloc_max(png, MOST_CHUNK);
    png_set_chunk_cache_max(png, MOST_CHUNKS);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep) "eXIf", 1);
    png_set_read_fn(png, reader, on_read);
    png_read_info(png, reader->info);
    height = png_get_image_height(png, reader->info);
    if (!size_multiply(png_get_rowbytes(png, reader->info), height, &packed) ||
        packed / INFLATE_MOST_RATIO > reader->size)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = reader->name},
                            "announces %ux%zu pixels, more than its %zu bytes can hold",
                            png_get_image_width(png, reader->info), height, reader->size);
    if (height * png_get_image_width(png, reader->info) > reader->most)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = reader->name},
                            "a picture of %ux%zu pixels is too large: at most %zu are read",
                            png_get_image_width(png, reader->info), height, reader->most);
    png_set_expand(png);
    png_set_scale_16(png);
    passes = png_set_interlace_handling(png);
    png_set_read_user_transform_fn(png, on_row);
    png_read_update_info(png, reader->info);
    reader->left = count_rows((int)height, (int)png_get_image_width(png, reader->info), passes);
    reader->after = 0;
    if (picture_make(picture, reader->name, png_get_channels(png, reader->info), height,
                     png_get_image_width(png, reader->info), error) != 0)
        return -1;
    row = png_get_rowbytes(png, reader->info);
    reader->rows = memory_array(passes > 1 ? height : 1, row);
    return reader->rows ? passes : error_memory(error);
}

#ifdef PNG_eXIf_SUPPORTED
static void find_orientation(struct reader *reader)
{
    png_uint_32 size;
    png_bytep exif;

    if (png_get_eXIf_1(reader->png, reader->info, &size, &exif) != 0)
        reader->orientation = exif_orientation(exif, size);
}
#endif

static void read_rows(struct reader *reader, struct picture *picture, int passes)
{
    const size_t stride = passes > 1 ? png_get_rowbytes(reader->png, reader->info) : 0;

    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < picture->height; y++) {
            png_read_row(reader->png, reader->rows + y * stride, NULL);
            if (pass == passes - 1)
                picture_take_row(picture, y, reader->rows + y * stride);
        }
    png_read_end(reader->png, reader->info);
#ifdef PNG_eXIf_SUPPORTED
    find_orientation(reader);
#endif
}

/* Keeps nothing in variables that a jump out of libpng could lose. */
static int decode(struct reader *reader, struct picture *picture, struct error *error)
{
    if (setjmp(reader->failed))
        return reader->no_memory
                   ? error_memory(error)
                   : error_set_at(error, ERROR_DATA, &(struct error_facts){.file = reader->name},
                                  "is not a complete PNG file: %s", reader->reason);
    const int passes = read_header(reader, picture, error);
    if (passes < 0)
        return -1;
    read_rows(reader, picture, passes);
    return 0;
}

int png_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size, size_t most,
             struct error *error)
{
    struct reader reader = {.name = name, .bytes = bytes, .size = size, .most = most};
    int failed = -1;

    *picture = (struct picture){0};
    reader.png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning, &reader,
                                          on_allocate, on_free);
    reader.info = reader.png ? png_create_info_struct(reader.png) : NULL;
    if (reader.info)
        failed = decode(&reader, picture, error);
    else
        error_memory(error);
    free(reader.rows);
    png_destroy_read_struct(&reader.png, &reader.info, NULL);
    if (!failed && picture->channels % 2 == 0)
        picture_flatten(picture);
    return failed ? failed : picture_turn(picture, reader.orientation, error);
}

int png_file_memory(size_t height, size_t width, size_t channels, const uint8_t *pixels, uint8_t **png,
                    size_t *size, struct error *error)
{
    png_image image = describe(height, width, channels);
    png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);

    *png = memory_array(bytes, 1);
    if (!*png)
        return error_memory(error);
    if (png_image_write_to_memory(&image, *png, &bytes, 0, pixels, 0, NULL)) {
        *size = bytes;
        return 0;
    }
    free(*png);
    if (strstr(image.message, "memory"))
        error_memory(error);
    else
        error_set(error, ERROR_FAILED, "PNG: %s", image.message);
    return -1;
}
#else
bool png_file_can(void)
{
    return false;
}

int png_file_write(const char *path, bool fresh, size_t height, size_t width, size_t channels,
                   const uint8_t *pixels, struct error *error)
{
    (void)fresh, (void)height, (void)width, (void)channels, (void)pixels;
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path},
                        "not written: this program was built without libpng");
}

int png_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size, size_t most,
             struct error *error)
{
    (void)bytes, (void)size, (void)most;
    *picture = (struct picture){0};
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = name},
                        "a PNG file, but this program was built without libpng");
}

int png_file_memory(size_t height, size_t width, size_t channels, const uint8_t *pixels, uint8_t **png,
                    size_t *size, struct error *error)
{
    (void)height, (void)width, (void)channels, (void)pixels, (void)png, (void)size;
    return error_set(error, ERROR_FAILED, "PNG: this program was built without libpng");
}
#endif
