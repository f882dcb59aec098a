/* error.c: see error.h. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { LINE_TEXT = 4096, STRINGS = 6 };

_Static_assert(sizeof(struct error) <= 64, "it lives on stacks");

static const struct error_entry no_memory = {.code = ERROR_MEMORY, .text = "out of memory"};

void error_init(struct error *error)
{
    *error = (struct error){.code = ERROR_NONE};
}

static void forget_lines(struct error *error)
{
    free(error->lines);
    error->lines = NULL;
}

void error_clear(struct error *error)
{
    forget_lines(error);
    for (unsigned i = 0; i < error->held; i++)
        free(error->entries[i]);
    free(error->entries);
    error_init(error);
}

int error_memory(struct error *error)
{
    error_clear(error);
    error->code = ERROR_MEMORY;
    return -1;
}

int error_move(struct error *from, struct error *to)
{
    error_clear(to);
    *to = *from;
    error_init(from);
    return -1;
}

/* The entry and its strings in one piece of memory; NULL if there is none. */
static struct error_entry *create(enum error_code code, const struct error_facts *facts, const char *text)
{
    const char *const from[STRINGS] = {text,         facts->file,     facts->key,
                                       facts->layer, facts->expected, facts->got};
    const char *to[STRINGS] = {NULL};
    size_t length[STRINGS] = {0}, size = sizeof(struct error_entry);
    struct error_entry *entry;
    char *at;

    for (size_t i = 0; i < STRINGS; i++) {
        length[i] = from[i] ? strlen(from[i]) + 1 : 0;
        size += length[i];
    }
    entry = malloc(size);
    if (!entry)
        return NULL;
    at = (char *)(entry + 1);
    for (size_t i = 0; i < STRINGS; i++)
        if (from[i]) {
            to[i] = memcpy(at, from[i], length[i]);
            at += length[i];
        }
    *entry = (struct error_entry){.code = code, .facts = *facts, .text = to[0]};
    entry->facts.file = to[1];
    entry->facts.key = to[2];
    entry->facts.layer = to[3];
    entry->facts.expected = to[4];
    entry->facts.got = to[5];
    if (facts->tail > strlen(text))
        entry->facts.tail = 0; /* it was cut */
    return entry;
}

/* Takes the entry over. There is always room: the list doubles when it holds a power of two. */
static int insert(struct error *error, struct error_entry *entry)
{
    unsigned at = error->held;

    if (error->size + strlen(entry->text) + 1 > ERROR_TEXT) {
        error->left_out++;
        free(entry);
        return -1;
    }
    if ((at & (at - 1)) == 0) {
        struct error_entry **grown =
            memory_resize(error->entries, at ? 2 * (size_t)at : 1, sizeof(struct error_entry *));
        if (!grown) {
            free(entry);
            return error_memory(error);
        }
        error->entries = grown;
    }
    if (at == 0)
        error->code = entry->code;
    for (; at > 0 && error->entries[at - 1]->facts.order > entry->facts.order; at--)
        error->entries[at] = error->entries[at - 1];
    error->entries[at] = entry;
    error->held++;
    error->size += (unsigned)strlen(entry->text) + 1;
    return -1;
}

/* What is held goes only once the text is made. */
static int note(struct error *error, bool replace, enum error_code code, const struct error_facts *facts,
                char text[LINE_TEXT])
{
    struct error_entry *entry;

    if (code == ERROR_MEMORY)
        return error_memory(error);
    text_make_printable(text); /* none of it breaks a line */
    entry = create(code, facts, text);
    if (!entry)
        return error_memory(error);
    if (replace)
        error_clear(error);
    forget_lines(error);
    if (error->code != ERROR_MEMORY)
        return insert(error, entry);
    free(entry);
    return -1;
}

/* What joins a file's name to its message: "FILE is a folder", but "FILE: expected a number", and "-: is empty". */
static const char *joint(const char *file, const char *message)
{
    static const char *const verbs[] = {"is ",        "has ",     "was ",   "ends ",     "needs ",
                                        "announces ", "already ", "holds ", "cannot be "};

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(file, "-") != 0 && strncmp(message, verbs[i], strlen(verbs[i])) == 0)
            return " ";
    return ": ";
}

/* The one place that says where. */
static void say_place(char text[LINE_TEXT], const struct error_facts *facts, const char *message)
{
    text[0] = '\0';
    if (facts->file && facts->line)
        text_add(text, LINE_TEXT, "%s:%u: ", facts->file, facts->line);
    else if (facts->file)
        text_add(text, LINE_TEXT, "%s%s", facts->file, joint(facts->file, message));
    text_add(text, LINE_TEXT, "%s", message);
}

__attribute__((format(printf, 5, 0))) static int note_args(struct error *error, bool replace,
                                                           enum error_code code,
                                                           const struct error_facts *facts,
                                                           const char *format, va_list args)
{
    char text[LINE_TEXT], message[LINE_TEXT];

    if (vsnprintf(message, sizeof message, format, args) < 0)
        snprintf(message, sizeof message, "%s", format);
    say_place(text, facts, message);
    return note(error, replace, code, facts, text);
}

static const struct error_facts no_facts = {0};

int error_set(struct error *error, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    note_args(error, true, code, &no_facts, format, args);
    va_end(args);
    return -1;
}

int error_add(struct error *error, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    note_args(error, false, code, &no_facts, format, args);
    va_end(args);
    return -1;
}

int error_add_lines(struct error *error, enum error_code code, const char *text)
{
    for (const char *line = text, *end; *line; line = end + (*end != '\0')) {
        end = line + strcspn(line, "\n");
        error_add(error, code, "%.*s", (int)(end - line), line);
    }
    return -1;
}

int error_set_at(struct error *error, enum error_code code, const struct error_facts *facts,
                 const char *format, ...)
{
    va_list args;

    va_start(args, format);
    note_args(error, true, code, facts, format, args);
    va_end(args);
    return -1;
}

int error_add_at(struct error *error, enum error_code code, const struct error_facts *facts,
                 const char *format, ...)
{
    va_list args;

    va_start(args, format);
    note_args(error, false, code, facts, format, args);
    va_end(args);
    return -1;
}

int error_add_entry(struct error *error, const struct error_entry *entry)
{
    char text[LINE_TEXT];

    snprintf(text, sizeof text, "%s", entry->text);
    return note(error, false, entry->code, &entry->facts, text);
}

int error_append(struct error *to, const struct error *from)
{
    for (unsigned i = 0; i < error_count(from); i++)
        error_add_entry(to, error_entry(from, i));
    if (to->code != ERROR_MEMORY)
        to->left_out += from->left_out;
    return -1;
}

static bool has_text(const struct error *error, const char *text)
{
    for (unsigned i = 0; i < error_count(error); i++)
        if (strcmp(error_entry(error, i)->text, text) == 0)
            return true;
    return false;
}

bool error_has_said(const struct error *error, const struct error *other)
{
    for (unsigned i = 0; i < error_count(other); i++)
        if (!has_text(error, error_entry(other, i)->text))
            return false;
    return error_count(other) > 0;
}

/* The prefix, or else the file. */
static int put_before(struct error *error, const char *prefix, const char *file)
{
    struct error old = *error;
    char text[LINE_TEXT];

    error_init(error);
    for (unsigned i = 0; error->code != ERROR_MEMORY && i < error_count(&old); i++) {
        const struct error_entry *entry = error_entry(&old, i);
        struct error_facts facts = entry->facts;

        if (!facts.file)
            facts.file = file;
        snprintf(text, sizeof text, "%s%s%s", file ? file : prefix, file ? joint(file, entry->text) : "",
                 entry->text);
        note(error, false, entry->code, &facts, text);
    }
    if (error->code != ERROR_MEMORY)
        error->left_out += old.left_out;
    error_clear(&old);
    return -1;
}

int error_prefix(struct error *error, const char *format, ...)
{
    char prefix[LINE_TEXT / 2];
    va_list args;

    va_start(args, format);
    if (vsnprintf(prefix, sizeof prefix, format, args) < 0)
        prefix[0] = '\0';
    va_end(args);
    return put_before(error, prefix, NULL);
}

int error_in_file(struct error *error, const char *file)
{
    return put_before(error, NULL, file);
}

int error_advise(struct error *error, enum error_advice advice)
{
    if (error->held > 0)
        error->entries[error->held - 1]->facts.advice = advice;
    return -1;
}

void error_recode(struct error *error, enum error_code code)
{
    if (error->code != ERROR_MEMORY)
        error->code = code;
}

bool error_is_failure(const struct error *error)
{
    return error->code == ERROR_FAILED || error->code == ERROR_MEMORY;
}

unsigned error_count(const struct error *error)
{
    return error->code == ERROR_MEMORY ? 1 : error->held;
}

const struct error_entry *error_entry(const struct error *error, unsigned i)
{
    return error->code == ERROR_MEMORY ? &no_memory : error->entries[i];
}

const char *error_text(struct error *error)
{
    size_t used = 0;

    if (error_count(error) < 2)
        return error_count(error) ? error_entry(error, 0)->text : "";
    if (!error->lines) {
        error->lines = malloc(error->size);
        if (!error->lines)
            return no_memory.text;
        for (unsigned i = 0; i < error->held; i++)
            used += (size_t)snprintf(error->lines + used, error->size - used, "%s%s", i ? "\n" : "",
                                     error->entries[i]->text);
    }
    return error->lines;
}
