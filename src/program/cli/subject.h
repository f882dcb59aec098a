/* subject.h: what a command's argument is, when it is something else than the command takes. */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "cli/options.h"

/* Fails if the argument is a run folder, checkpoint, config or plugin that this command does not take, or is
 * not there but elsewhere, saying the command to type instead. What a file is is told by what is in it, by
 * its name where that does not tell; the rest is left to the command. */
int subject_check(const struct options *options, struct error *error);
#endif
