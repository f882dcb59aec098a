/* draw_signs.c: photographs of signs, in colour.
 *
 *   draw_signs FOLDER COUNT
 *
 * writes FOLDER/SIGN/NUMBER.ppm, COUNT of each sign, 36 to 64 pixels a side: near or far, turned a little, in light of
 * some strength and colour, before a ground of some other, with a camera's noise. Mirrored they are the same signs. The
 * same bytes on every machine. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/random.h"
#include "../data/dice.h"

enum { SMALLEST = 36, LARGEST = 64, SUB = 3, TEXT = 4096 };

struct colour {
    float r, g, b;
};

static const struct colour red = {190, 25, 35}, blue = {20, 70, 170}, green = {20, 140, 70},
                           yellow = {245, 200, 30}, white = {240, 240, 235}, dark = {25, 25, 30};

static float largest(float a, float b)
{
    return a > b ? a : b;
}

/* Of a point as far from the middle, up being y > 0: within a figure of radius 1, grown by `by`. */
static bool in_disc(float x, float y, float by)
{
    return x * x + y * y < (1 + by) * (1 + by);
}

static bool in_square(float x, float y, float by)
{
    return largest(fabsf(x), fabsf(y)) < 0.85f + by;
}

static bool in_diamond(float x, float y, float by)
{
    return fabsf(x) + fabsf(y) < 1.1f + by;
}

static bool in_octagon(float x, float y, float by)
{
    return largest(fabsf(x), fabsf(y)) < 0.92f + by && fabsf(x) + fabsf(y) < 1.3f + by;
}

/* A triangle with a corner at the top. */
static bool in_triangle(float x, float y, float by)
{
    return y > -0.7f - by && 0.866f * fabsf(x) + 0.5f * y < 0.45f + by;
}

static bool in_bar(float x, float y, float wide, float high)
{
    return fabsf(x) < wide && fabsf(y) < high;
}

/* A sign: false outside, else the colour at a point. */
struct sign {
    const char *name;
    bool (*at)(float x, float y, struct colour *colour);
};

static bool stop(float x, float y, struct colour *colour)
{
    *colour = in_bar(x, y, 0.6f, 0.16f) || !in_octagon(x, y, -0.1f) ? white : red;
    return in_octagon(x, y, 0);
}

static bool no_entry(float x, float y, struct colour *colour)
{
    *colour = in_bar(x, y, 0.65f, 0.18f) ? white : red;
    return in_disc(x, y, 0);
}

static bool give_way(float x, float y, struct colour *colour)
{
    *colour = in_triangle(x, -y, -0.17f) ? white : red;
    return in_triangle(x, -y, 0);
}

static bool danger(float x, float y, struct colour *colour)
{
    *colour = !in_triangle(x, y, -0.17f)                                                        ? red
              : in_bar(x, y + 0.05f, 0.08f, 0.3f) || in_disc((x) / 0.1f, (y + 0.48f) / 0.1f, 0) ? dark
                                                                                                : white;
    return in_triangle(x, y, 0);
}

static bool priority(float x, float y, struct colour *colour)
{
    *colour = in_diamond(x, y, -0.3f) ? yellow : white;
    return in_diamond(x, y, 0);
}

static bool ahead(float x, float y, struct colour *colour)
{
    *colour =
        in_bar(x, y + 0.2f, 0.12f, 0.45f) || in_triangle(x / 0.5f, (y - 0.35f) / 0.5f, 0) ? white : blue;
    return in_disc(x, y, 0);
}

static bool crossing(float x, float y, struct colour *colour)
{
    *colour = in_triangle(x, y + 0.1f, -0.08f) ? (in_bar(x, y + 0.2f, 0.12f, 0.3f) ? dark : white) : blue;
    return in_square(x, y, 0);
}

static bool exit_way(float x, float y, struct colour *colour)
{
    *colour = in_bar(x, y + 0.15f, 0.3f, 0.5f) && !in_bar(x, y + 0.25f, 0.18f, 0.45f) ? white : green;
    return in_square(x, y, 0);
}

static const struct sign signs[] = {{"ahead", ahead},       {"crossing", crossing}, {"danger", danger},
                                    {"exit", exit_way},     {"give-way", give_way}, {"no-entry", no_entry},
                                    {"priority", priority}, {"stop", stop}};

/* How a sign is seen. */
struct view {
    uint32_t side;
    float x, y, radius; /* pixels */
    float c, s, flat;   /* of its turn; how far it is turned away */
    struct colour light, ground, other;
    float noise;
};

static struct colour any_colour(struct dice *dice, float low, float high)
{
    struct colour colour;

    colour.r = dice_between(dice, low, high);
    colour.g = dice_between(dice, low, high);
    colour.b = dice_between(dice, low, high);
    return colour;
}

static struct view choose_view(struct dice *dice)
{
    struct view view = {.side = SMALLEST + dice_bits(dice) % (LARGEST - SMALLEST + 1)};
    const float side = (float)view.side, turn = dice_between(dice, -0.25f, 0.25f);
    const float strength = dice_between(dice, 0.35f, 1.05f);

    view.radius = side * dice_between(dice, 0.28f, 0.46f);
    view.x = side / 2 + dice_between(dice, -0.08f, 0.08f) * side;
    view.y = side / 2 + dice_between(dice, -0.08f, 0.08f) * side;
    view.c = 1 / sqrtf(1 + turn * turn);
    view.s = turn * view.c;
    view.flat = dice_between(dice, 0.75f, 1);
    view.light = any_colour(dice, 0.85f * strength, 1.15f * strength);
    view.ground = any_colour(dice, 20, 220);
    view.other = any_colour(dice, 20, 220);
    view.noise = dice_between(dice, 3, 18);
    return view;
}

static struct colour at_point(const struct view *view, const struct sign *sign, float px, float py)
{
    const float dx = (px - view->x) / view->radius, dy = (view->y - py) / view->radius;
    const float x = (view->c * dx + view->s * dy) / view->flat, y = view->c * dy - view->s * dx;
    const float part = py / (float)view->side;
    struct colour colour;

    if (!sign->at(x, y, &colour))
        colour = (struct colour){view->ground.r + part * (view->other.r - view->ground.r),
                                 view->ground.g + part * (view->other.g - view->ground.g),
                                 view->ground.b + part * (view->other.b - view->ground.b)};
    return colour;
}

static uint8_t seen(struct dice *dice, float value, float noise)
{
    const float with = value + dice_spread(dice, noise);

    return (uint8_t)(with < 0 ? 0 : with > 255 ? 255 : with);
}

static void draw(const struct view *view, const struct sign *sign, struct dice *dice, uint8_t *to)
{
    const float each = 1.0f / SUB, share = 1.0f / (SUB * SUB);

    for (uint32_t i = 0; i < view->side; i++)
        for (uint32_t j = 0; j < view->side; j++, to += 3) {
            struct colour sum = {0, 0, 0};
            for (int a = 0; a < SUB * SUB; a++) {
                const struct colour one = at_point(view, sign, (float)j + ((float)(a % SUB) + 0.5f) * each,
                                                   (float)i + ((float)(a / SUB) + 0.5f) * each);
                sum = (struct colour){sum.r + one.r, sum.g + one.g, sum.b + one.b};
            }
            to[0] = seen(dice, share * sum.r * view->light.r, view->noise);
            to[1] = seen(dice, share * sum.g * view->light.g, view->noise);
            to[2] = seen(dice, share * sum.b * view->light.b, view->noise);
        }
}

static bool write_picture(const char *path, const struct view *view, const uint8_t *pixels)
{
    const size_t bytes = 3 * (size_t)view->side * view->side;
    FILE *file = fopen(path, "wb");
    bool whole;

    if (!file)
        return false;
    whole = fprintf(file, "P6 %u %u 255\n", view->side, view->side) > 0 &&
            fwrite(pixels, 1, bytes, file) == bytes;
    return fclose(file) == 0 && whole;
}

int main(int argc, char **argv)
{
    static uint8_t pixels[3 * LARGEST * LARGEST];
    const struct random_key key = random_key(1, RANDOM_DIGITS, "signs");
    char path[TEXT];

    if (argc != 3)
        return 2;
    mkdir(argv[1], 0777);
    for (uint32_t set = 0; set < sizeof signs / sizeof signs[0]; set++) {
        snprintf(path, sizeof path, "%s/%s", argv[1], signs[set].name);
        mkdir(path, 0777);
        for (uint32_t i = 0; i < (uint32_t)atoi(argv[2]); i++) {
            struct dice dice = dice_of(key, set, i);
            const struct view view = choose_view(&dice);
            draw(&view, &signs[set], &dice, pixels);
            snprintf(path, sizeof path, "%s/%s/%u.ppm", argv[1], signs[set].name, i);
            if (!write_picture(path, &view, pixels)) {
                perror(path);
                return 1;
            }
        }
    }
    return 0;
}
