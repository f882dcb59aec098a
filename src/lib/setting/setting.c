/* setting.c: see setting.h. */
#include "setting/setting.h"

#include <math.h>
#include <string.h>

const struct nnrun_setting setting_layer_keys[SETTING_LAYER_KEYS] = {
    {.name = "type", .kind = NNRUN_STRING, .flags = NNRUN_REQUIRED, .doc = "what it computes"},
    {.name = "name", .kind = NNRUN_STRING, .doc = "its name, of its own in the network"},
    {.name = "inputs", .kind = NNRUN_STRING, .doc = "names of the layers whose outputs it takes"},
};

const struct nnrun_setting setting_learning_keys[SETTING_LEARNING_KEYS] = {
    {.name = "frozen",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct setting_learning, frozen),
     .high = 1,
     .doc = "its weights and running averages stay as they are"},
    {.name = "rate",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct setting_learning, rate),
     .high = 1e6,
     .fallback = 1,
     .doc = "factor of the learning rate for its weights"},
    {.name = "from",
     .kind = NNRUN_STRING,
     .offset = offsetof(struct setting_learning, from),
     .doc = "what it is called in the file of train.from; its name if empty"},
};

const struct nnrun_setting *setting_find(const struct nnrun_setting *table, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, key) == 0)
            return &table[i];
    return NULL;
}

const struct nnrun_setting *setting_find_path(const struct setting_schema *schema, const char *path)
{
    const char *dot = strrchr(path, '.'), *key = dot ? dot + 1 : path;
    const size_t length = dot ? (size_t)(dot - path) : 0;
    const struct nnrun_setting *found = NULL;

    for (size_t i = 0; i < schema->count && !found; i++) {
        const struct setting_section *section = &schema->sections[i];
        if (strlen(section->path) == length && memcmp(section->path, path, length) == 0)
            found = setting_find(section->table, section->count, key);
    }
    return found;
}

bool setting_path_within(const char *path, const char *group)
{
    const size_t length = strlen(group);

    return length == 0 ||
           (strncmp(path, group, length) == 0 && (path[length] == '.' || path[length] == '\0'));
}

bool setting_is_number(const struct nnrun_setting *setting)
{
    return setting->kind == NNRUN_INT || setting->kind == NNRUN_REAL || setting->kind == NNRUN_INTS ||
           setting->kind == NNRUN_REALS;
}

void setting_whole_range(const struct nnrun_setting *setting, double *low, double *high)
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

unsigned setting_list_most(const struct nnrun_setting *setting)
{
    const unsigned most = setting->flags & SETTING_LIST   ? SETTING_MOST_TEXTS
                          : setting->flags & SETTING_WORD ? SETTING_MOST_LIST
                                                          : NNRUN_MAX_LIST;

    return setting->most >= 1 && setting->most <= most ? setting->most : most;
}
