/* pack_words.h: the words of pack's options as numbers. */
#ifndef CLI_PACK_WORDS_H
#define CLI_PACK_WORDS_H

#include "cli/options.h"
#include "pack/pack_result.h"

/* Fills what the words ask for. Returns 0, or -1 after setting error (ERROR_ARGUMENT). */
int pack_words_read(const struct options *options, struct pack_spec *spec, struct error *error);
#endif
