/* rank_sum.c: see rank_sum.h. */
#include "train/rank_sum.h"

#include <stdlib.h>

#include "base/memory.h"
#include "net/gradient_sum.h"

/* Subtree `g`, of `stride` groups where there are so many. */
struct root {
    unsigned g, stride;
};

static size_t count_blocks(const struct executor_spec *spec)
{
    return (spec->net->learned + NET_BLOCK - 1) / NET_BLOCK;
}

/* Where block `block` begins, in floats: the last one may be short. */
static size_t block_at(const struct executor_spec *spec, size_t block)
{
    const size_t at = block * NET_BLOCK;

    return at < spec->net->learned ? at : spec->net->learned;
}

static unsigned first_group(const struct executor_spec *spec, uint32_t r)
{
    return (unsigned)ranks_begin(spec->ranks, r, spec->groups);
}

void rank_sum_groups(const struct executor_spec *spec, unsigned *from, unsigned *to)
{
    const uint32_t rank = ranks_rank(spec->ranks);

    *from = first_group(spec, rank);
    *to = first_group(spec, rank + 1);
}

/* The next root of a rank whose groups end at `end`, of `groups` in all; false: there is none from *g on. */
static bool next_root(unsigned *g, unsigned end, unsigned groups, struct root *root)
{
    const unsigned last = end < groups ? end : groups;

    if (*g >= last)
        return false;
    *root = (struct root){*g, 1};
    /* past the last group there is nothing: there a subtree is whole that seems to end later */
    while (*g % (2 * root->stride) == 0 &&
           (*g + 2 * root->stride <= last || (last == groups && *g + root->stride < groups)))
        root->stride *= 2;
    *g += root->stride;
    return true;
}

/* The roots of all other ranks, and of this one, in any batch: no shorter one has more. */
static void count_roots(const struct executor_spec *spec, size_t *others, size_t *own)
{
    struct root root;

    *others = *own = 0;
    for (uint32_t r = 0; r < ranks_size(spec->ranks); r++) {
        size_t *count = r == ranks_rank(spec->ranks) ? own : others;
        const unsigned begin = first_group(spec, r), end = first_group(spec, r + 1);
        size_t most = 0;

        for (unsigned groups = 1; groups <= spec->groups; groups++) {
            size_t now = 0;
            for (unsigned g = begin; next_root(&g, end, groups, &root);)
                now++;
            most = now > most ? now : most;
        }
        *count += most;
    }
}

static size_t share_blocks(const struct executor_spec *spec)
{
    const uint32_t rank = ranks_rank(spec->ranks);
    const size_t blocks = count_blocks(spec);

    return ranks_begin(spec->ranks, rank + 1, blocks) - ranks_begin(spec->ranks, rank, blocks);
}

bool rank_sum_add_bytes(const struct executor_spec *spec, size_t *total)
{
    size_t others, own;

    if (!spec->ranks || spec->groups == 0)
        return true;
    count_roots(spec, &others, &own);
    return size_add_array(total, others, share_blocks(spec) * NET_BLOCK * sizeof(float));
}

int rank_sum_init(struct rank_sum *sum, const struct executor_spec *spec)
{
    const size_t ranks = ranks_size(spec->ranks), share = share_blocks(spec) * NET_BLOCK;
    size_t others, own, floats;

    *sum = (struct rank_sum){.spec = spec};
    if (!spec->ranks)
        return 0;
    count_roots(spec, &others, &own);
    if (!size_multiply(others, share, &floats))
        return -1;
    sum->received = memory_array(floats, sizeof *sum->received);
    sum->parts = memory_array(spec->groups, sizeof *sum->parts);
    sum->begin = memory_array(ranks + 1, sizeof *sum->begin);
    sum->messages = memory_array(others + own * ranks, sizeof *sum->messages);
    if (!sum->received || !sum->parts || !sum->begin || !sum->messages)
        return -1;
    for (uint32_t r = 0; r <= ranks; r++)
        sum->begin[r] = block_at(spec, ranks_begin(spec->ranks, r, count_blocks(spec)));
    return 0;
}

void rank_sum_finish(struct rank_sum *sum)
{
    free(sum->received);
    free(sum->parts);
    free(sum->begin);
    free(sum->messages);
}

/* ---- sums ----------------------------------------------------------------------------------------------- */

/* Within this rank's subtrees, on a block: the roots have the sums then. */
static void sum_subtrees(void *arg, unsigned block, unsigned thread)
{
    const struct rank_sum *sum = arg;
    const struct executor_spec *spec = sum->spec;
    const size_t from = block_at(spec, block), count = block_at(spec, (size_t)block + 1) - from;
    unsigned begin, end;
    struct root root;

    (void)thread;
    rank_sum_groups(spec, &begin, &end);
    for (unsigned at = begin; next_root(&at, end, sum->groups, &root);)
        for (unsigned s = 1; s < root.stride; s *= 2)
            for (unsigned g = root.g; g + s < root.g + root.stride && g + s < sum->groups; g += 2 * s)
                gradient_sum(spec->level)(sum->gradients[g] + from, sum->gradients[g + s] + from, count);
}

/* The rest of the tree, on a block of this rank's share. */
static void sum_roots(void *arg, unsigned block, unsigned thread)
{
    const struct rank_sum *sum = arg;
    const struct executor_spec *spec = sum->spec;
    const uint32_t rank = ranks_rank(spec->ranks);
    const size_t share = sum->begin[rank + 1] - sum->begin[rank], at = (size_t)block * NET_BLOCK;
    const size_t count = share - at < NET_BLOCK ? share - at : NET_BLOCK;

    (void)thread;
    for (unsigned s = 1; s < sum->groups; s *= 2)
        for (unsigned g = 0; g + s < sum->groups; g += 2 * s)
            if (sum->parts[g] && sum->parts[g + s])
                gradient_sum(spec->level)(sum->parts[g] + at, sum->parts[g + s] + at, count);
}

/* ---- messages ------------------------------------------------------------------------------------------- */

static void add_message(struct rank_sum *sum, uint32_t rank, const float *send, float *receive, size_t floats)
{
    sum->messages[sum->message_count++] = (struct nnrun_comm_message){
        .rank = rank, .send = send, .receive = receive, .bytes = floats * sizeof(float)};
}

/* Rank r gets its share of root g, which is this rank's. */
static void send_root(struct rank_sum *sum, unsigned g)
{
    const struct executor_spec *spec = sum->spec;

    for (uint32_t r = 0; r < ranks_size(spec->ranks); r++) {
        const size_t from = sum->begin[r], to = sum->begin[r + 1];

        if (r == ranks_rank(spec->ranks))
            sum->parts[g] = sum->gradients[g] + from;
        else
            add_message(sum, r, sum->gradients[g] + from, NULL, to - from);
    }
}

/* All messages, and where this rank's shares of all roots will be. */
static void plan_messages(struct rank_sum *sum)
{
    const struct executor_spec *spec = sum->spec;
    const uint32_t rank = ranks_rank(spec->ranks);
    const size_t from = sum->begin[rank], share = sum->begin[rank + 1] - from;
    float *next = sum->received;
    struct root root;

    sum->message_count = 0;
    for (unsigned g = 0; g < spec->groups; g++)
        sum->parts[g] = NULL;
    for (uint32_t r = 0; r < ranks_size(spec->ranks); r++)
        for (unsigned at = first_group(spec, r);
             next_root(&at, first_group(spec, r + 1), sum->groups, &root);) {
            if (r == rank) {
                send_root(sum, root.g);
                continue;
            }
            /* the first one is where the sum is to be */
            sum->parts[root.g] = root.g == 0 ? sum->gradients[0] + from : next;
            next += root.g == 0 ? 0 : share;
            add_message(sum, r, NULL, sum->parts[root.g], share);
        }
}

void rank_sum_run(struct rank_sum *sum, float **gradients, unsigned groups)
{
    const struct executor_spec *spec = sum->spec;
    struct ranks *ranks = spec->ranks;

    sum->gradients = gradients;
    sum->groups = groups;
    thread_pool_run(spec->pool, (unsigned)count_blocks(spec), sum_subtrees, sum);
    plan_messages(sum);
    ranks_exchange(ranks, sum->messages, sum->message_count);
    if (ranks_broken(ranks))
        return;
    thread_pool_run(spec->pool, (unsigned)share_blocks(spec), sum_roots, sum);
    ranks_gather(ranks, gradients[0], sum->begin, spec->net->learned, sizeof(float));
}
