/* text.h: texts put together in buffers. [any thread] */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

/* Appends to the text in a buffer of `size` bytes, cutting what has no room. */
void text_add(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
#endif
