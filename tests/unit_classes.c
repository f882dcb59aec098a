/* unit_classes.c: names of classes: from a list or a file, checked, and kept in checkpoints as a list. */
#include "unit.h"
#include "unit_options.h"

#include <nnrun/nnrun.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "train/train_state.h"

static const char network[] =
    "input = [1, 6, 6]; network = ( { type = \"dense\"; units = 3; }, { type = \"%s\"; } );\n"
    "data: { %s };\n";

/* Opens a network of three outputs that ends in `loss`, with `data` in its group. Returns what is wrong, "": nothing. */
static const char *opened(struct model *model, const char *loss, const char *data)
{
    static char said[4096];
    const struct model_options options = unit_options(false);
    char *text = memory_format(network, loss, data);
    const struct model_source source = {.bytes = text, .size = strlen(text), .label = "net.cfg"};
    struct error error UNIT_CLEARED = {0};

    snprintf(said, sizeof said, "%s",
             model_open(model, &source, &options, &error) == 0 ? "" : error_text(&error));
    free(text);
    return said;
}

static void holds(const char *said, const char *part)
{
    CU_ASSERT_PTR_NOT_NULL(strstr(said, part));
    if (!strstr(said, part))
        printf("\n  \"%s\" is not in \"%s\"\n", part, said);
}

/* Of softmax with three classes. */
static void is_refused(const char *data, const char *part)
{
    struct model model = {0};

    holds(opened(&model, "softmax", data), part);
    model_finish(&model);
}

static void file_is_refused(const char *bytes, size_t size, const char *part)
{
    char data[600];

    snprintf(data, sizeof data, "classes = \"%s\";", unit_file("wrong.txt", bytes, size));
    is_refused(data, part);
}
#define FILE_IS_REFUSED(bytes, part) file_is_refused(bytes, sizeof(bytes) - 1, part)

static void names_of_a_list(void)
{
    struct model model;

    CU_ASSERT_STRING_EQUAL(opened(&model, "softmax", "classes = [\"cat\", \"dog \\\"x\\\\\", \"\xc3\xa9\"];"),
                           "");
    CU_ASSERT_STRING_EQUAL(model_class_name(&model, 0), "cat");
    CU_ASSERT_STRING_EQUAL(model_class_name(&model, 1), "dog \"x\\");
    CU_ASSERT_STRING_EQUAL(model_class_name(&model, 2), "\xc3\xa9");
    CU_ASSERT_PTR_NULL(model_class_name(&model, 3));
    CU_ASSERT(model.override_count == 0);
    model_finish(&model);
    CU_ASSERT_STRING_EQUAL(opened(&model, "softmax", ""), "");
    CU_ASSERT_PTR_NULL(model_class_name(&model, 0));
    model_finish(&model);
    CU_ASSERT_STRING_EQUAL(opened(&model, "logistic", "classes = [\"a\", \"b\", \"c\"];"), "");
    model_finish(&model);
}

static void wrong_lists(void)
{
    char many[8192] = "classes = [\"0\"", item[16], data[200];

    is_refused("classes = [\"a\", \"b\"];", "2 names for the 3 classes of layer \"softmax1\" (softmax)");
    is_refused("classes = [\"a\", \"b\", \"a\"];", "item 3: the same name as item 1, \"a\"");
    is_refused("classes = [\"a\", \"\", \"b\"];", "item 2: an empty name");
    is_refused("classes = [\"a\", \" b\", \"c\"];", "item 2: a name with blanks around it");
    is_refused("classes = [\"a\", \"b\\n\", \"c\"];",
               "item 2: a name that is not UTF-8 text, or has control");
    is_refused("classes = [\"a\", 2, \"c\"];", "item 2: expected a string in quotes, got 2");
    is_refused("classes = [];", "expected a string in quotes or a list of up to 256, got an empty list");
    is_refused("classes = 3;", "expected a string in quotes or a list of up to 256, got 3");
    snprintf(data, sizeof data, "classes = [\"a\", \"b\", \"%065d\"];", 1);
    is_refused(data, "item 3: a name of more than 64 bytes");
    for (int i = 1; i < 257; i++) {
        snprintf(item, sizeof item, ",\"%d\"", i);
        strcat(many, item);
    }
    strcat(many, "];");
    is_refused(many, "a list of 257 is too long, expected at most 256");
}

static void names_of_a_file(void)
{
    static const char text[] = "\xef\xbb\xbf"
                               "one\r\n  \"two\" \\ 2\t\nthree";
    struct model model;
    char data[600];

    snprintf(data, sizeof data, "classes = \"%s\";", unit_file("names.txt", text, sizeof text - 1));
    CU_ASSERT_STRING_EQUAL(opened(&model, "softmax", data), "");
    CU_ASSERT_STRING_EQUAL(model_class_name(&model, 0), "one");
    CU_ASSERT_STRING_EQUAL(model_class_name(&model, 1), "\"two\" \\ 2");
    CU_ASSERT_STRING_EQUAL(model_class_name(&model, 2), "three");
    CU_ASSERT(model.override_count == 1);
    CU_ASSERT_STRING_EQUAL(model.overrides[0], "data.classes=(\"one\",\"\\\"two\\\" \\\\ 2\",\"three\")");
    model_finish(&model);
}

static void wrong_files(void)
{
    FILE_IS_REFUSED("a\nb\n", "wrong.txt has 2 names, but layer \"softmax1\" (softmax) has 3 classes");
    FILE_IS_REFUSED("a\nb\nc\nd\n", "has 4 names");
    FILE_IS_REFUSED("a\n\nc\n", "wrong.txt:2: an empty name, expected the name of class 1");
    FILE_IS_REFUSED("a\nb\na\n", "wrong.txt:3: the same name as line 1, \"a\"");
    FILE_IS_REFUSED("a\nb\xff\nc\n", "wrong.txt:2: a name that is not UTF-8 text");
    FILE_IS_REFUSED("a\0\nb\nc\n", "is not text");
    FILE_IS_REFUSED("", "has 0 names");
    is_refused("classes = \"gone.txt\";", "gone.txt: No such file");
}

static void one_number_has_no_classes(void)
{
    struct model model = {0};
    const struct model_options options = unit_options(false);
    static const char text[] = "input = [1, 6, 6]; data: { classes = [\"a\"]; };\n"
                               "network = ( { type = \"dense\"; units = 1; }, { type = \"mse\"; } );";
    const struct model_source source = {.bytes = text, .size = sizeof text - 1, .label = "net.cfg"};
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT(model_open(&model, &source, &options, &error) != 0);
    holds(error_text(&error), "puts out one number, which has no classes to name");
    model_finish(&model);
}

/* A checkpoint of names from a file, and how it opens with an override. */
static const char *reopened(const char *path, const char *override, const char *names[3], int *code)
{
    static char said[2048];
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model;

    options.plugin_folders = &folder;
    options.plugin_folder_count = folder != NULL;
    options.overrides = &override;
    options.override_count = override != NULL;
    model = nnrun_open(path, &options, &error);
    *code = error.code;
    snprintf(said, sizeof said, "%s", model ? "" : error.text);
    for (size_t i = 0; model && i < 3; i++)
        CU_ASSERT_STRING_EQUAL(nnrun_class_name(model, i), names[i]);
    CU_ASSERT(!model || nnrun_class_names(model) == 3);
    nnrun_close(model);
    nnrun_error_clear(&error);
    return said;
}

static void a_checkpoint_keeps_them(void)
{
    const char *names[3] = {"one", "two", "three"};
    struct error error UNIT_CLEARED = {0};
    struct train_state state;
    struct model model;
    char data[600], override[600];
    int code;

    snprintf(data, sizeof data, "classes = \"%s\";", unit_file("kept.txt", "one\ntwo\nthree\n", 14));
    CU_ASSERT_STRING_EQUAL(opened(&model, "softmax", data), "");
    CU_ASSERT_FATAL(train_state_init(&state, &model, false, &error) == 0);
    CU_ASSERT_FATAL(train_state_write(&state, &model, unit_path("kept.safetensors"), &error) == 0);
    train_state_finish(&state);
    model_finish(&model);
    CU_ASSERT(remove(unit_path("kept.txt")) == 0);
    CU_ASSERT_STRING_EQUAL(reopened(unit_path("kept.safetensors"), NULL, names, &code), "");
    CU_ASSERT_STRING_EQUAL(
        reopened(unit_path("kept.safetensors"), "data.classes=[\"one\",\"two\",\"three\"]", names, &code),
        "");
    holds(reopened(unit_path("kept.safetensors"), "data.classes=[\"one\",\"zwei\",\"three\"]", names, &code),
          "class 1 is \"two\", but \"zwei\" in data.classes");
    CU_ASSERT(code == NNRUN_ERROR_DATA);
    snprintf(override, sizeof override, "data.classes=%s", unit_file("other.txt", "one\ntwo\nthre\n", 13));
    holds(reopened(unit_path("kept.safetensors"), override, names, &code),
          "class 2 is \"three\", but \"thre\"");
    CU_ASSERT(code == NNRUN_ERROR_DATA);
}

static void every_length_fits(void)
{
    static char text[256 * 65 + 1], config[400];
    const struct model_options options = unit_options(false);
    struct error error UNIT_CLEARED = {0};
    struct train_state state;
    struct model model, again;
    size_t used = 0;

    for (int i = 0; i < 256; i++)
        used += (size_t)sprintf(text + used, "%03d%061d\n", i, 0);
    for (size_t i = 0; i < used; i++)
        text[i] = text[i] == '0' && i % 65 > 2 ? '"' : text[i]; /* each takes two bytes */
    snprintf(config, sizeof config,
             "input = [1, 2, 2]; network = ( { type = \"dense\"; units = 256; }, { type = \"softmax\"; } );\n"
             "data: { classes = \"%s\"; };",
             unit_file("long.txt", text, used));
    const struct model_source source = {.bytes = config, .size = strlen(config), .label = "net.cfg"};
    CU_ASSERT_FATAL(model_open(&model, &source, &options, &error) == 0);
    CU_ASSERT_FATAL(train_state_init(&state, &model, false, &error) == 0);
    CU_ASSERT_FATAL(train_state_write(&state, &model, unit_path("long.safetensors"), &error) == 0);
    train_state_finish(&state);
    const struct model_source saved = {.path = unit_path("long.safetensors")};
    CU_ASSERT_FATAL(model_open(&again, &saved, &options, &error) == 0);
    for (size_t i = 0; i < 256; i++)
        CU_ASSERT_STRING_EQUAL(model_class_name(&again, i), model_class_name(&model, i));
    model_finish(&again);
    model_finish(&model);
}

static const struct unit_test tests[] = {
    {"a list names the classes, and without one they have no names", names_of_a_list},
    {"a list with wrong, equal, too few, too many or too long names is refused", wrong_lists},
    {"a file names them line by line, and the config then has its names as a list", names_of_a_file},
    {"a file with wrong names is refused, naming the line", wrong_files},
    {"one number has no classes to name", one_number_has_no_classes},
    {"a checkpoint keeps the names, and is not opened with others", a_checkpoint_keeps_them},
    {"256 names of 64 bytes that take two each are kept, too", every_length_fits},
};

UNIT_MAIN("classes", tests)
