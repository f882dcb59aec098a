/* config_check.c: a group against the table of its settings: types, ranges, missing and unknown keys. */
#include "config/config_internal.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "setting/choices.h"
#include "setting/foreign.h"
#include "setting/setting.h"
#include "setting/setting_words.h"

/* The setting being read, for messages. */
struct reading {
    struct config *config;
    config_group *group;
    const char *what;
    const struct nnrun_setting *setting;
    const struct nnrun_words *words; /* of other systems */
    int item;                        /* of a list, from 1; 0: the value is no list */
};

/* ---- complaints -------------------------------------------------------------------------------------- */

/* `got` may be NULL: nothing. Returns -1. */
static int complain(const struct reading *r, const char *expected, const char *got, const char *message)
{
    const struct error_facts facts = {.expected = expected, .got = got};
    char item[32] = "";

    if (r->item)
        snprintf(item, sizeof item, "item %d: ", r->item);
    config_complain_at(r->config, r->group, r->what, r->setting->name, &facts, "%s%s", item, message);
    return -1;
}

/* Adds how numbers with a comma in a word are written. */
static void add_comma_hint(const struct nnrun_setting *setting, const char *string, char *text, size_t size)
{
    if (setting->kind == NNRUN_INTS || setting->kind == NNRUN_REALS)
        text_add(text, size, "; write a list in brackets: %s=[%.64s]", setting->name, string);
    else if (setting->kind == NNRUN_REAL)
        text_add(text, size, "; the decimal mark is a point");
    else
        text_add(text, size, "; write it without a comma");
}

/* Adds what a setting is, of which a part is given in place of the number, and how a number is written. */
static void add_hint(const struct nnrun_setting *setting, config_group *value, char *text, size_t size)
{
    const char *string = config_setting_get_string(value);
    const double real = config_setting_get_float(value);
    const bool whole = setting->kind == NNRUN_INT || setting->kind == NNRUN_INTS;

    if (whole && config_setting_type(value) == CONFIG_TYPE_FLOAT && real > 0 && real < 1)
        text_add(text, size, "; it is not a fraction (%s)", setting->doc);
    else if (string && strchr(string, ',') && strspn(string, "+-.0123456789, ") == strlen(string))
        add_comma_hint(setting, string, text, size);
}

static int wrong_type(const struct reading *r, config_group *value)
{
    char message[2 * CONFIG_TEXT + 32], want[SETTING_WORDS], have[CONFIG_TEXT];

    setting_expected(want, r->setting, r->item);
    config_held(have, value);
    snprintf(message, sizeof message, "expected %s, got %s", want, have);
    if (setting_is_number(r->setting))
        add_hint(r->setting, value, message, sizeof message);
    return complain(r, want, have, message);
}

static int out_of_range(const struct reading *r, config_group *value)
{
    char message[2 * CONFIG_TEXT + 32], want[SETTING_WORDS], have[CONFIG_TEXT];

    setting_expected(want, r->setting, r->item);
    config_held(have, value);
    snprintf(message, sizeof message, "%s is out of range, expected %s", have, want);
    return complain(r, want, have, message);
}

/* ---- one value --------------------------------------------------------------------------------------- */

static bool is_whole(config_group *value)
{
    return config_setting_type(value) == CONFIG_TYPE_INT || config_setting_type(value) == CONFIG_TYPE_INT64;
}

static int read_whole(const struct reading *r, config_group *value, int32_t *result)
{
    double low, high;
    long long whole;

    if (!is_whole(value))
        return wrong_type(r, value);
    whole = config_setting_get_int64(value);
    setting_whole_range(r->setting, &low, &high);
    /* 32-bit ends are exact as doubles; a whole number rounded to one does not cross them. */
    if (!((double)whole >= low && (double)whole <= high))
        return out_of_range(r, value);
    *result = (int32_t)whole;
    return 0;
}

/* Whether 32-bit arithmetic takes the number for 0 where that is something else. */
static bool is_lost(const struct nnrun_setting *s, double real)
{
    const bool zero_differs = (s->flags & SETTING_FLOAT) || ((s->flags & NNRUN_OPEN_LOW) && s->low == 0);

    return zero_differs && real != 0 && fabs(real) < (double)FLT_MIN;
}

static int lost(const struct reading *r, config_group *value)
{
    const char *want = r->setting->flags & NNRUN_OPEN_LOW ? "at least 1.18e-38" : "0 or at least 1.18e-38";
    char message[CONFIG_TEXT + 96], have[CONFIG_TEXT];

    config_held(have, value);
    snprintf(message, sizeof message, "%s is 0 in 32-bit arithmetic, expected %s", have, want);
    return complain(r, want, have, message);
}

static int read_real(const struct reading *r, config_group *value, double *result)
{
    const struct nnrun_setting *s = r->setting;
    double real;

    if (is_whole(value))
        real = (double)config_setting_get_int64(value);
    else if (config_setting_type(value) == CONFIG_TYPE_FLOAT)
        real = config_setting_get_float(value);
    else
        return wrong_type(r, value);
    if (!((s->flags & NNRUN_OPEN_LOW) ? real > s->low : real >= s->low) ||
        !((s->flags & NNRUN_OPEN_HIGH) ? real < s->high : real <= s->high))
        return out_of_range(r, value);
    if (is_lost(s, real))
        return lost(r, value);
    *result = real;
    return 0;
}

/* The choice that another system calls by this word, with its length; NULL: none. */
static const char *foreign_choice(const struct reading *r, const char *given, size_t *length)
{
    for (const struct nnrun_words *one = r->words; one && one->words; one++) {
        size_t i;
        if (one->of == NNRUN_WORDS_VALUE && foreign_has(one, given) &&
            choices_find(r->setting->choices, one->here, &i))
            return choices_word(r->setting->choices, i, length);
    }
    return NULL;
}

static int read_choice(const struct reading *r, config_group *value, int32_t *result)
{
    const char *given, *meant, *before = "nnrun calls it", *after = "";
    char message[2 * CONFIG_TEXT + 32], want[SETTING_WORDS], have[CONFIG_TEXT];
    size_t length, i;

    if (config_setting_type(value) != CONFIG_TYPE_STRING)
        return wrong_type(r, value);
    given = config_setting_get_string(value);
    if (choices_find(r->setting->choices, given, &i)) {
        *result = (int32_t)i;
        return 0;
    }
    setting_expected(want, r->setting, false);
    config_held(have, value);
    meant = foreign_choice(r, given, &length);
    if (!meant) {
        meant = choices_nearest(r->setting->choices, given, &length);
        before = "did you mean";
        after = "?";
    }
    if (meant)
        snprintf(message, sizeof message, "%s is not known; %s \"%.*s\"%s", have, before, (int)length, meant,
                 after);
    else
        snprintf(message, sizeof message, "%s is not known, expected %s", have, want);
    return complain(r, want, have, message);
}

/* How many items a list has, 1 of a value that is none; -1 after complaining of none or too many. */
static int count_items(const struct reading *r, config_group *value)
{
    const int count = config_setting_is_list(value) ? config_setting_length(value) : 1;
    char message[CONFIG_TEXT], want[CONFIG_TEXT], have[CONFIG_TEXT];

    if (count == 0)
        return wrong_type(r, value);
    if (count <= (int)setting_list_most(r->setting))
        return count;
    snprintf(want, sizeof want, "at most %u", setting_list_most(r->setting));
    snprintf(have, sizeof have, "a list of %d", count);
    snprintf(message, sizeof message, "%.64s is too long, expected %.64s", have, want);
    return complain(r, want, have, message);
}

/* Items of one of both, *read of them. */
static int read_list(struct reading *r, config_group *value, int32_t *ints, double *reals, int32_t *read)
{
    const bool list = config_setting_is_list(value);
    const int count = count_items(r, value);
    int result = 0;

    if (count < 0)
        return -1;
    for (int i = 0; i < count; i++) {
        config_group *item = list ? config_setting_get_elem(value, (unsigned)i) : value;
        r->item = list ? i + 1 : 0;
        if ((ints ? read_whole(r, item, &ints[i]) : read_real(r, item, &reals[i])) != 0)
            result = -1;
    }
    *read = count;
    return result;
}

static int read_numbers(struct reading *r, config_group *value, struct setting_numbers *numbers)
{
    numbers->word = SETTING_NO_WORD;
    if (config_setting_type(value) == CONFIG_TYPE_STRING)
        return read_choice(r, value, &numbers->word);
    return read_list(r, value, NULL, numbers->value, &numbers->count);
}

static int read_texts(struct reading *r, config_group *value, struct setting_texts *texts)
{
    const bool list = config_setting_is_list(value);
    const int count = count_items(r, value);
    int result = 0;

    for (int i = 0; i < count; i++) {
        config_group *item = list ? config_setting_get_elem(value, (unsigned)i) : value;
        r->item = list ? i + 1 : 0;
        if (config_setting_type(item) == CONFIG_TYPE_STRING)
            texts->value[i] = config_setting_get_string(item);
        else
            result = wrong_type(r, item);
    }
    texts->count = count;
    texts->listed = list;
    return count < 0 ? -1 : result;
}

/* ---- a group ----------------------------------------------------------------------------------------- */

/* What is stored of a setting, by its kind. */
union stored {
    int32_t whole;
    double real;
    const char *text;
    struct setting_texts texts;
    struct setting_numbers numbers;
    struct nnrun_ints ints;
    struct nnrun_reals reals;
};

/* Returns how many bytes of it are stored. */
static size_t take_default(const struct nnrun_setting *s, union stored *stored)
{
    const int32_t whole = s->fallback >= INT32_MIN && s->fallback <= INT32_MAX ? (int32_t)s->fallback : 0;

    memset(stored, 0, sizeof *stored);
    switch ((enum nnrun_kind)s->kind) {
    case NNRUN_INT:
    case NNRUN_BOOL:
    case NNRUN_CHOICE:
        stored->whole = whole;
        return sizeof stored->whole;
    case NNRUN_REAL:
        stored->real = s->fallback;
        return sizeof stored->real;
    case NNRUN_STRING:
        if (s->flags & SETTING_LIST) {
            stored->texts = (struct setting_texts){.count = 1, .value = {s->text ? s->text : ""}};
            return sizeof stored->texts;
        }
        stored->text = s->text ? s->text : "";
        return sizeof stored->text;
    case NNRUN_INTS:
        stored->ints = (struct nnrun_ints){.count = 1, .value = {whole}};
        return sizeof stored->ints;
    case NNRUN_REALS:
        if (s->flags & SETTING_WORD) {
            stored->numbers =
                (struct setting_numbers){.count = 1, .word = SETTING_NO_WORD, .value = {s->fallback}};
            return sizeof stored->numbers;
        }
        stored->reals = (struct nnrun_reals){.count = 1, .value = {s->fallback}};
        return sizeof stored->reals;
    }
    return 0;
}

/* Returns 0, or -1 after complaining; then it may have stored a part. */
static int read_value(struct reading *r, config_group *value, union stored *stored)
{
    switch ((enum nnrun_kind)r->setting->kind) {
    case NNRUN_INT:
        return read_whole(r, value, &stored->whole);
    case NNRUN_REAL:
        return read_real(r, value, &stored->real);
    case NNRUN_BOOL:
        if (config_setting_type(value) != CONFIG_TYPE_BOOL)
            return wrong_type(r, value);
        stored->whole = config_setting_get_bool(value) != 0;
        return 0;
    case NNRUN_STRING:
        if (r->setting->flags & SETTING_LIST)
            return read_texts(r, value, &stored->texts);
        if (config_setting_type(value) != CONFIG_TYPE_STRING)
            return wrong_type(r, value);
        stored->text = config_setting_get_string(value);
        return 0;
    case NNRUN_CHOICE:
        return read_choice(r, value, &stored->whole);
    case NNRUN_INTS:
        return read_list(r, value, stored->ints.value, NULL, &stored->ints.count);
    case NNRUN_REALS:
        if (r->setting->flags & SETTING_WORD)
            return read_numbers(r, value, &stored->numbers);
        return read_list(r, value, NULL, stored->reals.value, &stored->reals.count);
    }
    return 0;
}

/* Stores the value, or the default if there is no good one. */
static void apply(struct reading *r, const struct config_keys *keys, void *instance)
{
    const struct nnrun_setting *s = r->setting;
    config_group *value = r->group ? config_setting_get_member(r->group, s->name) : NULL;
    char message[CONFIG_TEXT + 32], want[SETTING_WORDS];
    union stored stored;
    const size_t size = take_default(s, &stored);

    if (!value && (s->flags & NNRUN_REQUIRED) && !config_unknown_stands_for(keys, s->name)) {
        snprintf(message, sizeof message, "missing, expected %s", setting_expected(want, s, false));
        complain(r, want, NULL, message);
    }
    if (value && config_setting_is_group(value) && (s->flags & SETTING_GROUP))
        value = NULL; /* read by its own table */
    if (config_replaced_number(value))
        config_complain_number(r->config, value);
    else if (value && read_value(r, value, &stored) != 0)
        take_default(s, &stored);
    memcpy((char *)instance + s->offset, &stored, size);
}

/* Of a group whose type is no type, it is not known which keys there may be. */
static bool has_type(const struct config_keys *keys)
{
    const struct nnrun_setting *type = setting_find(keys->table, keys->count, "type");
    const char *word = config_word(keys->group, "type");
    size_t i;

    return !type || type->kind != NNRUN_CHOICE || !word || choices_find(type->choices, word, &i);
}

const char *const config_any_keys[1] = {NULL};

void config_apply(struct config *config, config_group *group, const char *what,
                  const struct nnrun_setting *table, size_t count, const char *const *also,
                  const struct nnrun_words *words, void *instance)
{
    const struct config_keys keys = {.config = config,
                                     .group = group,
                                     .what = what,
                                     .table = table,
                                     .count = count,
                                     .also = also,
                                     .words = words};
    const locale_t old = uselocale(config->numbers);

    for (size_t i = 0; i < count; i++) {
        struct reading r = {
            .config = config, .group = group, .what = what, .setting = &table[i], .words = words};
        apply(&r, &keys, instance);
    }
    if (group && also != config_any_keys && has_type(&keys))
        config_unknown_keys(&keys);
    uselocale(old);
}
