/* json_text.h: any bytes as a JSON string. */
#ifndef TRAIN_JSON_TEXT_H
#define TRAIN_JSON_TEXT_H

#include <jansson.h>

/* JSON is UTF-8, a path need not be: if the text is none, ? stands for each of its bytes that is not ASCII.
 * NULL when out of memory. */
json_t *json_text(const char *text);
#endif
