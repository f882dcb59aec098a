/* installed.h: what was installed with this code is found from where the code is, also after the tree was moved or
 * copied. [any thread] */
#ifndef BASE_INSTALLED_H
#define BASE_INSTALLED_H

#include <stdbool.h>

#include "base/error.h"

/* The file that holds this code: the program, or libnnrun.so. NULL: it is not known. */
const char *installed_file(void);

/* True if the process has more rights than its user, as by setuid. Then the user must not choose what is found. */
bool installed_is_privileged(void);

/* The folder that was configured as `folder`, in memory for the caller to free: the one that lies to this code as
 * configured, if that exists, else `folder` itself; always `folder` if the process is privileged. NULL after setting error
 * (ERROR_FAILED, ERROR_MEMORY: the system did not let us look). */
char *installed_folder(const char *folder, struct error *error);
#endif
