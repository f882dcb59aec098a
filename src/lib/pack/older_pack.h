/* older_pack.h: the files of a pack that another replaces: set aside under the names of temporaries, and put back if the other
 * fails. */
#ifndef PACK_OLDER_PACK_H
#define PACK_OLDER_PACK_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

struct older_pack {
    const char *folder; /* the caller's */
    struct aside {
        char *path, *temporary;
    } * files;
    size_t count;
};

/* Renames the regular files that the facts list, what makes a pack whole first; NULL: there are none. Fails (-1) with all of
 * them in their places. Finish it in either case. */
int older_pack_set_aside(struct older_pack *older, const char *folder, const json_t *facts,
                         struct error *error);
/* Puts them back, what makes a pack whole last. */
void older_pack_restore(struct older_pack *older);
/* Removes them. Returns 0, or -1 after setting error. */
int older_pack_remove(struct older_pack *older, struct error *error);

void older_pack_finish(struct older_pack *older);
#endif
