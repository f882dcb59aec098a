/* random.c: see random.h. */
#include "base/random.h"

static void round_once(uint32_t c[4], const uint32_t key[2])
{
    const uint64_t a = (uint64_t)0xD2511F53u * c[0], b = (uint64_t)0xCD9E8D57u * c[2];
    const uint32_t x = (uint32_t)(b >> 32) ^ c[1] ^ key[0], y = (uint32_t)(a >> 32) ^ c[3] ^ key[1];

    c[1] = (uint32_t)b;
    c[3] = (uint32_t)a;
    c[0] = x;
    c[2] = y;
}

void random_block(struct random_key key, const uint32_t counter[4], uint32_t out[4])
{
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};

    for (int i = 0; i < 10; i++) {
        round_once(c, key.word);
        key.word[0] += 0x9E3779B9u;
        key.word[1] += 0xBB67AE85u;
    }
    for (int i = 0; i < 4; i++)
        out[i] = c[i];
}

void random_block_at(struct random_key key, uint64_t index, uint32_t out[4])
{
    random_block(key, (const uint32_t[4]){(uint32_t)index, (uint32_t)(index >> 32), 0, 0}, out);
}

struct random_key random_key(uint64_t seed, enum random_purpose purpose, const char *name)
{
    /* FNV-1a spreads the name over 64 bits; one Philox block mixes it with the seed. */
    uint64_t hash = 0xcbf29ce484222325u;
    struct random_key key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    uint32_t out[4];

    for (; name && *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    random_block(key, (const uint32_t[4]){(uint32_t)hash, (uint32_t)(hash >> 32), (uint32_t)purpose, 0}, out);
    key.word[0] = out[0];
    key.word[1] = out[1];
    return key;
}

float random_unit(uint32_t bits)
{
    return (float)(bits >> 8) * 0x1p-24f;
}

void random_permutation(struct random_key key, uint32_t a, uint32_t b, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        /* 64 bits by multiplication: the bias is below 2^-32. */
        uint32_t out[4];
        random_block(key, (const uint32_t[4]){a, b, i, 0}, out);
        const uint64_t bits = (uint64_t)out[1] << 32 | out[0];
        const uint32_t j = (uint32_t)(((bits >> 32) * i + ((bits & 0xffffffffu) * i >> 32)) >> 32);
        const uint32_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}
