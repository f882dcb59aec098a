/* digit-draw.c: see digit-draw.h. Chooses a style, moves its knots, slants, turns and stretches the strokes,
 * fits them into the middle of the picture, inks them with a round pen and blurs the ink. */
#include "digit-draw.h"

#include <math.h>
#include <string.h>

#include "dice.h"
#include "digit-styles.h"

enum {
    STEPS = 8, /* straight pieces for one arc between knots */
    MOST_POINTS = DIGIT_STROKES * (DIGIT_KNOTS * STEPS + 2)
};

struct point {
    float x, y;
    float pen;  /* radius of the pen here, pixels */
    int starts; /* a stroke starts here: no line leads to it */
};

struct drawing {
    unsigned count;
    struct point point[MOST_POINTS];
};

static void add_point(struct drawing *drawing, float x, float y, int starts)
{
    drawing->point[drawing->count++] = (struct point){.x = x, .y = y, .starts = starts};
}

/* The spline of n knots: a straight run-in to the first middle, an arc round every inner knot, a run-out. */
static void add_stroke(struct drawing *drawing, float (*knot)[2], unsigned n)
{
    add_point(drawing, knot[0][0], knot[0][1], 1);
    for (unsigned i = 1; i + 1 < n; i++) {
        const float x0 = 0.5f * (knot[i - 1][0] + knot[i][0]), y0 = 0.5f * (knot[i - 1][1] + knot[i][1]);
        const float x1 = 0.5f * (knot[i][0] + knot[i + 1][0]), y1 = 0.5f * (knot[i][1] + knot[i + 1][1]);
        for (int step = 0; step <= STEPS; step++) {
            const float t = (float)step / STEPS, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
            if (step > 0 || i == 1)
                add_point(drawing, a * x0 + b * knot[i][0] + c * x1, a * y0 + b * knot[i][1] + c * y1, 0);
        }
    }
    add_point(drawing, knot[n - 1][0], knot[n - 1][1], 0);
}

/* The strokes of a style, every knot moved a little; a corner stays one. */
static void write_strokes(struct dice *dice, const struct digit_style *style, struct drawing *drawing)
{
    const float shake = dice_between(dice, 1.5f, 7.0f);

    for (unsigned s = 0; s < DIGIT_STROKES && style->stroke[s].knots > 0; s++) {
        const struct digit_stroke *stroke = &style->stroke[s];
        float knot[DIGIT_KNOTS][2];
        for (unsigned i = 0; i < stroke->knots; i++)
            for (unsigned k = 0; k < 2; k++) {
                const float moved = (float)stroke->knot[i][k] + dice_spread(dice, shake);
                knot[i][k] =
                    i > 0 && memcmp(stroke->knot[i], stroke->knot[i - 1], 2) == 0 ? knot[i - 1][k] : moved;
            }
        add_stroke(drawing, knot, stroke->knots);
    }
}

/* Bends, slants, stretches and turns all points round the middle of the style's box. */
static void distort(struct dice *dice, struct drawing *drawing)
{
    const float bend_x = dice_spread(dice, 0.0025f), bend_y = dice_spread(dice, 0.0025f);
    const float slant = 0.10f + dice_spread(dice, 0.20f);
    const float wide = dice_between(dice, 0.75f, 1.25f);
    const float turn = dice_spread(dice, 0.07f); /* tangent of half the angle */
    const float cosine = (1 - turn * turn) / (1 + turn * turn), sine = 2 * turn / (1 + turn * turn);

    for (unsigned i = 0; i < drawing->count; i++) {
        struct point *p = &drawing->point[i];
        float x = p->x - 30, y = p->y - 50;
        const float bent_x = x + bend_x * (y * y), bent_y = y + bend_y * (x * x);
        x = wide * bent_x - slant * bent_y;
        y = bent_y;
        p->x = cosine * x - sine * y;
        p->y = sine * x + cosine * y;
    }
}

/* Pen widths along the strokes; then the drawing's larger side becomes about 20 pixels, its centre of mass
 * about the middle of the picture, and no ink leaves it. */
static void fit(struct dice *dice, struct drawing *drawing)
{
    const float size = dice_between(dice, 14.5f, 20.0f);
    const float pen = dice_between(dice, 0.65f, 1.75f);
    const float push = dice_spread(dice, 0.12f), margin = pen + 1.5f;
    float low[2] = {1e9f, 1e9f}, high[2] = {-1e9f, -1e9f}, mass[2] = {0, 0}, scale, shift[2];

    for (unsigned i = 0; i < drawing->count; i++) {
        struct point *p = &drawing->point[i];
        const float at[2] = {p->x, p->y};
        for (int k = 0; k < 2; k++) {
            low[k] = at[k] < low[k] ? at[k] : low[k];
            high[k] = at[k] > high[k] ? at[k] : high[k];
            mass[k] += at[k] / (float)drawing->count;
        }
        p->pen = pen * (1 + push * (2 * (float)i / (float)drawing->count - 1));
    }
    scale = high[0] - low[0] > high[1] - low[1] ? size / (high[0] - low[0]) : size / (high[1] - low[1]);
    for (int k = 0; k < 2; k++) {
        shift[k] = 0.5f * DIGIT_SIDE + dice_spread(dice, 1.0f) - scale * mass[k];
        if (scale * low[k] + shift[k] < margin)
            shift[k] = margin - scale * low[k];
        if (scale * high[k] + shift[k] > DIGIT_SIDE - margin)
            shift[k] = DIGIT_SIDE - margin - scale * high[k];
    }
    for (unsigned i = 0; i < drawing->count; i++) {
        drawing->point[i].x = scale * drawing->point[i].x + shift[0];
        drawing->point[i].y = scale * drawing->point[i].y + shift[1];
    }
}

static void zoom(struct drawing *drawing, float by)
{
    for (unsigned i = 0; i < drawing->count; i++) {
        drawing->point[i].x *= by;
        drawing->point[i].y *= by;
        drawing->point[i].pen *= by;
    }
}

static int clamp_pixel(float at, int side)
{
    return at < 0 ? 0 : at > (float)(side - 1) ? side - 1 : (int)at;
}

/* Inks the line from a to b: a pixel's ink is how far its middle lies within the pen, over one pixel. */
static void ink_line(const struct point *a, const struct point *b, float *ink, int side)
{
    const float pen = 0.5f * (a->pen + b->pen), reach = pen + 1;
    const float dx = b->x - a->x, dy = b->y - a->y, length = dx * dx + dy * dy;
    const int left = clamp_pixel((a->x < b->x ? a->x : b->x) - reach, side);
    const int right = clamp_pixel((a->x > b->x ? a->x : b->x) + reach, side);
    const int top = clamp_pixel((a->y < b->y ? a->y : b->y) - reach, side);
    const int bottom = clamp_pixel((a->y > b->y ? a->y : b->y) + reach, side);

    for (int row = top; row <= bottom; row++)
        for (int column = left; column <= right; column++) {
            const float x = (float)column + 0.5f - a->x, y = (float)row + 0.5f - a->y;
            const float along = length > 0 ? (x * dx + y * dy) / length : 0;
            const float t = along < 0 ? 0 : along > 1 ? 1 : along;
            const float ex = x - t * dx, ey = y - t * dy;
            const float in = pen + 0.5f - sqrtf(ex * ex + ey * ey);
            if (in > ink[row * side + column])
                ink[row * side + column] = in > 1 ? 1 : in;
        }
}

/* One pass of (b, 1 - 2b, b) over lines of pixels `step` apart; beyond the edge there is no ink. */
static void blur_lines(float *ink, int side, int line, int step, float b)
{
    for (int i = 0; i < side; i++) {
        float *p = ink + i * line, before = 0;
        for (int j = 0; j < side; j++) {
            const float here = p[j * step], after = j + 1 < side ? p[(j + 1) * step] : 0;
            p[j * step] = b * (before + after) + (1 - 2 * b) * here;
            before = here;
        }
    }
}

uint8_t digit_draw_sized(struct random_key key, uint32_t set, uint32_t sample, int side, float *ink,
                         uint8_t *pixels)
{
    struct dice dice = dice_of(key, set, sample);
    struct drawing drawing = {.count = 0};
    const unsigned digit = dice_bits(&dice) % 10;
    const struct digit_style *style = digit_style(digit, dice_bits(&dice));
    float blur, light;

    write_strokes(&dice, style, &drawing);
    distort(&dice, &drawing);
    fit(&dice, &drawing);
    zoom(&drawing, (float)side / DIGIT_SIDE);
    memset(ink, 0, (size_t)side * (size_t)side * sizeof *ink);
    for (unsigned i = 1; i < drawing.count; i++)
        if (!drawing.point[i].starts)
            ink_line(&drawing.point[i - 1], &drawing.point[i], ink, side);

    blur = dice_between(&dice, 0.02f, 0.22f);
    light = dice_between(&dice, 215.0f, 270.0f);
    blur_lines(ink, side, side, 1, blur);
    blur_lines(ink, side, 1, side, blur);
    for (int i = 0; i < side * side; i++) {
        const float value = light * ink[i] + 0.5f;
        pixels[i] = value < 255 ? (uint8_t)value : 255;
    }
    return (uint8_t)digit;
}

uint8_t digit_draw(struct random_key key, uint32_t set, uint32_t sample, uint8_t pixels[DIGIT_PIXELS])
{
    float ink[DIGIT_PIXELS];

    return digit_draw_sized(key, set, sample, DIGIT_SIDE, ink, pixels);
}
