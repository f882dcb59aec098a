/* fuzz_header.h: changes of a checkpoint that get past its checksums: of its JSON, and of what that says. */
#ifndef TESTS_FUZZ_HEADER_H
#define TESTS_FUZZ_HEADER_H

#include <stddef.h>
#include <stdint.h>

/* Makes the header's checksum right, if there is a header that has one. */
void fuzz_header_repair(uint8_t *file, size_t size);

/* Changes a checkpoint of `size` bytes in place, one in sixteen without making checksums right. Returns its new size,
 * at most `most`. */
size_t fuzz_header_change(uint8_t *file, size_t size, size_t most, unsigned seed);
#endif
