/* net_pack.c: see net_pack.h. Four ways are tried in turn until the buffers take no more than is alive at once;
 * the one that takes least is kept:
 *
 * BY_SIZE: largest first, each at the lowest place that is free while it is alive.
 *
 * BY_AREA: the same, but by size times time alive.
 *
 * BY_BIRTH: in the order they come alive, within the most bytes that are alive at once. Each lies beside
 * whatever lives longest: an end of the memory before all, else the neighbour that goes last. So buffers that
 * go early lie together and leave one piece of room. Two neighbours of a chain lie at its two ends, and the
 * next takes the end of the one that has gone.
 *
 * LASTING_FIRST: the same, but first what lives to the very end. Coming late, it would lie in the middle of the
 * others' room.
 *
 * What each is worth, measured as the bytes the best of the other three takes more. Without BY_SIZE: cnn.cfg 4 %,
 * random graphs up to 27 %. Without BY_AREA: caffe-lenet.cfg 16 %, mlp.cfg 7 %, resnet-mini.cfg 5 %. BY_BIRTH
 * and LASTING_FIRST change no shipped config, but long chains take up to 37 % more for inference without the
 * one and up to 9 % more for training without the other. */
#include "net/net_pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum way { BY_SIZE, BY_AREA, BY_BIRTH, LASTING_FIRST, WAYS };

struct packing {
    struct net_buffer *const *buffers; /* [count] */
    size_t count;
    struct net_buffer **order, **placed; /* [count]; placed: sorted by place */
    size_t *best;                        /* [count]: places */
    size_t *gone;                        /* [times]: bytes of those that are alive until then */
};

static int by_size(const void *a, const void *b)
{
    const struct net_buffer *x = *(struct net_buffer *const *)a, *y = *(struct net_buffer *const *)b;

    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return x < y ? -1 : 1;
}

static double area(const struct net_buffer *buffer)
{
    return (double)buffer->bytes * (double)(buffer->to - buffer->from + 1);
}

static int by_area(const void *a, const void *b)
{
    const struct net_buffer *x = *(struct net_buffer *const *)a, *y = *(struct net_buffer *const *)b;

    if (area(x) != area(y))
        return area(x) < area(y) ? 1 : -1;
    return by_size(a, b);
}

static int by_birth(const void *a, const void *b)
{
    const struct net_buffer *x = *(struct net_buffer *const *)a, *y = *(struct net_buffer *const *)b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? 1 : -1;
    return by_size(a, b);
}

static bool alive_together(const struct net_buffer *a, const struct net_buffer *b)
{
    return a->from <= b->to && b->from <= a->to;
}

static size_t lowest_place(const struct net_buffer *buffer, struct net_buffer *const *placed, size_t count)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        const struct net_buffer *other = placed[i];
        if (!alive_together(buffer, other) || other->at + other->bytes <= at)
            continue;
        if (other->at >= at && other->at - at >= buffer->bytes)
            break;
        at = other->at + other->bytes;
    }
    return at;
}

/* Above all others if there is no room below `end`. */
static size_t place_beside_longest(const struct net_buffer *buffer, struct net_buffer *const *placed,
                                   size_t count, size_t end)
{
    size_t gap = 0, below = SIZE_MAX; /* where the gap begins, and how long what lies below it lives */
    size_t best = SIZE_MAX, longest = 0;

    for (size_t i = 0; i <= count; i++) {
        const struct net_buffer *other = i < count ? placed[i] : NULL;
        const size_t top = other ? other->at : end, above = other ? other->to : SIZE_MAX;
        const size_t lives = below >= above ? below : above;
        if (other && !alive_together(buffer, other))
            continue;
        if (top >= gap && top - gap >= buffer->bytes && lives > longest) {
            best = below >= above ? gap : top - buffer->bytes;
            longest = lives;
        }
        if (other && other->at + other->bytes >= gap) {
            gap = other->at + other->bytes;
            below = other->to;
        }
    }
    return best == SIZE_MAX ? gap : best;
}

/* Places the buffers of packing->order, below `end` if that can be. Returns what they take, SIZE_MAX if that
 * does not fit. */
static size_t place_all(const struct packing *packing, enum way way, size_t end)
{
    struct net_buffer **placed = packing->placed;
    size_t bytes = 0;

    for (size_t i = 0; i < packing->count; i++) {
        struct net_buffer *buffer = packing->order[i];
        size_t top, slot = i;
        buffer->at =
            way < BY_BIRTH ? lowest_place(buffer, placed, i) : place_beside_longest(buffer, placed, i, end);
        if (!size_add(buffer->at, buffer->bytes, &top))
            return SIZE_MAX;
        bytes = top > bytes ? top : bytes;
        for (; slot > 0 && placed[slot - 1]->at > buffer->at; slot--)
            placed[slot] = placed[slot - 1];
        placed[slot] = buffer;
    }
    return bytes;
}

static void sort_for(const struct packing *packing, enum way way)
{
    static int (*const orders[WAYS])(const void *, const void *) = {by_size, by_area, by_birth, by_birth};
    struct net_buffer **order = packing->order;
    size_t last = 0, used = 0;

    memcpy(order, packing->buffers, packing->count * sizeof(struct net_buffer *));
    qsort(order, packing->count, sizeof(struct net_buffer *), orders[way]);
    if (way != LASTING_FIRST)
        return;
    for (size_t i = 0; i < packing->count; i++)
        last = order[i]->to > last ? order[i]->to : last;
    for (int lasting = 1; lasting >= 0; lasting--)
        for (size_t i = 0; i < packing->count; i++)
            if ((order[i]->to == last) == lasting)
                packing->placed[used++] = order[i];
    memcpy(order, packing->placed, packing->count * sizeof(struct net_buffer *));
}

/* The most bytes that are alive at once, of buffers that are known to fit. */
static size_t most_alive(const struct packing *packing)
{
    size_t alive = 0, most = 0, time = 0;

    sort_for(packing, BY_BIRTH);
    for (size_t i = 0; i < packing->count; i++) {
        const struct net_buffer *buffer = packing->order[i];
        for (; time < buffer->from; time++)
            alive -= packing->gone[time];
        alive += buffer->bytes;
        packing->gone[buffer->to] += buffer->bytes;
        most = alive > most ? alive : most;
    }
    return most;
}

static size_t pack_best(const struct packing *packing)
{
    size_t bytes = SIZE_MAX, least = 0;

    for (int way = 0; way < WAYS && bytes > least; way++) {
        size_t now;
        sort_for(packing, (enum way)way);
        now = place_all(packing, (enum way)way, least);
        if (now == SIZE_MAX)
            break;
        if (way == BY_SIZE)
            least = most_alive(packing);
        for (size_t i = 0; now < bytes && i < packing->count; i++)
            packing->best[i] = packing->buffers[i]->at;
        bytes = now < bytes ? now : bytes;
    }
    for (size_t i = 0; i < packing->count; i++)
        packing->buffers[i]->at = packing->best[i];
    return bytes;
}

int net_pack(struct net_buffer *const *buffers, size_t count, size_t times, size_t *bytes,
             struct error *error)
{
    const struct packing packing = {.buffers = buffers,
                                    .count = count,
                                    .order = memory_array(count, sizeof(struct net_buffer *)),
                                    .placed = memory_array(count, sizeof(struct net_buffer *)),
                                    .best = memory_array(count, sizeof *packing.best),
                                    .gone = memory_array(times, sizeof *packing.gone)};
    int result = 0;

    if (packing.order && packing.placed && packing.best && packing.gone)
        *bytes = pack_best(&packing);
    else
        result = error_memory(error);
    free(packing.order);
    free(packing.placed);
    free(packing.best);
    free(packing.gone);
    return result;
}
