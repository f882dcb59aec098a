/* trust_refusal.h: the words for what is not trusted. [any thread] */
#ifndef NET_TRUST_REFUSAL_H
#define NET_TRUST_REFUSAL_H

#include "net/trust_path.h"

/* Sets error to why the place of that number is not trusted (ERROR_CONFIG), or why the system did not let us look; in
 * facts.file is which file or folder that is about. Where the same is wrong with other plugins in the file's folder, the
 * folder is named, and all of them get the same message. `way` must be open. Returns -1. */
int trust_refuse(const struct trust_path *way, size_t place, enum trust_fault fault, struct error *error);
#endif
