/* config_include.c: @include expanded, within the config's own folder, with a map back to file and line. */
#include "config/config_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/text.h"

/* A file being expanded; `up` is the one that includes it. */
struct file {
    const struct file *up;
    const char *path; /* real */
    unsigned number;  /* in source->label */
    unsigned depth;
    dev_t device;
    ino_t inode;
};

struct expansion {
    struct config_source *source;
    const char *folder; /* real path that includes must stay below; NULL: there are none */
    unsigned lines;     /* complete ones in source->text */
    struct error *error;
};

static int expand(struct expansion *e, const struct file *file, const char *text, size_t length);

const char *config_source_at(const struct config_source *source, unsigned line, unsigned *file_line)
{
    const struct config_segment *segment = source->segment;

    for (unsigned i = 1; i < source->segments && source->segment[i].first <= line; i++)
        segment = &source->segment[i];
    *file_line = line < segment->first ? segment->line : segment->line + (line - segment->first);
    return source->label[segment->file];
}

/* Adds "FILE:LINE: reason" where LINE is the line of `at` in the file's own text. Returns -1. */
static int fault(struct expansion *e, const struct file *file, const char *text, const char *at,
                 const char *reason)
{
    unsigned line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return error_set(e->error, ERROR_CONFIG, "%s:%u: %s", e->source->label[file->number], line, reason);
}

static int append(struct expansion *e, const struct file *file, const char *text, size_t length)
{
    struct config_source *source = e->source;

    if (length > CONFIG_MOST_BYTES - source->length)
        return error_set(e->error, ERROR_CONFIG, "%s: the config is larger than %d bytes with its includes",
                         source->label[file->number], CONFIG_MOST_BYTES);
    memcpy(source->text + source->length, text, length);
    source->length += length;
    source->text[source->length] = '\0';
    for (size_t i = 0; i < length; i++)
        e->lines += text[i] == '\n';
    return 0;
}

/* What is appended from here on begins at `line` of the file. There is room: two a file. */
static void begin_segment(struct expansion *e, const struct file *file, unsigned line)
{
    e->source->segment[e->source->segments++] =
        (struct config_segment){.first = e->lines + 1, .file = file->number, .line = line};
}

/* True if `path` is `folder` or below it; both real. */
static bool is_below(const char *path, const char *folder)
{
    const size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 &&
           (folder[length - 1] == '/' || path[length] == '/' || path[length] == '\0');
}

/* The folder part of a path with its slash, then `name`; the name alone if it is absolute. NULL: out of
 * memory. */
static char *beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');

    if (!slash || name[0] == '/')
        return memory_string(name);
    return memory_format("%.*s%s", (int)(slash + 1 - path), path, name);
}

/* Why a text may not include `file`; NULL: it may. */
static const char *refuse(const struct expansion *e, const struct file *file)
{
    if (!e->folder)
        return "a config in memory or in a checkpoint includes no files";
    if (e->source->files == CONFIG_MOST_FILES)
        return "there are more than 63 includes";
    return file->depth > CONFIG_MOST_INCLUDES ? "includes are more than 8 deep" : NULL;
}

/* The text of the file that `name` stands for in file->up, fresh memory, with its real path in *real, which
 * the caller frees in either case. NULL: *why says so, and has no text when out of memory. */
static char *read_included(const struct expansion *e, struct file *file, const char *name, char **real,
                           size_t *length, struct config_refusal *why)
{
    char *path = beside(file->up->path, name), *text;
    struct stat info;

    *real = path ? realpath(path, NULL) : NULL;
    if (path && !*real && errno != ENOMEM)
        *why = config_refusal();
    free(path);
    if (!*real)
        return NULL;
    if (!is_below(*real, e->folder)) {
        why->text = "lies outside the config's own folder";
        return NULL;
    }
    text = config_file_text(*real, O_NOFOLLOW, length, &info, why);
    if (!text)
        return NULL;
    file->path = *real;
    file->device = info.st_dev;
    file->inode = info.st_ino;
    for (const struct file *open = file->up; open; open = open->up)
        if (open->device == file->device && open->inode == file->inode)
            why->text = "the file includes itself";
    if (why->text) {
        free(text);
        return NULL;
    }
    return text;
}

static int include(struct expansion *e, const struct file *up, const char *name, unsigned line)
{
    struct config_source *source = e->source;
    struct file file = {.up = up, .number = source->files, .depth = up->depth + 1};
    struct config_refusal why = {refuse(e, &file), ERROR_CONFIG};
    char *real = NULL, *text = NULL;
    size_t length = 0;
    int result = -1;

    if (!why.text)
        text = read_included(e, &file, name, &real, &length, &why);
    if (text) {
        source->label[file.number] = beside(source->label[up->number], name);
        if (source->label[file.number]) {
            source->files++;
            result = expand(e, &file, text, length);
        }
    }
    if (why.text)
        error_set(e->error, why.code, "%s:%u: @include \"%s\": %s", source->label[up->number], line, name,
                  why.text);
    if (result != 0 && error_count(e->error) == 0)
        error_memory(e->error);
    free(real);
    free(text);
    return result;
}

_Static_assert(CONFIG_MOST_FILES == 64 && CONFIG_MOST_INCLUDES == 8, "the limits are named in messages");

/* No backslashes, which would need a meaning, no control characters, which would go into messages. */
static bool is_plain(const char *name, const char *end)
{
    while (name < end && *name != '\\' && (unsigned char)*name >= ' ' && *name != 127)
        name++;
    return name == end;
}

/* Expands the directive at `at`; *next is the end of its line. */
static int include_line(struct expansion *e, const struct file *file, const char *text, const char *at,
                        const char *end, const char **next)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const char *stop = newline ? newline : end, *open = at + strlen("@include"), *close, *rest;
    unsigned line = 1;
    char *name;
    int result;

    while (open < stop && (*open == ' ' || *open == '\t'))
        open++;
    close = open < stop && *open == '"' ? memchr(open + 1, '"', (size_t)(stop - open - 1)) : NULL;
    if (!close || close == open + 1 || !is_plain(open, close))
        return fault(e, file, text, at, "expected @include \"FILE\", with no backslash in FILE");
    rest = close + 1;
    while (rest < stop && (*rest == ' ' || *rest == '\t' || *rest == '\r'))
        rest++;
    if (rest < stop && *rest != '#' && !(stop - rest >= 2 && rest[0] == '/' && rest[1] == '/'))
        return fault(e, file, text, at, "@include \"FILE\" must stand on a line of its own");

    for (const char *p = text; p < at; p++)
        line += *p == '\n';
    name = memory_string_part(open + 1, (size_t)(close - open - 1));
    if (!name)
        return error_memory(e->error);
    result = include(e, file, name, line);
    free(name);
    *next = newline ? newline + 1 : end;
    if (result == 0 && *next < end)
        begin_segment(e, file, line + 1);
    return result;
}

static int expand(struct expansion *e, const struct file *file, const char *text, size_t length)
{
    const char *end = text + length, *bad = config_not_text(text, end);
    const char *start = text + text_mark(text, length);
    bool line_start = true;

    if (bad < end)
        return fault(e, file, text, bad, *bad ? "this is not UTF-8 text" : "there is a NUL byte in the text");
    begin_segment(e, file, 1);
    for (const char *p = start, *next = end; p < end; p = next) {
        if (line_start && end - p >= 8 && memcmp(p, "@include", 8) == 0) {
            if (include_line(e, file, text, p, end, &next) != 0)
                return -1;
            continue;
        }
        next = config_lexeme_end(p, end);
        if (!next)
            return fault(e, file, text, p, "the comment that begins here never ends");
        if (append(e, file, p, (size_t)(next - p)) != 0)
            return -1;
        line_start = next[-1] == '\n' || (line_start && (*p == ' ' || *p == '\t'));
    }
    /* A file ends in a newline, so that nothing runs on into the next; an empty one still counts against the
     * limit. */
    if (e->source->length == 0 || start == end || e->source->text[e->source->length - 1] != '\n')
        return append(e, file, "\n", 1);
    return 0;
}

static int start_source(struct config_source *source, const char *label)
{
    source->text = malloc(CONFIG_MOST_BYTES + 1);
    source->label[0] = memory_string(label);
    source->files = 1;
    if (!source->text || !source->label[0])
        return -1;
    source->text[0] = '\0';
    return 0;
}

int config_source_parse(struct config_source *source, const char *text, size_t length, const char *label,
                        struct error *error)
{
    struct expansion e = {.source = source, .error = error};
    const struct file file = {.path = ""};

    if (start_source(source, label) != 0)
        return error_memory(error);
    return expand(&e, &file, text, length);
}

int config_source_open(struct config_source *source, const char *path, struct error *error)
{
    struct expansion e = {.source = source, .error = error};
    struct file file = {.path = path};
    struct stat info;
    struct config_refusal why;
    char *folder = NULL, *real = NULL, *text = NULL;
    size_t length;
    int result = -1;

    if (start_source(source, path) != 0)
        return error_memory(error);
    text = config_file_text(path, 0, &length, &info, &why);
    if (!text) {
        if (why.text)
            error_set_at(error, why.code, &(struct error_facts){.file = path}, "%s", why.text);
        goto done;
    }
    folder = beside(path, ".");
    real = folder ? realpath(folder, NULL) : NULL;
    if (folder && !real && errno != ENOMEM)
        file_read_failed(folder, ERROR_CONFIG, error);
    if (!real)
        goto done;
    e.folder = real;
    file.device = info.st_dev;
    file.inode = info.st_ino;
    result = expand(&e, &file, text, length);
done:
    if (result != 0 && error_count(error) == 0)
        error_memory(error);
    free(text);
    free(folder);
    free(real);
    return result;
}

void config_source_free(struct config_source *source)
{
    free(source->text);
    for (unsigned i = 0; i < source->files; i++)
        free(source->label[i]);
}
