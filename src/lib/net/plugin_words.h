/* plugin_words.h: the words that a descriptor may hold, and those that say what is wrong with it. [any thread] */
#ifndef NET_PLUGIN_WORDS_H
#define NET_PLUGIN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Printable ASCII; NULL is not. */
bool plugin_line_ok(const char *text);

/* Sets error to "PATH: broken plugin: WHAT: NAME", or, where a newer plugin may be right, "PATH: WHAT: NAME:
 * it may need a newer nnrun". NAME may be NULL. Return -1. */
int plugin_broken(struct error *error, const char *path, const char *what, const char *name);
int plugin_too_new(struct error *error, const char *path, const char *what, const char *name);
#endif
