/* config_text.c: reads config files: limits, plain text only, @include expanded with a map back to file and
 * line. */
#include "config/config_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/text.h"

const char config_too_large[] = "is larger than a config may be (65536 bytes)";

const char *config_not_text(const char *text, const char *end)
{
    while (text < end && *text) {
        uint32_t code;
        const size_t length = text_character(text, (size_t)(end - text), &code);
        if (length == 0)
            break;
        text += length;
    }
    return text;
}

const char *config_lexeme_end(const char *text, const char *end)
{
    const size_t room = (size_t)(end - text);

    if (*text == '#' || (room >= 2 && text[0] == '/' && text[1] == '/')) {
        const char *newline = memchr(text, '\n', room);
        return newline ? newline : end;
    }
    if (room >= 2 && text[0] == '/' && text[1] == '*') {
        for (text += 2; text + 1 < end; text++)
            if (text[0] == '*' && text[1] == '/')
                return text + 2;
        return NULL;
    }
    if (*text == '"') {
        for (text++; text < end && *text != '\n'; text++) {
            if (*text == '"')
                return text + 1;
            if (*text == '\\' && text + 1 < end && text[1] != '\n')
                text++;
        }
        return text;
    }
    return text + 1;
}

/* Past blanks and comments. */
static const char *skip_blanks(const char *at, const char *end)
{
    while (at && at < end && (strchr(" \t\r\n", *at) || *at == '#' || *at == '/')) {
        const char *next = *at ? config_lexeme_end(at, end) : NULL;

        if (next == at + 1 && *at == '/')
            break;
        at = next;
    }
    return at && at < end && *at ? at : NULL;
}

/* A character that separates columns, and the end of the line: a table begins with "sep=;". */
static bool is_separator(const char *at, const char *end)
{
    return end - at >= 2 && memchr(",;|\t", *at, 4) && (at[1] == '\n' || at[1] == '\r');
}

bool config_begins(const void *bytes, size_t size)
{
    const char *at = bytes, *const end = at + size;

    at += text_mark(at, size);
    if (end - at >= 2 && memcmp(at, "#!", 2) == 0)
        return false; /* a script, though it is a comment */
    at = skip_blanks(at, end);
    if (!at)
        return false;
    if (end - at >= 8 && memcmp(at, "@include", 8) == 0)
        return true;
    if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')))
        return false;
    while (at < end && ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                        (*at >= '0' && *at <= '9') || *at == '_' || *at == '-'))
        at++;
    at = skip_blanks(at, end);
    return at && (*at == '=' || *at == ':') && !is_separator(at + 1, end);
}

struct config_refusal config_refusal(void)
{
    return (struct config_refusal){strerror(errno), file_read_code(errno, ERROR_CONFIG)};
}

char *config_file_text(const char *path, int flags, size_t *length, struct stat *info,
                       struct config_refusal *why)
{
    const int fd = file_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | flags);
    char *text = NULL;

    *length = 0;
    *why = (struct config_refusal){NULL, ERROR_CONFIG};
    if (fd < 0) {
        *why = config_refusal();
        return NULL;
    }
    if (fstat(fd, info) != 0)
        *why = config_refusal();
    else if (S_ISDIR(info->st_mode))
        why->text = "is a folder, expected a file";
    else if (!S_ISREG(info->st_mode))
        why->text = "is not a regular file";
    else if (info->st_size <= CONFIG_MOST_BYTES)
        text = malloc(CONFIG_MOST_BYTES + 1);
    while (text && *length <= CONFIG_MOST_BYTES) {
        const ssize_t got = read(fd, text + *length, CONFIG_MOST_BYTES + 1 - *length);
        if (got == 0)
            break;
        if (got > 0)
            *length += (size_t)got;
        else if (errno != EINTR) {
            *why = config_refusal();
            break;
        }
    }
    if (!why->text && (info->st_size > CONFIG_MOST_BYTES || *length > CONFIG_MOST_BYTES))
        why->text = config_too_large;
    if (why->text) {
        free(text);
        text = NULL;
    }
    close(fd);
    return text;
}

_Static_assert(CONFIG_MOST_BYTES == 65536, "the limit is named in a message");
