/* config_scan.c: the grammar of a config, checked before libconfig sees it.
 *
 *   settings = { NAME ("=" | ":") value [";" | ","] }
 *   value    = NUMBER | STRING { STRING } | true | false | "{" settings "}" | "(" [value {"," value}] ")"
 *            | "[" [scalar {"," scalar}] "]"
 *
 * libconfig 1.5 alone would say "syntax error" and no more, read 2147483648 as -2147483648, and refuse
 * [1, 2.5]. */
#include "config/config_internal.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum token { END, NAME, NUMBER, STRING, BOOLEAN, MARK };

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
    struct config *config;
    const struct config_override *override;
    const char *next, *end;
    unsigned line;
    enum token token; /* the one ahead: */
    const char *text;
    size_t length;
    unsigned token_line, last_line; /* where it stands; where the one before it stood */
    char *out;
    size_t used;
    struct key *keys; /* of all open groups */
    size_t key_count, key_room;
};

static int value(struct scan *scan, const struct frame *up);

/* Reports what is wrong at a line. Returns -1. */
__attribute__((format(printf, 3, 4))) static int syntax(const struct scan *scan, unsigned line,
                                                        const char *format, ...)
{
    va_list args;

    va_start(args, format);
    config_report_args(scan->config, scan->override, line, NULL, NULL, format, args);
    va_end(args);
    return -1;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_word(const struct scan *scan, const char *word)
{
    size_t i = 0;

    for (; i < scan->length && word[i]; i++)
        if ((scan->text[i] | 0x20) != word[i])
            return false;
    return i == scan->length && !word[i];
}

static bool ahead(const struct scan *scan, char mark)
{
    return scan->token == MARK && *scan->text == mark;
}

/* The token ahead, for a message. */
static const char *shown(const struct scan *scan, char text[64])
{
    if (scan->token == END)
        return "the end";
    if (scan->token == STRING) {
        snprintf(text, 64, "%.*s%s", scan->length > 40 ? 36 : (int)scan->length, scan->text,
                 scan->length > 40 ? "...\"" : "");
        return text;
    }
    return config_quote(text, 64, scan->text, scan->length);
}

static void put(struct scan *scan, const char *text, size_t length)
{
    memcpy(scan->out + scan->used, text, length);
    scan->used += length;
}

/* A string is whole, on one line, and its escapes are libconfig's. */
static int check_string(struct scan *scan)
{
    const char *p = scan->text + 1, *last = scan->text + scan->length - 1;

    if (scan->length < 2 || *last != '"')
        return syntax(scan, scan->line, "the string is not closed on its line");
    for (; p < last; p++) {
        const unsigned char c = (unsigned char)*p;
        if (c == 127 || (c < ' ' && c != '\t'))
            return syntax(scan, scan->line, "there is a control character (0x%02x) in the string", c);
        if (c != '\\')
            continue;
        if (++p == last)
            return syntax(scan, scan->line, "the string is not closed on its line");
        if (strchr("nrtf\\\"", *p))
            continue;
        if (last - p < 3 || (*p != 'x' && *p != 'X') || !is_hex(p[1]) || !is_hex(p[2]))
            return syntax(scan, scan->line,
                          "unknown escape in the string, expected \\\\ \\\" \\n \\r \\t \\f or \\x41");
        if (p[1] > '7' || (p[1] == '0' && p[2] == '0'))
            return syntax(scan, scan->line, "\\x%.2s in the string is out of range, expected \\x01 to \\x7f",
                          p + 1);
        p += 2;
    }
    return 0;
}

/* Checks a number's form and size; *wide: it is whole, needs more than libconfig's 32 bits, and does not say
 * so. */
static int check_number(struct scan *scan, bool *wide)
{
    const enum config_number form = config_number_form(scan->text, scan->length);
    const char *digits = scan->text + (*scan->text == '+' || *scan->text == '-');
    char text[64];
    long long whole;

    *wide = false;
    config_quote(text, sizeof text, scan->text, scan->length);
    if (form == CONFIG_NO_NUMBER)
        return syntax(scan, scan->line, "%s is not a number", text);
    if (form == CONFIG_REAL)
        return isfinite(strtod(scan->text, NULL))
                   ? 0
                   : syntax(scan, scan->line, "%s is too large for a number", text);
    if (form == CONFIG_WHOLE && digits[0] == '0' && is_digit(digits[1]))
        return syntax(scan, scan->line, "%s begins with a zero, octal numbers are not supported", text);
    errno = 0;
    whole = strtoll(scan->text, NULL, form == CONFIG_HEX ? 16 : 10);
    if (errno == ERANGE)
        return syntax(scan, scan->line, "%s is too large for a whole number", text);
    *wide = scan->text[scan->length - 1] != 'L' && (whole < INT_MIN || whole > INT_MAX);
    return 0;
}

/* Passes the token ahead on to the output and finds the next one. */
static int advance(struct scan *scan)
{
    const char *p;
    bool wide = false;

    scan->last_line = scan->token_line;
    while (scan->next < scan->end) {
        const char c = *scan->next;
        if (c == '\n') {
            scan->line++;
            put(scan, "\n", 1);
            scan->next++;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f')
            scan->next++;
        else if (c == '#' || (c == '/' && (scan->next[1] == '/' || scan->next[1] == '*'))) {
            p = config_lexeme_end(scan->next, scan->end);
            if (!p)
                return syntax(scan, scan->line, "the comment that begins here never ends");
            for (; scan->next < p; scan->next++)
                if (*scan->next == '\n') {
                    scan->line++;
                    put(scan, "\n", 1);
                }
        } else
            break;
    }
    scan->text = p = scan->next;
    scan->token_line = scan->line;
    scan->length = 0;
    if (p == scan->end) {
        scan->token = END;
        return 0;
    }
    if (is_letter(*p)) {
        while (is_name(*p))
            p++;
        scan->length = (size_t)(p - scan->text);
        scan->token = is_word(scan, "true") || is_word(scan, "false") ? BOOLEAN : NAME;
    } else if (is_digit(*p) || *p == '+' || *p == '-' || *p == '.') {
        while (is_name(*p) || *p == '.' || *p == '+')
            p++;
        scan->length = (size_t)(p - scan->text);
        scan->token = NUMBER;
        if (check_number(scan, &wide) != 0)
            return -1;
    } else if (*p == '"') {
        p = config_lexeme_end(p, scan->end);
        scan->length = (size_t)(p - scan->text);
        scan->token = STRING;
        if (check_string(scan) != 0)
            return -1;
    } else if (strchr("=:;,{}()[]", *p)) {
        scan->length = 1;
        scan->token = MARK;
    } else if (*p == '@')
        return syntax(scan, scan->line, "@include \"FILE\" stands alone on its line");
    else if ((unsigned char)*p < ' ' || (unsigned char)*p >= 127)
        return syntax(scan, scan->line, "unexpected byte 0x%02x outside of a string", (unsigned char)*p);
    else
        return syntax(scan, scan->line, "unexpected \"%c\"", *p);
    scan->next = scan->text + scan->length;

    /* Arrays become lists, which may mix whole numbers and reals. */
    if (ahead(scan, '[') || ahead(scan, ']'))
        put(scan, *scan->text == '[' ? "(" : ")", 1);
    else
        put(scan, scan->text, scan->length);
    put(scan, wide ? "L " : " ", wide ? 2 : 1);
    return 0;
}

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

        if (key->length != scan->length || memcmp(key->name, scan->text, key->length) != 0)
            continue;
        frame_path(group, path, sizeof path);
        snprintf(name, sizeof name, "%.*s", (int)key->length, key->name);
        config_source_at(&scan->config->source, key->line, &line);
        if (scan->override)
            config_report(scan->config, scan->override, 0, path, name, "given twice");
        else
            config_report(scan->config, NULL, scan->token_line, path, name, "given twice, first on line %u",
                          line);
        return 1;
    }
    if (scan->key_count - group->first_key == CONFIG_MOST_KEYS)
        return syntax(scan, scan->token_line, "more than %d keys in one group", CONFIG_MOST_KEYS);
    if (scan->key_count == scan->key_room) {
        const size_t room = scan->key_room + 64;
        struct key *keys = memory_resize(scan->keys, room, sizeof *keys);
        if (!keys)
            return config_report_memory(scan->config);
        scan->keys = keys;
        scan->key_room = room;
    }
    scan->keys[scan->key_count++] = (struct key){scan->text, scan->length, scan->token_line};
    return 0;
}

/* Reads settings up to the mark or the end that closes the group. */
static int settings(struct scan *scan, struct frame *group)
{
    char text[64], name[64];

    while (scan->token == NAME) {
        const size_t start = scan->used - scan->length - 1;
        const unsigned first_line = scan->token_line;
        const int seen = remember(scan, group);

        if (seen < 0)
            return -1;
        config_quote(name, sizeof name, scan->text, scan->length);
        group->key = scan->text;
        group->key_length = scan->length;
        if (advance(scan) != 0)
            return -1;
        if (!ahead(scan, '=') && !ahead(scan, ':'))
            return syntax(scan, scan->token_line, "expected \"=\" after %s, got %s", name, shown(scan, text));
        if (advance(scan) != 0)
            return -1;
        if (scan->token == NAME)
            return syntax(scan, scan->token_line,
                          "expected a value after %s =, got %s (a string stands in quotes)", name,
                          shown(scan, text));
        if (value(scan, group) != 0)
            return -1;
        if ((ahead(scan, ';') || ahead(scan, ',')) && advance(scan) != 0)
            return -1;
        if (seen) { /* out with it, down to the token ahead; the lines stay */
            const size_t kept = scan->token == END ? 0 : scan->length + 1;
            memmove(scan->out + start + (scan->token_line - first_line), scan->out + scan->used - kept, kept);
            memset(scan->out + start, '\n', scan->token_line - first_line);
            scan->used = start + (scan->token_line - first_line) + kept;
        }
    }
    return 0;
}

/* Reads what stands between the brackets of a list and the closing one. */
static int items(struct scan *scan, struct frame *list, char close)
{
    char text[64];

    while (!ahead(scan, close) && scan->token != END) {
        if (close == ']' && scan->token == MARK && strchr("{([", *scan->text))
            return syntax(scan, scan->token_line,
                          "[ ] holds numbers and strings only, for groups and lists use ( )");
        if (value(scan, list) != 0)
            return -1;
        list->index++;
        if (ahead(scan, close))
            break;
        if (scan->token == END)
            return 0;
        if (!ahead(scan, ','))
            return syntax(scan, scan->token_line, "expected \",\" or \"%c\" after an item of a list, got %s",
                          close, shown(scan, text));
        if (advance(scan) != 0)
            return -1;
        if (ahead(scan, close))
            return syntax(scan, scan->last_line, "comma before \"%c\": the last item of a list takes none",
                          close);
    }
    return 0;
}

static int value(struct scan *scan, const struct frame *up)
{
    const unsigned line = scan->token_line;
    struct frame frame = {.up = up, .first_key = scan->key_count, .depth = up->depth + 1};
    const char open = scan->token == MARK ? *scan->text : '\0';
    const char close = open == '{' ? '}' : open == '(' ? ')' : open == '[' ? ']' : '\0';
    const size_t keys = scan->key_count;
    unsigned file_line;
    char text[64];

    if (scan->token == STRING) {
        while (scan->token == STRING)
            if (advance(scan) != 0)
                return -1;
        return 0;
    }
    if (scan->token == NUMBER || scan->token == BOOLEAN)
        return advance(scan);
    if (!close)
        return syntax(scan, scan->token_line, "expected a value, got %s", shown(scan, text));
    if (frame.depth > CONFIG_MOST_DEPTH)
        return syntax(scan, line, "groups and lists are more than %d deep", CONFIG_MOST_DEPTH);
    if (advance(scan) != 0 || (open == '{' ? settings(scan, &frame) : items(scan, &frame, close)) != 0)
        return -1;
    scan->key_count = keys;
    config_source_at(&scan->config->source, line, &file_line);
    if (scan->token == END && scan->override)
        return syntax(scan, line, "the \"%c\" is never closed", open);
    if (scan->token == END)
        return syntax(scan, scan->last_line, "the \"%c\" of line %u is never closed", open, file_line);
    if (!ahead(scan, close))
        return syntax(scan, scan->token_line, "expected a key or \"%c\", got %s", close, shown(scan, text));
    return advance(scan);
}

char *config_scan(struct config *config, const struct config_override *override, const char *text,
                  size_t length)
{
    struct scan scan = {
        .config = config, .override = override, .next = text, .end = text + length, .line = 1};
    struct frame root = {.depth = 0};
    char shown_text[64];
    int result = -1;
    size_t room;

    /* Each byte gives itself and a space at most; a number marked as wide is long enough to make up for it.
     */
    if (size_multiply(length, 2, &room) && size_add(room, 1, &room))
        scan.out = malloc(room);
    if (!scan.out) {
        config_report_memory(config);
        return NULL;
    }
    if (advance(&scan) == 0)
        result = settings(&scan, &root);
    if (result == 0 && scan.token != END)
        result = syntax(&scan, scan.token_line, "expected a key, got %s", shown(&scan, shown_text));
    free(scan.keys);
    if (result != 0) {
        free(scan.out);
        return NULL;
    }
    scan.out[scan.used] = '\0';
    return scan.out;
}
