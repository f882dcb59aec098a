/* config_said.c: see config_said.h. */
#include "config_said.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#define AT(member) offsetof(struct values, member)

static const struct nnrun_setting root_table[] = {
    {.name = "name", .kind = NNRUN_STRING, .offset = AT(name), .text = "net"},
    {.name = "input",
     .kind = NNRUN_INTS,
     .offset = AT(input),
     .most = 3,
     .low = 1,
     .high = 65536,
     .fallback = 1},
    {.name = "mean",
     .kind = NNRUN_REALS,
     .offset = AT(mean),
     .most = 2,
     .low = -1,
     .high = 1,
     .fallback = 0.5},
};
static const char *const root_groups[] = {"network", "train", NULL};

static const struct nnrun_setting train_table[] = {
    {.name = "epochs", .kind = NNRUN_INT, .offset = AT(epochs), .low = 1, .high = 1000000, .fallback = 10},
    {.name = "shuffle", .kind = NNRUN_BOOL, .offset = AT(shuffle), .fallback = 1},
    {.name = "pad", .kind = NNRUN_INT, .offset = AT(pad), .low = -2147483648.0, .high = INFINITY},
};
static const char *const train_groups[] = {"optimizer", NULL};

static const struct nnrun_setting optimizer_table[] = {
    {.name = "type",
     .kind = NNRUN_CHOICE,
     .flags = NNRUN_REQUIRED,
     .offset = AT(type),
     .choices = "sgd|adam|adamw"},
    {.name = "rate",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = AT(rate),
     .high = INFINITY,
     .fallback = 0.01},
    {.name = "momentum", .kind = NNRUN_REAL, .flags = NNRUN_OPEN_HIGH, .offset = AT(momentum), .high = 1},
};

static const struct nnrun_setting conv_table[] = {
    {.name = "filters",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED,
     .offset = AT(filters),
     .low = 1,
     .high = 65536},
    {.name = "kernel",
     .kind = NNRUN_INTS,
     .offset = AT(kernel),
     .most = 2,
     .low = 1,
     .high = 99,
     .fallback = 3},
};
static const char *const layer_keys[] = {"type", "name", "inputs", NULL};

void config_read_all(struct config *config, struct values *values)
{
    config_group *root = config_root(config), *train, *optimizer;
    const struct config_layer *layers;
    size_t count;

    config_apply(config, root, "", root_table, COUNT(root_table), root_groups, NULL, values);
    train = config_find(config, root, "train");
    config_apply(config, train, "train", train_table, COUNT(train_table), train_groups, NULL, values);
    optimizer = config_find(config, train, "optimizer");
    if (optimizer)
        config_apply(config, optimizer, "train.optimizer", optimizer_table, COUNT(optimizer_table), NULL,
                     NULL, values);
    layers = config_layers(config, &count);
    for (size_t i = 0; i < count; i++) {
        char what[200];
        const size_t settings = strcmp(layers[i].type, "conv") == 0 ? COUNT(conv_table) : 0;
        snprintf(what, sizeof what, "layer \"%s\" (%s)", layers[i].name, layers[i].type);
        config_apply(config, layers[i].group, what, conv_table, settings, layer_keys, NULL, values);
    }
}

/* The lines of error, or of config, which is closed. */
static const char *lines(struct config *config, struct error *error, struct values *values)
{
    if (config) {
        error_clear(error);
        config_read_all(config, values);
        config_finish(config, error);
        config_close(config);
    }
    return error_text(error);
}

const char *said(const char *text, const char *const *overrides, struct values *values)
{
    static struct error error = {0};
    struct values own = {0};
    size_t count = 0;

    while (overrides && overrides[count])
        count++;
    return lines(config_parse(text, "a.cfg", NULL, overrides, count, 0, &error), &error,
                 values ? values : &own);
}

const char *said_of_file(const char *path)
{
    static struct error error = {0};
    struct values values = {0};

    return lines(config_open(path, NULL, 0, &error), &error, &values);
}

void same_text(const char *got, const char *expected, const char *of)
{
    if (strcmp(got, expected) != 0)
        printf("\n  of: %s\n  expected: %s\n  got:      %s\n", of, expected, got);
    CU_ASSERT_STRING_EQUAL(got, expected);
}
