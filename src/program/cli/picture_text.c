/* picture_text.c: see picture_text.h. */
#include "cli/picture_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/screen.h"

enum picture_text_style picture_text_style(void)
{
    const char *colours = getenv("COLORTERM");
    struct screen screen;

    screen_init(&screen, STDOUT_FILENO);
    if (!screen.colour || !screen.utf8)
        return PICTURE_PLAIN;
    return colours && (strcmp(colours, "truecolor") == 0 || strcmp(colours, "24bit") == 0) ? PICTURE_COLOURED
                                                                                           : PICTURE_GREYS;
}

/* 16 is black, 231 white, 232 .. 255 are the greys 8, 18 .. 238. */
static int palette_grey(int value)
{
    return value < 4 ? 16 : value > 246 ? 231 : 232 + (value > 8 ? (value - 3) / 10 : 0);
}

static void print_colour(enum picture_text_style style, int layer, int value)
{
    if (style == PICTURE_COLOURED)
        printf("\033[%d;2;%d;%d;%dm", layer, value, value, value);
    else
        printf("\033[%d;5;%dm", layer, palette_grey(value));
}

/* Columns printed of a line of two rows; blanks at its end are not. */
static size_t print_plain(const uint8_t *upper, const uint8_t *lower, size_t width)
{
    static const char shades[] = " .:-=+*#%@";
    size_t end = 0;
    char text[PICTURE_TEXT_MOST];

    for (size_t x = 0; x < width; x++) {
        const size_t sum = (size_t)upper[x] + (lower ? lower[x] : 0);
        text[x] = shades[(sum * (sizeof shades - 2) + 254) / 510];
        end = text[x] != ' ' ? x + 1 : end;
    }
    printf("%.*s", (int)end, text);
    return end;
}

static size_t print_blocks(enum picture_text_style style, const uint8_t *upper, const uint8_t *lower,
                           size_t width)
{
    for (size_t x = 0; x < width; x++) {
        print_colour(style, 38, upper[x]);
        print_colour(style, 48, lower ? lower[x] : 0);
        fputs("\u2580", stdout);
    }
    fputs("\033[0m", stdout);
    return width;
}

void picture_text_print(enum picture_text_style style, const uint8_t *pixels, size_t height, size_t width,
                        size_t sides, void (*side)(const void *arg, size_t i), const void *arg)
{
    const size_t lines = (height + 1) / 2, first = lines > sides ? (lines - sides) / 2 : 0;
    const size_t all = lines > sides ? lines : sides;

    for (size_t line = 0; line < all; line++) {
        size_t printed = 0;
        if (line < lines) {
            const uint8_t *upper = pixels + 2 * line * width,
                          *lower = 2 * line + 1 < height ? upper + width : NULL;
            printed = style == PICTURE_PLAIN ? print_plain(upper, lower, width)
                                             : print_blocks(style, upper, lower, width);
        }
        if (line >= first && line - first < sides) {
            printf("%*s", (int)(width - printed + (width > 0 ? 3 : 0)), "");
            side(arg, line - first);
        }
        putchar('\n');
    }
}

void picture_text_bar(enum picture_text_style style, double part, size_t width)
{
    static const char *const eighths[] = {"",       "\u258f", "\u258e", "\u258d",
                                          "\u258c", "\u258b", "\u258a", "\u2589"};
    const double within = part > 1 ? 1 : part > 0 ? part : 0; /* 0 for NaN */
    const size_t steps = style == PICTURE_PLAIN ? 1 : 8;
    const size_t filled = (size_t)(within * (double)(width * steps) + 0.5);

    for (size_t i = 0; i < filled / steps; i++)
        fputs(style == PICTURE_PLAIN ? "#" : "\u2588", stdout);
    if (filled % steps)
        fputs(eighths[filled % steps], stdout);
    printf("%*s", (int)(width - (filled + steps - 1) / steps), "");
}
