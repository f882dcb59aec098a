/* sha256.h: SHA-256 (FIPS 180-4), as sha256sum prints it. [any thread] */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BLOCK = 64, SHA256_TEXT = 65 };

struct sha256 {
    uint32_t state[8];
    uint64_t bytes; /* so far */
    unsigned char block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *sum);
void sha256_add(struct sha256 *sum, const void *data, size_t size);

/* The sum as 64 lower-case hex digits, which ends it. */
void sha256_end(struct sha256 *sum, char text[SHA256_TEXT]);
#endif
