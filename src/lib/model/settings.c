/* settings.c: see settings.h. */
#include "model/settings.h"

#include <string.h>

#define AT(structure, member) .offset = offsetof(struct structure, member)
#define COUNT(table)          (sizeof(table) / sizeof(table)[0])
#define MOST_INT              2147483647.0

static const struct nnrun_setting root_table[] = {
    {.name = "name", .kind = NNRUN_STRING, AT(settings, name), .text = "net", .doc = "name of the network"},
    {.name = "input",
     .kind = NNRUN_INTS,
     .flags = NNRUN_REQUIRED,
     AT(settings, input),
     .most = 3,
     .low = 1,
     .high = 65536,
     .doc = "shape of a sample: [channels, height, width], or one number for a vector"},
};
static const char *const root_groups[] = {"data", "network", "train", "output", NULL};

static const struct nnrun_setting data_table[] = {
    {.name = "directory",
     .kind = NNRUN_STRING,
     AT(data_settings, directory),
     .doc = "folder with the four MNIST-named files; relative to the config"},
    {.name = "validation",
     .kind = NNRUN_INT,
     AT(data_settings, validation),
     .high = MOST_INT,
     .doc = "how many samples at the end of the training file are kept for validation"},
    {.name = "window",
     .kind = NNRUN_INT,
     AT(data_settings, window),
     .low = 1,
     .high = 16777216,
     .fallback = 65536,
     .doc = "samples shuffled together, and held in memory at once"},
    {.name = "stream",
     .kind = NNRUN_BOOL,
     AT(data_settings, stream),
     .doc = "read window by window even what would fit one window"},
    {.name = "mean",
     .kind = NNRUN_REALS,
     AT(data_settings, mean),
     .most = NNRUN_MAX_LIST,
     .low = -1e6,
     .high = 1e6,
     .doc = "subtracted from pixels / 255; one number, or one a channel"},
    {.name = "std",
     .kind = NNRUN_REALS,
     .flags = NNRUN_OPEN_LOW,
     AT(data_settings, std),
     .most = NNRUN_MAX_LIST,
     .low = 0,
     .high = 1e6,
     .fallback = 1,
     .doc = "then divided by; one number, or one a channel"},
};
static const char *const data_groups[] = {"train", "test", "augment", NULL};

static const struct nnrun_setting augment_table[] = {
    {.name = "shift",
     .kind = NNRUN_REAL,
     AT(augment_settings, shift),
     .high = 1024,
     .doc = "pixels, at most, along both axes"},
    {.name = "rotate",
     .kind = NNRUN_REAL,
     AT(augment_settings, rotate),
     .high = 180,
     .doc = "degrees, at most, either way"},
    {.name = "scale",
     .kind = NNRUN_REAL,
     AT(augment_settings, scale),
     .high = 0.5,
     .doc = "the size becomes 1 - scale to 1 + scale of what it was"},
    {.name = "shear",
     .kind = NNRUN_REAL,
     AT(augment_settings, shear),
     .high = 45,
     .doc = "degrees that upright lines lean, at most, either way"},
    {.name = "flip",
     .kind = NNRUN_REAL,
     AT(augment_settings, flip),
     .high = 1,
     .doc = "probability that left and right change places"},
    {.name = "elastic",
     .kind = NNRUN_REAL,
     AT(augment_settings, elastic),
     .high = 1000,
     .doc = "factor of Simard's elastic distortion, alpha: pixels are displaced by it times smoothed noise"},
    {.name = "elastic_sigma",
     .kind = NNRUN_REAL,
     AT(augment_settings, elastic_sigma),
     .low = 0.5,
     .high = 64,
     .fallback = 4,
     .doc = "pixels, of the Gaussian that smooths the noise"},
    {.name = "fill",
     .kind = NNRUN_INT,
     AT(augment_settings, fill),
     .high = 255,
     .doc = "value of what comes in from beyond the edge"},
};

static const struct nnrun_setting file_table[] = {
    {.name = "images",
     .kind = NNRUN_STRING,
     AT(file_settings, images),
     .doc = "IDX file of the samples, gzip or plain"},
    {.name = "labels", .kind = NNRUN_STRING, AT(file_settings, labels), .doc = "IDX file of their labels"},
};

static const struct nnrun_setting train_table[] = {
    {.name = "epochs",
     .kind = NNRUN_INT,
     AT(train_settings, epochs),
     .low = 1,
     .high = 1000000,
     .fallback = 10,
     .doc = "passes over the training samples"},
    {.name = "batch",
     .kind = NNRUN_INT,
     AT(train_settings, batch),
     .low = 1,
     .high = 65536,
     .fallback = 64,
     .doc = "samples a step"},
    {.name = "groups",
     .kind = NNRUN_INT,
     AT(train_settings, groups),
     .low = 0,
     .high = 64,
     .doc =
         "sums a step's gradient is added up in, which at most so many threads share; 0: batch / 16, at most 8"},
    {.name = "seed",
     .kind = NNRUN_INT,
     AT(train_settings, seed),
     .high = MOST_INT,
     .fallback = 1,
     .doc = "of all random numbers"},
    {.name = "threads",
     .kind = NNRUN_INT,
     AT(train_settings, threads),
     .high = 1024,
     .doc = "0: as many as there are processors; changes the speed, never the result"},
    {.name = "patience",
     .kind = NNRUN_INT,
     AT(train_settings, patience),
     .high = 1000000,
     .doc = "stop after so many epochs without a better validation accuracy; 0: never"},
    {.name = "clip",
     .kind = NNRUN_REAL,
     AT(train_settings, clip),
     .high = 1e30,
     .doc = "largest norm of a step's gradient, longer ones are shortened to it; 0: no limit"},
};
static const char *const train_groups[] = {"optimizer", "schedule", NULL};

#define OPTIMIZER_TYPE                                                                                       \
    {                                                                                                        \
        .name = "type", .kind = NNRUN_CHOICE, AT(optimizer_settings, type), .choices = "sgd|adam|adamw",     \
        .doc = "the rule by which weights are updated"                                                       \
    }
#define RATE(value)                                                                                          \
    {                                                                                                        \
        .name = "rate", .kind = NNRUN_REAL, AT(optimizer_settings, rate), .low = 0, .high = 1e6,             \
        .fallback = (value), .doc = "learning rate"                                                          \
    }
#define DECAY(value, how)                                                                                    \
    {                                                                                                        \
        .name = "decay", .kind = NNRUN_REAL, AT(optimizer_settings, decay), .low = 0, .high = 1e6,           \
        .fallback = (value), .doc = how                                                                      \
    }
#define ADAM_TABLE(decay, how)                                                                               \
    OPTIMIZER_TYPE, RATE(1e-3), DECAY(decay, how),                                                           \
        {.name = "beta1",                                                                                    \
         .kind = NNRUN_REAL,                                                                                 \
         .flags = NNRUN_OPEN_HIGH,                                                                           \
         AT(optimizer_settings, beta1),                                                                      \
         .high = 1,                                                                                          \
         .fallback = 0.9,                                                                                    \
         .doc = "how much of the mean gradient is kept"},                                                    \
        {.name = "beta2",                                                                                    \
         .kind = NNRUN_REAL,                                                                                 \
         .flags = NNRUN_OPEN_HIGH,                                                                           \
         AT(optimizer_settings, beta2),                                                                      \
         .high = 1,                                                                                          \
         .fallback = 0.999,                                                                                  \
         .doc = "how much of the mean squared gradient is kept"},                                            \
    {                                                                                                        \
        .name = "epsilon", .kind = NNRUN_REAL, .flags = NNRUN_OPEN_LOW, AT(optimizer_settings, epsilon),     \
        .high = 1, .fallback = 1e-8, .doc = "added to the root of the mean square"                           \
    }

static const struct nnrun_setting sgd_table[] = {
    OPTIMIZER_TYPE,
    RATE(0.01),
    {.name = "momentum",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_HIGH,
     AT(optimizer_settings, momentum),
     .high = 1,
     .doc = "how much of the last update is kept"},
    {.name = "nesterov", .kind = NNRUN_BOOL, AT(optimizer_settings, nesterov), .doc = "Nesterov's momentum"},
    DECAY(0, "weight decay, added to the gradient of weights (not of biases)"),
};
static const struct nnrun_setting adam_table[] = {
    ADAM_TABLE(0, "weight decay, added to the gradient of weights (not of biases)")};
static const struct nnrun_setting adamw_table[] = {
    ADAM_TABLE(1e-2, "weight decay, taken off the weights themselves (not biases)")};

#define SCHEDULE_TYPE                                                                                        \
    {                                                                                                        \
        .name = "type", .kind = NNRUN_CHOICE, AT(schedule_settings, type),                                   \
        .choices = "constant|step|cosine", .doc = "how the learning rate changes from step to step"          \
    }
#define WARMUP                                                                                               \
    {                                                                                                        \
        .name = "warmup", .kind = NNRUN_REAL, AT(schedule_settings, warmup), .high = 1000000,                \
        .doc = "epochs in which the rate rises from near 0 to full"                                          \
    }

static const struct nnrun_setting constant_table[] = {SCHEDULE_TYPE, WARMUP};
static const struct nnrun_setting step_table[] = {
    SCHEDULE_TYPE,
    WARMUP,
    {.name = "every",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED,
     AT(schedule_settings, every),
     .low = 1,
     .high = 1000000,
     .doc = "epochs between two changes"},
    {.name = "factor",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     AT(schedule_settings, factor),
     .high = 1,
     .fallback = 0.1,
     .doc = "the rate is multiplied by it at each change"},
};
static const struct nnrun_setting cosine_table[] = {
    SCHEDULE_TYPE,
    WARMUP,
    {.name = "final",
     .kind = NNRUN_REAL,
     AT(schedule_settings, final),
     .high = 1,
     .doc = "the part of the rate that is left at the end"},
};

static const struct nnrun_setting output_table[] = {
    {.name = "directory",
     .kind = NNRUN_STRING,
     AT(output_settings, directory),
     .doc = "run folder, relative to the working directory; \"\": runs/NAME"},
    {.name = "keep",
     .kind = NNRUN_INT,
     AT(output_settings, keep),
     .low = 1,
     .high = 1000000,
     .fallback = 2,
     .doc = "step files kept"},
    {.name = "report",
     .kind = NNRUN_BOOL,
     AT(output_settings, report),
     .fallback = 1,
     .doc = "write report.html into the run folder when training has ended"},
};

static const struct section {
    const char *name;
    const struct nnrun_setting *table;
    size_t count;
} sections[] = {
    {"", root_table, COUNT(root_table)},
    {"data", data_table, COUNT(data_table)},
    {"data.augment", augment_table, COUNT(augment_table)},
    {"data.train, data.test", file_table, COUNT(file_table)},
    {"train", train_table, COUNT(train_table)},
    {"train.optimizer, type sgd", sgd_table, COUNT(sgd_table)},
    {"train.optimizer, type adam", adam_table, COUNT(adam_table)},
    {"train.optimizer, type adamw", adamw_table, COUNT(adamw_table)},
    {"train.schedule, type constant", constant_table, COUNT(constant_table)},
    {"train.schedule, type step", step_table, COUNT(step_table)},
    {"train.schedule, type cosine", cosine_table, COUNT(cosine_table)},
    {"output", output_table, COUNT(output_table)},
};

const char *settings_section(size_t i, const struct nnrun_setting **table, size_t *count)
{
    if (i >= COUNT(sections))
        return NULL;
    *table = sections[i].table;
    *count = sections[i].count;
    return sections[i].name;
}

/* The table of a type, in the order of OPTIMIZER_TYPE and SCHEDULE_TYPE. */
static const struct nnrun_setting *optimizer_table(int32_t type, size_t *count)
{
    *count = type == OPTIMIZER_ADAM    ? COUNT(adam_table)
             : type == OPTIMIZER_ADAMW ? COUNT(adamw_table)
                                       : COUNT(sgd_table);
    return type == OPTIMIZER_ADAM ? adam_table : type == OPTIMIZER_ADAMW ? adamw_table : sgd_table;
}

static const struct nnrun_setting *schedule_table(int32_t type, size_t *count)
{
    *count = type == SCHEDULE_STEP     ? COUNT(step_table)
             : type == SCHEDULE_COSINE ? COUNT(cosine_table)
                                       : COUNT(constant_table);
    return type == SCHEDULE_STEP ? step_table : type == SCHEDULE_COSINE ? cosine_table : constant_table;
}

bool settings_group(const struct settings *settings, size_t i, struct settings_group *group)
{
    const struct settings *s = settings;
    const struct settings_group groups[] = {
        {"", root_table, COUNT(root_table), s},
        {"data", data_table, COUNT(data_table), &s->data},
        {"data.augment", augment_table, COUNT(augment_table), &s->data.augment},
        {"data.train", file_table, COUNT(file_table), &s->data.train},
        {"data.test", file_table, COUNT(file_table), &s->data.test},
        {"train", train_table, COUNT(train_table), &s->train},
        {"train.optimizer", NULL, 0, &s->train.optimizer},
        {"train.schedule", NULL, 0, &s->train.schedule},
        {"output", output_table, COUNT(output_table), &s->output},
    };

    if (i >= COUNT(groups))
        return false;
    *group = groups[i];
    if (group->instance == &s->train.optimizer)
        group->table = optimizer_table(s->train.optimizer.type, &group->count);
    else if (group->instance == &s->train.schedule)
        group->table = schedule_table(s->train.schedule.type, &group->count);
    return true;
}

/* The number of the word among those of the table's first setting, its type; 0 if it is none. */
static int32_t type_number(const char *type, const struct nnrun_setting *table)
{
    const char *word = table->choices;

    for (int32_t i = 0; type && word; i++) {
        const size_t length = strcspn(word, "|");
        if (strlen(type) == length && strncmp(type, word, length) == 0)
            return i;
        word = word[length] ? word + length + 1 : NULL;
    }
    return 0;
}

typedef const struct nnrun_setting *table_of(int32_t type, size_t *count);

/* The table of the group's type, one of those of the table `any`. Keys of a type that an override replaced
 * go. */
static const struct nnrun_setting *read_type(config_group *group, const struct nnrun_setting *any,
                                             table_of *tables, size_t *count)
{
    const struct nnrun_setting *table = tables(type_number(config_word(group, "type"), any), count), *former;
    const char *type;
    size_t former_count;

    if (config_retyped(group, &type)) {
        former = tables(type_number(type, any), &former_count);
        config_leave_out(group, former, former_count, table, *count);
    }
    return table;
}

static void read_optimizer(struct config *config, config_group *train, struct optimizer_settings *to)
{
    config_group *group = config_find(config, train, "optimizer");
    size_t count;
    const struct nnrun_setting *table = read_type(group, sgd_table, optimizer_table, &count);

    config_apply(config, group, "train.optimizer", table, count, NULL, to);
    if (to->type == OPTIMIZER_SGD && to->nesterov && to->momentum == 0)
        config_complain(config, group, "train.optimizer", "nesterov", "needs a momentum above 0");
}

static void read_schedule(struct config *config, config_group *train, struct schedule_settings *to)
{
    config_group *group = config_find(config, train, "schedule");
    size_t count;
    const struct nnrun_setting *table = read_type(group, constant_table, schedule_table, &count);

    config_apply(config, group, "train.schedule", table, count, NULL, to);
}

static void read_files(struct config *config, config_group *data, const char *key, const char *what,
                       struct file_settings *to)
{
    config_group *group = config_find(config, data, key);

    config_apply(config, group, what, file_table, COUNT(file_table), NULL, to);
    if (group && (!config_has(group, "images") || !config_has(group, "labels")))
        config_complain(config, group, what, NULL, "give both images and labels");
}

static void read_augment(struct config *config, config_group *data, struct settings *settings)
{
    config_group *group = config_find(config, data, "augment");
    const struct nnrun_ints *input = &settings->input;
    const size_t channels = input->count == 3 ? (size_t)input->value[0] : 1;

    config_apply(config, group, "data.augment", augment_table, COUNT(augment_table), NULL,
                 &settings->data.augment);
    if (!augment_wanted(&settings->data.augment) || input->count == 0)
        return;
    if (input->count == 1)
        config_complain(config, group, "data.augment", NULL,
                        "moves pictures, and input is a vector: give it as [channels, height, width]");
    else if (!augment_fits(channels, (size_t)input->value[input->count - 2],
                           (size_t)input->value[input->count - 1]))
        config_complain(config, group, "data.augment", NULL,
                        "the pictures are too large for it: at most %d x %d pixels, 16 of them 2 GB",
                        (int)AUGMENT_MOST_SIDE, (int)AUGMENT_MOST_SIDE);
}

static void read_data(struct config *config, config_group *root, struct settings *settings)
{
    struct data_settings *data = &settings->data;
    config_group *group = config_find(config, root, "data");
    const int32_t channels = settings->input.count == 3 ? settings->input.value[0] : 1;

    config_apply(config, group, "data", data_table, COUNT(data_table), data_groups, data);
    read_files(config, group, "train", "data.train", &data->train);
    read_files(config, group, "test", "data.test", &data->test);
    read_augment(config, group, settings);
    if (settings->input.count > 0 && data->mean.count != 1 && data->mean.count != channels)
        config_complain(config, group, "data", "mean", "%d numbers for %d channel%s", (int)data->mean.count,
                        (int)channels, channels == 1 ? "" : "s");
    if (settings->input.count > 0 && data->std.count != 1 && data->std.count != channels)
        config_complain(config, group, "data", "std", "%d numbers for %d channel%s", (int)data->std.count,
                        (int)channels, channels == 1 ? "" : "s");
    if (settings->train.patience > 0 && data->validation == 0)
        config_complain(config, config_find(config, root, "train"), "train", "patience",
                        "needs samples to validate with: data.validation is 0");
    if (data->window < settings->train.batch)
        config_complain(config, group, "data", "window", "%d is smaller than train.batch, %d",
                        (int)data->window, (int)settings->train.batch);
}

/* A foreign config must not lead out of runs/, nor write to the terminal. */
static void check_name(struct config *config, config_group *root, const char *name)
{
    bool good = *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;

    for (const unsigned char *p = (const unsigned char *)name; *p; p++)
        good = good && *p >= ' ' && *p != '/' && *p != 127 &&
               !(p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0); /* a control character in two bytes */
    if (!good)
        config_complain(config, root, "", "name",
                        "the run folder is runs/NAME, expected text without \"/\" and control characters, "
                        "other than \"\", \".\" and \"..\"");
}

void settings_read(struct config *config, struct settings *settings)
{
    config_group *root = config_root(config), *train, *output;

    memset(settings, 0, sizeof *settings);
    config_know(config, settings_section);
    config_apply(config, root, "", root_table, COUNT(root_table), root_groups, settings);
    check_name(config, root, settings->name);
    if (settings->input.value[0] < 1)
        settings->input.count = 0; /* unknown, so that nothing more is said of it */
    train = config_find(config, root, "train");
    config_apply(config, train, "train", train_table, COUNT(train_table), train_groups, &settings->train);
    read_optimizer(config, train, &settings->train.optimizer);
    read_schedule(config, train, &settings->train.schedule);
    read_data(config, root, settings);
    output = config_find(config, root, "output");
    config_apply(config, output, "output", output_table, COUNT(output_table), NULL, &settings->output);
}
