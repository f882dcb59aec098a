/* command.h: what the commands share. Only src/program/cli and main.c print. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/error.h"
#include "cli/command_table.h"
#include "cli/exit_status.h"
#include "cli/options.h"

int command_train(const struct options *options);
int command_resume(const struct options *options);
int command_test(const struct options *options);
int command_predict(const struct options *options);
int command_report(const struct options *options);
int command_serve(const struct options *options);
int command_show(const struct options *options);
struct model;
int command_show_keys(const struct options *options,
                      const struct model *model); /* show --keys, of a model opened */
int command_layers(const struct options *options);
int command_layers_new(const struct options *options); /* layers --new */
int command_gradcheck(const struct options *options);
int command_time(const struct options *options);
int command_export(const struct options *options);
int command_sweep(const struct options *options);
int command_pack(const struct options *options);

/* Prints every message of the error as "nnrun: ..." on stderr, with --json an error event on stdout too, and
 * clears it. Returns its status. */
int command_failed(const struct options *options, struct error *error);

/* Prints a JSON line or, if it is NULL, says that memory ran out; takes the line over. Returns 0 or -1. */
int command_print_json(char *line);

/* Flushes stdout: true if it is a pipe or socket, and could not be written to: it is no longer read. */
bool command_output_gone(void);

/* stdout flushed and whole; else a message. Returns the exit status to use in place of `status`. */
int command_flush(int status);
#endif
