/* column_names.c: see column_names.h. */
#include "pack/column_names.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { REASON = 256 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_name(const char *name)
{
    const size_t length = strlen(name);

    return length > 0 && length <= COLUMN_NAME && text_is_all_shown(name) && !is_blank(name[0]) &&
           !is_blank(name[length - 1]);
}

/* What is wrong with a name; false: nothing. */
static bool find_fault(char *const *names, size_t i, char reason[REASON])
{
    if (!is_name(names[i])) {
        snprintf(reason, REASON,
                 "\"%.40s\" is not a name of 1 to %d bytes of UTF-8 text without blanks around it", names[i],
                 (int)COLUMN_NAME);
        return true;
    }
    for (size_t k = 0; k < i; k++)
        if (strcmp(names[k], names[i]) == 0) {
            snprintf(reason, REASON, "two are called \"%.40s\"", names[i]);
            return true;
        }
    return false;
}

int column_names_check(char *const *names, size_t count, struct remarks *remarks, bool *usable,
                       struct error *error)
{
    char reason[REASON] = "";
    size_t bytes = 0;
    bool faulty = count > COLUMN_NAMES_MOST;

    for (size_t i = 0; !faulty && i < count; i++) {
        bytes += strlen(names[i]) + 1;
        faulty = find_fault(names, i, reason);
    }
    if (!*reason && (faulty || bytes > COLUMN_NAMES_BYTES)) {
        faulty = true;
        snprintf(reason, sizeof reason, "%zu names are more than the %d, of %d bytes in all, that are kept",
                 count, (int)COLUMN_NAMES_MOST, (int)COLUMN_NAMES_BYTES);
    }
    *usable = count > 0 && !faulty;
    return !faulty
               ? 0
               : remark_add(remarks, "columns_by_position", NULL, 0, error,
                            "a network is told these columns by their order, not by their names: %s", reason);
}
