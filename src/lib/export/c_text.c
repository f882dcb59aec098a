/* c_text.c: lines, numbers and lists of them, see c_writer.h. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "export/c_writer.h"

enum { LINE = 100 };

__attribute__((format(printf, 2, 0))) static void write_line(struct c_writer *w, const char *format,
                                                             va_list args, const char *end)
{
    fprintf(w->out, "%*s", 4 * w->depth, "");
    vfprintf(w->out, format, args);
    fputs(end, w->out);
}

void c_line(struct c_writer *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(w, format, args, "\n");
    va_end(args);
}

void c_open(struct c_writer *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(w, format, args, " {\n");
    va_end(args);
    w->depth++;
}

void c_close(struct c_writer *w)
{
    w->depth--;
    c_line(w, "}");
}

void c_open_steps(struct c_writer *w, const char *variable, int count, int step)
{
    if (count == step)
        return;
    c_open(w, "for (int %s_ = 0; %s_ < %d; %s_ += %d)", variable, variable, count, variable, step);
    if (count % step == 0)
        c_line(w, "const int %s = %s_;", variable, variable);
    else
        c_line(w, "const int %s = %s_ < %d ? %s_ : %d;", variable, variable, count - step, variable,
               count - step);
}

void c_close_steps(struct c_writer *w, int count, int step)
{
    if (count != step)
        c_close(w);
}

struct c_number c_number(struct c_writer *w, float number)
{
    struct c_number found;
    char digits[24];

    if (!isfinite(number)) {
        w->infinite++;
        number = 0;
    }
    for (int count = 6; count <= 9; count++) {
        snprintf(digits, sizeof digits, "%.*g", count, (double)number);
        if (strtof(digits, NULL) == number)
            break;
    }
    snprintf(found.text, sizeof found.text, "%s%sf", digits, strpbrk(digits, ".e") ? "" : ".0");
    return found;
}

void c_write_numbers(struct c_writer *w, const char *name, const float *numbers, size_t count)
{
    size_t column = LINE;

    fprintf(w->out, "%*sstatic const float %s[%zu] = {", 4 * w->depth, "", name, count);
    for (size_t i = 0; i < count; i++) {
        const struct c_number number = c_number(w, numbers[i]);
        const size_t length = strlen(number.text) + 2;
        column += length;
        if (column > LINE) {
            fprintf(w->out, "\n%*s", 4 * w->depth + 3, "");
            column = 4 * (size_t)w->depth + 3 + length;
        }
        fprintf(w->out, " %s%s", number.text, i + 1 < count ? "," : "");
    }
    fprintf(w->out, "\n%*s};\n", 4 * w->depth, "");
}
