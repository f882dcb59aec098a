/* setting_text.c: see setting_text.h. */
#include "setting/setting_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "setting/choices.h"
#include "setting/setting.h"

const char *number_text(char text[NUMBER_TEXT], double number)
{
    if (fabs(number) < 1e15 && floor(number) == number) {
        snprintf(text, NUMBER_TEXT, "%.0f", number + 0.0);
        return text;
    }
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, NUMBER_TEXT, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return text;
}

const char *setting_kind(const struct nnrun_setting *setting, char text[SETTING_TEXT])
{
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
        return setting->flags & SETTING_GROUP ? "int or group" : "int";
    case NNRUN_REAL:
        return "real";
    case NNRUN_BOOL:
        return "bool";
    case NNRUN_STRING:
        if (!(setting->flags & SETTING_LIST))
            return "string";
        snprintf(text, SETTING_TEXT, "string or 1 to %u strings", setting_list_most(setting));
        return text;
    case NNRUN_CHOICE:
        snprintf(text, SETTING_TEXT, "%s", setting->choices);
        return text;
    case NNRUN_INTS:
        snprintf(text, SETTING_TEXT, "1 to %u ints", (unsigned)setting->most);
        return text;
    case NNRUN_REALS:
        snprintf(text, SETTING_TEXT, "%s%s1 to %u reals",
                 setting->flags & SETTING_WORD ? setting->choices : "",
                 setting->flags & SETTING_WORD ? " or " : "", (unsigned)setting->most);
        return text;
    }
    return "";
}

/* "1 .. 65536", "0 <= x < 1" */
const char *setting_range(const struct nnrun_setting *setting, char text[SETTING_TEXT])
{
    if (!setting_is_number(setting))
        return "";
    snprintf(text, SETTING_TEXT, "%.10g %s x %s %.10g", setting->low,
             setting->flags & NNRUN_OPEN_LOW ? "<" : "<=", setting->flags & NNRUN_OPEN_HIGH ? "<" : "<=",
             setting->high);
    return text;
}

const char *setting_default(const struct nnrun_setting *setting, char text[SETTING_TEXT])
{
    const char *word;
    size_t length;

    if (setting->flags & NNRUN_REQUIRED)
        return "required";
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_STRING:
        snprintf(text, SETTING_TEXT, "\"%s\"", setting->text ? setting->text : "");
        break;
    case NNRUN_BOOL:
        return setting->fallback != 0 ? "true" : "false";
    case NNRUN_CHOICE:
        word = choices_word(setting->choices, (size_t)setting->fallback, &length);
        snprintf(text, SETTING_TEXT, "%.*s", (int)length, word ? word : "");
        break;
    case NNRUN_INT:
    case NNRUN_REAL:
    case NNRUN_INTS:
    case NNRUN_REALS:
        snprintf(text, SETTING_TEXT, "%.10g", setting->fallback);
        break;
    }
    return text;
}

static void add_choice(char text[SETTING_VALUE], const struct nnrun_setting *setting, size_t chosen)
{
    size_t length;
    const char *word = choices_word(setting->choices, chosen, &length);

    text_add(text, SETTING_VALUE, "%.*s", (int)length, word ? word : "");
}

static void add_ints(char text[SETTING_VALUE], const struct nnrun_ints *ints)
{
    for (int i = 0; i < ints->count; i++)
        text_add(text, SETTING_VALUE, "%s%d", i ? "," : ints->count > 1 ? "[" : "", (int)ints->value[i]);
    text_add(text, SETTING_VALUE, "%s", ints->count > 1 ? "]" : "");
}

static void add_reals(char text[SETTING_VALUE], const double *value, int32_t count)
{
    for (int i = 0; i < count; i++)
        text_add(text, SETTING_VALUE, "%s%.10g", i ? "," : count > 1 ? "[" : "", value[i]);
    text_add(text, SETTING_VALUE, "%s", count > 1 ? "]" : "");
}

static void add_numbers(char text[SETTING_VALUE], const struct nnrun_setting *setting,
                        const struct setting_numbers *numbers)
{
    if (numbers->word == SETTING_NO_WORD)
        add_reals(text, numbers->value, numbers->count);
    else
        add_choice(text, setting, (size_t)numbers->word);
}

static void add_texts(char text[SETTING_VALUE], const struct setting_texts *texts)
{
    for (int i = 0; i < texts->count; i++) {
        text_add(text, SETTING_VALUE, "%s\"", i ? "," : texts->listed ? "[" : "");
        for (const char *c = texts->value[i]; *c; c++)
            text_add(text, SETTING_VALUE, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
        text_add(text, SETTING_VALUE, "\"");
    }
    text_add(text, SETTING_VALUE, "%s", texts->listed ? "]" : "");
}

const char *setting_value(const struct nnrun_setting *setting, const void *instance, char text[SETTING_VALUE])
{
    const void *at = (const char *)instance + setting->offset; /* aligned: the core checks tables */
    const char *string;

    text[0] = '\0';
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
        text_add(text, SETTING_VALUE, "%d", (int)*(const int32_t *)at);
        break;
    case NNRUN_BOOL:
        return *(const int32_t *)at ? "true" : "false";
    case NNRUN_CHOICE:
        add_choice(text, setting, (size_t) * (const int32_t *)at);
        break;
    case NNRUN_REAL:
        text_add(text, SETTING_VALUE, "%.10g", *(const double *)at);
        break;
    case NNRUN_STRING:
        if (setting->flags & SETTING_LIST) {
            add_texts(text, at);
            break;
        }
        string = *(const char *const *)at;
        text_add(text, SETTING_VALUE, "\"%s\"", string ? string : "");
        break;
    case NNRUN_INTS:
        add_ints(text, at);
        break;
    case NNRUN_REALS:
        if (setting->flags & SETTING_WORD)
            add_numbers(text, setting, at);
        else
            add_reals(text, ((const struct nnrun_reals *)at)->value, ((const struct nnrun_reals *)at)->count);
        break;
    }
    return text;
}
