/* unit_samples.c: order, windows and batches of samples.h; what it refuses; the reader thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/samples.h"
#include "data/split.h"
#include "idx_maker.h"
#include "unit.h"

enum { COUNT = 1000, SIDE = 8, VALUES = SIDE * SIDE, CLASSES = 10 };

/* A set of COUNT images of SIDE x SIDE, as a spec for samples_open. */
static struct samples_spec whole_set(size_t window, bool stream)
{
    return (struct samples_spec){
        .images = bytes_gzip_file("images.gz", idx_images(COUNT, SIDE, SIDE)),
        .labels = bytes_gzip_file("labels.gz", idx_labels(COUNT, CLASSES)),
        .input = {3, {1, SIDE, SIDE}},
        .rule = {.classes = CLASSES, .taker = "the loss"},
        .window = window,
        .stream = stream,
    };
}

static struct samples *open_set(const struct samples_spec *spec)
{
    struct error error UNIT_CLEARED = {0};
    struct samples *samples;

    samples = samples_open(spec, &error);
    if (!samples)
        printf("\n    %s\n", error_text(&error));
    CU_ASSERT_PTR_NOT_NULL_FATAL(samples);
    return samples;
}

/* The order by its definition: windows of the range, each permuted by (seed, epoch, number), of an index if there is
 * one. */
static void model(const struct samples_walk *walk, size_t window, const uint32_t *index, uint32_t *order)
{
    const struct random_key key = random_key(walk->seed, RANDOM_SHUFFLE, NULL);

    for (size_t begin = 0; begin < walk->count; begin += window) {
        const size_t left = walk->count - begin, count = left < window ? left : window;
        if (walk->shuffle)
            random_permutation(key, walk->epoch, (uint32_t)(begin / window), order + begin, (uint32_t)count);
        for (size_t i = 0; i < count; i++)
            order[begin + i] =
                (uint32_t)(walk->first + begin) + (walk->shuffle ? order[begin + i] : (uint32_t)i);
        for (size_t i = 0; index && i < count; i++)
            order[begin + i] = index[order[begin + i]];
    }
}

/* Every batch is right in count, order, pixels, labels and numbers. */
static void follows_model(struct samples *samples, const struct samples_walk *walk, size_t window,
                          size_t most)
{
    uint32_t order[COUNT];
    struct batch batch;
    struct error error UNIT_CLEARED = {0};
    size_t at = walk->skip, wrong = 0;

    model(walk, window, samples_index(samples), order);
    CU_ASSERT_EQUAL_FATAL(samples_start(samples, walk, &error), 0);
    for (;;) {
        CU_ASSERT_EQUAL_FATAL(samples_next(samples, most, &batch, &error), 0);
        CU_ASSERT_EQUAL_FATAL(batch.count, walk->count - at < most ? walk->count - at : most);
        if (batch.count == 0)
            break;
        for (size_t i = 0; i < batch.count; i++, at++)
            wrong += !idx_image_right(batch.pixels[i], VALUES, order[at]) ||
                     batch.labels[i][0] != order[at] % CLASSES || batch.numbers[i] != order[at];
        CU_ASSERT_EQUAL(batch.epoch, walk->epoch);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(samples_next(samples, most, &batch, &error), 0);
    CU_ASSERT_EQUAL(batch.count, 0);
}

static void kept_back_by_class(void)
{
    const size_t windows[] = {16, 333, 1000, 65536}, most[] = {1, 16};
    const struct samples_walk walks[] = {
        {.count = 873, .shuffle = true, .seed = 1, .epoch = 2},
        {.first = 873, .count = 127},
        {.count = 873, .shuffle = true, .seed = 1, .epoch = 2, .skip = 640},
        {.first = 0, .count = 1000},
    };
    uint32_t first[COUNT], seen[COUNT];
    struct error error UNIT_CLEARED = {0};

    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++)
        for (int stream = 0; stream < 2; stream++) {
            const struct samples_spec spec = whole_set(windows[w], stream != 0);
            struct samples *samples = open_set(&spec);
            size_t classes[CLASSES] = {0};
            CU_ASSERT_EQUAL_FATAL(samples_keep_back(samples, 127, 7, &error), 0);
            if (w == 0 && !stream)
                memcpy(first, samples_index(samples), sizeof first);
            CU_ASSERT_EQUAL(memcmp(first, samples_index(samples), sizeof first), 0);
            memset(seen, 0, sizeof seen);
            for (size_t i = 0; i < COUNT; i++) {
                CU_ASSERT(i == 0 || i == 873 || first[i] > first[i - 1]);
                seen[first[i]]++;
                if (i >= 873)
                    classes[first[i] % CLASSES]++;
            }
            for (size_t i = 0; i < COUNT; i++)
                CU_ASSERT_EQUAL(seen[i], 1);
            for (size_t c = 0; c < CLASSES; c++)
                CU_ASSERT_EQUAL(classes[c], c < 7 ? 13u : 12u); /* 12.7 each: the lower ones get the rest */
            for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++)
                for (size_t b = 0; b < sizeof most / sizeof most[0]; b++)
                    follows_model(samples, &walks[i], windows[w], most[b]);
            CU_ASSERT_EQUAL_FATAL(samples_keep_back(samples, 127, 8, &error), 0);
            CU_ASSERT(memcmp(first, samples_index(samples), sizeof first) != 0);
            samples_close(samples);
        }
}

/* Each of a class is drawn as often as the others: of 2000 seeds, within six deviations. */
static void drawn_evenly(void)
{
    const struct samples_spec spec = whole_set(1000, false);
    struct samples *samples = open_set(&spec);
    struct error error UNIT_CLEARED = {0};
    unsigned times[COUNT] = {0};

    for (uint64_t seed = 0; seed < 2000; seed++) {
        CU_ASSERT_EQUAL_FATAL(samples_keep_back(samples, 300, seed, &error), 0);
        for (size_t i = 700; i < COUNT; i++)
            times[samples_index(samples)[i]]++;
    }
    for (size_t i = 0; i < COUNT; i++)
        CU_ASSERT(times[i] > 600 - 6 * 21 && times[i] < 600 + 6 * 21);
    samples_close(samples);
}

static void rare_classes(void)
{
    /* 1, 2 and 97 samples */
    uint8_t labels[8 + 100] = {0, 0, 8, 1, 0, 0, 0, 100};
    struct error error UNIT_CLEARED = {0};
    struct idx_file *file;
    uint32_t index[100];
    size_t drawn[3] = {0};

    memset(labels + 8, 2, 100);
    labels[8] = 0;
    labels[9] = labels[107] = 1;
    file = idx_file_open_memory("labels", labels, sizeof labels, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(split_by_class(file, 50, 1, index, &error), 0);
    CU_ASSERT_EQUAL(idx_file_position(file), 0);
    for (size_t i = 50; i < 100; i++)
        drawn[labels[8 + index[i]]]++;
    CU_ASSERT(drawn[0] == 1 && drawn[1] == 1 &&
              drawn[2] == 48); /* 0.5, 1 and 48.5: the lower of equal ones */
    idx_file_close(file);
}

static void same_order_kept_and_streamed(void)
{
    const size_t windows[] = {16, 64, 333, 500, 999, 1000, 1001, 65536}, most[] = {1, 16, 7, 10, 64, 333};
    const struct samples_walk walks[] = {
        {.count = COUNT, .shuffle = true, .seed = 1, .epoch = 0},
        {.count = COUNT},
        {.count = 900, .shuffle = true, .seed = UINT64_MAX, .epoch = 3},
        {.first = 900, .count = 100},
        {.first = 37, .count = 700, .shuffle = true, .seed = 5, .epoch = 3},
        {.first = 999, .count = 1, .shuffle = true},
        {.first = 1000, .count = 0},
        {.count = COUNT, .shuffle = true, .seed = 1, .epoch = 1, .skip = 1},
        {.count = COUNT, .shuffle = true, .seed = 1, .epoch = 1, .skip = 16},
        {.count = COUNT, .shuffle = true, .seed = 1, .epoch = 1, .skip = 640},
        {.first = 50, .count = 900, .shuffle = true, .seed = 1, .epoch = 1, .skip = 899},
        {.count = COUNT, .shuffle = true, .seed = 1, .epoch = 1, .skip = 1000},
    };

    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++)
        for (int stream = 0; stream < 2; stream++) {
            const struct samples_spec spec = whole_set(windows[w], stream != 0);
            struct samples *samples = open_set(&spec);
            CU_ASSERT_EQUAL(samples_count(samples), COUNT);
            for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++)
                for (size_t b = 0; b < sizeof most / sizeof most[0]; b++)
                    if (most[b] <= windows[w])
                        follows_model(samples, &walks[i], windows[w], most[b]);
            samples_close(samples);
        }
}

static void order_changes_with_seed_epoch_window(void)
{
    struct samples_walk walk = {.count = COUNT, .shuffle = true, .seed = 1, .epoch = 1};
    uint32_t a[COUNT], b[COUNT];

    model(&walk, 100, NULL, a);
    for (size_t i = 0; i < 100; i++)
        b[i] = a[100 + i] - 100;
    CU_ASSERT(memcmp(a, b, 100 * sizeof *a) != 0);
    walk.epoch = 2;
    model(&walk, 100, NULL, b);
    CU_ASSERT(memcmp(a, b, sizeof a) != 0);
    walk.epoch = 1;
    walk.seed = 2;
    model(&walk, 100, NULL, b);
    CU_ASSERT(memcmp(a, b, sizeof a) != 0);
}

static void a_batch_is_at_most_a_window(void)
{
    const struct samples_walk walk = {.count = COUNT};
    struct batch batch;
    struct error error UNIT_CLEARED = {0};

    for (int stream = 0; stream < 2; stream++) {
        const struct samples_spec spec = whole_set(100, stream != 0);
        struct samples *samples = open_set(&spec);
        CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), 0);
        CU_ASSERT_EQUAL(samples_next(samples, 5000, &batch, &error), 0);
        CU_ASSERT_EQUAL(batch.count, 100);
        samples_close(samples);
    }
}

static void walks_may_be_left(void)
{
    const struct samples_spec spec = whole_set(64, true);
    const struct samples_walk walk = {.count = COUNT, .shuffle = true, .seed = 9};
    struct batch batch;
    struct error error UNIT_CLEARED = {0};

    for (size_t taken = 0; taken < 8; taken++) {
        struct samples *samples = open_set(&spec);
        CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), 0);
        CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), 0);
        for (size_t i = 0; i < taken; i++)
            CU_ASSERT_EQUAL(samples_next(samples, 40, &batch, &error), 0);
        if (taken % 2)
            follows_model(samples, &walk, 64, 50);
        samples_close(samples);
    }
    samples_close(NULL);
}

static void walks_outside_are_refused(void)
{
    const struct samples_spec spec = whole_set(64, true);
    const struct samples_walk walks[] = {
        {.first = 1001}, {.first = 1, .count = 1000}, {.count = SIZE_MAX}, {.count = 5, .skip = 6}};
    struct samples *samples = open_set(&spec);
    struct batch batch;
    struct error error UNIT_CLEARED = {0};

    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
        CU_ASSERT_EQUAL(samples_start(samples, &walks[i], &error), -1);
        CU_ASSERT_EQUAL(error.code, ERROR_DATA);
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "images.gz has 1000 samples"));
        CU_ASSERT_EQUAL(samples_next(samples, 10, &batch, &error), 0);
        CU_ASSERT_EQUAL(batch.count, 0);
    }
    samples_close(samples);
}

/* ---- shapes and labels --------------------------------------------------------------------------------- */

static bool opens(const char *images, const char *labels, struct nnrun_shape input, size_t several,
                  struct error *error)
{
    const struct samples_spec spec = {.images = images,
                                      .labels = labels,
                                      .input = input,
                                      .rule = {.several = several, .taker = "x.cfg:4: layer \"loss\" (mse)"},
                                      .window = 100};
    struct samples *samples;

    error_clear(error);
    samples = samples_open(&spec, error);
    samples_close(samples);
    return samples != NULL;
}

static void shapes_that_fit(void)
{
    const uint32_t vectors[2] = {2, 64}, pictures[3] = {2, 8, 8}, channels[4] = {2, 1, 8, 8};
    const uint32_t colours[4] = {2, 4, 4, 4};
    const uint8_t zeros[128] = {0};
    const char *labels = bytes_file("labels", idx_labels(2, 2));
    const char *v = bytes_file("v", bytes_join(idx_header(2, vectors), bytes_copy(zeros, 128)));
    const char *p = bytes_file("p", bytes_join(idx_header(3, pictures), bytes_copy(zeros, 128)));
    const char *c = bytes_file("c", bytes_join(idx_header(4, channels), bytes_copy(zeros, 128)));
    const char *k = bytes_file("k", bytes_join(idx_header(4, colours), bytes_copy(zeros, 128)));
    const struct nnrun_shape flat = {1, {64}}, square = {3, {1, 8, 8}}, cube = {3, {4, 4, 4}},
                             line = {3, {1, 1, 64}};
    const struct nnrun_shape large = {3, {1, 32, 32}};
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT(opens(v, labels, flat, 1, &error));
    CU_ASSERT(opens(p, labels, flat, 1, &error));
    CU_ASSERT(opens(k, labels, flat, 1, &error));
    CU_ASSERT(opens(p, labels, square, 1, &error));
    CU_ASSERT(opens(c, labels, square, 1, &error));
    CU_ASSERT(opens(k, labels, cube, 1, &error));
    CU_ASSERT(opens(v, labels, line, 1, &error));
    CU_ASSERT(!opens(k, labels, square, 1, &error));
    CU_ASSERT(!opens(v, labels, square, 1, &error));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(error_text(&error), "v has samples of 64, but the network's input is [1, 8, 8]"));
    CU_ASSERT(!opens(p, labels, large, 1, &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(
        error_text(&error),
        "p has samples of 8x8, but the network's input is [1, 32, 32]; to train on them, write input = [1, 8, 8] into the config, or input=[1,8,8] after it"));
    CU_ASSERT(!opens(labels, p, square, 1, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "Are these labels?"));
    CU_ASSERT(!opens(p, p, square, 1, &error));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(error_text(&error), "p has 3 dimensions; labels have 1 or 2. Are these images?"));
}

static void counts_must_agree(void)
{
    const char *images = bytes_file("six-images", idx_images(6, SIDE, SIDE));
    const char *labels = bytes_file("five-labels", idx_labels(5, 5));
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT(!opens(images, labels, (struct nnrun_shape){1, {VALUES}}, 1, &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "five-labels has labels for 5 samples, but "));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "six-images has 6 samples"));
    CU_ASSERT(!opens(images, unit_path("none"), (struct nnrun_shape){1, {VALUES}}, 1, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "none: there is no such file"));
}

static void several_labels_a_sample(void)
{
    const uint32_t dim[2] = {50, 3};
    uint8_t values[150];
    struct batch batch;
    struct error error UNIT_CLEARED = {0};

    for (size_t i = 0; i < sizeof values; i++)
        values[i] = (uint8_t)(i + 100);
    struct samples_spec spec = {
        .images = bytes_file("fifty", idx_images(50, SIDE, SIDE)),
        .labels =
            bytes_gzip_file("triples", bytes_join(idx_header(2, dim), bytes_copy(values, sizeof values))),
        .input = {1, {VALUES}},
        .rule = {.several = 3, .binary = false, .taker = "the loss"},
        .window = 16,
    };
    struct samples *samples = open_set(&spec);
    const struct samples_walk walk = {.first = 5, .count = 45, .shuffle = true};
    CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), 0);
    for (size_t seen = 0; seen < 45; seen += batch.count) {
        CU_ASSERT_EQUAL_FATAL(samples_next(samples, 10, &batch, &error), 0);
        CU_ASSERT_FATAL(batch.count > 0);
        for (size_t i = 0; i < batch.count; i++)
            CU_ASSERT_EQUAL(memcmp(batch.labels[i], values + 3 * idx_image_number(batch.pixels[i]), 3), 0);
    }
    samples_close(samples);
    CU_ASSERT(!opens(spec.images, spec.labels, spec.input, 1, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(
        error_text(&error), "triples has 3 labels per sample; x.cfg:4: layer \"loss\" (mse) takes one"));
    CU_ASSERT(!opens(spec.images, spec.labels, spec.input, 10, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "layer \"loss\" (mse) takes one, or 10"));
    CU_ASSERT(opens(spec.images, spec.labels, spec.input, 3, &error));
}

static void binary_labels(void)
{
    const uint32_t dim[2] = {4, 2};
    const uint8_t values[8] = {0, 1, 1, 1, 0, 2, 0, 0};
    struct samples_spec spec = {
        .images = bytes_file("four", idx_images(4, SIDE, SIDE)),
        .labels = bytes_file("pairs", bytes_join(idx_header(2, dim), bytes_copy(values, sizeof values))),
        .input = {1, {VALUES}},
        .rule = {.classes = 2, .several = 2, .taker = "the loss"},
        .window = 16,
    };
    const struct samples_walk walk = {.count = 4};
    struct error error UNIT_CLEARED = {0};

    for (int binary = 0; binary < 2; binary++) {
        struct samples *samples;
        spec.rule.binary = binary != 0;
        samples = open_set(&spec);
        CU_ASSERT_EQUAL(samples_label_width(samples), 2);
        CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), -binary);
        samples_close(samples);
    }
    CU_ASSERT_PTR_NOT_NULL(
        strstr(error_text(&error), "pairs: sample 2 (the first is 0) has label 2; the loss takes 0 to 1"));
}

/* ---- errors that show while reading -------------------------------------------------------------------- */

/* Takes batches of `most` until the error; returns the samples that came before it. */
static size_t until_error(struct samples *samples, size_t most, struct error *error)
{
    struct batch batch;
    struct error again UNIT_CLEARED = {0};
    size_t seen = 0;

    while (samples_next(samples, most, &batch, error) == 0) {
        CU_ASSERT_FATAL(batch.count > 0);
        seen += batch.count;
    }
    CU_ASSERT_EQUAL(batch.count, 0);
    CU_ASSERT_EQUAL(error->code, ERROR_DATA);
    CU_ASSERT_EQUAL(samples_next(samples, most, &batch, &again), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&again), error_text(error));
    return seen;
}

/* A set that is kept fails before its first batch; one that streams in window `number` of 100, and reads well
 * up to there afterwards. */
static void fails(const char *images, const char *labels, size_t number, const char *words)
{
    struct samples_spec spec = {.images = images,
                                .labels = labels,
                                .input = {1, {VALUES}},
                                .rule = {.classes = CLASSES, .taker = "the loss"},
                                .window = COUNT};
    struct samples_walk walk = {.count = COUNT, .shuffle = true, .seed = 4};
    struct samples *samples = open_set(&spec);
    struct error error UNIT_CLEARED = {0};

    for (int i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), -1);
        CU_ASSERT_EQUAL(error.code, ERROR_DATA);
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    }
    samples_close(samples);

    spec.window = 100;
    samples = open_set(&spec);
    for (size_t most = 1; most <= 100; most += 33) {
        walk.count = COUNT;
        CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), 0);
        CU_ASSERT_EQUAL(until_error(samples, most, &error), number * 100 / most * most);
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
        if (!strstr(error_text(&error), words))
            printf("\n    wanted: %s\n    got:    %s\n", words, error_text(&error));
        walk.count = number * 100;
        follows_model(samples, &walk, 100, most);
    }
    samples_close(samples);
}

static void a_label_outside_the_classes(void)
{
    struct bytes labels = idx_labels(COUNT, CLASSES);

    labels.data[8 + 321] = 10;
    fails(bytes_gzip_file("images.gz", idx_images(COUNT, SIDE, SIDE)), bytes_gzip_file("ten.gz", labels), 3,
          "ten.gz: sample 321 (the first is 0) has label 10; the loss takes 0 to 9");
}

static void broken_images(void)
{
    struct bytes plain = idx_images(COUNT, SIDE, SIDE), whole = bytes_gzip(plain.data, plain.size);
    const char *labels = bytes_file("labels", idx_labels(COUNT, CLASSES));

    whole.data[whole.size - 8] ^= 1;
    fails(unit_file("crc.gz", whole.data, whole.size), labels, 9,
          "crc.gz: damaged gzip data: the CRC is wrong");
    whole.data[whole.size - 8] ^= 1;
    fails(unit_file("cut.gz", whole.data, whole.size - 1), labels, 9, "cut.gz: truncated");
    fails(bytes_gzip_file("few.gz", bytes_copy(plain.data, 16 + 250 * VALUES)), labels, 2,
          "few.gz announces 1000 samples of 8x8 but ends after 16016 bytes");
    fails(bytes_file("tail.gz", bytes_join(whole, bytes_copy("tail", 4))), labels, 9,
          "tail.gz: the gzip data end at byte");
    fails(bytes_gzip_file("many.gz", bytes_join(plain, bytes_copy("more", 4))), labels, 9,
          "many.gz announces 1000 samples of 8x8 but has more than");
}

/* 2^40 plain bytes that are not there: a sparse file is as large as it says. */
static void more_than_the_memory(void)
{
    const uint32_t dim[3] = {1 << 12, 1 << 14, 1 << 14};
    struct bytes header = idx_header(3, dim);
    const char *images = unit_path("sparse");
    const char *labels = bytes_file("labels", idx_labels(1 << 12, 2));
    FILE *file = fopen(images, "wb");
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(header.data, 1, header.size, file), header.size);
    bytes_free(&header);
    const bool made = fseeko(file, ((off_t)1 << 40) + 15, SEEK_SET) == 0 && fputc(0, file) != EOF;
    if (fclose(file) != 0 || !made || memory_physical() == 0 || (uint64_t)memory_physical() >> 39 != 0) {
        printf("SKIP: no sparse file of 2^40 bytes, or memory for it ");
        return;
    }
    for (int stream = 0; stream < 2; stream++) {
        const struct samples_spec spec = {.images = images,
                                          .labels = labels,
                                          .input = {3, {1, 1 << 14, 1 << 14}},
                                          .window = 65536,
                                          .stream = stream != 0};
        CU_ASSERT_PTR_NULL(samples_open(&spec, &error));
        CU_ASSERT_EQUAL(error.code, ERROR_DATA);
        CU_ASSERT_PTR_NOT_NULL(
            strstr(error_text(&error), "sparse: windows of 4096 samples of 268435456 bytes need more"));
    }
}

static void mnist(void)
{
    const size_t digits[10] = {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949};
    const char *folder = getenv("NNRUN_MNIST");
    char images[1024], labels[1024];
    uint64_t digest[2] = {0};

    if (!folder || !*folder) {
        printf("SKIP: NNRUN_MNIST is not set ");
        return;
    }
    snprintf(images, sizeof images, "%s/train-images-idx3-ubyte.gz", folder);
    snprintf(labels, sizeof labels, "%s/train-labels-idx1-ubyte.gz", folder);
    for (int stream = 0; stream < 2; stream++) {
        const struct samples_spec spec = {.images = images,
                                          .labels = labels,
                                          .input = {3, {1, 28, 28}},
                                          .rule = {.classes = 10},
                                          .window = 65536,
                                          .stream = stream != 0};
        const struct samples_walk walk = {.count = 60000, .shuffle = true, .seed = 1};
        struct samples *samples = open_set(&spec);
        size_t seen[10] = {0};
        struct batch batch;
        struct error error UNIT_CLEARED = {0};
        CU_ASSERT_EQUAL(samples_count(samples), 60000);
        CU_ASSERT_EQUAL_FATAL(samples_start(samples, &walk, &error), 0);
        do {
            CU_ASSERT_EQUAL_FATAL(samples_next(samples, 64, &batch, &error), 0);
            for (size_t i = 0; i < batch.count; i++) {
                CU_ASSERT_FATAL(batch.labels[i][0] < 10);
                seen[batch.labels[i][0]]++;
                for (size_t j = 0; j < 784; j++)
                    digest[stream] = (digest[stream] ^ batch.pixels[i][j]) * 0x100000001b3u;
            }
        } while (batch.count > 0);
        CU_ASSERT_EQUAL(memcmp(seen, digits, sizeof seen), 0);
        samples_close(samples);
    }
    CU_ASSERT_EQUAL(digest[0], digest[1]);
}

static const struct unit_test tests[] = {
    {"samples kept back are drawn by class and seed, and walks over the others are the same kept and streamed",
     kept_back_by_class},
    {"each sample of a class is kept back as often as the others", drawn_evenly},
    {"classes of few samples get their rounded share", rare_classes},
    {"kept and streamed sets hand out the order the seed defines", same_order_kept_and_streamed},
    {"the order changes with seed, epoch and window", order_changes_with_seed_epoch_window},
    {"a batch is at most a window", a_batch_is_at_most_a_window},
    {"a walk may be left at any point", walks_may_be_left},
    {"a walk outside the file is refused", walks_outside_are_refused},
    {"samples must have the input's shape, leading ones apart", shapes_that_fit},
    {"as many labels as images, or both counts are named", counts_must_agree},
    {"a label file of two dimensions gives several labels a sample", several_labels_a_sample},
    {"each of several labels is 0 or 1 where the loss asks for it", binary_labels},
    {"a label outside the classes is named before its window is used", a_label_outside_the_classes},
    {"a broken image file is named before its window is used", broken_images},
    {"windows larger than the machine's memory are refused", more_than_the_memory},
    {"MNIST has its 60,000 digits", mnist},
};

UNIT_MAIN("samples", tests)
