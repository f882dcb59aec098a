/* html.h: a page put together in memory. Text from outside, such as names, paths and configs, goes through
 * html_text and nothing else. [any thread] on distinct pages. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct html {
    char *text; /* NULL as long as it is empty */
    size_t length, room;
    bool failed; /* memory ran out: what is added from there on is left out */
};

/* Markup as it is. */
void html_add(struct html *html, const char *markup);

/* printf of numbers and of markup of our own. */
void html_format(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text, for an element or a quoted attribute: < > & " ' are escaped; what is no UTF-8, or a character that
 * HTML forbids, becomes U+FFFD. */
void html_text(struct html *html, const char *text);

/* 61,706 */
void html_count(struct html *html, uint64_t count);

/* data:image/png;base64,... of height x width pixels, grey or red, green and blue, row by row. Returns 0 or
 * -1. */
int html_png(struct html *html, size_t height, size_t width, size_t channels, const uint8_t *pixels,
             struct error *error);

/* Base 64 of RFC 4648 with padding: 4 * ceil(size / 3) characters, and a '\0'. */
void html_base64(const uint8_t *bytes, size_t size, char *text);

/* Returns 0, or -1 after setting error if memory ran out on the way. */
int html_check(const struct html *html, struct error *error);
void html_finish(struct html *html);
#endif
