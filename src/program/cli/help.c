/* help.c: see help.h. */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/options.h"

enum { COLUMNS = 80, OPTION = 64 };

/* "-o, --output DIR" */
static const char *with_value(const struct option_row *row, char text[OPTION])
{
    char letter[8] = "";

    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(text, OPTION, "%s--%s%s%s", letter, row->name, row->value ? " " : "",
             row->value ? row->value : "");
    return text;
}

/* "--fit, --crop" */
static const char *with_joined(size_t i, char text[OPTION])
{
    with_value(&option_table[i], text);
    for (i++; i < option_count && option_table[i].joined; i++)
        text_add(text, OPTION, ", --%s", option_table[i].name);
    return text;
}

static bool is_second(const struct option_row *row)
{
    for (const struct option_row *other = option_table; other < row; other++)
        if (strcmp(other->name, row->name) == 0)
            return true;
    return false;
}

/* All options, as many in a line as fit. */
static void print_options(void)
{
    int column = COLUMNS;

    for (size_t i = 0; i < option_count; i++) {
        char text[OPTION];
        const int length = (int)strlen(with_value(&option_table[i], text));
        if (option_table[i].apart || is_second(&option_table[i]))
            continue;
        if (column + 2 + length > COLUMNS) {
            printf("%s", i ? "\n" : "");
            column = 0;
        }
        printf("  %s", text);
        column += 2 + length;
    }
    putchar('\n');
}

/* The examples, each line behind two blanks. */
static void print_examples(const char *line)
{
    while (*line) {
        const int length = (int)strcspn(line, "\n");
        printf("  %.*s\n", length, line);
        line += length + (line[length] == '\n');
    }
}

void help_print(const struct command *commands, size_t count)
{
    int width = 0;

    for (size_t i = 0; i < count; i++)
        width = (int)strlen(commands[i].arguments) > width ? (int)strlen(commands[i].arguments) : width;
    puts("usage: nnrun [COMMAND] ARGUMENT [KEY=VALUE...] [OPTION...]");
    puts("Trains small neural networks described as text. Without a COMMAND it trains.");
    for (size_t i = 0; i < count; i++)
        printf("  %-9s  %-*s  %s\n", commands[i].name, width, commands[i].arguments, commands[i].does);
    puts("\nOptions; nnrun COMMAND --help says what they do, and which of them it takes:");
    print_options();
    puts("\nExample: nnrun configs/lenet.cfg train.epochs=3 -o runs/quick\n"
         "Manual: nnrun(1), nnrun.cfg(5), nnrun-layer(3).");
}

void help_print_command(const struct command *command)
{
    printf("usage: nnrun %s %s%s%s\n\n%s\n", command->name, command->arguments,
           command->overrides ? " [KEY=VALUE...]" : "", command->takes ? " [OPTION...]" : "", command->about);
    if (command->takes)
        putchar('\n');
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_table[i];
        char text[OPTION];
        if ((row->takes & command->takes) && !row->joined)
            printf("  %s%-*s  %s\n", row->letter ? "" : "    ", row->letter ? 21 : 17, with_joined(i, text),
                   row->does);
    }
    puts("\nExamples:");
    print_examples(command->examples);
}
