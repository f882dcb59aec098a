/* model_classes.c: see model_classes.h. */
#include "model/model_classes.h"

#include "base/text.h"
#include "model/model_names.h"

static const struct net_node *last_of(const struct model *model)
{
    return &model->net->nodes[model->net->last];
}

/* One number is no class, unless it is the probability of one. */
static bool has_classes(const struct model *model)
{
    return model_class_count(model->net) > 1;
}

/* ---- a list ------------------------------------------------------------------------------------------- */

void model_classes_check_list(const struct model *model)
{
    const struct setting_texts *names = &model->settings.data.classes;
    config_group *group;

    if (!names->listed && !*names->value[0])
        return;
    model_names_check_list(model, &model_names_classes);
    if (!model->net)
        return;
    group = config_find(model->config, config_root(model->config), "data");
    if (!has_classes(model))
        config_complain(model->config, group, "data", "classes",
                        "layer \"%s\" (%s) puts out one number, which has no classes to name",
                        last_of(model)->name, last_of(model)->type);
    else if (names->listed && (size_t)names->count != model_class_count(model->net))
        config_complain(model->config, group, "data", "classes",
                        "%d name%s for the %zu classes of layer \"%s\" (%s)", (int)names->count,
                        text_plural((size_t)names->count), model_class_count(model->net),
                        last_of(model)->name, last_of(model)->type);
}

void model_classes_check_weights(const struct model *model)
{
    const struct setting_numbers *weights = &model->settings.train.class_weights;
    config_group *group;

    if (!model->net || (weights->word == SETTING_NO_WORD && weights->count == 1))
        return;
    group = config_find(model->config, config_root(model->config), "train");
    if (model->net->target != NNRUN_CLASS)
        config_complain(model->config, group, "train", "class_weights",
                        "layer \"%s\" (%s) does not compare its values with one class per sample",
                        last_of(model)->name, last_of(model)->type);
    else if (last_of(model)->tensor_count > 0)
        config_complain(
            model->config, group, "train", "class_weights",
            "layer \"%s\" (%s) has weights of its own, whose gradient is not that of single samples",
            last_of(model)->name, last_of(model)->type);
    else if (weights->word == SETTING_NO_WORD && (size_t)weights->count != last_of(model)->values)
        config_complain(model->config, group, "train", "class_weights",
                        "%d numbers for the %zu classes of layer \"%s\" (%s)", (int)weights->count,
                        last_of(model)->values, last_of(model)->name, last_of(model)->type);
}
