/* png_file.h: pictures as PNG, by libpng where nnrun is built with it. [any thread] A picture is height x
 * width pixels, grey (channels 1) or red, green and blue (3), row by row. */
#ifndef DATA_PNG_FILE_H
#define DATA_PNG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "data/picture.h"

/* Whether the bytes begin as a PNG file does. */
static inline bool png_is(const void *bytes, size_t size)
{
    return size >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0;
}

/* Was nnrun built with libpng? Where not, the functions below fail and say so. */
bool png_file_can(void);

/* Writes a picture into a file, in place of one that may be there, or, `fresh`, only where there is nothing of that name.
 * Returns 0 or -1: ERROR_FAILED, "PATH: reason". */
int png_file_write(const char *path, bool fresh, size_t height, size_t width, size_t channels,
                   const uint8_t *pixels, struct error *error);

/* The same into fresh memory, for the caller to free. Returns 0 or -1: ERROR_FAILED. */
int png_file_memory(size_t height, size_t width, size_t channels, const uint8_t *pixels, uint8_t **png,
                    size_t *size, struct error *error);

/* The picture in a PNG file of any kind that lies in memory: grey or colour as it is stored (no gamma, no
 * colour profile), 16 bits rounded to 8, transparency by picture_flatten, turned upright by its EXIF orientation. Only what makes the picture is
 * read, and nothing of a picture of more than `most` pixels. Returns 0 or -1: ERROR_DATA, "NAME: reason";
 * free the picture in either case. */
int png_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size, size_t most,
             struct error *error);
#endif
