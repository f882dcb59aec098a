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

/* "2 classes have few samples: ..."; of several labels each, "2 labels have". `what` is told of them, `more` follows. */
static int remark(const struct look *look, const struct told *told, const char *kind, const char *what,
                  const char *more, struct error *error)
{
    const char *one = look->classes ? "class has" : "label has";
    const char *many = look->classes ? "classes have" : "labels have";

    if (told->count == 0)
        return 0;
    return remark_add(look->remarks, kind, NULL, told->count, error, "%zu %s %s: %s%s", told->count,
                      told->count == 1 ? one : many, what, told->list, more);
}

int look_at_labels(const struct look *look, const size_t *by_label, size_t samples, struct error *error)
{
    struct told constant = {.count = 0};

    for (size_t i = 0; samples > 0 && i < look->order->count; i++)
        if (by_label[i] == 0 || by_label[i] == samples)
            tell(&constant, look->order->names[i], by_label[i]);
    return remark(look, &constant, "constant_label", "the same value in all training samples",
                  "; a network learns nothing of it", error);
}

int look_at_classes(const struct look *look, const size_t *const by_class[PACK_PARTS], struct error *error)
{
    const char *weights =
        look->classes ? "; train.class_weights = \"balanced\" in the config makes up for it in part" : "";
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
    return remark(look, &few, "few_samples", "few samples", weights, error) != 0 ||
                   remark(look, &untrained, "class_without_training", "no training samples", "", error) !=
                       0 ||
                   remark(look, &untested, "class_without_test", "no test samples", "", error) != 0
               ? -1
               : 0;
}
