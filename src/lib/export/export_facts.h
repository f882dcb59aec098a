/* export_facts.h: what files say of a network beside what it computes. */
#ifndef EXPORT_EXPORT_FACTS_H
#define EXPORT_EXPORT_FACTS_H

struct export_facts {
    const char *name;    /* of the network */
    const char *classes; /* a JSON array of their names; NULL: they have none */
};
#endif
