/* unit_error.c: errors as lists of messages with facts, and what becomes of them when memory runs out: malloc
 * and realloc of this program can be made to fail. */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "config/config.h"

static unsigned calls, strike; /* allocations so far; the one that fails, 0: none does */

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return ++calls == strike ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ++calls == strike ? NULL : __real_realloc(old, size);
}

static void lines(void)
{
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(error.code, ERROR_NONE);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_EQUAL(error_add(&error, ERROR_CONFIG, "first %d", 1), -1);
    CU_ASSERT_EQUAL(error_add(&error, ERROR_DATA, "second"), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_CONFIG); /* the first one's */
    CU_ASSERT_EQUAL(error_count(&error), 2);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "first 1\nsecond");
    CU_ASSERT_EQUAL(error_prefix(&error, "%s: ", "a.cfg"), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "a.cfg: first 1\na.cfg: second");
    CU_ASSERT_EQUAL(error.code, ERROR_CONFIG);
    CU_ASSERT_EQUAL(error_count(&error), 2);
    CU_ASSERT_EQUAL(error_set(&error, ERROR_FAILED, "only"), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "only");
    CU_ASSERT_EQUAL(error_count(&error), 1);
    CU_ASSERT_EQUAL(error.code, ERROR_FAILED);
    CU_ASSERT_EQUAL(error_memory(&error), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "out of memory");
}

static void cut(void)
{
    struct error error UNIT_CLEARED = {0};
    char *long_text = memory_array(1, ERROR_TEXT * 2);
    unsigned added = 0;

    CU_ASSERT_PTR_NOT_NULL_FATAL(long_text);
    memset(long_text, 'x', ERROR_TEXT * 2 - 1);
    error_set(&error, ERROR_DATA, "%s", long_text);
    CU_ASSERT_EQUAL(error_count(&error), 1);
    CU_ASSERT(strlen(error_text(&error)) > 1000 && strlen(error_text(&error)) < ERROR_TEXT);
    CU_ASSERT_EQUAL(strspn(error_text(&error), "x"), strlen(error_text(&error)));

    error_clear(&error);
    long_text[100] = '\0';
    for (; error.left_out == 0 && added < 1000; added++)
        error_add(&error, ERROR_CONFIG, "%s", long_text);
    CU_ASSERT_EQUAL(error_count(&error), added - 1);
    CU_ASSERT_EQUAL(strlen(error_text(&error)),
                    (size_t)error_count(&error) * 101 - 1); /* whole lines alone */
    error_add(&error, ERROR_CONFIG, "%s", long_text);
    CU_ASSERT_EQUAL(error.left_out, 2);
    error_prefix(&error, "%s", long_text); /* twice as long: half of them fit */
    CU_ASSERT_EQUAL(error_count(&error) + error.left_out, added + 1);
    CU_ASSERT_EQUAL(strlen(error_text(&error)), (size_t)error_count(&error) * 201 - 1);
    free(long_text);
}

static const struct error_facts full = {
    .file = "a.cfg", .line = 7, .key = "kernel", .layer = "conv1", .expected = "a number", .got = "a list"};

static void expect_full(const struct error_facts *facts)
{
    CU_ASSERT_STRING_EQUAL(facts->file, "a.cfg");
    CU_ASSERT_EQUAL(facts->line, 7);
    CU_ASSERT_STRING_EQUAL(facts->key, "kernel");
    CU_ASSERT_STRING_EQUAL(facts->layer, "conv1");
    CU_ASSERT_STRING_EQUAL(facts->expected, "a number");
    CU_ASSERT_STRING_EQUAL(facts->got, "a list");
}

static void facts_are_kept(void)
{
    struct error error UNIT_CLEARED = {0};
    char file[] = "a.cfg";
    struct error_facts facts = full;

    facts.file = file;
    CU_ASSERT_EQUAL(error_add_at(&error, ERROR_CONFIG, &facts, "expected %d", 1), -1);
    memset(file, 'x', sizeof file - 1); /* they are copied */
    error_add_at(&error, ERROR_DATA, &(struct error_facts){.file = "b.gz"}, "torn");
    error_add(&error, ERROR_FAILED, "plain");
    error_prefix(&error, "run: ");
    CU_ASSERT_EQUAL_FATAL(error_count(&error), 3);
    CU_ASSERT_STRING_EQUAL(error_entry(&error, 0)->text, "run: a.cfg:7: expected 1");
    CU_ASSERT_EQUAL(error_entry(&error, 0)->code, ERROR_CONFIG);
    expect_full(&error_entry(&error, 0)->facts);
    CU_ASSERT_STRING_EQUAL(error_entry(&error, 1)->text, "run: b.gz: torn");
    CU_ASSERT_EQUAL(error_entry(&error, 1)->code, ERROR_DATA);
    CU_ASSERT_STRING_EQUAL(error_entry(&error, 2)->text, "run: plain");
    CU_ASSERT_EQUAL(error_entry(&error, 2)->code, ERROR_FAILED);
    CU_ASSERT_PTR_NULL(error_entry(&error, 2)->facts.file);
    error_in_file(&error, "c.bin");
    CU_ASSERT_STRING_EQUAL(error_entry(&error, 2)->text, "c.bin: run: plain");
    CU_ASSERT_STRING_EQUAL(error_entry(&error, 2)->facts.file, "c.bin");
    CU_ASSERT_STRING_EQUAL(error_entry(&error, 1)->facts.file, "b.gz");
}

static void sorted_by_order(void)
{
    static const unsigned order[] = {5, 2, 9, 2, 5, 0};
    struct error error UNIT_CLEARED = {0};

    for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++)
        error_add_at(&error, i ? ERROR_CONFIG : ERROR_DATA, &(struct error_facts){.order = order[i]}, "%u",
                     i);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "5\n1\n3\n0\n4\n2");
    CU_ASSERT_EQUAL(error.code, ERROR_DATA); /* of the first that came */
}

static void moved_and_appended(void)
{
    struct error from UNIT_CLEARED = {0}, to UNIT_CLEARED = {0};

    error_set(&to, ERROR_DATA, "old");
    error_add_at(&from, ERROR_CONFIG, &full, "new");
    error_add(&from, ERROR_FAILED, "newer");
    CU_ASSERT_EQUAL(error_append(&to, &from), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&to), "old\na.cfg:7: new\nnewer");
    CU_ASSERT_EQUAL(to.code, ERROR_DATA);
    expect_full(&error_entry(&to, 1)->facts);
    CU_ASSERT_EQUAL(error_move(&from, &to), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&to), "a.cfg:7: new\nnewer");
    CU_ASSERT_EQUAL(to.code, ERROR_CONFIG);
    CU_ASSERT_EQUAL(from.code, ERROR_NONE);
    CU_ASSERT_EQUAL(error_count(&from), 0);
    error_recode(&to, ERROR_ARGUMENT);
    CU_ASSERT_EQUAL(to.code, ERROR_ARGUMENT);
    error_set(&to, to.code, "%s, and more", error_text(&to)); /* of itself */
    CU_ASSERT_STRING_EQUAL(error_text(&to), "a.cfg:7: new?newer, and more");
}

static void one_line_each(void)
{
    struct error error UNIT_CLEARED = {0};

    error_set(&error, ERROR_DATA, "a\nb\tc\x1b[2Jd\x7f \xc2\x9b \xc3\xa9");
    CU_ASSERT_STRING_EQUAL(error_text(&error), "a?b?c?[2Jd? ?? \xc3\xa9");
}

/* Goes through all there is to do with errors. */
static void work(struct error *error)
{
    struct error other UNIT_CLEARED = {0};

    error_set(error, ERROR_CONFIG, "first");
    for (unsigned i = 0; i < 5; i++)
        error_add_at(error, ERROR_CONFIG, &full, "%u", i);
    error_prefix(error, "p: ");
    error_append(&other, error);
    error_in_file(&other, "f");
    error_move(&other, error);
}

static void no_memory(void)
{
    struct error error UNIT_CLEARED = {0};
    unsigned all;

    calls = 0;
    work(&error);
    CU_ASSERT_EQUAL(error_count(&error), 6);
    all = calls;
    CU_ASSERT(all > 20);
    for (unsigned i = 1; i <= all; i++) {
        error_clear(&error);
        calls = 0;
        strike = i;
        work(&error);
        strike = 0;
        CU_ASSERT_EQUAL(error.code, ERROR_MEMORY);
        CU_ASSERT_EQUAL(error_count(&error), 1);
        CU_ASSERT_EQUAL(error_entry(&error, 0)->code, ERROR_MEMORY);
        CU_ASSERT_STRING_EQUAL(error_text(&error), "out of memory");
        error_add(&error, ERROR_DATA, "nothing is added");
        error_prefix(&error, "nor put before");
        error_recode(&error, ERROR_DATA);
        CU_ASSERT_EQUAL(error.code, ERROR_MEMORY);
        CU_ASSERT_STRING_EQUAL(error_text(&error), "out of memory");
        CU_ASSERT(error_is_failure(&error));
    }
    error_set(&error, ERROR_DATA, "there is some again");
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT(!error_is_failure(&error));
    error_add(&error, ERROR_DATA, "more");
    strike = calls + 1;
    CU_ASSERT_STRING_EQUAL(error_text(&error), "out of memory"); /* no room for the lines */
    strike = 0;
    CU_ASSERT_STRING_EQUAL(error_text(&error), "there is some again\nmore");
}

static void complaints(void)
{
    static const char text[] =
        "train = {\n  epochs = 0;\n};\nnetwork = ( { type = \"conv\"; kernel = 2; } );";
    static const char *const overrides[] = {"train.batch=0"};
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_parse(text, "a.cfg", NULL, overrides, 1, 0, &error);
    const struct error_facts *of;
    config_group *train;
    size_t count;

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    train = config_find(config, config_root(config), "train");
    config_complain(config, train, "train", "batch", "too small");
    config_complain_at(config, config_layers(config, &count)[0].group, "layer", "kernel",
                       &(struct error_facts){.expected = "an odd number", .got = "2"}, "even");
    config_complain(config, train, "train", "epochs", "too few");
    CU_ASSERT_EQUAL(config_finish(config, &error), -1);
    config_close(config);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "a.cfg:2: train: epochs: too few\n"
                                               "a.cfg:4: layer: kernel: even\n"
                                               "command line: train.batch=0: too small");
    of = &error_entry(&error, 0)->facts;
    CU_ASSERT_STRING_EQUAL(of->file, "a.cfg");
    CU_ASSERT_EQUAL(of->line, 2);
    CU_ASSERT_STRING_EQUAL(of->key, "train.epochs");
    CU_ASSERT_PTR_NULL(of->layer);
    of = &error_entry(&error, 1)->facts;
    CU_ASSERT_EQUAL(of->line, 4);
    CU_ASSERT_STRING_EQUAL(of->key, "network.conv1.kernel");
    CU_ASSERT_STRING_EQUAL(of->layer, "conv1");
    CU_ASSERT_STRING_EQUAL(of->expected, "an odd number");
    CU_ASSERT_STRING_EQUAL(of->got, "2");
    of = &error_entry(&error, 2)->facts;
    CU_ASSERT_EQUAL(of->line, 0);
    CU_ASSERT_STRING_EQUAL(of->key, "train.batch");
}

static void table_facts(void)
{
    static const struct nnrun_setting table[] = {
        {.name = "epochs", .kind = NNRUN_INT, .low = 1, .high = 9},
        {.name = "rate", .kind = NNRUN_REAL, .offset = 8, .high = 1},
        {.name = "type", .kind = NNRUN_CHOICE, .offset = 16, .choices = "sgd|adam"},
    };
    static const struct {
        const char *key, *expected, *got;
    } facts[] = {
        {"epochs", "a whole number from 1 to 9", "10"},
        {"rate", "a number from 0 to 1", "\"fast\""},
        {"type", "\"sgd\" or \"adam\"", "\"lbfgs\""},
    };
    struct error error UNIT_CLEARED = {0};
    struct config *config =
        config_parse("epochs = 10;\nrate = \"fast\";\ntype = \"lbfgs\";", "a.cfg", NULL, NULL, 0, 0, &error);
    double instance[3];

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    config_apply(config, config_root(config), "", table, 3, NULL, NULL, instance);
    CU_ASSERT_EQUAL(config_finish(config, &error), -1);
    config_close(config);
    CU_ASSERT_EQUAL_FATAL(error_count(&error), 3);
    for (unsigned i = 0; i < 3; i++) {
        const struct error_facts *of = &error_entry(&error, i)->facts;
        CU_ASSERT_EQUAL(of->line, i + 1);
        CU_ASSERT_STRING_EQUAL(of->key, facts[i].key);
        CU_ASSERT_STRING_EQUAL(of->expected, facts[i].expected);
        CU_ASSERT_STRING_EQUAL(of->got, facts[i].got);
    }
}

static void said_before(void)
{
    struct error said UNIT_CLEARED = {0}, other UNIT_CLEARED = {0};

    CU_ASSERT_FALSE(error_has_said(&said, &other)); /* of nothing, nothing was said */
    error_add(&other, ERROR_DATA, "second");
    CU_ASSERT_FALSE(error_has_said(&said, &other));
    error_add(&said, ERROR_DATA, "first");
    CU_ASSERT_FALSE(error_has_said(&said, &other));
    error_add(&said, ERROR_DATA, "second");
    CU_ASSERT_TRUE(error_has_said(&said, &other));
    error_add(&other, ERROR_DATA, "third");
    CU_ASSERT_FALSE(error_has_said(&said, &other));
}

static const struct unit_test tests[] = {
    {"errors: lines, the first one's code, prefix", lines},
    {"errors that do not fit are cut, or counted as left out, by whole lines", cut},
    {"facts are copied, kept, and their place stands in the text", facts_are_kept},
    {"complaints of a config have their facts apart from their text", complaints},
    {"what a table expects and a config has are facts, too", table_facts},
    {"an error was said before if each of its messages was", said_before},
    {"messages stand in the order they are given", sorted_by_order},
    {"errors are moved and appended", moved_and_appended},
    {"a message is one line without control characters", one_line_each},
    {"whichever allocation fails, the error is that there is no memory", no_memory},
};
UNIT_MAIN("error", tests)
