/* screen.c: see screen.h. */
#include "cli/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/say.h"

enum { COLUMNS = 80 };

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value && *value;
}

/* As setlocale would find it; no locale is ever set, nor need it be installed. */
static bool is_utf8(void)
{
    const char *locale = is_set("LC_ALL")     ? getenv("LC_ALL")
                         : is_set("LC_CTYPE") ? getenv("LC_CTYPE")
                                              : getenv("LANG");

    return locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8") || strstr(locale, "UTF8") ||
                      strstr(locale, "utf-8"));
}

void screen_init(struct screen *screen, int fd)
{
    const char *kind = getenv("TERM");

    *screen = (struct screen){.fd = fd, .on = isatty(fd) == 1};
    screen->escapes = screen->on && kind && *kind && strcmp(kind, "dumb") != 0;
    screen->colour = screen->escapes && !is_set("NO_COLOR");
    screen->utf8 = screen->on && is_utf8();
}

int screen_room(const struct screen *screen)
{
    struct winsize size;

    return (ioctl(screen->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : COLUMNS) - 1;
}

struct line_part *line_add(struct line *line, int rank, const char *format, ...)
{
    struct line_part *part = &line->parts[line->count < LINE_PARTS ? line->count++ : LINE_PARTS - 1];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(part->text, sizeof part->text, format, arguments);
    va_end(arguments);
    part->columns = (int)strlen(part->text);
    part->rank = rank;
    return part;
}

/* Leaves at most that many bytes of a plain text, and none of a character that is cut: no more columns. */
static void cut(char *text, int bytes)
{
    while (bytes > 0 && ((unsigned char)text[bytes] & 0xc0) == 0x80)
        bytes--;
    text[bytes] = '\0';
}

int line_fit(struct line *line, int room)
{
    for (;;) {
        size_t last = 0;
        int columns = 0;

        for (size_t i = 0; i < line->count; i++) {
            columns += line->parts[i].columns + (i ? 2 : 0);
            if (line->parts[i].rank >= line->parts[last].rank)
                last = i;
        }
        if (columns <= room || line->count == 0)
            return columns;
        if (line->parts[last].rank == 0 && line->parts[last].columns > columns - room) {
            line->parts[last].columns -= columns - room;
            cut(line->parts[last].text, line->parts[last].columns);
            return room;
        }
        memmove(&line->parts[last], &line->parts[last + 1], (line->count - last - 1) * sizeof line->parts[0]);
        line->count--;
    }
}

void line_print(const struct line *line, FILE *to)
{
    for (size_t i = 0; i < line->count; i++) {
        const char *text = line->parts[i].text;
        size_t length = strlen(text);
        while (i + 1 == line->count && length > 0 && text[length - 1] == ' ')
            length--;
        fprintf(to, "%s%.*s", i ? "  " : "", (int)length, text);
    }
}

/* Prints a text as lines of at most `room` columns. */
static void print_broken(const char *text, int room)
{
    int column = 0;

    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column > 2 && column + 1 + length > room) {
            fputs("\n  ", stdout);
            column = 2;
        } else if (column > 0) {
            putchar(' ');
            column++;
        }
        printf("%.*s", length, text);
        column += length;
        text += length;
        text += *text == ' ';
    }
}

void screen_say(const struct screen *screen, const char *format, ...)
{
    char line[SAY_LINE];
    va_list arguments;

    va_start(arguments, format);
    say_line(line, format, arguments);
    va_end(arguments);
    if (screen->on)
        print_broken(line, screen_room(screen));
    else
        fputs(line, stdout);
    putchar('\n');
}
