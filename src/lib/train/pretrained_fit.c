/* pretrained_fit.c: see pretrained_fit.h. */
#include "train/pretrained_fit.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

enum { SHAPE_TEXT = 160 };

static bool same_shape(const struct tensor *from, const struct net_tensor *to)
{
    const struct nnrun_shape *shape = &to->made.shape;
    bool same = from->rank == (uint32_t)shape->rank;

    for (uint32_t i = 0; same && i < from->rank; i++)
        same = from->dim[i] == (uint64_t)shape->dim[i];
    return same;
}

enum pretrained_fit pretrained_fit(const struct tensor *from, const struct net_tensor *to)
{
    if (!from)
        return PRETRAINED_MISSING;
    if (from->type != TENSOR_F32 && from->type != TENSOR_F16 && from->type != TENSOR_BF16)
        return PRETRAINED_TYPE;
    return same_shape(from, to) ? PRETRAINED_FITS : PRETRAINED_SHAPE;
}

static const char *shape_text(const struct tensor *tensor, char text[SHAPE_TEXT])
{
    text[0] = '\0';
    for (uint32_t i = 0; i < tensor->rank; i++)
        text_add(text, SHAPE_TEXT, "%s%" PRIu64, i ? "x" : "", tensor->dim[i]);
    return tensor->rank > 0 ? text : "one number";
}

const char *pretrained_fit_text(const struct pretrained *pretrained, const struct pretrained_tensor *tensor,
                                char text[PRETRAINED_LINE])
{
    const char *own = tensor->to->name;
    char there[SHAPE_TEXT], here[NET_SHAPE_TEXT];

    text[0] = '\0';
    switch (tensor->fit) {
    case PRETRAINED_FITS:
        text_add(text, PRETRAINED_LINE, "fits");
        break;
    case PRETRAINED_MISSING:
        text_add(text, PRETRAINED_LINE, "is missing");
        break;
    case PRETRAINED_SHAPE:
        text_add(text, PRETRAINED_LINE, "is %s there, not %s", shape_text(tensor->from, there),
                 net_shape_text(&tensor->to->made.shape, here));
        break;
    case PRETRAINED_TYPE:
        text_add(text, PRETRAINED_LINE, "is %.32s there; F32, F16 or BF16 is expected",
                 safetensors_tensor_dtype(pretrained->file, tensor->from));
        break;
    }
    if (strcmp(tensor->wanted, own) != 0)
        text_add(text, PRETRAINED_LINE, " (\"%.200s\")", tensor->wanted);
    text_make_printable(text);
    return text;
}
