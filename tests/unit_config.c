/* unit_config.c: what src/lib/config says of a text and reads from it, its whole voice in tables. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "config_said.h"
#include "setting/nearest.h"
#include "unit.h"

/* ---- messages ---------------------------------------------------------------------------------------- */

struct message {
    const char *text, *expected;
};

static void all_said(const struct message *messages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        same_text(said(messages[i].text, NULL, NULL), messages[i].expected, messages[i].text);
}

static void wrong_values(void)
{
    static const struct message messages[] = {
        /* keys */
        {NET "\ntrain = {\n  epoch = 3;\n};", "a.cfg:3: train: epoch: unknown key; did you mean \"epochs\"?"},
        {NET "\ntrain = {\n  EPOCHS = 3;\n};",
         "a.cfg:3: train: EPOCHS: unknown key; did you mean \"epochs\"?"},
        {NET "\ntrain = {\n  hcops = 3;\n};",
         "a.cfg:3: train: hcops: unknown key, known are epochs, shuffle, pad, optimizer"},
        {NET "\ntrian = {};", "a.cfg:2: trian: unknown key; did you mean \"train\"?"},
        {"network = (\n {type = \"relu\"; slope = 1; } );",
         "a.cfg:2: layer \"relu1\" (relu): slope: unknown key, known are type, name, inputs"},
        {"network = (\n {type = \"conv\";\n kernal = 5; filters = 1; } );",
         "a.cfg:3: layer \"conv1\" (conv): kernal: unknown key; did you mean \"kernel\"?"},
        {"network = (\n {type = \"conv\"; } );",
         "a.cfg:2: layer \"conv1\" (conv): filters: missing, expected a whole number from 1 to 65536"},
        {NET "train = { optimizer = {\n rate = 0.1; }; };",
         "a.cfg:1: train.optimizer: type: missing, expected \"sgd\", \"adam\" or \"adamw\""},
        /* types */
        {NET "train = 5;", "a.cfg:1: train: expected a group { ... }"},
        {NET "train = {\noptimizer = [1]; };", "a.cfg:2: train: optimizer: expected a group { ... }"},
        {NET "train = { epochs = 2.0; };",
         "a.cfg:1: train: epochs: expected a whole number from 1 to 1000000, got 2.0"},
        {NET "train = { epochs = 1e6; };",
         "a.cfg:1: train: epochs: expected a whole number from 1 to 1000000, got 1000000.0"},
        {NET "train = { epochs = \"abc\"; };",
         "a.cfg:1: train: epochs: expected a whole number from 1 to 1000000, got \"abc\""},
        {NET "train = { epochs = true; };",
         "a.cfg:1: train: epochs: expected a whole number from 1 to 1000000, got true"},
        {NET "train = { epochs = [3]; };",
         "a.cfg:1: train: epochs: expected a whole number from 1 to 1000000, got a list"},
        {NET "train = { epochs = {}; };",
         "a.cfg:1: train: epochs: expected a whole number from 1 to 1000000, got a group"},
        {NET "train = { shuffle = 1; };", "a.cfg:1: train: shuffle: expected true or false, got 1"},
        {NET "train = { shuffle = 0; };", "a.cfg:1: train: shuffle: expected true or false, got 0"},
        {NET "name = 5;", "a.cfg:1: name: expected a string in quotes, got 5"},
        {NET "train = { optimizer = { type = 1; }; };",
         "a.cfg:1: train.optimizer: type: expected \"sgd\", \"adam\" or \"adamw\", got 1"},
        {NET "train = { optimizer = { type = \"adma\"; }; };",
         "a.cfg:1: train.optimizer: type: \"adma\" is not known; did you mean \"adam\"?"},
        {NET "train = { optimizer = { type = \"lbfgs\"; }; };",
         "a.cfg:1: train.optimizer: type: \"lbfgs\" is not known, expected \"sgd\", \"adam\" or \"adamw\""},
        /* ranges */
        {NET "train = { epochs = 0; };",
         "a.cfg:1: train: epochs: 0 is out of range, expected a whole number from 1 to 1000000"},
        {NET "train = { epochs = -0x; };", "a.cfg:1: \"-0x\" is not a number"},
        {NET "train = { epochs = 2147483648; };",
         "a.cfg:1: train: epochs: 2147483648 is out of range, expected a whole number from 1 to 1000000"},
        {NET "train = { pad = 99999999999; };",
         "a.cfg:1: train: pad: 99999999999 is out of range, expected a whole number from -2147483648 to 2147483647"},
        {NET "train = { pad = -2147483649; };",
         "a.cfg:1: train: pad: -2147483649 is out of range, expected a whole number from -2147483648 to 2147483647"},
        {NET "train = { pad = 0xFFFFFFFF; };",
         "a.cfg:1: train: pad: 4294967295 is out of range, expected a whole number from -2147483648 to 2147483647"},
        {NET "train = { pad = 9223372036854775807; };",
         "a.cfg:1: train: pad: 9223372036854775807 is out of range, expected a whole number from "
         "-2147483648 to 2147483647"},
        {NET "train = { pad = 12345678901234567890123; };",
         "a.cfg:1: \"12345678901234567890123\" is too large for a whole number"},
        {NET "train = { optimizer = { type = \"sgd\"; rate = 1e999; }; };",
         "a.cfg:1: \"1e999\" is out of range, expected at most 1.79e308 in size"},
        {NET "train = { optimizer = { type = \"sgd\"; rate = 1e-400; }; };",
         "a.cfg:1: \"1e-400\" is out of range, expected 0 or at least 4.95e-324 in size"},
        {NET "train = { optimizer = { type = \"sgd\"; rate = 4.94e-324; }; };",
         "a.cfg:1: train.optimizer: rate: 4.94066e-324 is 0 in 32-bit arithmetic, expected at least 1.18e-38"},
        {NET "mean = [0, -0.01e-999];",
         "a.cfg:1: \"-0.01e-999\" is out of range, expected 0 or at least 4.95e-324 in size"},
        {NET "mean = [0.0e-999, -0e+999];", ""},
        {NET "mean = [-5e-324, 1e-310];", ""},
        {NET "train = { optimizer = { type = \"sgd\"; rate = 0; }; };",
         "a.cfg:1: train.optimizer: rate: 0 is out of range, expected a number greater than 0"},
        {NET "train = { optimizer = { type = \"sgd\"; momentum = 1.0; }; };",
         "a.cfg:1: train.optimizer: momentum: 1.0 is out of range, expected a number from 0 to less than "
         "1"},
        /* lists */
        {NET "input = [1, 28, 28, 1];", "a.cfg:1: input: a list of 4 is too long, expected at most 3"},
        {NET "input = [];",
         "a.cfg:1: input: expected a whole number from 1 to 65536 or a list of up to 3, got an empty list"},
        {NET "input = [1, 2.5];", "a.cfg:1: input: item 2: expected a whole number from 1 to 65536, got 2.5"},
        {NET "input = (1, 0);",
         "a.cfg:1: input: item 2: 0 is out of range, expected a whole number from 1 to 65536"},
        {NET "mean = [0, \"x\"];", "a.cfg:1: mean: item 2: expected a number from -1 to 1, got \"x\""},
        /* layers */
        {"name = \"n\";", "a.cfg:1: network: missing, expected a list of layers ( { ... }, ... )"},
        {"\nnetwork = ();", "a.cfg:2: network: expected 1 to 4096 layers, got 0"},
        {"network = 5;", "a.cfg:1: network: expected a list of layers ( { ... }, ... )"},
        {"network = (\n{ filters = 5; });",
         "a.cfg:2: network.0: type: missing, expected a layer's type in quotes"},
        {"network = ({\ntype = 5; });", "a.cfg:2: network.0: type: expected a layer's type in quotes"},
        {"network = (\n5);", "a.cfg:2: network.0: expected a layer as a group { type = \"...\"; ... }"},
        {"network = ({ type = \"a\"; name = \"x\"; }, { type = \"b\";\nname = \"x\"; });",
         "a.cfg:2: layer \"x\" (b): name: \"x\" is already the name of an earlier layer, network.0"},
        {"network = ({ type = \"a\"; name = \"a2\"; },\n{ type = \"a\"; });",
         "a.cfg:2: layer \"a2\" (a): \"a2\" is already the name of an earlier layer, network.0"},
        {"network = ({ type = \"a\"; name = \"input\"; });",
         "a.cfg:1: layer \"input\" (a): name: \"input\" is the name of the network's own input"},
        {"network = ({ type = \"a\"; name = \"a.b\"; });",
         "a.cfg:1: layer \"a.b\" (a): name: \"a.b\" cannot name a layer, expected a letter, then letters, digits, \"_\" or "
         "\"-\", at most 64 in all"},
        {"network = ({ type = \"a\"; name = 3; });",
         "a.cfg:1: layer \"a1\" (a): name: expected a layer's name in quotes"},
        {"network = ({ type = \"a\"; inputs = []; });",
         "a.cfg:1: layer \"a1\" (a): inputs: expected 1 to 64 names of layers in quotes"},
        {"network = ({ type = \"a\"; inputs = (\"b\", 5); });",
         "a.cfg:1: layer \"a1\" (a): inputs: item 2: expected the name of a layer in quotes"},
        /* a key given twice is one complaint among others */
        {NET "train = { epochs = 0;\nepochs = 5;\n};\nname = 5;",
         "a.cfg:1: train: epochs: 0 is out of range, expected a whole number from 1 to 1000000\n"
         "a.cfg:2: train: epochs: given twice, first on line 1\n"
         "a.cfg:4: name: expected a string in quotes, got 5"},
        {"network = ({ type = \"a\"; x = { type = \"b\"; type = \"c\"; }; });",
         "a.cfg:1: network.0.x: type: given twice, first on line 1\n"
         "a.cfg:1: layer \"a1\" (a): x: unknown key, known are type, name, inputs"},
    };
    all_said(messages, COUNT(messages));
}

static void every_error(void)
{
    same_text(
        said(
            "name = 5;\ninput = 0;\ntrain = { epochs = 0; pda = 1;\n  optimizer = { rate = -1; tpye = \"sgd\"; }; };\n"
            "network = ( { type = \"conv\"; kernel = 0; },\n  { typ = \"relu\"; } );\nfoo = 1;\n",
            NULL, NULL),
        "a.cfg:1: name: expected a string in quotes, got 5\n"
        "a.cfg:2: input: 0 is out of range, expected a whole number from 1 to 65536 or a list of up to 3\n"
        "a.cfg:3: train: epochs: 0 is out of range, expected a whole number from 1 to 1000000\n"
        "a.cfg:3: train: pda: unknown key; did you mean \"pad\"?\n"
        "a.cfg:4: train.optimizer: rate: -1 is out of range, expected a number greater than 0\n"
        "a.cfg:4: train.optimizer: tpye: unknown key; did you mean \"type\"?\n"
        "a.cfg:5: layer \"conv1\" (conv): filters: missing, expected a whole number from 1 to 65536\n"
        "a.cfg:5: layer \"conv1\" (conv): kernel: 0 is out of range, expected a whole number from 1 to 99 or a list of up to 2\n"
        "a.cfg:6: network.1: type: missing, expected a layer's type in quotes\n"
        "a.cfg:7: foo: unknown key, known are name, input, mean, network, train",
        "a file of many errors");
}

static void syntax_errors(void)
{
    static const struct message messages[] = {
        {"a = 1;;", "a.cfg:1: expected a key, got \";\""},
        {"a 1;", "a.cfg:1: expected \"=\" after \"a\", got \"1\""},
        {"a\n", "a.cfg:2: expected \"=\" after \"a\", got the end"},
        {"a = ;", "a.cfg:1: expected a value, got \";\""},
        {"a =\n", "a.cfg:2: expected a value, got the end"},
        {"a = yes;",
         "a.cfg:1: expected a value after \"a\" =, got yes without quotes; a string is written \"yes\""},
        {"true = 1;", "a.cfg:1: expected a key, got \"true\""},
        {"a = {\n b = 1;\n", "a.cfg:2: the \"{\" of line 1 is never closed"},
        {"\na = (\n {b = 1; }\n\n", "a.cfg:3: the \"(\" of line 2 is never closed"},
        {"a = [1,\n", "a.cfg:1: the \"[\" of line 1 is never closed"},
        {"a = { b = 1; );", "a.cfg:1: the \"{\" of line 1 is not closed: expected \"}\" before \")\""},
        {"a = ({}\n{});", "a.cfg:1: a comma is missing at the end of this line, before \"{\" on line 2"},
        {"a = ({};\n{});", "a.cfg:1: unexpected \";\": a comma separates the items of a list"},
        {"a = ({}\n; b = 1;",
         "a.cfg:1: the \"(\" of line 1 is not closed: expected \")\" before \";\" on line 2"},
        {"a = (\n{ b = 1;\n{});",
         "a.cfg:2: the \"{\" of line 2 is not closed: expected \"}\" before \"{\" on line 3"},
        {"a = [1 2];", "a.cfg:1: a comma is missing before \"2\""},
        {"a = (1,\n 2,\n);", "a.cfg:2: comma before \")\": the last item of a list takes none"},
        {"a = [1,];", "a.cfg:1: comma before \"]\": the last item of a list takes none"},
        {"a = [{}];", "a.cfg:1: [ ] holds numbers and strings only, for groups and lists use ( )"},
        {"a = \"x;\nb = 1;", "a.cfg:1: the string is not closed on its line"},
        {"a = \"x\\\";", "a.cfg:1: the string is not closed on its line"},
        {"a = \"\\q\";",
         "a.cfg:1: unknown escape in the string, expected \\\\ \\\" \\n \\r \\t \\f or \\x41"},
        {"a = \"\\x00\";", "a.cfg:1: \\x00 in the string is out of range, expected \\x01 to \\x7f"},
        {"a = \"\\xe9\";", "a.cfg:1: \\xe9 in the string is out of range, expected \\x01 to \\x7f"},
        {"a = \"\x01\";", "a.cfg:1: there is a control character (0x01) in the string"},
        {"a = 12abc;", "a.cfg:1: \"12abc\" is not a number"},
        {"a = 1.2.3;", "a.cfg:1: \"1.2.3\" is not a number"},
        {"a = .;", "a.cfg:1: \".\" is not a number"},
        {"a = 1e;", "a.cfg:1: \"1e\" is not a number"},
        {"a = 010;", "a.cfg:1: \"010\" begins with a zero, octal numbers are not supported"},
        {"a = 1,5;", "a.cfg:1: expected a key, got \"5\""},
        {"a = 'x';", "a.cfg:1: unexpected ': a string stands in double quotes: \"...\""},
        {"\xc3\xa9 = 1;", "a.cfg:1: unexpected é (U+00E9) outside of a string"},
        {"\n@include \"x.cfg\"",
         "a.cfg:2: @include \"x.cfg\": a config in memory or in a checkpoint includes no files"},
        {"a = 1; @include \"x.cfg\"", "a.cfg:1: @include \"FILE\" must stand on a line of its own"},
        {"a = 1;\n /* x\n\n", "a.cfg:2: the comment that begins here never ends"},
        {"a = 1;\n# \xff\n", "a.cfg:2: this is not UTF-8 text"},
        {"a = 1;\n# \xc0\x80\n", "a.cfg:2: this is not UTF-8 text"},
        {"a = 1;\n# \xed\xa0\x80\n", "a.cfg:2: this is not UTF-8 text"},
        /* it ends the checking, but takes nothing back */
        {"a = { b = 1; b = 2; }; c = 1 d",
         "a.cfg:1: a: b: given twice, first on line 1\na.cfg:2: expected \"=\" after \"d\", got the end"},
    };
    all_said(messages, COUNT(messages));
}

/* ---- values ------------------------------------------------------------------------------------------ */

static void good_values(void)
{
    static const char text[] = "# comment without an end of line is fine, and so is \"this\n"
                               "name: \"a\" \"b\\t\\x41\"; /* 99999999999999999999999 [ */ input = 784\n"
                               "mean = [0, 0.25], // \"\n"
                               "train = { epochs = 0x10; shuffle = FALSE; pad = -7L,\n"
                               "  optimizer: { type = \"adamw\"; rate = 1; momentum = 5e-1 } }\n"
                               "network = ( { type = \"conv\"; filters = +6; kernel = (5, 3); } ) # end";
    struct values v;

    memset(&v, 0xff, sizeof v);
    same_text(said(text, NULL, &v), "", text);
    CU_ASSERT(v.input.count == 1 && v.input.value[0] == 784);
    CU_ASSERT(v.mean.count == 2 && v.mean.value[0] == 0.0 && v.mean.value[1] == 0.25);
    CU_ASSERT(v.epochs == 16 && v.shuffle == 0 && v.pad == -7);
    CU_ASSERT(v.type == 2 && v.rate == 1.0 && v.momentum == 0.5);
    CU_ASSERT(v.filters == 6 && v.kernel.count == 2 && v.kernel.value[0] == 5 && v.kernel.value[1] == 3);
}

static void defaults(void)
{
    struct values v;

    memset(&v, 0xff, sizeof v);
    same_text(
        said("network = ({ type = \"conv\"; filters = 1; }); train = { optimizer = { type = \"sgd\"; }; };",
             NULL, &v),
        "", "defaults");
    CU_ASSERT(v.input.count == 1 && v.input.value[0] == 1);
    CU_ASSERT(v.mean.count == 1 && v.mean.value[0] == 0.5);
    CU_ASSERT(v.epochs == 10 && v.shuffle == 1 && v.pad == 0 && v.rate == 0.01 && v.momentum == 0.0);
    CU_ASSERT(v.kernel.count == 1 && v.kernel.value[0] == 3);
    /* a bad value leaves the default behind, so that later checks find something sane */
    memset(&v, 0xff, sizeof v);
    said("network = ({ type = \"conv\"; filters = 0; kernel = [1, 1, 1]; }); train = { epochs = 1.5; };",
         NULL, &v);
    CU_ASSERT(v.epochs == 10 && v.filters == 0 && v.kernel.count == 1 && v.kernel.value[0] == 3);
}

static const struct nnrun_setting name_table = {
    .name = "name", .kind = NNRUN_STRING, .offset = offsetof(struct values, name)};

static void strings_live(void)
{
    struct error error UNIT_CLEARED = {0};
    struct values v = {0};
    struct config *config = config_parse("name = \"lenet\"; " NET, "a.cfg", "configs", NULL, 0, 0, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    config_apply(config, config_root(config), "", &name_table, 1, NULL, NULL, &v);
    CU_ASSERT_STRING_EQUAL(v.name, "lenet");
    CU_ASSERT_STRING_EQUAL(config_text(config), "name = \"lenet\"; " NET "\n");
    CU_ASSERT_STRING_EQUAL(config_word(config_root(config), "name"), "lenet");
    CU_ASSERT_PTR_NULL(config_word(config_root(config), "network"));
    CU_ASSERT_PTR_NULL(config_word(NULL, "name"));
    CU_ASSERT(config_has(config_root(config), "name") && !config_has(config_root(config), "nam"));
    CU_ASSERT_PTR_NULL(config_find(config, config_root(config), "train"));
    CU_ASSERT_EQUAL(config_complaints(config), 1); /* network, unknown to this table alone */
    CU_ASSERT_EQUAL(config_finish(config, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_CONFIG);
    CU_ASSERT_EQUAL(config_finish(config, &error), 0);
    config_close(config);
    config_close(NULL);
}

static void layer_list(void)
{
    static const char text[] =
        "network = ( { type = \"conv\"; }, { type = \"relu\"; name = \"r\"; },"
        "{ type = \"conv\"; inputs = \"r\"; }, { type = \"relu\"; inputs = (\"conv1\", \"conv2\"); } );";
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_parse(text, "a.cfg", NULL, NULL, 0, 0, &error);
    const struct config_layer *layers;
    size_t count = 0;

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    layers = config_layers(config, &count);
    CU_ASSERT_EQUAL_FATAL(count, 4);
    CU_ASSERT_STRING_EQUAL(layers[0].name, "conv1");
    CU_ASSERT_STRING_EQUAL(layers[1].name, "r");
    CU_ASSERT_STRING_EQUAL(layers[2].name, "conv2");
    CU_ASSERT_STRING_EQUAL(layers[3].name, "relu2");
    CU_ASSERT_STRING_EQUAL(layers[3].type, "relu");
    CU_ASSERT(layers[0].input_count == 0 && layers[2].input_count == 1 && layers[3].input_count == 2);
    CU_ASSERT_STRING_EQUAL(layers[2].inputs[0], "r");
    CU_ASSERT_STRING_EQUAL(layers[3].inputs[1], "conv2");
    CU_ASSERT_PTR_EQUAL(config_layers(config, &count), layers);
    CU_ASSERT_EQUAL(config_finish(config, &error), 0);
    config_close(config);
}

static void any_locale(void)
{
    static const char *const comma[] = {"de_DE.UTF-8", "de_DE.utf8",  "fr_FR.UTF-8",
                                        "fr_FR.utf8",  "pl_PL.UTF-8", NULL};
    static const char *const overrides[] = {"train.optimizer.type=\"sgd\"", "train.optimizer.rate=9.9e999",
                                            NULL};
    const locale_t before = uselocale((locale_t)0);
    struct values v = {0};
    const char *text = NET "train = { optimizer = { type = \"sgd\"; rate = 0.75; momentum = 1.5; }; };";
    size_t i = 0;

    while (comma[i] && !setlocale(LC_ALL, comma[i]))
        i++;
    if (!comma[i])
        printf("SKIP: no locale with a decimal comma here ");
    same_text(
        said(text, NULL, &v),
        "a.cfg:1: train.optimizer: momentum: 1.5 is out of range, expected a number from 0 to less than 1",
        text);
    CU_ASSERT_EQUAL(v.rate, 0.75);
    same_text(
        said(NET, overrides, NULL),
        "command line: train.optimizer.rate=9.9e999: \"9.9e999\" is out of range, expected at most 1.79e308 in size",
        "overrides");
    CU_ASSERT(uselocale((locale_t)0) == before);
    setlocale(LC_ALL, "C");
}

/* ---- hostile texts, suggestions --------------------------------------------------------------------- */

static void hostile_texts(void)
{
    static char text[CONFIG_MOST_BYTES];
    size_t used = 0;

    memcpy(text, "a = ", 4);
    memset(text + 4, '(', sizeof text - 5);
    same_text(said(text, NULL, NULL), "a.cfg:1: groups and lists are more than 16 deep", "((((");
    for (size_t i = 0; i + 8 < sizeof text; i += 3)
        memcpy(text + i, "a={", 4);
    same_text(said(text, NULL, NULL), "a.cfg:1: groups and lists are more than 16 deep", "a={a={");
    for (int i = 0; i < 257; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "k%d = 1;\n", i);
    same_text(said(text, NULL, NULL), "a.cfg:257: more than 256 keys in one group", "257 keys");
    memset(text, '9', sizeof text - 1);
    memcpy(text, "a = ", 4);
    same_text(
        said(text, NULL, NULL),
        "a.cfg:1: \"9999999999999999999999999999999999999999999999999999999999...\" is too large for a whole number",
        "64 KiB of digits");
    used = (size_t)snprintf(text, sizeof text, "network = (");
    for (int i = 0; i < 4097; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s{type=\"a\"}", i ? "," : "");
    snprintf(text + used, sizeof text - used, ");");
    same_text(said(text, NULL, NULL), "a.cfg:1: network: expected 1 to 4096 layers, got 4097", "4097 layers");
}

/* What is said of a text whose group "train.optimizer", there or not, is read by the table. */
static const char *applied(const char *text, const struct nnrun_setting *table, size_t count, int32_t *values)
{
    static struct error error = {0};
    struct config *config;
    config_group *train;

    error_clear(&error);
    config = config_parse(text, "a.cfg", NULL, NULL, 0, 0, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    train = config_find(config, config_root(config), "train");
    config_apply(config, config_find(config, train, "optimizer"), "train.optimizer", table, count, NULL, NULL,
                 values);
    config_finish(config, &error);
    config_close(config);
    return error_text(&error);
}

static void absent_groups(void)
{
    static const struct nnrun_setting table[] = {
        {.name = "steps", .kind = NNRUN_INT, .flags = NNRUN_REQUIRED, .low = 1, .high = 9}};
    int32_t steps = -1;

    same_text(applied("a = 1;\n", table, COUNT(table), &steps),
              "a.cfg:1: train.optimizer: steps: missing, expected a whole number from 1 to 9", "no group");
    same_text(applied("a = 1;\ntrain = {\n};", table, COUNT(table), &steps),
              "a.cfg:2: train.optimizer: steps: missing, expected a whole number from 1 to 9",
              "the one around it");
    same_text(applied("train = { optimizer = { steps = 9; }; };", table, COUNT(table), &steps), "",
              "it is there");
    CU_ASSERT_EQUAL(steps, 9);
}

static void open_ends(void)
{
    static const struct nnrun_setting table[] = {
        {.name = "steps", .kind = NNRUN_INT, .flags = NNRUN_OPEN_LOW | NNRUN_OPEN_HIGH, .low = 0, .high = 9},
        {.name = "shift", .kind = NNRUN_INT, .offset = sizeof(int32_t), .low = -1e12, .high = 1e12}};
    int32_t values[2] = {0};

    same_text(
        applied("train = { optimizer = { steps = 1; shift = -2147483648; }; };", table, COUNT(table), values),
        "", "the first whole numbers inside");
    CU_ASSERT(values[0] == 1 && values[1] == INT32_MIN);
    same_text(
        applied("train = { optimizer = { steps = 8; shift = 2147483647; }; };", table, COUNT(table), values),
        "", "the last ones");
    CU_ASSERT(values[0] == 8 && values[1] == INT32_MAX);
    same_text(
        applied("train = { optimizer = { steps = 0; shift = -2147483649; }; };", table, COUNT(table), values),
        "a.cfg:1: train.optimizer: steps: 0 is out of range, expected a whole number from 1 to 8\n"
        "a.cfg:1: train.optimizer: shift: -2147483649 is out of range, expected a whole number from -2147483648 to 2147483647",
        "below");
    same_text(
        applied("train = { optimizer = { steps = 9; shift = 2147483648; }; };", table, COUNT(table), values),
        "a.cfg:1: train.optimizer: steps: 9 is out of range, expected a whole number from 1 to 8\n"
        "a.cfg:1: train.optimizer: shift: 2147483648 is out of range, expected a whole number from -2147483648 to 2147483647",
        "above");
}

static void nearest(void)
{
    static const char *const words[] = {"kernel", "filters", "pad", "stride", "lr", "free"};
    static const struct {
        const char *word, *nearest;
    } cases[] = {
        {"kernal", "kernel"},
        {"kernle", "kernel"},
        {"Kernel", "kernel"},
        {"filter", "filters"},
        {"fliters", "filters"},
        {"pda", "pad"},
        {"padd", "pad"},
        {"strides", "stride"},
        {"rl", "lr"},
        {"l2", "lr"},
        {"rate", NULL},
        {"x", NULL},
        {"", NULL},
        {"kern", "kernel"},
        {"depth", NULL},
        {"prey", NULL},
        {"stridden", "stride"},
        {"kernelkernelkernelkernelkernelkernel", NULL},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = nearest_word(cases[i].word, words, COUNT(words));
        same_text(found ? found : "(none)", cases[i].nearest ? cases[i].nearest : "(none)", cases[i].word);
    }
    CU_ASSERT_PTR_NULL(nearest_word("kernel", words, 0));
}

static const struct unit_test tests[] = {
    {"a wrong key, type, range or layer is reported with file, line and what was expected", wrong_values},
    {"every error of a file is reported at once", every_error},
    {"a syntax error is one line that says what and where", syntax_errors},
    {"values arrive as written", good_values},
    {"absent and faulty keys have their defaults", defaults},
    {"strings and words are the config's", strings_live},
    {"layers get their names and inputs", layer_list},
    {"a locale never changes a number", any_locale},
    {"hostile texts are refused", hostile_texts},
    {"a required key is missed in a group that is not there, too", absent_groups},
    {"a whole number lies within open ends, and within 32 bits", open_ends},
    {"a suggestion is near, or there is none", nearest},
};
UNIT_MAIN("config", tests)
