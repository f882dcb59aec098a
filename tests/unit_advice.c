/* unit_advice.c: errors in the words of the program, and words for the shell. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "cli/advice.h"
#include "cli/shell.h"

static void shell_words(void)
{
    static const char *const words[][2] = {
        {"runs/lenet-2", "runs/lenet-2"},
        {"train.optimizer.rate=1e-3", "train.optimizer.rate=1e-3"},
        {"", "''"},
        {"a run", "'a run'"},
        {"it's", "'it'\\''s'"},
        {"$(x);`y`&*?~#\n", "'$(x);`y`&*?~#\n'"},
    };
    char text[SHELL_WORD], longest[SHELL_WORD];

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        CU_ASSERT_STRING_EQUAL(shell_word(words[i][0], text), words[i][1]);
    memset(longest, '\'', sizeof longest);
    for (size_t length = 0; length < sizeof longest; length++) {
        const char *word;
        longest[length] = '\0';
        word = shell_word(longest, text);
        CU_ASSERT(word == longest || strlen(word) == 4 * length + 2);
        longest[length] = '\'';
    }
}

static void says(enum error_advice advice, unsigned tail, const char *expected)
{
    struct error error UNIT_CLEARED = {0};
    char *line;

    error_add_at(&error, ERROR_DATA, &(struct error_facts){.file = "a run", .advice = advice, .tail = tail},
                 "bad (here)");
    error_prefix(&error, "p: ");
    line = advice_line(error_entry(&error, 0));
    CU_ASSERT_STRING_EQUAL(line, expected);
    free(line);
}

static void advices(void)
{
    says(ADVICE_NONE, 0, "p: a run: bad (here)");
    says(ADVICE_NO_SUCH_LAYER, 1, "p: a run: bad (here; --plugin-path FOLDER adds a folder)");
    says(ADVICE_NO_SUCH_LAYER, 1000, "p: a run: bad (here); --plugin-path FOLDER adds a folder");
    says(ADVICE_NO_PLUGIN_FOLDER, 0, "p: a run: bad (here) (set NNRUN_PLUGIN_PATH or use --plugin-path)");
    says(ADVICE_NO_PLUGINS, 0,
         "p: a run: bad (here): set NNRUN_PLUGIN_PATH or use --plugin-path to name their folder");
    says(ADVICE_DATA_MISSING, 0, "p: a run: bad (here); to download MNIST: nnrun-fetch-mnist .");
    says(ADVICE_OTHER_ARITHMETIC, 0, "p: a run: bad (here); use --any-arithmetic to resume anyway");
    says(ADVICE_RUN_EXISTS, 0,
         "p: a run: bad (here); to resume it: nnrun resume 'a run'; or name another folder");
    says(ADVICE_NO_RUN, 0, "p: a run: bad (here); to train into it: nnrun CONFIG -o 'a run'");
    says(ADVICE_NOT_IDX, 0, "p: a run: bad (here); to make one of a table: nnrun pack 'a run' -o FOLDER");
    says(ADVICE_NEW_RUN, 0,
         "p: a run: bad (here); to start a new run with it: nnrun CONFIG KEY=VALUE -o FOLDER");
    says(
        ADVICE_STEP_UNREAD, 0,
        "p: a run: bad (here); it is kept, and nnrun resume continues from it once it can be read; to resume from the "
        "one before it: mv 'a run' 'a run'.unread && nnrun resume .");
}

static void all_lines(void)
{
    struct error error UNIT_CLEARED = {0};
    char *text = advice_text(&error);

    CU_ASSERT_STRING_EQUAL(text, "");
    free(text);
    error_add(&error, ERROR_CONFIG, "one");
    error_advise(&error, ADVICE_OTHER_ARITHMETIC);
    error_add(&error, ERROR_CONFIG, "two");
    text = advice_text(&error);
    CU_ASSERT_STRING_EQUAL(text, "one; use --any-arithmetic to resume anyway\ntwo");
    free(text);
    error_memory(&error);
    text = advice_text(&error);
    CU_ASSERT_STRING_EQUAL(text, "out of memory");
    free(text);
}

static const struct unit_test tests[] = {
    {"words are quoted for the shell where they need it", shell_words},
    {"each advice has its words, at its place in the message", advices},
    {"all messages are said, a line each", all_lines},
};
UNIT_MAIN("advice", tests)
