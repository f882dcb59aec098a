/* failure_kinds.c: see failure_kinds.h. */
#include "cli/failure_kinds.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/plugin.h"

struct failure_kind {
    char *layer, *key; /* key: the text without level and figures */
    char *line;        /* the first of this kind, whole */
    bool gradient;
    unsigned last, cases;  /* the last result that has it; how many have */
    unsigned first, level; /* bits of code levels: of the first, of all */
};

static const char after_name[] = " is wrong";

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* Where the figure at `at` ends; `at` if there is none. */
static const char *skip_figure(const char *text, const char *at)
{
    const char *digit = at + (*at == '-');
    char *end;

    if ((at > text && is_word(at[-1])) ||
        !(isdigit((unsigned char)*digit) || strncmp(digit, "nan", 3) == 0 || strncmp(digit, "inf", 3) == 0))
        return at;
    strtod(at, &end);
    return is_word(*end) ? at : end;
}

/* The text with # in place of each figure, but for those in the name of what has a wrong gradient. */
static char *key_of(const char *text, bool gradient)
{
    const char *from = gradient ? strstr(text, after_name) : text;
    char *key = memory_string(text), *to = key ? key + (from - text) : NULL;

    for (const char *at = from; to && *at;) {
        const char *end = skip_figure(text, at);
        if (end > at) {
            *to++ = '#';
            at = end;
        } else {
            *to++ = *at++;
        }
    }
    if (to)
        *to = '\0';
    return key;
}

/* "avx2, as the loss: ..." */
static unsigned level_of(const char *line)
{
    const size_t length = strcspn(line, ",:");

    for (unsigned i = 0; i < NNRUN_LEVELS; i++)
        if (strlen(plugin_level_names[i]) == length && strncmp(line, plugin_level_names[i], length) == 0)
            return 1u << i;
    return 0;
}

static struct failure_kind *find(struct failure_kinds *kinds, const char *layer, const char *key)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->list[i].layer, layer) == 0 && strcmp(kinds->list[i].key, key) == 0)
            return &kinds->list[i];
    return NULL;
}

static struct failure_kind *append(struct failure_kinds *kinds)
{
    if (kinds->count == kinds->room) {
        const size_t room = kinds->room ? 2 * kinds->room : 16;
        struct failure_kind *list = memory_resize(kinds->list, room, sizeof *list);
        if (!list)
            return NULL;
        kinds->list = list;
        kinds->room = room;
    }
    return &kinds->list[kinds->count++];
}

static int add_line(struct failure_kinds *kinds, const struct gradcheck_result *result, const char *line)
{
    const char *colon = strstr(line, ": "), *text = colon ? colon + 2 : line;
    const bool gradient = strncmp(text, "gradient ", 9) == 0 && strstr(text, after_name);
    char *key = key_of(text, gradient);
    struct failure_kind *kind = key ? find(kinds, result->name, key) : NULL;

    if (!key)
        return -1;
    if (kind) {
        free(key);
    } else {
        kind = append(kinds);
        if (!kind) {
            free(key);
            return -1;
        }
        *kind = (struct failure_kind){
            .layer = memory_string(result->name),
            .key = key,
            .line = memory_format("%s (%s) %s: %s", result->name, result->type, result->label, line),
            .gradient = gradient,
            .first = level_of(line)};
        if (!kind->layer || !kind->line) {
            free(kind->layer);
            free(kind->key);
            free(kind->line);
            kinds->count--;
            return -1;
        }
    }
    kind->level |= level_of(line);
    kind->cases += kind->last != kinds->results;
    kind->last = kinds->results;
    return 0;
}

int failure_kinds_add(struct failure_kinds *kinds, const struct gradcheck_result *result)
{
    kinds->results++;
    for (unsigned i = 0; i < error_count(&result->failures); i++)
        if (add_line(kinds, result, error_entry(&result->failures, i)->text) != 0)
            return -1;
    return 0;
}

static void print_kind(const struct failure_kind *kind)
{
    const unsigned cases = kind->cases - 1;
    unsigned levels = 0;

    for (unsigned i = 0; i < NNRUN_LEVELS; i++)
        levels += (kind->level & ~kind->first) >> i & 1;
    fprintf(stderr, "nnrun: %s", kind->line);
    if (cases)
        fprintf(stderr, "; likewise in %u more case%s", cases, cases == 1 ? "" : "s");
    if (levels)
        fprintf(stderr, "%s at %u more code level%s", cases ? " and" : "; likewise", levels,
                levels == 1 ? "" : "s");
    fputc('\n', stderr);
}

void failure_kinds_print(const struct failure_kinds *kinds)
{
    for (size_t from = 0, to; from < kinds->count; from = to) {
        for (to = from; to < kinds->count && strcmp(kinds->list[to].layer, kinds->list[from].layer) == 0;
             to++)
            if (kinds->list[to].gradient)
                print_kind(&kinds->list[to]);
        for (size_t i = from; i < to; i++)
            if (!kinds->list[i].gradient)
                print_kind(&kinds->list[i]);
    }
}

void failure_kinds_finish(struct failure_kinds *kinds)
{
    for (size_t i = 0; i < kinds->count; i++) {
        free(kinds->list[i].layer);
        free(kinds->list[i].key);
        free(kinds->list[i].line);
    }
    free(kinds->list);
    *kinds = (struct failure_kinds){0};
}
