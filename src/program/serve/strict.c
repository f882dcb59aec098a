/* strict.c: see strict.h. */
#include "serve/strict.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "serve/limits.h"

enum { BAD = MHD_HTTP_BAD_REQUEST };

/* ---- target ------------------------------------------------------------------------------------------ */

/* Of a hexadecimal digit, -1: it is none. */
static int hexadecimal(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit ? strchr(digits, tolower((unsigned char)digit)) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* True of %00 to %1F, %7F and of what is no escape. */
static bool is_bad_escape(const char *at)
{
    const int high = hexadecimal(at[1]), low = high < 0 ? -1 : hexadecimal(at[2]);

    return low < 0 || high < 2 || (high == 7 && low == 15);
}

static bool begins_right(const char *target)
{
    return *target == '/' || strcmp(target, "*") == 0 || strncasecmp(target, "http://", 7) == 0;
}

struct strict_fault strict_target(const char *target)
{
    if (strlen(target) > LIMIT_TARGET_BYTES)
        return (struct strict_fault){MHD_HTTP_URI_TOO_LONG,
                                     "the target is too long: expected at most 2048 bytes"};
    if (!begins_right(target))
        return (struct strict_fault){BAD, "the target: expected a path that begins with /"};
    for (const char *at = target; *at; at++) {
        if (*at <= ' ' || *at > '~' || *at == '#')
            return (struct strict_fault){BAD, "the target: expected printable ASCII without spaces and #"};
        if (*at == '%' && is_bad_escape(at))
            return (struct strict_fault){
                BAD, "the target: expected % before two hexadecimal digits that are not a "
                     "control character"};
    }
    return (struct strict_fault){0};
}

/* ---- headers ----------------------------------------------------------------------------------------- */

struct headers {
    uintptr_t end; /* of the text before */
    unsigned hosts, lengths, codings, types, encodings;
    bool torn;
    bool length_bad, coding_bad, name_bad, value_bad;
};

static bool is_name(const char *name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    size_t length = 0;

    while (isascii((unsigned char)name[length]) && name[length] &&
           (isalnum((unsigned char)name[length]) || strchr(others, name[length])))
        length++;
    return length > 0 && !name[length];
}

static bool has_control(const char *value)
{
    for (; *value; value++)
        if ((*value > 0 && *value < ' ' && *value != '\t') || *value == '\x7f')
            return true;
    return false;
}

/* libmicrohttpd holds what it read where it was in the request, and tells of it up to the first NUL. So what it does not
 * tell of shows in the distances: between a value and the next name there are CR and LF, and nothing else. Only numbers
 * are compared; nothing is read there. */
static bool is_apart(uintptr_t from, const char *to, size_t bytes)
{
    return (uintptr_t)to - from != bytes;
}

static bool is_line_torn(const struct strict_line *line)
{
    const uintptr_t method = (uintptr_t)line->method, target = (uintptr_t)line->target;

    return is_apart(method + strlen(line->method), line->target, 1) ||
           is_apart(target + line->target_bytes, line->version, 1);
}

static void see_place(struct headers *seen, const char *name, const char *value)
{
    seen->torn |= is_apart(seen->end, name, sizeof "\r\n" - 1) || !value ||
                  (uintptr_t)value <= (uintptr_t)name + strlen(name);
    seen->end = value ? (uintptr_t)value + strlen(value) : 0;
}

/* Whether anything of a request's first line and headers was not told of. */
static bool is_torn(const struct http *http, struct MHD_Connection *connection,
                    const struct strict_line *line, const struct headers *seen)
{
    const union MHD_ConnectionInfo *info =
        http->get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return seen->torn || is_line_torn(line) || !info ||
           is_apart(seen->end, line->method + info->header_size, sizeof "\r\n\r\n" - 1);
}

static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct headers *seen = arg;

    (void)kind;
    see_place(seen, name, value);
    value = value ? value : "";
    seen->name_bad |= !is_name(name);
    seen->value_bad |= has_control(value);
    if (strcasecmp(name, "Host") == 0)
        seen->hosts++;
    if (strcasecmp(name, "Content-Length") == 0) {
        seen->lengths++;
        seen->length_bad |= !*value || value[strspn(value, "0123456789")];
    }
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        seen->codings++;
        seen->coding_bad |= strcasecmp(value, "chunked") != 0;
    }
    if (strcasecmp(name, "Content-Type") == 0)
        seen->types++;
    if (strcasecmp(name, "Content-Encoding") == 0)
        seen->encodings++;
    return MHD_YES;
}

struct strict_fault strict_headers(const struct http *http, struct MHD_Connection *connection,
                                   const struct strict_line *line)
{
    const bool old = strcmp(line->version, "HTTP/1.0") == 0;
    struct headers seen = {.end = (uintptr_t)line->version + strlen(line->version)};

    http->get_connection_values(connection, MHD_HEADER_KIND, see_header, &seen);
    if (seen.name_bad || seen.value_bad)
        return (struct strict_fault){
            BAD, "a header: expected a name, a colon and a value without control characters"};
    if (http->lax && is_torn(http, connection, line, &seen))
        return (struct strict_fault){
            BAD, "the request: expected lines that end with CR and LF, are not folded and have no NUL"};
    if (seen.hosts > 1 || (seen.hosts == 0 && !old))
        return (struct strict_fault){BAD, "the Host header: expected one"};
    if (seen.lengths > 1 || seen.length_bad)
        return (struct strict_fault){BAD, "the Content-Length header: expected one number"};
    if (seen.codings > 1 || seen.coding_bad || (seen.codings && old))
        return (struct strict_fault){BAD,
                                     "the Transfer-Encoding header: expected chunked alone, with HTTP/1.1"};
    if (seen.codings && seen.lengths)
        return (struct strict_fault){BAD, "expected either Content-Length or Transfer-Encoding, not both"};
    if (seen.types > 1 || seen.encodings > 1)
        return (struct strict_fault){
            BAD, "the Content-Type and Content-Encoding headers: expected one of each at most"};
    return (struct strict_fault){0};
}
