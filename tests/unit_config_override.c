/* unit_config_override.c: KEY=VALUE of the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "config_said.h"
#include "unit.h"

static const char lenet[] =
    "input = [1, 28, 28];\nnetwork = (\n  { type = \"conv\"; filters = 6; },\n  { type = \"relu\"; },\n"
    "  { type = \"conv\"; filters = 16; name = \"last\"; } );\n"
    "train = { epochs = 3; optimizer = { type = \"sgd\"; }; };\n";

static void good_overrides(void)
{
    static const char *const overrides[] = {"train.epochs=7",
                                            "train.optimizer.type=adam",
                                            "train.optimizer.rate = 1e-3 ",
                                            "train.optimizer.momentum=0",
                                            "train.shuffle=false",
                                            "train.pad=-3",
                                            "input=(3, 32, 32)",
                                            "mean=[0.5, 1]",
                                            "network.conv1.filters=8",
                                            "network.last.filters=9",
                                            "network.2.kernel=[3,5]",
                                            "train.epochs=8",
                                            NULL};
    struct values v = {0};

    same_text(said(lenet, overrides, &v), "", "overrides");
    CU_ASSERT(v.epochs == 8 && v.type == 1 && v.rate == 1e-3 && v.momentum == 0.0 && v.shuffle == 0 &&
              v.pad == -3);
    CU_ASSERT(v.input.count == 3 && v.input.value[2] == 32);
    CU_ASSERT(v.mean.count == 2 && v.mean.value[1] == 1.0);
    CU_ASSERT(v.filters == 9 && v.kernel.count == 2 && v.kernel.value[1] == 5);
}

static void names_of_the_config(void)
{
    static const char *const overrides[] = {"network.conv1.type=relu",   "network.relu1.type=conv",
                                            "network.conv1.name=a",      "network.relu1.filters=5",
                                            "network.last.inputs=relu1", "network.a.inputs=input"};
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_parse(lenet, "a.cfg", NULL, overrides, COUNT(overrides), 0, &error);
    const struct config_layer *layers;
    char what[CONFIG_LAYER_TEXT];
    size_t count;

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    layers = config_layers(config, &count);
    CU_ASSERT_FATAL(count == 3 && config_complaints(config) == 0);
    same_text(layers[0].name, "a", "a given name");
    same_text(layers[0].key, "conv1", "its key");
    same_text(layers[0].type, "relu", "its type");
    same_text(layers[1].name, "conv1", "a generated name");
    same_text(layers[1].key, "relu1", "its key");
    same_text(layers[2].inputs[0], "conv1", "an input");
    same_text(layers[0].inputs[0], "input", "the network's input");
    same_text(config_layer_text(&layers[1], what), "layer \"conv1\" (conv, network.relu1 in overrides)",
              "what");
    same_text(config_layer_text(&layers[2], what), "layer \"last\" (conv)", "what");
    config_close(config);
}

static void other_lists(void)
{
    static const char *const overrides[] = {
        "network.conv1.filters=1", "network=({type = \"conv\";}, {name = \"b\";})", "network.b.type=conv",
        "network.1.name=conv1", "network.0.name=b"};
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_parse(lenet, "a.cfg", NULL, overrides, COUNT(overrides), 0, &error);
    const struct config_layer *layers;
    size_t count;

    CU_ASSERT_PTR_NULL(config); /* it has no type, so no name */
    same_text(error_text(&error),
              "command line: network.b.type=conv: there is no layer \"b\"; the network has conv1"
              "; KEY=VALUE changes a layer and cannot add one: write it into the config",
              "no type");
    config = config_parse(lenet, "a.cfg", NULL, overrides, 2, 0, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    config_close(config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(config = config_parse("network = ({ type = \"a\"; }, { });", "a.cfg", NULL,
                                                       (const char *[]){"network.1.type=a"}, 1, 0, &error));
    layers = config_layers(config, &count);
    CU_ASSERT_FATAL(count == 2);
    same_text(layers[1].name, "a2", "a layer that has its type from an override");
    same_text(layers[1].key, "1", "its key");
    config_close(config);
}

static void former_types(void)
{
    static const struct nnrun_setting old[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}},
                                      now[] = {{.name = "a"}};
    static const char *const overrides[] = {"g.c=2", "g.type=now", "h.type=other", "h.type=third",
                                            "i.type=now"};
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_parse("g = { type = \"old\"; a = 1; b = 1; c = 1; d = 1; };"
                                         "h = { type = \"first\"; }; i = { }; j = { type = \"x\"; };",
                                         "a.cfg", NULL, overrides, COUNT(overrides), 0, &error);
    config_group *root, *g;
    const char *type;

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    root = config_root(config);
    g = config_find(config, root, "g");
    CU_ASSERT(config_replaced(g, "type", &type));
    same_text(type, "old", "the type of the config");
    config_leave_out(g, old, COUNT(old), now, COUNT(now));
    CU_ASSERT(config_has(g, "a") && !config_has(g, "b") && config_has(g, "c") && config_has(g, "d"));
    CU_ASSERT(config_replaced(config_find(config, root, "h"), "type", &type));
    same_text(type, "first", "the type before two overrides");
    CU_ASSERT(config_replaced(config_find(config, root, "i"), "type", &type) && !type);
    CU_ASSERT(!config_replaced(config_find(config, root, "j"), "type", &type) && !type);
    CU_ASSERT(!config_replaced(NULL, "type", &type));
    config_close(config);
}

static void absent_groups(void)
{
    static const char *const overrides[] = {"train.optimizer.type=adamw", "train.optimizer.rate=2", NULL};
    struct values v = {0};

    same_text(said(NET, overrides, &v), "", "absent groups");
    CU_ASSERT(v.type == 2 && v.rate == 2.0);
}

static void bare_words(void)
{
    static const struct {
        const char *override, *name;
    } words[] = {
        {"name=abc", "abc"},
        {"name=../data/mnist", "../data/mnist"},
        {"name=2024-01-02", "2024-01-02"},
        {"name=7x7.gz", "7x7.gz"},
        {"name=\"5\"", "5"},
        {"name=a b=c;", "a b=c;"},
        {"name=", ""},
        {"name=\"a\" \"b\"", "ab"},
        {"name=-", "-"},
        {"name=\xc3\xa9", "\xc3\xa9"},
        {"name=truex", "truex"},
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        const char *overrides[] = {words[i].override};
        struct error error UNIT_CLEARED = {0};
        struct config *config = config_parse("name = \"x\";", "a.cfg", "configs", overrides, 1, 0, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(config);
        same_text(config_word(config_root(config), "name"), words[i].name, words[i].override);
        config_close(config);
    }
}

static void wrong_overrides(void)
{
    static const struct {
        const char *override, *expected;
    } messages[] = {
        {"train.epochs=abc",
         "command line: train.epochs=abc: expected a whole number from 1 to 1000000, got \"abc\""},
        {"train.epochs=3x",
         "command line: train.epochs=3x: expected a whole number from 1 to 1000000, got \"3x\""},
        {"train.epochs=0",
         "command line: train.epochs=0: 0 is out of range, expected a whole number from 1 to 1000000"},
        {"train.epochs=99999999999",
         "command line: train.epochs=99999999999: 99999999999 is out of range, expected a whole number from 1 to 1000000"},
        {"train.epochs=99999999999999999999",
         "command line: train.epochs=99999999999999999999: \"99999999999999999999\" is too large for a whole number"},
        {"train.epochs=010",
         "command line: train.epochs=010: \"010\" begins with a zero, octal numbers are not supported"},
        {"train.epoch=3", "command line: train.epoch=3: unknown key; did you mean \"epochs\"?"},
        {"trian.epochs=3", "command line: trian.epochs=3: trian: unknown key; did you mean \"train\"?"},
        {"train.optimiser.rate=3",
         "command line: train.optimiser.rate=3: train: optimiser: unknown key; did you mean \"optimizer\"?"},
        {"train.epochs.x=3", "command line: train.epochs.x=3: train.epochs is not a group { ... }"},
        {"train=3", "command line: train=3: expected a group { ... }"},
        {"train.3.x=3", "command line: train.3.x=3: 3 is not the name of a group"},
        {"train.optimizer.type=adma",
         "command line: train.optimizer.type=adma: \"adma\" is not known; did you mean \"adam\"?"},
        {"input=[1,0]",
         "command line: input=[1,0]: item 2: 0 is out of range, expected a whole number from 1 to 65536"},
        {"input=[1,", "command line: input=[1,: the \"[\" is never closed"},
        {"input=[1,2,]",
         "command line: input=[1,2,]: comma before \"]\": the last item of a list takes none"},
        {"input=[1]; name=[2]", "command line: input=[1]; name=[2]: expected one value"},
        {"input=[1] /*", "command line: input=[1] /*: the comment that begins here never ends"},
        {"name=\"x", "command line: name=\"x: the string is not closed on its line"},
        {"name=a\nb\x1b[0m", ""},
        {"name=\xff", "command line: name=?: this is not UTF-8 text"},
        {"network.conv1.kernal=3",
         "command line: network.conv1.kernal=3: unknown key; did you mean \"kernel\"?"},
        {"network.0.kernel=0",
         "command line: network.0.kernel=0: 0 is out of range, expected a whole number from 1 to 99 or a list of up to 2"},
        {"network.cnov1.kernel=3",
         "command line: network.cnov1.kernel=3: there is no layer \"cnov1\"; did you mean \"conv1\"?"},
        {"network.bananas.kernel=3",
         "command line: network.bananas.kernel=3: there is no layer \"bananas\"; the network has conv1, relu1, last; KEY=VALUE changes a layer and cannot add one: write it into the config"},
        {"network.3.kernel=3", "command line: network.3.kernel=3: there is no layer 3, expected 0 to 2"},
        {"network.99999999999999999999.a=3",
         "command line: network.99999999999999999999.a=3: there is no layer 99999999999999999999, expected 0 to 2"},
        {"network.conv1=3",
         "command line: network.conv1=3: expected network.LAYER.KEY=VALUE; did you mean network.conv1.KEY=VALUE?"},
        {"network.conv1.name=last",
         "a.cfg:5: layer \"last\" (conv): name: \"last\" is already the name of an earlier layer, network.0"},
    };
    static char text[1 << 17];
    static const char *const usage[] = {
        "train.epochs",       "=3", "", ".a=3", "a.=3", "a..b=3", "a b=3", "-a=3", "3=4", "3x=4",
        "a.b.c.d.e.f.g.h.i=1"};

    for (size_t i = 0; i < COUNT(messages); i++) {
        const char *overrides[] = {messages[i].override, NULL};
        same_text(said(lenet, overrides, NULL), messages[i].expected, messages[i].override);
    }
    memset(text, 'x', sizeof text - 1);
    memcpy(text, "name=", 5);
    same_text(
        said(lenet, (const char *[]){text, NULL}, NULL),
        "command line: name=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: longer than 4096 bytes",
        "a long one");
    same_text(said("network = (5);", (const char *[]){"network.0.a=3", NULL}, NULL),
              "command line: network.0.a=3: layer 0 is not a group { ... }", "no layer");
    for (size_t i = 0; i < COUNT(usage); i++) {
        struct error error UNIT_CLEARED = {0};
        char expected[128];
        CU_ASSERT_PTR_NULL(config_parse(lenet, "a.cfg", NULL, &usage[i], 1, 0, &error));
        CU_ASSERT_EQUAL(error.code, ERROR_ARGUMENT);
        snprintf(expected, sizeof expected, "command line: %s: expected KEY=VALUE, as in train.epochs=3",
                 usage[i]);
        same_text(error_text(&error), expected, usage[i]);
    }
}

/* ---- questions, by key ------------------------------------------------------------------------------- */

static const struct nnrun_setting
    root_rows[] = {{.name = "name"}},
    data_rows[] = {{.name = "directory", .flags = SETTING_APART | SETTING_PATH | SETTING_RESUME},
                   {.name = "mean"},
                   {.name = "title"}},
    file_rows[] = {{.name = "images", .flags = SETTING_APART | SETTING_PATH | SETTING_RESUME}},
    train_rows[] = {{.name = "epochs", .flags = SETTING_RESUME},
                    {.name = "seed"},
                    {.name = "threads", .flags = SETTING_APART | SETTING_RESUME}},
    old_rows[] = {{.name = "type", .flags = SETTING_RESUME}, {.name = "rate", .flags = SETTING_RESUME}},
    new_rows[] = {{.name = "type", .flags = SETTING_RESUME}, {.name = "beta", .flags = SETTING_RESUME}},
    output_rows[] = {{.name = "directory", .flags = SETTING_APART},
                     {.name = "keep", .flags = SETTING_APART | SETTING_RESUME}};
static const struct setting_section sections[] = {
    {"", "", root_rows, COUNT(root_rows)},
    {"data", "data", data_rows, COUNT(data_rows)},
    {"data.train", "data.train", file_rows, COUNT(file_rows)},
    {"train", "train", train_rows, COUNT(train_rows)},
    {"train.optimizer", "train.optimizer, type old", old_rows, COUNT(old_rows)},
    {"train.optimizer", "train.optimizer, type new", new_rows, COUNT(new_rows)},
    {"output", "output", output_rows, COUNT(output_rows)},
};
static const struct setting_schema schema = {sections, COUNT(sections), NULL};

static struct config *opened(const char *const *overrides, size_t count, size_t saved)
{
    struct error error = {0};
    struct config *config = config_parse(lenet, "a.cfg", NULL, overrides, count, saved, &error);

    if (!config)
        printf("\n  %s\n", error_text(&error));
    error_clear(&error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    config_know(config, &schema);
    return config;
}

/* What is kept of overrides (up to a NULL), each followed by "|". */
static void same_kept(const char *const *overrides, const char *expected)
{
    struct config *config;
    char all[8192] = "", **texts;
    size_t given = 0, count;

    while (given < 8 && overrides[given])
        given++;
    config = opened(overrides, given, 0);
    CU_ASSERT_EQUAL_FATAL(config_kept(config, &texts, &count), 0);
    for (size_t i = 0; i < count; i++) {
        text_add(all, sizeof all, "%s|", texts[i]);
        free(texts[i]);
    }
    free(texts);
    same_text(all, expected, overrides[0]);
    config_close(config);
}

static void kept_overrides(void)
{
    static const struct {
        const char *given[8], *kept;
    } cases[] = {
        {{"train.seed =2", " name = x "}, "train.seed =2| name = x |"},
        {{" train.threads=1", "train.threads =2", "data.directory=\"a=b\"", "output={keep=3}",
          "data.train={}"},
         ""},
        {{"train = { threads = 1; seed: 0x10, }"}, "train={seed=16}|"},
        {{"train={threads=1}"}, "train={}|"},
        {{"train={optimizer={type=\"new\"; beta = 1e-3}; threads=3000000000}"},
         "train={optimizer={type=\"new\";beta=0.001}}|"},
        {{"train.optimizer = {type=\"new\"; }"}, "train.optimizer = {type=\"new\"; }|"},
        {{"data={mean=(1.0,-2, 1e300, 5000000000, 0.1, true, ()); train={images=\"x\";}; title=\"a\\\"\\\\\\n\" \"\xc3\xa9;}\"; }"},
         "data={mean=(1.0,-2,1e+300,5000000000L,0.1,true,());title=\"a\\\"\\\\\\x0a\xc3\xa9;}\"}|"},
        {{"data={train={images=\"x\"; unknown=1}}"}, "data={train={unknown=1}}|"},
        /* given again */
        {{"train.epochs=3", "name=x", " train.epochs = 4"}, "name=x| train.epochs = 4|"},
        {{"train.epochs=3", "train.optimizer.rate=1", "train={seed=3}", "train.seed=4"},
         "train={seed=3}|train.seed=4|"},
        {{"train={optimizer={rate=1}}", "train.optimizer={rate=2}"},
         "train={optimizer={rate=1}}|train.optimizer={rate=2}|"},
        {{"train.optimizer.rate=1", "train.optimizer={rate=2}"}, "train.optimizer={rate=2}|"},
        {{"network.conv1.filters=1", "network.relu1.a=1", "network.0.filters=2"},
         "network.relu1.a=1|network.0.filters=2|"},
        {{"network.0.filters=1", "network.last.filters=1", "network.conv1.filters=2"},
         "network.last.filters=1|network.conv1.filters=2|"},
        {{"network.conv1.filters=1", "network=({type=\"a\"})", "network.a1.b=1"},
         "network=({type=\"a\"})|network.a1.b=1|"},
        {{"network.conv1.type=a", "network.a1.b=1", "network.0.type=c"},
         "network.conv1.type=a|network.a1.b=1|network.0.type=c|"},
        {{"network.conv1.type=a", "network.conv1.b=1", "network.0.type=c"},
         "network.conv1.b=1|network.0.type=c|"},
        {{"train.epochs=3", "train.epochs_=3"}, "train.epochs=3|train.epochs_=3|"},
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        same_kept(cases[i].given, cases[i].kept);
    /* what was written anew is written the same once more */
    for (size_t i = 2; i < 8; i++) {
        char text[256];
        snprintf(text, sizeof text, "%.*s", (int)strlen(cases[i].kept) - 1, cases[i].kept);
        same_kept((const char *const[]){text, NULL}, cases[i].kept);
    }
}

static void forbidden_keys(void)
{
    static const struct {
        const char *override, *path;
        bool within, left_out;
    } cases[] = {
        {"train.seed=2", "train.seed", false, false},
        {"\t train.seed \t= 2", "train.seed", false, false},
        {"train={seed=2}", "train.seed", true, false},
        {"train={ /* nothing */ }", "train.seed", true, true},
        {"train={threads=1; epochs=2}", "train.seed", true, true},
        {"train=2", NULL, false, false},
        {"train={", NULL, false, false},
        {"train.epochs=2", NULL, false, false},
        {"train.epochs={a=1}", NULL, false, false},
        {"train.optimizer={type=\"new\"}", NULL, false, false},
        {"train.optimizer.rate = \"x\"", NULL, false, false},
        {"train.unknown=1", NULL, false, false},
        {"train.optimizer.a.b=1", NULL, false, false},
        {"output={keep=2}", NULL, false, false},
        {"output={keep=2; directory=\"train.epochs=2\"}", "output.directory", true, false},
        {"output.directory=\"x\"", "output.directory", false, false},
        {"data.directory=name=x", NULL, false, false},
        {"data={directory=\"x\"}", "data.mean", true, true},
        {"data.train = { images = \"x\" }", NULL, false, false},
        {"name=x", "name", false, false},
        {"nothing=x", "nothing", false, false},
        {"trains.epochs=2", "trains.epochs", false, false},
        {"network.conv1.filters=2", "network.conv1.filters", false, false},
        {"network=()", "network", false, false},
        {"no key", NULL, false, false},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config_forbidden found;
        const int is = config_forbids(cases[i].override, &schema, SETTING_RESUME, &found);
        CU_ASSERT_EQUAL(is, cases[i].path ? 1 : 0);
        same_text(is ? found.path : "", cases[i].path ? cases[i].path : "", cases[i].override);
        CU_ASSERT(found.within == cases[i].within && found.left_out == cases[i].left_out);
    }
}

static void given_keys(void)
{
    static const char *const overrides[] = {"train.seed=2", "data.directory=x", "data.train={images=\"y\"}",
                                            "data={directory=\"z\"; mean=1}", "train={epochs=3}"};
    struct config *config = opened(overrides, 5, 0);

    CU_ASSERT(config_gives(config, "data.directory") && config_gives(config, "data.mean"));
    CU_ASSERT(config_gives(config, "train.epochs") && !config_gives(config, "train.seed"));
    CU_ASSERT(!config_gives(config, "data.train.images")); /* the group around it has gone */
    CU_ASSERT(!config_gives(config, "name") && !config_gives(config, "data.directory.x"));
    CU_ASSERT(config_gives_any(config, SETTING_PATH));
    config_close(config);
    config = opened(overrides, 5, 4);
    CU_ASSERT(config_gives(config, "train.epochs") && !config_gives(config, "data.directory"));
    CU_ASSERT(!config_gives_any(config, SETTING_PATH));
    config_close(config);
}

static int add_lost(void *arg, const struct config_lost *lost)
{
    text_add(arg, 512, "%s: %s of %s (%zu); ", lost->place, lost->keys, lost->group, lost->count);
    return 0;
}

static void lost_keys(void)
{
    static const char text[] =
        "train = { epochs = 3; seed = 1; empty = {}; optimizer = { type = \"sgd\"; rate = 1; }; };\n"
        "data = { mean = 1; validation = 5; };\nnetwork = ({ type = \"relu\"; });\n";
    static const struct {
        const char *overrides[2];
        size_t saved;
        const char *lost;
    } cases[] = {
        {{"train={epochs=2}"},
         0,
         "command line: train={epochs=2}: train.seed, train.optimizer of train (2); "},
        {{"train={epochs=2}"}, 1, ""},
        {{"train={epochs=2}", "train.seed=4"},
         0,
         "command line: train={epochs=2}: train.optimizer of train (1); "},
        {{"train={seed=2;epochs=2;optimizer={rate=2}}"},
         0,
         "command line: train={seed=2;epochs=2;optimizer={rate=2}}: train.optimizer.type of train (1); "},
        {{"train.optimizer={type=\"adam\"}"}, 0, ""},
        {{"train.optimizer={type=\"sgd\"}"},
         0,
         "command line: train.optimizer={type=\"sgd\"}: train.optimizer.rate of train.optimizer (1); "},
        {{"data.std=2", "data={}"},
         0,
         "command line: data={}: data.mean, data.validation, data.std of data (3); "},
        {{"data={mean=2}", "data={validation=3}"},
         0,
         "command line: data={validation=3}: data.mean of data (1); "},
        {{"data.validation={images=\"x\"}", "data.validation=3"}, 0, ""},
        {{"network=()"}, 0, ""},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error error UNIT_CLEARED = {0};
        struct config *config = config_parse(text, "a.cfg", NULL, cases[i].overrides,
                                             cases[i].overrides[1] ? 2 : 1, cases[i].saved, &error);
        char lost[512] = "";

        CU_ASSERT_PTR_NOT_NULL_FATAL(config);
        CU_ASSERT_EQUAL(config_each_lost(config, add_lost, lost), 0);
        same_text(lost, cases[i].lost, cases[i].overrides[0]);
        config_close(config);
    }
}

static const struct unit_test tests[] = {
    {"overrides set keys, lists, and layers by name and index", good_overrides},
    {"a layer keeps the name that overrides know it by", names_of_the_config},
    {"a list from the command line has names of its own, a nameless layer a number", other_lists},
    {"a replaced type is remembered, its keys can be left out", former_types},
    {"overrides make the groups that are absent", absent_groups},
    {"a bare word on the command line is a string", bare_words},
    {"a faulty override is named and explained", wrong_overrides},
    {"what is kept belongs to the bits, each key once", kept_overrides},
    {"whether a key may change is asked of each key that an override changes", forbidden_keys},
    {"a key is given however it is written", given_keys},
    {"a group takes away the keys that it leaves out, unless it is of another type or they are given again",
     lost_keys},
};
UNIT_MAIN("config overrides", tests)
