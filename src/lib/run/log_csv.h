/* log_csv.h: log.csv of a run folder: the epochs of log.jsonl as a table. It is made from those lines alone,
 * so that both can always be brought to say the same. */
#ifndef RUN_LOG_CSV_H
#define RUN_LOG_CSV_H

#include <stddef.h>

enum { LOG_CSV_ROW = 512 };

extern const char log_csv_header[]; /* with its newline */

/* What a line of log.jsonl (without its newline) is in the table: the row of an "epoch", with its newline, a
 * field empty where there is no value; "" of any other. Returns 0, or -1 when out of memory. */
int log_csv_row(const char *line, size_t length, char row[LOG_CSV_ROW]);

/* The whole table of a log.jsonl, in fresh memory; *size without the '\0' behind it. NULL when out of memory.
 */
char *log_csv_table(const char *log, size_t log_size, size_t *size);
#endif
