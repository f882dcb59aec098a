/* sweep_csv.c: see sweep_csv.h. */
#include "sweep/sweep_csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/memory_file.h"

/* What is written, through the C library's stream in memory. */
static void add_field(FILE *to, const char *text)
{
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, to);
        return;
    }
    putc('"', to);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', to);
        putc(*text, to);
    }
    putc('"', to);
}

static void add_accuracy(FILE *to, double accuracy)
{
    if (isfinite(accuracy))
        fprintf(to, ",%.9g", accuracy);
    else
        putc(',', to);
}

static void add_row(FILE *to, const struct plan *plan, const struct plan_run *run,
                    const struct outcome *outcome)
{
    static const char *const states[] = {
        [OUTCOME_NONE] = "missing", [OUTCOME_BEGUN] = "begun", [OUTCOME_DONE] = "done"};
    const struct plan_combination *combination = &plan->combinations[run->combination];

    for (size_t i = 0; i < plan->axis_count; i++) {
        add_field(to, combination->values[i]);
        putc(',', to);
    }
    fprintf(to, "%d,%s,%s,%zu", (int)run->seed, run->name,
            combination->refused ? "refused" : states[outcome->state], outcome->epochs);
    add_accuracy(to, outcome->best);
    add_accuracy(to, outcome_test(outcome));
    if (outcome->count > 0)
        fprintf(to, ",%llu,%llu\n", (unsigned long long)outcome->right, (unsigned long long)outcome->count);
    else
        fputs(",,\n", to);
}

char *sweep_csv(const struct plan *plan, const struct outcome *outcomes, struct error *error)
{
    struct memory_file file;
    FILE *to = memory_file_open(&file);
    char *text;

    for (size_t i = 0; to && i < plan->axis_count; i++) {
        add_field(to, plan->axes[i].key);
        putc(',', to);
    }
    if (to)
        fputs("train.seed,run,state,epochs,validation_accuracy,test_accuracy,test_right,test_count\n", to);
    for (size_t i = 0; to && i < plan->run_count; i++)
        add_row(to, plan, &plan->runs[i], &outcomes[i]);
    if (!(text = memory_file_close(&file, NULL)))
        error_memory(error);
    return text;
}
