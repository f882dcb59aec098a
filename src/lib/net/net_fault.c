/* net_fault.c: see net_fault.h. */
#include "net/net_fault.h"

#include <stdarg.h>
#include <stdio.h>

int net_fault_add(struct net_faults *faults, size_t layer, const char *setting, const char *format, ...)
{
    struct net_fault *fault = &faults->fault[faults->count];
    va_list args;

    if (faults->count == NET_MOST_FAULTS)
        return -1;
    faults->count++;
    fault->layer = layer;
    fault->unknown = NULL;
    fault->input_count = 0;
    snprintf(fault->setting, sizeof fault->setting, "%s", setting ? setting : "");
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    return -1;
}
