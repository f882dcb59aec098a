/* config_scan.c: the grammar of a config, checked before libconfig sees it.
 *
 *   settings = { NAME ("=" | ":") value [";" | ","] }
 *   value    = NUMBER | STRING { STRING } | true | false | "{" settings "}" | "(" [value {"," value}] ")"
 *            | "[" [scalar {"," scalar}] "]"
 *
 * libconfig 1.5 alone would say "syntax error" and no more, read 2147483648 as -2147483648, and refuse
 * [1, 2.5]. */
#include "config/config_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A group or list being read, and which of its members: `key` in a group, else NULL and `index`. */
struct frame {
    const struct frame *up;
    const char *key;
    size_t key_length, index;
    size_t first_key; /* of a group, in scan->keys */
    unsigned depth;
};

struct key {
    const char *name;
    size_t length;
    unsigned line;
};

struct scan {
    struct config_tokens in;
    struct key *keys; /* of all open groups */
    size_t key_count, key_room;
};

static int value(struct scan *scan, const struct frame *up);

/* Writes "network.2.bias". */
static void frame_path(const struct frame *frame, char *path, size_t size)
{
    size_t used;

    path[0] = '\0';
    if (!frame || !frame->up)
        return;
    frame_path(frame->up, path, size);
    used = strlen(path);
    if (frame->up->key)
        snprintf(path + used, size - used, "%s%.*s", used ? "." : "", (int)frame->up->key_length,
                 frame->up->key);
    else
        snprintf(path + used, size - used, "%s%zu", used ? "." : "", frame->up->index);
}

/* Remembers a key of the innermost group. 0: it is new, 1: reported as given twice, -1: failed. */
static int remember(struct scan *scan, const struct frame *group)
{
    char path[256], name[64];

    for (size_t i = group->first_key; i < scan->key_count; i++) {
        const struct key *key = &scan->keys[i];
        unsigned line;

        if (key->length != scan->in.length || memcmp(key->name, scan->in.text, key->length) != 0)
            continue;
        frame_path(group, path, sizeof path);
        snprintf(name, sizeof name, "%.*s", (int)key->length, key->name);
        config_source_at(&scan->in.config->source, key->line, &line);
        if (scan->in.override)
            config_report(scan->in.config, scan->in.override, 0, path, name, "given twice");
        else
            config_report(scan->in.config, NULL, scan->in.token_line, path, name,
                          "given twice, first on line %u", line);
        return 1;
    }
    if (scan->key_count - group->first_key == CONFIG_MOST_KEYS)
        return config_tokens_fault(&scan->in, scan->in.token_line, "more than %d keys in one group",
                                   CONFIG_MOST_KEYS);
    if (scan->key_count == scan->key_room) {
        const size_t room = scan->key_room + 64;
        struct key *keys = memory_resize(scan->keys, room, sizeof *keys);
        if (!keys)
            return config_report_memory(scan->in.config);
        scan->keys = keys;
        scan->key_room = room;
    }
    scan->keys[scan->key_count++] = (struct key){scan->in.text, scan->in.length, scan->in.token_line};
    return 0;
}

/* Reads settings up to the mark or the end that closes the group. */
static int settings(struct scan *scan, struct frame *group)
{
    char text[CONFIG_TOKEN_TEXT], name[64];

    while (scan->in.token == TOKEN_NAME) {
        const size_t start = scan->in.used - scan->in.length - 1;
        const unsigned first_line = scan->in.token_line;
        const int seen = remember(scan, group);

        if (seen < 0)
            return -1;
        config_quote(name, sizeof name, scan->in.text, scan->in.length);
        group->key = scan->in.text;
        group->key_length = scan->in.length;
        if (config_tokens_advance(&scan->in) != 0)
            return -1;
        if (!config_tokens_ahead(&scan->in, '=') && !config_tokens_ahead(&scan->in, ':'))
            return config_tokens_fault(&scan->in, scan->in.token_line, "expected \"=\" after %s, got %s",
                                       name, config_tokens_shown(&scan->in, text));
        if (config_tokens_advance(&scan->in) != 0)
            return -1;
        if (scan->in.token == TOKEN_NAME)
            return config_unexpected_value(&scan->in, name);
        if (value(scan, group) != 0)
            return -1;
        if ((config_tokens_ahead(&scan->in, ';') || config_tokens_ahead(&scan->in, ',')) &&
            config_tokens_advance(&scan->in) != 0)
            return -1;
        if (seen) { /* out with it, down to the token ahead; the lines stay */
            const size_t kept = scan->in.token == TOKEN_END ? 0 : scan->in.length + 1;
            memmove(scan->in.out + start + (scan->in.token_line - first_line),
                    scan->in.out + scan->in.used - kept, kept);
            memset(scan->in.out + start, '\n', scan->in.token_line - first_line);
            scan->in.used = start + (scan->in.token_line - first_line) + kept;
        }
    }
    return 0;
}

/* Reads what stands between the brackets of a list, the opening one on line `line`, and the closing one. */
static int items(struct scan *scan, struct frame *list, unsigned line, char close)
{
    while (!config_tokens_ahead(&scan->in, close) && scan->in.token != TOKEN_END) {
        if (close == ']' && scan->in.token == TOKEN_MARK && strchr("{([", *scan->in.text))
            return config_tokens_fault(&scan->in, scan->in.token_line,
                                       "[ ] holds numbers and strings only, for groups and lists use ( )");
        if (value(scan, list) != 0)
            return -1;
        list->index++;
        if (config_tokens_ahead(&scan->in, close))
            break;
        if (scan->in.token == TOKEN_END)
            return 0;
        if (!config_tokens_ahead(&scan->in, ','))
            return config_unexpected_item(&scan->in, line, close);
        if (config_tokens_advance(&scan->in) != 0)
            return -1;
        if (config_tokens_ahead(&scan->in, close))
            return config_tokens_fault(&scan->in, scan->in.last_line,
                                       "comma before \"%c\": the last item of a list takes none", close);
    }
    return 0;
}

static int value(struct scan *scan, const struct frame *up)
{
    const unsigned line = scan->in.token_line;
    struct frame frame = {.up = up, .first_key = scan->key_count, .depth = up->depth + 1};
    const char open = scan->in.token == TOKEN_MARK ? *scan->in.text : '\0';
    const char close = open == '{' ? '}' : open == '(' ? ')' : open == '[' ? ']' : '\0';
    const size_t keys = scan->key_count;
    unsigned file_line;

    if (scan->in.token == TOKEN_STRING) {
        while (scan->in.token == TOKEN_STRING)
            if (config_tokens_advance(&scan->in) != 0)
                return -1;
        return 0;
    }
    if (scan->in.token == TOKEN_NUMBER || scan->in.token == TOKEN_BOOLEAN)
        return config_tokens_advance(&scan->in);
    if (!close)
        return config_unexpected_value(&scan->in, NULL);
    if (frame.depth > CONFIG_MOST_DEPTH)
        return config_tokens_fault(&scan->in, line, "groups and lists are more than %d deep",
                                   CONFIG_MOST_DEPTH);
    if (config_tokens_advance(&scan->in) != 0 ||
        (open == '{' ? settings(scan, &frame) : items(scan, &frame, line, close)) != 0)
        return -1;
    scan->key_count = keys;
    config_source_at(&scan->in.config->source, line, &file_line);
    if (scan->in.token == TOKEN_END && scan->in.override)
        return config_tokens_fault(&scan->in, line, "the \"%c\" is never closed", open);
    if (scan->in.token == TOKEN_END)
        return config_tokens_fault(&scan->in, scan->in.last_line, "the \"%c\" of line %u is never closed",
                                   open, file_line);
    if (!config_tokens_ahead(&scan->in, close))
        return scan->in.token == TOKEN_MARK && !strchr(";,", *scan->in.text)
                   ? config_unclosed(&scan->in, line, close)
                   : config_unexpected_key(&scan->in, close);
    return config_tokens_advance(&scan->in);
}

char *config_scan(struct config *config, const struct config_override *override, const char *text,
                  size_t length)
{
    struct scan scan = {
        .in = {.config = config, .override = override, .next = text, .end = text + length, .line = 1}};
    struct frame root = {.depth = 0};
    int result = -1;
    size_t room;

    /* Each byte gives itself and a space at most; a number marked as wide is long enough to make up for it.
     */
    if (size_multiply(length, 2, &room) && size_add(room, 1, &room))
        scan.in.out = malloc(room);
    if (!scan.in.out) {
        config_report_memory(config);
        return NULL;
    }
    if (config_tokens_advance(&scan.in) == 0)
        result = settings(&scan, &root);
    if (result == 0 && scan.in.token != TOKEN_END)
        result = config_unexpected_key(&scan.in, '\0');
    free(scan.keys);
    if (result != 0) {
        free(scan.in.out);
        return NULL;
    }
    scan.in.out[scan.in.used] = '\0';
    return scan.in.out;
}
