/* pretrained_text.c: see pretrained_text.h. */
#include "train/pretrained_text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"

enum { MOST_UNUSED = 8 };

/* ---- text ---------------------------------------------------------------------------------------------- */

/* Lines that are joined. */
struct lines {
    char *text;
    size_t used, room;
    bool failed;
};

static void add_line(struct lines *lines, const char *line)
{
    const size_t length = strlen(line) + 1;

    if (lines->failed)
        return;
    if (lines->room - lines->used <= length) {
        char *more = memory_resize(lines->text, lines->room + length, 2);
        lines->failed = !more;
        if (!more)
            return;
        lines->text = more;
        lines->room = (lines->room + length) * 2;
    }
    memcpy(lines->text + lines->used, line, length - 1);
    lines->used += length;
    lines->text[lines->used - 1] = '\n';
    lines->text[lines->used] = '\0';
}

static void add_unused(struct lines *lines, const struct pretrained *p)
{
    char line[PRETRAINED_LINE] = "";

    text_add(line, sizeof line, "  not used: ");
    for (size_t i = 0; i < p->unused_count && i < MOST_UNUSED; i++)
        text_add(line, sizeof line, "%s%.40s", i ? ", " : "", p->unused[i]->name);
    if (p->unused_count > MOST_UNUSED)
        text_add(line, sizeof line, " and %zu more", p->unused_count - MOST_UNUSED);
    text_make_printable(line);
    if (p->unused_count > 0)
        add_line(lines, line);
}

char *pretrained_text(const struct pretrained *pretrained)
{
    struct lines lines = {0};
    char line[2 * PRETRAINED_LINE] = "", fit[PRETRAINED_LINE];
    int width = 0;

    text_add(line, sizeof line, "weights from %.200s: %zu of %zu tensors fit",
             safetensors_label(pretrained->file), pretrained->fit, pretrained->count);
    text_make_printable(line);
    add_line(&lines, line);
    for (size_t i = 0; i < pretrained->count; i++)
        width = (int)strlen(pretrained->tensors[i].to->name) > width
                    ? (int)strlen(pretrained->tensors[i].to->name)
                    : width;
    for (size_t i = 0; i < pretrained->count; i++) {
        snprintf(line, sizeof line, "  %-*s  %s", width, pretrained->tensors[i].to->name,
                 pretrained_fit_text(pretrained, &pretrained->tensors[i], fit));
        add_line(&lines, line);
    }
    add_unused(&lines, pretrained);
    if (lines.failed) {
        free(lines.text);
        lines.text = NULL;
    }
    return lines.text;
}

/* ---- JSON ---------------------------------------------------------------------------------------------- */

static json_t *file_shape(const struct tensor *tensor)
{
    json_t *list = json_array();
    int failed = 0;

    for (uint32_t i = 0; i < tensor->rank; i++)
        failed |= json_array_append_new(list, json_integer((json_int_t)tensor->dim[i]));
    return json_whole(list, failed);
}

static json_t *file_tensor(const struct pretrained *p, const struct tensor *tensor)
{
    return json_pack("{s:o, s:o, s:o}", "name", json_text(tensor->name), "dtype",
                     json_text(safetensors_tensor_dtype(p->file, tensor)), "shape", file_shape(tensor));
}

char *pretrained_json(const struct pretrained *pretrained)
{
    static const char *const words[] = {[PRETRAINED_FITS] = "fits",
                                        [PRETRAINED_MISSING] = "missing",
                                        [PRETRAINED_SHAPE] = "shape",
                                        [PRETRAINED_TYPE] = "dtype"};
    json_t *tensors = json_array(), *unused = json_array();
    int failed = 0, unused_failed = 0;

    for (size_t i = 0; i < pretrained->count; i++) {
        const struct pretrained_tensor *tensor = &pretrained->tensors[i];
        failed |= json_array_append_new(
            tensors, json_pack("{s:o, s:o, s:s, s:o, s:o}", "name", json_text(tensor->to->name), "shape",
                               json_shape((size_t)tensor->to->made.shape.rank, tensor->to->made.shape.dim),
                               "found", words[tensor->fit], "wanted", json_text(tensor->wanted), "there",
                               tensor->from ? file_tensor(pretrained, tensor->from) : json_null()));
    }
    for (size_t i = 0; i < pretrained->unused_count; i++)
        unused_failed |= json_array_append_new(unused, file_tensor(pretrained, pretrained->unused[i]));
    return json_line(json_pack("{s:s, s:i, s:o, s:s, s:I, s:o, s:o}", "event", "weights", "step", 0, "file",
                               json_text(safetensors_label(pretrained->file)), "hash",
                               safetensors_hash(pretrained->file), "fit", (json_int_t)pretrained->fit,
                               "tensors", json_whole(tensors, failed), "unused",
                               json_whole(unused, unused_failed)),
                     9);
}
