/* random.h: counter-based random numbers. A number is a function of what it is for, never of what was
 * drawn before, so neither threads nor a resume change it. Philox4x32-10, Salmon et al., "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011. Pure functions, [any thread]. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum random_purpose {                     /* part of the key; never renumber: checkpoints depend on them */
                      RANDOM_INIT = 1,    /* initial weights */
                      RANDOM_SHUFFLE = 2, /* order of samples */
                      RANDOM_LAYER = 3,   /* words handed to layers */
                      RANDOM_CHECK = 4,   /* gradient checks */
                      RANDOM_DIGITS = 5,  /* the digit generator */
                      RANDOM_AUGMENT = 6, /* pictures moved about */
                      RANDOM_SPLIT = 7,   /* samples kept back for validation */
                      RANDOM_PACK = 8,    /* own data split and shuffled */
                      RANDOM_SWEEP = 9    /* values that a sweep draws */
};

struct random_key {
    uint32_t word[2];
};

/* The key of (seed, purpose, name); `name` is a layer or tensor, or NULL. */
struct random_key random_key(uint64_t seed, enum random_purpose purpose, const char *name);

/* 128 random bits for a 128-bit counter. */
void random_block(struct random_key key, const uint32_t counter[4], uint32_t out[4]);

/* The same for counter `index`. */
void random_block_at(struct random_key key, uint64_t index, uint32_t out[4]);

/* Uniform in [0, 1), a multiple of 2^-24. */
float random_unit(uint32_t bits);

/* The j-th index (0 <= j < count) of the permutation of 0 .. count - 1 drawn for (key, a, b), written for
 * all j into order[count]: Fisher-Yates, its draws of 64 bits, so that their bias is below 2^-32. */
void random_permutation(struct random_key key, uint32_t a, uint32_t b, uint32_t *order, uint32_t count);
#endif
