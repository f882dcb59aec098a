/* config_file.h: the file that the name of a config stands for. */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "base/error.h"

enum { CONFIG_FILE_TEXT = 1024 };

/* Whether `word` was meant to be a config: WORD.cfg, or one in configs/ or among those installed. Its path goes into the
 * buffer. Returns 1 or 0; -1 after setting error (ERROR_FAILED, ERROR_MEMORY). */
int config_file_meant(const char *word, char text[CONFIG_FILE_TEXT], struct error *error);
#endif
