/* draw_pictures.c: pictures of digits as people make them: of 20 to 300 pixels, the digit anywhere in them,
 * dark on light or light on dark, on paper and with ink of any brightness, grey or coloured.
 *
 *   draw_pictures FOLDER COUNT
 *
 * writes FOLDER/NUMBER-LABEL.png or, without libpng and each third time, .pgm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "data/png_file.h"
#include "../data/digit-draw.h"

enum { SMALLEST = 20, LARGEST = 300, SET = 1000, MOST = LARGEST * LARGEST };

struct paper {
    int side, digit; /* pixels */
    int top, left;   /* of the digit */
    int paper[3], ink[3];
};

/* low .. high */
static int between(uint32_t bits, int low, int high)
{
    return low + (int)(bits % (uint32_t)(high - low + 1));
}

static struct paper choose(struct random_key key, uint32_t number)
{
    uint32_t bits[12];
    struct paper p;
    int dark, light;

    for (uint32_t i = 0; i < 3; i++)
        random_block(key, (const uint32_t[4]){number, SET + 1, i, 0}, bits + 4 * i);
    p.side = between(bits[0], SMALLEST, LARGEST);
    p.digit = between(bits[1], p.side / 2 > SMALLEST ? p.side / 2 : SMALLEST, p.side);
    p.top = between(bits[2], 0, p.side - p.digit);
    p.left = between(bits[3], 0, p.side - p.digit);
    dark = between(bits[4], 0, 80);
    light = between(bits[5], 170, 255);
    for (int c = 0; c < 3; c++) {
        p.paper[c] = (number % 2 ? light : dark) - between(bits[6 + c], 0, number % 2 ? 40 : 0);
        p.ink[c] = (number % 2 ? dark : light) - between(bits[9 + c], 0, number % 2 ? 0 : 40);
    }
    return p;
}

static int write_grey(const char *path, int side, const uint8_t *colours)
{
    FILE *file = fopen(path, "wb");

    if (!file)
        return -1;
    fprintf(file, "P5\n%d %d\n255\n", side, side);
    for (int i = 0; i < side * side; i++)
        putc(colours[3 * i], file);
    return fclose(file);
}

static int draw(const char *folder, uint32_t number)
{
    static uint8_t digit[MOST], colours[3 * MOST];
    static float ink[MOST];
    const struct random_key key = random_key(1, RANDOM_DIGITS, NULL);
    const struct paper p = choose(key, number);
    const int label = digit_draw_sized(key, SET, number, p.digit, ink, digit);
    char path[4096];
    struct error error = {0};

    for (int i = 0; i < p.side * p.side; i++) {
        const int y = i / p.side - p.top, x = i % p.side - p.left;
        const int on = y >= 0 && y < p.digit && x >= 0 && x < p.digit ? digit[y * p.digit + x] : 0;
        for (int c = 0; c < 3; c++)
            colours[3 * i + c] = (uint8_t)((p.paper[c] * (255 - on) + p.ink[c] * on) / 255);
    }
    snprintf(path, sizeof path, "%s/%03u-%d.png", folder, number, label);
    if (number % 3 > 0 &&
        png_file_write(path, false, (size_t)p.side, (size_t)p.side, 3, colours, &error) == 0)
        return 0;
    error_clear(&error);
    memcpy(path + strlen(path) - 3, "pgm", 3);
    return write_grey(path, p.side, colours);
}

int main(int argc, char **argv)
{
    const long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

    if (count < 1) {
        fprintf(stderr, "usage: draw_pictures FOLDER COUNT\n");
        return 2;
    }
    for (long i = 0; i < count; i++)
        if (draw(argv[1], (uint32_t)i) != 0) {
            perror(argv[1]);
            return 1;
        }
    return 0;
}
