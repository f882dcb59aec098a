/* png_file.h: pictures as PNG files, by libpng where nnrun is built with it. */
#ifndef DATA_PNG_FILE_H
#define DATA_PNG_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Writes height x width pixels, grey (channels 1) or red, green and blue (3), row by row. Returns 0 or -1:
 * STATUS_FAILED, "PATH: reason". */
int png_file_write(const char *path, size_t height, size_t width, size_t channels, const uint8_t *pixels,
                   struct error *error);
#endif
