/* config_file.h: the file that the name of a config stands for. */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

enum { CONFIG_FILE_TEXT = 1024 };

/* The config that `word` was meant to be: WORD.cfg, or one in configs/ or among those installed, into the
 * buffer; NULL if there is none. */
const char *config_file_meant(const char *word, char text[CONFIG_FILE_TEXT]);
#endif
