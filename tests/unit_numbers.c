/* unit_numbers.c: samples that are not pixels: what samples.h makes of files of every type, and what it refuses. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/idx_numbers.h"
#include "data/samples.h"
#include "idx_maker.h"
#include "unit.h"

enum { COUNT = 300, FEATURES = 7, LABELS = 5 };

/* ---- files ---------------------------------------------------------------------------------------------- */

/* What value `at` of the set is: exactly representable in every type but bytes, of both signs. */
static double value_at(size_t at)
{
    return (double)((at * 2654435761u >> 8) % 20001) - 10000;
}

static void put(uint8_t *to, enum idx_type type, double value)
{
    const size_t bytes = idx_type_bytes(type);
    const float narrow = (float)value;
    uint64_t bits = (uint64_t)(int64_t)value;
    uint32_t half;

    if (type == IDX_FLOAT) {
        memcpy(&half, &narrow, sizeof half);
        bits = half;
    } else if (type == IDX_DOUBLE) {
        memcpy(&bits, &value, sizeof bits);
    }
    for (size_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(bits >> 8 * (bytes - 1 - i));
}

static struct bytes typed(enum idx_type type, const uint32_t *dim, uint8_t rank, double (*value)(size_t))
{
    struct bytes header = idx_header(rank, dim);
    static uint8_t data[COUNT * FEATURES * 8];
    size_t count = 1;

    for (uint8_t i = 0; i < rank; i++)
        count *= dim[i];
    header.data[2] = (uint8_t)type;
    for (size_t i = 0; i < count; i++)
        put(data + i * idx_type_bytes(type), type, value(i));
    return bytes_join(header, bytes_copy(data, count * idx_type_bytes(type)));
}

static double label_at(size_t i)
{
    return (double)(i % LABELS);
}

static struct samples_spec spec_of(enum idx_type type, enum idx_type label_type, bool stream)
{
    const uint32_t dim[] = {COUNT, FEATURES};

    return (struct samples_spec){
        .images = bytes_gzip_file("values", typed(type, dim, 2, value_at)),
        .labels = bytes_gzip_file("labels", typed(label_type, dim, 1, label_at)),
        .input = {1, {FEATURES}},
        .rule = {.classes = LABELS, .taker = "the loss"},
        .window = 64,
        .stream = stream,
        .numbers = true,
    };
}

/* ---- tests ---------------------------------------------------------------------------------------------- */

static size_t wrong_in(const struct batch *batch)
{
    size_t wrong = batch->pixels != NULL;

    for (size_t i = 0; i < batch->count; i++) {
        wrong += batch->labels[i][0] != batch->numbers[i] % LABELS;
        for (size_t v = 0; v < FEATURES; v++)
            wrong += (double)batch->floats[i][v] != value_at(batch->numbers[i] * FEATURES + v);
    }
    return wrong;
}

static void walk_all(const struct samples_spec *spec)
{
    const struct samples_walk walks[] = {{.count = COUNT, .shuffle = true, .seed = 3},
                                         {.first = 100, .count = 170, .skip = 70},
                                         {.first = 0, .count = 10}};
    struct error error UNIT_CLEARED = {0};
    struct samples *samples = samples_open(spec, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(samples);
    CU_ASSERT(samples_are_floats(samples));
    CU_ASSERT_EQUAL(samples_bytes(samples), FEATURES * sizeof(float));
    for (size_t w = 0; w < sizeof walks / sizeof walks[0]; w++) {
        size_t seen = walks[w].skip;
        struct batch batch;

        CU_ASSERT_EQUAL_FATAL(samples_start(samples, &walks[w], &error), 0);
        do {
            CU_ASSERT_EQUAL_FATAL(samples_next(samples, 33, &batch, &error), 0);
            CU_ASSERT_EQUAL(wrong_in(&batch), 0);
            seen += batch.count;
        } while (batch.count > 0);
        CU_ASSERT_EQUAL(seen, walks[w].count);
    }
    samples_close(samples);
}

static void every_type(void)
{
    static const enum idx_type types[] = {IDX_SHORT, IDX_INT, IDX_FLOAT, IDX_DOUBLE};
    static const enum idx_type label_types[] = {IDX_UBYTE, IDX_BYTE, IDX_SHORT, IDX_INT};

    for (size_t t = 0; t < 4; t++)
        for (int stream = 0; stream < 2; stream++) {
            const struct samples_spec spec = spec_of(types[t], label_types[t], stream != 0);
            walk_all(&spec);
        }
}

static void bytes_stay_bytes(void)
{
    const uint32_t dim[] = {10, FEATURES};
    struct samples_spec spec = spec_of(IDX_UBYTE, IDX_UBYTE, false);
    const struct samples_walk walk = {.count = COUNT};
    struct error error UNIT_CLEARED = {0};
    struct samples *samples = samples_open(&spec, &error);
    struct batch batch;

    CU_ASSERT_PTR_NOT_NULL_FATAL(samples);
    CU_ASSERT_EQUAL(samples_start(samples, &walk, &error), 0);
    CU_ASSERT_EQUAL(samples_next(samples, 5, &batch, &error), 0);
    CU_ASSERT_PTR_NULL(batch.floats);
    CU_ASSERT_PTR_NOT_NULL(batch.pixels);
    CU_ASSERT_EQUAL(samples_bytes(samples), FEATURES);
    samples_close(samples);

    spec.images = bytes_file("signed", typed(IDX_BYTE, dim, 2, label_at));
    spec.labels = bytes_file("ten", typed(IDX_UBYTE, dim, 1, label_at));
    samples = samples_open(&spec, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(samples);
    CU_ASSERT(samples_are_floats(samples));
    samples_close(samples);
}

static void a_window_counts_four_bytes_a_value(void)
{
    static const enum idx_type types[] = {IDX_UBYTE, IDX_SHORT, IDX_DOUBLE};

    for (size_t t = 0; t < 3; t++) {
        const struct samples_spec spec = spec_of(types[t], IDX_INT, true);
        const size_t value = t == 0 ? 1 : sizeof(float);
        struct error error UNIT_CLEARED = {0};
        struct samples *samples = samples_open(&spec, &error);

        CU_ASSERT_PTR_NOT_NULL_FATAL(samples);
        CU_ASSERT_EQUAL(samples_window_bytes(samples), 2 * 64 * (FEATURES * value + 1 + sizeof(uint32_t)));
        samples_close(samples);
    }
}

/* The error that walking a set to its end gives. */
static const char *walk_error(const struct samples_spec *spec, struct error *error)
{
    const struct samples_walk walk = {.count = COUNT};
    struct samples *samples;
    struct batch batch = {.count = 1};

    error_clear(error);
    samples = samples_open(spec, error);
    if (samples && samples_start(samples, &walk, error) == 0)
        while (batch.count > 0 && samples_next(samples, 64, &batch, error) == 0)
            continue;
    samples_close(samples);
    CU_ASSERT_EQUAL(error->code, ERROR_DATA);
    return error_text(error);
}

static double nan_at(size_t at)
{
    return at == 123 * FEATURES + 4 ? (double)NAN : 1;
}
static double infinite_at(size_t at)
{
    return at == COUNT * FEATURES - 1 ? -INFINITY : 1;
}
static double large_at(size_t at)
{
    return at == 0 ? 1e300 : 1;
}
static const double tiny[][2] = {/* a value, and the float that it becomes */
                                 {0x1p-126, 0x1p-126},
                                 {-0x1p-126, -0x1p-126},
                                 {0x1.fffffcp-127, 0},
                                 {-0x1.fffffcp-127, 0},
                                 {0x1p-149, 0},
                                 {-0x1p-149, 0},
                                 {0, 0}};
static double tiny_at(size_t at)
{
    return tiny[at % FEATURES][0];
}
static double label_256(size_t i)
{
    return i == 299 ? 256 : 0;
}
static double label_below(size_t i)
{
    return i == 200 ? -1 : 0;
}
static double label_of_no_class(size_t i)
{
    return i == 66 ? 200 : 0;
}

static void denormals_become_0(void)
{
    static const enum idx_type types[] = {IDX_FLOAT, IDX_DOUBLE};
    const uint32_t dim[] = {COUNT, FEATURES};
    const struct samples_walk walk = {.count = COUNT};

    for (size_t t = 0; t < 2; t++) {
        struct samples_spec spec = spec_of(types[t], IDX_UBYTE, false);
        struct error error UNIT_CLEARED = {0};
        struct samples *samples;
        struct batch batch;

        spec.images = bytes_file("tiny", typed(types[t], dim, 2, tiny_at));
        samples = samples_open(&spec, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(samples);
        CU_ASSERT_EQUAL_FATAL(samples_start(samples, &walk, &error), 0);
        CU_ASSERT_EQUAL_FATAL(samples_next(samples, COUNT, &batch, &error), 0);
        for (size_t i = 0; i < batch.count * FEATURES; i++)
            CU_ASSERT((double)batch.floats[i / FEATURES][i % FEATURES] == tiny[i % FEATURES][1]);
        samples_close(samples);
    }
}

static void values_that_are_no_numbers(void)
{
    static const struct {
        enum idx_type type;
        double (*value)(size_t);
        const char *text;
    } cases[] = {
        {IDX_FLOAT, nan_at, "value 4 of sample 123 (both counted from 0) is NaN; expected a finite number"},
        {IDX_DOUBLE, nan_at, "value 4 of sample 123 (both counted from 0) is NaN"},
        {IDX_DOUBLE, infinite_at, "value 6 of sample 299 (both counted from 0) is infinite"},
        {IDX_DOUBLE, large_at,
         "value 0 of sample 0 (both counted from 0) is 1e+300, more than a 32-bit float holds"},
    };
    const uint32_t dim[] = {COUNT, FEATURES};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int stream = 0; stream < 2; stream++) {
            struct error error UNIT_CLEARED = {0};
            struct samples_spec spec = spec_of(IDX_FLOAT, IDX_UBYTE, stream != 0);

            spec.images = bytes_gzip_file("bad", typed(cases[i].type, dim, 2, cases[i].value));
            CU_ASSERT_PTR_NOT_NULL(strstr(walk_error(&spec, &error), cases[i].text));
        }
}

static void labels_that_are_none(void)
{
    static const struct {
        enum idx_type type;
        double (*value)(size_t);
        const char *text;
    } cases[] = {
        {IDX_SHORT, label_256, "sample 299 (the first is 0) has label 256; labels are 0 to 255"},
        {IDX_INT, label_below, "sample 200 (the first is 0) has label -1; labels are 0 to 255"},
        {IDX_INT, label_of_no_class, "sample 66 (the first is 0) has label 200; the loss takes 0 to 4"},
        {IDX_FLOAT, label_at, "holds floats (0x0d); labels are whole numbers from 0 to 255"},
        {IDX_DOUBLE, label_at, "holds doubles (0x0e); labels are whole numbers from 0 to 255"},
    };
    const uint32_t dim[] = {COUNT};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int stream = 0; stream < 2; stream++) {
            struct error error UNIT_CLEARED = {0};
            struct samples_spec spec = spec_of(IDX_FLOAT, IDX_UBYTE, stream != 0);

            spec.labels = bytes_gzip_file("bad", typed(cases[i].type, dim, 1, cases[i].value));
            CU_ASSERT_PTR_NOT_NULL(strstr(walk_error(&spec, &error), cases[i].text));
        }
}

/* A failed read leaves the file within a sample: the next walk must not begin there. */
static void a_walk_after_an_error(void)
{
    const uint32_t dim[] = {COUNT, FEATURES};
    struct samples_spec spec = spec_of(IDX_FLOAT, IDX_UBYTE, true);
    const struct samples_walk all = {.count = COUNT}, some = {.first = 1, .count = 60};
    struct error error UNIT_CLEARED = {0};
    struct samples *samples;
    struct batch batch;

    spec.images = bytes_gzip_file("bad", typed(IDX_FLOAT, dim, 2, nan_at));
    samples = samples_open(&spec, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(samples);
    CU_ASSERT_EQUAL(samples_start(samples, &all, &error), 0);
    CU_ASSERT_EQUAL(samples_next(samples, 64, &batch, &error), 0);
    CU_ASSERT_EQUAL(samples_next(samples, 64, &batch, &error), -1);
    error_clear(&error);
    CU_ASSERT_EQUAL(samples_start(samples, &some, &error), 0);
    CU_ASSERT_EQUAL(samples_next(samples, 64, &batch, &error), 0);
    CU_ASSERT_EQUAL(batch.count, 60);
    for (size_t i = 0; i < batch.count; i++)
        CU_ASSERT(batch.floats[i][0] == 1);
    samples_close(samples);
}

static void pixels_are_bytes(void)
{
    struct samples_spec spec = spec_of(IDX_FLOAT, IDX_UBYTE, false);
    struct error error UNIT_CLEARED = {0};

    spec.numbers = false;
    CU_ASSERT_PTR_NOT_NULL(strstr(walk_error(&spec, &error), "holds floats (0x0d), pixels are unsigned bytes "
                                                             "(0x08); write values = \"numbers\""));
}

static const struct unit_test tests[] = {
    {"samples of every type are handed out as floats, kept or streamed, in the order of bytes", every_type},
    {"samples of unsigned bytes stay bytes, those of signed ones are floats", bytes_stay_bytes},
    {"a window counts four bytes for each value that is no byte", a_window_counts_four_bytes_a_value},
    {"NaN, infinity and what no float holds are named with sample and value", values_that_are_no_numbers},
    {"floats and doubles that are denormal as floats become 0", denormals_become_0},
    {"a label that is not 0 to 255, or no whole number, is refused", labels_that_are_none},
    {"a walk after an error begins with its own first sample", a_walk_after_an_error},
    {"samples that are no bytes are refused where pixels are expected, with what to write", pixels_are_bytes},
};

UNIT_MAIN("numbers", tests)
