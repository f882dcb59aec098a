/* config_token.c: see config_token.h. */
#include "config/config_token.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_word(const struct config_tokens *tokens, const char *word)
{
    size_t i = 0;

    for (; i < tokens->length && word[i]; i++)
        if ((tokens->text[i] | 0x20) != word[i])
            return false;
    return i == tokens->length && !word[i];
}

static void put(struct config_tokens *tokens, const char *text, size_t length)
{
    memcpy(tokens->out + tokens->used, text, length);
    tokens->used += length;
}

/* A string is whole, on one line, and its escapes are libconfig's. */
static int check_string(struct config_tokens *tokens)
{
    const char *p = tokens->text + 1, *last = tokens->text + tokens->length - 1;

    if (tokens->length < 2 || *last != '"')
        return config_tokens_fault(tokens, tokens->line, "the string is not closed on its line");
    for (; p < last; p++) {
        const unsigned char c = (unsigned char)*p;
        if (c == 127 || (c < ' ' && c != '\t'))
            return config_tokens_fault(tokens, tokens->line,
                                       "there is a control character (0x%02x) in the string", c);
        if (c != '\\')
            continue;
        if (++p == last)
            return config_tokens_fault(tokens, tokens->line, "the string is not closed on its line");
        if (strchr("nrtf\\\"", *p))
            continue;
        if (last - p < 3 || (*p != 'x' && *p != 'X') || !is_hex(p[1]) || !is_hex(p[2]))
            return config_tokens_fault(
                tokens, tokens->line,
                "unknown escape in the string, expected \\\\ \\\" \\n \\r \\t \\f or \\x41");
        if (p[1] > '7' || (p[1] == '0' && p[2] == '0'))
            return config_tokens_fault(tokens, tokens->line,
                                       "\\x%.2s in the string is out of range, expected \\x01 to \\x7f",
                                       p + 1);
        p += 2;
    }
    return 0;
}

/* Whether a digit before the exponent is not 0. */
static bool has_value(const char *p, const char *end)
{
    for (; p < end && (*p | 0x20) != 'e'; p++)
        if (*p >= '1' && *p <= '9')
            return true;
    return false;
}

/* Doubles that are neither 0 nor infinite hold it. Those closest to 0 have fewer digits, and are taken. */
static int check_real(struct config_tokens *tokens, const char *shown)
{
    const double real = strtod(tokens->text, NULL);

    if (!isfinite(real))
        return config_tokens_fault(tokens, tokens->line,
                                   "%s is out of range, expected at most 1.79e308 in size", shown);
    if (real == 0 && has_value(tokens->text, tokens->text + tokens->length))
        return config_tokens_fault(tokens, tokens->line,
                                   "%s is out of range, expected 0 or at least 4.95e-324 in size", shown);
    return 0;
}

/* What begins as a number does. The token before it is still the one ahead. */
static int not_a_number(const struct config_tokens *tokens, const char *shown)
{
    if (*tokens->text == '.' && tokens->token == TOKEN_NAME)
        return config_tokens_fault(
            tokens, tokens->line,
            "unexpected %s: keys with dots are for the command line, here a group stands in { }", shown);
    if (strncmp(tokens->text, "--", 2) == 0)
        return config_tokens_fault(tokens, tokens->line,
                                   "unexpected %s: keys have no dashes in front, comments begin with // or #",
                                   shown);
    return config_tokens_fault(tokens, tokens->line, "%s is not a number", shown);
}

/* Checks a number's form and size; *wide: it is whole, needs more than libconfig's 32 bits, and does not say
 * so. */
static int check_number(struct config_tokens *tokens, bool *wide)
{
    const enum config_number form = config_number_form(tokens->text, tokens->length);
    const char *digits = tokens->text + (*tokens->text == '+' || *tokens->text == '-');
    char text[64];
    long long whole;

    *wide = false;
    config_quote(text, sizeof text, tokens->text, tokens->length);
    if (form == CONFIG_NO_NUMBER)
        return not_a_number(tokens, text);
    if (form == CONFIG_REAL)
        return check_real(tokens, text);
    if (form == CONFIG_WHOLE && digits[0] == '0' && is_digit(digits[1]))
        return config_tokens_fault(tokens, tokens->line,
                                   "%s begins with a zero, octal numbers are not supported", text);
    errno = 0;
    whole = strtoll(tokens->text, NULL, form == CONFIG_HEX ? 16 : 10);
    if (errno == ERANGE)
        return config_tokens_fault(tokens, tokens->line, "%s is too large for a whole number", text);
    *wide = tokens->text[tokens->length - 1] != 'L' && (whole < INT_MIN || whole > INT_MAX);
    return 0;
}

/* Passes over blanks and comments; their lines stay. */
static int pass_blanks(struct config_tokens *tokens)
{
    while (tokens->next < tokens->end) {
        const char c = *tokens->next, *stop = tokens->next + 1;
        if (c == '#' || (c == '/' && (tokens->next[1] == '/' || tokens->next[1] == '*')))
            stop = config_lexeme_end(tokens->next, tokens->end);
        else if (!strchr(" \t\r\f\n", c) || c == '\0')
            break;
        if (!stop)
            return config_tokens_fault(tokens, tokens->line, "the comment that begins here never ends");
        for (; tokens->next < stop; tokens->next++)
            if (*tokens->next == '\n') {
                tokens->line++;
                put(tokens, "\n", 1);
            }
    }
    return 0;
}

/* Finds the end and the kind of the token that begins at `next`. */
static int take_token(struct config_tokens *tokens, bool *wide)
{
    const char *p = tokens->next;

    tokens->text = p;
    if (is_letter(*p)) {
        while (is_name(*p))
            p++;
        tokens->length = (size_t)(p - tokens->text);
        tokens->token = is_word(tokens, "true") || is_word(tokens, "false") ? TOKEN_BOOLEAN : TOKEN_NAME;
        return 0;
    }
    if (is_digit(*p) || *p == '+' || *p == '-' || *p == '.') {
        while (is_name(*p) || *p == '.' || *p == '+')
            p++;
        tokens->length = (size_t)(p - tokens->text);
        if (check_number(tokens, wide) != 0)
            return -1;
        tokens->token = TOKEN_NUMBER;
        return 0;
    }
    if (*p == '"') {
        p = config_lexeme_end(p, tokens->end);
        tokens->length = (size_t)(p - tokens->text);
        tokens->token = TOKEN_STRING;
        return check_string(tokens);
    }
    if (!*p || !strchr("=:;,{}()[]", *p))
        return config_unexpected_byte(tokens, p);
    tokens->length = 1;
    tokens->token = TOKEN_MARK;
    return 0;
}

int config_tokens_advance(struct config_tokens *tokens)
{
    bool wide = false;

    tokens->last_line = tokens->token_line;
    if (pass_blanks(tokens) != 0)
        return -1;
    tokens->text = tokens->next;
    tokens->token_line = tokens->line;
    tokens->length = 0;
    if (tokens->next == tokens->end) {
        tokens->token = TOKEN_END;
        return 0;
    }
    if (take_token(tokens, &wide) != 0)
        return -1;
    tokens->next = tokens->text + tokens->length;

    /* Arrays become lists, which may mix whole numbers and reals. */
    if (config_tokens_ahead(tokens, '[') || config_tokens_ahead(tokens, ']'))
        put(tokens, *tokens->text == '[' ? "(" : ")", 1);
    else
        put(tokens, tokens->text, tokens->length);
    put(tokens, wide ? "L " : " ", wide ? 2 : 1);
    return 0;
}
