/* jpeg_file.c: see jpeg_file.h. */
#include "data/jpeg_file.h"

#include <string.h>

bool jpeg_is(const uint8_t *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0;
}

#ifdef HAVE_LIBJPEG
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

#include "base/memory.h"
#include "data/picture_turn.h"

enum {
    MOST_SCANS = 100,  /* each goes over the whole picture, however few bytes it has; 10 are common */
    MOST_RATIO = 1024, /* pixels of a byte: a block of 64 takes a bit at least */
    MOST_MARKER = 0xffff,
    MOST_ROWS = 1,
    COLOURS = 3
};

struct reader {
    const char *name;
    const uint8_t *bytes;
    size_t size, most;
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    const struct picture_rows *rows; /* NULL: the picture is wanted whole */
    uint8_t *row;
    int orientation;
    jmp_buf failed;
    bool no_memory;
    char reason[JMSG_LENGTH_MAX];
};

static struct reader *reader_of(j_common_ptr jpeg)
{
    return jpeg->client_data;
}

static void on_error(j_common_ptr jpeg)
{
    struct reader *reader = reader_of(jpeg);

    reader->no_memory = jpeg->err->msg_code == JERR_OUT_OF_MEMORY;
    jpeg->err->format_message(jpeg, reader->reason);
    longjmp(reader->failed, 1);
}

/* The library mends what is damaged and warns. Only what cannot have changed a pixel is passed over. */
static void on_message(j_common_ptr jpeg, int level)
{
    const int code = jpeg->err->msg_code;

    if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR)
        on_error(jpeg);
}

static void on_output(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void on_progress(j_common_ptr jpeg)
{
    struct reader *reader = reader_of(jpeg);

    if (reader->jpeg.input_scan_number <= MOST_SCANS)
        return;
    snprintf(reader->reason, sizeof reader->reason, "it has more than %d scans", MOST_SCANS);
    longjmp(reader->failed, 1);
}

/* What the library makes of the stored colours; JCS_UNKNOWN: they are none that are read. */
static J_COLOR_SPACE output_space(const struct jpeg_decompress_struct *jpeg)
{
    const J_COLOR_SPACE space = jpeg->jpeg_color_space;

    if (space == JCS_RGB || space == JCS_YCbCr)
        return JCS_RGB;
    if (space == JCS_CMYK || space == JCS_YCCK)
        return JCS_CMYK;
    return space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_UNKNOWN;
}

/* From ink to light, without a profile: (1 - C) (1 - K) and so on. Adobe's programs store each as 1 - C. */
static void lighten(uint8_t *row, size_t width, bool light)
{
    for (size_t x = 0; x < width; x++) {
        const uint8_t *ink = row + 4 * x;
        const unsigned black = light ? ink[3] : 255 - ink[3];
        uint8_t pixel[COLOURS];

        for (size_t c = 0; c < COLOURS; c++)
            pixel[c] = (uint8_t)(((light ? ink[c] : 255u - ink[c]) * black + 127) / 255);
        memcpy(row + COLOURS * x, pixel, COLOURS);
    }
}

static int check_header(const struct reader *reader, struct error *error)
{
    const struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    const size_t pixels = (size_t)jpeg->image_width * jpeg->image_height; /* each below 2^16 */
    const struct error_facts facts = {.file = reader->name};

    if (output_space(jpeg) == JCS_UNKNOWN)
        return error_set_at(
            error, ERROR_DATA, &facts,
            "is a JPEG file of %d colour channels; expected grey, or red, green and blue, or CMYK",
            jpeg->num_components);
    if (pixels / MOST_RATIO > reader->size)
        return error_set_at(error, ERROR_DATA, &facts,
                            "announces %ux%u pixels, more than its %zu bytes can hold", jpeg->image_width,
                            jpeg->image_height, reader->size);
    if (pixels > reader->most)
        return error_set_at(error, ERROR_DATA, &facts,
                            "a picture of %ux%u pixels is too large: at most %zu are read", jpeg->image_width,
                            jpeg->image_height, reader->most);
    return 0;
}

static void find_orientation(struct reader *reader)
{
    static const char name[6] = "Exif\0";

    for (jpeg_saved_marker_ptr marker = reader->jpeg.marker_list; marker; marker = marker->next)
        if (marker->data_length > sizeof name && memcmp(marker->data, name, sizeof name) == 0)
            reader->orientation =
                exif_orientation(marker->data + sizeof name, marker->data_length - sizeof name);
}

/* Whether rows are taken; -1 after setting error. */
static int ask(struct reader *reader, size_t channels, struct error *error)
{
    const int taken = reader->rows && reader->orientation <= 1
                          ? reader->rows->begin(reader->rows->context, channels, reader->jpeg.image_height,
                                                reader->jpeg.image_width, error)
                          : 0;

    if (taken <= 0)
        reader->rows = NULL;
    return taken;
}

/* Header and sizes; memory for the picture, unless its rows are taken, and a row. */
static int begin(struct reader *reader, struct picture *picture, struct error *error)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    size_t channels;
    int taken;

    jpeg_create_decompress(jpeg);
    jpeg->progress = &reader->progress;
    jpeg_mem_src(jpeg, reader->bytes, reader->size);
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, MOST_MARKER);
    jpeg_read_header(jpeg, TRUE);
    if (check_header(reader, error) != 0)
        return -1;
    find_orientation(reader);
    jpeg->out_color_space = output_space(jpeg);
    jpeg->dct_method = JDCT_ISLOW; /* the same bits on every processor */
    channels = jpeg->out_color_space == JCS_GRAYSCALE ? 1 : COLOURS;
    taken = ask(reader, channels, error);
    if (taken < 0 || (taken == 0 && picture_make(picture, reader->name, channels, jpeg->image_height,
                                                 jpeg->image_width, error) != 0))
        return -1;
    reader->row = memory_array(jpeg->image_width, jpeg->out_color_space == JCS_CMYK ? COLOURS + 1 : channels);
    return reader->row ? 0 : error_memory(error);
}

/* Keeps nothing in variables that a jump out of the library could lose. */
static int decode(struct reader *reader, struct picture *picture, struct error *error)
{
    if (setjmp(reader->failed))
        return reader->no_memory
                   ? error_memory(error)
                   : error_set_at(error, ERROR_DATA, &(struct error_facts){.file = reader->name},
                                  "is not a whole JPEG file: %s", reader->reason);
    if (begin(reader, picture, error) != 0)
        return -1;
    jpeg_start_decompress(&reader->jpeg);
    while (reader->jpeg.output_scanline < reader->jpeg.output_height) {
        const size_t y = reader->jpeg.output_scanline;
        jpeg_read_scanlines(&reader->jpeg, &reader->row, MOST_ROWS);
        if (reader->jpeg.out_color_space == JCS_CMYK)
            lighten(reader->row, reader->jpeg.output_width, reader->jpeg.saw_Adobe_marker);
        if (reader->rows)
            reader->rows->take(reader->rows->context, reader->row);
        else
            picture_take_row(picture, y, reader->row);
    }
    jpeg_finish_decompress(&reader->jpeg);
    return 0;
}

int jpeg_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size, size_t most,
              const struct picture_rows *rows, struct error *error)
{
    struct reader reader = {.name = name,
                            .bytes = bytes,
                            .size = size,
                            .most = most,
                            .rows = rows,
                            .progress.progress_monitor = on_progress};
    int failed;

    *picture = (struct picture){0};
    reader.jpeg.err = jpeg_std_error(&reader.errors);
    reader.errors.error_exit = on_error;
    reader.errors.emit_message = on_message;
    reader.errors.output_message = on_output;
    reader.jpeg.client_data = &reader;
    failed = decode(&reader, picture, error);
    jpeg_destroy_decompress(&reader.jpeg);
    free(reader.row);
    if (failed)
        return -1;
    return reader.rows ? 1 : picture_turn(picture, reader.orientation, error);
}
#else
int jpeg_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size, size_t most,
              const struct picture_rows *rows, struct error *error)
{
    (void)bytes, (void)size, (void)most, (void)rows;
    *picture = (struct picture){0};
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = name},
                        "a JPEG file, but this program was built without libjpeg-turbo");
}
#endif
