/* say.c: see say.h. */
#include "cli/say.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static bool ends_line(const char *text)
{
    const size_t length = strlen(text);

    return length > 0 && text[length - 1] == '\n';
}

char *say_line(char line[SAY_LINE], const char *format, va_list args)
{
    if (vsnprintf(line, SAY_LINE, format, args) < 0)
        line[0] = '\0';
    if (ends_line(format) && ends_line(line))
        line[strlen(line) - 1] = '\0';
    text_make_printable(line);
    return line;
}

void say(FILE *to, const char *format, ...)
{
    char line[SAY_LINE + 1];
    va_list args;

    va_start(args, format);
    say_line(line, format, args);
    va_end(args);
    if (ends_line(format))
        memcpy(line + strlen(line), "\n", 2);
    fputs(line, to);
}
