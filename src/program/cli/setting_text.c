/* setting_text.c: see setting_text.h. */
#include "cli/setting_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "net/plugin_check.h"

static bool has_range(const struct nnrun_setting *setting)
{
    return setting->kind == NNRUN_INT || setting->kind == NNRUN_REAL || setting->kind == NNRUN_INTS ||
           setting->kind == NNRUN_REALS;
}

const char *setting_kind(const struct nnrun_setting *setting, char text[SETTING_TEXT])
{
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
        return "int";
    case NNRUN_REAL:
        return "real";
    case NNRUN_BOOL:
        return "bool";
    case NNRUN_STRING:
        return "string";
    case NNRUN_CHOICE:
        snprintf(text, SETTING_TEXT, "%s", setting->choices);
        return text;
    case NNRUN_INTS:
        snprintf(text, SETTING_TEXT, "1 to %u ints", (unsigned)setting->most);
        return text;
    case NNRUN_REALS:
        snprintf(text, SETTING_TEXT, "1 to %u reals", (unsigned)setting->most);
        return text;
    }
    return "";
}

/* "1 .. 65536", "0 <= x < 1" */
const char *setting_range(const struct nnrun_setting *setting, char text[SETTING_TEXT])
{
    if (!has_range(setting))
        return "";
    snprintf(text, SETTING_TEXT, "%.10g %s x %s %.10g", setting->low,
             setting->flags & NNRUN_OPEN_LOW ? "<" : "<=", setting->flags & NNRUN_OPEN_HIGH ? "<" : "<=",
             setting->high);
    return text;
}

const char *setting_default(const struct nnrun_setting *setting, char text[SETTING_TEXT])
{
    const char *words[64];
    size_t lengths[64];

    if (setting->flags & NNRUN_REQUIRED)
        return "required";
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_STRING:
        snprintf(text, SETTING_TEXT, "\"%s\"", setting->text ? setting->text : "");
        break;
    case NNRUN_BOOL:
        return setting->fallback != 0 ? "true" : "false";
    case NNRUN_CHOICE:
        plugin_choices(setting->choices, words, lengths, 64);
        snprintf(text, SETTING_TEXT, "%.*s", (int)lengths[(size_t)setting->fallback],
                 words[(size_t)setting->fallback]);
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

__attribute__((format(printf, 2, 3))) static void add(char text[SETTING_VALUE], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + used, SETTING_VALUE - used, format, arguments);
    va_end(arguments);
}

static void add_choice(char text[SETTING_VALUE], const struct nnrun_setting *setting, size_t chosen)
{
    const char *words[64];
    size_t lengths[64];

    if (chosen < plugin_choices(setting->choices, words, lengths, 64) && chosen < 64)
        add(text, "%.*s", (int)lengths[chosen], words[chosen]);
}

const char *setting_value(const struct nnrun_setting *setting, const void *instance, char text[SETTING_VALUE])
{
    union {
        int32_t whole;
        double real;
        const char *string;
        struct nnrun_ints ints;
        struct nnrun_reals reals;
    } value;
    const char *at = (const char *)instance + setting->offset;

    text[0] = '\0';
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
    case NNRUN_BOOL:
    case NNRUN_CHOICE:
        memcpy(&value.whole, at, sizeof value.whole);
        if (setting->kind == NNRUN_INT)
            add(text, "%d", (int)value.whole);
        else if (setting->kind == NNRUN_BOOL)
            add(text, "%s", value.whole ? "true" : "false");
        else
            add_choice(text, setting, (size_t)value.whole);
        break;
    case NNRUN_REAL:
        memcpy(&value.real, at, sizeof value.real);
        add(text, "%.10g", value.real);
        break;
    case NNRUN_STRING:
        memcpy(&value.string, at, sizeof value.string);
        add(text, "\"%s\"", value.string ? value.string : "");
        break;
    case NNRUN_INTS:
        memcpy(&value.ints, at, sizeof value.ints);
        for (int i = 0; i < value.ints.count; i++)
            add(text, "%s%d", i ? "," : value.ints.count > 1 ? "[" : "", (int)value.ints.value[i]);
        add(text, "%s", value.ints.count > 1 ? "]" : "");
        break;
    case NNRUN_REALS:
        memcpy(&value.reals, at, sizeof value.reals);
        for (int i = 0; i < value.reals.count; i++)
            add(text, "%s%.10g", i ? "," : value.reals.count > 1 ? "[" : "", value.reals.value[i]);
        add(text, "%s", value.reals.count > 1 ? "]" : "");
        break;
    }
    return text;
}

json_t *setting_json(const struct nnrun_setting *setting)
{
    char kind[SETTING_TEXT], text[SETTING_TEXT];
    json_t *object = json_pack("{s:s, s:s, s:s, s:b, s:s}", "name", setting->name, "kind",
                               setting_kind(setting, kind), "default", setting_default(setting, text),
                               "required", (setting->flags & NNRUN_REQUIRED) != 0, "doc", setting->doc);

    if (object && has_range(setting)) {
        json_object_set_new(object, "low", json_real(setting->low));
        json_object_set_new(object, "high", json_real(setting->high));
    }
    return object;
}
