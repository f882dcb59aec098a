/* unit_layers.c: the shipped layers against plain definitions in double precision, at every code level. The
 * plugins come from NNRUN_PLUGIN_PATH; those with level 2 compiled for AVX2 from below NNRUN_BUILD, if that
 * is set. */
#include "layer_harness.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = NNRUN_LANES };

/* A sum of products with the size it would have without cancelling: what rounding errors are measured by. */
struct sum {
    double value, size;
};

static void add(struct sum *sum, double term)
{
    sum->value += term;
    sum->size += fabs(term);
}

static struct sum *sums(size_t count)
{
    struct sum *array = calloc(count, sizeof *array);

    if (!array)
        exit(99);
    return array;
}

/* Reports the first element that is further off than rounding can explain. An algorithm of fewer operations rounds
 * larger numbers than an element's terms may be: there it is measured by the largest element. */
static bool near(const struct harness *h, const char *what, const struct sum *want, const float *got,
                 size_t count)
{
    double largest = 0;

    for (size_t i = 0; h->plan.algorithm && i < count; i++)
        largest = fmax(largest, fabs(want[i].value));
    for (size_t i = 0; i < count; i++)
        if (!(fabs(got[i] - want[i].value) <= fmax(3e-6 * want[i].size, 1e-5 * largest) + 1e-30)) {
            printf("\n    %s[%zu] = %.9g, not %.9g ", what, i, (double)got[i], want[i].value);
            return false;
        }
    return true;
}

/* NULL: there is no wide set to compare with. */
static const char *folder(bool wide)
{
    static char path[1024];
    const char *build = getenv("NNRUN_BUILD"), *plugins = getenv("NNRUN_PLUGIN_PATH");

    if (!plugins) {
        fprintf(stderr, "unit_layers: NNRUN_PLUGIN_PATH is not set\n");
        exit(99);
    }
    if (!wide)
        return plugins;
    if (!build)
        return NULL;
    snprintf(path, sizeof path, "%s/plugins/wide/.libs", build);
    return path;
}

/* ---- the same layer at all levels ------------------------------------------------------------------ */

struct reference {
    struct sum *y, *dx, *dw[2];
};

static void free_reference(struct reference *r)
{
    free(r->y);
    free(r->dx);
    free(r->dw[0]);
    free(r->dw[1]);
}

/* What a run left: y, dx, dw of all tensors. */
struct outcome {
    float *y, *dx, *dw[2];
};

static void *copy(const void *from, size_t floats)
{
    void *to = malloc(floats * sizeof(float) + 1);

    if (!to)
        exit(99);
    return memcpy(to, from, floats * sizeof(float));
}

static struct outcome run(struct harness *h, int level)
{
    struct outcome o = {NULL, NULL, {NULL, NULL}};

    for (int32_t i = 0; i < h->tensors; i++)
        memset(h->dw[i], 0, h->w_floats[i] * sizeof(float));
    harness_forward(h, level);
    o.y = copy(h->y, h->y_floats);
    harness_backward(h, level);
    o.dx = copy(h->dx[0], h->x_floats[0]);
    for (int32_t i = 0; i < h->tensors; i++)
        o.dw[i] = copy(h->dw[i], h->w_floats[i]);
    return o;
}

static void free_outcome(struct outcome *o)
{
    free(o->y);
    free(o->dx);
    free(o->dw[0]);
    free(o->dw[1]);
}

static bool same_bits(const struct harness *h, const struct outcome *a, const struct outcome *b)
{
    bool same = memcmp(a->y, b->y, h->y_floats * sizeof(float)) == 0 &&
                memcmp(a->dx, b->dx, h->x_floats[0] * sizeof(float)) == 0;

    for (int32_t i = 0; i < h->tensors; i++)
        same = same && memcmp(a->dw[i], b->dw[i], h->w_floats[i] * sizeof(float)) == 0;
    return same;
}

/* dw has the same bits when no dx is wanted, and a second call of a group adds to it. */
static bool adds(struct harness *h, int level, const struct outcome *once)
{
    bool good = true;

    h->no_dx = true;
    harness_backward(h, level);
    for (int32_t t = 0; t < h->tensors; t++)
        good = good && memcmp(h->dw[t], once->dw[t], h->w_floats[t] * sizeof(float)) == 0;
    for (int32_t t = 0; t < h->tensors; t++)
        for (size_t i = 0; i < h->w_floats[t]; i++)
            h->dw[t][i] = 4.0f;
    h->first = false;
    harness_backward(h, level);
    h->first = true;
    h->no_dx = false;
    for (int32_t t = 0; t < h->tensors; t++)
        for (size_t i = 0; i < h->w_floats[t]; i++)
            good = good && fabsf(h->dw[t][i] - 4.0f - once->dw[t][i]) <= 3e-5f * (4 + fabsf(once->dw[t][i]));
    return good;
}

/* Another sample in lane 5 changes lane 5 of y and dx, no other. */
static bool lanes_apart(struct harness *h, int level, const struct outcome *before)
{
    bool good = true;

    for (size_t i = 5; i < h->x_floats[0]; i += LANES)
        h->x[0][i] += 0.25f;
    for (size_t i = 5; i < h->y_floats; i += LANES)
        h->dy[i] -= 0.5f;
    struct outcome after = run(h, level);
    for (size_t i = 0; i < h->y_floats; i++)
        good = good && (i % LANES == 5 || after.y[i] == before->y[i]);
    for (size_t i = 0; i < h->x_floats[0]; i++)
        good = good && (i % LANES == 5 || after.dx[i] == before->dx[i]);
    harness_fill(h->x[0], h->x_floats[0], 1);
    harness_fill(h->dy, h->y_floats, 21);
    free_outcome(&after);
    return good;
}

/* Evaluation, which keeps nothing, gives the y of training. */
static bool evaluates(struct harness *h, int level, const struct outcome *trained)
{
    h->training = false;
    harness_forward(h, level);
    h->training = true;
    return memcmp(h->y, trained->y, h->y_floats * sizeof(float)) == 0;
}

typedef void prepare(struct harness *h, const void *what);
typedef struct reference defines(const struct harness *h, const void *what);

static void check_levels(const char *type, const char *name, prepare *set, defines *define, const void *what)
{
    struct outcome first = {NULL, NULL, {NULL, NULL}};

    for (int wide = 0; wide < 2; wide++) {
        const int least = wide ? 2 : 0, most = wide ? 2 : harness_level();
        struct harness h;

        if (!folder(wide) || (wide && harness_level() < 1))
            continue;
        harness_open(&h, folder(wide), type);
        set(&h, what);
        struct reference r = define(&h, what);
        for (int level = least; level <= most; level++) {
            struct outcome o = run(&h, level);
            bool good = near(&h, "y", r.y, o.y, h.y_floats) && near(&h, "dx", r.dx, o.dx, h.x_floats[0]);
            for (int32_t i = 0; i < h.tensors; i++)
                good = good && near(&h, h.tensor[i].name, r.dw[i], o.dw[i], h.w_floats[i]);
            good = good && adds(&h, level, &o) && lanes_apart(&h, level, &o) && evaluates(&h, level, &o);
            good = good && harness_intact(&h);
            if (level > 0 && first.y && !same_bits(&h, &first, &o)) {
                printf("\n    other bits ");
                good = false;
            }
            if (!good)
                printf("(%s %s, level %d%s)\n", type, name, level, wide ? ", wide" : "");
            CU_ASSERT(good);
            if (level > 0 && !first.y)
                first = o;
            else
                free_outcome(&o);
        }
        free_reference(&r);
        harness_close(&h);
    }
    free_outcome(&first);
}

/* ---- conv ------------------------------------------------------------------------------------------ */

struct area {
    int channels, height, width, filters, kernel[2], stride[2], pad[2], bias;
};

static void set_conv(struct harness *h, const void *what)
{
    const struct area *a = what;
    const struct nnrun_shape shape = {3, {a->channels, a->height, a->width}};

    harness_set(h, "filters", a->filters);
    harness_set2(h, "kernel", a->kernel[0], a->kernel[1]);
    harness_set2(h, "stride", a->stride[0], a->stride[1]);
    harness_set2(h, "pad", a->pad[0], a->pad[1]);
    harness_set(h, "bias", a->bias);
    CU_ASSERT_FATAL(harness_plan(h, 1, &shape) == 0);
}

/* An algorithm of fewer multiplications takes it. */
static void set_fewer(struct harness *h, const void *what)
{
    set_conv(h, what);
    CU_ASSERT(h->plan.algorithm != NULL);
}

static struct reference define_conv(const struct harness *h, const void *what)
{
    const struct area *a = what;
    const int rows = h->plan.output.dim[1], columns = h->plan.output.dim[2];
    struct reference r = {
        sums(h->y_floats), sums(h->x_floats[0]), {sums(h->w_floats[0]), sums(h->w_floats[1] + 1)}};
    const int height = (a->height + 2 * a->pad[0] - a->kernel[0]) / a->stride[0] + 1;
    const int width = (a->width + 2 * a->pad[1] - a->kernel[1]) / a->stride[1] + 1;

    CU_ASSERT(h->plan.output.rank == 3 && h->plan.output.dim[0] == a->filters && rows == height &&
              columns == width);
    for (int o = 0; o < a->filters; o++)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                for (int lane = 0; lane < LANES; lane++) {
                    const size_t y =
                        (((size_t)o * (size_t)rows + (size_t)i) * (size_t)columns + (size_t)j) * LANES +
                        (size_t)lane;
                    const double dy = h->dy[y];
                    if (a->bias) {
                        add(&r.y[y], h->w[1][o]);
                        add(&r.dw[1][o], dy);
                    }
                    for (int c = 0; c < a->channels; c++)
                        for (int u = 0; u < a->kernel[0]; u++)
                            for (int v = 0; v < a->kernel[1]; v++) {
                                const int row = i * a->stride[0] + u - a->pad[0];
                                const int column = j * a->stride[1] + v - a->pad[1];
                                if (row < 0 || row >= a->height || column < 0 || column >= a->width)
                                    continue;
                                const size_t x =
                                    (size_t)(((c * a->height + row) * a->width + column) * LANES + lane);
                                const size_t w =
                                    (size_t)(((o * a->channels + c) * a->kernel[0] + u) * a->kernel[1] + v);
                                add(&r.y[y], (double)h->w[0][w] * h->x[0][x]);
                                add(&r.dx[x], (double)h->w[0][w] * dy);
                                add(&r.dw[0][w], (double)h->x[0][x] * dy);
                            }
                }
    return r;
}

static void conv_areas(prepare *set, const struct area *areas, size_t count)
{
    char name[64];

    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "case %zu: %dx%d kernel %dx%d", i, areas[i].height, areas[i].width,
                 areas[i].kernel[0], areas[i].kernel[1]);
        check_levels("conv", name, set, define_conv, &areas[i]);
    }
}

static void conv_matches(void)
{
    static const struct area areas[] = {
        {1, 28, 28, 6, {5, 5}, {1, 1}, {2, 2}, 1},  {6, 14, 14, 16, {5, 5}, {1, 1}, {0, 0}, 1},
        {16, 5, 5, 24, {5, 5}, {1, 1}, {0, 0}, 1},  {1, 1, 1, 1, {1, 1}, {1, 1}, {0, 0}, 1},
        {3, 9, 7, 17, {3, 3}, {1, 1}, {1, 1}, 1},   {17, 7, 9, 5, {3, 3}, {1, 1}, {1, 1}, 0},
        {17, 6, 6, 13, {1, 1}, {1, 1}, {0, 0}, 1},  {2, 8, 8, 3, {2, 2}, {2, 2}, {0, 0}, 1},
        {2, 9, 11, 4, {2, 2}, {1, 1}, {1, 1}, 1},   {4, 11, 13, 7, {3, 3}, {2, 2}, {1, 1}, 1},
        {3, 13, 12, 2, {5, 5}, {2, 2}, {2, 2}, 0},  {2, 17, 19, 5, {7, 7}, {2, 2}, {3, 3}, 1},
        {3, 15, 13, 4, {7, 7}, {1, 1}, {3, 3}, 1},  {2, 13, 13, 3, {4, 4}, {1, 1}, {0, 0}, 1},
        {3, 10, 16, 5, {4, 4}, {3, 3}, {2, 2}, 1},  {2, 12, 9, 3, {3, 5}, {1, 2}, {0, 1}, 1},
        {5, 9, 12, 3, {5, 3}, {2, 1}, {1, 0}, 1},   {2, 6, 6, 3, {1, 3}, {3, 3}, {0, 0}, 1},
        {2, 3, 3, 4, {3, 3}, {1, 1}, {3, 4}, 1},    {3, 4, 4, 2, {7, 7}, {1, 1}, {2, 2}, 1},
        {1, 5, 40, 10, {1, 11}, {1, 1}, {0, 5}, 1}, {1, 9, 9, 1, {9, 9}, {1, 1}, {0, 0}, 1},
        {11, 6, 8, 12, {3, 3}, {1, 1}, {0, 0}, 0},  {3, 7, 7, 2, {2, 2}, {5, 5}, {0, 0}, 1},
        {2, 5, 30, 3, {6, 6}, {1, 4}, {1, 2}, 1},   {3, 8, 31, 8, {3, 13}, {2, 2}, {0, 3}, 1},
    };
    conv_areas(set_conv, areas, sizeof areas / sizeof areas[0]);
}

/* Rows whose last tile has each number of columns; padding up to the kernel's size and beyond; kernels that are not
 * square; one row of them; more channels than a block of dw has, fewer filters than a register tile. The last ones have few
 * channels, and as many rows as are taken at once, or more. */
static void conv_by_fewer_multiplications_matches(void)
{
    static const struct area areas[] = {
        {16, 14, 14, 32, {3, 3}, {1, 1}, {1, 1}, 1}, {24, 8, 13, 32, {3, 3}, {1, 1}, {1, 1}, 0},
        {17, 9, 10, 12, {3, 3}, {1, 1}, {0, 0}, 1},  {20, 5, 7, 19, {3, 3}, {1, 1}, {1, 1}, 1},
        {33, 6, 8, 13, {3, 3}, {1, 1}, {2, 2}, 1},   {40, 9, 8, 40, {3, 3}, {1, 1}, {3, 4}, 1},
        {20, 12, 12, 50, {5, 5}, {1, 1}, {0, 0}, 1}, {8, 14, 14, 8, {5, 5}, {1, 1}, {2, 2}, 1},
        {7, 9, 11, 10, {5, 5}, {1, 1}, {0, 0}, 0},   {18, 6, 10, 9, {5, 5}, {1, 1}, {0, 2}, 1},
        {6, 8, 13, 16, {5, 5}, {1, 1}, {5, 6}, 1},   {16, 10, 12, 16, {7, 7}, {1, 1}, {3, 3}, 1},
        {24, 10, 11, 24, {7, 7}, {1, 1}, {0, 0}, 1}, {6, 8, 9, 9, {7, 7}, {1, 1}, {8, 3}, 0},
        {20, 6, 12, 20, {1, 3}, {1, 1}, {0, 1}, 1},  {16, 5, 12, 16, {2, 5}, {1, 1}, {1, 0}, 1},
        {12, 12, 16, 12, {9, 3}, {1, 1}, {4, 1}, 1}, {10, 7, 14, 12, {3, 7}, {1, 1}, {0, 3}, 1},
        {16, 9, 14, 24, {11, 5}, {1, 1}, {5, 2}, 1}, {40, 4, 4, 24, {3, 3}, {1, 1}, {1, 1}, 1},
        {1, 28, 28, 6, {5, 5}, {1, 1}, {2, 2}, 1},   {1, 7, 20, 3, {5, 5}, {1, 1}, {0, 0}, 1},
        {1, 8, 13, 33, {5, 5}, {1, 1}, {0, 2}, 0},   {2, 8, 14, 5, {5, 5}, {1, 1}, {0, 0}, 1},
        {3, 9, 15, 20, {5, 5}, {1, 1}, {0, 0}, 1},   {1, 9, 12, 40, {3, 3}, {1, 1}, {1, 1}, 1},
        {3, 7, 16, 17, {3, 3}, {1, 1}, {1, 1}, 0},   {2, 6, 8, 24, {3, 3}, {1, 1}, {1, 1}, 1},
        {1, 40, 8, 2, {5, 5}, {1, 1}, {0, 2}, 1},    {1, 4, 16, 20, {3, 3}, {1, 1}, {3, 1}, 1},
    };
    conv_areas(set_fewer, areas, sizeof areas / sizeof areas[0]);
}

/* Pixels that are not divided by 255, and more; weights as they are initialised. */
static void conv_by_fewer_multiplications_is_accurate(void)
{
    static const struct area areas[] = {
        {16, 14, 14, 32, {3, 3}, {1, 1}, {1, 1}, 1},
        {20, 12, 12, 50, {5, 5}, {1, 1}, {0, 0}, 1},
        {16, 10, 12, 16, {7, 7}, {1, 1}, {3, 3}, 1},
        {1, 28, 28, 6, {5, 5}, {1, 1}, {2, 2}, 1},
    };

    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        struct harness h;

        harness_open(&h, folder(false), "conv");
        set_fewer(&h, &areas[i]);
        for (size_t j = 0; j < h.x_floats[0]; j++)
            h.x[0][j] = h.x[0][j] > 0 ? h.x[0][j] * 1000 : 0;
        for (size_t j = 0; j < h.w_floats[0]; j++)
            h.w[0][j] /= sqrtf((float)(areas[i].channels * areas[i].kernel[0] * areas[i].kernel[1]));
        struct reference r = define_conv(&h, &areas[i]);
        for (int level = 0; level <= harness_level(); level++) {
            struct outcome o = run(&h, level);
            CU_ASSERT(near(&h, "y", r.y, o.y, h.y_floats) && near(&h, "dx", r.dx, o.dx, h.x_floats[0]) &&
                      near(&h, "dw", r.dw[0], o.dw[0], h.w_floats[0]));
            free_outcome(&o);
        }
        free_reference(&r);
        harness_close(&h);
    }
}

static void conv_takes_an_image_without_channels(void)
{
    const struct nnrun_shape shape = {2, {7, 6}};
    struct harness h;

    harness_open(&h, folder(false), "conv");
    harness_set(&h, "filters", 2);
    harness_set(&h, "kernel", 3);
    CU_ASSERT_FATAL(harness_plan(&h, 1, &shape) == 0);
    CU_ASSERT(h.plan.output.dim[0] == 2 && h.plan.output.dim[1] == 5 && h.plan.output.dim[2] == 4);
    CU_ASSERT(h.tensor[0].shape.rank == 4 && h.tensor[0].shape.dim[1] == 1);
    CU_ASSERT(h.tensor[0].init == NNRUN_FAN_IN && h.tensor[0].fan_in == 9 && h.tensor[0].fan_out == 18);
    CU_ASSERT(h.tensor[0].flags == NNRUN_DECAY && h.tensor[1].flags == 0);
    CU_ASSERT(h.tensor[1].init == NNRUN_FAN_IN && h.tensor[1].fan_in == 9);
    harness_close(&h);
}

/* ---- dense ----------------------------------------------------------------------------------------- */

struct product {
    int in, out, bias;
};

static void set_dense(struct harness *h, const void *what)
{
    const struct product *p = what;
    const struct nnrun_shape shape = {1, {p->in}};

    harness_set(h, "units", p->out);
    harness_set(h, "bias", p->bias);
    CU_ASSERT_FATAL(harness_plan(h, 1, &shape) == 0);
}

static struct reference define_dense(const struct harness *h, const void *what)
{
    const struct product *p = what;
    struct reference r = {
        sums(h->y_floats), sums(h->x_floats[0]), {sums(h->w_floats[0]), sums(h->w_floats[1] + 1)}};

    CU_ASSERT(h->plan.output.rank == 1 && h->plan.output.dim[0] == p->out);
    for (size_t m = 0; m < (size_t)p->out; m++)
        for (size_t lane = 0; lane < LANES; lane++) {
            const size_t y = m * LANES + lane;
            if (p->bias) {
                add(&r.y[y], h->w[1][m]);
                add(&r.dw[1][m], h->dy[y]);
            }
            for (size_t k = 0; k < (size_t)p->in; k++) {
                const size_t w = m * (size_t)p->in + k, x = k * LANES + lane;
                add(&r.y[y], (double)h->w[0][w] * h->x[0][x]);
                add(&r.dx[x], (double)h->w[0][w] * h->dy[y]);
                add(&r.dw[0][w], (double)h->x[0][x] * h->dy[y]);
            }
        }
    return r;
}

static void dense_matches(void)
{
    static const struct product products[] = {
        {1, 1, 1},  {16, 16, 0}, {400, 120, 1}, {120, 84, 1}, {84, 10, 1},  {17, 25, 1}, {33, 7, 0},
        {8, 47, 1}, {31, 1, 1},  {1, 31, 1},    {100, 3, 1},  {129, 29, 1}, {7, 5, 0}};
    char name[64];

    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        snprintf(name, sizeof name, "%d to %d", products[i].in, products[i].out);
        check_levels("dense", name, set_dense, define_dense, &products[i]);
    }
}

static void dense_flattens(void)
{
    const struct nnrun_shape shape = {3, {3, 4, 5}};
    struct harness h;

    harness_open(&h, folder(false), "dense");
    harness_set(&h, "units", 7);
    harness_set(&h, "init", 1);
    CU_ASSERT_FATAL(harness_plan(&h, 1, &shape) == 0);
    CU_ASSERT(h.plan.output.rank == 1 && h.plan.output.dim[0] == 7);
    CU_ASSERT(h.tensor[0].shape.rank == 2 && h.tensor[0].shape.dim[0] == 7 && h.tensor[0].shape.dim[1] == 60);
    CU_ASSERT(h.tensor[0].init == NNRUN_HE && h.tensor[0].fan_in == 60 && h.tensor[0].fan_out == 7);
    CU_ASSERT(h.tensor[1].init == NNRUN_ZEROS && h.tensor[1].shape.rank == 1);
    harness_close(&h);
}

/* ---- pool ------------------------------------------------------------------------------------------ */

static void set_pool(struct harness *h, const void *what)
{
    const struct area *a = what;
    const struct nnrun_shape shape = {3, {a->channels, a->height, a->width}};

    harness_set(h, "mode", a->filters);
    harness_set2(h, "kernel", a->kernel[0], a->kernel[1]);
    if (a->stride[0] > 0)
        harness_set2(h, "stride", a->stride[0], a->stride[1]);
    harness_set2(h, "pad", a->pad[0], a->pad[1]);
    CU_ASSERT_FATAL(harness_plan(h, 1, &shape) == 0);
}

/* `filters` stands for the mode: 0 max, 1 average. */
static struct reference define_pool(const struct harness *h, const void *what)
{
    const struct area *a = what;
    const int rows = h->plan.output.dim[1], columns = h->plan.output.dim[2];
    const int stride[2] = {a->stride[0] ? a->stride[0] : a->kernel[0],
                           a->stride[1] ? a->stride[1] : a->kernel[1]};
    struct reference r = {sums(h->y_floats), sums(h->x_floats[0]), {NULL, NULL}};

    CU_ASSERT(rows == (a->height + 2 * a->pad[0] - a->kernel[0]) / stride[0] + 1);
    CU_ASSERT(columns == (a->width + 2 * a->pad[1] - a->kernel[1]) / stride[1] + 1);
    for (int i = 0; i < a->channels * rows * columns * LANES; i++) {
        const int lane = i % LANES, column = i / LANES % columns, row = i / LANES / columns % rows;
        const int channel = i / LANES / columns / rows;
        const double size = a->kernel[0] * a->kernel[1];
        double largest = 0;
        int at = -1;
        for (int u = 0; u < a->kernel[0]; u++)
            for (int v = 0; v < a->kernel[1]; v++) {
                const int y = row * stride[0] + u - a->pad[0], x = column * stride[1] + v - a->pad[1];
                if (y < 0 || y >= a->height || x < 0 || x >= a->width)
                    continue;
                const int here = ((channel * a->height + y) * a->width + x) * LANES + lane;
                if (at < 0 || h->x[0][here] > largest) {
                    largest = h->x[0][here];
                    at = here;
                }
                if (a->filters == 1) {
                    add(&r.y[i], h->x[0][here] / size);
                    add(&r.dx[here], h->dy[i] / size);
                }
            }
        if (a->filters == 0) {
            add(&r.y[i], largest);
            add(&r.dx[at], h->dy[i]);
        }
    }
    return r;
}

static void pool_matches(void)
{
    struct area areas[] = {
        {6, 28, 28, 0, {2, 2}, {0, 0}, {0, 0}, 0}, {2, 9, 7, 0, {2, 2}, {0, 0}, {0, 0}, 0},
        {3, 9, 9, 0, {3, 3}, {2, 2}, {1, 1}, 0},   {1, 11, 10, 0, {3, 2}, {1, 3}, {1, 0}, 0},
        {2, 7, 8, 0, {2, 3}, {3, 4}, {1, 1}, 0},   {4, 6, 6, 0, {6, 6}, {0, 0}, {3, 3}, 0},
        {1, 4, 4, 0, {1, 1}, {1, 1}, {0, 0}, 0},   {2, 8, 8, 0, {2, 2}, {0, 0}, {1, 1}, 0},
    };
    char name[64];

    for (int mode = 0; mode < 2; mode++)
        for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
            areas[i].filters = mode;
            snprintf(name, sizeof name, "mode %d, case %zu", mode, i);
            check_levels("pool", name, set_pool, define_pool, &areas[i]);
        }
}

static void pool_prefers_the_first_and_passes_nan_on(void)
{
    const struct nnrun_shape shape = {3, {1, 2, 4}};
    struct harness h;

    for (int level = 0; level <= harness_level(); level++) {
        harness_open(&h, folder(false), "pool");
        harness_set(&h, "kernel", 2);
        CU_ASSERT_FATAL(harness_plan(&h, 1, &shape) == 0);
        for (size_t i = 0; i < h.x_floats[0]; i++)
            h.x[0][i] = 1.0f;
        h.x[0][1 * LANES + 3] = NAN;
        for (size_t i = 0; i < h.y_floats; i++)
            h.dy[i] = 5.0f;
        harness_forward(&h, level);
        CU_ASSERT(isnan(h.y[3]) && h.y[2] == 1.0f && h.y[LANES + 3] == 1.0f);
        harness_backward(&h, level);
        CU_ASSERT(h.dx[0][0] == 5.0f && h.dx[0][1 * LANES] == 0.0f && h.dx[0][5 * LANES] == 0.0f);
        CU_ASSERT(h.dx[0][3] == 0.0f && h.dx[0][1 * LANES + 3] == 5.0f);
        harness_close(&h);
    }
}

/* ---- relu and softmax ------------------------------------------------------------------------------ */

static void set_values(struct harness *h, const void *what)
{
    const struct nnrun_shape shape = {1, {*(const int *)what}};

    CU_ASSERT_FATAL(harness_plan(h, 1, &shape) == 0);
}

static struct reference define_relu(const struct harness *h, const void *what)
{
    struct reference r = {sums(h->y_floats), sums(h->x_floats[0]), {NULL, NULL}};

    (void)what;
    for (size_t i = 0; i < h->y_floats; i++) {
        add(&r.y[i], h->x[0][i] > 0 ? h->x[0][i] : 0.0f);
        add(&r.dx[i], h->x[0][i] > 0 ? h->dy[i] : 0.0f);
    }
    return r;
}

static struct reference define_softmax(const struct harness *h, const void *what)
{
    struct reference r = {sums(h->y_floats), sums(h->x_floats[0]), {NULL, NULL}};

    (void)what;
    for (size_t lane = 0; lane < LANES; lane++) {
        double total = 0, mean = 0;
        for (size_t i = lane; i < h->y_floats; i += LANES)
            total += exp(h->x[0][i]);
        for (size_t i = lane; i < h->y_floats; i += LANES) {
            add(&r.y[i], exp(h->x[0][i]) / total);
            mean += r.y[i].value * h->dy[i];
        }
        for (size_t i = lane; i < h->y_floats; i += LANES) {
            add(&r.dx[i], r.y[i].value * (h->dy[i] - mean));
            r.dx[i].size = r.y[i].value;
        }
    }
    return r;
}

static void relu_and_softmax_match(void)
{
    static const int counts[] = {1, 2, 10, 33};
    char name[32];

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        snprintf(name, sizeof name, "%d values", counts[i]);
        check_levels("relu", name, set_values, define_relu, &counts[i]);
        check_levels("softmax", name, set_values, define_softmax, &counts[i]);
    }
}

static void softmax_is_a_loss(void)
{
    const struct nnrun_shape shape = {1, {10}};
    struct harness h;

    for (int level = 0; level <= harness_level(); level++) {
        bool loss = true, gradient = true, beyond = true;

        harness_open(&h, folder(false), "softmax");
        CU_ASSERT_FATAL(harness_plan(&h, 1, &shape) == 0);
        h.with_target = true;
        h.count = 11;
        for (int lane = 0; lane < LANES; lane++)
            h.target[lane] = lane % 10;
        for (size_t i = 0; i < h.x_floats[0]; i++)
            h.x[0][i] = h.x[0][i] * 40 + 200; /* exp alone would be infinite */
        harness_forward(&h, level);
        harness_backward(&h, level);
        for (int lane = 0; lane < LANES; lane++) {
            const float *x = h.x[0] + lane;
            double total = 0;
            for (int i = 0; i < 10; i++)
                total += exp(x[i * LANES] - x[lane % 10 * LANES]);
            loss = loss && fabs(h.loss[lane] - log(total)) <= 1e-5 * (1 + log(total));
            for (int i = 0; i < 10; i++) {
                const double p = exp(x[i * LANES] - x[lane % 10 * LANES]) / total - (i == lane % 10);
                if (lane < 11)
                    gradient = gradient && fabs(h.dx[0][i * LANES + lane] - p) <= 1e-6;
                else
                    beyond = beyond && h.dx[0][i * LANES + lane] == 0.0f;
            }
        }
        CU_ASSERT(loss);
        CU_ASSERT(gradient);
        CU_ASSERT(beyond);
        CU_ASSERT(harness_intact(&h));
        harness_close(&h);
    }
}

static void in_place_is_the_same(void)
{
    static const char *const types[] = {"relu", "softmax"};
    const struct nnrun_shape shape = {1, {19}};

    for (size_t i = 0; i < 2; i++)
        for (int level = 0; level <= harness_level(); level++) {
            struct harness h;
            harness_open(&h, folder(false), types[i]);
            CU_ASSERT_FATAL(h.layer->flags & NNRUN_IN_PLACE);
            CU_ASSERT_FATAL(harness_plan(&h, 1, &shape) == 0);
            struct outcome o = run(&h, level);
            const float *x = h.x[0];
            const struct nnrun_slice slice = {.count = LANES,
                                              .training = 1,
                                              .inputs = 1,
                                              .x = &x,
                                              .y = h.x[0],
                                              .dy = h.dy,
                                              .dx = &h.dy,
                                              .keep = h.keep,
                                              .scratch = h.scratch};
            h.layer->code[level].forward(h.self, &slice);
            h.layer->code[level].backward(h.self, &slice);
            CU_ASSERT(memcmp(h.x[0], o.y, h.y_floats * sizeof(float)) == 0);
            CU_ASSERT(memcmp(h.dy, o.dx, h.y_floats * sizeof(float)) == 0);
            free_outcome(&o);
            harness_close(&h);
        }
}

/* ---- tails ----------------------------------------------------------------------------------------- */

enum { TAILS = 2000 };

/* Values of a sample around where e^x is 2^-100, and where no normal float holds it. Value 0 is 0, the largest. */
static void set_tails(struct harness *h)
{
    for (size_t i = 0; i < TAILS; i++)
        for (size_t lane = 0; lane < LANES; lane++)
            h->x[0][i * LANES + lane] = i == 0 ? 0 : -69.31472f + 0.0001f * (float)((int)(i + lane) - 1000);
    for (size_t i = TAILS / 2; i < TAILS; i += 7)
        h->x[0][i * LANES] = -(float)i / 10;
}

/* Each output is 0, or 2^-100 at least; both are there, and all are near the definition. */
static void tails_become_0(void)
{
    static const char *const types[] = {"softmax", "logistic", "sigmoid"};

    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        const struct nnrun_shape shape = {1, {TAILS}};
        struct outcome first = {NULL, NULL, {NULL, NULL}};
        for (int level = 0; level <= harness_level(); level++) {
            size_t zeros = 0, others = 0, wrong = 0;
            struct harness h;
            harness_open(&h, folder(false), types[t]);
            CU_ASSERT_FATAL(harness_plan(&h, 1, &shape) == 0);
            set_tails(&h);
            struct outcome o = run(&h, level);
            for (size_t i = LANES; i < TAILS * LANES; i++) {
                const double want = exp(h.x[0][i]);
                zeros += o.y[i] == 0;
                others += o.y[i] > 0;
                if (o.y[i] == 0 ? want > 0x1.0001p-100
                                : o.y[i] < 0x1p-100f || fabs(o.y[i] - want) > 1e-5 * want)
                    wrong++;
            }
            CU_ASSERT(zeros > 0 && others > 0);
            CU_ASSERT_EQUAL(wrong, 0);
            if (level >= 1 && first.y)
                CU_ASSERT(same_bits(&h, &first, &o));
            h.x[0][5 * LANES + 3] = NAN;
            harness_forward(&h, level);
            CU_ASSERT(isnan(h.y[5 * LANES + 3]));
            if (level == 1)
                first = o;
            else
                free_outcome(&o);
            harness_close(&h);
        }
        free_outcome(&first);
    }
}

/* ---- refusals -------------------------------------------------------------------------------------- */

static void impossible_layers_are_refused(void)
{
    static const struct {
        const char *type, *key, *other;
        double value, other_value;
        struct nnrun_shape input;
        const char *message;
    } cases[] = {
        {"conv",
         "kernel",
         "filters",
         9,
         1,
         {3, {1, 8, 8}},
         "kernel: 9 is larger than the input, which is 8 high"},
        {"conv",
         "kernel",
         "pad",
         11,
         1,
         {3, {1, 8, 9}},
         "kernel: 11 is larger than the padded input, which is 10 high"},
        {"conv", "kernel", "filters", 1, 1, {1, {8}}, "takes channels, height and width, not a vector"},
        {"conv",
         "filters",
         "kernel",
         2147483647,
         3,
         {3, {1000, 8, 8}},
         "filters: 2147483647 of 3 x 3 are too large"},
        {"pool",
         "kernel",
         "pad",
         9,
         0,
         {3, {1, 8, 9}},
         "kernel: 9 is larger than the input, which is 8 high"},
        {"pool", "kernel", "pad", 3, 2, {3, {1, 8, 9}}, "pad: 2 is more than half of the kernel, which is 3"},
        {"pool", "kernel", "pad", 2, 0, {1, {8}}, "takes channels, height and width, not a vector"},
        {"dense", "units", "init", 4, 0, {3, {65536, 65536, 2}}, "a sample has more than 2147483647 values"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct harness h;
        harness_open(&h, folder(false), cases[i].type);
        harness_set(&h, cases[i].other, cases[i].other_value);
        harness_set(&h, cases[i].key, cases[i].value);
        CU_ASSERT(harness_plan(&h, 1, &cases[i].input) == -1);
        if (strcmp(h.message, cases[i].message) != 0)
            printf("\n    \"%s\", not \"%s\"\n", h.message, cases[i].message);
        CU_ASSERT_STRING_EQUAL(h.message, cases[i].message);
        harness_close(&h);
    }
}

static const struct unit_test tests[] = {
    {"conv matches its definition, with the same bits at all levels", conv_matches},
    {"conv by fewer multiplications does, too", conv_by_fewer_multiplications_matches},
    {"... within 1e-5 of the largest element for inputs up to 1000",
     conv_by_fewer_multiplications_is_accurate},
    {"conv takes an image without channels, its initialisers are PyTorch's",
     conv_takes_an_image_without_channels},
    {"dense matches its definition, with the same bits at all levels", dense_matches},
    {"dense flattens, its initialisers can be chosen", dense_flattens},
    {"pool matches its definition, with the same bits at all levels", pool_matches},
    {"pool prefers the first of equal values and passes NaN on", pool_prefers_the_first_and_passes_nan_on},
    {"relu and softmax match their definitions", relu_and_softmax_match},
    {"softmax gives the cross-entropy and its gradient, zero past the count", softmax_is_a_loss},
    {"relu and softmax work in place", in_place_is_the_same},
    {"outputs of softmax, logistic and sigmoid below 2^-100 are 0, and NaN stays", tails_become_0},
    {"layers that cannot be are refused with a reason", impossible_layers_are_refused},
};

UNIT_MAIN("layers", tests)
