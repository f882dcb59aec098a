/* sha256.c: see sha256.h. */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 64, LENGTH_AT = 56 };

static const uint32_t constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t x, int bits)
{
    return x >> bits | x << (32 - bits);
}

/* One round. The state turns by a place each time, instead of moving: the eighth is at its own place again. */
static inline void add_round(uint32_t state[8], size_t round, uint32_t word)
{
    uint32_t *const s[8] = {&state[(0 - round) & 7], &state[(1 - round) & 7], &state[(2 - round) & 7],
                            &state[(3 - round) & 7], &state[(4 - round) & 7], &state[(5 - round) & 7],
                            &state[(6 - round) & 7], &state[(7 - round) & 7]};
    const uint32_t one = *s[7] + (turn(*s[4], 6) ^ turn(*s[4], 11) ^ turn(*s[4], 25)) +
                         ((*s[4] & *s[5]) ^ (~*s[4] & *s[6])) + constants[round] + word;
    const uint32_t two = (turn(*s[0], 2) ^ turn(*s[0], 13) ^ turn(*s[0], 22)) +
                         ((*s[0] & *s[1]) ^ (*s[0] & *s[2]) ^ (*s[1] & *s[2]));

    *s[3] += one;
    *s[7] = one + two;
}

static void add_block(uint32_t state[8], const unsigned char *block)
{
    uint32_t w[ROUNDS], s[8];

    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (size_t i = 16; i < ROUNDS; i++)
        w[i] = w[i - 16] + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(s, state, sizeof s);
    for (size_t i = 0; i < ROUNDS; i += 8) {
        add_round(s, i, w[i]);
        add_round(s, i + 1, w[i + 1]);
        add_round(s, i + 2, w[i + 2]);
        add_round(s, i + 3, w[i + 3]);
        add_round(s, i + 4, w[i + 4]);
        add_round(s, i + 5, w[i + 5]);
        add_round(s, i + 6, w[i + 6]);
        add_round(s, i + 7, w[i + 7]);
    }
    for (size_t i = 0; i < 8; i++)
        state[i] += s[i];
}

void sha256_begin(struct sha256 *sum)
{
    *sum = (struct sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                                     0x1f83d9ab, 0x5be0cd19}};
}

void sha256_add(struct sha256 *sum, const void *data, size_t size)
{
    const unsigned char *from = data;

    while (size > 0) {
        const size_t used = (size_t)(sum->bytes % SHA256_BLOCK), room = SHA256_BLOCK - used;
        const size_t taken = size < room ? size : room;
        memcpy(sum->block + used, from, taken);
        sum->bytes += taken;
        from += taken;
        size -= taken;
        if (taken == room)
            add_block(sum->state, sum->block);
    }
}

void sha256_end(struct sha256 *sum, char text[SHA256_TEXT])
{
    static const unsigned char padding[SHA256_BLOCK] = {0x80};
    const uint64_t bits = sum->bytes * 8;
    const size_t used = (size_t)(sum->bytes % SHA256_BLOCK);
    unsigned char length[8];

    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    sha256_add(sum, padding, (used < LENGTH_AT ? LENGTH_AT : LENGTH_AT + SHA256_BLOCK) - used);
    sha256_add(sum, length, sizeof length);
    for (size_t i = 0; i < 8; i++)
        snprintf(text + 8 * i, 9, "%08x", (unsigned)sum->state[i]);
}
