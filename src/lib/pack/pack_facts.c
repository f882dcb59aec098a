/* pack_facts.c: see pack_facts.h. */
#include "pack/pack_facts.h"

#include <string.h>

#include "base/json_text.h"

static json_t *names_json(char *const *names, size_t count)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < count; i++)
        failed |= json_array_append_new(list, json_text(names[i]));
    return json_whole(list, failed);
}

static json_t *paths_json(const struct pack_spec *spec)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < spec->path_count; i++)
        failed |= json_array_append_new(list, json_text(spec->paths[i]));
    return json_whole(list, failed);
}

static json_t *reals_json(const double *values, size_t count)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < count; i++)
        failed |= json_array_append_new(list, json_real(values[i]));
    return json_whole(list, failed);
}

static json_t *part_json(const struct pack_part_result *part, size_t classes)
{
    json_t *counts = json_array(), *object;
    int failed = 0;

    for (size_t i = 0; i < classes; i++)
        failed |= json_array_append_new(counts, json_integer((json_int_t)part->by_class[i]));
    object = json_pack("{s:I, s:s, s:o}", "samples", (json_int_t)part->samples, "images", part->images,
                       "by_class", json_whole(counts, failed));
    if (object && *part->labels)
        failed = json_object_set_new(object, "labels", json_string(part->labels));
    return json_whole(object, failed);
}

static json_t *parts_json(const struct pack_result *result)
{
    json_t *object = json_object();
    int failed = 0;

    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
        if (result->parts[part].samples > 0)
            failed |= json_object_set_new(object, pack_part_name(part),
                                          part_json(&result->parts[part], result->order.count));
    return json_whole(object, failed);
}

/* Those that change what is written, where they are given. */
static json_t *options_json(const struct pack_spec *spec)
{
    static const char *const colours[] = {NULL, "grey", "rgb"}, *const fitting[] = {"stretch", "fit", "crop"};
    const struct pack_options *options = &spec->options;
    json_t *object = json_pack("{s:I}", "seed", (json_int_t)options->seed);
    int failed = 0;

    if (options->height > 0)
        failed |= json_object_set_new(
            object, "size", json_pack("[I, I]", (json_int_t)options->height, (json_int_t)options->width));
    if (options->height > 0)
        failed |= json_object_set_new(object, "fitting", json_string(fitting[options->fitting]));
    if (colours[options->colours])
        failed |= json_object_set_new(object, "colours", json_string(colours[options->colours]));
    if (options->test >= 0)
        failed |= json_object_set_new(object, "test", json_real(options->test));
    if (options->label)
        failed |= json_object_set_new(object, "label", json_text(options->label));
    if (options->header != PACK_HEADER_LOOK)
        failed |= json_object_set_new(object, "header", json_boolean(options->header == PACK_HEADER_YES));
    if (options->numbered)
        failed |= json_object_set_new(object, "first_label", json_integer((json_int_t)options->first_label));
    const struct {
        const char *name;
        bool is;
    } flags[] = {{"natural", options->natural},
                 {"skip_broken", options->skip_broken},
                 {"transpose", options->transpose},
                 {"unique", spec->unique},
                 {"skip_constant", spec->skip_constant}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (flags[i].is)
            failed |= json_object_set_new(object, flags[i].name, json_true());
    return json_whole(object, failed);
}

json_t *pack_facts_remark(const struct remark *remark)
{
    json_t *object = json_pack("{s:s, s:I, s:o}", "kind", remark->kind, "count", (json_int_t)remark->count,
                               "text", json_text(remark->text));
    int failed = 0;

    if (object && remark->option)
        failed =
            json_object_set_new(object, "option", json_stringn(remark->option, strcspn(remark->option, " ")));
    return json_whole(object, failed);
}

static json_t *remarks_json(const struct remarks *remarks)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < remarks->count; i++)
        failed |= json_array_append_new(list, pack_facts_remark(&remarks->list[i]));
    return json_whole(list, failed);
}

/* All names in the folder. */
static json_t *files_json(const struct pack_result *result)
{
    json_t *list = json_array();
    int failed = 0;

    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++) {
        if (*result->parts[part].images)
            failed |= json_array_append_new(list, json_string(result->parts[part].images));
        if (*result->parts[part].labels)
            failed |= json_array_append_new(list, json_string(result->parts[part].labels));
    }
    if (result->order.count > 0)
        failed |= json_array_append_new(list, json_string(OUTPUT_CLASSES));
    if (result->named)
        failed |= json_array_append_new(list, json_string(OUTPUT_COLUMNS));
    failed |= json_array_append_new(list, json_string(OUTPUT_FACTS));
    return json_whole(list, failed);
}

/* Of a table; the object is taken over, and may be NULL. */
static json_t *add_columns(json_t *object, const struct pack_result *result)
{
    int failed = 0;

    if (object && result->columns)
        failed |= json_object_set_new(object, "columns", names_json(result->columns, result->column_count));
    if (object && result->label_column > 0)
        failed |= json_object_set_new(object, "label_column", json_integer((json_int_t)result->label_column));
    if (object && result->label_name)
        failed |= json_object_set_new(object, "label_name", json_text(result->label_name));
    return json_whole(object, failed);
}

json_t *pack_facts(const struct pack_spec *spec, const struct pack_result *result)
{
    const struct pack_form *form = &result->form;
    json_t *object = json_pack(
        "{s:i, s:s, s:o, s:o, s:s, s:o, s:s?, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "format", PACKED_FORMAT,
        "kind", result->format, "source", paths_json(spec), "options", options_json(spec), "values",
        form->kind == PACK_FLOATS ? "float" : "ubyte", "shape",
        json_shape((size_t)form->shape.rank, form->shape.dim), "prepare", result->prepare, "transposed",
        (int)result->transposed, "classes", names_json(result->order.names, result->order.count), "parts",
        parts_json(result), "mean", reals_json(result->statistics.mean, result->statistics.channels),
        "deviation", reals_json(result->statistics.deviation, result->statistics.channels), "remarks",
        remarks_json(&result->remarks), "files", files_json(result));

    return add_columns(object, result);
}
