/* unit_plugin.c: a plugin's tables are believed only where they keep every promise: each clause broken once.
 */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/plugin_check.h"
#include "abi/1.0/layout.h" /* the core keeps to it */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct instance {
    int32_t whole, choice, flag;
    double real;
    const char *text;
    struct nnrun_ints ints;
    struct nnrun_reals reals;
};

enum { WHOLE, CHOICE, FLAG, REAL, TEXT, INTS, REALS, SETTINGS };

/* A plugin with a setting of every kind, to be spoilt. */
struct made {
    struct nnrun_layer layer;
    struct nnrun_setting setting[SETTINGS];
};

static int plan(void *self, struct nnrun_plan *plan)
{
    (void)self, (void)plan;
    return 0;
}

static void run(const void *self, const struct nnrun_slice *slice)
{
    (void)self, (void)slice;
}

#define AT(member) .offset = offsetof(struct instance, member)

static void make(struct made *made)
{
    static const struct nnrun_setting settings[SETTINGS] = {
        {.name = "whole", .kind = NNRUN_INT, AT(whole), .low = 1, .high = 9, .fallback = 3, .doc = "a"},
        {.name = "choice", .kind = NNRUN_CHOICE, AT(choice), .fallback = 1, .choices = "max|m_2", .doc = "b"},
        {.name = "flag", .kind = NNRUN_BOOL, AT(flag), .fallback = 1, .doc = "c"},
        {.name = "real", .kind = NNRUN_REAL, AT(real), .high = 1, .fallback = 0.5, .doc = "d"},
        {.name = "text", .kind = NNRUN_STRING, AT(text), .text = "one line", .doc = "e"},
        {.name = "ints", .kind = NNRUN_INTS, AT(ints), .most = NNRUN_MAX_LIST, .high = 5, .doc = "f"},
        {.name = "reals", .kind = NNRUN_REALS, AT(reals), .most = 2, .low = -1, .high = 1, .doc = "g"},
    };

    memcpy(made->setting, settings, sizeof settings);
    made->layer = (struct nnrun_layer){
        .head = NNRUN_HEAD,
        .type = "made",
        .doc = "a layer",
        .flags = NNRUN_READS_X | NNRUN_READS_Y | NNRUN_IN_PLACE | NNRUN_STORES | NNRUN_MIXES_LANES,
        .target = NNRUN_LABELS,
        .min_inputs = 1,
        .max_inputs = 1,
        .instance_size = sizeof(struct instance),
        .setting_count = SETTINGS,
        .settings = made->setting,
        .plan = plan,
        .code = {{run, run}},
    };
}

/* The plugin must be refused with `part` in the reason; NULL: must be taken. */
static void expect(const struct made *made, const char *part)
{
    struct nnrun_layer layer;
    struct nnrun_setting *settings;
    struct error error UNIT_CLEARED = {0};
    int result;

    result = plugin_copy(&made->layer, "/folder/made.so", &layer, &settings, &error);
    free(settings);
    CU_ASSERT_EQUAL(result, part ? -1 : 0);
    if ((result != 0) != (part != NULL) || (part && !strstr(error_text(&error), part))) {
        printf("\n  \"%s\" expected in: %s ", part ? part : "", error_text(&error));
        CU_FAIL("another message");
    }
}

/* Makes one, applies `change`, expects. */
#define BROKEN(change, part)                                                                                 \
    do {                                                                                                     \
        struct made m;                                                                                       \
        make(&m);                                                                                            \
        change;                                                                                              \
        expect(&m, part);                                                                                    \
    } while (0)

#define NEWER "it may need a newer nnrun"

static void right(void)
{
    BROKEN((void)0, NULL);
    BROKEN(m.layer.setting_count = 0, NULL);
    BROKEN(m.setting[TEXT].text = NULL, NULL);
    BROKEN(m.setting[REAL].flags = NNRUN_OPEN_LOW | NNRUN_OPEN_HIGH, NULL);
    BROKEN((m.setting[WHOLE].flags = NNRUN_REQUIRED, m.setting[WHOLE].fallback = 99), NULL);
    BROKEN(m.setting[WHOLE].low = m.setting[WHOLE].high = 3, NULL);
}

static void heads(void)
{
    BROKEN(m.layer.head.magic++,
           "is not a layer plugin: nnrun_plugin begins with 0x6e72756f, not 0x6e72756e");
    BROKEN(m.layer.head.major++, "compile it again");
    BROKEN(m.layer.head.needs++, "it needs a newer ABI than it was compiled for");
    BROKEN((m.layer.head.needs = UINT16_MAX, m.layer.head.minor = UINT16_MAX), "made.so needs ABI ");
}

/* As a minor version adds members, which are not looked at here, or a careless build drops some. */
static void sizes(void)
{
    static const size_t at[] = {offsetof(struct nnrun_head, layer_size),
                                offsetof(struct nnrun_head, setting_size),
                                offsetof(struct nnrun_head, tensor_size)};

    for (size_t i = 0; i < COUNT(at); i++) {
        uint16_t *size;
        BROKEN((size = (uint16_t *)(void *)((char *)&m.layer.head + at[i]), *size -= 8), "differ in size");
        BROKEN((size = (uint16_t *)(void *)((char *)&m.layer.head + at[i]), *size += 8), "differ in size");
        BROKEN((size = (uint16_t *)(void *)((char *)&m.layer.head + at[i]), *size -= 8,
                m.layer.head.minor = NNRUN_ABI_MINOR + 1),
               "differ in size");
    }
    BROKEN((m.layer.head.layer_size += 8, m.layer.head.tensor_size += 8,
            m.layer.head.minor = NNRUN_ABI_MINOR + 1),
           NULL);
}

/* An array of longer settings, as a newer minor has them. */
static void longer_settings(void)
{
    enum { STEP = sizeof(struct nnrun_setting) + 16 };
    _Alignas(16) char table[SETTINGS * STEP];
    struct made m;

    memset(table, 0xff, sizeof table);
    make(&m);
    for (size_t i = 0; i < SETTINGS; i++)
        memcpy(table + i * STEP, &m.setting[i], sizeof m.setting[i]);
    m.layer.settings = (const struct nnrun_setting *)(const void *)table;
    m.layer.head.setting_size = STEP;
    m.layer.head.minor = NNRUN_ABI_MINOR + 1;
    expect(&m, NULL);
}

static void unknown_bits(void)
{
    BROKEN(m.layer.flags |= 32, "made.so: unknown flags: " NEWER);
    BROKEN(m.layer.target = 4, "an unknown kind of target: " NEWER);
    BROKEN(m.setting[FLAG].kind = 8, "a setting of unknown kind: flag: " NEWER);
    BROKEN(m.setting[FLAG].kind = 0, "a setting of unknown kind: flag: " NEWER);
    for (size_t i = 0; i < SETTINGS; i++)
        BROKEN(m.setting[i].flags |= 8, NEWER);
    BROKEN(m.setting[FLAG].flags = NNRUN_OPEN_LOW, "unknown flags: flag: " NEWER);
    BROKEN(m.setting[TEXT].flags = NNRUN_OPEN_HIGH, "unknown flags: text: " NEWER);
    BROKEN(m.setting[CHOICE].flags = NNRUN_OPEN_LOW, "unknown flags: choice: " NEWER);
}

static void missing(void)
{
    BROKEN(m.layer.type = NULL, "its type is not");
    BROKEN(m.layer.type = "Made", "its type is not");
    BROKEN(m.layer.type = "mad", "must be called mad.so");
    BROKEN(m.layer.plan = NULL, "plan or the portable forward is missing");
    BROKEN(m.layer.code[0].forward = NULL, "plan or the portable forward is missing");
    BROKEN((m.layer.code[0] = (struct nnrun_code){NULL, NULL}), "plan or the portable forward is missing");
    BROKEN(m.layer.code[1].forward = run, "is incomplete");
    BROKEN(m.layer.code[2].backward = run, "is incomplete");
    BROKEN((m.layer.code[0].backward = NULL, m.layer.code[1] = (struct nnrun_code){run, run}),
           "the portable one is missing");
    BROKEN((m.layer.code[0].backward = NULL, m.layer.code[1].backward = run), "the portable one is missing");
    BROKEN(m.layer.min_inputs = 0, "number of inputs");
    BROKEN(m.layer.max_inputs = 0, "number of inputs");
    BROKEN(m.layer.settings = NULL, "impossible sizes");
    BROKEN(m.layer.instance_size = 1 << 21, "impossible sizes");
}

static void forward_only(void)
{
    BROKEN(m.layer.code[0].backward = NULL, NULL);
    BROKEN((m.layer.code[0].backward = NULL, m.layer.code[1].forward = m.layer.code[2].forward = run), NULL);
}

static void need(const void *self, struct nnrun_derived_need *need)
{
    (void)self, (void)need;
}

static void make_part(const void *self, const float *const *w, void *derived, uint32_t part)
{
    (void)self, (void)w, (void)derived, (void)part;
}

static void run_one(const void *self, const struct nnrun_one_sample *sample)
{
    (void)self, (void)sample;
}

static void capabilities(void)
{
    static const struct nnrun_derived whole = {need, {make_part}}, no_need = {NULL, {make_part}},
                                      no_code = {need, {NULL, make_part, make_part}};
    static const struct nnrun_one alone = {.forward = {run_one}}, no_forward = {.forward = {NULL, run_one}};
    static const struct nnrun_traits constant = {.always = NNRUN_LINEAR | 1u << 31};
    static char long_id[65];
    static struct nnrun_capability many[66];
    struct nnrun_words words[2] = {{NNRUN_WORDS_KEY, "a|b", "real"}};
    struct nnrun_capability list[3] = {{"derived/1", NNRUN_NEEDED, &whole}, {"fusion/1", 0, NULL}};

    for (size_t i = 0; i < 65; i++)
        many[i].id =
            &(i % 2 ? "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" : "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")[i / 2];
    memset(long_id, 'x', 64);
#define LISTED(change, part) BROKEN((change, m.layer.capabilities = list), part)
    LISTED((void)0, NULL);
    LISTED(list[1].flags = NNRUN_NEEDED,
           "made.so: layer type \"made\" needs capability \"fusion/1\", which this nnrun does not have");
    list[1].flags = 0;
    LISTED(list[1].flags = 2, "made.so: a capability with unknown flags: fusion/1: " NEWER);
    LISTED((list[1].flags = 0, list[1].id = ""), "id is not 1 to 63 printable characters");
    LISTED(list[1].id = "two words", "id is not 1 to 63 printable characters");
    LISTED(list[1].id = "caf\xc3\xa9/1", "id is not 1 to 63 printable characters");
    LISTED(list[1].id = long_id, "id is not 1 to 63 printable characters");
    LISTED(list[1].id = long_id + 1, NULL);
    LISTED(list[1].id = "derived/1", "a capability is listed twice: derived/1");
    LISTED(list[1].id = "derived/2", NULL);
    LISTED(list[1].id = NULL, NULL);
    LISTED(list[0].table = NULL, "a capability without its table: derived/1");
    LISTED(list[0].table = &no_need, "need or the portable make is missing: derived/1");
    LISTED(list[0].table = &no_code, "need or the portable make is missing: derived/1");
    list[0] = (struct nnrun_capability){"one/1", NNRUN_NEEDED, &alone};
    LISTED((void)0, NULL);
    LISTED(list[0].table = &no_forward, "the portable forward is missing: one/1");
    list[0] = (struct nnrun_capability){"traits/1", NNRUN_NEEDED, &constant};
    LISTED((void)0, NULL);
    LISTED(list[0].table = NULL, "a capability without its table: traits/1");
    LISTED(list[0].id = NULL, NULL);
    list[0] = (struct nnrun_capability){"words/1", 0, words};
    list[1].id = NULL;
    LISTED((void)0, NULL);
    LISTED(words[0].words = "caf\xc3\xa9", "words that are not printable ASCII: words/1");
    LISTED((words[0].words = "a", words[0].here = "b\n"), "words that are not printable ASCII: words/1");
    LISTED(words[0].here = NULL, "words that stand for nothing: words/1");
    LISTED(words[0].of = NNRUN_WORDS_TYPE, NULL);
    LISTED(words[0].of = 77, "words that stand for nothing: words/1");
    LISTED(words[0].here = "of a kind that a newer core knows", NULL);
    BROKEN(m.layer.capabilities = many, "too many capabilities, or their list has no end");
}

/* A plugin of 1.0 has no list, whatever lies behind its descriptor. */
static void older(void)
{
    static const struct nnrun_capability wrong[] = {{"", 0, NULL}, {NULL, 0, NULL}};

    BROKEN((m.layer.head.minor = m.layer.head.needs = 0,
            m.layer.head.layer_size = offsetof(struct nnrun_layer, capabilities),
            m.layer.capabilities = wrong),
           NULL);
}

static void lines(void)
{
    BROKEN(m.layer.doc = NULL, "its doc is not one line");
    BROKEN(m.layer.doc = "two\nlines", "its doc is not one line");
    BROKEN(m.setting[REAL].doc = NULL, "doc is not one line of printable ASCII: real");
    BROKEN(m.setting[REAL].doc = "a\ttab", "doc is not one line of printable ASCII: real");
    BROKEN(m.setting[TEXT].text = "caf\xc3\xa9", "default is not one line of printable ASCII: text");
    BROKEN(m.setting[TEXT].text = "\033[2J", "default is not one line of printable ASCII: text");
}

static void names(void)
{
    BROKEN(m.setting[REAL].name = "Real", "name is not [a-z][a-z0-9_]*: Real");
    BROKEN(m.setting[REAL].name = "a\n", "name is not [a-z][a-z0-9_]*");
    BROKEN(m.setting[REAL].name = "inputs", "reserved name: inputs");
    BROKEN(m.setting[REAL].name = "whole", "two settings of one name: whole");
}

static void places(void)
{
    BROKEN(m.setting[REAL].offset += 4, sizeof(void *) == 8 ? "misaligned in the instance: real" : NULL);
    BROKEN(m.setting[WHOLE].offset += 1, "misaligned in the instance: whole");
    BROKEN(m.setting[REALS].offset += 8, "outside of the instance: reals");
    BROKEN(m.setting[REALS].offset = UINT32_MAX, "outside of the instance: reals");
    BROKEN(m.setting[FLAG].offset = m.setting[WHOLE].offset, "overlap in the instance: flag");
    BROKEN(m.setting[REALS].offset -= 8, "overlap in the instance: reals");
}

static void choices(void)
{
    BROKEN(m.setting[CHOICE].choices = NULL, "a choice of no words");
    BROKEN(m.setting[CHOICE].choices = "max|", "not [a-z][a-z0-9_]*: choice");
    BROKEN(m.setting[CHOICE].choices = "max|Min", "not [a-z][a-z0-9_]*: choice");
    BROKEN(m.setting[CHOICE].choices = "max|2d", "not [a-z][a-z0-9_]*: choice");
    BROKEN(m.setting[CHOICE].choices = "max|min|max", "one word twice: choice");
    BROKEN(m.setting[CHOICE].fallback = 2, "not the index of a word: choice");
    BROKEN(m.setting[CHOICE].fallback = 0.5, "not the index of a word: choice");
    BROKEN(m.setting[CHOICE].fallback = NAN, "not the index of a word: choice");
    BROKEN(m.setting[FLAG].fallback = 2, "neither 0 nor 1: flag");
}

static void ranges(void)
{
    static const size_t numbers[] = {WHOLE, REAL, INTS, REALS};

    for (size_t i = 0; i < COUNT(numbers); i++) {
        const size_t n = numbers[i];
        BROKEN(m.setting[n].high = INFINITY, "not finite");
        BROKEN(m.setting[n].low = -INFINITY, "not finite");
        BROKEN(m.setting[n].low = NAN, "not finite");
        BROKEN((m.setting[n].low = 8, m.setting[n].high = 7), "the range is empty");
        BROKEN((m.setting[n].low = m.setting[n].high = m.setting[n].fallback,
                m.setting[n].flags = NNRUN_OPEN_LOW),
               "the range is empty");
        BROKEN((m.setting[n].low = m.setting[n].high = m.setting[n].fallback,
                m.setting[n].flags = NNRUN_OPEN_HIGH),
               "the range is empty");
        BROKEN(m.setting[n].fallback = 10, "default is out of range");
        BROKEN(m.setting[n].fallback = NAN, "default is out of range");
    }
    BROKEN((m.setting[WHOLE].low = 3, m.setting[WHOLE].high = 4,
            m.setting[WHOLE].flags = NNRUN_OPEN_LOW | NNRUN_OPEN_HIGH),
           "the range is empty");
    BROKEN((m.setting[REAL].flags = NNRUN_OPEN_HIGH, m.setting[REAL].fallback = 1),
           "default is out of range");
    BROKEN(m.setting[WHOLE].fallback = 2.5, "default is out of range");
    BROKEN(m.setting[WHOLE].low = 0.5, "not of 32-bit ones");
    BROKEN(m.setting[INTS].high = 3e9, "not of 32-bit ones");
    BROKEN(m.setting[INTS].most = 0, "impossible length");
    BROKEN(m.setting[REALS].most = NNRUN_MAX_LIST + 1, "impossible length");
}

static const struct unit_test tests[] = {
    {"a plugin with settings of every kind is taken", right},
    {"another magic number or major version, and needs of a newer minor, are refused", heads},
    {"structures have the sizes of their ABI", sizes},
    {"those of a newer minor may be longer", longer_settings},
    {"bits and kinds this core does not know are refused, naming a newer one", unknown_bits},
    {"a descriptor that lacks something is refused", missing},
    {"a descriptor may lack backward at all levels", forward_only},
    {"capabilities have ids, each once, and tables; unknown ones are ignored unless needed", capabilities},
    {"a plugin of ABI 1.0 has none", older},
    {"docs and default texts are one line of printable ASCII", lines},
    {"settings have names of their own", names},
    {"settings lie in the instance, aligned and apart", places},
    {"a choice has distinct words, its default is one of them", choices},
    {"a range is finite, holds something, and the default", ranges},
};
UNIT_MAIN("plugin", tests)
