/* part_name.h: what the names of files say of the part they are: "train", "test", "t10k", "val". [any thread] */
#ifndef PACK_PART_NAME_H
#define PACK_PART_NAME_H

#include "pack/source.h"

/* By the words in a text; PACK_UNSPLIT: none of them says. */
enum pack_part part_of_name(const char *name);

/* What the names of a source say. They count if each says its part and one of them is for training, others are not. */
struct part_names {
    bool train, other, unsaid;
};
void part_names_add(struct part_names *names, enum pack_part part);
bool part_names_count(const struct part_names *names);

/* Tells that nothing is for training, by all names, so that they do not count. Samples without labels need no training. 0, or -1
 * after setting error. */
int part_names_remark(const struct part_names *names, const struct pack_form *form,
                      const struct pack_sink *sink, struct error *error);

/* Of the last names of several paths, into parts[count]: PACK_UNSPLIT for all unless they count. */
void parts_of_paths(const char *const *paths, size_t count, enum pack_part *parts, struct part_names *names);
#endif
