/* settings_apart.h: in which settings the configs of runs differ. */
#ifndef REPORT_SETTINGS_APART_H
#define REPORT_SETTINGS_APART_H

#include "report/run_record.h"

struct setting_row {
    char *key;
    char **values; /* [runs]; NULL: the config leaves it at its default, or has no such layer */
};

struct settings_apart {
    size_t runs;
    struct setting_row *rows; /* those in which not all runs are the same, in the order of the configs */
    size_t count, room;
};

/* Returns 0 or -1; finish it in either case. */
int settings_apart_find(struct settings_apart *apart, struct run_record *records, size_t count,
                        struct error *error);
void settings_apart_finish(struct settings_apart *apart);
#endif
