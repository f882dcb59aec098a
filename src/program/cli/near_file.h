/* near_file.h: the file that a path which leads nowhere, or to a folder, was probably meant to lead to. */
#ifndef CLI_NEAR_FILE_H
#define CLI_NEAR_FILE_H

#include <stdbool.h>

#include "cli/config_file.h"

/* PATH.cfg, or the name in the same folder that is spelt most like it, into the buffer; NULL if there is none. */
const char *near_file(const char *path, char text[CONFIG_FILE_TEXT]);

/* The first path in a folder, by name, that is wanted, into the buffer; NULL if there is none. Names that begin with a
 * dot are left out. */
const char *near_file_inside(const char *folder, bool (*wanted)(const char *path),
                             char text[CONFIG_FILE_TEXT]);
#endif
