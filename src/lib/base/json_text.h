/* json_text.h: what several places say in JSON. Each returns NULL when out of memory. */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* For whatever a file, a name or a plugin says. JSON is UTF-8, a path need not be: if the text is none, ? stands for
 * each of its bytes that is not ASCII. */
json_t *json_text(const char *text);

/* Null if it is NaN or infinite, for which JSON has no word. */
json_t *json_number(double value);

/* [1, 28, 28] */
json_t *json_shape(size_t rank, const int32_t *dim);

/* json_dumps, in fresh memory; a value of NULL gives NULL. jansson 2.14's own leaves keys out, in silence, when
 * its buffer cannot grow. */
char *json_dump_text(const json_t *value, size_t flags);

/* Takes an object over: a line of printable ASCII, as events are, with so many digits of a real. A value of NULL gives NULL. */
char *json_line(json_t *object, unsigned digits);

/* Takes the list or object over: it, or NULL if something could not be added to it. */
json_t *json_whole(json_t *list, int failed);
#endif
