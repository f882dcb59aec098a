/* trust_rule.c: see trust_rule.h. An owner can always write: it can give itself the right. */
#include "net/trust_rule.h"

#include <sys/stat.h>

/* The rights of groups and others, where they let anyone change what the place holds. */
static mode_t open_rights(const struct trust_place *place)
{
    if (S_ISDIR(place->mode) && (place->mode & S_ISVTX))
        return 0;
    return place->mode & (S_IWGRP | S_IWOTH);
}

static bool can_everyone_write(const struct trust_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        if (open_rights(&chain->places[i]) & S_IWOTH)
            return true;
    return false;
}

static bool can_user_write(const struct trust_chain *chain, uid_t user)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->places[i].owner == user)
            return true;
    return false;
}

static bool can_group_write(const struct trust_chain *chain, gid_t group)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->places[i].group == group && (open_rights(&chain->places[i]) & S_IWGRP))
            return true;
    return false;
}

static enum trust_fault check_place(const struct trust_place *place, const struct trust_chain *library,
                                    uid_t user)
{
    const mode_t rights = open_rights(place);

    if (place->owner == TRUST_NOBODY_ID)
        return TRUST_NOBODY;
    if (place->owner != 0 && place->owner != user && !can_user_write(library, place->owner))
        return TRUST_OWNER;
    if (can_everyone_write(library))
        return TRUST_FINE;
    if (rights & S_IWOTH)
        return TRUST_EVERYONE;
    if ((rights & S_IWGRP) && place->group == TRUST_NOBODY_ID)
        return TRUST_GROUP;
    if ((rights & S_IWGRP) && !place->private_group && !can_group_write(library, place->group))
        return TRUST_GROUP;
    return TRUST_FINE;
}

enum trust_fault trust_check(const struct trust_chain *plugin, const struct trust_chain *library, uid_t user,
                             size_t *at)
{
    enum trust_fault fault = TRUST_FINE;

    for (size_t i = 0; fault == TRUST_FINE && i < plugin->count; i++) {
        *at = i;
        fault = check_place(&plugin->places[i], library, user);
    }
    return fault;
}
