/* rank_refusal.h: a command that fails before it trains. With --comm it is one of several ranks, which most often fail in the
 * same way: they end together, and one of them says why. */
#ifndef CLI_RANK_REFUSAL_H
#define CLI_RANK_REFUSAL_H

#include "cli/options.h"

/* Finds --comm and --plugin-path on a command line that options_parse refused. */
void rank_refusal_find(struct options *options, int argc, char **argv);

/* As command_failed; with --comm all other ranks fail, too, and rank 0 alone prints: what is wrong with it or, if nothing is,
 * what is wrong with another, which it names. */
int rank_refusal(const struct options *options, struct error *error);
#endif
