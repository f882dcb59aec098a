/* gzip_blocks.h: bytes compressed on all threads, in blocks of a fixed size: one gzip member, the same bytes for any
 * number of threads. */
#ifndef PACK_GZIP_BLOCKS_H
#define PACK_GZIP_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/file_io.h"
#include "base/thread_pool.h"

struct gzip_content {
    /* `size` bytes of it from `offset`. Returns 0 or -1. [any thread] */
    int (*fill)(const void *context, uint64_t offset, size_t size, uint8_t *to, struct error *error);
    const void *context;
    uint64_t size;
};

struct gzip_progress {
    int (*step)(void *context, uint64_t done,
                struct error *error); /* bytes of the content; -1: stop. NULL: none */
    void *context;
};

/* Writes all of it to a file that was begun. Returns 0 or -1. */
int gzip_blocks_write(struct thread_pool *pool, const struct gzip_content *content,
                      const struct gzip_progress *progress, struct file_replacement *file,
                      struct error *error);
#endif
