/* error.c: see error.h. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_TEXT = 4096 };

void error_init(struct error *error)
{
    error->code = ERROR_NONE;
    error->lines = 0;
    error->left_out = 0;
    error->text[0] = '\0';
}

__attribute__((format(printf, 3, 0))) static int add(struct error *error, enum error_code code,
                                                     const char *format, va_list args)
{
    char line[LINE_TEXT];
    const size_t used = strlen(error->text);

    if (error->lines == 0)
        error->code = code;
    if (vsnprintf(line, sizeof line, format, args) < 0)
        snprintf(line, sizeof line, "%s", format);
    if (used + strlen(line) + 2 > sizeof error->text) {
        error->left_out++;
        return -1;
    }
    snprintf(error->text + used, sizeof error->text - used, "%s%s", used ? "\n" : "", line);
    error->lines++;
    return -1;
}

int error_set(struct error *error, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    error_init(error);
    add(error, code, format, args);
    va_end(args);
    return -1;
}

int error_add(struct error *error, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(error, code, format, args);
    va_end(args);
    return -1;
}

int error_prefix(struct error *error, const char *format, ...)
{
    struct error old = *error;
    char prefix[LINE_TEXT / 2];
    va_list args;

    va_start(args, format);
    if (vsnprintf(prefix, sizeof prefix, format, args) < 0)
        prefix[0] = '\0';
    va_end(args);

    error_init(error);
    for (char *line = old.text; line && *line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        error_add(error, old.code, "%s%s", prefix, line);
        line = end;
    }
    error->left_out += old.left_out;
    return -1;
}

int error_memory(struct error *error)
{
    return error_set(error, ERROR_FAILED, "out of memory");
}
