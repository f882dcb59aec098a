/* sweep_end.c: see sweep_end.h. */
#include "cli/sweep_end.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/column.h"
#include "cli/say.h"
#include "cli/sweep_json.h"
#include "sweep/sweep_csv.h"
#include "sweep/sweep_page.h"
#include "sweep/sweep_words.h"

enum { LABEL = 40, MOST_ROWS = 20 }; /* of the table that is printed: the page has all */

/* ---- files --------------------------------------------------------------------------------------------------- */

static int read_outcomes(const struct sweep *sweep, struct outcome *outcomes, struct error *error)
{
    for (size_t i = 0; i < sweep->plan->run_count; i++) {
        const char *name = sweep->plan->runs[i].name;
        char *path = *name ? sweep_folder_file(sweep->folder, name, error) : NULL;
        const int result = path ? outcome_read(&outcomes[i], path, error) : *name ? -1 : 0;

        free(path);
        if (!*name)
            outcomes[i].best = (double)NAN;
        if (result != 0)
            return -1;
    }
    return 0;
}

static int write_file(const struct sweep *sweep, const char *name, const char *text, size_t size,
                      struct error *error)
{
    char *path = sweep_folder_file(sweep->folder, name, error);
    const int result = path ? file_replace(path, text, size, error) : -1;

    free(path);
    return result;
}

/* While no other task does: what is written last has seen the most. */
static int write_files(const struct sweep *sweep, struct outcome *outcomes, struct summary *summary,
                       struct error *error)
{
    struct html html = {0};
    char *table = NULL;
    int result = read_outcomes(sweep, outcomes, error);

    if (result == 0)
        result = summary_make(summary, sweep->plan, outcomes, error);
    if (result == 0)
        result = (table = sweep_csv(sweep->plan, outcomes, error)) ? 0 : -1;
    if (result == 0)
        result = write_file(sweep, SWEEP_TABLE, table, strlen(table), error);
    if (result == 0)
        result = sweep_page_write(&html, sweep->plan, outcomes, summary, error);
    if (result == 0)
        result = write_file(sweep, SWEEP_PAGE, html.text, html.length, error);
    html_finish(&html);
    free(table);
    return result;
}

/* ---- words --------------------------------------------------------------------------------------------------- */

static void print_line(const struct screen *screen, struct line *line)
{
    if (screen->on)
        line_fit(line, screen_room(screen));
    line_print(line, stdout);
    putchar('\n');
}

/* What the combination is called, cut in front of a character. Returns the columns that it takes. */
static int make_label(const struct sweep *sweep, size_t combination, char label[LABEL + 1])
{
    const char *text = sweep_words_label(sweep->plan, combination);
    size_t length = strlen(text);

    if (length > LABEL)
        for (length = LABEL; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--;
    memcpy(label, text, length);
    label[length] = '\0';
    text_make_printable(label);
    return column_width(label);
}

static void print_head(const struct screen *screen, const struct summary *summary, int width)
{
    struct line line = {.count = 0};

    line_add(&line, 0, "%-*s", width, "");
    line_add(&line, 1, "%10s", summary->by_test ? "test" : "validation");
    line_add(&line, 4, "%9s", "deviation");
    line_add(&line, 2, "%-16s", "95 % interval");
    line_add(&line, 5, "%5s", "seeds");
    if (!summary->by_test)
        line_add(&line, 3, "%8s", "test");
    line_add(&line, 2, "%8s", "p");
    print_line(screen, &line);
}

static void print_row(const struct screen *screen, const struct sweep *sweep, const struct summary *summary,
                      size_t i, int width)
{
    const struct summary_row *row = &summary->rows[i];
    const struct run_statistics *one = &row->measured;
    struct line line = {.count = 0};
    char label[LABEL + 1], interval[32] = "-", deviation[16] = "-", test[16] = "-", p[16] = "-";
    const int columns = make_label(sweep, row->combination, label);

    if (!isnan(one->deviation)) {
        snprintf(deviation, sizeof deviation, "%.2f", 100 * one->deviation);
        snprintf(interval, sizeof interval, "%.2f to %.2f", 100 * one->low, 100 * one->high);
    }
    if (row->test.count > 0)
        snprintf(test, sizeof test, "%.2f %%", 100 * row->test.mean);
    if (!isnan(row->p))
        snprintf(p, sizeof p, row->p < 0.0001 ? "< 0.0001" : "%.4f", row->p);
    line_add(&line, 0, "%s%*s", label, width - columns, "")->columns = width;
    line_add(&line, 1, "%8.2f %%", 100 * one->mean);
    line_add(&line, 4, "%9s", deviation);
    line_add(&line, 2, "%-16s", interval);
    line_add(&line, 5, "%5zu", one->count);
    if (!summary->by_test)
        line_add(&line, 3, "%8s", test);
    line_add(&line, 2, "%8s", p);
    print_line(screen, &line);
}

static int print_table(const struct sweep *sweep, const struct summary *summary, struct error *error)
{
    const size_t rows = summary->count < MOST_ROWS ? summary->count : MOST_ROWS;
    char *verdict = sweep_words_verdict(summary, sweep->plan);
    struct screen out;
    char label[LABEL + 1];
    int width = 0;

    if (!verdict)
        return error_memory(error);
    screen_init(&out, STDOUT_FILENO);
    for (size_t i = 0; i < rows; i++) {
        const int columns = make_label(sweep, summary->rows[i].combination, label);
        width = columns > width ? columns : width;
    }
    if (rows > 0)
        print_head(&out, summary, width);
    for (size_t i = 0; i < rows; i++)
        print_row(&out, sweep, summary, i, width);
    if (rows < summary->count)
        screen_say(&out, "and %zu more: see the page", summary->count - rows);
    screen_say(&out, "%s", verdict);
    screen_say(&out, "table: %s/" SWEEP_TABLE, sweep_folder_path(sweep->folder));
    screen_say(&out, "page: %s/" SWEEP_PAGE, sweep_folder_path(sweep->folder));
    free(verdict);
    return 0;
}

static int tell(struct sweep *sweep, const struct outcome *outcomes, const struct summary *summary,
                struct error *error)
{
    size_t done = 0;

    if (sweep->options->json) {
        for (size_t i = 0; i < summary->count; i++)
            sweep_json_combination(sweep, summary, i);
        sweep_json_done(sweep, summary);
        return 0;
    }
    for (size_t i = 0; i < sweep->plan->run_count; i++)
        done += outcomes[i].state == OUTCOME_DONE;
    if (sweep->share < sweep->plan->run_count && done < sweep->plan->run_count) {
        if (!sweep->options->quiet)
            printf("task %s: %zu of its %zu runs are done, %zu of %zu of the sweep\n",
                   sweep->options->sweep.task, sweep->before + sweep->done, sweep->share, done,
                   sweep->plan->run_count);
        return 0;
    }
    return sweep->options->quiet ? 0 : print_table(sweep, summary, error);
}

int sweep_end(struct sweep *sweep, struct error *error)
{
    struct outcome *outcomes = memory_array(sweep->plan->run_count, sizeof *outcomes);
    struct summary summary = {0};
    int result;

    if (!outcomes)
        return error_memory(error);
    result = sweep_folder_hold(sweep->folder, error);
    if (result == 0) {
        result = write_files(sweep, outcomes, &summary, error);
        sweep_folder_release(sweep->folder);
    }
    if (result == 0)
        result = tell(sweep, outcomes, &summary, error);
    summary_finish(&summary);
    for (size_t i = 0; i < sweep->plan->run_count; i++)
        outcome_finish(&outcomes[i]);
    free(outcomes);
    return result;
}
