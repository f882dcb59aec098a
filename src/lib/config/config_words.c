/* config_words.c: a setting and a value in words: "expected a whole number from 1 to 99, got "abc"". */
#include "config/config_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void config_add(char text[CONFIG_TEXT], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list args;

    va_start(args, format);
    vsnprintf(text + used, CONFIG_TEXT - used, format, args);
    va_end(args);
}

/* " from 1 to 5", " of at least 0 and less than 1", "". */
static void add_range(char text[CONFIG_TEXT], double low, double high, uint32_t flags)
{
    const bool open_low = flags & NNRUN_OPEN_LOW, open_high = flags & NNRUN_OPEN_HIGH;
    const bool has_low = low > -INFINITY, has_high = high < INFINITY;
    char a[CONFIG_NUMBER_TEXT], b[CONFIG_NUMBER_TEXT];

    config_number_text(a, low);
    config_number_text(b, high);
    if (has_low && has_high && !open_low && !open_high) {
        config_add(text, " from %s to %s", a, b);
        return;
    }
    if (has_low)
        config_add(text, open_low ? " greater than %s" : " of at least %s", a);
    if (has_high)
        config_add(text, "%s%s %s", has_low ? " and" : "",
                   open_high ? " less than"
                   : has_low ? " at most"
                             : " of at most",
                   b);
}

void config_whole_range(const struct nnrun_setting *setting, double *low, double *high)
{
    *low = ceil(setting->low);
    *high = floor(setting->high);
    if ((setting->flags & NNRUN_OPEN_LOW) && *low <= setting->low)
        *low += 1;
    if ((setting->flags & NNRUN_OPEN_HIGH) && *high >= setting->high)
        *high -= 1;
    if (*low < INT32_MIN)
        *low = INT32_MIN;
    if (*high > INT32_MAX)
        *high = INT32_MAX;
}

static void add_whole_range(char text[CONFIG_TEXT], const struct nnrun_setting *setting)
{
    double low, high;

    config_whole_range(setting, &low, &high);
    add_range(text, low, high < INT32_MAX ? high : INFINITY, 0);
}

const char *config_choice_word(const char *choices, unsigned i, size_t *length)
{
    const char *word = choices;

    for (; word && i > 0; i--) {
        word = strchr(word, '|');
        if (word)
            word++;
    }
    *length = word ? strcspn(word, "|") : 0;
    return word;
}

unsigned config_list_most(const struct nnrun_setting *setting)
{
    return setting->most >= 1 && setting->most <= NNRUN_MAX_LIST ? setting->most : NNRUN_MAX_LIST;
}

const char *config_expected(char text[CONFIG_TEXT], const struct nnrun_setting *setting, bool item)
{
    const char *word, *after;
    size_t length, after_length;

    text[0] = '\0';
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
        config_add(text, "a whole number");
        add_whole_range(text, setting);
        break;
    case NNRUN_REAL:
        config_add(text, "a number");
        add_range(text, setting->low, setting->high, setting->flags);
        break;
    case NNRUN_BOOL:
        config_add(text, "true or false");
        break;
    case NNRUN_STRING:
        config_add(text, "a string in quotes");
        break;
    case NNRUN_CHOICE:
        for (unsigned i = 0; (word = config_choice_word(setting->choices, i, &length)) != NULL; i++) {
            after = config_choice_word(setting->choices, i + 1, &after_length);
            config_add(text, "%s\"%.*s\"", i == 0 ? "" : after ? ", " : " or ", (int)length, word);
        }
        break;
    case NNRUN_INTS:
    case NNRUN_REALS:
        config_add(text, setting->kind == NNRUN_INTS ? "a whole number" : "a number");
        if (setting->kind == NNRUN_INTS)
            add_whole_range(text, setting);
        else
            add_range(text, setting->low, setting->high, setting->flags);
        if (!item && config_list_most(setting) > 1)
            config_add(text, " or a list of up to %u", config_list_most(setting));
        break;
    }
    return text;
}

const char *config_held(char text[CONFIG_TEXT], config_group *value)
{
    char number[CONFIG_NUMBER_TEXT], quoted[80];

    text[0] = '\0';
    switch (config_setting_type(value)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        config_add(text, "%lld", config_setting_get_int64(value));
        break;
    case CONFIG_TYPE_FLOAT:
        config_number_text(number, config_setting_get_float(value));
        config_add(text, "%s%s", number, strpbrk(number, ".e") ? "" : ".0");
        break;
    case CONFIG_TYPE_BOOL:
        config_add(text, config_setting_get_bool(value) ? "true" : "false");
        break;
    case CONFIG_TYPE_STRING:
        config_add(text, "%s",
                   config_quote(quoted, sizeof quoted, config_setting_get_string(value),
                                strlen(config_setting_get_string(value))));
        break;
    case CONFIG_TYPE_GROUP:
        config_add(text, "a group");
        break;
    default:
        config_add(text, config_setting_length(value) == 0 ? "an empty list" : "a list");
    }
    return text;
}
