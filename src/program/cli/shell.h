/* shell.h: words of commands that a message suggests, as the shell takes them. [any thread] */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

enum { SHELL_WORD = 4096 };

/* `word` as one word of the shell's: itself where nothing in it is special, else quoted, in the buffer; with ./ before a path that
 * begins with a dash, as an option does. Itself too if the buffer has no room. Async-signal-safe. */
const char *shell_word(const char *word, char text[SHELL_WORD]);
#endif
