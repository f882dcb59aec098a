/* draw_photographs.c: pictures of digits as people photograph and scan them.
 *
 *   draw_photographs FAMILY COUNT FOLDER
 *
 * writes FOLDER/NUMBER-LABEL.ppm or, with libjpeg-turbo and every second time, .jpg: a digit in ink on light paper, 240 to 400 pixels a side, and what the family is named
 * after:
 *   clean     nothing else
 *   shade     the light falls to 0.3 .. 0.6 across the sheet, evenly or as a shadow with a soft edge
 *   edge      a table along one side or two
 *   specks    5 to 50 of them, of 1 to 3 pixels' radius
 *   lined     lines 14 to 40 pixels apart, 1 to 3 wide, at 40 to 80 % of the ink's contrast, up to 2 degrees askew;
 *             one of three a light grid over the ink, as some pens and scanners leave it
 *   squared   the same in both directions
 *   noise     a sensor's: a deviation of 8 to 25 of 255, each colour its own
 *   turned    the digit turned by up to 15 degrees
 *   everyday  mild shade, noise, specks and, of every two, a table or squares
 *   several   2 to 5 digits side by side; LABEL has all of them */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "../data/digit-draw.h"
#ifdef HAVE_LIBJPEG
#include "jpeg_maker.h"
#endif

enum { SMALLEST = 240, LARGEST = 400, MOST = LARGEST * LARGEST, SET = 2000, MOST_DIGITS = 5 };

struct dice {
    struct random_key key;
    uint32_t number, drawn;
};

struct sheet {
    int side;
    float paper[3], ink[3];
    float on[MOST];    /* how much of a pixel is ink, 0 .. 1, */
    float over[MOST];  /* ... lies under a light line, */
    float table[MOST]; /* ... is table, */
    float light[MOST]; /* ... and how much light falls on it */
    float wood[3], noise;
};

static float between(struct dice *dice, float low, float high)
{
    uint32_t out[4];

    random_block(dice->key, (const uint32_t[4]){dice->number, SET, dice->drawn++, 0}, out);
    return low + (high - low) * random_unit(out[0]);
}

/* low .. high */
static int choose(struct dice *dice, int low, int high)
{
    const int chosen = low + (int)between(dice, 0, (float)(high - low + 1));

    return chosen > high ? high : chosen;
}

/* About normal. */
static float spread(struct dice *dice, float deviation)
{
    uint32_t out[4];

    random_block(dice->key, (const uint32_t[4]){dice->number, SET + 1, dice->drawn++, 0}, out);
    return (random_unit(out[0]) + random_unit(out[1]) + random_unit(out[2]) + random_unit(out[3]) - 2) *
           1.7320508f * deviation;
}

static float within(float value, float low, float high)
{
    return value < low ? low : value > high ? high : value;
}

/* ---- the digit --------------------------------------------------------------------------------------- */

static float at(const uint8_t *pixels, int side, int y, int x)
{
    return y >= 0 && y < side && x >= 0 && x < side ? (float)pixels[y * side + x] / 255 : 0;
}

/* Between four pixels. */
static float sample(const uint8_t *pixels, int side, float y, float x)
{
    const int top = (int)floorf(y), left = (int)floorf(x);
    const float down = y - (float)top, across = x - (float)left;

    return (1 - down) *
               ((1 - across) * at(pixels, side, top, left) + across * at(pixels, side, top, left + 1)) +
           down * ((1 - across) * at(pixels, side, top + 1, left) +
                   across * at(pixels, side, top + 1, left + 1));
}

/* Sample number `number`, of at least that part of the room it has; `clear` pixels at each side are not its own.
 * Returns its label. */
static char write_digit(struct dice *dice, struct sheet *sheet, uint32_t number, const int clear[4],
                        float least, float most_turn)
{
    static uint8_t digit[MOST];
    static float ink[MOST];
    const int height = sheet->side - clear[0] - clear[2], width = sheet->side - clear[1] - clear[3];
    const int room = height < width ? height : width;
    const int size = (int)((float)room * between(dice, least, least < 0.8f ? 0.85f : 1));
    const int top = clear[0] + choose(dice, 0, height - size),
              left = clear[3] + choose(dice, 0, width - size);
    const float turn = between(dice, -most_turn, most_turn); /* tangent of half the angle */
    const float cosine = (1 - turn * turn) / (1 + turn * turn), sine = 2 * turn / (1 + turn * turn);
    const float middle = (float)(size - 1) / 2;
    const int label = digit_draw_sized(dice->key, SET, number, size, ink, digit);

    for (int i = 0; i < sheet->side * sheet->side; i++) {
        const float y = (float)(i / sheet->side - top) - middle, x = (float)(i % sheet->side - left) - middle;
        const float on = sample(digit, size, cosine * y - sine * x + middle, sine * y + cosine * x + middle);
        sheet->on[i] = on > sheet->on[i] ? on : sheet->on[i];
    }
    return (char)('0' + label);
}

/* 2 to 5 digits side by side, and their labels. */
static void write_several(struct dice *dice, struct sheet *sheet, char labels[MOST_DIGITS + 1])
{
    const int count = choose(dice, 2, MOST_DIGITS), width = sheet->side / count;
    const int middle = choose(dice, width * 3 / 5, sheet->side - width * 3 / 5);

    for (int i = 0; i < count; i++) {
        const int clear[4] = {middle - width * 3 / 5, sheet->side - width * (i + 1),
                              sheet->side - middle - width * 3 / 5, width * i};
        labels[i] = write_digit(dice, sheet, dice->number * MOST_DIGITS + (uint32_t)i, clear, 0.8f, 0);
    }
}

/* ---- what is wrong with the picture ------------------------------------------------------------------ */

static void shade(struct dice *dice, struct sheet *sheet, float darkest)
{
    const float across = between(dice, -1, 1), down = between(dice, -1, 1);
    const float length = sqrtf(across * across + down * down) + 0.001f,
                least = between(dice, darkest, 2 * darkest);
    const float from = between(dice, 0.2f, 0.5f), soft = choose(dice, 0, 1) ? 1 : between(dice, 0.25f, 0.6f);
    const float reach = fabsf(across) + fabsf(down);

    for (int i = 0; i < sheet->side * sheet->side; i++) {
        const float y = (float)(i / sheet->side) / (float)(sheet->side - 1) - 0.5f;
        const float x = (float)(i % sheet->side) / (float)(sheet->side - 1) - 0.5f;
        const float along =
            (across * x + down * y) / length / (reach / length) + 0.5f; /* 0 .. 1 over the sheet */
        const float part = soft < 1 ? within((along - from) / soft, 0, 1) : along;
        sheet->light[i] *= 1 - (1 - least) * (soft < 1 ? part * part * (3 - 2 * part) : part);
    }
}

/* Returns which pixels stay clear of it in clear[4]: top, right, bottom, left. */
static void lay_on_table(struct dice *dice, struct sheet *sheet, int clear[4])
{
    const int first = choose(dice, 0, 3), sides = choose(dice, 1, 2), dark = choose(dice, 0, 3);
    const float brightness = dark ? between(dice, 0.08f, 0.35f) : between(dice, 0.4f, 0.55f);
    const float side = (float)sheet->side;

    for (int c = 0; c < 3; c++)
        sheet->wood[c] = brightness * (1 - 0.2f * (float)c);
    for (int s = 0; s < sides; s++) {
        const int which = (first + s) % 4;
        const float wide = between(dice, 0.03f, 0.18f) * side, slope = between(dice, -0.05f, 0.05f);
        clear[which] = (int)(wide + 0.025f * side) + 4;
        for (int i = 0; i < sheet->side * sheet->side; i++) {
            const float y = (float)(i / sheet->side), x = (float)(i % sheet->side);
            const float depth = which == 0 ? y : which == 1 ? side - 1 - x : which == 2 ? side - 1 - y : x;
            const float along = (which % 2 ? y : x) - side / 2;
            const float cover = within(wide + slope * along - depth, 0, 1);
            sheet->table[i] = cover > sheet->table[i] ? cover : sheet->table[i];
        }
    }
}

static void drop_specks(struct dice *dice, struct sheet *sheet, int most)
{
    for (int count = choose(dice, 5, most); count > 0; count--) {
        const float y = between(dice, 0, (float)sheet->side), x = between(dice, 0, (float)sheet->side);
        const float radius = between(dice, 1, 3);
        for (int top = (int)y - 4, row = top < 0 ? 0 : top; row < sheet->side && row <= top + 8; row++)
            for (int left = (int)x - 4, column = left < 0 ? 0 : left;
                 column < sheet->side && column <= left + 8; column++) {
                const float down = (float)row - y, across = (float)column - x;
                const float cover = within(radius + 0.5f - sqrtf(down * down + across * across), 0, 1);
                float *on = &sheet->on[row * sheet->side + column];
                *on = cover > *on ? cover : *on;
            }
    }
}

static void rule(struct dice *dice, struct sheet *sheet, int directions)
{
    const float apart = between(dice, 14, 40), wide = between(dice, 1, 3), strong = between(dice, 0.4f, 0.8f);
    const float slope = between(dice, -0.035f, 0.035f), first = between(dice, 0, apart);
    const int over = choose(dice, 0, 2) == 0;

    for (int direction = 0; direction < directions; direction++)
        for (int i = 0; i < sheet->side * sheet->side; i++) {
            const float y = (float)(i / sheet->side), x = (float)(i % sheet->side);
            const float along = direction ? x + slope * y : y - slope * x;
            const float off = along + first + 10 * apart, past = off - apart * floorf(off / apart);
            const float cover = within(wide / 2 + 0.5f - fabsf(past - apart / 2), 0, 1) * strong;
            if (over && cover > 0 && sheet->on[i] > cover)
                sheet->over[i] = cover / strong * (1 - strong);
            sheet->on[i] = cover > sheet->on[i] ? cover : sheet->on[i];
        }
}

/* ---- the picture ------------------------------------------------------------------------------------- */

static void begin(struct dice *dice, struct sheet *sheet)
{
    memset(sheet, 0, sizeof *sheet);
    sheet->side = choose(dice, SMALLEST, LARGEST);
    for (int c = 0; c < 3; c++) {
        sheet->paper[c] = between(dice, 0.75f, 0.98f);
        sheet->ink[c] = between(dice, 0.05f, 0.3f);
    }
    sheet->ink[choose(dice, 0, 2)] += 0.1f;
    for (int i = 0; i < MOST; i++)
        sheet->light[i] = 1;
}

/* Sets the labels of its digits. */
static void make(struct dice *dice, struct sheet *sheet, const char *family, char labels[MOST_DIGITS + 1])
{
    const int everyday = strcmp(family, "everyday") == 0, kind = everyday ? choose(dice, 0, 3) : 0;
    int clear[4] = {0};

    begin(dice, sheet);
    if (strcmp(family, "edge") == 0 || kind == 1)
        lay_on_table(dice, sheet, clear);
    memset(labels, 0, MOST_DIGITS + 1);
    if (strcmp(family, "several") == 0)
        write_several(dice, sheet, labels);
    else
        labels[0] =
            write_digit(dice, sheet, dice->number, clear, 0.5f, strcmp(family, "turned") == 0 ? 0.1317f : 0);
    if (strcmp(family, "lined") == 0)
        rule(dice, sheet, 1);
    if (strcmp(family, "squared") == 0 || kind == 2)
        rule(dice, sheet, 2);
    if (strcmp(family, "specks") == 0 || everyday)
        drop_specks(dice, sheet, everyday ? 10 : 50);
    if (strcmp(family, "shade") == 0 || everyday)
        shade(dice, sheet, everyday ? 0.45f : 0.3f);
    sheet->noise = strcmp(family, "noise") == 0   ? between(dice, 8, 25)
                   : everyday                     ? 4
                   : strcmp(family, "shade") == 0 ? 2
                                                  : 0;
}

static void develop(struct dice *dice, const struct sheet *sheet, uint8_t *pixels)
{
    for (int i = 0; i < sheet->side * sheet->side; i++)
        for (int c = 0; c < 3; c++) {
            const float on = sheet->on[i] * (1 - sheet->over[i]);
            const float written = sheet->paper[c] + (sheet->ink[c] - sheet->paper[c]) * on;
            const float seen = written + (sheet->wood[c] - written) * sheet->table[i];
            const float noise = sheet->noise > 0 ? spread(dice, sheet->noise) : 0;
            *pixels++ = (uint8_t)within(255 * seen * sheet->light[i] + noise + 0.5f, 0, 255);
        }
}

static bool is_jpeg(uint32_t number)
{
#ifdef HAVE_LIBJPEG
    return number % 2 == 1;
#else
    (void)number;
    return false;
#endif
}

/* The file's bytes, for the caller to free. */
static uint8_t *print(uint32_t number, int side, const uint8_t *pixels, size_t *size)
{
    const size_t area = (size_t)side * (size_t)side;
    char head[32];
    uint8_t *bytes;
    int begin;

#ifdef HAVE_LIBJPEG
    if (is_jpeg(number))
        return jpeg_make(&(struct jpeg_spec){.width = (uint32_t)side,
                                             .height = (uint32_t)side,
                                             .channels = 3,
                                             .pixels = pixels,
                                             .quality = 60 + (int)number % 36,
                                             .progressive = number % 4 == 3},
                         size);
#endif
    (void)number;
    begin = snprintf(head, sizeof head, "P6 %d %d 255\n", side, side);
    *size = (size_t)begin + 3 * area;
    bytes = malloc(*size);
    if (!bytes)
        abort();
    memcpy(bytes, head, (size_t)begin);
    memcpy(bytes + begin, pixels, 3 * area);
    return bytes;
}

static int draw(const char *family, uint32_t number, const char *folder)
{
    static struct sheet sheet;
    static uint8_t pixels[3 * MOST];
    struct dice dice = {random_key(1, RANDOM_DIGITS, family), number, 0};
    char path[4096], labels[MOST_DIGITS + 1];
    uint8_t *bytes;
    size_t size;
    FILE *file;
    int failed;

    make(&dice, &sheet, family, labels);
    develop(&dice, &sheet, pixels);
    bytes = print(number, sheet.side, pixels, &size);
    snprintf(path, sizeof path, "%s/%03u-%s.%s", folder, (unsigned)number, labels,
             is_jpeg(number) ? "jpg" : "ppm");
    file = fopen(path, "wb");
    failed = !file || fwrite(bytes, 1, size, file) != size;
    failed |= file && fclose(file) != 0;
    free(bytes);
    if (failed)
        perror(path);
    return failed;
}

int main(int argc, char **argv)
{
    static const char families[] = " clean shade edge specks lined squared noise turned everyday several ";
    const long count = argc == 4 ? strtol(argv[2], NULL, 10) : 0;

    if (count < 1 || !strstr(families, argv[1])) {
        fprintf(stderr, "usage: draw_photographs FAMILY COUNT FOLDER; FAMILY is one of%s\n", families);
        return 2;
    }
    for (long i = 0; i < count; i++)
        if (draw(argv[1], (uint32_t)i, argv[3]) != 0)
            return 1;
    return 0;
}
