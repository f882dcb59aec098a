/* picture_header.c: see picture_header.h. */
#include "serve/picture_header.h"

#include <string.h>

/* ---- PNG: the first chunk is the header, or it is no PNG file ---------------------------------------- */

enum { PNG_WIDTH = 16, PNG_HEIGHT = 20, PNG_INTERLACED = 28, PNG_ENOUGH = 29 };

static uint64_t big_endian(const uint8_t *bytes)
{
    return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
}

static bool read_png(struct picture_header *header, const uint8_t *bytes, size_t size)
{
    static const char begin[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    if (size < PNG_ENOUGH || memcmp(bytes, begin, PNG_WIDTH) != 0)
        return false;
    header->width = big_endian(bytes + PNG_WIDTH);
    header->height = big_endian(bytes + PNG_HEIGHT);
    header->interlaced = bytes[PNG_INTERLACED] != 0;
    return true;
}

/* ---- JPEG: segments, each with its length, up to the frame's --------------------------------------- */

static bool is_frame(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static bool read_jpeg(struct picture_header *header, const uint8_t *bytes, size_t size)
{
    enum { FRAME = 9 }; /* bytes of a frame up to its width */
    size_t at = 2;

    if (size < 3 || memcmp(bytes, "\xff\xd8\xff", 3) != 0)
        return false;
    while (size - at >= FRAME) {
        if (bytes[at] != 0xff || bytes[at + 1] == 0xff) { /* fill bytes */
            at++;
            continue;
        }
        if (is_frame(bytes[at + 1])) {
            header->height = (uint64_t)bytes[at + 5] << 8 | bytes[at + 6];
            header->width = (uint64_t)bytes[at + 7] << 8 | bytes[at + 8];
            header->interlaced = bytes[at + 1] % 4 == 2;
            return true;
        }
        at += 2;
        at += (size_t)(bytes[at] << 8 | bytes[at + 1]) < size - at ? (size_t)(bytes[at] << 8 | bytes[at + 1])
                                                                   : size - at;
    }
    return false;
}

/* ---- PGM and PPM: words with blanks and comments between --------------------------------------------- */

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static size_t skip_blanks(const uint8_t *bytes, size_t size, size_t at)
{
    bool comment = false;

    for (; at < size && (comment || is_blank(bytes[at]) || bytes[at] == '#'); at++)
        comment = bytes[at] == '#' || (comment && bytes[at] != '\n');
    return at;
}

/* With zeros before it, as pnm_file.c reads them; what is beyond MOST is refused there. */
static bool read_number(const uint8_t *bytes, size_t size, size_t *at, uint64_t *number)
{
    enum { MOST = 999999999 };
    const size_t begin = *at = skip_blanks(bytes, size, *at);

    *number = 0;
    for (; *at < size && bytes[*at] >= '0' && bytes[*at] <= '9' && *number <= MOST; ++*at)
        *number = *number * 10 + (bytes[*at] - '0');
    return *at > begin && *number <= MOST;
}

static bool read_pnm(struct picture_header *header, const uint8_t *bytes, size_t size)
{
    size_t at = 2;

    header->interlaced = false;
    return size > 2 && bytes[0] == 'P' && memchr("2356", bytes[1], 4) &&
           read_number(bytes, size, &at, &header->width) && read_number(bytes, size, &at, &header->height);
}

bool picture_header_read(struct picture_header *header, const void *bytes, size_t size)
{
    return read_png(header, bytes, size) || read_jpeg(header, bytes, size) || read_pnm(header, bytes, size);
}
