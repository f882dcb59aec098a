/* gzip_blocks.c: see gzip_blocks.h. Each block is deflated on its own and ends at a byte, so that all of them, one
 * behind the other, are the data of one member (RFC 1952); their checksums are combined. */
#include "pack/gzip_blocks.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"

enum { BLOCK = 1 << 19, LEVEL = 6, RAW_BITS = -15, MEMORY_LEVEL = 8, TAIL = 64, NUMBER = 4 };

/* One thread's. */
struct worker {
    z_stream stream;
    bool ready;
    uint8_t *plain, *packed; /* [BLOCK], [most] */
    size_t most, size, used; /* of packed: its room; bytes of the block, plain and packed */
    uLong crc;
    struct error error;
};

struct job {
    const struct gzip_content *content;
    struct worker *workers;
    uint64_t first; /* block of worker 0 */
};

static bool is_last(const struct job *job, uint64_t offset, size_t size)
{
    return offset + size == job->content->size;
}

static void fail(struct worker *worker, const char *what)
{
    error_set(&worker->error, ERROR_FAILED, "cannot compress: %s", what);
}

/* Part i of the job is worker i's, whatever thread runs it. */
static void pack_block(void *arg, unsigned i, unsigned thread)
{
    const struct job *job = arg;
    struct worker *worker = &job->workers[i];
    const uint64_t offset = (job->first + i) * BLOCK, left = job->content->size - offset;
    z_stream *stream = &worker->stream;
    int flush;

    (void)thread;
    worker->size = left < BLOCK ? (size_t)left : BLOCK;
    if (job->content->fill(job->content->context, offset, worker->size, worker->plain, &worker->error) != 0)
        return;
    worker->crc = crc32(0, worker->plain, (uInt)worker->size);
    flush = is_last(job, offset, worker->size) ? Z_FINISH : Z_SYNC_FLUSH;
    deflateReset(stream);
    stream->next_in = worker->plain;
    stream->avail_in = (uInt)worker->size;
    stream->next_out = worker->packed;
    stream->avail_out = (uInt)worker->most;
    if (deflate(stream, flush) != (flush == Z_FINISH ? Z_STREAM_END : Z_OK) || stream->avail_in > 0 ||
        stream->avail_out == 0)
        fail(worker, stream->msg ? stream->msg : "zlib failed");
    worker->used = worker->most - stream->avail_out;
}

static int worker_init(struct worker *worker, struct error *error)
{
    worker->plain = malloc(BLOCK);
    if (!worker->plain ||
        deflateInit2(&worker->stream, LEVEL, Z_DEFLATED, RAW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return error_memory(error);
    worker->ready = true;
    worker->most = deflateBound(&worker->stream, BLOCK) + TAIL;
    worker->packed = malloc(worker->most);
    return worker->packed ? 0 : error_memory(error);
}

static void worker_finish(struct worker *worker)
{
    if (worker->ready)
        deflateEnd(&worker->stream);
    free(worker->plain);
    free(worker->packed);
    error_clear(&worker->error);
}

static int write_numbers(struct file_replacement *file, uLong crc, uint64_t size, struct error *error)
{
    uint8_t end[2 * NUMBER];

    for (size_t i = 0; i < NUMBER; i++) {
        end[i] = (uint8_t)(crc >> (8 * i));
        end[NUMBER + i] = (uint8_t)(size >> (8 * i));
    }
    return file_replace_write(file, end, sizeof end, error);
}

static int write_blocks(struct thread_pool *pool, struct job *job, const struct gzip_progress *progress,
                        struct file_replacement *file, struct error *error)
{
    const uint64_t blocks = (job->content->size + BLOCK - 1) / BLOCK;
    const unsigned threads = thread_pool_threads(pool);
    uLong crc = crc32(0, NULL, 0);
    uint64_t done = 0;

    for (job->first = 0; job->first < blocks; job->first += threads) {
        const uint64_t left = blocks - job->first;
        const unsigned parts = left < threads ? (unsigned)left : threads;
        thread_pool_run(pool, parts, pack_block, job);
        for (unsigned i = 0; i < parts; i++) {
            struct worker *worker = &job->workers[i];
            if (worker->error.code != ERROR_NONE)
                return error_move(&worker->error, error);
            crc = crc32_combine(crc, worker->crc, (z_off_t)worker->size);
            done += worker->size;
            if (file_replace_write(file, worker->packed, worker->used, error) != 0)
                return -1;
        }
        if (progress->step && progress->step(progress->context, done, error) != 0)
            return -1;
    }
    return write_numbers(file, crc, done, error);
}

int gzip_blocks_write(struct thread_pool *pool, const struct gzip_content *content,
                      const struct gzip_progress *progress, struct file_replacement *file,
                      struct error *error)
{
    /* deflate, no flags, no time, no extra flags, of no system: the same everywhere */
    static const uint8_t head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
    const unsigned threads = thread_pool_threads(pool);
    struct worker *workers = memory_array(threads, sizeof *workers);
    struct job job = {.content = content, .workers = workers};
    int failed = 0;

    if (!workers)
        return error_memory(error);
    for (unsigned i = 0; !failed && i < threads; i++)
        failed = worker_init(&workers[i], error);
    if (!failed)
        failed = file_replace_write(file, head, sizeof head, error);
    if (!failed)
        failed = write_blocks(pool, &job, progress, file, error);
    for (unsigned i = 0; i < threads; i++)
        worker_finish(&workers[i]);
    free(workers);
    return failed;
}
