/* safetensors_format.h: the form of a checkpoint file, which the reader and the writer share. It is the
 * safetensors format, so that other tools open it, with checksums in its metadata:
 *
 *   8 bytes   length of the header, little-endian
 *   header    {"__metadata__": {"checksum": ..., "checksum.NAME": ..., ...},
 *              "NAME": {"data_offsets": [begin, end], "dtype": "F32", "shape": [...]}, ...} and spaces
 *   data      little-endian, C order
 * "checksum.NAME" is the CRC-32 (zlib's) of the bytes of tensor NAME; "checksum" that of everything before
 * the data, the 8 bytes of the length included, its own eight digits counted as '0'. Both are 8 lower-case
 * hex digits. */
#ifndef CHECKPOINT_SAFETENSORS_FORMAT_H
#define CHECKPOINT_SAFETENSORS_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "checkpoint/tensor.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "checkpoints are little-endian and written as they lie in memory"
#endif

enum {
    SAFETENSORS_MOST_HEADER = 262144,
    SAFETENSORS_LEAST_OTHER_HEADER = 1048576, /* of files of other programs: that, */
    SAFETENSORS_OTHER_HEADER_PART =
        24, /* and such a part of the file, as its JSON takes up to 96 times its bytes, */
    SAFETENSORS_MOST_OTHER_HEADER = 100000000, /* up to what the format allows */
    SAFETENSORS_LENGTH = 8,                    /* bytes of the length */
    SAFETENSORS_ALIGN = 64,
    SAFETENSORS_DIGITS = 8
};

#define SAFETENSORS_METADATA "__metadata__"
#define SAFETENSORS_CHECKSUM "checksum"

struct safetensors_digits {
    char text[SAFETENSORS_DIGITS + 1];
};

struct safetensors_digits safetensors_checksum(const void *data, size_t size);

/* The same in parts: begins with 0, and is written as digits at the end. */
uint32_t safetensors_checksum_add(uint32_t sum, const void *data, size_t size);
struct safetensors_digits safetensors_checksum_text(uint32_t sum);

/* Where in the header (JSON text, '\0' behind it) the eight digits of its own checksum stand, NULL: nowhere.
 */
char *safetensors_checksum_field(char *json);

/* Checksum of `size` bytes, the eight at `field` counted as '0'. */
struct safetensors_digits safetensors_header_checksum(const char *start, size_t size, const char *field);

/* "F32"; not of TENSOR_OTHER. */
const char *safetensors_dtype(enum tensor_type type);
#endif
