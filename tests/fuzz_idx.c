/* fuzz_idx.c: any bytes as image and label file, walked to the end. For libFuzzer
 * (clang -fsanitize=fuzzer,address -DFUZZ_LIBFUZZER); without it, main() runs the files named on the
 * command line, or a few inputs of its own.
 *
 * Input: a byte of flags, two with the size of the label file, the label file, the image file. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "data/samples.h"

enum { FLAG_STREAM = 1, FLAG_SHUFFLE = 2, FLAG_FLAT = 4, FLAG_GZIP_IMAGES = 8, FLAG_GZIP_LABELS = 16 };
enum { FLAGS = 32, MOST_INPUT = 1 << 16, MOST_STEPS = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void give_up(const char *what)
{
    perror(what);
    abort();
}

/* A temporary with these bytes, as one gzip member or as they are; its name is written to path. */
static void write_file(char path[32], const uint8_t *data, size_t size, int gzip)
{
    int file;

    snprintf(path, 32, "/tmp/fuzz-idx-XXXXXX");
    file = mkstemp(path);
    if (file < 0)
        give_up(path);
    if (gzip) {
        gzFile packed = gzdopen(file, "wb1");
        if (!packed || (size > 0 && gzwrite(packed, data, (unsigned)size) != (int)size) ||
            gzclose(packed) != Z_OK)
            give_up(path);
        return;
    }
    if (write(file, data, size) != (ssize_t)size || close(file) != 0)
        give_up(path);
}

/* Reads every byte handed out, for the sanitizers to see. */
static void walk(struct samples *samples, const struct samples_walk *walk, size_t pixels, struct error *error)
{
    struct batch batch = {.count = 1};
    volatile uint8_t seen;
    uint8_t all = 0;

    if (samples_start(samples, walk, error))
        return;
    for (int step = 0; step < MOST_STEPS && batch.count > 0; step++) {
        if (samples_next(samples, 5, &batch, error))
            return;
        for (size_t i = 0; i < batch.count; i++) {
            for (size_t j = 0; j < pixels; j++)
                all ^= batch.pixels[i][j];
            all ^= batch.labels[i][batch.label_width - 1];
        }
        seen = all;
        (void)seen;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char images[32], labels[32];
    struct error error = {0};

    if (size < 3 || size > MOST_INPUT)
        return 0;
    const uint8_t flags = data[0];
    const size_t rest = size - 3, asked = (size_t)data[1] << 8 | data[2],
                 label_size = asked < rest ? asked : rest;
    write_file(labels, data + 3, label_size, flags & FLAG_GZIP_LABELS);
    write_file(images, data + 3 + label_size, rest - label_size, flags & FLAG_GZIP_IMAGES);

    const struct samples_spec spec = {
        .images = images,
        .labels = labels,
        .input = flags & FLAG_FLAT ? (struct nnrun_shape){1, {6}} : (struct nnrun_shape){3, {1, 2, 3}},
        .rule = {.classes = 10, .several = 3, .binary = true, .taker = "the loss"},
        .window = 7,
        .stream = (flags & FLAG_STREAM) != 0,
    };
    struct samples *samples = samples_open(&spec, &error);
    if (samples) {
        const size_t count = samples_count(samples);
        walk(samples, &(struct samples_walk){.count = count, .shuffle = (flags & FLAG_SHUFFLE) != 0}, 6,
             &error);
        walk(samples,
             &(struct samples_walk){.first = count / 2, .count = count - count / 2, .skip = count / 3}, 6,
             &error);
    }
    samples_close(samples);
    error_clear(&error);
    unlink(images);
    unlink(labels);
    return 0;
}

#ifndef FUZZ_LIBFUZZER
static int run_file(const char *path)
{
    static uint8_t data[MOST_INPUT];
    FILE *file = fopen(path, "rb");
    size_t size;

    if (!file) {
        perror(path);
        return 1;
    }
    size = fread(data, 1, sizeof data, file);
    fclose(file);
    LLVMFuzzerTestOneInput(data, size);
    return 0;
}

/* Two samples of 2 x 3, every single byte of it also set to some others, under every flag. */
static void run_own(void)
{
    static const uint8_t start[] = {0, 0, 10, 0, 0, 8, 1, 0, 0, 0, 2, 1, 9, 0, 0, 8, 3, 0, 0, 0, 2,
                                    0, 0, 0,  2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
    static const uint8_t other[] = {1, 7, 0x1f, 0x80, 0xff};
    uint8_t data[sizeof start];

    for (uint8_t flags = 0; flags < FLAGS; flags++)
        for (size_t at = 0; at < sizeof start; at++)
            for (size_t i = 0; i < sizeof other; i++) {
                for (size_t j = 0; j < sizeof start; j++)
                    data[j] = start[j];
                data[at] = other[i];
                data[0] = flags;
                LLVMFuzzerTestOneInput(data, sizeof data);
                LLVMFuzzerTestOneInput(data, at);
            }
}

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++)
        failed |= run_file(argv[i]);
    if (argc == 1)
        run_own();
    return failed;
}
#endif
