/* part_name.h: what the names of files say of the part they are: "train", "test", "t10k", "val". [any thread] */
#ifndef PACK_PART_NAME_H
#define PACK_PART_NAME_H

#include "pack/source.h"

/* By the words in a text; PACK_UNSPLIT: none of them says. */
enum pack_part part_of_name(const char *name);

/* Of the last names of several paths, into parts[count]: PACK_UNSPLIT for all unless each says its part and one of them is for
 * training, others are not. */
void parts_of_paths(const char *const *paths, size_t count, enum pack_part *parts);
#endif
