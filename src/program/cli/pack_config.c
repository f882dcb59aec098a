/* pack_config.c: see pack_config.h. */
#include "cli/pack_config.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/memory_file.h"
#include "base/text.h"
#include "cli/pack_paths.h"
#include "cli/packed_name.h"
#include "cli/shell.h"

enum { COMMENT_AT = 44, LINE = 8 * PATH_MAX, MOST_VALIDATION = 5000, LEAST_TRAINING = 20, COLOURS = 3 };

/* ---- text --------------------------------------------------------------------------------------------- */

/* A config under way. */
struct writing {
    FILE *to;
    const struct pack_result *result;
    const char *path, *name;        /* of the config, of the network */
    const char *folder;             /* as the config names it */
    size_t channels, height, width; /* of a picture; channels 0: a row of numbers */
};

/* A line, and what it is about. */
static void put(const struct writing *w, const char *comment, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void put(const struct writing *w, const char *comment, const char *format, ...)
{
    va_list args;
    int columns;

    va_start(args, format);
    columns = vfprintf(w->to, format, args);
    va_end(args);
    if (comment)
        fprintf(w->to, "%*s// %s", columns < COMMENT_AT ? COMMENT_AT - columns : 1, "", comment);
    fputc('\n', w->to);
}

/* As a string of the config: quoted, with control characters in hexadecimal. */
static const char *quoted(const char *a, const char *b, char text[LINE])
{
    const char *parts[] = {a, b};
    size_t used = 0;

    text[used++] = '"';
    for (size_t i = 0; i < 2; i++)
        for (const char *at = parts[i]; *at && used < LINE - 8; at++) {
            const unsigned char byte = (unsigned char)*at;
            if (byte == '"' || byte == '\\')
                text[used++] = '\\';
            if (byte < ' ' || byte == 127)
                used += (size_t)snprintf(text + used, LINE - used, "\\x%02x", byte);
            else
                text[used++] = *at;
        }
    text[used++] = '"';
    text[used] = '\0';
    return text;
}

static void add_reals(char text[LINE], const char *key, const double *values, size_t count, double least)
{
    text_add(text, LINE, "%s = %s", key, count > 1 ? "[" : "");
    for (size_t i = 0; i < count; i++)
        text_add(text, LINE, "%s%.4f", i ? ", " : "", values[i] > least ? values[i] : least);
    text_add(text, LINE, "%s;", count > 1 ? "]" : "");
}

/* Of the training samples. */
static void put_scale(const struct writing *w)
{
    const struct statistics *of = &w->result->statistics;
    char mean[LINE] = "", std[LINE] = "";

    add_reals(mean, "mean", of->mean, of->channels, 0);
    add_reals(std, "std", of->deviation, of->channels, 0.001);
    put(w, "of training: pixels 0..255 become", "    %s", mean);
    put(w, "(p / 255 - mean) / std", "    %s", std);
}

static void put_files(const struct writing *w, enum pack_part part, const char *comment)
{
    const struct pack_part_result *files = &w->result->parts[part];
    char images[LINE], labels[LINE], folder[LINE];

    if (files->samples == 0)
        return;
    snprintf(folder, sizeof folder, "%s/", w->folder);
    put(w, comment, "    %s: {", pack_part_name(part));
    put(w, NULL, "        images = %s;", quoted(folder, files->images, images));
    put(w, NULL, "        labels = %s;", quoted(folder, files->labels, labels));
    put(w, NULL, "    };");
}

/* The names that a folder of data is known by: of grey pictures with one label each. */
static bool has_usual_names(const struct pack_result *result)
{
    return result->form.shape.rank == 2 && result->form.kind == PACK_BYTES && result->form.label_width == 1 &&
           result->parts[PACK_TEST].samples > 0;
}

bool pack_config_validates(const struct pack_result *result)
{
    return result->parts[PACK_VALIDATION].samples > 0 || result->parts[PACK_TRAIN].samples >= LEAST_TRAINING;
}

bool pack_config_has_pictures(const struct pack_result *result)
{
    return strcmp(result->format, "folder") == 0;
}

static void put_data(const struct writing *w)
{
    const struct pack_result *result = w->result;
    const size_t train = result->parts[PACK_TRAIN].samples;
    const size_t tenth = train / 10 < MOST_VALIDATION ? train / 10 : MOST_VALIDATION;
    char text[LINE];

    fputc('\n', w->to);
    put(w, NULL, "data: {");
    if (has_usual_names(result)) {
        put(w, "what nnrun pack wrote", "    directory = %s;", quoted(w->folder, "", text));
    } else {
        put_files(w, PACK_TRAIN, "what nnrun pack wrote");
        put_files(w, PACK_TEST, NULL);
    }
    put(w, "names, one per line", "    classes = %s;", quoted(w->folder, "/" OUTPUT_CLASSES, text));
    if (result->named)
        put(w, "of the table, one per line", "    columns = %s;",
            quoted(w->folder, "/" OUTPUT_COLUMNS, text));
    if (result->parts[PACK_VALIDATION].samples > 0) {
        put_files(w, PACK_VALIDATION, "to choose the best weights by");
    } else if (pack_config_validates(result)) {
        put(w, "training samples to choose the best weights by", "    validation = %zu;", tenth);
        if (result->form.label_width == 1)
            put(w, "of each class the same part", "    split = \"stratified\";");
    }
    if (result->form.kind == PACK_FLOATS) {
        put(w, "not pixels from 0 to 255", "    values = \"numbers\";");
        put(w, "each brought to mean 0 and deviation 1", "    normalize = \"train\";");
    } else {
        put_scale(w);
    }
    if (result->prepare)
        put(w, "how other pictures become such samples", "    prepare = \"%s\";", result->prepare);
    if (result->transposed && !pack_config_has_pictures(result)) {
        put(w, "by nnrun pack: so are other samples of the source", "    transposed = true;");
    } else if (result->transposed) {
        put(w, NULL,
            "    // nnrun pack transposed these pictures. nnrun predict and nnrun serve take pictures as they");
        put(w, NULL, "    // are: if they lie as the source's did, transpose them first.");
    }
    if (w->channels == COLOURS)
        put(w, "half of them mirrored: not for letters or signs", "    augment: { flip = 0.5; shift = 2; };");
    put(w, NULL, "};");
}

static size_t smaller(const struct writing *w)
{
    return w->height < w->width ? w->height : w->width;
}

/* Grey and small, as MNIST's digits are: LeNet. */
static void put_lenet(const struct writing *w)
{
    put(w, NULL, "    { type = \"conv\"; filters = 6; kernel = 5; pad = 2; init = \"he\"; },");
    put(w, NULL, "    { type = \"relu\"; },");
    put(w, "the largest of each 2 x 2", "    { type = \"pool\"; kernel = 2; },");
    put(w, NULL, "    { type = \"conv\"; filters = 16; kernel = 5; init = \"he\"; },");
    put(w, NULL, "    { type = \"relu\"; },");
    put(w, NULL, "    { type = \"pool\"; kernel = 2; },");
    put(w, NULL, "    { type = \"dense\"; units = 120; init = \"he\"; },");
    put(w, NULL, "    { type = \"relu\"; },");
    put(w, NULL, "    { type = \"dense\"; units = 84; init = \"he\"; },");
    put(w, NULL, "    { type = \"relu\"; },");
}

static void put_convolutions(const struct writing *w)
{
    enum { FIRST_FILTERS = 16, MOST_FILTERS = 128, LEAST_SIDE = 4, LAST_SIDE = 8 };
    size_t side = smaller(w), filters = FIRST_FILTERS;

    for (bool first = true; first || side >= LAST_SIDE; first = false) {
        put(w, first ? "the norm after it has the bias" : NULL,
            "    { type = \"conv\"; filters = %zu; kernel = 3; pad = 1; bias = false; init = \"he\"; },",
            filters);
        put(w, NULL, "    { type = \"batchnorm\"; },");
        put(w, NULL, "    { type = \"relu\"; },");
        if (side < LEAST_SIDE)
            break;
        put(w, first ? "the largest of each 2 x 2" : NULL, "    { type = \"pool\"; kernel = 2; },");
        side /= 2;
        filters = filters < MOST_FILTERS ? 2 * filters : filters;
    }
    put(w, NULL, "    { type = \"dense\"; units = 64; init = \"he\"; },");
    put(w, NULL, "    { type = \"relu\"; },");
    put(w, "against learning by heart", "    { type = \"dropout\"; rate = 0.25; },");
}

static void put_perceptron(const struct writing *w)
{
    put(w, NULL, "    { type = \"dense\"; units = 128; init = \"he\"; },");
    put(w, NULL, "    { type = \"relu\"; },");
    put(w, NULL, "    { type = \"dense\"; units = 64; init = \"he\"; },");
    put(w, NULL, "    { type = \"relu\"; },");
}

static void put_network(const struct writing *w)
{
    enum { LENET_LEAST = 12, LENET_MOST = 40 };
    const bool several = w->result->form.label_width > 1;
    const size_t outputs = several ? w->result->form.label_width : w->result->order.count;

    fputc('\n', w->to);
    put(w, "each layer's input is the output of the one before it", "network = (");
    if (w->channels == 0)
        put_perceptron(w);
    else if (w->channels == 1 && smaller(w) >= LENET_LEAST && smaller(w) <= LENET_MOST)
        put_lenet(w);
    else
        put_convolutions(w);
    put(w, several ? "one for each label" : "one for each class", "    { type = \"dense\"; units = %zu; },",
        outputs);
    if (several)
        put(w, "a probability for each label, and the loss", "    { type = \"logistic\"; }");
    else
        put(w, "probabilities of the classes, and the loss", "    { type = \"softmax\"; }");
    put(w, NULL, ");");
}

/* Small sets take smaller batches and more epochs, so that there are some thousand steps. */
static void put_train(const struct writing *w)
{
    enum { STEPS = 5000, LEAST_EPOCHS = 10, MOST_EPOCHS = 60, MANY = 2000, SOME = 500 };
    const size_t train = w->result->parts[PACK_TRAIN].samples;
    const size_t batch = train >= MANY ? 64 : train >= SOME ? 32 : 16;
    const size_t wanted = STEPS / (train / batch + 1);
    const size_t epochs = wanted < LEAST_EPOCHS ? LEAST_EPOCHS : wanted > MOST_EPOCHS ? MOST_EPOCHS : wanted;

    fputc('\n', w->to);
    put(w, NULL, "train: {");
    put(w, NULL, "    epochs = %zu; batch = %zu; seed = 1;", epochs, batch);
    put(w, NULL, "    optimizer: { type = \"adam\"; rate = 0.001; };");
    put(w, NULL, "    schedule: { type = \"cosine\"; warmup = 0.5; };");
    for (size_t i = 0; w->result->form.label_width == 1 && i < w->result->remarks.count; i++)
        if (strcmp(w->result->remarks.list[i].kind, "few_samples") == 0) {
            put(w, "some classes have few samples:", "    // class_weights = \"balanced\";");
            break;
        }
    put(w, NULL, "};");
}

static void put_input(const struct writing *w)
{
    if (w->channels > 0)
        put(w, "channels, height, width of a picture", "input = [%zu, %zu, %zu];", w->channels, w->height,
            w->width);
    else
        put(w, "values of a sample", "input = %zu;", nnrun_values(&w->result->form.shape));
}

static void put_all(struct writing *w)
{
    const struct nnrun_shape *shape = &w->result->form.shape;
    const char *slash = strrchr(w->path, '/');
    char text[LINE], word[SHELL_WORD];

    if (shape->rank == 2 || shape->rank == 3) {
        w->channels = shape->rank == 3 ? (size_t)shape->dim[0] : 1;
        w->height = (size_t)shape->dim[shape->rank - 2];
        w->width = (size_t)shape->dim[shape->rank - 1];
    }
    put(w, NULL,
        "// %s: a network to start from, for data that nnrun pack wrote. nnrun.cfg(5) lists all keys.",
        w->name);
    snprintf(text, sizeof text, "%s", slash ? slash + 1 : w->path);
    text_make_printable(text);
    put(w, NULL, "//   nnrun %s train.epochs=3        trains it; any key can be overridden so",
        shell_word(text, word));
    put(w, NULL, "name = %s;", quoted(w->name, "", text));
    put_input(w);
    put_data(w);
    put_network(w);
    put_train(w);
}

int pack_config_write(struct file_replacement *file, const char *folder, bool over,
                      const struct pack_result *result, struct error *error)
{
    char *name = packed_name(file->path), *from = pack_paths_from(file->path, folder, error), *text = NULL;
    struct writing w = {.result = result, .path = file->path, .name = name, .folder = from};
    struct memory_file memory;
    size_t size = 0;
    int failed = 0;

    if (name && from) {
        if ((w.to = memory_file_open(&memory)))
            put_all(&w);
        text = memory_file_close(&memory, &size);
    }
    if (!text) {
        failed = -1;
        if (error->code == ERROR_NONE)
            error_memory(error);
        file_replace_abandon(file);
    } else if (file_replace_write(file, text, size, error) != 0 ||
               (over ? file_replace_commit : file_replace_commit_new)(file, error) != 0) {
        failed = -1;
    }
    free(text);
    free(name);
    free(from);
    return failed ? -1 : 0;
}
