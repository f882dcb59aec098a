/* unit_screen.c: lines that fit a screen, and the trend of a run. */
#include "unit.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/trend.h"

static const struct screen ascii = {.on = true}, utf8 = {.on = true, .utf8 = true},
                           colours = {.on = true, .colour = true};

/* The trend as text, blanks behind it cut off. */
static const char *trend(const struct screen *screen, const double *values, size_t count, bool falls,
                         int width)
{
    static struct line line;
    size_t length;

    line.count = 0;
    trend_add(&line, 0, screen, values, 1, count, falls, width);
    CU_ASSERT_EQUAL(line.parts[0].columns, width);
    for (length = strlen(line.parts[0].text); length > 0 && line.parts[0].text[length - 1] == ' ';)
        line.parts[0].text[--length] = '\0';
    return line.parts[0].text;
}

static void scale(void)
{
    static const double rises[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
    static const double sinks[] = {8, 7, 6, 5, 4, 3, 2, 1};
    static const double below[] = {0.5, 0.25, 1, 0.75}, worse[] = {1, 3, 0.5};

    CU_ASSERT_STRING_EQUAL(trend(&ascii, rises, 8, false, 16), "_.:-=+*#");
    CU_ASSERT_STRING_EQUAL(trend(&utf8, rises, 8, false, 16), "▁▂▃▄▅▆▇█");
    CU_ASSERT_STRING_EQUAL(trend(&ascii, sinks, 8, true, 16), "#*+=-:._");
    CU_ASSERT_STRING_EQUAL(trend(&ascii, below, 4, false, 16), "__#=");
    CU_ASSERT_STRING_EQUAL(trend(&ascii, worse, 3, true, 16), "##_");
}

static void ends_of_scale(void)
{
    static const double one[] = {0.9}, first_is_best[] = {0.9, 0.5, 0.9, 0.8};
    static const double none[] = {0.2, (double)NAN, 0.4, (double)INFINITY};

    CU_ASSERT_STRING_EQUAL(trend(&ascii, one, 1, false, 16), "#");
    CU_ASSERT_STRING_EQUAL(trend(&ascii, one, 1, true, 16), "_");
    CU_ASSERT_STRING_EQUAL(trend(&ascii, first_is_best, 4, false, 16), "#_#_");
    CU_ASSERT_STRING_EQUAL(trend(&ascii, none, 4, false, 16), "__#_");
}

static void many(void)
{
    double values[1000];

    for (size_t i = 0; i < 1000; i++)
        values[i] = i % 2 ? 0 : (double)i;
    CU_ASSERT_STRING_EQUAL(trend(&ascii, values, 1000, false, 8), ".:--=+*#");
    CU_ASSERT_STRING_EQUAL(trend(&ascii, values, 9, false, 8), "__:_=_+#");
}

static void marked(void)
{
    static const double values[] = {0.1, 0.9, 0.9, 0.1};

    CU_ASSERT_STRING_EQUAL(trend(&colours, values, 4, false, 16), "_\033[1;32m#\033[0m#_");
}

static const char *fitted(int room, int *columns)
{
    static char text[LINE_PARTS * LINE_TEXT];
    struct line line = {.count = 0};

    line_add(&line, 0, "epoch %d", 12);
    line_add(&line, 2, "loss");
    line_add(&line, 1, "\033[1mbest\033[0m")->columns = 4;
    line_add(&line, 3, "speed");
    *columns = line_fit(&line, room);
    text[0] = '\0';
    for (size_t i = 0; i < line.count; i++) {
        strcat(text, i ? "  " : "");
        strcat(text, line.parts[i].text);
    }
    return text;
}

static void fits(void)
{
    static const struct {
        int room, columns;
        const char *text;
    } expected[] = {
        {80, 27, "epoch 12  loss  \033[1mbest\033[0m  speed"},
        {27, 27, "epoch 12  loss  \033[1mbest\033[0m  speed"},
        {26, 20, "epoch 12  loss  \033[1mbest\033[0m"},
        {20, 20, "epoch 12  loss  \033[1mbest\033[0m"},
        {19, 14, "epoch 12  \033[1mbest\033[0m"},
        {13, 8, "epoch 12"},
        {5, 5, "epoch"},
        {0, 0, ""},
        {-1, 0, ""},
    };
    int columns;

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        CU_ASSERT_STRING_EQUAL(fitted(expected[i].room, &columns), expected[i].text);
        CU_ASSERT_EQUAL(columns, expected[i].columns);
    }
}

/* Variables that are NULL are not set. */
static struct screen screen_of(int fd, const char *term, const char *all, const char *ctype, const char *lang,
                               const char *no_color)
{
    const struct {
        const char *name, *value;
    } variables[] = {
        {"TERM", term}, {"LC_ALL", all}, {"LC_CTYPE", ctype}, {"LANG", lang}, {"NO_COLOR", no_color}};
    struct screen screen;

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        if (variables[i].value)
            setenv(variables[i].name, variables[i].value, 1);
        else
            unsetenv(variables[i].name);
    screen_init(&screen, fd);
    return screen;
}

static void terminals(void)
{
    struct winsize size = {.ws_col = 132};
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    struct screen screen;
    int fd, pipes[2];

    if (master < 0) {
        printf("SKIP: no terminal can be made here ");
        return;
    }
    CU_ASSERT_FATAL(grantpt(master) == 0 && unlockpt(master) == 0 && pipe(pipes) == 0);
    fd = open(ptsname(master), O_RDWR | O_NOCTTY);
    CU_ASSERT_FATAL(fd >= 0);
    screen = screen_of(pipes[1], "xterm", "C.UTF-8", NULL, NULL, NULL);
    CU_ASSERT(!screen.on && !screen.escapes && !screen.colour && !screen.utf8);
    screen = screen_of(fd, "xterm", NULL, NULL, NULL, NULL);
    CU_ASSERT(screen.on && screen.escapes && screen.colour && !screen.utf8);
    CU_ASSERT_FALSE(screen_of(fd, "dumb", NULL, NULL, NULL, NULL).escapes);
    CU_ASSERT_FALSE(screen_of(fd, "", NULL, NULL, NULL, NULL).escapes);
    CU_ASSERT_FALSE(screen_of(fd, NULL, NULL, NULL, NULL, NULL).escapes);
    CU_ASSERT_FALSE(screen_of(fd, "xterm", NULL, NULL, NULL, "1").colour);
    CU_ASSERT_TRUE(screen_of(fd, "xterm", NULL, NULL, NULL, "").colour);
    CU_ASSERT_TRUE(screen_of(fd, "xterm", NULL, NULL, "de_DE.UTF-8", NULL).utf8);
    CU_ASSERT_TRUE(screen_of(fd, "xterm", "", "en_US.utf8", "C", NULL).utf8);
    CU_ASSERT_TRUE(screen_of(fd, "xterm", "C.UTF8", "C", "C", NULL).utf8);
    CU_ASSERT_TRUE(screen_of(fd, "xterm", "C.utf-8", NULL, NULL, NULL).utf8);
    CU_ASSERT_FALSE(screen_of(fd, "xterm", "C", "C.UTF-8", "C.UTF-8", NULL).utf8);
    CU_ASSERT_FALSE(screen_of(fd, "xterm", "", "C", "C.UTF-8", NULL).utf8);
    CU_ASSERT_EQUAL(screen_room(&screen), 79); /* it does not know */
    CU_ASSERT_FATAL(ioctl(fd, TIOCSWINSZ, &size) == 0);
    CU_ASSERT_EQUAL(screen_room(&screen), 131);
    close(fd), close(master), close(pipes[0]), close(pipes[1]);
    screen.fd = -1;
    CU_ASSERT_EQUAL(screen_room(&screen), 79);
}

static const struct unit_test tests[] = {
    {"a trend's scale goes from the first epoch to the best, and cuts what is beyond", scale},
    {"it has one where the first epoch is the best, or a value is no number", ends_of_scale},
    {"a column is the best of its epochs", many},
    {"colours mark the first of the best", marked},
    {"what a terminal can show is told by TERM, NO_COLOR and the first locale that is set", terminals},
    {"a line drops its least parts until it fits, then its end", fits},
};
UNIT_MAIN("screen", tests)
