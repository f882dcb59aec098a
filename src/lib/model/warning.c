/* warning.c: see warning.h. */
#include "model/warning.h"

#include <stdarg.h>
#include <stdio.h>

#include "model/settings_tables.h"

bool warning_is_on(const struct model *model, enum warning_kind kind)
{
    return model->settings.warnings.on[kind];
}

int warning_tell(const struct model *model, const struct warning_listener *to, enum warning_kind kind,
                 const char *place, const char *format, ...)
{
    const struct setting_section *section = &settings_sections[SECTION_WARNINGS];
    struct warning warning = {.name = section->table[kind].name};
    char what[WARNING_TEXT - CONFIG_PLACE_TEXT], text[WARNING_TEXT + 64];
    va_list args;

    if (!warning_is_on(model, kind))
        return 0;
    va_start(args, format);
    config_format(model->config, what, sizeof what, format, args);
    va_end(args);
    snprintf(text, sizeof text, "%s: %s (%s.%s)", place, what, section->path, warning.name);
    warning.text = text;
    return to->use(to->arg, &warning);
}
