/* look_classes.c: look.h's remarks on classes. */
#include <stdio.h>

#include "base/text.h"
#include "pack/look.h"

enum { FEW = 20, PERCENT = 100, SHARE = 5, NAMED = 5, LIST = 512 };

/* Classes of which something is told, the first ones by name. */
struct told {
    char list[LIST];
    size_t count;
};

static void tell(struct told *told, const char *name, size_t samples)
{
    if (told->count++ < NAMED)
        text_add(told->list, sizeof told->list, "%s\"%.40s\" (%zu)", told->count == 1 ? "" : ", ", name,
                 samples);
    else if (told->count == NAMED + 1)
        text_add(told->list, sizeof told->list, ", ...");
}

/* Of all samples: fewer than 20; or than 1 %, where that is not what an even share would be among so many classes. */
static bool is_few(size_t samples, size_t all, size_t classes)
{
    return samples < FEW || (samples * PERCENT < all && samples * classes * SHARE < all);
}

static int tell_few(const struct look *look, const struct told *few, struct error *error)
{
    if (few->count == 0)
        return 0;
    return remark_add(look->remarks, "few_samples", NULL, few->count, error,
                      "%zu class%s few samples: %s; train.class_weights = \"balanced\" in the config "
                      "makes up for it in part",
                      few->count, few->count == 1 ? " has" : "es have", few->list);
}

int look_at_classes(const struct look *look, const size_t *const by_class[PACK_PARTS], struct error *error)
{
    struct told few = {.count = 0}, untrained = {.count = 0}, untested = {.count = 0};
    const size_t classes = look->order->count;
    size_t all = 0, train = 0, test = 0;

    for (size_t i = 0; i < classes; i++) {
        train += by_class[PACK_TRAIN][i];
        test += by_class[PACK_TEST][i];
        all += by_class[PACK_TRAIN][i] + by_class[PACK_VALIDATION][i] + by_class[PACK_TEST][i];
    }
    for (size_t i = 0; i < classes; i++) {
        const size_t own = by_class[PACK_TRAIN][i] + by_class[PACK_VALIDATION][i] + by_class[PACK_TEST][i];
        const char *name = look->order->names[i];
        if (own > 0 && is_few(own, all, classes))
            tell(&few, name, own);
        if (train > 0 && own > 0 && by_class[PACK_TRAIN][i] == 0)
            tell(&untrained, name, own);
        if (test > 0 && own > 0 && by_class[PACK_TEST][i] == 0)
            tell(&untested, name, own);
    }
    if (tell_few(look, &few, error) != 0)
        return -1;
    if (untrained.count > 0 && remark_add(look->remarks, "class_without_training", NULL, untrained.count,
                                          error, "%zu class%s no training samples: %s", untrained.count,
                                          untrained.count == 1 ? " has" : "es have", untrained.list) != 0)
        return -1;
    return untested.count == 0 ? 0
                               : remark_add(look->remarks, "class_without_test", NULL, untested.count, error,
                                            "%zu class%s no test samples: %s", untested.count,
                                            untested.count == 1 ? " has" : "es have", untested.list);
}
