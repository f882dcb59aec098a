/* fuzz_config.c: a config with what it includes and overrides, through to a planned network, as nnrun show opens it.
 *
 * Input: the config, the files one.cfg, two.cfg and sub/three.cfg beside it, and overrides, one per line, separated by
 * lines of "===". Beside their folder is a file that no config may include. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/memory_plan.h"
#include "fuzz.h"
#include "model/model.h"
#include "model/model_network.h"

enum { MOST_OVERRIDES = 8, FILES = 4 };
#define SECRET "kept_out_7f3a"

/* The overrides, in memory of their own. */
struct overrides {
    char *text;
    const char *list[MOST_OVERRIDES];
    size_t count;
};

static void take_overrides(struct overrides *overrides, const struct fuzz_part *part)
{
    char *rest;

    overrides->text = malloc(part->size + 1);
    if (!overrides->text)
        fuzz_fail("no memory");
    memcpy(overrides->text, part->data, part->size);
    overrides->text[part->size] = '\0';
    rest = overrides->text;
    while (*rest && overrides->count < MOST_OVERRIDES) {
        char *end = strchr(rest, '\n');

        overrides->list[overrides->count++] = rest;
        rest = end ? end + 1 : rest + strlen(rest);
        if (end)
            *end = '\0';
    }
}

/* The folder with the files of the input. */
static void put_files(const struct fuzz_part *parts, size_t count)
{
    static const char *const names[FILES] = {"in/main.cfg", "in/one.cfg", "in/two.cfg", "in/sub/three.cfg"};
    static const char outside[] = "name = \"" SECRET "\";\n";
    static bool made;

    if (!made && (mkdir(fuzz_path("in"), 0777) != 0 || mkdir(fuzz_path("in/sub"), 0777) != 0 ||
                  symlink("../outside.cfg", fuzz_path("in/link.cfg")) != 0))
        fuzz_fail("no folder");
    if (!made)
        fuzz_put("outside.cfg", outside, sizeof outside - 1);
    made = true;
    for (size_t i = 0; i < FILES; i++)
        fuzz_put(names[i], i < count ? parts[i].data : NULL, i < count ? parts[i].size : 0);
}

/* ---- what a checkpoint keeps ---------------------------------------------------------------------------- */

static void same(bool is, const char *what)
{
    if (!is)
        fuzz_fail("%s: other than what a checkpoint keeps of it", what);
}

static void same_strings(const char *a, const char *b, const char *what)
{
    same(a == b || (a && b && strcmp(a, b) == 0), what);
}

static void same_ints(const struct nnrun_ints *a, const struct nnrun_ints *b, const char *what)
{
    same(a->count == b->count && memcmp(a->value, b->value, (size_t)a->count * sizeof a->value[0]) == 0,
         what);
}

static void same_reals(const struct nnrun_reals *a, const struct nnrun_reals *b, const char *what)
{
    same(a->count == b->count && memcmp(a->value, b->value, (size_t)a->count * sizeof a->value[0]) == 0,
         what);
}

/* All that belongs to the bits. */
static void same_setting(const struct nnrun_setting *row, const char *a, const char *b)
{
    a += row->offset;
    b += row->offset;
    switch (row->kind) {
    case NNRUN_STRING:
        same_strings(*(const char *const *)(const void *)a, *(const char *const *)(const void *)b, row->name);
        break;
    case NNRUN_REAL:
        same(memcmp(a, b, sizeof(double)) == 0, row->name);
        break;
    case NNRUN_INTS:
        same_ints((const void *)a, (const void *)b, row->name);
        break;
    case NNRUN_REALS:
        same_reals((const void *)a, (const void *)b, row->name);
        break;
    default:
        same(memcmp(a, b, sizeof(int32_t)) == 0, row->name);
    }
}

static void same_settings(const struct settings *a, const struct settings *b)
{
    struct settings_group one, other;

    for (size_t i = 0; settings_group(a, i, &one); i++) {
        same(settings_group(b, i, &other) && one.table == other.table && one.count == other.count, one.path);
        for (size_t k = 0; k < one.count; k++)
            if (!(one.table[k].flags & (SETTING_APART | SETTING_PATH)))
                same_setting(&one.table[k], one.instance, other.instance);
    }
}

static void same_net(const struct net *a, const struct net *b)
{
    same(a->node_count == b->node_count && a->tensor_count == b->tensor_count && a->weights == b->weights &&
             a->states == b->states && a->arena_bytes == b->arena_bytes && a->target == b->target,
         "the network");
    for (size_t i = 0; i < a->node_count; i++)
        same_strings(a->nodes[i].name, b->nodes[i].name, "the name of a layer");
    for (size_t i = 0; i < a->tensor_count; i++)
        same_strings(a->tensors[i].name, b->tensors[i].name, "the name of a tensor");
}

static void same_overrides(const struct model *model, struct config *again)
{
    char **texts = NULL;
    size_t count = 0;

    if (config_kept(again, &texts, &count) != 0)
        fuzz_fail("no memory");
    same(count == model->override_count, "the overrides");
    for (size_t i = 0; i < count; i++) {
        same_strings(texts[i], model->overrides[i], "an override");
        free(texts[i]);
    }
    free(texts);
}

/* The text and the overrides that a checkpoint would keep are accepted, and are the same network, settings and, kept
 * again, overrides. */
static void check_kept(const struct model *model)
{
    struct error error = {0};
    struct config *again =
        config_parse(config_text(model->config), "kept", NULL, (const char *const *)model->overrides,
                     model->override_count, model->override_count, &error);
    struct settings settings = {0};
    struct net *net = NULL;

    if (again) {
        settings_read(again, &settings);
        net = model_network(again, &settings, model->registry, model->net->backward, &error);
        config_finish(again, &error);
    }
    if (!net || error_count(&error) > 0)
        fuzz_fail("what a checkpoint keeps of it is refused: %s", error_text(&error));
    same_settings(&model->settings, &settings);
    same_net(model->net, net);
    same_overrides(model, again);
    net_destroy(net);
    config_close(again);
}

/* ---- the input ----------------------------------------------------------------------------------------- */

static int count_value(void *arg, const char *key, const char *value)
{
    *(size_t *)arg += strlen(key) + strlen(value);
    return 0;
}

/* What show prints of it, and show --keys. */
static void look(struct model *model)
{
    json_t *plan = memory_plan_json(model->net);
    size_t seen = 0;

    if (!plan || config_each(model->config, count_value, &seen) != 0 || seen == 0)
        fuzz_fail("it cannot be shown");
    json_decref(plan);
}

/* Returns 0, or -1 after a refusal. */
static int open_config(const struct model_options *options)
{
    const struct model_source source = {.path = fuzz_path("in/main.cfg"), .kind = MODEL_CONFIG};
    struct error error = {0};
    struct model model;
    const int failed = model_open(&model, &source, options, &error);

    if (failed) {
        if (error.code != ERROR_CONFIG && error.code != ERROR_ARGUMENT)
            fuzz_fail("a config is refused with code %d: %s", (int)error.code, error_text(&error));
        fuzz_check_error(&error);
    } else {
        look(&model);
        if (strstr(config_text(model.config), SECRET))
            fuzz_fail("it includes a file from outside of its folder");
        check_kept(&model);
    }
    model_finish(&model);
    return failed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FILES + 1];
    const size_t count = fuzz_split(data, size, parts, FILES + 1);
    struct model_options options = fuzz_model_options();
    struct overrides overrides = {0};

    if (memmem(data, size, SECRET, strlen(SECRET)))
        return 0;
    put_files(parts, count < FILES ? count : FILES);
    if (count > FILES)
        take_overrides(&overrides, &parts[FILES]);
    options.overrides = overrides.list;
    options.override_count = overrides.count;
    if (open_config(&options) != 0) {
        options.evaluate_only = true; /* as show does with what cannot be trained */
        open_config(&options);
    }
    free(overrides.text);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return fuzz_change_text(data, size, most, &seed);
}

void fuzz_own(void)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
}
