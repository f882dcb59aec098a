/* sweep_command.c: see sweep_command.h. */
#include "cli/sweep_command.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIXED = 16 }; /* words that do not depend on the command line, at most */

struct words {
    char **list;
    size_t count;
    bool failed;
};

/* Takes the word over. */
static void add_made(struct words *words, char *word)
{
    words->failed = words->failed || !word;
    if (word)
        words->list[words->count++] = word;
}

static void add(struct words *words, const char *word)
{
    add_made(words, memory_string(word));
}

/* A run that was begun keeps its settings, but its data may have moved. */
static bool is_wanted(const struct sweep_run *run, const char *override)
{
    static const char data[] = "data.directory=";

    return !run->resumed || strncmp(override, data, strlen(data)) == 0;
}

static void add_all(struct words *words, const struct sweep *sweep, const struct sweep_job *job,
                    const char *path)
{
    const struct options *options = sweep->options;
    const struct plan_run *planned = &sweep->plan->runs[job->run];
    const struct plan_combination *combination = &sweep->plan->combinations[planned->combination];
    const struct sweep_run *run = &sweep->runs[job->run];

    add(words, "nnrun");
    add(words, run->resumed ? "resume" : "train");
    add(words, "--json");
    add(words, "--threads");
    add_made(words, memory_format("%u", job->threads));
    for (size_t i = 0; i < options->plugin_folder_count; i++) {
        add(words, "--plugin-path");
        add(words, options->plugin_folders[i]);
    }
    if (!run->resumed) {
        add(words, "--seed");
        add_made(words, memory_format("%d", (int)planned->seed));
        add(words, "--output");
        add(words, path);
    }
    add(words, "--");
    add(words, run->resumed ? path : options->subject);
    for (size_t i = 0; i < sweep->plan->word_count; i++)
        if (is_wanted(run, combination->overrides[i]))
            add(words, combination->overrides[i]);
}

char **sweep_command(const struct sweep *sweep, const struct sweep_job *job, struct error *error)
{
    const size_t most = FIXED + 2 * sweep->options->plugin_folder_count + sweep->plan->word_count;
    char *path = sweep_folder_file(sweep->folder, sweep->plan->runs[job->run].name, error);
    struct words words = {.list = memory_array(most, sizeof *words.list)};

    if (path && words.list)
        add_all(&words, sweep, job, path);
    if (!path || !words.list || words.failed) {
        error_memory(error);
        sweep_command_free(words.list);
        words.list = NULL;
    }
    free(path);
    return words.list;
}

void sweep_command_free(char **words)
{
    for (size_t i = 0; words && words[i]; i++)
        free(words[i]);
    free(words);
}
