/* config_token.h: the words of a config, one after the other, and the text that libconfig gets for them. */
#ifndef CONFIG_CONFIG_TOKEN_H
#define CONFIG_CONFIG_TOKEN_H

#include "config/config_internal.h"

enum config_token { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_BOOLEAN, TOKEN_MARK };

enum { CONFIG_TOKEN_TEXT = 64 };

/* A text being read. The caller sets config to out, which has room for each byte and a blank behind it. */
struct config_tokens {
    struct config *config;
    const struct config_override *override; /* of messages; NULL: the config's own text */
    const char *next, *end;                 /* ends in a NUL */
    unsigned line;                          /* of next */
    char *out;                              /* what libconfig gets, not terminated */
    size_t used;
    enum config_token token; /* the one ahead, already in out: */
    const char *text;
    size_t length;
    unsigned token_line, last_line; /* where it stands; where the one before it stood */
};

/* Passes on to the next token. Returns 0, or -1 after reporting what is none. */
int config_tokens_advance(struct config_tokens *tokens);

/* True if the mark is ahead: one of =:;,{}()[] */
static inline bool config_tokens_ahead(const struct config_tokens *tokens, char mark)
{
    return tokens->token == TOKEN_MARK && *tokens->text == mark;
}

/* ---- config_unexpected.c --------------------------------------------------------------------------- */

/* The token ahead, for a message. */
const char *config_tokens_shown(const struct config_tokens *tokens, char text[CONFIG_TOKEN_TEXT]);

/* Report what stands where it cannot, and what to write instead where it is known from other
 * languages: a byte that no token begins with; the token ahead where a key is expected, or `close` if that is not
 * NUL; where a value is, of the key that `name` quotes, or of a list: NULL; where a list that was opened on `line` has a
 * comma or ends; and where a group or list has to end. All return -1. */
int config_unexpected_byte(const struct config_tokens *tokens, const char *at);
int config_unexpected_key(const struct config_tokens *tokens, char close);
int config_unexpected_value(const struct config_tokens *tokens, const char *name);
int config_unexpected_item(const struct config_tokens *tokens, unsigned line, char close);
int config_unclosed(const struct config_tokens *tokens, unsigned line, char close);

/* Reports what is wrong at a line. Returns -1. */
int config_tokens_fault(const struct config_tokens *tokens, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#endif
