/* warning_override.c: what an override took away without naming it. */
#include "model/warning.h"

struct telling {
    const struct model *model;
    const struct warning_listener *to;
};

static int tell(void *arg, const struct config_lost *lost)
{
    const struct telling *telling = arg;
    const bool one = lost->count == 1;

    return warning_tell(telling->model, telling->to, WARNING_GROUP_REPLACED, lost->place,
                        "a group replaces all of its keys: %s %s; to keep %s, write each key by itself, as "
                        "in %s.KEY=VALUE",
                        lost->keys, one ? "returns to its default" : "return to their defaults",
                        one ? "it" : "them", lost->group);
}

int warning_override(const struct model *model, const struct warning_listener *to)
{
    struct telling telling = {model, to};

    return config_each_lost(model->config, tell, &telling);
}
