/* json_parse.h: jansson's parser, with lack of memory told from text that is no JSON. jansson 2.14 does not:
 * where its buffer cannot grow it leaves characters out and goes on, which would call a whole checkpoint
 * torn, or change it. */
#ifndef BASE_JSON_PARSE_H
#define BASE_JSON_PARSE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* json_loadb, for texts that end where their value does. NULL: no JSON, as *reason says, or, with *memory set,
 * no memory: an allocation failed, or so little is left that no one can tell. [any thread] */
json_t *json_parse(const char *text, size_t length, size_t flags, bool *memory, json_error_t *reason);

/* The same of a text in a file, without flags; but one whose values would take more than 40 MB and 12 times its
 * own length is refused before any is made. A tree can take 45 times its text. */
json_t *json_parse_bounded(const char *text, size_t length, bool *memory, json_error_t *reason);

/* json_parse of what `name` sent or holds, in which no key may stand twice. NULL after setting error: ERROR_DATA, "NAME is
 * not JSON: ...", or ERROR_MEMORY. */
json_t *json_parse_strict(const char *name, const char *text, size_t length, struct error *error);
#endif
