/* log_csv.c: see log_csv.h. */
#include "run/log_csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/json_parse.h"

static const char *const columns[] = {
    "epoch", "step",          "loss",   "train_accuracy", "validation_loss", "validation_accuracy",
    "rate",  "samples_per_s", "seconds"};
enum { COLUMNS = sizeof columns / sizeof columns[0], FIELD = LOG_CSV_ROW / COLUMNS - 1 };

const char log_csv_header[] = "epoch,step,loss,train_accuracy,validation_loss,validation_accuracy,rate,"
                              "samples_per_s,seconds\n";

/* Returns its length, 0 when out of memory. */
static size_t write_row(const json_t *event, char *row)
{
    size_t used = 0;

    for (size_t i = 0; i < COLUMNS; i++) {
        const json_t *value = json_object_get(event, columns[i]);
        if (json_is_number(value)) { /* jansson writes a point whatever the locale */
            const size_t length =
                json_dumpb(value, row + used, FIELD, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
            if (length == 0 || length > FIELD)
                return 0;
            used += length;
        }
        row[used++] = i + 1 < COLUMNS ? ',' : '\n';
    }
    return used;
}

int log_csv_row(const char *line, size_t length, char row[LOG_CSV_ROW])
{
    json_error_t reason;
    bool memory;
    json_t *event = json_parse_bounded(line, length, &memory, &reason);
    const char *kind = json_string_value(json_object_get(event, "event"));
    size_t used = 0;

    if (kind && strcmp(kind, "epoch") == 0) {
        used = write_row(event, row);
        memory = used == 0;
    }
    row[used] = '\0';
    json_decref(event);
    return memory ? -1 : 0;
}

char *log_csv_table(const char *log, size_t log_size, size_t *size)
{
    char *table = NULL, row[LOG_CSV_ROW];
    const char *end = log + log_size, *line = log;
    size_t room = 0, length = strlen(log_csv_header);

    *size = 0;
    memcpy(row, log_csv_header, length + 1);
    for (;;) {
        const char *next;
        if (*size + length >= room) {
            char *larger;
            room = 2 * (*size + length) + LOG_CSV_ROW;
            larger = memory_resize(table, room, 1);
            if (!larger)
                break;
            table = larger;
        }
        memcpy(table + *size, row, length + 1);
        *size += length;
        next = memchr(line, '\n', (size_t)(end - line));
        if (!next)
            return table;
        if (log_csv_row(line, (size_t)(next - line), row) != 0)
            break;
        length = strlen(row);
        line = next + 1;
    }
    free(table);
    return NULL;
}
