/* page_parts.c: see page_parts.h. */
#include "report/page_parts.h"

#include <math.h>
#include <stdio.h>

#include "report/page_style.h"

void page_begin(struct html *html, const char *title)
{
    html_add(html,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             /* whatever a name or config says, nothing is fetched and nothing runs */
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
             "style-src 'unsafe-inline'\">\n"
             "<meta name=\"generator\" content=\"nnrun " NNRUN_VERSION "\">\n"
             "<link rel=\"icon\" href=\"data:,\">\n<title>");
    html_text(html, title);
    html_add(html, "</title>\n<style>\n");
    for (size_t i = 0; page_style[i]; i++) {
        html_add(html, page_style[i]);
        html_add(html, "\n");
    }
    html_add(html, "</style>\n</head>\n<body>\n<main>\n");
}

void page_end(struct html *html)
{
    html_add(html, "<footer>Written by nnrun " NNRUN_VERSION
                   ". This page is one file: it fetches nothing and runs no script.</footer>\n"
                   "</main>\n</body>\n</html>\n");
}

void page_percent(struct html *html, double fraction)
{
    html_format(html, "%.2f&nbsp;%%", 100 * fraction);
}

void page_interval(struct html *html, uint64_t right, uint64_t count)
{
    const struct evaluation_interval interval = evaluation_interval(right, count);

    html_format(html, "95&nbsp;%% interval <b>%.2f to %.2f&nbsp;%%</b>", 100 * interval.low,
                100 * interval.high);
}

const char *page_time(double seconds, char text[PAGE_TIME_TEXT])
{
    const long whole = seconds < 1e9 ? lround(seconds) : 1000000000;

    if (seconds < 60)
        snprintf(text, PAGE_TIME_TEXT, "%.3g s", seconds);
    else if (whole < 3600)
        snprintf(text, PAGE_TIME_TEXT, "%ld:%02ld min", whole / 60, whole % 60);
    else
        snprintf(text, PAGE_TIME_TEXT, "%ld:%02ld:%02ld h", whole / 3600, whole / 60 % 60, whole % 60);
    return text;
}

void page_fact(struct html *html, const char *name, const char *text)
{
    if (!text)
        return;
    html_format(html, "<dt>%s</dt><dd>", name);
    html_text(html, text);
    html_add(html, "</dd>\n");
}

void page_cell(struct html *html, enum chart_numbers numbers, double value)
{
    char text[CHART_TEXT];

    if (isfinite(value))
        html_format(html, "<td>%s</td>", chart_value(numbers, value, text));
    else
        html_add(html, "<td class=\"none\">&ndash;</td>");
}
