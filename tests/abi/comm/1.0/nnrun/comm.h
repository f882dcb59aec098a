/* nnrun/comm.h: the contract between nnrun and a communicator, by which the processes of one training, its ranks, send
 * each other bytes. All that a communicator includes of nnrun is this file. C11 and C++17.
 *
 * A communicator is one shared object, comm_NAME.so, that exports one constant, `nnrun_comm`: a table of facts and
 * functions. nnrun searches for it where it searches for layers, and trusts it by the same rules. It runs no code when
 * it is loaded.
 *
 * It moves bytes and adds nothing up: every sum is nnrun's, in one order, so that the result has the same bits with any
 * number of ranks.
 *
 * Threads. All functions are called by the thread that called open().
 *
 * Order. All ranks call exchange, gather, broadcast, agree and barrier in the same order, with sizes that fit each other.
 * Each of them returns once its memory may be used again.
 *
 * Failure. A function that fails puts one line of text into `why` and returns a number that is not 0. From then on only
 * abort() is called. A rank that ends without close() must make the calls of the others fail, or end them, within
 * seconds. */
#ifndef NNRUN_COMM_H
#define NNRUN_COMM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A communicator compiled for 1.0 is used by every later nnrun of major 1. */
#define NNRUN_COMM_MAGIC 0x6d6f6372u
#define NNRUN_COMM_MAJOR 1
#define NNRUN_COMM_MINOR 0

enum {
    NNRUN_COMM_TEXT = 256,     /* bytes of `why`, its end included */
    NNRUN_COMM_MOST = 1 << 30, /* bytes of a message, of a broadcast, and of all that is gathered */
    NNRUN_COMM_MOST_RANKS = 1 << 16
};

/* What lies first in `nnrun_comm`: numbers alone, which nothing may change when it is loaded. */
struct nnrun_comm_head {
    uint32_t magic;        /* NNRUN_COMM_MAGIC */
    uint16_t major, minor; /* of these headers */
    uint32_t size;         /* sizeof(struct nnrun_comm) */
    uint32_t reserved;     /* 0 */
};
#define NNRUN_COMM_HEAD                                                                                      \
    {                                                                                                        \
        NNRUN_COMM_MAGIC, NNRUN_COMM_MAJOR, NNRUN_COMM_MINOR, (uint32_t)sizeof(struct nnrun_comm), 0         \
    }

/* One of an exchange: to `rank` from `send`, or from `rank` to `receive`; the other one is NULL. Between two ranks
 * messages arrive in the order in which they stand in the array of the sender. */
struct nnrun_comm_message {
    uint32_t rank; /* not one's own */
    uint32_t reserved;
    const void *send;
    void *receive;
    size_t bytes; /* at least 1 */
};

/* What a rank has of all that is gathered. */
struct nnrun_comm_part {
    size_t at, bytes; /* bytes may be 0 */
};

struct nnrun_comm {
    struct nnrun_comm_head head;
    const char *name; /* NAME of comm_NAME.so: [a-z][a-z0-9_]* */
    const char *doc;  /* one line of printable ASCII, no full stop */
    /* Joins the other ranks. *state is what all other functions are given. Whoever started the processes has told the
     * communicator, by the environment or otherwise, how the ranks find each other. */
    int32_t (*open)(void **state, char why[NNRUN_COMM_TEXT]);
    /* This process: 0 .. size - 1; and how many there are: 1 .. NNRUN_COMM_MOST_RANKS. */
    uint32_t (*rank)(void *state);
    uint32_t (*size)(void *state);
    /* All messages of the array, at the same time. */
    int32_t (*exchange)(void *state, const struct nnrun_comm_message *messages, size_t count,
                        char why[NNRUN_COMM_TEXT]);
    /* Each rank has its own part of the memory filled in, parts[rank]; afterwards each has all of them. */
    int32_t (*gather)(void *state, void *memory, const struct nnrun_comm_part *parts,
                      char why[NNRUN_COMM_TEXT]);
    /* From rank `from` to all others. */
    int32_t (*broadcast)(void *state, uint32_t from, void *memory, size_t bytes, char why[NNRUN_COMM_TEXT]);
    /* *bits becomes what any rank has set of it: the bitwise or. */
    int32_t (*agree)(void *state, uint64_t *bits, char why[NNRUN_COMM_TEXT]);
    /* Returns once all ranks have called it. */
    int32_t (*barrier)(void *state, char why[NNRUN_COMM_TEXT]);
    /* In place of close(), after a failure: ends the training of all ranks. It returns, so that this process can still
     * say why; the others may be ended at once, or when this process ends. */
    void (*abort)(void *state);
    /* Leaves, as all ranks do, and frees the state. */
    void (*close)(void *state);
};

#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
extern const struct nnrun_comm nnrun_comm;

#ifdef __cplusplus
}
#endif
#endif
