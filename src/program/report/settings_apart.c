/* settings_apart.c: see settings_apart.h. */
#include "report/settings_apart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct collection {
    struct settings_apart *apart;
    size_t run;  /* whose settings are being added */
    size_t next; /* the row behind the last one used: configs are much alike */
};

static void finish_row(struct setting_row *row, size_t runs)
{
    for (size_t i = 0; row->values && i < runs; i++)
        free(row->values[i]);
    free(row->values);
    free(row->key);
}

void settings_apart_finish(struct settings_apart *apart)
{
    for (size_t i = 0; i < apart->count; i++)
        finish_row(&apart->rows[i], apart->runs);
    free(apart->rows);
    *apart = (struct settings_apart){0};
}

/* A new row in front of number `at`; NULL when out of memory. */
static struct setting_row *insert(struct settings_apart *apart, size_t at, const char *key)
{
    struct setting_row row;

    if (apart->count == apart->room) {
        const size_t room = 2 * apart->room + 64;
        struct setting_row *grown = memory_resize(apart->rows, room, sizeof *grown);
        if (!grown)
            return NULL;
        apart->rows = grown;
        apart->room = room;
    }
    row.key = memory_string(key);
    row.values = memory_array(apart->runs, sizeof *row.values);
    if (!row.key || !row.values) {
        finish_row(&row, 0);
        return NULL;
    }
    memmove(&apart->rows[at + 1], &apart->rows[at], (apart->count - at) * sizeof *apart->rows);
    apart->rows[at] = row;
    apart->count++;
    return &apart->rows[at];
}

static int note_setting(void *arg, const char *key, const char *value)
{
    struct collection *collection = arg;
    struct settings_apart *apart = collection->apart;
    struct setting_row *row = NULL;
    size_t at = collection->next;

    for (size_t i = 0; !row && i < apart->count; i++) {
        at = (collection->next + i) % apart->count;
        if (strcmp(apart->rows[at].key, key) == 0)
            row = &apart->rows[at];
    }
    if (!row) {
        at = collection->next;
        row = insert(apart, at, key);
    }
    if (!row)
        return -1;
    collection->next = at + 1;
    free(row->values[collection->run]);
    row->values[collection->run] = memory_string(value);
    return row->values[collection->run] ? 0 : -1;
}

/* Of run.json, what may explain another speed. */
static int take_machine(struct collection *collection, const struct run_record *record)
{
    static const char *const keys[] = {"version", "host", "processor", "isa"};
    static const char *const names[] = {"nnrun's version", "machine", "processor", "code level"};
    const unsigned threads = run_record_threads(record);
    char number[16];

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *fact = run_record_fact(record, keys[i]);
        if (fact && note_setting(collection, names[i], fact) != 0)
            return -1;
    }
    snprintf(number, sizeof number, "%u", threads);
    return threads ? note_setting(collection, "threads", number) : 0;
}

static bool same(const struct setting_row *row, size_t runs)
{
    for (size_t i = 1; i < runs; i++)
        if (!row->values[i] != !row->values[0] ||
            (row->values[i] && strcmp(row->values[i], row->values[0]) != 0))
            return false;
    return true;
}

int settings_apart_find(struct settings_apart *apart, struct run_record *records, size_t count,
                        struct error *error)
{
    size_t kept = 0;

    *apart = (struct settings_apart){.runs = count};
    for (size_t run = 0; run < count; run++) {
        struct collection collection = {apart, run, 0};
        if (config_each(records[run].model.config, note_setting, &collection) != 0 ||
            take_machine(&collection, &records[run]) != 0)
            return error_memory(error);
    }
    for (size_t i = 0; i < apart->count; i++) {
        /* name and folder are how the runs are told apart */
        const bool goes = same(&apart->rows[i], count) || strcmp(apart->rows[i].key, "name") == 0 ||
                          strcmp(apart->rows[i].key, "output.directory") == 0;
        if (goes)
            finish_row(&apart->rows[i], count);
        else
            apart->rows[kept++] = apart->rows[i];
    }
    apart->count = kept;
    return 0;
}
