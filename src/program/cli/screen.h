/* screen.h: what the terminal behind a stream can show, and lines made to fit it. */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SCREEN_BEST  "\033[1;32m"
#define SCREEN_PLAIN "\033[0m"

struct screen {
    int fd;
    bool on;      /* there is a terminal */
    bool escapes; /* that can redraw a line: TERM is set and not "dumb" */
    bool colour;  /* escapes, and NO_COLOR is not set or empty */
    bool utf8;    /* the locale says so */
};

void screen_init(struct screen *screen, int fd);

/* How many columns a line may have now without touching the last one, where some terminals wrap. */
int screen_room(const struct screen *screen);

/* A line of parts with two blanks between them, of which as many are kept as fit. */
enum { LINE_PARTS = 12, LINE_TEXT = 160 };
struct line {
    struct line_part {
        char text[LINE_TEXT]; /* may hold escapes */
        int columns;          /* that it takes on the screen */
        int rank;             /* the highest goes first; 0 always stays */
    } parts[LINE_PARTS];
    size_t count;
};

/* Adds a part of ASCII. Returns it, for one that takes fewer columns than bytes. */
struct line_part *line_add(struct line *line, int rank, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Drops parts until the rest fits; returns the columns of that. */
int line_fit(struct line *line, int room);

/* Without blanks at its end, and without a newline. */
void line_print(const struct line *line, FILE *to);

/* Prints to stdout: on a screen broken at blanks, continued behind two of them, else as it is. */
void screen_say(const struct screen *screen, const char *format, ...) __attribute__((format(printf, 2, 3)));
#endif
