/* nnrun_version.c: the library's version, and what it knows without a model. */
#include <nnrun/nnrun.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/public_argument.h"
#include "api/public_error.h"
#include "base/memory.h"
#include "model/model_kind.h"
#include "model/settings_tables.h"
#include "net/plugin.h"
#include "run/run_checkpoints.h"
#include "setting/foreign.h"

const char *nnrun_version(void)
{
    return NNRUN_VERSION;
}

const char *nnrun_level(const char *level, nnrun_error *error)
{
    struct error own = {0};
    const int number = plugin_level(level, &own);

    public_error_give(error, &own);
    return number < 0 ? NULL : plugin_level_names[number];
}

int nnrun_find_key(const char *name, char *key, size_t size)
{
    const struct nnrun_words *words;

    for (size_t i = 0; i < settings_schema.count; i++) {
        const struct setting_section *section = &settings_schema.sections[i];
        if (setting_find(section->table, section->count, name)) {
            snprintf(key, size, "%s%s%s", section->path, *section->path ? "." : "", name);
            return 1;
        }
    }
    words = foreign_find(settings_words, NNRUN_WORDS_KEY, name);
    if (!words || !setting_find_path(&settings_schema, words->here))
        return 0;
    snprintf(key, size, "%s", words->here);
    return 1;
}

int nnrun_file_source(const char *path)
{
    return (int)model_file_kind(path);
}

char *nnrun_run_checkpoint(const char *folder, nnrun_error *error)
{
    struct error own = {0};
    char *path = NULL;

    if (public_need_path("nnrun_run_checkpoint", "folder", folder, &own) == 0)
        path = run_checkpoints_path(folder, &own);
    public_error_give(error, &own);
    return path;
}

void nnrun_free(char *text)
{
    free(text);
}
