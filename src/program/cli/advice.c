/* advice.c: see advice.h. */
#include "cli/advice.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/shell.h"

/* {file} and {folder} are the file and the folder it is in, {expected} is what is expected, as words of the shell. */

static const char *const words[] = {
    [ADVICE_NONE] = "",
    [ADVICE_DATA_MISSING] = "; to download MNIST: nnrun-fetch-mnist {folder}",
    [ADVICE_NO_SUCH_LAYER] = "; --plugin-path FOLDER adds a folder",
    [ADVICE_NO_PLUGIN_FOLDER] = " (set NNRUN_PLUGIN_PATH or use --plugin-path)",
    [ADVICE_NO_PLUGINS] = ": set NNRUN_PLUGIN_PATH or use --plugin-path to name their folder",
    [ADVICE_OTHER_ARITHMETIC] = "; use --any-arithmetic to resume anyway",
    [ADVICE_RUN_EXISTS] = "; to resume it: nnrun resume {file}; or name another folder",
    [ADVICE_NO_RUN] = "; to train into it: nnrun CONFIG -o {file}",
    [ADVICE_STEP_UNREAD] =
        ("; it is kept, and nnrun resume continues from it once it can be read; to resume from the one "
         "before it: mv {file} {file}.unread && nnrun resume {folder}"),
    [ADVICE_NEW_RUN] = "; to start a new run with it: nnrun CONFIG KEY=VALUE -o FOLDER",
    [ADVICE_NOT_IDX] = "; to make one of a table: nnrun pack {file} -o FOLDER",
    [ADVICE_PACK_SIZE] = "; --size {expected} gives all of them one size",
    [ADVICE_PACK_COLOURS] = "; use --grey or --rgb",
    [ADVICE_PACK_LABEL] = "; use --label COLUMN",
    [ADVICE_PACK_BROKEN] = "; use --skip-broken to continue without what cannot be read",
    [ADVICE_PACK_TEST] = "; leave --test out",
    [ADVICE_PACK_OVER] = "; use --force to replace it",
    [ADVICE_PACK_OTHER_LABEL] = ", or use --label COLUMN if it holds the label",
    [ADVICE_PACK_NO_LABEL] = "; leave --label out",
    [ADVICE_PACK_NO_HEADER] = "; leave --header and --no-header out",
    [ADVICE_PACK_NO_FIRST] = "; leave --first-label out",
    [ADVICE_PACK_NO_NATURAL] = "; leave --natural out",
};

/* NULL without memory. */
static char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');

    if (!slash)
        return memory_string(".");
    return memory_string_part(file, slash == file ? 1 : (size_t)(slash - file));
}

/* The words with their names filled in; NULL without memory. */
static char *fill_in(const char *say, const char *file, const char *expected)
{
    char *text = memory_string(""), *folder = folder_of(file);

    while (text && *say) {
        const size_t plain = strcspn(say, "{"), name = strcspn(say + plain, "}");
        const char *with = strncmp(say + plain, "{file}", name) == 0       ? file
                           : strncmp(say + plain, "{expected}", name) == 0 ? expected
                                                                           : folder;
        char word[SHELL_WORD], *longer = NULL;

        if (folder && say[plain])
            longer = memory_format("%s%.*s%s", text, (int)plain, say, shell_word(with, word));
        else if (folder)
            longer = memory_format("%s%.*s", text, (int)plain, say);
        say += plain + name + (say[plain] != '\0');
        free(text);
        text = longer;
    }
    free(folder);
    return text;
}

char *advice_line(const struct error_entry *entry)
{
    const char *file = entry->facts.file ? entry->facts.file : "";
    const char *tail = entry->text + strlen(entry->text) - entry->facts.tail;
    const char *expected = entry->facts.expected ? entry->facts.expected : "";
    char *say = fill_in(words[entry->facts.advice], file, expected), *line = NULL;

    if (say)
        line = memory_format("%.*s%s%s", (int)(tail - entry->text), entry->text, say, tail);
    free(say);
    return line;
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
