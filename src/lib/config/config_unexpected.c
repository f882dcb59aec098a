/* config_unexpected.c: what is said of tokens, above all of what stands where it cannot, as other languages write it. */
#include "config/config_token.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

int config_tokens_fault(const struct config_tokens *tokens, unsigned line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    config_report_args(tokens->config, tokens->override, line, NULL, NULL, (struct error_facts){0}, format,
                       args);
    va_end(args);
    return -1;
}

const char *config_tokens_shown(const struct config_tokens *tokens, char text[CONFIG_TOKEN_TEXT])
{
    if (tokens->token == TOKEN_END)
        return "the end";
    if (tokens->token == TOKEN_STRING) {
        snprintf(text, CONFIG_TOKEN_TEXT, "%.*s%s", tokens->length > 40 ? 36 : (int)tokens->length,
                 tokens->text, tokens->length > 40 ? "...\"" : "");
        return text;
    }
    return config_quote(text, CONFIG_TOKEN_TEXT, tokens->text, tokens->length);
}

static bool is_one_of(uint32_t code, const uint32_t *codes, size_t count)
{
    size_t i = 0;

    while (i < count && codes[i] != code)
        i++;
    return i < count;
}

static int unexpected_character(const struct config_tokens *tokens, const char *at)
{
    static const uint32_t quotes[] = {0x201c, 0x201d, 0x201e, 0x201f, 0x2018, 0x2019, 0x201a,
                                      0x201b, 0xab,   0xbb,   0x2033, 0xff02, 0xb4};
    static const uint32_t dashes[] = {0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212, 0xff0d};
    static const uint32_t blanks[] = {0xa0, 0x2002, 0x2003, 0x2007, 0x2009, 0x200b, 0x202f, 0x3000, 0xfeff};
    uint32_t code = 0;
    const int length = (int)text_character(at, (size_t)(tokens->end - at), &code);

    if (is_one_of(code, quotes, sizeof quotes / sizeof quotes[0]))
        return config_tokens_fault(tokens, tokens->line,
                                   "unexpected %.*s (U+%04X), a typographic quote: expected \"", length, at,
                                   (unsigned)code);
    if (is_one_of(code, dashes, sizeof dashes / sizeof dashes[0]))
        return config_tokens_fault(tokens, tokens->line,
                                   "unexpected %.*s (U+%04X), a typographic dash: expected -", length, at,
                                   (unsigned)code);
    if (is_one_of(code, blanks, sizeof blanks / sizeof blanks[0]))
        return config_tokens_fault(tokens, tokens->line,
                                   "unexpected special space (U+%04X): expected a plain one", (unsigned)code);
    return config_tokens_fault(tokens, tokens->line, "unexpected %.*s (U+%04X) outside of a string", length,
                               at, (unsigned)code);
}

int config_unexpected_byte(const struct config_tokens *tokens, const char *at)
{
    const unsigned char c = (unsigned char)*at;

    if (c >= 128)
        return unexpected_character(tokens, at);
    if (c < ' ' || c == 127)
        return config_tokens_fault(tokens, tokens->line, "unexpected byte 0x%02x outside of a string", c);
    if (c == '@')
        return config_tokens_fault(tokens, tokens->line, "@include \"FILE\" must stand on a line of its own");
    if (c == '\'')
        return config_tokens_fault(tokens, tokens->line,
                                   "unexpected ': a string stands in double quotes: \"...\"");
    if (strchr("*/^", c))
        return config_tokens_fault(tokens, tokens->line,
                                   "unexpected \"%c\": nnrun does not calculate, write the number", c);
    return config_tokens_fault(tokens, tokens->line, "unexpected \"%c\"; comments begin with // or #", c);
}

/* The character after the token ahead and blanks. */
static char next_mark(const struct config_tokens *tokens)
{
    const char *at = tokens->next;

    while (at < tokens->end && (*at == ' ' || *at == '\t'))
        at++;
    return at < tokens->end ? *at : '\0';
}

static bool is_before_value(const struct config_tokens *tokens)
{
    return next_mark(tokens) == '=' || next_mark(tokens) == ':';
}

int config_unexpected_key(const struct config_tokens *tokens, char close)
{
    const unsigned line = tokens->token_line;
    const bool string = tokens->token == TOKEN_STRING;
    char text[CONFIG_TOKEN_TEXT], want[32] = "a key";
    const char *const got = config_tokens_shown(tokens, text), *hint = "";

    if (string && tokens->length == 2 && *tokens->next == '"')
        return config_tokens_fault(tokens, line, "unexpected \"\"\", comments begin with // or #");
    if (string && is_before_value(tokens))
        return config_tokens_fault(tokens, line, "keys take no quotes: expected %.*s, got %s",
                                   (int)(tokens->length - 2), tokens->text + 1, got);
    if (close)
        snprintf(want, sizeof want, "a key or \"%c\"", close);
    else if (config_tokens_ahead(tokens, '{'))
        hint = ": a config is not JSON; its keys stand outside of all braces";
    else if (config_tokens_ahead(tokens, '['))
        hint = ": a section is written as a group, train: { ... };";
    return config_tokens_fault(tokens, line, "expected %s, got %s%s", want, got, hint);
}

int config_unexpected_value(const struct config_tokens *tokens, const char *name)
{
    const bool word = tokens->token == TOKEN_NAME;
    char text[CONFIG_TOKEN_TEXT];
    const char *hint = word && is_before_value(tokens) ? "; a group stands in { }" : "";

    if (word && !*hint)
        return config_tokens_fault(tokens, tokens->token_line,
                                   "expected a value%s%s%s, got %.*s without quotes; a string is written %s",
                                   name ? " after " : "", name ? name : "", name ? " =" : "",
                                   (int)tokens->length, tokens->text, config_tokens_shown(tokens, text));
    return config_tokens_fault(tokens, tokens->token_line, "expected a value%s%s%s, got %s%s",
                               name ? " after " : "", name ? name : "", name ? " =" : "",
                               config_tokens_shown(tokens, text), hint);
}

/* " on line 7", "" where the token ahead is on the line of the one before it. */
static const char *line_ahead(const struct config_tokens *tokens, char text[32])
{
    unsigned line;

    text[0] = '\0';
    config_source_at(&tokens->config->source, tokens->token_line, &line);
    if (tokens->token_line != tokens->last_line)
        snprintf(text, 32, " on line %u", line);
    return text;
}

int config_unclosed(const struct config_tokens *tokens, unsigned line, char close)
{
    const char open = close == '}' ? '{' : close == ')' ? '(' : '[';
    char text[CONFIG_TOKEN_TEXT], where[32], of[32] = "";
    unsigned file_line;

    config_source_at(&tokens->config->source, line, &file_line);
    if (!tokens->override)
        snprintf(of, sizeof of, " of line %u", file_line);
    return config_tokens_fault(tokens, tokens->last_line,
                               "the \"%c\"%s is not closed: expected \"%c\" before %s%s", open, of, close,
                               config_tokens_shown(tokens, text), line_ahead(tokens, where));
}

/* Whether an item of a list may begin with the character. */
static bool begins_item(char c)
{
    return c && strchr("{([\"+-.0123456789", c);
}

int config_unexpected_item(const struct config_tokens *tokens, unsigned line, char close)
{
    const char *const next = tokens->next + strspn(tokens->next, " \t\r\n");
    char text[CONFIG_TOKEN_TEXT], where[32];

    if (config_tokens_ahead(tokens, ';') && begins_item(*next))
        return config_tokens_fault(tokens, tokens->token_line,
                                   "unexpected \";\": a comma separates the items of a list");
    if (tokens->token != TOKEN_BOOLEAN && !begins_item(*tokens->text))
        return config_unclosed(tokens, line, close);
    return config_tokens_fault(tokens, tokens->last_line, "a comma is missing%s before %s%s",
                               tokens->token_line == tokens->last_line ? "" : " at the end of this line,",
                               config_tokens_shown(tokens, text), line_ahead(tokens, where));
}
