/* gradcheck_file.c: see gradcheck_file.h. */
#include "check/gradcheck_file.h"

#include <stdlib.h>

#include "base/memory.h"
#include "check/foreign_calls.h"

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
    if (!failed && result->failures.count > 0)
        spec->on_result(spec->arg, result);
    free(result);
    return failed;
}
