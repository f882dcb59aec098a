/* spool.c: see spool.h. A record is: values, several labels, the place. */
#include "pack/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"

enum {
    BUFFER = 1 << 20,
    FIRST_ROOM = 4096,
    ATTEMPTS = 1000,
    SAMPLE_MEMORY =
        56 /* what pack holds of each sample at once: these, its part, and what finds equal ones */
};

static int fail(const struct spool *spool, const char *what, int reason, struct error *error)
{
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = spool->folder}, "%s: %s", what,
                        strerror(reason));
}

static int open_unnamed(struct spool *spool, struct error *error)
{
    int reason = EEXIST;

    for (unsigned n = 0; n < ATTEMPTS && reason == EEXIST; n++) {
        char *path = memory_format("%s/.samples.tmp-%ld-%u", spool->folder, (long)getpid(), n);
        if (!path)
            return error_memory(error);
        spool->fd = file_open(path, O_RDWR | O_CREAT | O_EXCL);
        reason = errno;
        if (spool->fd >= 0 && unlink(path) != 0) {
            reason = errno;
            close(spool->fd);
            spool->fd = -1;
        }
        free(path);
        if (spool->fd >= 0)
            return 0;
    }
    return fail(spool, "cannot write in it", reason, error);
}

int spool_open(struct spool *spool, const char *folder, const struct pack_form *form, struct error *error)
{
    const size_t value = form->kind == PACK_FLOATS ? sizeof(float) : 1;

    *spool = (struct spool){.folder = folder, .fd = -1, .kind = form->kind};
    spool->values = nnrun_values(&form->shape);
    spool->labels = form->label_width > 1 ? form->label_width : 0;
    if (!size_multiply(spool->values, value, &spool->value_bytes) ||
        !size_add(spool->value_bytes, spool->labels + SPOOL_PLACE, &spool->record))
        return error_memory(error);
    spool->most = memory_physical() / SAMPLE_MEMORY;
    spool->room = FIRST_ROOM;
    spool->samples = malloc(spool->room * sizeof *spool->samples);
    spool->buffer = malloc(spool->record > BUFFER ? spool->record : BUFFER);
    if (!spool->samples || !spool->buffer)
        return error_memory(error);
    return open_unnamed(spool, error);
}

void spool_close(struct spool *spool)
{
    if (spool->record == 0)
        return;
    if (spool->fd >= 0)
        close(spool->fd);
    free(spool->samples);
    free(spool->buffer);
    *spool = (struct spool){.fd = -1};
}

/* FNV's step over words of eight bytes, its upper bits folded in; what is behind them byte by byte. */
static uint64_t hash_of(const uint8_t *bytes, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u ^ size, word;
    size_t i = 0;

    for (; i + sizeof word <= size; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    for (; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

static bool is_constant(const struct spool *spool, const uint8_t *bytes)
{
    const size_t value = spool->value_bytes / spool->values;

    return spool->values > 1 && memcmp(bytes, bytes + value, spool->value_bytes - value) == 0;
}

static void put_values(const struct spool *spool, const void *values, uint8_t *to)
{
    if (spool->kind == PACK_BYTES) {
        memcpy(to, values, spool->value_bytes);
        return;
    }
    for (size_t i = 0; i < spool->values; i++) {
        uint32_t bits;
        memcpy(&bits, (const char *)values + i * sizeof bits, sizeof bits);
        for (size_t k = 0; k < sizeof bits; k++)
            to[sizeof bits * i + k] = (uint8_t)(bits >> (24 - 8 * k));
    }
}

static void put_place(const char *place, uint8_t *to)
{
    const size_t length = strlen(place), room = SPOOL_PLACE - 1;

    memset(to, 0, SPOOL_PLACE);
    if (length <= room) {
        memcpy(to, place, length);
        return;
    }
    memcpy(to, "...", 3);
    memcpy(to + 3, place + length - (room - 3), room - 3);
}

static int grow(struct spool *spool, struct error *error)
{
    struct spool_sample *more;

    if (spool->most > 0 && spool->count >= spool->most)
        return error_set(error, ERROR_DATA,
                         "has too many samples for this machine's memory: packing takes %d bytes for each, "
                         "so at most %zu fit",
                         SAMPLE_MEMORY, spool->most);
    if (spool->count < spool->room)
        return 0;
    if (spool->count >= UINT32_MAX / 2)
        return error_set(error, ERROR_DATA, "has more than the %u samples that are packed",
                         (unsigned)(UINT32_MAX / 2));
    more = memory_resize(spool->samples, 2 * spool->room, sizeof *more);
    if (!more)
        return error_memory(error);
    spool->samples = more;
    spool->room *= 2;
    return 0;
}

int spool_flush(struct spool *spool, struct error *error)
{
    if (file_write(spool->fd, spool->buffer, spool->used) != 0)
        return fail(spool, "cannot write the samples", errno, error);
    spool->used = 0;
    return 0;
}

int spool_add(struct spool *spool, enum pack_part part, const void *values, const uint32_t *labels,
              const char *place, struct error *error)
{
    uint8_t *to;

    if (grow(spool, error) != 0)
        return -1;
    if (spool->used + spool->record > BUFFER && spool->used > 0 && spool_flush(spool, error) != 0)
        return -1;
    to = spool->buffer + spool->used;
    put_values(spool, values, to);
    for (size_t i = 0; i < spool->labels; i++)
        to[spool->value_bytes + i] = labels[i] != 0;
    put_place(place, to + spool->value_bytes + spool->labels);
    spool->samples[spool->count++] =
        (struct spool_sample){.hash = hash_of(to, spool->value_bytes),
                              .class = labels && spool->labels == 0 ? labels[0] : 0,
                              .part = (uint8_t)part,
                              .constant = is_constant(spool, to)};
    spool->used += spool->record;
    return 0;
}

static int read_part(const struct spool *spool, size_t i, size_t from, size_t size, void *to,
                     struct error *error)
{
    off_t at = (off_t)i * (off_t)spool->record + (off_t)from;

    for (size_t done = 0; done < size;) {
        const ssize_t got = pread(spool->fd, (char *)to + done, size - done, at);
        if (got == 0 || (got < 0 && errno != EINTR))
            return fail(spool, "cannot read the samples back", got == 0 ? EIO : errno, error);
        if (got > 0) {
            done += (size_t)got;
            at += got;
        }
    }
    return 0;
}

int spool_values(const struct spool *spool, size_t i, size_t from, size_t size, uint8_t *to,
                 struct error *error)
{
    return read_part(spool, i, from, size, to, error);
}

int spool_labels(const struct spool *spool, size_t i, size_t from, size_t size, uint8_t *to,
                 struct error *error)
{
    return read_part(spool, i, spool->value_bytes + from, size, to, error);
}

int spool_place(const struct spool *spool, size_t i, char place[SPOOL_PLACE], struct error *error)
{
    if (read_part(spool, i, spool->value_bytes + spool->labels, SPOOL_PLACE, place, error) != 0)
        return -1;
    place[SPOOL_PLACE - 1] = '\0';
    return 0;
}
