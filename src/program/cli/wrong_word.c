/* wrong_word.c: see wrong_word.h. */
#include "cli/wrong_word.h"

#include <string.h>

#include "setting/foreign.h"
#include "setting/nearest.h"

enum { MOST_COMMANDS = 32 };

static const struct nnrun_words foreign[] = {
    {NNRUN_WORDS_TYPE, "run|fit|learn|start|training", "train"},
    {NNRUN_WORDS_TYPE, "continue|restart|restore|load", "resume"},
    {NNRUN_WORDS_TYPE, "eval|evaluate|evaluation|validate|score|accuracy", "test"},
    {NNRUN_WORDS_TYPE, "infer|inference|classify|recognize|recognise|ask", "predict"},
    {NNRUN_WORDS_TYPE, "web|server|draw|gui|demo", "serve"},
    {NNRUN_WORDS_TYPE, "summary|info|describe|inspect|print|check", "show"},
    {NNRUN_WORDS_TYPE, "plot|compare|visualize|visualise", "report"},
    {NNRUN_WORDS_TYPE, "list|plugins|types", "layers"},
    {NNRUN_WORDS_TYPE, "bench|benchmark|profile|speed", "time"},
    {NNRUN_WORDS_TYPE, "usage|commands|man", "help"},
    {.words = NULL},
};

/* Of pack, by other programs. */
static const struct nnrun_words foreign_options[] = {
    {NNRUN_WORDS_TYPE, "target|target-column|label-column|class|class-column|y", "label"},
    {NNRUN_WORDS_TYPE, "split|test-split|test-size|test-fraction|validation-split|val-split|holdout", "test"},
    {NNRUN_WORDS_TYPE, "resize|image-size|shape", "size"},
    {NNRUN_WORDS_TYPE, "shuffle-seed|random-state|random-seed", "seed"},
    {.words = NULL},
};

const struct command *command_find(const struct command *commands, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

bool wrong_word_is_near(const struct command *commands, size_t count, const char *word, struct error *error)
{
    const struct nnrun_words *words = foreign_find(foreign, NNRUN_WORDS_TYPE, word);
    const char *names[MOST_COMMANDS], *near;
    size_t known = 0;

    for (; known < count && known < MOST_COMMANDS; known++)
        names[known] = commands[known].name;
    near = words ? NULL : nearest_word(word, names, known);
    if (words)
        error_set(error, ERROR_ARGUMENT, "no command \"%s\"; nnrun calls it \"%s\"", word, words->here);
    else if (near)
        error_set(error, ERROR_ARGUMENT, "no command \"%s\"; did you mean \"%s\"?", word, near);
    return words || near;
}

const char *wrong_word_pack_option(const char *name)
{
    const struct nnrun_words *words = foreign_find(foreign_options, NNRUN_WORDS_TYPE, name);

    return words ? words->here : NULL;
}

int wrong_word_command(const struct command *commands, size_t count, const char *word, struct error *error)
{
    if (wrong_word_is_near(commands, count, word, error))
        return -1;
    return error_set(error, ERROR_ARGUMENT, "no command \"%s\"; \"nnrun --help\" lists the commands", word);
}
