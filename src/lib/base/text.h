/* text.h: texts put together in buffers, and made fit to be shown. [any thread] */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Appends to the text in a buffer of `size` bytes, cutting what has no room. */
void text_add(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

enum { TEXT_NAMES = 400 };

/* `"a", "b" and 12 more`, of at most five names, cut after 40 bytes each. Returns text. */
const char *text_names(char text[TEXT_NAMES], const char *const *names, size_t count);

/* What a noun after that number ends with. */
static inline const char *text_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Bytes of the byte order mark that a text of `size` bytes in UTF-8 begins with, which some editors write; 0 without. */
static inline size_t text_mark(const char *text, size_t size)
{
    return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Ends the first line of a text with a zero, in place of its line feed and blanks before that. Returns what follows it. */
char *text_end_line(char *line);

/* Bytes of the UTF-8 character at `text`, of which `room` may be read; 0 if there is none, as one that is overlong, a
 * surrogate or beyond U+10FFFF. *code is its number then. */
size_t text_character(const char *text, size_t room, uint32_t *code);

/* False of control characters, separators of lines, and marks that turn the direction of what follows. */
bool text_is_shown(uint32_t code);

/* Whether the text is UTF-8, all of whose characters are shown. */
bool text_is_all_shown(const char *text);

/* What a file, a name or a plugin says, fit for a terminal: ? stands for each byte that is no UTF-8, and for those of
 * characters that are not shown. */
void text_make_printable(char *text);
#endif
