/* trust_rule.h: whose code may run: the rule for plugins, as pure functions of what stat says. [any thread]
 *
 * Whoever can write a file, or a folder above it, decides what the file does. So each of them must belong to the user
 * or to root, and nobody else may write to it. In the library's own prefix whoever can write the library is as good:
 * what runs is theirs already. */
#ifndef NET_TRUST_RULE_H
#define NET_TRUST_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Also what the kernel shows for a user who does not exist in this namespace. Never trusted. */
enum { TRUST_NOBODY_ID = 65534 };

/* A file, or a folder above it. In a sticky folder nobody removes or renames what belongs to others, so that its
 * permissions do not matter to what lies in it. */
struct trust_place {
    uid_t owner;
    gid_t group;
    mode_t mode;
    bool private_group; /* its group is the user's own: no other user writes through it */
};

/* From the root of the file system to the file. */
struct trust_chain {
    const struct trust_place *places;
    size_t count;
};

enum trust_fault {
    TRUST_FINE,
    TRUST_NOBODY,  /* belongs to nobody */
    TRUST_OWNER,   /* belongs to someone who is not trusted */
    TRUST_GROUP,   /* a group can write to it */
    TRUST_EVERYONE /* everyone can write to it */
};

/* Looks for the first place that someone can write who is not trusted by `user`; *at is its number. `library` is the
 * file that holds the library if the plugin is in its prefix, else it has no places. */
enum trust_fault trust_check(const struct trust_chain *plugin, const struct trust_chain *library, uid_t user,
                             size_t *at);
#endif
