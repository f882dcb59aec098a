/* jpeg_file.h: pictures from JPEG files, by libjpeg-turbo where nnrun is built with it. [any thread] */
#ifndef DATA_JPEG_FILE_H
#define DATA_JPEG_FILE_H

#include "data/picture.h"
#include "data/picture_rows.h"

/* True if the bytes begin like such a file. */
bool jpeg_is(const uint8_t *bytes, size_t size);

/* The picture in a JPEG file that lies in memory, grey or colour, turned upright by its EXIF orientation. CMYK becomes
 * red, green and blue, without a profile. Whatever cannot be decoded without a guess, such as a file that is cut off, is
 * refused; so is one in more than 100 scans, of more than `most` pixels, or of other colours. Beside the picture it takes
 * up to 9 bytes for each pixel. Of one that lies upright `rows`, which may be NULL, are asked: if they take it, the picture
 * is empty and 1 is returned. Returns 0, 1 or -1: ERROR_DATA, "NAME: reason"; free the picture in each case. */
int jpeg_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size, size_t most,
              const struct picture_rows *rows, struct error *error);
#endif
