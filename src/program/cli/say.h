/* say.h: text for people, of which nothing that a file, a name or a plugin brings along is more than text. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdarg.h>
#include <stdio.h>

enum { SAY_LINE = 1 << 17 }; /* more than a config is long: what has no room is cut */

/* As fprintf, of one line or a part of it: but for a newline that ends the format, all of it is made printable
 * (text.h). It is written at once, so that lines of several processes do not mix. */
void say(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As vsprintf, likewise; without that newline. Returns `line`. */
char *say_line(char line[SAY_LINE], const char *format, va_list args) __attribute__((format(printf, 2, 0)));
#endif
