/* comm_pairs.c: a communicator for version 1.0 of the contract, over socket pairs between processes of one machine, which
 * tests/ranks.c makes and names in $NNRUN_SOCKETS: "RANK SIZE FD FD ...", a descriptor for each rank, -1 for one's own. */
#include <errno.h>
#include <nnrun/comm.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 64 };

struct sockets {
    uint32_t rank, size;
    int fds[MOST];
};

static int32_t failed(char why[NNRUN_COMM_TEXT], const char *what, uint32_t rank)
{
    snprintf(why, NNRUN_COMM_TEXT, "rank %u %s", (unsigned)rank, what);
    return -1;
}

static int32_t open_sockets(void **state, char why[NNRUN_COMM_TEXT])
{
    const char *text = getenv("NNRUN_SOCKETS");
    struct sockets *s = calloc(1, sizeof *s);
    char *end = NULL;

    if (!s || !text) {
        snprintf(why, NNRUN_COMM_TEXT, "%s",
                 s ? "NNRUN_SOCKETS is not set: run tests/ranks" : "out of memory");
        free(s);
        return -1;
    }
    s->rank = (uint32_t)strtoul(text, &end, 10);
    s->size = (uint32_t)strtoul(end, &end, 10);
    for (uint32_t r = 0; r < s->size && r < MOST; r++)
        s->fds[r] = (int)strtol(end, &end, 10);
    *state = s;
    return 0;
}

static uint32_t get_rank(void *state)
{
    const struct sockets *s = state;

    return s->rank;
}

static uint32_t get_size(void *state)
{
    const struct sockets *s = state;

    return s->size;
}

/* The first message to or from a rank that is not done yet. */
static size_t find(const struct nnrun_comm_message *messages, const size_t *done, size_t count, uint32_t rank,
                   int sends)
{
    size_t i = 0;

    while (i < count &&
           (messages[i].rank != rank || (messages[i].send != NULL) != sends || done[i] == messages[i].bytes))
        i++;
    return i;
}

/* Moves what can be moved without waiting. 1: it is done; 0; -1: the other end is gone. */
static int move(int fd, const struct nnrun_comm_message *message, size_t *done)
{
    const size_t left = message->bytes - *done;
    ssize_t moved;

    if (message->send)
        moved = send(fd, (const char *)message->send + *done, left, MSG_DONTWAIT | MSG_NOSIGNAL);
    else
        moved = recv(fd, (char *)message->receive + *done, left, MSG_DONTWAIT);
    if (moved > 0)
        *done += (size_t)moved;
    else if (moved == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        return -1;
    return *done == message->bytes;
}

static int32_t exchange_until(const struct sockets *s, const struct nnrun_comm_message *messages,
                              size_t *done, size_t count, char why[NNRUN_COMM_TEXT])
{
    struct pollfd polls[MOST];

    for (;;) {
        nfds_t waiting = 0;
        for (uint32_t r = 0; r < s->size; r++) {
            short events = 0;
            for (int sends = 0; sends < 2; sends++) {
                size_t i;
                int moved = 1;
                while (moved == 1 && (i = find(messages, done, count, r, sends)) < count)
                    moved = move(s->fds[r], &messages[i], &done[i]);
                if (moved < 0)
                    return failed(why, "is gone", r);
                events |= (short)(moved == 1 ? 0 : sends ? POLLOUT : POLLIN);
            }
            if (events)
                polls[waiting++] = (struct pollfd){.fd = s->fds[r], .events = events};
        }
        if (waiting == 0)
            return 0;
        if (poll(polls, waiting, -1) < 0 && errno != EINTR)
            return failed(why, strerror(errno), s->rank);
    }
}

static int32_t exchange(void *state, const struct nnrun_comm_message *messages, size_t count,
                        char why[NNRUN_COMM_TEXT])
{
    size_t *done = calloc(count + 1, sizeof *done);
    int32_t result;

    if (!done)
        return failed(why, "is out of memory", get_rank(state));
    result = exchange_until(state, messages, done, count, why);
    free(done);
    return result;
}

static int32_t gather(void *state, void *memory, const struct nnrun_comm_part *parts,
                      char why[NNRUN_COMM_TEXT])
{
    const struct sockets *s = state;
    struct nnrun_comm_message messages[2 * MOST];
    size_t count = 0;

    for (uint32_t r = 0; r < s->size; r++) {
        if (r != s->rank && parts[s->rank].bytes > 0)
            messages[count++] = (struct nnrun_comm_message){
                .rank = r, .send = (char *)memory + parts[s->rank].at, .bytes = parts[s->rank].bytes};
        if (r != s->rank && parts[r].bytes > 0)
            messages[count++] = (struct nnrun_comm_message){
                .rank = r, .receive = (char *)memory + parts[r].at, .bytes = parts[r].bytes};
    }
    return exchange(state, messages, count, why);
}

static int32_t broadcast(void *state, uint32_t from, void *memory, size_t bytes, char why[NNRUN_COMM_TEXT])
{
    const struct sockets *s = state;
    struct nnrun_comm_message messages[MOST];
    size_t count = 0;

    for (uint32_t r = 0; s->rank == from && r < s->size; r++)
        if (r != from)
            messages[count++] = (struct nnrun_comm_message){.rank = r, .send = memory, .bytes = bytes};
    if (s->rank != from)
        messages[count++] = (struct nnrun_comm_message){.rank = from, .receive = memory, .bytes = bytes};
    return exchange(state, messages, count, why);
}

static int32_t agree(void *state, uint64_t *bits, char why[NNRUN_COMM_TEXT])
{
    const struct sockets *s = state;
    struct nnrun_comm_part parts[MOST];
    uint64_t all[MOST];
    int32_t result;

    for (uint32_t r = 0; r < s->size; r++)
        parts[r] = (struct nnrun_comm_part){.at = r * sizeof *all, .bytes = sizeof *all};
    all[s->rank] = *bits;
    result = gather(state, all, parts, why);
    for (uint32_t r = 0; result == 0 && r < s->size; r++)
        *bits |= all[r];
    return result;
}

static int32_t barrier(void *state, char why[NNRUN_COMM_TEXT])
{
    uint64_t bits = 0;

    return agree(state, &bits, why);
}

/* Whoever waits for this rank finds the end of what it sends. */
static void leave(void *state)
{
    struct sockets *s = state;

    for (uint32_t r = 0; r < s->size; r++)
        if (s->fds[r] >= 0)
            close(s->fds[r]);
    free(s);
}

const struct nnrun_comm nnrun_comm = {
    .head = NNRUN_COMM_HEAD,
    .name = "pairs",
    .doc = "processes of one machine, joined by socket pairs, for tests",
    .open = open_sockets,
    .rank = get_rank,
    .size = get_size,
    .exchange = exchange,
    .gather = gather,
    .broadcast = broadcast,
    .agree = agree,
    .barrier = barrier,
    .abort = leave,
    .close = leave,
};
