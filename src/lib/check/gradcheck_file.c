/* gradcheck_file.c: see gradcheck_file.h. */
#include "check/gradcheck_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "check/elf_symbols.h"
#include "check/foreign_calls.h"

/* Several threads call a layer at once, each with scratch of its own. */
static int check_variables(const struct plugin *plugin, struct failure_list *failures, struct error *error)
{
    struct failure failure = {.kind = FAILURE_VARIABLES, .part.input = -1, .lane = FAILURE_NO_LANE};
    struct elf_variables found;

    if (elf_variables_find(plugin->path, &found, error) != 0)
        return -1;
    if (found.bytes > 0) {
        snprintf(failure.part.what, sizeof failure.part.what, "%zu bytes%s%s", found.bytes,
                 *found.largest ? ", " : "", found.largest);
        failure_add(failures, &failure);
    }
    return 0;
}

int gradcheck_file(const struct gradcheck_spec *spec, const struct plugin *plugin, const char *name,
                   struct error *error)
{
    struct gradcheck_result *result = memory_array(1, sizeof *result);
    int failed;

    if (!result)
        return error_memory(error);
    result->name = name;
    result->type = plugin->layer.type;
    result->label = "its file";
    result->of_file = true;
    failed = foreign_calls_check(plugin, &result->failures, error);
    if (!failed)
        failed = check_variables(plugin, &result->failures, error);
    if (!failed && result->failures.count > 0)
        spec->on_result(spec->arg, result);
    free(result);
    return failed;
}
