/* npy_header.h: what a NumPy array in a file is, by its header, versions 1 to 3:
 *
 *   \x93NUMPY, major, minor, the length of the text (2 bytes, from version 2 on 4, little-endian)
 *   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
 *
 * Nothing of a header is believed but what it says of its own text. [any thread] */
#ifndef PACK_NPY_HEADER_H
#define PACK_NPY_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { NPY_BEGIN = 12, NPY_MOST_TEXT = 65536, NPY_MOST_RANK = 4, NPY_MOST_DIMENSION = 0x7fffffff };

struct npy_header {
    char kind;          /* of values: 'b'oolean, 'u'nsigned, 'i'nteger, 'f'loat */
    size_t value_bytes; /* 1, 2, 4 or 8 */
    size_t rank;        /* 0 to NPY_MOST_RANK */
    size_t dimension[NPY_MOST_RANK];
};

/* By the first NPY_BEGIN bytes: *before of them, and of the text, lie before the values; *text of these are the text's. 0, or
 * -1 after setting error, "REASON". */
int npy_begin_read(const uint8_t begin[NPY_BEGIN], size_t *before, size_t *text, struct error *error);
/* Of the text as a string; it need not end with '\0'. 0, or -1 after setting error, "REASON". */
int npy_text_read(struct npy_header *header, const char *string, size_t length, struct error *error);

/* Value `i` of those at `bytes`; exactly, but of 64-bit integers beyond 2^53. */
double npy_value(const struct npy_header *header, const uint8_t *bytes, size_t i);
#endif
