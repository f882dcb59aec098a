/* sample_sheet.c: see sample_sheet.h. */
#include "cli/sample_sheet.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/png_file.h"

enum { ROWS = SAMPLE_SHEET_ROWS, COLUMNS = SAMPLE_SHEET_COLUMNS, GAP = 2, TILE = 56, PAPER = 128 };

struct sheet {
    const struct model *model;
    size_t height, width, channels; /* of a sample */
    size_t colours, zoom;           /* of the sheet */
    size_t down, across;            /* its pixels */
    struct augment *augment;
    float *scale, *shift, *lanes;
    void *scratch;
    uint8_t *pixels;
};

static int open_sheet(struct sheet *s, struct error *error)
{
    const struct model *model = s->model;
    const struct nnrun_shape *input = &model->net->input;
    const size_t largest = s->height > s->width ? s->height : s->width;
    size_t bytes;

    s->colours = s->channels == 3 ? 3 : 1;
    s->zoom = largest < TILE ? TILE / largest : 1;
    s->down = ROWS * (s->height * s->zoom + GAP) + GAP;
    s->across = COLUMNS * (s->width * s->zoom + GAP) + GAP;
    s->scale = memory_array(s->channels, sizeof *s->scale);
    s->shift = memory_array(s->channels, sizeof *s->shift);
    s->lanes = memory_array(net_shape_count(input), NNRUN_LANES * sizeof *s->lanes);
    s->pixels = size_multiply(s->down, s->across, &bytes) ? memory_array(bytes, s->colours) : NULL;
    if (!s->scale || !s->shift || !s->lanes || !s->pixels)
        return error_memory(error);
    for (size_t c = 0; c < s->channels; c++)
        s->scale[c] = 1;
    for (size_t i = 0; i < bytes * s->colours; i++)
        s->pixels[i] = PAPER;
    if (!model->augment)
        return 0;
    s->augment =
        augment_create(&model->settings.data.augment,
                       &(struct lanes_scaling){s->channels, s->height * s->width, s->scale, s->shift},
                       s->height, s->width, (uint64_t)model->settings.train.seed, model->level, error);
    if (!s->augment)
        return -1;
    s->scratch = memory_array(augment_scratch_bytes(s->augment), 1);
    return s->scratch ? 0 : error_memory(error);
}

static void drop(struct sheet *s)
{
    augment_destroy(s->augment);
    free(s->scale);
    free(s->shift);
    free(s->lanes);
    free(s->scratch);
    free(s->pixels);
}

/* The byte that a pixel of a lane's picture has in a colour of the sheet. */
static uint8_t shade(const struct sheet *s, size_t lane, size_t pixel, size_t colour)
{
    const size_t area = s->height * s->width;
    double sum = 0;

    if (s->colours == 3)
        return (uint8_t)lrintf(s->lanes[(colour * area + pixel) * NNRUN_LANES + lane]);
    for (size_t c = 0; c < s->channels; c++)
        sum += (double)s->lanes[(c * area + pixel) * NNRUN_LANES + lane];
    return (uint8_t)lrint(sum / (double)s->channels);
}

static void draw_sample(struct sheet *s, size_t lane, size_t row, size_t column)
{
    const size_t top = GAP + row * (s->height * s->zoom + GAP),
                 left = GAP + column * (s->width * s->zoom + GAP);

    for (size_t y = 0; y < s->height * s->zoom; y++)
        for (size_t x = 0; x < s->width * s->zoom; x++)
            for (size_t colour = 0; colour < s->colours; colour++)
                s->pixels[((top + y) * s->across + left + x) * s->colours + colour] =
                    shade(s, lane, y / s->zoom * s->width + x / s->zoom, colour);
}

/* The `count` samples of a batch from number `from` on, one below the other, as in the given epoch. */
static void draw_column(struct sheet *s, const struct batch *batch, size_t from, size_t count, size_t column,
                        const uint32_t *epoch)
{
    const struct lanes_scaling scaling = {s->channels, s->height * s->width, s->scale, s->shift};
    const uint8_t *pixels[NNRUN_LANES];
    uint32_t numbers[NNRUN_LANES];

    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        const size_t i = from + (lane < count ? lane : count - 1);
        pixels[lane] = batch->pixels[i];
        numbers[lane] = batch->numbers[i];
    }
    if (epoch)
        augment_gather(s->augment, pixels, numbers, *epoch, s->scratch, s->lanes);
    else
        lanes_gather(s->model->level)(&scaling, pixels, s->lanes);
    for (size_t row = 0; row < count; row++)
        draw_sample(s, row, row, column);
}

static void draw_all(struct sheet *s, const struct batch *batch)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        const size_t from = s->augment ? 0 : column * ROWS, left = batch->count - from;
        const uint32_t epoch = (uint32_t)column - 1;

        if (from >= batch->count)
            break;
        draw_column(s, batch, from, left < ROWS ? left : ROWS, column,
                    s->augment && column > 0 ? &epoch : NULL);
    }
}

static int take_samples(const struct model *model, struct samples *samples, struct batch *batch,
                        struct error *error)
{
    const size_t all = samples_count(samples), apart = (size_t)model->settings.data.validation;
    const struct samples_walk walk = {.count = all > apart ? all - apart : all,
                                      .shuffle = true,
                                      .seed = (uint64_t)model->settings.train.seed};

    return samples_start(samples, &walk, error) != 0 ||
                   samples_next(samples, (size_t)ROWS * COLUMNS, batch, error) != 0
               ? -1
               : 0;
}

int sample_sheet_write(const struct model *model, const char *path, struct error *error)
{
    const struct nnrun_shape *input = &model->net->input;
    struct samples *samples;
    struct batch batch;
    struct sheet sheet = {.model = model,
                          .height = (size_t)input->dim[input->rank > 1 ? input->rank - 2 : 0],
                          .width = (size_t)input->dim[input->rank - 1],
                          .channels = input->rank == 3 ? (size_t)input->dim[0] : 1};
    int failed = -1;

    if (model->settings.data.values == VALUES_NUMBERS)
        return error_set(error, ERROR_CONFIG,
                         "data.values is \"numbers\": there are no pictures of samples to show");
    if (input->rank < 2)
        return error_set(error, ERROR_CONFIG, "input is a vector: there are no pictures of samples to show");
    if (model_need_data(model, MODEL_TRAINING, error) != 0 ||
        !(samples = model_samples(model, MODEL_TRAINING, error)))
        return -1;
    if (take_samples(model, samples, &batch, error) == 0 && open_sheet(&sheet, error) == 0) {
        draw_all(&sheet, &batch);
        failed = png_file_write(path, false, sheet.down, sheet.across, sheet.colours, sheet.pixels, error);
    }
    drop(&sheet);
    samples_close(samples);
    return failed;
}
