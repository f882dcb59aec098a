/* json_parse.c: see json_parse.h. */
#include "base/json_parse.h"

/* Room for a tree: jansson takes up to 80 bytes for a byte of text. */
enum { TREE_BYTES = 80 };

/* Of a text that is bounded: marks between values, for each of which a tree takes up to 128 bytes, and one more for so many bytes
 * of text. */
enum { LEAST_MARKS = (40 << 20) / 128, MARK_SHARE = 128 / 12 };

/* The text as the second item of a list whose first is a string as long as the text. jansson keeps each token
 * in one buffer that only grows: once that string is in it whole, no token of the text needs a larger one. */
struct padded {
    const char *text;
    size_t length, at; /* at: of all that is handed out */
};

static char padded_byte(const struct padded *p, size_t at)
{
    if (at < 2)
        return "[\""[at];
    if (at < 2 + p->length)
        return 'x';
    if (at < 4 + p->length)
        return "\","[at - 2 - p->length];
    return at < 4 + 2 * p->length ? p->text[at - 4 - p->length] : ']';
}

static size_t read_padded(void *buffer, size_t size, void *arg)
{
    struct padded *p = arg;
    const size_t all = 2 * p->length + 5;
    size_t count = 0;

    for (; count < size && p->at < all; count++)
        ((char *)buffer)[count] = padded_byte(p, p->at++);
    return count;
}

/* NULL if it is no object or list, or memory ran out. */
static json_t *parse_padded(const char *text, size_t length, size_t flags, json_error_t *reason)
{
    struct padded padded = {text, length, 0};
    json_t *list = json_load_callback(read_padded, &padded, flags, reason), *root = NULL, *item;

    if (json_array_size(list) == 2 && json_string_length(json_array_get(list, 0)) == length) {
        item = json_array_get(list, 1);
        root = json_is_object(item) || json_is_array(item) ? json_incref(item) : NULL;
    }
    json_decref(list);
    return root;
}

/* True if jansson could have so much memory. */
static bool has_memory(size_t bytes)
{
    json_malloc_t allocate;
    json_free_t release;
    void *probe;

    json_get_alloc_funcs(&allocate, &release);
    probe = allocate(bytes);
    release(probe);
    return probe != NULL;
}

json_t *json_parse(const char *text, size_t length, size_t flags, bool *memory, json_error_t *reason)
{
    json_t *root, *again;

    *memory = false;
    /* out of memory, jansson may set neither text nor code: what lay there must not be taken for one */
    *reason = (json_error_t){.line = -1};
    root = parse_padded(text, length, flags, reason);
    /* the list of padding is a level of its own: what the text alone would just fit in */
    if (root || json_error_code(reason) == json_error_stack_overflow)
        return root;
    again = json_loadb(text, length, flags, reason);
    *memory = again || !*reason->text || !has_memory(length * TREE_BYTES);
    json_decref(again);
    return NULL;
}

/* Each value but the first has one of these marks before it, outside of strings. */
static size_t count_marks(const char *text, size_t length)
{
    bool quoted = false;
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (quoted)
            i += text[i] == '\\';
        else
            count += text[i] == ',' || text[i] == ':' || text[i] == '[' || text[i] == '{';
    }
    return count;
}

json_t *json_parse_bounded(const char *text, size_t length, bool *memory, json_error_t *reason)
{
    if (count_marks(text, length) > LEAST_MARKS + length / MARK_SHARE) {
        *memory = false;
        *reason = (json_error_t){.line = -1, .text = "too many values"};
        return NULL;
    }
    return json_parse(text, length, 0, memory, reason);
}

json_t *json_parse_strict(const char *name, const char *text, size_t length, struct error *error)
{
    json_error_t reason;
    bool memory;
    json_t *root = json_parse(text, length, JSON_REJECT_DUPLICATES, &memory, &reason);

    if (memory)
        error_memory(error);
    else if (!root)
        error_set(error, ERROR_DATA, "%s is not JSON: line %d: %s", name, reason.line, reason.text);
    return root;
}
