/* model_classes.c: see model_classes.h. */
#include "model/model_classes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/text.h"

enum { MOST_FILE = 1 << 15 };

/* The names in a file. */
struct names {
    char *text; /* owned */
    struct setting_texts list;
};

size_t model_class_count(const struct net *net)
{
    const size_t values = net->nodes[net->last].values;

    return values == 1 && net->target == NNRUN_LABELS ? 2 : values;
}

const char *model_class_name(const struct model *model, size_t class)
{
    const struct setting_texts *names = &model->settings.data.classes;

    return names->listed && class < (size_t)names->count ? names->value[class] : NULL;
}

/* ---- what a name may be ------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What is wrong with name i of those so far; NULL: nothing. */
static const char *fault_of(const struct setting_texts *names, int32_t i, int32_t *same)
{
    const char *name = names->value[i];
    const size_t length = strlen(name);

    *same = -1;
    if (length == 0)
        return "an empty name";
    if (length > MODEL_CLASS_NAME)
        return "a name of more than 64 bytes";
    if (!text_is_all_shown(name))
        return "a name that is not UTF-8 text, or has control characters";
    if (is_blank(name[0]) || is_blank(name[length - 1]))
        return "a name with blanks around it";
    for (int32_t k = 0; k < i; k++)
        if (strcmp(names->value[k], name) == 0) {
            *same = k;
            return "the same name as";
        }
    return NULL;
}

_Static_assert((int)MODEL_CLASS_NAME == 64, "the message says so");

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
    int32_t same;

    if (!names->listed && !*names->value[0])
        return;
    group = config_find(model->config, config_root(model->config), "data");
    for (int32_t i = 0; names->listed && i < names->count; i++) {
        const char *fault = fault_of(names, i, &same);
        if (fault && same >= 0)
            config_complain(model->config, group, "data", "classes", "item %d: %s item %d, \"%s\"",
                            (int)i + 1, fault, (int)same + 1, names->value[i]);
        else if (fault)
            config_complain(model->config, group, "data", "classes", "item %d: %s", (int)i + 1, fault);
    }
    if (!model->net)
        return;
    if (!has_classes(model))
        config_complain(model->config, group, "data", "classes",
                        "layer \"%s\" (%s) puts out one number, which has no classes to name",
                        last_of(model)->name, last_of(model)->type);
    else if (names->listed && (size_t)names->count != model_class_count(model->net))
        config_complain(model->config, group, "data", "classes",
                        "%d name%s for the %zu classes of layer \"%s\" (%s)", (int)names->count,
                        names->count == 1 ? "" : "s", model_class_count(model->net), last_of(model)->name,
                        last_of(model)->type);
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

/* ---- a file ------------------------------------------------------------------------------------------- */

static int check_line(const struct setting_texts *names, const char *path, struct error *error)
{
    const int32_t i = names->count - 1;
    const struct error_facts facts = {.file = path, .line = (unsigned)i + 1};
    int32_t same;
    const char *fault = fault_of(names, i, &same);

    if (!fault)
        return 0;
    if (same >= 0)
        return error_set_at(error, ERROR_DATA, &facts, "%s line %d, \"%s\"", fault, (int)same + 1,
                            names->value[i]);
    return error_set_at(error, ERROR_DATA, &facts, "%s, expected the name of class %d", fault, (int)i);
}

/* Cuts the text into lines, in place. */
static int split_lines(struct names *names, size_t size, const char *path, struct error *error)
{
    const struct error_facts facts = {.file = path};
    char *line = names->text, *next;

    if (memchr(line, '\0', size))
        return error_set_at(error, ERROR_DATA, &facts, "is not text, expected the name of a class per line");
    if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
        line += 3;
    for (; *line; line = next) {
        char *end = line + strcspn(line, "\n");

        next = end + (*end == '\n');
        while (end > line && is_blank(end[-1]))
            end--;
        *end = '\0';
        line += strspn(line, " \t");
        if (names->list.count == SETTING_MOST_LIST)
            return error_set_at(error, ERROR_DATA, &facts, "has more than %d lines, a label is a byte",
                                (int)SETTING_MOST_LIST);
        names->list.value[names->list.count++] = line;
        if (check_line(&names->list, path, error) != 0)
            return -1;
    }
    return 0;
}

/* Free names->text in either case. */
static int read_names(struct names *names, const struct model *model, const char *path, struct error *error)
{
    size_t size;

    *names = (struct names){.text = file_load(path, MOST_FILE, &size, error)};
    if (!names->text || split_lines(names, size, path, error) != 0)
        return -1;
    if ((size_t)names->list.count == model_class_count(model->net))
        return 0;
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                        "has %d name%s, but layer \"%s\" (%s) has %zu classes", (int)names->list.count,
                        names->list.count == 1 ? "" : "s", last_of(model)->name, last_of(model)->type,
                        model_class_count(model->net));
}

/* data.classes=("cat","dog"): fresh, NULL when out of memory. */
static char *override_of(const struct setting_texts *names)
{
    const size_t most = (size_t)names->count * (2 * MODEL_CLASS_NAME + 4);
    char *text = memory_format("%-*s", (int)(most + sizeof "data.classes=()"), "data.classes=("), *at;

    at = text ? strchr(text, '(') + 1 : NULL;
    for (int32_t i = 0; at && i < names->count; i++) {
        if (i > 0)
            *at++ = ',';
        *at++ = '"';
        for (const char *c = names->value[i]; *c; c++) {
            if (*c == '"' || *c == '\\')
                *at++ = '\\';
            *at++ = *c;
        }
        *at++ = '"';
    }
    if (at)
        memcpy(at, ")", 2);
    return text;
}

/* The list takes the place of the file in the config, so that all that is read of it from now on is the list. */
static int take_names(struct model *model, const struct setting_texts *names, struct error *error)
{
    char *override = override_of(names);
    int result;

    if (!override)
        return error_memory(error);
    result = config_give(model->config, override);
    free(override);
    if (result == 0)
        settings_read(model->config, &model->settings);
    return config_finish(model->config, error);
}

static int read_file(struct model *model, struct error *error)
{
    char *path;
    struct names names = {0};
    int result;

    /* a checkpoint may come from anyone: it names no file that is read here */
    if (model->of_checkpoint && !config_gives(model->config, "data.classes"))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(model->file)},
                            "names a file of its classes, expected a list of names in data.classes");
    path = model_paths_classes(model->config, &model->settings.data);
    if (!path)
        return error_memory(error);
    result = read_names(&names, model, path, error);
    if (result == 0)
        result = take_names(model, &names.list, error);
    free(names.text);
    free(path);
    return result;
}

/* ---- the same names ----------------------------------------------------------------------------------- */

/* The first class that two lists of the same length call by different names; their length: none. */
static int32_t first_other(const struct setting_texts *a, const struct setting_texts *b)
{
    int32_t i = 0;

    while (i < a->count && i < b->count && strcmp(a->value[i], b->value[i]) == 0)
        i++;
    return i;
}

static int check_same(const struct model *model, struct error *error)
{
    const struct setting_texts *now = &model->settings.data.classes;
    struct settings before;
    int32_t i;

    settings_read(model->own_config, &before);
    if (!before.data.classes.listed || (i = first_other(&before.data.classes, now)) == now->count)
        return 0;
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(model->file)},
                        "class %d is \"%s\", but \"%s\" in data.classes: the network was trained on other "
                        "classes; leave data.classes out to use its own names",
                        (int)i, before.data.classes.value[i], now->value[i]);
}

int model_classes_read(struct model *model, struct error *error)
{
    const struct setting_texts *names = &model->settings.data.classes;

    if (!names->listed && *names->value[0] && read_file(model, error) != 0)
        return -1;
    return model->own_config && names->listed ? check_same(model, error) : 0;
}

int model_classes_check_data(const struct model *model, const char *labels, struct error *error)
{
    const struct setting_texts *own = &model->settings.data.classes;
    const char *slash = strrchr(labels, '/');
    struct names names = {0};
    char *path;
    int result = 0;
    int32_t i;

    if (!own->listed)
        return 0;
    path = memory_format("%.*s" MODEL_CLASSES_FILE, slash ? (int)(slash - labels) + 1 : 0, labels);
    if (!path)
        return error_memory(error);
    if (access(path, F_OK) == 0) {
        result = read_names(&names, model, path, error);
        if (result == 0 && (i = first_other(own, &names.list)) < own->count)
            result =
                error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                             "class %d is \"%s\", but \"%s\" in the network: these data have other classes",
                             (int)i, names.list.value[i], own->value[i]);
    }
    free(names.text);
    free(path);
    return result;
}
