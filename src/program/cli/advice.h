/* advice.h: errors in the words of the program: what the library notes as an advice becomes options, commands
 * and environment variables that help. [any thread] */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include "base/error.h"

/* Both return fresh memory, NULL when out of it: one message; all of them, a line each without a final
 * newline. */
char *advice_line(const struct error_entry *entry);
char *advice_text(const struct error *error);
#endif
