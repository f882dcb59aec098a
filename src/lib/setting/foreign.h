/* foreign.h: words of other systems, and what they are called here. [any thread] */
#ifndef SETTING_FOREIGN_H
#define SETTING_FOREIGN_H

#include <stdbool.h>

#include "nnrun/layer.h"

/* The first entry that has the word, as one `of` that kind; case, "_" and "-" make no difference. The list ends
 * with an entry without words, and may be NULL. NULL: none has it. */
const struct nnrun_words *foreign_find(const struct nnrun_words *list, uint32_t of, const char *word);

/* Whether the words of one entry have it. */
bool foreign_has(const struct nnrun_words *words, const char *word);
#endif
