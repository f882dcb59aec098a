/* settings_tables.c: the tables that the groups of a config are read by. */
#include "model/settings_tables.h"

#include "model/settings.h"

#define AT(structure, member) .offset = offsetof(struct structure, member)
#define COUNT(table)          (sizeof(table) / sizeof(table)[0])
#define MOST_INT              2147483647.0
#define APART_PATH            (SETTING_APART | SETTING_PATH | SETTING_RESUME)

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

#define TEXT(key, policy, place, words)                                                                      \
    {                                                                                                        \
        .name = (key), .kind = NNRUN_STRING, .flags = (policy), place, .doc = (words)                        \
    }

#define NAMES(key, member, longest, words)                                                                   \
    {                                                                                                        \
        .name = (key), .kind = NNRUN_STRING, .flags = SETTING_LIST, AT(data_settings, member),               \
        .most = (longest), .doc = (words)                                                                    \
    }

static const struct nnrun_setting data_table[] = {
    TEXT("directory", APART_PATH, AT(data_settings, directory),
         "folder with the four MNIST-named files; relative to the config"),
    {.name = "validation",
     .kind = NNRUN_INT,
     .flags = SETTING_GROUP,
     AT(data_settings, validation),
     .high = MOST_INT,
     .doc = "how many samples of the training file are kept for validation, or a group: files of their own"},
    {.name = "window",
     .kind = NNRUN_INT,
     AT(data_settings, window),
     .low = 1,
     .high = 16777216,
     .fallback = 65536,
     .doc = "samples shuffled together, and held in memory at once"},
    {.name = "stream",
     .kind = NNRUN_BOOL,
     .flags = SETTING_APART | SETTING_RESUME,
     AT(data_settings, stream),
     .doc = "read window by window even what would fit one window"},
    {.name = "values",
     .kind = NNRUN_CHOICE,
     AT(data_settings, values),
     .choices = "pixels|numbers",
     .doc = "what samples hold: pixels, bytes that are divided by 255, or numbers of any type"},
    {.name = "normalize",
     .kind = NNRUN_CHOICE,
     AT(data_settings, normalize),
     .choices = "none|train",
     .doc = "train: take mean and std from the training samples, per feature or channel"},
    {.name = "mean",
     .kind = NNRUN_REALS,
     AT(data_settings, mean),
     .most = NNRUN_MAX_LIST,
     .low = -1e6,
     .high = 1e6,
     .doc = "subtracted from pixels / 255, or from numbers; one, or one per channel or feature"},
    {.name = "std",
     .kind = NNRUN_REALS,
     .flags = NNRUN_OPEN_LOW,
     AT(data_settings, std),
     .most = NNRUN_MAX_LIST,
     .low = 0,
     .high = 1e6,
     .fallback = 1,
     .doc = "what the difference is then divided by; one number, or one per channel or feature"},
    {.name = "prepare",
     .kind = NNRUN_CHOICE,
     .flags = SETTING_RESUME,
     AT(data_settings, prepare),
     .choices = "digit|stretch|fit|crop",
     .doc = "how a picture becomes a sample: as MNIST's digits did, or by its size alone"},
    {.name = "transposed",
     .kind = NNRUN_BOOL,
     .flags = SETTING_RESUME,
     AT(data_settings, transposed),
     .doc = "the samples were transposed when packed, and others of their source are when asked about"},
    NAMES("classes", classes, SETTING_MOST_LIST,
          "names of the classes: a list, or a file with one per line; relative to the config"),
    NAMES("columns", columns, SETTING_MOST_TEXTS,
          "names of a sample's values, the columns of a table: a list, or a file with one per line"),
    {.name = "split",
     .kind = NNRUN_CHOICE,
     AT(data_settings, split),
     .choices = "tail|stratified",
     .doc = "which samples data.validation keeps: the last, or as many of each class as its share"},
};

static const struct nnrun_setting augment_table[] = {
    {.name = "shift",
     .kind = NNRUN_REAL,
     AT(augment_settings, shift),
     .high = 1024,
     .doc = "largest shift along each axis, in pixels"},
    {.name = "rotate",
     .kind = NNRUN_REAL,
     AT(augment_settings, rotate),
     .high = 180,
     .doc = "largest rotation in either direction, in degrees"},
    {.name = "scale",
     .kind = NNRUN_REAL,
     AT(augment_settings, scale),
     .high = 0.5,
     .doc = "the size is multiplied by 1 - scale to 1 + scale"},
    {.name = "shear",
     .kind = NNRUN_REAL,
     AT(augment_settings, shear),
     .high = 45,
     .doc = "largest slant of upright lines in either direction, in degrees"},
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
     .doc = "standard deviation of the Gaussian that smooths the noise, in pixels"},
    {.name = "fill",
     .kind = NNRUN_INT,
     AT(augment_settings, fill),
     .high = 255,
     .doc = "value of pixels that come in from beyond the edge"},
};

static const struct nnrun_setting file_table[] = {
    TEXT("images", APART_PATH, AT(file_settings, images), "IDX file of the samples, gzip or plain"),
    TEXT("labels", APART_PATH, AT(file_settings, labels), "IDX file of their labels"),
};

static const struct nnrun_setting train_table[] = {
    {.name = "epochs",
     .kind = NNRUN_INT,
     .flags = SETTING_RESUME,
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
     .doc = "samples per step"},
    {.name = "groups",
     .kind = NNRUN_INT,
     AT(train_settings, groups),
     .low = 0,
     .high = 64,
     .doc =
         "sums that a step's gradient is added up in, and the most threads that share it; 0: batch / 16, at most 8"},
    {.name = "seed",
     .kind = NNRUN_INT,
     AT(train_settings, seed),
     .high = MOST_INT,
     .fallback = 1,
     .doc = "of all random numbers"},
    {.name = "threads",
     .kind = NNRUN_INT,
     .flags = SETTING_APART | SETTING_RESUME,
     AT(train_settings, threads),
     .high = 1024,
     .doc = "0: as many as there are processors; changes the speed, never the result"},
    {.name = "patience",
     .kind = NNRUN_INT,
     .flags = SETTING_RESUME,
     AT(train_settings, patience),
     .high = 1000000,
     .doc = "stop after this many epochs without a better validation accuracy; 0: never"},
    {.name = "clip",
     .kind = NNRUN_REAL,
     .flags = SETTING_RESUME | SETTING_FLOAT,
     AT(train_settings, clip),
     .high = 1e30,
     .doc = "largest norm of a step's gradient, longer ones are shortened to it; 0: no limit"},
    {.name = "class_weights",
     .kind = NNRUN_REALS,
     .flags = SETTING_WORD | SETTING_RESUME,
     AT(train_settings, class_weights),
     .most = SETTING_MOST_LIST,
     .low = 1e-6,
     .high = 1e6,
     .fallback = 1,
     .choices = "balanced",
     .doc = "factors of the loss by class, one per class, or balanced: the fewer samples the larger"},
    TEXT("from", SETTING_APART, AT(train_settings, from),
         "file of the weights to begin with, a checkpoint or any safetensors file; relative to the config"),
    TEXT("from_prefix", 0, AT(train_settings, from_prefix),
         "what comes before the names of the network's tensors in that file"),
    {.name = "from_strict",
     .kind = NNRUN_BOOL,
     .flags = SETTING_APART,
     AT(train_settings, from_strict),
     .doc = "refuse a file that lacks a tensor of the network, or has it in another shape"},
};

#define OPTIMIZER_TYPE                                                                                       \
    {                                                                                                        \
        .name = "type", .kind = NNRUN_CHOICE, .flags = SETTING_RESUME, AT(optimizer_settings, type),         \
        .choices = "sgd|adam|adamw", .doc = "the rule by which weights are updated"                          \
    }
#define RATE(value)                                                                                          \
    {                                                                                                        \
        .name = "rate", .kind = NNRUN_REAL, .flags = SETTING_RESUME | SETTING_FLOAT,                         \
        AT(optimizer_settings, rate), .low = 0, .high = 1e6, .fallback = (value), .doc = "learning rate"     \
    }
#define DECAY(value, how)                                                                                    \
    {                                                                                                        \
        .name = "decay", .kind = NNRUN_REAL, .flags = SETTING_RESUME | SETTING_FLOAT,                        \
        AT(optimizer_settings, decay), .low = 0, .high = 1e6, .fallback = (value), .doc = how                \
    }
#define ADAM_TABLE(decay, how)                                                                               \
    OPTIMIZER_TYPE, RATE(1e-3), DECAY(decay, how),                                                           \
        {.name = "beta1",                                                                                    \
         .kind = NNRUN_REAL,                                                                                 \
         .flags = NNRUN_OPEN_HIGH | SETTING_RESUME,                                                          \
         AT(optimizer_settings, beta1),                                                                      \
         .high = 1,                                                                                          \
         .fallback = 0.9,                                                                                    \
         .doc = "how much of the mean gradient is kept"},                                                    \
        {.name = "beta2",                                                                                    \
         .kind = NNRUN_REAL,                                                                                 \
         .flags = NNRUN_OPEN_HIGH | SETTING_RESUME,                                                          \
         AT(optimizer_settings, beta2),                                                                      \
         .high = 1,                                                                                          \
         .fallback = 0.999,                                                                                  \
         .doc = "how much of the mean squared gradient is kept"},                                            \
    {                                                                                                        \
        .name = "epsilon", .kind = NNRUN_REAL, .flags = NNRUN_OPEN_LOW | SETTING_RESUME,                     \
        AT(optimizer_settings, epsilon), .high = 1, .fallback = 1e-8,                                        \
        .doc = "added to the root of the mean square"                                                        \
    }

static const struct nnrun_setting sgd_table[] = {
    OPTIMIZER_TYPE,
    RATE(0.01),
    {.name = "momentum",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_HIGH | SETTING_RESUME | SETTING_FLOAT,
     AT(optimizer_settings, momentum),
     .high = 1,
     .doc = "how much of the last update is kept"},
    {.name = "nesterov",
     .kind = NNRUN_BOOL,
     .flags = SETTING_RESUME,
     AT(optimizer_settings, nesterov),
     .doc = "Nesterov's momentum"},
    DECAY(0, "weight decay, added to the gradient of weights (not of biases)"),
};
static const struct nnrun_setting adam_table[] = {
    ADAM_TABLE(0, "weight decay, added to the gradient of weights (not of biases)")};
static const struct nnrun_setting adamw_table[] = {
    ADAM_TABLE(1e-2, "weight decay, taken off the weights themselves (not biases)")};

#define SCHEDULE_TYPE                                                                                        \
    {                                                                                                        \
        .name = "type", .kind = NNRUN_CHOICE, .flags = SETTING_RESUME, AT(schedule_settings, type),          \
        .choices = "constant|step|cosine", .doc = "how the learning rate changes from step to step"          \
    }
#define WARMUP                                                                                               \
    {                                                                                                        \
        .name = "warmup", .kind = NNRUN_REAL, .flags = SETTING_RESUME, AT(schedule_settings, warmup),        \
        .high = 1000000, .doc = "epochs in which the rate rises from near 0 to full"                         \
    }

static const struct nnrun_setting constant_table[] = {SCHEDULE_TYPE, WARMUP};
static const struct nnrun_setting step_table[] = {
    SCHEDULE_TYPE,
    WARMUP,
    {.name = "every",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED | SETTING_RESUME,
     AT(schedule_settings, every),
     .low = 1,
     .high = 1000000,
     .doc = "epochs between two changes"},
    {.name = "factor",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW | SETTING_RESUME,
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
     .flags = SETTING_RESUME,
     AT(schedule_settings, final),
     .high = 1,
     .doc = "the fraction of the rate that remains at the end"},
};

static const struct nnrun_setting output_table[] = {
    TEXT("directory", SETTING_APART, AT(output_settings, directory),
         "run folder, relative to the working directory; \"\": runs/NAME"),
    {.name = "keep",
     .kind = NNRUN_INT,
     .flags = SETTING_APART | SETTING_RESUME,
     AT(output_settings, keep),
     .low = 1,
     .high = 1000000,
     .fallback = 2,
     .doc = "step files kept"},
    {.name = "report",
     .kind = NNRUN_BOOL,
     .flags = SETTING_APART | SETTING_RESUME,
     AT(output_settings, report),
     .fallback = 1,
     .doc = "write report.html into the run folder when training has ended"},
};

#define WARNING(which, key_name, what)                                                                       \
    [which] = {.name = (key_name),                                                                           \
               .kind = NNRUN_BOOL,                                                                           \
               .flags = SETTING_APART | SETTING_RESUME,                                                      \
               AT(warning_settings, on[which]),                                                              \
               .fallback = 1,                                                                                \
               .doc = (what)}

static const struct nnrun_setting warnings_table[] = {
    WARNING(WARNING_SOFTMAX_TWICE, "softmax_twice", "probabilities are made into probabilities again"),
    WARNING(WARNING_SOFTMAX_INSIDE, "softmax_inside",
            "probabilities of classes go into a layer before the loss"),
    WARNING(WARNING_RELU_BEFORE_SOFTMAX, "relu_before_softmax",
            "probabilities are made of values that are never negative"),
    WARNING(WARNING_NO_ACTIVATION, "no_activation", "there is no activation between two linear layers"),
    WARNING(WARNING_MEAN_STD, "mean_std", "data.mean or data.std cannot belong to values from 0 to 1"),
    WARNING(WARNING_NO_TEST, "no_test", "there are training samples, but no test samples"),
    WARNING(WARNING_TEST_IS_TRAINING, "test_is_training", "the test samples are the training samples"),
    WARNING(WARNING_VALIDATION_CLASSES, "validation_classes",
            "the validation samples lack a class that the training samples have, or the other way round"),
    WARNING(WARNING_CONSTANT_INPUT, "constant_input",
            "data.normalize finds a feature or channel that never changes"),
    WARNING(WARNING_FROZEN_RANDOM, "frozen_random",
            "a frozen layer keeps the weights that a new run begins with, as train.from names no file"),
    WARNING(WARNING_LOSS_GROWS, "loss_grows", "the loss grows for 100 steps"),
    WARNING(WARNING_RATE_JUMPS, "rate_jumps", "a resumed run continues with a different learning rate"),
    WARNING(WARNING_GROUP_REPLACED, "group_replaced", "a group on the command line takes keys away"),
};

#define SECTION(section_path, section_title, rows)                                                           \
    {                                                                                                        \
        .path = (section_path), .title = (section_title), .table = (rows), .count = COUNT(rows)              \
    }

const struct setting_section settings_sections[] = {
    [SECTION_ROOT] = SECTION("", "", root_table),
    [SECTION_DATA] = SECTION("data", "data", data_table),
    [SECTION_AUGMENT] = SECTION("data.augment", "data.augment", augment_table),
    [SECTION_TRAIN_FILES] = SECTION("data.train", "data.train, data.test, data.validation", file_table),
    [SECTION_TEST_FILES] = SECTION("data.test", "data.train, data.test, data.validation", file_table),
    [SECTION_VALIDATION_FILES] =
        SECTION("data.validation", "data.train, data.test, data.validation", file_table),
    [SECTION_TRAIN] = SECTION("train", "train", train_table),
    [SECTION_OPTIMIZER + OPTIMIZER_SGD] = SECTION("train.optimizer", "train.optimizer, type sgd", sgd_table),
    [SECTION_OPTIMIZER + OPTIMIZER_ADAM] =
        SECTION("train.optimizer", "train.optimizer, type adam", adam_table),
    [SECTION_OPTIMIZER + OPTIMIZER_ADAMW] =
        SECTION("train.optimizer", "train.optimizer, type adamw", adamw_table),
    [SECTION_SCHEDULE + SCHEDULE_CONSTANT] =
        SECTION("train.schedule", "train.schedule, type constant", constant_table),
    [SECTION_SCHEDULE + SCHEDULE_STEP] = SECTION("train.schedule", "train.schedule, type step", step_table),
    [SECTION_SCHEDULE + SCHEDULE_COSINE] =
        SECTION("train.schedule", "train.schedule, type cosine", cosine_table),
    [SECTION_OUTPUT] = SECTION("output", "output", output_table),
    [SECTION_WARNINGS] = SECTION("warnings", "warnings", warnings_table),
};

const struct setting_schema settings_schema = {settings_sections, COUNT(settings_sections), settings_words};
_Static_assert(COUNT(warnings_table) == WARNING_KINDS, "each warning has its key");
_Static_assert(COUNT(settings_sections) == SECTION_COUNT, "each section has its table");
