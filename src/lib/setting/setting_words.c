/* setting_words.c: see setting_words.h. */
#include "setting/setting_words.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "setting/choices.h"
#include "setting/setting.h"
#include "setting/setting_text.h"

/* " from 1 to 5", " from 0 to less than 1", " greater than 0", "". */
static void add_range(char text[SETTING_WORDS], double low, double high, uint32_t flags)
{
    const bool open_low = flags & NNRUN_OPEN_LOW, open_high = flags & NNRUN_OPEN_HIGH;
    const bool has_low = low > -INFINITY, has_high = high < INFINITY;
    char a[NUMBER_TEXT], b[NUMBER_TEXT];

    number_text(a, low);
    number_text(b, high);
    if (has_low)
        text_add(text, SETTING_WORDS,
                 open_low   ? " greater than %s"
                 : has_high ? " from %s"
                            : ", %s or more",
                 a);
    if (has_high && has_low && !open_low)
        text_add(text, SETTING_WORDS, open_high ? " to less than %s" : " to %s", b);
    else if (has_high)
        text_add(text, SETTING_WORDS, "%s %s %s", has_low ? " and" : "", open_high ? "less than" : "at most",
                 b);
}

static void add_whole_range(char text[SETTING_WORDS], const struct nnrun_setting *setting)
{
    double low, high;

    setting_whole_range(setting, &low, &high);
    add_range(text, low, high, 0);
}

/* With that before the last word. */
static void add_choices(char text[SETTING_WORDS], const struct nnrun_setting *setting, const char *last)
{
    const char *word, *after;
    size_t length, after_length;

    for (size_t i = 0; (word = choices_word(setting->choices, i, &length)) != NULL; i++) {
        after = choices_word(setting->choices, i + 1, &after_length);
        text_add(text, SETTING_WORDS, "%s\"%.*s\"", i == 0 ? "" : after ? ", " : last, (int)length, word);
    }
}

const char *setting_expected(char text[SETTING_WORDS], const struct nnrun_setting *setting, bool item)
{
    text[0] = '\0';
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
        text_add(text, SETTING_WORDS, "a whole number");
        add_whole_range(text, setting);
        if (setting->flags & SETTING_GROUP)
            text_add(text, SETTING_WORDS, " or a group { ... }");
        break;
    case NNRUN_REAL:
        text_add(text, SETTING_WORDS, "a number");
        add_range(text, setting->low, setting->high, setting->flags);
        break;
    case NNRUN_BOOL:
        text_add(text, SETTING_WORDS, "true or false");
        break;
    case NNRUN_STRING:
        text_add(text, SETTING_WORDS, "a string in quotes");
        if (!item && (setting->flags & SETTING_LIST))
            text_add(text, SETTING_WORDS, " or a list of up to %u", setting_list_most(setting));
        break;
    case NNRUN_CHOICE:
        add_choices(text, setting, " or ");
        break;
    case NNRUN_INTS:
    case NNRUN_REALS:
        if (!item && (setting->flags & SETTING_WORD)) {
            add_choices(text, setting, ", ");
            text_add(text, SETTING_WORDS, ", ");
        }
        text_add(text, SETTING_WORDS, setting->kind == NNRUN_INTS ? "a whole number" : "a number");
        if (setting->kind == NNRUN_INTS)
            add_whole_range(text, setting);
        else
            add_range(text, setting->low, setting->high, setting->flags);
        if (!item && setting_list_most(setting) > 1)
            text_add(text, SETTING_WORDS, " or a list of up to %u", setting_list_most(setting));
        break;
    }
    return text;
}
