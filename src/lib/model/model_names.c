/* model_names.c: see model_names.h. */
#include "model/model_names.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/text.h"

enum { MOST_FILE = 1 << 15, CLASS_NAME = 64, MOST_CLASSES = 256, COLUMN_NAME = 128 };

struct model_names_kind {
    const char *key, *path; /* of the setting: "classes", "data.classes" */
    const char *file;       /* in a folder of data */
    const char *one, *many; /* what is named */
    size_t length;          /* bytes of a name */
    const char *too_long, *too_many;
    int32_t most;
};

const struct model_names_kind model_names_classes = {.key = "classes",
                                                     .path = "data.classes",
                                                     .file = "classes.txt",
                                                     .one = "class",
                                                     .many = "classes",
                                                     .length = CLASS_NAME,
                                                     .too_long = "a name of more than 64 bytes",
                                                     .too_many = "has more than 256 lines, a label is a byte",
                                                     .most = MOST_CLASSES};
const struct model_names_kind model_names_columns = {.key = "columns",
                                                     .path = "data.columns",
                                                     .file = "columns.txt",
                                                     .one = "column",
                                                     .many = "columns",
                                                     .length = COLUMN_NAME,
                                                     .too_long = "a name of more than 128 bytes",
                                                     .too_many = "has more than 1024 lines",
                                                     .most = SETTING_MOST_TEXTS};

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

static const struct setting_texts *names_of(const struct settings *settings,
                                            const struct model_names_kind *kind)
{
    return kind == &model_names_classes ? &settings->data.classes : &settings->data.columns;
}

/* How many a network has. */
static size_t count_of(const struct model *model, const struct model_names_kind *kind)
{
    return kind == &model_names_classes ? model_class_count(model->net) : model->net->input_values;
}

/* ---- what a name may be ------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What is wrong with name i of those so far; NULL: nothing. */
static const char *fault_of(const struct model_names_kind *kind, const struct setting_texts *names, int32_t i,
                            int32_t *same)
{
    const char *name = names->value[i];
    const size_t length = strlen(name);

    *same = -1;
    if (length == 0)
        return "an empty name";
    if (length > kind->length)
        return kind->too_long;
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

void model_names_check_list(const struct model *model, const struct model_names_kind *kind)
{
    const struct setting_texts *names = names_of(&model->settings, kind);
    config_group *group;
    int32_t same;

    if (!names->listed)
        return;
    group = config_find(model->config, config_root(model->config), "data");
    for (int32_t i = 0; i < names->count; i++) {
        const char *fault = fault_of(kind, names, i, &same);
        if (fault && same >= 0)
            config_complain(model->config, group, "data", kind->key, "item %d: %s item %d, \"%s\"",
                            (int)i + 1, fault, (int)same + 1, names->value[i]);
        else if (fault)
            config_complain(model->config, group, "data", kind->key, "item %d: %s", (int)i + 1, fault);
    }
}

void model_columns_check_list(const struct model *model)
{
    const struct setting_texts *names = &model->settings.data.columns;

    model_names_check_list(model, &model_names_columns);
    if (model->net && names->listed && (size_t)names->count != model->net->input_values)
        config_complain(model->config, config_find(model->config, config_root(model->config), "data"), "data",
                        "columns", "%d name%s for the %zu values of a sample", (int)names->count,
                        text_plural((size_t)names->count), model->net->input_values);
}

/* ---- a file ------------------------------------------------------------------------------------------- */

static int check_line(const struct model_names_kind *kind, const struct setting_texts *names,
                      const char *path, struct error *error)
{
    const int32_t i = names->count - 1;
    const struct error_facts facts = {.file = path, .line = (unsigned)i + 1};
    int32_t same;
    const char *fault = fault_of(kind, names, i, &same);

    if (!fault)
        return 0;
    if (same >= 0)
        return error_set_at(error, ERROR_DATA, &facts, "%s line %d, \"%s\"", fault, (int)same + 1,
                            names->value[i]);
    return error_set_at(error, ERROR_DATA, &facts, "%s, expected the name of %s %d", fault, kind->one,
                        (int)i);
}

/* Cuts the text into lines, in place. */
static int split_lines(const struct model_names_kind *kind, struct names *names, size_t size,
                       const char *path, struct error *error)
{
    const struct error_facts facts = {.file = path};
    char *line = names->text, *next;

    if (memchr(line, '\0', size))
        return error_set_at(error, ERROR_DATA, &facts, "is not text, expected the name of a %s per line",
                            kind->one);
    for (line += text_mark(line, size); *line; line = next) {
        next = text_end_line(line);
        line += strspn(line, " \t");
        if (names->list.count == kind->most)
            return error_set_at(error, ERROR_DATA, &facts, "%s", kind->too_many);
        names->list.value[names->list.count++] = line;
        if (check_line(kind, &names->list, path, error) != 0)
            return -1;
    }
    return 0;
}

static int check_count(const struct model *model, const struct model_names_kind *kind, int32_t count,
                       const char *path, struct error *error)
{
    const struct net_node *last = &model->net->nodes[model->net->last];
    const struct error_facts facts = {.file = path};
    const size_t wanted = count_of(model, kind);

    if ((size_t)count == wanted)
        return 0;
    if (kind == &model_names_classes)
        return error_set_at(error, ERROR_DATA, &facts, "has %d name%s, but layer \"%s\" (%s) has %zu classes",
                            (int)count, text_plural((size_t)count), last->name, last->type, wanted);
    return error_set_at(error, ERROR_DATA, &facts, "has %d name%s, but a sample has %zu value%s", (int)count,
                        text_plural((size_t)count), wanted, text_plural(wanted));
}

/* Free names->text in either case. */
static int read_names(struct names *names, const struct model *model, const struct model_names_kind *kind,
                      const char *path, struct error *error)
{
    size_t size;

    *names = (struct names){.text = file_load(path, MOST_FILE, &size, error)};
    if (!names->text || split_lines(kind, names, size, path, error) != 0)
        return -1;
    return check_count(model, kind, names->list.count, path, error);
}

/* data.classes=("cat","dog"): fresh, NULL when out of memory. */
static char *override_of(const struct model_names_kind *kind, const struct setting_texts *names)
{
    size_t most = strlen(kind->path) + sizeof "=()";
    char *text, *at;

    for (int32_t i = 0; i < names->count; i++)
        most += 2 * strlen(names->value[i]) + strlen("\"\",");
    text = memory_array(most, 1);
    if (!text)
        return NULL;
    at = stpcpy(stpcpy(text, kind->path), "=(");
    for (int32_t i = 0; i < names->count; i++) {
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
    memcpy(at, ")", 2);
    return text;
}

/* The list takes the place of the file in the config, so that all that is read of it from now on is the list. */
static int take_names(struct model *model, const struct model_names_kind *kind,
                      const struct setting_texts *names, struct error *error)
{
    char *override = override_of(kind, names);
    int result;

    if (!override)
        return error_memory(error);
    result = config_give(model->config, override);
    free(override);
    if (result == 0)
        settings_read(model->config, &model->settings);
    return config_finish(model->config, error);
}

static int read_file(struct model *model, const struct model_names_kind *kind, const char *file,
                     struct error *error)
{
    char *path;
    struct names names = {0};
    int result;

    /* a checkpoint may come from anyone: it names no file that is read here */
    if (model->of_checkpoint && !config_gives(model->config, kind->path))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(model->file)},
                            "names a file of its %s, expected a list of names in %s", kind->many, kind->path);
    path = model_paths_names(model->config, &model->settings.data, kind->key, file);
    if (!path)
        return error_memory(error);
    result = read_names(&names, model, kind, path, error);
    if (result == 0)
        result = take_names(model, kind, &names.list, error);
    free(names.text);
    free(path);
    return result;
}

/* ---- the same names ----------------------------------------------------------------------------------- */

/* The first name in which two lists of the same length differ; their length: none. */
static int32_t first_other(const struct setting_texts *a, const struct setting_texts *b)
{
    int32_t i = 0;

    while (i < a->count && i < b->count && strcmp(a->value[i], b->value[i]) == 0)
        i++;
    return i;
}

static int check_same(const struct model *model, const struct model_names_kind *kind, struct error *error)
{
    const struct setting_texts *now = names_of(&model->settings, kind), *own;
    struct settings before;
    int32_t i;

    settings_read(model->own_config, &before);
    own = names_of(&before, kind);
    if (!own->listed || (i = first_other(own, now)) == now->count)
        return 0;
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(model->file)},
                        "%s %d is \"%s\", but \"%s\" in %s: the network was trained on other "
                        "%s; leave %s out to use its own names",
                        kind->one, (int)i, own->value[i], now->value[i], kind->path, kind->many, kind->path);
}

static int read_kind(struct model *model, const struct model_names_kind *kind, struct error *error)
{
    const struct setting_texts *names = names_of(&model->settings, kind);

    if (!names->listed && *names->value[0] && read_file(model, kind, names->value[0], error) != 0)
        return -1;
    return model->own_config && names->listed ? check_same(model, kind, error) : 0;
}

int model_names_read(struct model *model, struct error *error)
{
    return read_kind(model, &model_names_classes, error) || read_kind(model, &model_names_columns, error) ? -1
                                                                                                          : 0;
}

static int check_beside(const struct model *model, const struct model_names_kind *kind, const char *labels,
                        struct error *error)
{
    const struct setting_texts *own = names_of(&model->settings, kind);
    const char *slash = strrchr(labels, '/');
    struct names names = {0};
    char *path;
    int result = 0;
    int32_t i;

    if (!own->listed)
        return 0;
    path = memory_format("%.*s%s", slash ? (int)(slash - labels) + 1 : 0, labels, kind->file);
    if (!path)
        return error_memory(error);
    if (access(path, F_OK) == 0) {
        result = read_names(&names, model, kind, path, error);
        if (result == 0 && (i = first_other(own, &names.list)) < own->count)
            result = error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                  "%s %d is \"%s\", but \"%s\" in the network: these data have other %s",
                                  kind->one, (int)i, names.list.value[i], own->value[i], kind->many);
    }
    free(names.text);
    free(path);
    return result;
}

int model_names_check_data(const struct model *model, const char *labels, struct error *error)
{
    return check_beside(model, &model_names_classes, labels, error) ||
                   check_beside(model, &model_names_columns, labels, error)
               ? -1
               : 0;
}
