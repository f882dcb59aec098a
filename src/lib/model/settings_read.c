/* settings_read.c: the groups of a config read into structures, and what their tables cannot say of them. */
#include "model/settings.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/settings_tables.h"
#include "setting/choices.h"

bool settings_group(const struct settings *settings, size_t i, struct settings_group *group)
{
    const struct settings *s = settings;
    const struct {
        int section;
        const void *instance;
    } groups[] = {
        {SECTION_ROOT, s},
        {SECTION_DATA, &s->data},
        {SECTION_AUGMENT, &s->data.augment},
        {SECTION_TRAIN_FILES, &s->data.train},
        {SECTION_TEST_FILES, &s->data.test},
        {SECTION_VALIDATION_FILES, &s->data.validation_files},
        {SECTION_TRAIN, &s->train},
        {SECTION_OPTIMIZER + s->train.optimizer.type, &s->train.optimizer},
        {SECTION_SCHEDULE + s->train.schedule.type, &s->train.schedule},
        {SECTION_OUTPUT, &s->output},
        {SECTION_WARNINGS, &s->warnings},
    };
    enum { VALIDATION = 5 }; /* its place in the list above: a group that is there only if it is given */
    const struct setting_section *section;

    i += i >= VALIDATION && !s->data.own_validation;
    if (i >= sizeof groups / sizeof groups[0])
        return false;
    section = &settings_sections[groups[i].section];
    *group = (struct settings_group){section->path, section->table, section->count, groups[i].instance};
    return true;
}

/* Groups within the group that are read on their own. */
static const char *const root_groups[] = {"data", "network", "train", "output", "warnings", NULL};
static const char *const data_groups[] = {"train", "test", "augment", NULL};
static const char *const train_groups[] = {"optimizer", "schedule", NULL};

static void apply(struct config *config, config_group *group, int section, const char *const *groups,
                  void *instance)
{
    const struct setting_section *s = &settings_sections[section];

    config_apply(config, group, s->path, s->table, s->count, groups, settings_words, instance);
}

/* The section of a type, where `first` is that of the first; that one, too, for a word that is none. */
static int section_of(int first, const char *type)
{
    const struct nnrun_setting *setting =
        setting_find(settings_sections[first].table, settings_sections[first].count, "type");
    size_t number;

    return type && setting && choices_find(setting->choices, type, &number) ? first + (int)number : first;
}

/* The section of the group's type. Keys of a type that an override replaced go. */
static int read_type(config_group *group, int first)
{
    const int section = section_of(first, config_word(group, "type"));
    const struct setting_section *now = &settings_sections[section], *former;
    const char *type;

    if (config_replaced(group, "type", &type)) {
        former = &settings_sections[section_of(first, type)];
        config_leave_out(group, former->table, former->count, now->table, now->count);
    }
    return section;
}

static void read_optimizer(struct config *config, config_group *train, struct optimizer_settings *to)
{
    config_group *group = config_find(config, train, "optimizer");

    apply(config, group, read_type(group, SECTION_OPTIMIZER), NULL, to);
    if (to->type == OPTIMIZER_SGD && to->nesterov && to->momentum == 0)
        config_complain(config, group, "train.optimizer", "nesterov", "needs a momentum above 0");
}

static void read_schedule(struct config *config, config_group *train, struct schedule_settings *to)
{
    config_group *group = config_find(config, train, "schedule");

    apply(config, group, read_type(group, SECTION_SCHEDULE), NULL, to);
}

/* An empty group of validation samples stands for files that whoever opens a checkpoint names: it keeps no paths. */
static void read_files(struct config *config, config_group *group, int section, struct file_settings *to)
{
    const bool images = config_has(group, "images"), labels = config_has(group, "labels");

    apply(config, group, section, NULL, to);
    if (group && !(images && labels) && (images || labels || section != SECTION_VALIDATION_FILES))
        config_complain(config, group, settings_sections[section].path, NULL, "give both images and labels");
}

static void read_validation(struct config *config, config_group *data, struct data_settings *to)
{
    config_group *group = config_find_either(data, "validation");

    to->own_validation = group != NULL;
    read_files(config, group, SECTION_VALIDATION_FILES, &to->validation_files);
    if (group && to->split == SPLIT_STRATIFIED)
        config_complain(config, data, "data", "split",
                        "\"stratified\" draws from the training file, but data.validation names files of "
                        "their own; leave one of both out");
}

static void read_augment(struct config *config, config_group *data, struct settings *settings)
{
    config_group *group = config_find(config, data, "augment");
    const struct nnrun_ints *input = &settings->input;
    const size_t channels = input->count == 3 ? (size_t)input->value[0] : 1;

    apply(config, group, SECTION_AUGMENT, NULL, &settings->data.augment);
    if (!augment_wanted(&settings->data.augment) || input->count == 0)
        return;
    if (settings->data.values == VALUES_NUMBERS)
        config_complain(config, group, "data.augment", NULL,
                        "changes pictures, and data.values is \"numbers\": leave it out");
    else if (input->count == 1)
        config_complain(config, group, "data.augment", NULL,
                        "changes pictures, and input is a vector: give it as [channels, height, width]");
    else if (!augment_fits(channels, (size_t)input->value[input->count - 2],
                           (size_t)input->value[input->count - 1]))
        config_complain(config, group, "data.augment", NULL,
                        "the pictures are too large to augment: at most %d x %d pixels, 16 of them 2 GB",
                        (int)AUGMENT_MOST_SIDE, (int)AUGMENT_MOST_SIDE);
}

/* The numbers that mean and std may have: one, or one for each of these. */
static int32_t scaled_apart(const struct settings *settings)
{
    const struct nnrun_ints *input = &settings->input;

    if (input->count == 1)
        return settings->data.values == VALUES_NUMBERS ? input->value[0] : 1;
    return input->count == 3 ? input->value[0] : 1;
}

static void check_count(struct config *config, config_group *group, const struct settings *settings,
                        const char *key, int32_t given)
{
    const int32_t count = scaled_apart(settings);
    const char *what =
        settings->input.count == 1 && settings->data.values == VALUES_NUMBERS ? "feature" : "channel";

    if (settings->input.count == 0 || given == 1 || given == count)
        return;
    if (count > NNRUN_MAX_LIST)
        config_complain(config, group, "data", key,
                        "%d numbers for %d %ss; a list holds at most %d: give one number, or write "
                        "normalize = \"train\"",
                        (int)given, (int)count, what, (int)NNRUN_MAX_LIST);
    else
        config_complain(config, group, "data", key, "%d numbers for %d %s%s", (int)given, (int)count, what,
                        text_plural((size_t)count));
}

static void check_normalize(struct config *config, config_group *group, const struct data_settings *data)
{
    static const char *const keys[] = {"mean", "std"};

    for (size_t i = 0; data->normalize != NORMALIZE_NONE && i < sizeof keys / sizeof keys[0]; i++)
        if (config_has(group, keys[i]))
            config_complain(config, group, "data", keys[i],
                            "cannot be given with normalize = \"train\", which takes it from the training "
                            "samples");
}

static void check_prepare(struct config *config, config_group *group, const struct data_settings *data)
{
    static const char *const keys[] = {"prepare", "transposed"};

    for (size_t i = 0; data->values == VALUES_NUMBERS && i < sizeof keys / sizeof keys[0]; i++)
        if (config_has(group, keys[i]))
            config_complain(config, group, "data", keys[i],
                            "is about pictures, and data.values is \"numbers\": leave it out");
}

/* (pixel / 255 - mean) / std is computed with 32-bit numbers. */
static void check_scaling(struct config *config, config_group *group, const struct data_settings *data)
{
    const int means = data->mean.count, stds = data->std.count;

    for (int i = 0; (i < means || means == 1) && (i < stds || stds == 1) && i < NNRUN_MAX_LIST; i++) {
        const double mean = data->mean.value[means > 1 ? i : 0];
        const double std = data->std.value[stds > 1 ? i : 0];
        if (!(fabs(mean / std) <= (double)FLT_MAX) || !(1 / std <= (double)FLT_MAX)) {
            config_complain(
                config, group, "data", "std",
                "%g is too small for a mean of %g: their quotient is infinite in 32-bit arithmetic", std,
                mean);
            return;
        }
    }
}

static void read_data(struct config *config, config_group *root, struct settings *settings)
{
    struct data_settings *data = &settings->data;
    config_group *group = config_find(config, root, "data");

    apply(config, group, SECTION_DATA, data_groups, data);
    read_files(config, config_find(config, group, "train"), SECTION_TRAIN_FILES, &data->train);
    read_files(config, config_find(config, group, "test"), SECTION_TEST_FILES, &data->test);
    read_validation(config, group, data);
    read_augment(config, group, settings);
    check_count(config, group, settings, "mean", data->mean.count);
    check_count(config, group, settings, "std", data->std.count);
    check_normalize(config, group, data);
    check_prepare(config, group, data);
    check_scaling(config, group, data);
    if (settings->train.patience > 0 && data->validation == 0 && !data->own_validation)
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
    config_group *root = config_root(config), *train;

    memset(settings, 0, sizeof *settings);
    config_know(config, &settings_schema);
    apply(config, root, SECTION_ROOT, root_groups, settings);
    check_name(config, root, settings->name);
    if (settings->input.value[0] < 1)
        settings->input.count = 0; /* unknown, so that nothing more is said of it */
    train = config_find(config, root, "train");
    apply(config, train, SECTION_TRAIN, train_groups, &settings->train);
    read_optimizer(config, train, &settings->train.optimizer);
    read_schedule(config, train, &settings->train.schedule);
    read_data(config, root, settings);
    apply(config, config_find(config, root, "output"), SECTION_OUTPUT, NULL, &settings->output);
    apply(config, config_find(config, root, "warnings"), SECTION_WARNINGS, NULL, &settings->warnings);
}
