/* plugin_check_setting.c: one setting of a plugin's table; see plugin_check_setting.h. */
#include <math.h>
#include <string.h>

#include "net/plugin_check_setting.h"
#include "setting/choices.h"
#include "setting/setting.h"
#include "net/plugin_words.h"
#include "setting/name_word.h"

enum { MOST_CHOICES = 64 };

/* What a setting takes in the instance. */
struct place {
    size_t size, alignment; /* size 0: no such kind */
};

/* A member is aligned as after a char: on i386 a double to 4 bytes, whatever _Alignof says. */
struct after_char {
    struct {
        char before;
        int32_t at;
    } whole;
    struct {
        char before;
        double at;
    } real;
    struct {
        char before;
        char *at;
    } string;
    struct {
        char before;
        struct nnrun_ints at;
    } ints;
    struct {
        char before;
        struct nnrun_reals at;
    } reals;
};

#define PLACE(member)                                                                                        \
    ((struct place){sizeof(((struct after_char *)0)->member.at),                                             \
                    offsetof(struct after_char, member.at) - offsetof(struct after_char, member)})

static struct place place_of(uint32_t kind)
{
    switch ((enum nnrun_kind)kind) {
    case NNRUN_INT:
    case NNRUN_BOOL:
    case NNRUN_CHOICE:
        return PLACE(whole);
    case NNRUN_REAL:
        return PLACE(real);
    case NNRUN_STRING:
        return PLACE(string);
    case NNRUN_INTS:
        return PLACE(ints);
    case NNRUN_REALS:
        return PLACE(reals);
    }
    return (struct place){0};
}

static bool is_whole_kind(uint32_t kind)
{
    return kind == NNRUN_INT || kind == NNRUN_INTS;
}

static bool whole(double value)
{
    return value >= INT32_MIN && value <= INT32_MAX && value == rint(value);
}

static int check_range(const struct nnrun_setting *setting, const char *path, struct error *error)
{
    const bool is_whole = is_whole_kind(setting->kind);
    const int open_low = (setting->flags & NNRUN_OPEN_LOW) != 0,
              open_high = (setting->flags & NNRUN_OPEN_HIGH) != 0;
    const double low = setting->low, high = setting->high, value = setting->fallback;

    if (!isfinite(low) || !isfinite(high))
        return plugin_broken(error, path, "an end of the range is not finite", setting->name);
    if (is_whole && (!whole(low) || !whole(high)))
        return plugin_broken(error, path, "the range of whole numbers is not of 32-bit ones", setting->name);
    if (low > high || ((open_low || open_high) && low == high) ||
        (is_whole && low + open_low > high - open_high))
        return plugin_broken(error, path, "the range is empty", setting->name);
    if (setting->flags & NNRUN_REQUIRED)
        return 0;
    if (!(value >= low && value <= high) || (open_low && value == low) || (open_high && value == high) ||
        (is_whole && !whole(value)))
        return plugin_broken(error, path, "the default is out of range", setting->name);
    return 0;
}

static int check_choices(const struct nnrun_setting *setting, const char *path, struct error *error)
{
    const size_t count = choices_count(setting->choices);
    const double value = setting->fallback;

    if (count == 0 || count > MOST_CHOICES)
        return plugin_broken(error, path, "a choice of no words, or of too many", setting->name);
    for (size_t i = 0; i < count; i++) {
        size_t length, other_length;
        const char *word = choices_word(setting->choices, i, &length), *other;
        if (!name_word_part_ok(word, length))
            return plugin_broken(error, path, "a word of a choice is not [a-z][a-z0-9_]*", setting->name);
        for (size_t j = 0; j < i; j++) {
            other = choices_word(setting->choices, j, &other_length);
            if (length == other_length && memcmp(word, other, length) == 0)
                return plugin_broken(error, path, "a choice has one word twice", setting->name);
        }
    }
    if (!(setting->flags & NNRUN_REQUIRED) && !(value >= 0 && value < (double)count && whole(value)))
        return plugin_broken(error, path, "the default is not the index of a word", setting->name);
    return 0;
}

static int check_name(const struct nnrun_layer *layer, const struct nnrun_setting *setting, const char *path,
                      struct error *error)
{
    if (!name_word_ok(setting->name))
        return plugin_broken(error, path, "a setting's name is not [a-z][a-z0-9_]*",
                             plugin_line_ok(setting->name) ? setting->name : NULL);
    if (setting_find(setting_layer_keys, SETTING_LAYER_KEYS, setting->name))
        return plugin_broken(error, path, "a setting has a reserved name", setting->name);
    for (const struct nnrun_setting *other = layer->settings; other < setting; other++)
        if (strcmp(other->name, setting->name) == 0)
            return plugin_broken(error, path, "two settings of one name", setting->name);
    if (!plugin_line_ok(setting->doc))
        return plugin_broken(error, path, "a setting's doc is not one line of printable ASCII",
                             setting->name);
    return 0;
}

static int check_place(const struct nnrun_layer *layer, const struct nnrun_setting *setting, const char *path,
                       struct error *error)
{
    const struct place place = place_of(setting->kind);

    if (place.size > layer->instance_size || setting->offset > layer->instance_size - place.size)
        return plugin_broken(error, path, "a setting lies outside of the instance", setting->name);
    if (setting->offset % place.alignment != 0)
        return plugin_broken(error, path, "a setting is misaligned in the instance", setting->name);
    for (const struct nnrun_setting *other = layer->settings; other < setting; other++)
        if (setting->offset < other->offset + place_of(other->kind).size &&
            other->offset < setting->offset + place.size)
            return plugin_broken(error, path, "two settings overlap in the instance", setting->name);
    return 0;
}

int plugin_check_setting(const struct nnrun_layer *layer, const struct nnrun_setting *setting,
                         const char *path, struct error *error)
{
    const uint32_t known =
        NNRUN_REQUIRED | (setting_is_number(setting) ? NNRUN_OPEN_LOW | NNRUN_OPEN_HIGH : 0);

    if (check_name(layer, setting, path, error) != 0)
        return -1;
    if (place_of(setting->kind).size == 0)
        return plugin_too_new(error, path, "a setting of unknown kind", setting->name);
    if (setting->flags & ~known)
        return plugin_too_new(error, path, "a setting with unknown flags", setting->name);
    if (check_place(layer, setting, path, error) != 0)
        return -1;
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INTS:
    case NNRUN_REALS:
        if (setting->most < 1 || setting->most > NNRUN_MAX_LIST)
            return plugin_broken(error, path, "a list of impossible length", setting->name);
        return check_range(setting, path, error);
    case NNRUN_INT:
    case NNRUN_REAL:
        return check_range(setting, path, error);
    case NNRUN_CHOICE:
        return check_choices(setting, path, error);
    case NNRUN_BOOL:
        if (setting->fallback != 0 && setting->fallback != 1)
            return plugin_broken(error, path, "the default of a bool is neither 0 nor 1", setting->name);
        return 0;
    case NNRUN_STRING:
        if (setting->text && !plugin_line_ok(setting->text))
            return plugin_broken(error, path, "the default is not one line of printable ASCII",
                                 setting->name);
        return 0;
    }
    return 0;
}
