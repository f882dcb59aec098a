/* help.h: what --help prints, made from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stddef.h>

#include "cli/command_table.h"

/* All commands, a line each, in at most 24 lines of at most 80 columns (tests/usage.sh). */
void help_print(const struct command *commands, size_t count);

/* One command: usage, what it does, the options it takes, examples. data/bash-completion/nnrun completes by
 * its first line and the lines that begin with blanks and a dash; the forms of these are in nnrun(1). */
void help_print_command(const struct command *command);
#endif
