/* export_facts.h: what files say of a network beside what it computes. */
#ifndef EXPORT_EXPORT_FACTS_H
#define EXPORT_EXPORT_FACTS_H

#include <stdbool.h>

#include "data/lanes.h"

struct export_facts {
    const char *about;            /* lines of text: of what, by whom, how good, and its layers */
    bool bytes;                   /* samples are pixels, a byte each */
    struct lanes_scaling scaling; /* of their values; no channels: it is not known */
    const char *name;             /* of the network; UTF-8, all of it shown */
    const char *classes;          /* a JSON array of their names; NULL: they have none */
    const char *network;          /* JSON that a page shows and prepares samples by: export_network.h */
};
#endif
