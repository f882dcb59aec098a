/* unit_augment.c: where augmentation takes pixels from. Pictures are ramps: channel 0 holds each pixel's
 * column, channel 1 its row, times RAMP, so that a new picture's values, interpolated, tell where each came
 * from. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/augment.h"
#include "net/plugin.h"

enum { SIDE = 63, MIDDLE = SIDE / 2, AREA = SIDE * SIDE, RAMP = 4, SAMPLES = 1024 };
static const double pi = 3.14159265358979323846;

/* Pictures of any size through augmentation. */
struct trial {
    size_t channels, height, width;
    const uint8_t *pixels; /* one picture, of every lane */
    uint64_t seed;
    uint32_t epoch, first; /* the number of lane 0's sample */
    unsigned level;
};

static unsigned highest_level(void)
{
    struct error error UNIT_CLEARED = {0};
    const int level = plugin_level(getenv("NNRUN_ISA"), &error);

    return level < 0 ? 0 : (unsigned)level;
}

static void *need(void *pointer)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(pointer);
    return pointer;
}

/* The new pictures, [value][lane], to be freed: values are bytes' values, not scaled. */
static float *moved(const struct augment_settings *settings, const struct trial *t)
{
    float *scale = need(memory_array(t->channels, sizeof *scale)),
          *shift = need(memory_array(t->channels, sizeof *shift)),
          *to = need(memory_array(t->channels * t->height * t->width * NNRUN_LANES, sizeof *to));
    const struct lanes_scaling scaling = {t->channels, t->height * t->width, scale, shift};
    const uint8_t *pixels[NNRUN_LANES];
    uint32_t samples[NNRUN_LANES];
    struct augment *augment;
    struct error error UNIT_CLEARED = {0};
    void *scratch;

    for (size_t c = 0; c < t->channels; c++)
        scale[c] = 1;
    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++) {
        pixels[lane] = t->pixels;
        samples[lane] = t->first + lane;
    }
    augment = need(augment_create(settings, &scaling, t->height, t->width, t->seed, t->level, &error));
    scratch = need(memory_array(augment_scratch_bytes(augment), 1));
    memset(scratch, 0xa5, augment_scratch_bytes(augment));
    augment_gather(augment, pixels, samples, t->epoch, scratch, to);
    free(scratch);
    augment_destroy(augment);
    free(shift);
    free(scale);
    return to;
}

static const uint8_t *ramps(void)
{
    static uint8_t pixels[2 * AREA];

    for (size_t i = 0; i < AREA; i++) {
        pixels[i] = (uint8_t)(RAMP * (i % SIDE));
        pixels[AREA + i] = (uint8_t)(RAMP * (i / SIDE));
    }
    return pixels;
}

/* Where the middle of a picture came from, seen from the middle, and what a step along x and y does there. */
struct motion {
    double x, y, xx, xy, yx, yy;
};

static void measure(const struct augment_settings *settings, uint32_t epoch, struct motion motions[SAMPLES])
{
    enum { STEP = 8, RIGHT = STEP, DOWN = STEP * SIDE, CENTRE = MIDDLE * SIDE + MIDDLE };
    struct trial trial = {.channels = 2, .height = SIDE, .width = SIDE, .pixels = ramps(), .epoch = epoch};

    for (; trial.first < SAMPLES; trial.first += NNRUN_LANES) {
        float *to = moved(settings, &trial);
        for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
#define AT(channel, i) ((double)to[((channel)*AREA + (i)) * NNRUN_LANES + lane] / RAMP)
            motions[trial.first + lane] =
                (struct motion){.x = AT(0, CENTRE) - MIDDLE,
                                .y = AT(1, CENTRE) - MIDDLE,
                                .xx = (AT(0, CENTRE + RIGHT) - AT(0, CENTRE - RIGHT)) / (2 * STEP),
                                .xy = (AT(0, CENTRE + DOWN) - AT(0, CENTRE - DOWN)) / (2 * STEP),
                                .yx = (AT(1, CENTRE + RIGHT) - AT(1, CENTRE - RIGHT)) / (2 * STEP),
                                .yy = (AT(1, CENTRE + DOWN) - AT(1, CENTRE - DOWN)) / (2 * STEP)};
#undef AT
        }
        free(to);
    }
}

/* Numbers drawn uniformly from -most .. most: none beyond, mean and variance as they should be. */
static void uniform(const double *values, double most, double slack)
{
    double sum = 0, squares = 0, largest = 0;

    for (size_t i = 0; i < SAMPLES; i++) {
        sum += values[i] / SAMPLES;
        squares += values[i] * values[i] / SAMPLES;
        largest = fmax(largest, fabs(values[i]));
    }
    CU_ASSERT(largest <= most + slack);
    CU_ASSERT(largest > 0.98 * most);
    CU_ASSERT(fabs(sum) < 4 * most / sqrt(3.0 * SAMPLES));
    CU_ASSERT_DOUBLE_EQUAL(squares, most * most / 3, 0.1 * most * most / 3);
}

static void near(double value, double wanted, double slack)
{
    if (fabs(value - wanted) > slack)
        printf("\n    %g is not %g\n", value, wanted);
    CU_ASSERT(fabs(value - wanted) <= slack);
}

static struct motion motions[SAMPLES];
static double numbers[SAMPLES];
static const double fine = 1.0 / 64; /* what is left of positions in 1/256 pixels */

static void shifts(void)
{
    measure(&(struct augment_settings){.shift = 3.5}, 0, motions);
    for (size_t i = 0; i < SAMPLES; i++) {
        near(motions[i].xx, 1, 1e-9);
        near(motions[i].yy, 1, 1e-9);
        near(motions[i].xy, 0, 1e-9);
        near(motions[i].yx, 0, 1e-9);
        numbers[i] = motions[i].x;
    }
    uniform(numbers, 3.5, fine);
    for (size_t i = 0; i < SAMPLES; i++)
        numbers[i] = motions[i].y;
    uniform(numbers, 3.5, fine);
}

static void rotations(void)
{
    measure(&(struct augment_settings){.rotate = 170}, 0, motions);
    for (size_t i = 0; i < SAMPLES; i++) {
        near(motions[i].x, 0, fine);
        near(motions[i].y, 0, fine);
        near(motions[i].xx, motions[i].yy, fine / 2);
        near(motions[i].xy, -motions[i].yx, fine / 2);
        near(hypot(motions[i].xx, motions[i].yx), 1, fine / 2);
        numbers[i] = atan2(motions[i].xy, motions[i].xx) * 180 / pi;
    }
    uniform(numbers, 170, 0.2);
}

static void scales(void)
{
    measure(&(struct augment_settings){.scale = 0.4}, 0, motions);
    for (size_t i = 0; i < SAMPLES; i++) {
        near(motions[i].x, 0, fine);
        near(motions[i].xx, motions[i].yy, 1e-9);
        near(motions[i].xy, 0, 1e-9);
        near(motions[i].yx, 0, 1e-9);
        numbers[i] = 1 / motions[i].xx - 1;
    }
    uniform(numbers, 0.4, fine / 4);
}

static void shears(void)
{
    measure(&(struct augment_settings){.shear = 40}, 0, motions);
    for (size_t i = 0; i < SAMPLES; i++) {
        near(motions[i].x, 0, fine);
        near(motions[i].xx, 1, 1e-9);
        near(motions[i].yy, 1, 1e-9);
        near(motions[i].yx, 0, 1e-9);
        numbers[i] = atan(motions[i].xy) * 180 / pi;
    }
    uniform(numbers, 40, 0.2);
}

static void flips(void)
{
    size_t flipped = 0;

    measure(&(struct augment_settings){.flip = 0.25}, 0, motions);
    for (size_t i = 0; i < SAMPLES; i++) {
        near(fabs(motions[i].xx), 1, 1e-9);
        near(motions[i].yy, 1, 1e-9);
        near(motions[i].x, 0, 1e-9);
        flipped += motions[i].xx < 0;
    }
    CU_ASSERT(flipped > SAMPLES / 5 && flipped < SAMPLES * 3 / 10);
    measure(&(struct augment_settings){.flip = 1}, 0, motions);
    for (size_t i = 0; i < SAMPLES; i++)
        near(motions[i].xx, -1, 1e-9);
}

/* All together are one motion about the centre: rotation and shear, one size, then the shift. */
static void together(void)
{
    const struct augment_settings all = {.shift = 2, .rotate = 20, .scale = 0.2, .shear = 10};

    measure(&all, 5, motions);
    for (size_t i = 0; i < SAMPLES; i++) {
        const struct motion *m = &motions[i];
        const double size = 1 / hypot(m->yx, m->yy), angle = atan2(-m->yx, m->yy);
        const double lean = (m->xx * size - cos(angle)) / sin(angle);
        const double shift_x = -(m->x * m->yy - m->y * m->xy) / (m->xx * m->yy - m->xy * m->yx);
        CU_ASSERT(size > 0.8 - fine && size < 1.2 + fine);
        CU_ASSERT(fabs(angle) < 21 * pi / 180);
        if (fabs(angle) > 0.1)
            CU_ASSERT(fabs(lean) < tan(11 * pi / 180) + 0.05);
        near((m->xx * m->yy - m->xy * m->yx) * size * size, 1, 2 * fine);
        numbers[i] = shift_x;
    }
    uniform(numbers, 2, 4 * fine);
}

/* Displacements have the size and the smoothness that theory says: uniform noise of variance 1/3, smoothed in
 * two directions by a Gaussian. */
static void elastic_of(double alpha, double sigma)
{
    const double wanted = alpha / sqrt(3) / (2 * sigma * sqrt(pi)), alike = exp(-1 / (4 * sigma * sigma));
    const struct augment_settings settings = {.elastic = alpha, .elastic_sigma = sigma};
    struct trial trial = {.channels = 2, .height = SIDE, .width = SIDE, .pixels = ramps()};
    const size_t margin = 16;
    double sum[2] = {0}, squares = 0, products = 0, across = 0, count = 0;

    for (trial.epoch = 0; trial.epoch < 32; trial.epoch++) {
        float *to = moved(&settings, &trial);
        for (size_t y = margin; y < SIDE - margin; y++)
            for (size_t x = margin; x < SIDE - margin; x++)
                for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
#define OFF(x, y) ((double)to[((y)*SIDE + (x)) * NNRUN_LANES + lane] / RAMP - (double)(x))
                    const double by_x = OFF(x, y);
                    const double by_y =
                        (double)to[(AREA + y * SIDE + x) * NNRUN_LANES + lane] / RAMP - (double)y;
                    sum[0] += by_x;
                    sum[1] += by_y;
                    squares += by_x * by_x + by_y * by_y;
                    products += by_x * OFF(x, y + 1);
                    across += by_x * by_y;
                    count++;
#undef OFF
                }
        free(to);
    }
    near(sum[0] / count, 0, wanted / 16);
    near(sum[1] / count, 0, wanted / 16);
    near(sqrt(squares / count / 2), wanted, 0.05 * wanted);
    near(2 * products / squares, alike, 0.02);
    near(2 * across / squares, 0, 0.06);
}

static void elastic(void)
{
    elastic_of(34, 4);
    elastic_of(3, 1);
    elastic_of(60, 5);
}

/* ---- the same everywhere ------------------------------------------------------------------------------ */

static const struct augment_settings everything = {.shift = 2.5,
                                                   .rotate = 30,
                                                   .scale = 0.3,
                                                   .shear = 15,
                                                   .flip = 0.5,
                                                   .elastic = 20,
                                                   .elastic_sigma = 3,
                                                   .fill = 17};

static const uint8_t *noise(size_t bytes)
{
    static uint8_t pixels[65536];

    CU_ASSERT_FATAL(bytes <= sizeof pixels);
    for (size_t i = 0; i < bytes; i++)
        pixels[i] = (uint8_t)(i * i * 31 + i * 7);
    return pixels;
}

static void levels_and_lanes(void)
{
    static const size_t sizes[][3] = {{1, 28, 28}, {3, 32, 32}, {1, 1, 1},   {1, 1, 7},    {2, 9, 1},
                                      {1, 5, 17},  {1, 33, 15}, {4, 16, 16}, {1, 120, 140}};
    static const double sigmas[] = {0.5, 4, 64};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t k = 0; k < sizeof sigmas / sizeof sigmas[0]; k++) {
            struct augment_settings settings = everything;
            const size_t values = sizes[i][0] * sizes[i][1] * sizes[i][2];
            struct trial trial = {sizes[i][0], sizes[i][1], sizes[i][2], noise(values), 1, 2, 40, 0};
            float *first, *now;

            settings.elastic_sigma = sigmas[k];
            settings.elastic = k == 2 ? 1000 : 20;
            first = moved(&settings, &trial);
            for (trial.level = 1; trial.level <= highest_level(); trial.level++) {
                now = moved(&settings, &trial);
                CU_ASSERT_EQUAL(memcmp(first, now, values * NNRUN_LANES * sizeof *now), 0);
                free(now);
            }
            trial.level = 0;
            trial.first += 3; /* what was in lane 3 is in lane 0 */
            now = moved(&settings, &trial);
            for (size_t v = 0; v < values; v++)
                if (now[v * NNRUN_LANES] != first[v * NNRUN_LANES + 3])
                    CU_FAIL_FATAL("a sample depends on its lane");
            free(now);
            free(first);
        }
}

static void keyed(void)
{
    const size_t bytes = 784 * NNRUN_LANES * sizeof(float);
    const struct trial trial = {1, 28, 28, noise(784), 1, 2, 3, 0};
    struct trial other = trial;
    float *one = moved(&everything, &trial), *two = moved(&everything, &other);

    CU_ASSERT_EQUAL(memcmp(one, two, bytes), 0);
    free(two);
    other.seed++;
    two = moved(&everything, &other);
    CU_ASSERT_NOT_EQUAL(memcmp(one, two, bytes), 0);
    free(two);
    other = trial;
    other.epoch++;
    two = moved(&everything, &other);
    CU_ASSERT_NOT_EQUAL(memcmp(one, two, bytes), 0);
    free(two);
    other = trial;
    other.first++;
    two = moved(&everything, &other);
    CU_ASSERT_NOT_EQUAL(memcmp(one, two, bytes), 0);
    free(two);
    free(one);
}

/* So augmentation that hardly moves trains as none does, and a picture has no seam where it ends. */
static void unmoved(void)
{
    static const float scale[3] = {0.01f, 0.5f, 3}, shift[3] = {-1, 0.25f, 3};
    const struct lanes_scaling scaling = {3, 35, scale, shift};
    const struct augment_settings hardly = {.elastic = 1e-9, .elastic_sigma = 4, .fill = 255};
    static _Alignas(64) float plain[105 * NNRUN_LANES], now[105 * NNRUN_LANES];
    const uint8_t *pixels[NNRUN_LANES];
    const uint32_t samples[NNRUN_LANES] = {0};
    struct error error UNIT_CLEARED = {0};

    for (size_t lane = 0; lane < NNRUN_LANES; lane++)
        pixels[lane] = noise(200) + lane;
    for (unsigned level = 0; level <= highest_level(); level++) {
        struct augment *augment = need(augment_create(&hardly, &scaling, 5, 7, 1, level, &error));
        void *scratch = need(memory_array(augment_scratch_bytes(augment), 1));
        lanes_gather(level)(&scaling, pixels, plain);
        augment_gather(augment, pixels, samples, 0, scratch, now);
        CU_ASSERT_EQUAL(memcmp(plain, now, sizeof now), 0);
        free(scratch);
        augment_destroy(augment);
    }
}

/* Of even pictures moved by more than a pixel towards each edge, about half, the other edge has what comes
 * in. */
static void beyond_the_edge(void)
{
    enum { W = 28, PICTURES = 64 * NNRUN_LANES };
    const struct augment_settings far = {.shift = 20, .fill = 99};
    static const size_t from[4] = {0, W * (W - 1), 0, W - 1}, step[4] = {1, 1, W, W};
    uint8_t even[W * W];
    struct trial trial = {1, W, W, even, 1, 1, 0, 0};
    size_t filled[4] = {0};

    memset(even, 200, sizeof even);
    for (; trial.first < PICTURES; trial.first += NNRUN_LANES) {
        float *to = moved(&far, &trial);
        for (size_t lane = 0; lane < NNRUN_LANES; lane++)
            for (size_t edge = 0; edge < 4; edge++) {
                size_t count = 0;
                for (size_t i = 0; i < W; i++)
                    count += to[(from[edge] + i * step[edge]) * NNRUN_LANES + lane] == 99.0f;
                filled[edge] += count == W;
            }
        free(to);
    }
    for (size_t edge = 0; edge < 4; edge++)
        CU_ASSERT(filled[edge] > PICTURES * 4 / 10 && filled[edge] < PICTURES * 55 / 100);
}

static void wanted(void)
{
    CU_ASSERT(!augment_wanted(&(struct augment_settings){.elastic_sigma = 4, .fill = 7}));
    CU_ASSERT(augment_wanted(&(struct augment_settings){.shear = 1}));
    CU_ASSERT(augment_fits(3, 4096, 1000));
    CU_ASSERT(!augment_fits(1, 4097, 1));
    CU_ASSERT(!augment_fits(1, 1, 4097));
    CU_ASSERT(!augment_fits(3, 4096, 4096));
    CU_ASSERT(!augment_fits(SIZE_MAX / 4, 4096, 4096));
}

static const struct unit_test tests[] = {
    {"shifts are uniform, up to what is asked for, and nothing else moves", shifts},
    {"rotations likewise, about the centre", rotations},
    {"sizes likewise", scales},
    {"shears lean upright lines alone", shears},
    {"left and right change places as often as asked for", flips},
    {"all of them together are one motion", together},
    {"elastic displacements have the size and smoothness of Simard's", elastic},
    {"each code level and lane gives the same bits, whatever the size", levels_and_lanes},
    {"seed, epoch and sample decide", keyed},
    {"a picture that does not move keeps its bits", unmoved},
    {"what comes in from beyond the edge has the value asked for", beyond_the_edge},
    {"nothing is done where nothing is asked for, pictures too large are known", wanted},
};
UNIT_MAIN("augment", tests)
