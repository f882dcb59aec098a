/* exit_status.c: see exit_status.h. */
#include "cli/exit_status.h"

enum exit_status exit_status(const struct error *error)
{
    switch (error->code) {
    case ERROR_NONE:
        return STATUS_OK;
    case ERROR_FAILED:
    case ERROR_MEMORY:
        return STATUS_FAILED;
    case ERROR_ARGUMENT:
        return STATUS_USAGE;
    case ERROR_CONFIG:
        return STATUS_CONFIG;
    case ERROR_DATA:
        return STATUS_DATA;
    }
    return STATUS_FAILED;
}
