/* json_text.c: see json_text.h. */
#include "base/json_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DELETE = 0x7f };

json_t *json_text(const char *text)
{
    json_t *string = json_string(text);
    char *ascii = string ? NULL : memory_string(text);

    for (char *at = ascii; at && *at; at++)
        *at = (unsigned char)*at < 128 ? *at : '?';
    string = string ? string : json_string(ascii);
    free(ascii);
    return string;
}

json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_shape(size_t rank, const int32_t *dim)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < rank; i++)
        failed |= json_array_append_new(list, json_integer(dim[i]));
    return json_whole(list, failed);
}

struct dump {
    char *text; /* ends in a NUL; NULL: out of memory */
    size_t length, room;
};

static int add_dump(const char *bytes, size_t size, void *arg)
{
    struct dump *dump = arg;

    if (dump->text && size >= dump->room - dump->length) {
        const size_t room = 2 * (dump->length + size) + 1;
        char *grown = memory_resize(dump->text, room, 1);
        if (!grown)
            free(dump->text);
        dump->text = grown;
        dump->room = room;
    }
    if (!dump->text)
        return -1; /* which jansson does not heed behind a key */
    memcpy(dump->text + dump->length, bytes, size);
    dump->length += size;
    dump->text[dump->length] = '\0';
    return 0;
}

char *json_dump_text(const json_t *value, size_t flags)
{
    enum { FIRST = 256 };
    struct dump dump = {.text = value ? malloc(FIRST) : NULL, .room = FIRST};

    if (dump.text && json_dump_callback(value, add_dump, &dump, flags) != 0) {
        free(dump.text);
        dump.text = NULL;
    }
    return dump.text;
}

/* Takes the text over. jansson leaves DEL in strings as it is, which is no character to show; elsewhere there is none. */
static char *escape_deletes(char *text)
{
    static const char escape[] = "\\u007f";
    const size_t extra = sizeof escape - 2, length = text ? strlen(text) : 0;
    size_t more = 0;
    char *grown;

    for (size_t i = 0; i < length; i++)
        more += text[i] == DELETE ? extra : 0;
    if (more == 0)
        return text;
    grown = memory_resize(text, length + more + 1, 1);
    if (!grown) {
        free(text);
        return NULL;
    }
    for (size_t i = length + 1; i-- > 0 && more > 0;) {
        grown[i + more] = grown[i];
        if (grown[i] == DELETE) {
            more -= extra;
            memcpy(grown + i + more, escape, sizeof escape - 1);
        }
    }
    return grown;
}

char *json_line(json_t *object, unsigned digits)
{
    char *text = json_dump_text(object, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(digits));

    json_decref(object);
    return escape_deletes(text);
}

json_t *json_whole(json_t *list, int failed)
{
    if (!failed)
        return list;
    json_decref(list);
    return NULL;
}
