/* unit_prepare.c: pictures become what a network takes: resize, and prepare as MNIST was made. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/prepare_picture.h"
#include "base/planes.h"
#include "unit.h"

enum { SIDE = 28, BOX = 20, AREA = SIDE * SIDE };

static const struct nnrun_shape digit = {3, {1, SIDE, SIDE}};

/* A number that looks random, the same every time. */
static uint32_t noise(uint32_t i)
{
    i = (i ^ i >> 16) * 0x45d9f3bu;
    i = (i ^ i >> 16) * 0x45d9f3bu;
    return i ^ i >> 16;
}

/* ---- resize ------------------------------------------------------------------------------------------ */

static void resized(const uint8_t *from, size_t height, size_t width, size_t to_height, size_t to_width,
                    uint8_t *to)
{
    const struct resize_part part = {from, height, width, width};
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL_FATAL(resize(&part, to_height, to_width, to, &error), 0);
}

static void known_sizes(void)
{
    const uint8_t four[4] = {0, 100, 200, 255}, three[3] = {0, 90, 255}, two[2] = {40, 200};
    uint8_t to[16];

    resized(four, 2, 2, 2, 2, to);
    CU_ASSERT_EQUAL(memcmp(to, four, 4), 0);
    resized(four, 2, 2, 1, 1, to);
    CU_ASSERT_EQUAL(to[0], 139);
    resized(three, 1, 3, 1, 2, to); /* (0 + 90 / 2) / 1.5, (90 / 2 + 255) / 1.5 */
    CU_ASSERT(to[0] == 30 && to[1] == 200);
    resized(two, 1, 2, 1, 4, to);
    CU_ASSERT(to[0] == 40 && to[1] == 80 && to[2] == 160 && to[3] == 200);
    resized(two, 2, 1, 4, 2, to);
    CU_ASSERT(to[0] == 40 && to[1] == 40 && to[2] == 80 && to[3] == 80 && to[7] == 200);
    resized(two, 1, 1, 3, 3, to);
    for (size_t i = 0; i < 9; i++)
        CU_ASSERT_EQUAL(to[i], 40);
}

/* How much of source pixel j output i takes along one side, as the words of resize.h say it. */
static double share(size_t from, size_t to, size_t i, size_t j)
{
    const double step = (double)from / (double)to;

    if (to < from) {
        const double begin = fmax((double)i * step, (double)j);
        return fmax(fmin((double)(i + 1) * step, (double)(j + 1)) - begin, 0) / step;
    }
    const double at = fmin(fmax(((double)i + 0.5) * step - 0.5, 0), (double)(from - 1));
    return fmax(1 - fabs(at - (double)j), 0);
}

static void any_sizes(void)
{
    enum { MOST = 40 };
    uint8_t from[MOST * MOST], to[MOST * MOST];

    for (uint32_t round = 0; round < 60; round++) {
        const size_t h = 1 + noise(4 * round) % MOST, w = 1 + noise(4 * round + 1) % MOST;
        const size_t to_h = 1 + noise(4 * round + 2) % MOST, to_w = 1 + noise(4 * round + 3) % MOST;
        double worst = 0;
        for (uint32_t i = 0; i < h * w; i++)
            from[i] = (uint8_t)noise(i + round);
        resized(from, h, w, to_h, to_w, to);
        for (size_t i = 0; i < to_h * to_w; i++) {
            double sum = 0;
            for (size_t j = 0; j < h * w; j++)
                sum += share(h, to_h, i / to_w, j / w) * share(w, to_w, i % to_w, j % w) * from[j];
            worst = fmax(worst, fabs(sum - to[i]));
        }
        CU_ASSERT(worst < 0.5 + 1e-6);
    }
}

static void extreme_sizes(void)
{
    enum { LONG = 1 << 22 };
    uint8_t *from = malloc(LONG), to[64];

    CU_ASSERT_PTR_NOT_NULL_FATAL(from);
    memset(from, 201, LONG);
    resized(from, LONG, 1, 7, 5, to);
    for (size_t i = 0; i < 35; i++)
        CU_ASSERT_EQUAL(to[i], 201);
    resized(from, 1, LONG, 8, 8, to);
    for (size_t i = 0; i < 64; i++)
        CU_ASSERT_EQUAL(to[i], 201);
    free(from);
}

static void a_part(void)
{
    uint8_t from[100], to[4];
    const struct resize_part part = {from + 34, 4, 4, 10};
    struct error error UNIT_CLEARED = {0};

    memset(from, 255, sizeof from);
    for (size_t y = 3; y < 7; y++)
        memset(from + y * 10 + 4, 60, 4);
    CU_ASSERT_EQUAL(resize(&part, 2, 2, to, &error), 0);
    CU_ASSERT(to[0] == 60 && to[1] == 60 && to[2] == 60 && to[3] == 60);
}

/* ---- prepare ----------------------------------------------------------------------------------------- */

static struct picture blank(size_t channels, size_t height, size_t width, int value)
{
    struct picture picture;
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL_FATAL(picture_make(&picture, "it", channels, height, width, &error), 0);
    memset(picture.pixels, value, channels * height * width);
    return picture;
}

/* A seven of 20 x 12 units, its lines two units wide, `zoom` pixels a unit, into the first channel. */
static void draw(struct picture *picture, size_t top, size_t left, size_t zoom, int value)
{
    for (size_t y = 0; y < 20 * zoom; y++)
        for (size_t x = 0; x < 12 * zoom; x++)
            if (y < 2 * zoom || (x >= 5 * zoom && x < 7 * zoom && y < 20 * zoom) ||
                (x >= 10 * zoom && y < 8 * zoom))
                picture->pixels[(top + y) * picture->width + left + x] = (uint8_t)value;
}

/* Prepares and frees it. */
static struct prepared prepared(struct picture picture, const struct nnrun_shape *shape, bool raw,
                                uint8_t *to)
{
    const struct prepare_input input = prepare_input(shape, PREPARE_DIGIT);
    struct prepared facts;
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(prepare_picture("it", &picture, &input, raw, to, &facts, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    picture_free(&picture);
    return facts;
}

static void seven(uint8_t to[AREA])
{
    struct picture picture = blank(1, SIDE, SIDE, 0);

    draw(&picture, 4, 8, 1, 255);
    CU_ASSERT(!prepared(picture, &digit, false, to).inverted);
}

static void any_place(void)
{
    uint8_t wanted[AREA], to[AREA];
    uint64_t mass = 0, down = 0, across = 0;

    seven(wanted);
    for (size_t i = 0; i < AREA; i++) {
        mass += wanted[i];
        down += wanted[i] * (2 * (i / SIDE) + 1);
        across += wanted[i] * (2 * (i % SIDE) + 1);
    }
    CU_ASSERT_EQUAL(down / (2 * mass), SIDE / 2);
    CU_ASSERT_EQUAL(across / (2 * mass), SIDE / 2);
    for (size_t place = 1; place < 60; place += 7) {
        struct picture picture = blank(1, 97, 75, 0);
        draw(&picture, place, 61 - place, 1, 255);
        prepared(picture, &digit, false, to);
        CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
    }
}

static void any_size(void)
{
    uint8_t wanted[AREA], to[AREA];

    seven(wanted);
    for (size_t zoom = 1; zoom <= 12; zoom++) {
        struct picture picture = blank(1, 500, 400, 0);
        draw(&picture, 3 * zoom, 11 * zoom, zoom, 255);
        prepared(picture, &digit, false, to);
        CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
    }
}

static void very_large(void)
{
    struct picture picture = blank(1, 2500, 3000, 255);
    uint8_t wanted[AREA], to[AREA];
    int worst = 0;

    seven(wanted);
    draw(&picture, 100, 1000, 100, 0);
    picture.pixels[3000 * 2400 + 100] = 0; /* dust */
    CU_ASSERT(prepared(picture, &digit, false, to).inverted);
    for (size_t i = 0; i < AREA; i++)
        worst = abs(to[i] - wanted[i]) > worst ? abs(to[i] - wanted[i]) : worst;
    CU_ASSERT(worst < 40);
}

static void any_colours(void)
{
    static const int pairs[][2] = {{255, 0},  {0, 255},  {100, 255}, {100, 0},
                                   {200, 60}, {30, 220}, {128, 100}};
    uint8_t wanted[AREA], to[AREA];

    seven(wanted);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct picture picture = blank(1, 50, 60, pairs[i][0]);
        struct prepared facts;
        draw(&picture, 17, 31, 1, pairs[i][1]);
        facts = prepared(picture, &digit, false, to);
        CU_ASSERT_EQUAL(facts.inverted, pairs[i][1] < pairs[i][0]);
        CU_ASSERT(!facts.empty);
        CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
    }
}

/* Blue on orange. */
static void colours_to_grey(void)
{
    static const int orange[3] = {255, 128, 0}, blue[3] = {0, 0, 255};
    struct picture picture = blank(3, 40, 40, 0), plane = picture;
    uint8_t wanted[AREA], to[AREA];

    seven(wanted);
    for (int c = 0; c < 3; c++, plane.pixels += 1600) {
        memset(plane.pixels, orange[c], 1600);
        draw(&plane, 10, 10, 1, blue[c]);
    }
    CU_ASSERT(prepared(picture, &digit, false, to).inverted);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
}

/* Paper that is never the same twice, brighter than its mean and darker. */
static void uneven_paper(void)
{
    struct picture picture = blank(1, 200, 240, 0);
    uint8_t wanted[AREA], to[AREA];
    int off = 0;

    seven(wanted);
    for (uint32_t i = 0; i < 200 * 240; i++)
        picture.pixels[i] = (uint8_t)(200 + noise(i) % 31);
    draw(&picture, 60, 150, 5, 20);
    CU_ASSERT(prepared(picture, &digit, false, to).inverted);
    for (size_t i = 0; i < AREA; i++)
        off += abs(to[i] - wanted[i]);
    CU_ASSERT(off < AREA);
}

static void no_ink(void)
{
    struct picture picture = blank(1, 33, 50, 77);
    uint8_t to[AREA];

    CU_ASSERT(prepared(picture, &digit, false, to).empty);
    for (size_t i = 0; i < AREA; i++)
        CU_ASSERT_EQUAL(to[i], 0);
    picture = blank(1, 33, 50, 77);
    draw(&picture, 5, 5, 1, 92);
    CU_ASSERT(prepared(picture, &digit, false, to).empty);
    picture = blank(1, 33, 50, 77);
    draw(&picture, 5, 5, 1, 93);
    CU_ASSERT(!prepared(picture, &digit, false, to).empty);
    picture = blank(1, 1, 1, 200);
    CU_ASSERT(prepared(picture, &digit, false, to).empty);
}

/* ---- photographs ------------------------------------------------------------------------------------- */

enum { SHEET = 240, ZOOM = 5 };

/* A dark seven on a light sheet. */
static struct picture sheet(void)
{
    struct picture picture = blank(1, SHEET, SHEET, 230);

    draw(&picture, 70, 90, ZOOM, 40);
    return picture;
}

/* How far from a clean seven it becomes, on average over all values; 255: it is none. */
static int off_seven(struct picture picture)
{
    uint8_t wanted[AREA], to[AREA];
    struct prepared facts;
    int off = 0;

    seven(wanted);
    facts = prepared(picture, &digit, false, to);
    for (size_t i = 0; i < AREA; i++)
        off += abs(to[i] - wanted[i]);
    return facts.inverted && !facts.empty && facts.digits == 1 ? off / AREA : 255;
}

static void clean_sheet(void)
{
    uint8_t wanted[AREA], to[AREA];

    seven(wanted);
    CU_ASSERT_EQUAL(prepared(sheet(), &digit, false, to).digits, 1);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
}

static void shaded(void)
{
    for (int way = 0; way < 6; way++) {
        struct picture picture = sheet();
        for (size_t i = 0; i < SHEET * SHEET; i++) {
            const size_t y = i / SHEET, x = i % SHEET;
            const size_t soft = x < 90    ? 0
                                : x < 150 ? 4 * (x - 90)
                                          : SHEET; /* a shadow's edge across the seven */
            const size_t ways[] = {x, SHEET - 1 - x, y, (x + y) / 2, soft, SHEET - soft};
            picture.pixels[i] = (uint8_t)(picture.pixels[i] * (72 + (240 - 72) * ways[way] / SHEET) / 240);
        }
        CU_ASSERT(off_seven(picture) <= 4);
    }
}

/* Dark, or between paper and ink; along each side, wide or narrow, a little askew. */
static void beside_a_table(void)
{
    for (size_t wide = 4; wide <= 54; wide += 10)
        for (int side = 0; side < 4; side++)
            for (int grey = 20; grey <= 120; grey += 50) {
                struct picture picture = sheet();
                for (size_t i = 0; i < SHEET * SHEET; i++) {
                    const size_t y = i / SHEET, x = i % SHEET;
                    const size_t askew = (side % 2 ? y : x) / 20;
                    const size_t deep = askew + (side == 0   ? y
                                                 : side == 1 ? x
                                                             : SHEET - 1 - (side == 2 ? y : x));
                    picture.pixels[i] = (uint8_t)(deep < wide ? grey : picture.pixels[i]);
                }
                CU_ASSERT(off_seven(picture) <= 4);
            }
}

static void with_specks(void)
{
    struct picture picture = sheet();
    uint8_t wanted[AREA], to[AREA];

    seven(wanted);
    for (uint32_t i = 0; i < 50; i++) {
        const size_t y = noise(2 * i) % 60, x = noise(2 * i + 1) % (SHEET - 3); /* above the seven, */
        const size_t row = i % 2 ? y : SHEET - 4 - y;                           /* ... or below it */
        for (size_t k = 0; k < 9; k++)
            picture.pixels[(row + k / 3) * SHEET + x + k % 3] = (uint8_t)(20 + 4 * i % 100);
    }
    prepared(picture, &digit, false, to);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
}

/* A neighbour, cut off by the border; it stays if there is nothing else. */
static void at_the_border(void)
{
    struct picture picture = sheet();
    uint8_t wanted[AREA], to[AREA];

    seven(wanted);
    draw(&picture, SHEET - 100, 5, ZOOM, 40);
    prepared(picture, &digit, false, to);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
    picture = blank(1, 120, 160, 230);
    draw(&picture, 20, 50, ZOOM, 40);
    CU_ASSERT_EQUAL(prepared(picture, &digit, false, to).digits, 1);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
}

/* In a picture as small as a sample, what may be a speck stays, and what touches the border. */
static void small_pictures(void)
{
    struct picture picture = blank(1, 40, 40, 0);
    uint8_t to[AREA];
    size_t first = SIDE, last = 0;

    for (size_t y = 0; y < 30; y++)
        memset(picture.pixels + 40 * y + 10, 255, 3);
    memset(picture.pixels + 40 * 20 + 24, 255, 6);
    picture.pixels[40 * 10 + 30] = 255;
    prepared(picture, &digit, false, to);
    for (size_t i = 0; i < AREA; i++)
        if (to[i]) {
            first = i % SIDE < first ? i % SIDE : first;
            last = i % SIDE > last ? i % SIDE : last;
        }
    CU_ASSERT_EQUAL(last - first + 1, 14); /* of 20, as 21 is of 30 */
}

/* Lines at half the contrast, level or also upright, askew, and over the ink, too. */
static void ruled(void)
{
    for (int kind = 0; kind < 12; kind++) {
        const int askew = kind % 3 * 4 - 4, apart = 17;
        struct picture picture = sheet();
        for (int i = 0; i < SHEET * SHEET; i++) {
            const int y = i / SHEET, x = i % SHEET, over = kind / 6;
            const int level = y + askew * x / SHEET + 40, upright = x - askew * y / SHEET + 40;
            const bool line = level % apart < 2 || (kind / 3 % 2 && upright % apart < 2);
            if (line && (over || picture.pixels[i] > 135))
                picture.pixels[i] = 135;
        }
        CU_ASSERT(off_seven(picture) <= 8);
    }
}

static void noisy(void)
{
    for (int ink = 40; ink <= 60; ink += 20) {
        struct picture picture = sheet();
        for (uint32_t i = 0; i < SHEET * SHEET; i++) {
            const int off = (int)(noise(3 * i) % 40 + noise(3 * i + 1) % 40 + noise(3 * i + 2) % 40) - 60;
            const int light =
                ink == 40 ? 240 : 80 + (int)(160 * (i % SHEET) / SHEET); /* weak ink, in shade, too */
            const int value = (picture.pixels[i] == 40 ? ink : 190) * light / 240 + off;
            picture.pixels[i] = (uint8_t)(value < 0 ? 0 : value);
        }
        CU_ASSERT(off_seven(picture) <= 6);
    }
}

/* Chalk on a board that is lit from one side. */
static void light_on_dark(void)
{
    struct picture picture = blank(1, SHEET, SHEET, 60);
    uint8_t to[AREA], wanted[AREA];
    int off = 0;

    seven(wanted);
    for (size_t i = 0; i < SHEET * SHEET; i++)
        picture.pixels[i] = (uint8_t)(30 + 60 * (i % SHEET) / SHEET);
    draw(&picture, 70, 90, ZOOM, 220);
    CU_ASSERT(!prepared(picture, &digit, false, to).inverted);
    for (size_t i = 0; i < AREA; i++)
        off += abs(to[i] - wanted[i]);
    CU_ASSERT(off / AREA <= 4);
}

/* Two rows; the upper one a bar, a seven and a bar, the lower one a seven. */
static void one_by_one(void)
{
    const struct prepare_input input = prepare_input(&digit, PREPARE_DIGIT);
    uint8_t wanted[AREA], to[5 * AREA], bar[AREA];

    seven(wanted);
    for (size_t most = 1; most <= 5; most++) {
        struct picture picture = blank(1, 300, 300, 240);
        struct prepared facts;
        struct error error UNIT_CLEARED = {0};
        draw(&picture, 20, 110, ZOOM, 10);
        draw(&picture, 180, 30, ZOOM, 10);
        for (size_t y = 30; y < 110; y++) {
            memset(picture.pixels + 300 * y + 40, 10, 20);
            memset(picture.pixels + 300 * (y + 20) + 220, 10, 20);
        }
        memset(to, 99, sizeof to);
        CU_ASSERT_EQUAL(prepare_digits("it", &picture, &input, false, most, to, &facts, &error), 0);
        CU_ASSERT_EQUAL(facts.digits, 4);
        CU_ASSERT_EQUAL(facts.samples, most < 4 ? most : 4);
        CU_ASSERT(facts.inverted && !facts.empty);
        memcpy(bar, to, AREA);
        CU_ASSERT_EQUAL(bar[14 * SIDE + 14], 255);
        for (size_t i = 1; i < facts.samples; i++)
            CU_ASSERT_EQUAL(memcmp(to + i * AREA, i % 2 ? wanted : bar, AREA), 0);
        for (size_t i = facts.samples * AREA; i < sizeof to; i++)
            CU_ASSERT_EQUAL_FATAL(to[i], 99);
        picture_free(&picture);
    }
}

/* More pieces than digits are told apart. */
static void too_many(void)
{
    const struct prepare_input input = prepare_input(&digit, PREPARE_DIGIT);
    struct picture picture = blank(1, 400, 400, 240);
    struct prepared facts;
    struct error error UNIT_CLEARED = {0};
    uint8_t to[2 * AREA];

    for (size_t i = 0; i < 400 * 400; i++)
        if (i / 400 % 40 >= 10 && i / 400 % 40 < 30 && i % 40 >= 10 && i % 40 < 30)
            picture.pixels[i] = 10;
    CU_ASSERT_EQUAL(prepare_digits("it", &picture, &input, false, 2, to, &facts, &error), 0);
    CU_ASSERT(facts.digits == 1 && facts.samples == 1);
    picture_free(&picture);
}

/* One bar: its aspect stays, and however thin it is there is a pixel of it. */
static void aspect(void)
{
    static const size_t bars[][4] = {/* height, width, and of those prepared */
                                     {100, 20, 20, 4}, {20, 100, 4, 20}, {200, 1, 20, 1},
                                     {1, 200, 1, 20},  {1, 1, 20, 20},   {7, 7, 20, 20}};
    uint8_t to[AREA];

    for (size_t b = 0; b < sizeof bars / sizeof bars[0]; b++) {
        struct picture picture = blank(1, 300, 300, 0);
        size_t height = 0, width = 0;
        for (size_t y = 0; y < bars[b][0]; y++)
            memset(picture.pixels + (40 + y) * 300 + 50, 255, bars[b][1]);
        prepared(picture, &digit, false, to);
        for (size_t y = 0; y < SIDE; y++)
            height += memchr(to + y * SIDE, 255, SIDE) != NULL;
        for (size_t x = 0; x < SIDE; x++)
            width += to[SIDE / 2 * SIDE + x] == 255;
        CU_ASSERT_EQUAL(height, bars[b][2]);
        CU_ASSERT_EQUAL(width, bars[b][3]);
    }
}

/* A heavy end would push the light one over the edge. */
static void stays_inside(void)
{
    struct picture picture = blank(1, 60, 400, 0);
    uint8_t to[AREA];
    size_t width = 0;

    for (size_t y = 10; y < 50; y++)
        memset(picture.pixels + y * 400 + 100, 255, y >= 28 && y < 32 ? 200 : 40);
    prepared(picture, &digit, false, to);
    for (size_t x = SIDE - BOX; x < SIDE; x++)
        for (size_t y = 0; y < SIDE; y++)
            if (to[y * SIDE + x]) {
                width++;
                break;
            }
    CU_ASSERT_EQUAL(width, BOX);
}

static void other_inputs(void)
{
    const struct nnrun_shape plane = {2, {35, 21}}, vector = {1, {AREA}};
    uint8_t to[AREA], wanted[AREA];
    struct picture picture = blank(1, 30, 30, 0);
    size_t rows = 0;

    memset(picture.pixels + 10 * 30 + 10, 255, 10);
    for (size_t y = 11; y < 25; y++)
        picture.pixels[y * 30 + 10] = 255;
    prepared(picture, &plane, false, to);
    for (size_t y = 0; y < 35; y++)
        for (size_t x = 0; x < 21; x++)
            if (to[y * 21 + x]) {
                rows++;
                break;
            }
    CU_ASSERT_EQUAL(rows, 23); /* 15 wide is as wide as 21 gives, 15 / 10 x 15 high */
    seven(wanted);
    picture = blank(1, 60, 60, 0);
    draw(&picture, 10, 10, 1, 255);
    prepared(picture, &vector, false, to);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
}

static void as_it_is(void)
{
    struct picture picture = blank(1, SIDE, SIDE, 0);
    uint8_t to[AREA], wanted[AREA];

    for (uint32_t i = 0; i < AREA; i++)
        wanted[i] = picture.pixels[i] = (uint8_t)noise(i);
    picture.sample = true;
    prepared(picture, &digit, false, to);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
    picture = blank(1, 4, AREA / 4, 0);
    memcpy(picture.pixels, wanted, AREA);
    picture.sample = true;
    prepared(picture, &(struct nnrun_shape){1, {AREA}}, false, to);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
    picture = blank(1, SIDE, SIDE, 0);
    memcpy(picture.pixels, wanted, AREA);
    prepared(picture, &digit, true, to);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
}

static void raw_is_resized(void)
{
    struct picture picture = blank(1, 2 * SIDE, 3 * SIDE, 9);
    uint8_t to[AREA], wanted[AREA];

    draw(&picture, 2, 2, 2, 200);
    resized(picture.pixels, 2 * SIDE, 3 * SIDE, SIDE, SIDE, wanted);
    prepared(picture, &digit, true, to);
    CU_ASSERT_EQUAL(memcmp(to, wanted, AREA), 0);
}

static void colour_networks(void)
{
    const struct nnrun_shape shape = {3, {3, 2, 2}};
    struct picture picture = blank(3, 2, 4, 0);
    uint8_t to[12];

    for (size_t i = 0; i < 24; i++)
        picture.pixels[i] = (uint8_t)(10 * i);
    prepared(picture, &shape, false, to);
    CU_ASSERT(to[0] == 5 && to[1] == 25 && to[4] == 85 && to[11] == 225);
    picture = blank(1, 5, 5, 50);
    prepared(picture, &shape, false, to);
    for (size_t i = 0; i < 12; i++)
        CU_ASSERT_EQUAL(to[i], 50);
}

static void does_not_fit(size_t channels, const struct nnrun_shape *shape, const char *words)
{
    const struct prepare_input input = prepare_input(shape, PREPARE_DIGIT);
    struct picture picture = blank(channels, 5, 5, 0);
    struct prepared facts;
    struct error error UNIT_CLEARED = {0};
    uint8_t to[AREA];

    picture.sample = true;
    CU_ASSERT_EQUAL(prepare_picture("it", &picture, &input, false, to, &facts, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_STRING_EQUAL(error_text(&error), words);
    picture_free(&picture);
}

static void wrong_networks(void)
{
    does_not_fit(3, &(struct nnrun_shape){3, {2, 4, 4}}, "it has 3 channels; the network's input has 2");
    does_not_fit(1, &(struct nnrun_shape){3, {2, 4, 4}}, "it has 1 channel; the network's input has 2");
    does_not_fit(2, &digit, "it has 2 channels; the network's input has 1");
    does_not_fit(1, &(struct nnrun_shape){1, {13}},
                 "it: the network's input is a vector of 13 values, not a picture: only IDX samples of that "
                 "size fit");
}

static const struct unit_test tests[] = {
    {"resize averages, interpolates and leaves alone", known_sizes},
    {"it does what its words say for any sizes", any_sizes},
    {"very long pictures are resized", extreme_sizes},
    {"it reads no pixel outside its part", a_part},
    {"a digit gives the same bytes wherever it is, its centre of mass at the middle", any_place},
    {"... at any whole size", any_size},
    {"... and nearly so in a picture of megapixels, dust on it", very_large},
    {"... light on dark, dark on light, faint or strong", any_colours},
    {"... and in colours", colours_to_grey},
    {"uneven paper is no ink", uneven_paper},
    {"a dark digit on a clean sheet gives the bytes of a light one", clean_sheet},
    {"... nearly so under shade down to 0.3, from any side", shaded},
    {"... beside a table at any side, narrow or wide, dark or not", beside_a_table},
    {"... exactly so among specks", with_specks},
    {"... and beside one that the border cuts off", at_the_border},
    {"in a picture of fewer than 64 pixels a side all ink stays", small_pictures},
    {"a dark digit gives nearly the bytes of a light one on lined and squared paper, askew, whose lines also cross the ink",
     ruled},
    {"... under a sensor's noise, in shade, too", noisy},
    {"... and as chalk on a board that is lit from one side", light_on_dark},
    {"digits are taken one by one, row by row, as many as are wanted", one_by_one},
    {"more than 64 pieces are taken for one", too_many},
    {"a picture without ink is said to be empty", no_ink},
    {"the aspect of the ink stays", aspect},
    {"all ink stays inside", stays_inside},
    {"the box follows the input's height and width, of a vector too", other_inputs},
    {"a sample of the input's size, and a raw picture of it, stay as they are", as_it_is},
    {"a raw picture is only resized", raw_is_resized},
    {"for a network of colours a picture is resized, grey as each colour", colour_networks},
    {"a picture that does not fit the network is refused", wrong_networks},
};
UNIT_MAIN("prepare", tests)
