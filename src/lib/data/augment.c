/* augment.c: see augment.h. Angles, factors and matrices have 28 bits behind the point, positions 16. */
#include "data/augment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random_lanes.h"
#include "data/augment_kernels.h"

enum {
    POINT = 28,
    ONE = 1 << POINT,
    MOST_RADIUS = 192,     /* 3 sigma */
    MOST_FACTOR = 1 << 16, /* times 16 bits of the field fits 32 */
    MOST_FACTOR_BITS = 20, /* behind its point */
    CACHE_LINE = 64,
    WORDS = 16 /* 16-bit words of a motion */
};

/* What a block of random words is for, the last number of its counter. */
enum { DRAW_MOTION, DRAW_FIELD };

struct augment {
    const struct augment_code *code;
    random_lanes_code *draw;
    struct random_key key;
    struct augment_pictures pictures;
    struct augment_blur blur;
    int16_t rows[MOST_RADIUS + 1], columns[MOST_RADIUS + 1];
    bool elastic;
    uint32_t flip; /* words below it flip, of 65536 */
    int64_t shift, rotate, shear, scale;
    uint8_t fill;
    float *factor; /* [channels] */
    /* parts of a thread's scratch memory, in their order: squares, field, line, words of a row, two rows */
    size_t old_bytes, field_bytes, line_bytes, word_bytes, row_bytes;
};

bool augment_wanted(const struct augment_settings *s)
{
    return s->shift > 0 || s->rotate > 0 || s->shear > 0 || s->scale > 0 || s->flip > 0 || s->elastic > 0;
}

bool augment_fits(size_t channels, size_t height, size_t width)
{
    size_t bytes;

    return height <= AUGMENT_MOST_SIDE && width <= AUGMENT_MOST_SIDE &&
           size_multiply((height + 2 * AUGMENT_BORDER) * (width + 2 * AUGMENT_BORDER),
                         channels * sizeof(uint32_t), &bytes) &&
           bytes < INT32_MAX / NNRUN_LANES;
}

static int64_t fixed(double value)
{
    return (int64_t)rint(value * ONE);
}

/* e^-x for 0 <= x <= 2 by its series: products and sums in double, each rounded once anywhere. */
static double power(double x)
{
    double term = 1, sum = 1;

    for (int i = 1; i < 40; i++) {
        term *= -x / i;
        sum += term;
    }
    return sum;
}

/* Gaussian weights by distance, whose sum over both sides is a power of two, *gain: as large as lets the
 * smoothed field, of standard deviation `spread` before and *smoothed after, keep 8 of them within its range.
 */
static void gauss(double sigma, int32_t radius, double spread, int16_t *weights, double *gain,
                  double *smoothed)
{
    const double first = power(0.5 / (sigma * sigma));
    double weight[MOST_RADIUS + 1], ratio = first, sum = 1, squares = 1;

    weight[0] = 1;
    for (int32_t k = 1; k <= radius; k++, ratio *= first * first) {
        weight[k] = weight[k - 1] * ratio;
        sum += 2 * weight[k];
        squares += 2 * (weight[k] * weight[k]);
    }
    *smoothed = spread * sqrt(squares) / sum;
    for (*gain = 1; *smoothed <= 0.125; *gain *= 2)
        *smoothed *= 2;
    for (int32_t k = 0; k <= radius; k++)
        weights[k] = (int16_t)fmin(rint(weight[k] / sum * *gain * 0x1p15), INT16_MAX);
}

static void make_blur(struct augment *a, const struct augment_settings *settings)
{
    const int32_t radius = (int32_t)ceil(3 * settings->elastic_sigma);
    double spread = 0.57735026918962573, rows, columns, factor; /* of the uniform distribution on (-1, 1) */
    int bits = 16 - AUGMENT_FIELD_POINT;

    gauss(settings->elastic_sigma, radius, spread, a->rows, &rows, &spread);
    gauss(settings->elastic_sigma, radius, spread, a->columns, &columns, &spread);
    factor = settings->elastic / (rows * columns);
    while (factor * 2 * (1 << bits) < MOST_FACTOR && bits < MOST_FACTOR_BITS)
        bits++;
    a->blur = (struct augment_blur){.radius = radius,
                                    .rows = a->rows,
                                    .columns = a->columns,
                                    .factor = (int32_t)rint(factor * (1 << bits)),
                                    .shift = bits + AUGMENT_FIELD_POINT - 16};
}

static size_t lines(size_t bytes)
{
    return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

/* All fit: see augment_fits. */
static void make_room(struct augment *a)
{
    enum { VECTOR = 16 };
    const size_t height = (size_t)a->pictures.height, width = (size_t)a->pictures.width,
                 margins = 2 * (size_t)a->blur.radius, cell = NNRUN_LANES * sizeof(int16_t);

    a->old_bytes = lines(((size_t)a->pictures.picture * NNRUN_LANES + VECTOR) * sizeof(uint32_t));
    a->field_bytes = a->elastic ? lines(2 * width * (height + margins) * cell) : 0;
    a->line_bytes = a->elastic ? lines(2 * (width + margins) * cell) : 0;
    a->word_bytes = lines((width > WORDS ? width : (size_t)WORDS) * cell);
    a->row_bytes = lines(width + 2 * AUGMENT_BORDER + VECTOR + 1);
}

struct augment *augment_create(const struct augment_settings *settings, const struct lanes_scaling *scaling,
                               size_t height, size_t width, uint64_t seed, unsigned level,
                               struct error *error)
{
    struct augment *a = memory_array(1, sizeof *a);
    const size_t plane = (height + 2 * AUGMENT_BORDER) * (width + 2 * AUGMENT_BORDER);

    if (!a || !(a->factor = memory_array(scaling->channels, sizeof *a->factor))) {
        augment_destroy(a);
        error_memory(error);
        return NULL;
    }
    for (size_t c = 0; c < scaling->channels; c++)
        a->factor[c] = scaling->scale[c] * 0x1p-16f;
    a->code = augment_code(level);
    a->draw = random_lanes(level);
    a->key = random_key(seed, RANDOM_AUGMENT, NULL);
    a->pictures = (struct augment_pictures){.channels = (int32_t)scaling->channels,
                                            .height = (int32_t)height,
                                            .width = (int32_t)width,
                                            .plane = (int32_t)plane,
                                            .picture = (int32_t)(plane * scaling->channels),
                                            .scale = a->factor,
                                            .shift = scaling->shift};
    a->elastic = settings->elastic > 0;
    if (a->elastic)
        make_blur(a, settings);
    a->flip = (uint32_t)rint(settings->flip * 65536);
    a->shift = fixed(settings->shift);
    a->rotate = fixed(settings->rotate * (3.14159265358979323846 / 180));
    a->shear = fixed(settings->shear * (3.14159265358979323846 / 180));
    a->scale = fixed(settings->scale);
    a->fill = (uint8_t)settings->fill;
    make_room(a);
    return a;
}

void augment_destroy(struct augment *a)
{
    if (!a)
        return;
    free(a->factor);
    free(a);
}

size_t augment_scratch_bytes(const struct augment *a)
{
    return a->old_bytes + a->field_bytes + a->line_bytes + a->word_bytes + 2 * a->row_bytes;
}

static int64_t times(int64_t a, int64_t b)
{
    return (a * b) >> POINT;
}

/* Sine and cosine by their series for a quarter of the angle, up to pi, then twice those of the double. */
static void turn(int64_t angle, int64_t *sine, int64_t *cosine)
{
    const int64_t x = angle / 4, square = times(x, x);
    int64_t s = ONE, c = ONE, twice;

    for (int i = 10; i > 0; i -= 2) {
        c = ONE - times(square, c) / ((i - 1) * i);
        s = ONE - times(square, s) / (i * (i + 1));
    }
    s = times(s, x);
    for (int i = 0; i < 2; i++) {
        twice = 2 * times(s, c);
        c = ONE - 2 * times(s, s);
        s = twice;
    }
    *sine = s;
    *cosine = c;
}

/* most * u with u uniform in [-1, 1), of two words. */
static int64_t within(int64_t most, const uint16_t *words)
{
    const int32_t u = (int32_t)((uint32_t)words[NNRUN_LANES] << 16 | words[0]);

    return (most >> 8) * u >> 23; /* most is below 2^39 */
}

/* New pictures are old ones sheared, rotated, scaled, flipped, then shifted. So a pixel p of a new one lies
 * at centre + Shear^-1 Rotation^-1 (p - centre - shift) / scale, its column mirrored if flipped. */
static void move_lane(const struct augment *a, const uint16_t *words, struct augment_motion *m, size_t lane)
{
    enum { POSITION = 16, TO_POSITION = POINT - POSITION };
    const int64_t shift_x = within(a->shift, words) >> TO_POSITION,
                  shift_y = within(a->shift, words + 2 * NNRUN_LANES) >> TO_POSITION,
                  size = ONE + within(a->scale, words + 6 * NNRUN_LANES),
                  smaller = ((int64_t)1 << 2 * POINT) / size;
    const int64_t centre_x = (int64_t)(a->pictures.width - 1) << (POSITION - 1),
                  centre_y = (int64_t)(a->pictures.height - 1) << (POSITION - 1);
    const int64_t away_x = -centre_x - shift_x, away_y = -centre_y - shift_y;
    int64_t s, c, tangent, xx, xy, yx, yy, x, y;

    turn(within(a->shear, words + 8 * NNRUN_LANES), &s, &c);
    tangent = s * ONE / c;
    turn(within(a->rotate, words + 4 * NNRUN_LANES), &s, &c);
    xx = times(c + times(tangent, s), smaller);
    xy = times(s - times(tangent, c), smaller);
    yx = times(-s, smaller);
    yy = times(c, smaller);
    x = centre_x + times(xx, away_x) + times(xy, away_y);
    y = centre_y + times(yx, away_x) + times(yy, away_y);
    if (words[10 * NNRUN_LANES] < a->flip) {
        x = 2 * centre_x - x;
        xx = -xx;
        xy = -xy;
    }
    m->x[lane] = (int32_t)x;
    m->y[lane] = (int32_t)y;
    m->x_by_column[lane] = (int32_t)(xx >> TO_POSITION);
    m->x_by_row[lane] = (int32_t)(xy >> TO_POSITION);
    m->y_by_column[lane] = (int32_t)(yx >> TO_POSITION);
    m->y_by_row[lane] = (int32_t)(yy >> TO_POSITION);
}

/* The squares of all pictures; rows holds two rows of bytes with their borders. */
static void frame(const struct augment *a, const uint8_t *const pixels[NNRUN_LANES], uint8_t *rows,
                  uint32_t *old)
{
    const size_t width = (size_t)a->pictures.width, height = (size_t)a->pictures.height,
                 framed = width + 2 * AUGMENT_BORDER;
    uint8_t *above = rows, *below = rows + a->row_bytes;

    memset(rows, a->fill, 2 * a->row_bytes);
    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        const uint8_t *from = pixels[lane];
        for (size_t c = 0; c < (size_t)a->pictures.channels; c++) {
            memset(above + AUGMENT_BORDER, a->fill, width);
            for (size_t row = 0; row < height + 2 * AUGMENT_BORDER; row++, old += framed) {
                uint8_t *const next = above;
                if (row < height) {
                    memcpy(below + AUGMENT_BORDER, from, width);
                    from += width;
                } else {
                    memset(below + AUGMENT_BORDER, a->fill, width);
                }
                a->code->square_row(above, below, framed, old);
                above = below;
                below = next;
            }
        }
    }
}

static void make_field(const struct augment *a, const uint32_t samples[NNRUN_LANES], uint32_t epoch,
                       int16_t *field, int16_t *line, uint16_t *words)
{
    const uint32_t last[2] = {epoch, DRAW_FIELD};
    const size_t height = (size_t)a->pictures.height, width = (size_t)a->pictures.width,
                 radius = (size_t)a->blur.radius;
    const uint32_t blocks = ((uint32_t)width + 7) / 8;

    memset(field, 0, a->field_bytes);
    memset(line, 0, a->line_bytes);
    for (size_t row = 0; row < height; row++) {
        a->draw(a->key, (uint32_t)row * blocks, samples, last, width, words);
        a->code->blur_row(&a->blur, width, words, line, field, height + 2 * radius, row + radius);
    }
}

void augment_gather(const struct augment *a, const uint8_t *const pixels[NNRUN_LANES],
                    const uint32_t samples[NNRUN_LANES], uint32_t epoch, void *scratch, float *to)
{
    const uint32_t last[2] = {epoch, DRAW_MOTION};
    char *const field_at = (char *)scratch + a->old_bytes, *const line_at = field_at + a->field_bytes,
                *const words_at = line_at + a->line_bytes;
    uint8_t *rows = (uint8_t *)words_at + a->word_bytes;
    uint32_t *old = scratch;
    int16_t *field = (int16_t *)(void *)field_at, *line = (int16_t *)(void *)line_at;
    uint16_t *words = (uint16_t *)(void *)words_at;
    struct augment_motion motion;

    a->draw(a->key, 0, samples, last, WORDS, words);
    for (size_t lane = 0; lane < NNRUN_LANES; lane++)
        move_lane(a, words + lane, &motion, lane);
    if (a->elastic)
        make_field(a, samples, epoch, field, line, words);
    frame(a, pixels, rows, old);
    a->code->warp(&a->pictures, &motion, &a->blur, a->elastic ? field : NULL, old, to);
}
