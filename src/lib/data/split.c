/* split.c: see split.h. */
#include "data/split.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/idx_numbers.h"

enum { CLASSES = 256, PIECE = 65536 /* bytes read at once */ };

struct split {
    uint64_t samples[CLASSES]; /* of each class */
    uint64_t back[CLASSES];    /* ... and how many of them are drawn */
};

/* Calls use(arg, number, class) for each sample, from the first. */
typedef void use_label(void *arg, size_t number, uint8_t class);
static int each_label(struct idx_file *labels, use_label *use, void *arg, struct error *error)
{
    const size_t all = idx_file_count(labels), width = idx_file_sample_values(labels);
    const size_t most = width < PIECE ? PIECE / width : 1;
    uint8_t *piece = memory_array(most, width);
    int result;

    if (!piece)
        return error_memory(error);
    result = idx_file_rewind(labels, error);
    for (size_t at = 0; result == 0 && at < all;) {
        const size_t count = all - at < most ? all - at : most;

        result = idx_read_labels(labels, count, piece, error);
        for (size_t i = 0; result == 0 && i < count; i++)
            use(arg, at + i, width == 1 ? piece[i] : 0);
        at += count;
    }
    free(piece);
    return result == 0 ? idx_file_rewind(labels, error) : result;
}

static void count_label(void *arg, size_t number, uint8_t class)
{
    struct split *split = arg;

    (void)number;
    split->samples[class]++;
}

/* Shares `back` out: samples x back / all each, rounded down, and then one more by the largest remainders. Both factors
 * are below 2^32. */
static void share_out(struct split *split, uint64_t back, uint64_t all)
{
    bool given[CLASSES] = {false};
    uint64_t left = back;

    for (size_t c = 0; c < CLASSES; c++) {
        split->back[c] = split->samples[c] * back / all;
        left -= split->back[c];
    }
    for (; left > 0; left--) {
        size_t best = CLASSES;
        for (size_t c = 0; c < CLASSES; c++)
            if (!given[c] &&
                (best == CLASSES || split->samples[c] * back % all > split->samples[best] * back % all))
                best = c;
        given[best] = true;
        split->back[best]++;
    }
}

/* The draw: each sample in turn, with the probability that the class still needs it. */
struct draw {
    struct random_key key;
    struct split open;       /* samples of each class that are to come, and how many of them to draw */
    uint32_t *others, *back; /* the next places in the index */
};

static void draw_sample(void *arg, size_t number, uint8_t class)
{
    struct draw *draw = arg;
    uint64_t *left = &draw->open.samples[class], *needed = &draw->open.back[class];
    const uint32_t counter[4] = {(uint32_t)*left, class};
    uint32_t words[4];

    /* below `left` by the upper half of a product of 32 bits each: biased by less than 2^-32 x left */
    random_block(draw->key, counter, words);
    if ((uint64_t)words[0] * *left >> 32 < *needed) {
        --*needed;
        *draw->back++ = (uint32_t)number;
    } else {
        *draw->others++ = (uint32_t)number;
    }
    --*left;
}

int split_by_class(struct idx_file *labels, size_t back, uint64_t seed, uint32_t *index, struct error *error)
{
    const size_t all = idx_file_count(labels);
    struct draw draw = {
        .key = random_key(seed, RANDOM_SPLIT, NULL), .others = index, .back = index + (all - back)};

    if (each_label(labels, count_label, &draw.open, error) != 0)
        return -1;
    share_out(&draw.open, back, all);
    return each_label(labels, draw_sample, &draw, error);
}
