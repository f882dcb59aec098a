/* unit_json.c: JSON is read and written whole or not at all, whichever allocation of the host's fails. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_parse.h"
#include "base/json_text.h"

/* An allocator of the host's: call number `strike` fails, and with `for_good` all after it. */
static struct host {
    unsigned calls, strike;
    bool for_good;
} host;

static void *host_malloc(size_t size)
{
    host.calls++;
    if (host.strike && (host.calls == host.strike || (host.for_good && host.calls > host.strike)))
        return NULL;
    return malloc(size);
}

static const char valid[] =
    "{\"a long key, longer than jansson's first buffer\": [1, 2.5, \"text \\u00e9\", null],"
    " \"numbers\": [123456789012345678, 1.2345678901234567e-300, true, {}]}";

/* Strikes call after call until one is not reached. */
static void each_call_fails(bool for_good)
{
    json_t *expected = json_loads(valid, 0, NULL);
    bool struck = true;
    unsigned n;

    CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
    for (n = 1; struck && n < 1000; n++) {
        json_error_t reason;
        bool memory;
        json_t *root;
        memset(&reason, json_error_stack_overflow, sizeof reason); /* what may lie on a stack */
        host = (struct host){0, n, for_good};
        root = json_parse(valid, strlen(valid), JSON_REJECT_DUPLICATES, &memory, &reason);
        struck = host.calls >= n;
        CU_ASSERT_EQUAL(root == NULL, memory);
        CU_ASSERT_EQUAL(memory, struck);
        host.strike = 0;
        CU_ASSERT(!root || json_equal(root, expected));
        json_decref(root);
    }
    CU_ASSERT(n > 20);
    json_decref(expected);
}

static void no_memory(void)
{
    json_set_alloc_funcs(host_malloc, free);
    each_call_fails(false);
    each_call_fails(true);
    host = (struct host){0};
    json_set_alloc_funcs(malloc, free);
}

static void no_memory_to_write(void)
{
    json_t *value = json_loads(valid, 0, NULL);
    char *expected = json_dumps(value, JSON_COMPACT), *text;
    bool struck = true;
    unsigned n;

    json_set_alloc_funcs(host_malloc, free);
    for (n = 1; struck && n < 1000; n++) {
        host = (struct host){0, n, false};
        text = json_dump_text(value, JSON_COMPACT);
        struck = host.calls >= n;
        CU_ASSERT(text ? strcmp(text, expected) == 0 : struck);
        free(text);
    }
    CU_ASSERT(n > 2);
    host = (struct host){0};
    json_set_alloc_funcs(malloc, free);
    CU_ASSERT_PTR_NULL(json_dump_text(NULL, JSON_COMPACT));
    json_decref(value);
    free(expected);
}

static void allocator_stays(void)
{
    json_malloc_t allocate;
    json_free_t release;
    json_error_t reason;
    bool memory;

    json_set_alloc_funcs(host_malloc, free);
    host = (struct host){0};
    json_decref(json_parse(valid, strlen(valid), 0, &memory, &reason));
    CU_ASSERT(host.calls > 0);
    json_get_alloc_funcs(&allocate, &release);
    CU_ASSERT(allocate == host_malloc && release == free);
    json_set_alloc_funcs(malloc, free);
}

static void not_json(void)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"", "'[' or '{' expected near end of file"},
        {"5", "'[' or '{' expected near '5'"},
        {"{\"a\": 1", "'}' expected near end of file"},
        {"{\"a\": 1}}", "end of file expected near '}'"},
        {"[1], [2]", "end of file expected near ','"},
        {"[1, 2", "']' expected near end of file"},
        {"{\"a\": 1, \"a\": 2}", "duplicate object key near '\"a\"'"},
        {"[\"\xff\"]", "unable to decode byte 0xff near '\"'"},
        {"[nul]", "invalid token near 'nul'"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_error_t reason;
        bool memory;
        CU_ASSERT_PTR_NULL(
            json_parse(rows[i].text, strlen(rows[i].text), JSON_REJECT_DUPLICATES, &memory, &reason));
        CU_ASSERT(!memory);
        CU_ASSERT_STRING_EQUAL(reason.text, rows[i].reason);
    }
}

static void too_deep(void)
{
    char text[2 * 2048 + 1];
    json_error_t reason;
    bool memory;

    memset(text, '[', 2048);
    memset(text + 2048, ']', 2048);
    text[4096] = '\0';
    CU_ASSERT_PTR_NULL(json_parse(text, 4096, 0, &memory, &reason));
    CU_ASSERT(!memory);
}

/* `count` times `item`, then `last`, in a list. */
static char *list_of(const char *item, size_t count, const char *last)
{
    const size_t length = strlen(item);
    char *text = malloc(count * length + strlen(last) + 3), *at = text;

    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    *at++ = '[';
    for (size_t i = 0; i < count; i++, at += length)
        memcpy(at, item, length);
    strcpy(at, last);
    strcat(at, "]");
    return text;
}

static void bounded(void)
{
    static const struct {
        const char *item, *last;
        size_t count;
        bool is_read;
    } rows[] = {
        {"[],", "[]", 160000, true},
        {"[],", "[]", 200000, false},
        {"5,", "{\"a\":5}", 320000, true},
        {"5,", "{\"a\":5}", 500000, false},
        {"\"a name, [that] \\\\ is: {a \\\" class,}\",", "\"\"", 200000, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = list_of(rows[i].item, rows[i].count, rows[i].last);
        json_error_t reason;
        bool memory = true;
        json_t *list = json_parse_bounded(text, strlen(text), &memory, &reason);
        CU_ASSERT_FALSE(memory);
        CU_ASSERT_EQUAL(json_array_size(list), rows[i].is_read ? rows[i].count + 1 : 0);
        CU_ASSERT(rows[i].is_read || strcmp(reason.text, "too many values") == 0);
        json_decref(list);
        free(text);
    }
}

static void printable(void)
{
    char *line = json_line(json_pack("{s:s,s:s}",
                                     "\x7f"
                                     "a\x7f",
                                     "\x7f\x7f", "b", "\xc3\xa9\n\x1b"),
                           9);

    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    CU_ASSERT_STRING_EQUAL(line, "{\"\\u007fa\\u007f\":\"\\u007f\\u007f\",\"b\":\"\\u00E9\\n\\u001B\"}");
    free(line);
}

static const struct unit_test tests[] = {
    {"whichever allocation fails, it is said, and no value is changed", no_memory},
    {"and no text lacks a key", no_memory_to_write},
    {"the host's allocator is used and stays", allocator_stays},
    {"what is no JSON is refused with jansson's reason", not_json},
    {"a text of a file is refused if its tree would take far more than the text", bounded},
    {"a line is printable ASCII, whatever its texts hold", printable},
    {"lists within lists to the limit are no lack of memory", too_deep},
};
UNIT_MAIN("json", tests)
