/* ranks.c: see ranks.h. */
#include "train/ranks.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FAILURE_TEXT = 4096 };

/* Beyond enum ranks_bits. */
#define BIT_FAILED (UINT64_C(1) << 32)

/* Why a rank failed, as it is sent. */
struct failure {
    int32_t code;
    char text[FAILURE_TEXT];
};

struct ranks {
    struct comm *comm;
    uint32_t rank, size;
    bool failed, broken;  /* all know of a failure; what was between the ranks failed */
    struct error between; /* why */
    struct nnrun_comm_part *parts;
    uint8_t *who; /* [size] 1: that rank failed */
    struct failure failure;
};

struct ranks *ranks_open(struct registry *registry, const char *communicator, struct error *error)
{
    struct ranks *ranks = memory_array(1, sizeof *ranks);

    if (!ranks) {
        error_memory(error);
        return NULL;
    }
    ranks->comm = comm_open(registry, communicator, error);
    if (!ranks->comm) {
        ranks_close(ranks);
        return NULL;
    }
    ranks->rank = comm_rank(ranks->comm);
    ranks->size = comm_size(ranks->comm);
    ranks->parts = memory_array(ranks->size, sizeof *ranks->parts);
    ranks->who = memory_array(ranks->size, sizeof *ranks->who);
    if (ranks->parts && ranks->who)
        return ranks;
    ranks->broken = true; /* the others wait */
    error_memory(error);
    ranks_close(ranks);
    return NULL;
}

void ranks_close(struct ranks *ranks)
{
    if (!ranks)
        return;
    comm_close(ranks->comm, ranks->broken);
    error_clear(&ranks->between);
    free(ranks->parts);
    free(ranks->who);
    free(ranks);
}

uint32_t ranks_rank(const struct ranks *ranks)
{
    return ranks ? ranks->rank : 0;
}

uint32_t ranks_size(const struct ranks *ranks)
{
    return ranks ? ranks->size : 1;
}

size_t ranks_begin(const struct ranks *ranks, uint32_t r, size_t count)
{
    const size_t size = ranks_size(ranks);

    return count / size * r + count % size * r / size; /* no product overflows */
}

bool ranks_writes(const struct ranks *ranks)
{
    return ranks_rank(ranks) == 0;
}

bool ranks_told(const struct ranks *ranks)
{
    return ranks && ranks->rank > 0 && ranks->failed && !ranks->broken;
}

bool ranks_broken(const struct ranks *ranks)
{
    return ranks && ranks->broken;
}

/* ---- failures ------------------------------------------------------------------------------------------- */

/* The first rank that failed. */
static uint32_t first_failed(struct ranks *ranks, int failed)
{
    uint32_t first = 0;

    for (uint32_t r = 0; r < ranks->size; r++)
        ranks->parts[r] = (struct nnrun_comm_part){.at = r, .bytes = 1};
    ranks->who[ranks->rank] = failed != 0;
    if (comm_gather(ranks->comm, ranks->who, ranks->parts, &ranks->between) != 0)
        ranks->broken = true;
    while (first + 1 < ranks->size && !ranks->who[first])
        first++;
    return first;
}

/* The error of another rank, or of one whose rank is to be named: a message for each line. */
static void take_failure(struct ranks *ranks, uint32_t first, struct error *error)
{
    const struct failure *failure = &ranks->failure;
    const enum error_code code = (enum error_code)failure->code;

    error_clear(error);
    if (code == ERROR_MEMORY && first == 0) {
        error_memory(error);
        return;
    }
    error_add_lines(error, code == ERROR_MEMORY || code == ERROR_NONE ? ERROR_FAILED : code, failure->text);
    if (first > 0)
        error_prefix(error, "rank %u: ", (unsigned)first);
}

/* All ranks fail with the error of the first one that did. */
static int share_failure(struct ranks *ranks, int failed, struct error *error)
{
    const uint32_t first = first_failed(ranks, failed);
    struct failure *failure = &ranks->failure;

    if (!ranks->broken && first == ranks->rank) {
        const char *text = error_text(error);

        failure->code = (int32_t)error->code;
        strncpy(failure->text, *text ? text : "it failed", sizeof failure->text - 1);
    }
    if (!ranks->broken && comm_broadcast(ranks->comm, first, failure, sizeof *failure, &ranks->between) != 0)
        ranks->broken = true;
    if (ranks->broken)
        return -1;
    failure->text[sizeof failure->text - 1] = '\0';
    if (ranks->rank > 0 || first > 0)
        take_failure(ranks, first, error);
    return -1;
}

int ranks_agree(struct ranks *ranks, unsigned bits, int failed, unsigned *all, struct error *error)
{
    uint64_t word = bits | (failed ? BIT_FAILED : 0);

    if (all)
        *all = bits;
    if (!ranks)
        return failed ? -1 : 0;
    if (ranks->failed)
        return -1;
    if (!ranks->broken && comm_agree(ranks->comm, &word, &ranks->between) != 0)
        ranks->broken = true;
    if (!ranks->broken && !(word & BIT_FAILED)) {
        if (all)
            *all = (unsigned)word;
        return 0;
    }
    ranks->failed = true;
    if (!ranks->broken)
        share_failure(ranks, failed, error);
    /* what this rank says of itself tells more than that others are gone */
    if (ranks->broken && error->code == ERROR_NONE)
        error_move(&ranks->between, error);
    if (ranks->broken && ranks->rank > 0)
        error_prefix(error, "rank %u: ", (unsigned)ranks->rank); /* each says what it knows */
    return -1;
}

/* ---- what is sent --------------------------------------------------------------------------------------- */

void ranks_gather(struct ranks *ranks, void *memory, const size_t *begin, size_t units, size_t size)
{
    if (!ranks || ranks->broken || ranks->failed)
        return;
    for (uint32_t r = 0; r < ranks->size; r++) {
        const size_t from = begin[r] < units ? begin[r] : units;
        const size_t to = begin[r + 1] < units ? begin[r + 1] : units;

        ranks->parts[r] = (struct nnrun_comm_part){.at = from * size, .bytes = (to - from) * size};
    }
    if (comm_gather(ranks->comm, memory, ranks->parts, &ranks->between) != 0)
        ranks->broken = true;
}

void ranks_broadcast(struct ranks *ranks, void *memory, size_t bytes)
{
    if (ranks && !ranks->broken && !ranks->failed &&
        comm_broadcast(ranks->comm, 0, memory, bytes, &ranks->between) != 0)
        ranks->broken = true;
}

void ranks_exchange(struct ranks *ranks, const struct nnrun_comm_message *messages, size_t count)
{
    if (ranks && !ranks->broken && !ranks->failed &&
        comm_exchange(ranks->comm, messages, count, &ranks->between) != 0)
        ranks->broken = true;
}
