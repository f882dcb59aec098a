/* idx_maker.h: IDX files for the tests, made in memory, whole or broken. Ends the program if that fails. */
#ifndef TESTS_IDX_MAKER_H
#define TESTS_IDX_MAKER_H

#include <stddef.h>
#include <stdint.h>

struct bytes { /* freed with bytes_free */
    uint8_t *data;
    size_t size;
};

void bytes_free(struct bytes *bytes);

/* Frees both; `b` behind `a`. */
struct bytes bytes_join(struct bytes a, struct bytes b);
struct bytes bytes_copy(const void *data, size_t size);

/* One gzip member. */
struct bytes bytes_gzip(const void *data, size_t size);

/* The header of an IDX file of unsigned bytes. */
struct bytes idx_header(uint8_t rank, const uint32_t *dim);

/* Images of height x width >= 4 values: the first four are the sample's number, little-endian, the others
 * follow from it and from where they are. */
struct bytes idx_images(uint32_t count, uint32_t height, uint32_t width);
uint32_t idx_image_number(const uint8_t *pixels);
int idx_image_right(const uint8_t *pixels, size_t size, uint32_t number); /* 1: every value is as made */

/* Labels: sample i has label i % classes. */
struct bytes idx_labels(uint32_t count, uint32_t classes);

/* Writes it below unit_folder(), frees it, and returns the path, like unit_file. */
const char *bytes_file(const char *name, struct bytes bytes);
/* The same as one gzip member. */
const char *bytes_gzip_file(const char *name, struct bytes bytes);
#endif
