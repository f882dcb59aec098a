/* advice.c: see advice.h. */
#include "cli/advice.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/shell.h"

/* With a file, its name as a word of the shell stands behind `before`. */
struct words {
    const char *before;
    bool file;
    const char *after;
};

static const struct words words[] = {
    [ADVICE_NONE] = {"", false, ""},
    [ADVICE_DATA_MISSING] = {"; nnrun-fetch-mnist FOLDER brings MNIST, nnrun-make-digits FOLDER draws other "
                             "digits, data.directory=FOLDER says where they are",
                             false, ""},
    [ADVICE_NO_SUCH_LAYER] = {"; --plugin-path FOLDER adds one", false, ""},
    [ADVICE_NO_PLUGIN_FOLDER] = {" (set NNRUN_PLUGIN_PATH or use --plugin-path)", false, ""},
    [ADVICE_NO_PLUGINS] = {": set NNRUN_PLUGIN_PATH or use --plugin-path to name their folder", false, ""},
    [ADVICE_OTHER_ARITHMETIC] = {"; --any-arithmetic goes on all the same", false, ""},
    [ADVICE_RUN_EXISTS] = {"; to go on with it: nnrun resume ", true, "; or name another folder"},
    [ADVICE_NO_RUN] = {"; to train into it: nnrun CONFIG -o ", true, ""},
};

char *advice_line(const struct error_entry *entry)
{
    const struct words *say = &words[entry->facts.advice];
    const char *tail = entry->text + strlen(entry->text) - entry->facts.tail;
    char word[SHELL_WORD];

    return memory_format("%.*s%s%s%s%s", (int)(tail - entry->text), entry->text, say->before,
                         say->file && entry->facts.file ? shell_word(entry->facts.file, word) : "",
                         say->after, tail);
}

char *advice_text(const struct error *error)
{
    char *text = memory_string("");

    for (unsigned i = 0; text && i < error_count(error); i++) {
        char *line = advice_line(error_entry(error, i));
        char *longer = line ? memory_format("%s%s%s", text, i ? "\n" : "", line) : NULL;

        free(line);
        free(text);
        text = longer;
    }
    return text;
}
