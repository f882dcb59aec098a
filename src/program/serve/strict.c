/* strict.c: see strict.h. */
#include "serve/strict.h"

#include <ctype.h>
#include <stdbool.h>
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
    unsigned hosts, lengths, codings;
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

static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct headers *seen = arg;

    (void)kind;
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
    return MHD_YES;
}

struct strict_fault strict_headers(const struct http *http, struct MHD_Connection *connection,
                                   const char *version)
{
    const bool old = strcmp(version, "HTTP/1.0") == 0;
    struct headers seen = {0};

    http->get_connection_values(connection, MHD_HEADER_KIND, see_header, &seen);
    if (seen.name_bad || seen.value_bad)
        return (struct strict_fault){
            BAD, "a header: expected a name, a colon and a value without control characters"};
    if (seen.hosts > 1 || (seen.hosts == 0 && !old))
        return (struct strict_fault){BAD, "the Host header: expected one"};
    if (seen.lengths > 1 || seen.length_bad)
        return (struct strict_fault){BAD, "the Content-Length header: expected one number"};
    if (seen.codings > 1 || seen.coding_bad || (seen.codings && old))
        return (struct strict_fault){BAD,
                                     "the Transfer-Encoding header: expected chunked alone, with HTTP/1.1"};
    if (seen.codings && seen.lengths)
        return (struct strict_fault){BAD, "expected either Content-Length or Transfer-Encoding, not both"};
    return (struct strict_fault){0};
}
