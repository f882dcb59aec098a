/* html.c: see html.h. */
#include "report/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/png_file.h"

/* Room for `more` bytes and a '\0'. */
static bool reserve(struct html *html, size_t more)
{
    size_t needed, room;
    char *grown;

    if (html->failed || !size_add(html->length, more, &needed) || !size_add(needed, 1, &needed)) {
        html->failed = true;
        return false;
    }
    if (needed <= html->room)
        return true;
    room = html->room > needed / 2 ? 2 * html->room : needed + 4096;
    grown = memory_resize(html->text, room, 1);
    if (!grown) {
        html->failed = true;
        return false;
    }
    html->text = grown;
    html->room = room;
    return true;
}

static void add_bytes(struct html *html, const char *bytes, size_t size)
{
    if (!reserve(html, size))
        return;
    memcpy(html->text + html->length, bytes, size);
    html->length += size;
    html->text[html->length] = '\0';
}

void html_add(struct html *html, const char *markup)
{
    add_bytes(html, markup, strlen(markup));
}

void html_format(struct html *html, const char *format, ...)
{
    va_list args, again;
    int length;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        html->failed = true;
    else if (reserve(html, (size_t)length))
        html->length += (size_t)vsnprintf(html->text + html->length, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
}

/* Bytes of the UTF-8 character that the text begins with, 0: it is none that may stand in a page. */
static size_t character(const char *text)
{
    uint32_t code;
    const size_t size = text_character(text, 4, &code);

    if ((code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code < 0xa0) ||
        (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code < 0xfdf0))
        return 0;
    return size;
}

void html_text(struct html *html, const char *text)
{
    while (*text) {
        const size_t size = character(text);
        if (*text == '<')
            html_add(html, "&lt;");
        else if (*text == '>')
            html_add(html, "&gt;");
        else if (*text == '&')
            html_add(html, "&amp;");
        else if (*text == '"')
            html_add(html, "&quot;");
        else if (*text == '\'')
            html_add(html, "&#39;");
        else if (size == 0)
            html_add(html, "\xef\xbf\xbd");
        else
            add_bytes(html, text, size);
        text += size ? size : 1;
    }
}

void html_count(struct html *html, uint64_t count)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            html_add(html, ",");
        add_bytes(html, &digits[i], 1);
    }
}

void html_base64(const uint8_t *bytes, size_t size, char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < size; i += 3, text += 4) {
        const size_t left = size - i;
        const unsigned a = bytes[i], b = left > 1 ? bytes[i + 1] : 0, c = left > 2 ? bytes[i + 2] : 0;
        text[0] = digits[a >> 2];
        text[1] = digits[(a & 3) << 4 | b >> 4];
        text[2] = left > 1 ? digits[(b & 15) << 2 | c >> 6] : '=';
        text[3] = left > 2 ? digits[c & 63] : '=';
    }
    *text = '\0';
}

int html_png(struct html *html, size_t height, size_t width, size_t channels, const uint8_t *pixels,
             struct error *error)
{
    uint8_t *png;
    size_t size;

    if (png_file_memory(height, width, channels, pixels, &png, &size, error) != 0)
        return -1;
    html_add(html, "data:image/png;base64,");
    if (reserve(html, (size + 2) / 3 * 4)) {
        html_base64(png, size, html->text + html->length);
        html->length += (size + 2) / 3 * 4;
    }
    free(png);
    return 0;
}

int html_check(const struct html *html, struct error *error)
{
    return html->failed ? error_memory(error) : 0;
}

void html_finish(struct html *html)
{
    free(html->text);
    *html = (struct html){0};
}
