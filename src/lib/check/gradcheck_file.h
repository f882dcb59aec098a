/* gradcheck_file.h: the part of gradcheck that looks at a plugin's file. */
#ifndef CHECK_GRADCHECK_FILE_H
#define CHECK_GRADCHECK_FILE_H

#include "check/gradcheck.h"

/* Reports, if there are any, the functions in its file that the plugin may not use, as of layer `name`. Returns 0,
 * or -1 after setting error. */
int gradcheck_file(const struct gradcheck_spec *spec, const struct plugin *plugin, const char *name,
                   struct error *error);
#endif
