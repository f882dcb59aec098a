/* trend.c: see trend.h. */
#include "cli/trend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEVELS = 8 };
static const char *const blocks[LEVELS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const ascii[LEVELS] = {"_", ".", ":", "-", "=", "+", "*", "#"};

static bool better(double a, double b, bool falls)
{
    return isfinite(a) && (!isfinite(b) || (falls ? a < b : a > b));
}

/* 0 .. LEVELS - 1 */
static int level_of(double value, double first, double best, bool falls)
{
    const double range = falls ? first - best : best - first;
    double part; /* of the way from the worst to the best */

    if (!isfinite(value))
        part = 0;
    else if (range > 0)
        part = (falls ? first - value : value - first) / range;
    else
        part = value == best;
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return (int)((falls ? 1 - part : part) * (LEVELS - 1) + 0.5);
}

void trend_add(struct line *line, int rank, const struct screen *screen, const double *values, size_t stride,
               size_t count, bool falls, int width)
{
    struct line_part *part = line_add(line, rank, "%s", "");
    const size_t columns = count < (size_t)width ? count : (size_t)width;
    double best = (double)NAN;
    size_t used = 0, best_at = 0;

    for (size_t i = 0; i < count; i++)
        if (better(values[i * stride], best, falls)) {
            best = values[i * stride];
            best_at = i;
        }
    for (size_t c = 0; c < columns; c++) {
        const size_t begin = c * count / columns, end = (c + 1) * count / columns;
        const bool marked = screen->colour && best_at >= begin && best_at < end;
        double shown = values[begin * stride];
        int level;
        for (size_t i = begin + 1; i < end; i++)
            shown = better(values[i * stride], shown, falls) ? values[i * stride] : shown;
        level = level_of(shown, values[0], best, falls);
        used += (size_t)snprintf(part->text + used, LINE_TEXT - used, "%s%s%s", marked ? SCREEN_BEST : "",
                                 screen->utf8 ? blocks[level] : ascii[level], marked ? SCREEN_PLAIN : "");
    }
    snprintf(part->text + used, LINE_TEXT - used, "%*s", width - (int)columns, "");
    part->columns = width;
}
