/* wrong_word.h: a word of the command line that is none of those there are, and the one that was meant. */
#ifndef CLI_WRONG_WORD_H
#define CLI_WRONG_WORD_H

#include "base/error.h"
#include "cli/command_table.h"

/* The command of that name; NULL: none has it. */
const struct command *command_find(const struct command *commands, size_t count, const char *name);

/* True after setting error to what the word was meant to be: a command spelt like it, or that other programs call so. */
bool wrong_word_is_near(const struct command *commands, size_t count, const char *word, struct error *error);

/* What pack calls an option that other programs have by that name, without dashes; NULL: it is not known. */
const char *wrong_word_pack_option(const char *name);

/* Sets error: there is no such command, and what was meant if that is known. Returns -1. */
int wrong_word_command(const struct command *commands, size_t count, const char *word, struct error *error);
#endif
