/* options.c: see options.h. */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/shell.h"
#include "cli/command_table.h"
#include "cli/config_file.h"
#include "cli/wrong_word.h"
#include "setting/nearest.h"

enum { FIRST_LONG = 256, MOST_OPTIONS = 64, LIST = 512, OPTION_KEY = 64 };

/* A command line under way: what was given before the command is known for sure. */
struct parse {
    const struct command *commands;
    size_t command_count;
    const char *names[MOST_OPTIONS]; /* of options, each once */
    struct option longs[MOST_OPTIONS + 1];
    char letters[2 * MOST_OPTIONS + 4]; /* for getopt */
    size_t name_count;
    struct given {
        const char *name;
        char *value;
    } * given;
    size_t given_count;
};

/* ---- what there is ------------------------------------------------------------------------------------ */

static void make_names(struct parse *parse)
{
    size_t used = 2;

    memcpy(parse->letters, "-:", 3);
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_table[i];
        bool twice = false;
        for (size_t k = 0; k < parse->name_count; k++)
            twice = twice || strcmp(parse->names[k], row->name) == 0;
        if (twice || parse->name_count == MOST_OPTIONS)
            continue;
        parse->longs[parse->name_count] =
            (struct option){row->name, row->value ? required_argument : no_argument, NULL,
                            FIRST_LONG + (int)parse->name_count};
        parse->names[parse->name_count++] = row->name;
        if (row->letter)
            parse->letters[used++] = row->letter;
        if (row->letter && row->value)
            parse->letters[used++] = ':';
    }
    parse->letters[used] = '\0';
}

static const struct command *find_command(const struct parse *parse, const char *name)
{
    return command_find(parse->commands, parse->command_count, name);
}

/* The name of a letter's option. */
static const char *name_of(int letter)
{
    for (size_t i = 0; i < option_count; i++)
        if (option_table[i].letter == letter)
            return option_table[i].name;
    return "";
}

static const char *value_of(const char *name)
{
    for (size_t i = 0; i < option_count; i++)
        if (strcmp(option_table[i].name, name) == 0)
            return option_table[i].value;
    return "";
}

/* ---- errors ------------------------------------------------------------------------------------------- */

/* "--epochs" where train.epochs=VALUE is meant. Returns true after setting error. */
static bool is_key(const char *word, struct error *error)
{
    char name[OPTION_KEY], key[2 * OPTION_KEY];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    if (!nnrun_find_key(name, key, sizeof key))
        return false;
    error_set(error, ERROR_ARGUMENT, "use %s=VALUE in place of --%s; keys of the config have no dashes", key,
              name);
    return true;
}

static int bad_option(const struct parse *parse, const struct command *command, int argc, char **argv, int c,
                      struct error *error)
{
    const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "", *near;
    const bool packs = (command->takes & TAKES_PACK) != 0;
    char name[64];

    if (c == ':')
        return error_set(
            error, ERROR_ARGUMENT, "option %s requires a value: %s %s", word, word,
            value_of(optopt >= FIRST_LONG ? parse->names[optopt - FIRST_LONG] : name_of(optopt)));
    if (optopt > 0 && optopt < FIRST_LONG && (word[0] != '-' || word[1] != '-'))
        return error_set(error, ERROR_ARGUMENT, "unknown option -%c; \"nnrun --help\" lists them", optopt);
    if (optopt >= FIRST_LONG)
        return error_set(error, ERROR_ARGUMENT, "option %.*s takes no value", (int)strcspn(word, "="), word);
    word += strspn(word, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    near = packs ? wrong_word_pack_option(name) : NULL;
    if (near)
        return error_set(error, ERROR_ARGUMENT, "unknown option --%s; \"nnrun %s\" calls it \"--%s\"", name,
                         command->name, near);
    if (!packs && is_key(word, error))
        return -1;
    if (find_command(parse, name))
        return error_set(error, ERROR_ARGUMENT, "unknown option --%s; a command has no dashes: nnrun %s",
                         name, name);
    near = nearest_word(name, parse->names, parse->name_count);
    if (near && strcmp(near, name) != 0)
        return error_set(error, ERROR_ARGUMENT, "unknown option --%s; did you mean \"--%s\"?", name, near);
    return error_set(error, ERROR_ARGUMENT, "unknown option --%s; \"nnrun %s--help\" lists them", name,
                     packs ? "pack " : "");
}

/* "only train and show take it": the commands with one of the bits. */
static int refuse(const struct parse *parse, unsigned takes, const char *what, struct error *error)
{
    const char *taker[32] = {NULL};
    char list[LIST] = "";
    size_t count = 0, used = 0;

    for (size_t i = 0; i < parse->command_count && count < 32; i++)
        if (parse->commands[i].takes & takes)
            taker[count++] = parse->commands[i].name;
    for (size_t i = 0; i < count && used < LIST; i++)
        used += (size_t)snprintf(list + used, LIST - used, "%s%s",
                                 i == 0          ? ""
                                 : i + 1 < count ? ", "
                                                 : " and ",
                                 taker[i]);
    return error_set(error, ERROR_ARGUMENT,
                     count == 1 ? "%s: only \"nnrun %s\" takes it" : "%s: only %s take it", what, list);
}

/* A first word that is no command and no file. */
static int check_word(const struct parse *parse, const struct options *options, struct error *error)
{
    const char *word = options->subject;
    char config[CONFIG_FILE_TEXT];
    int meant;

    if (options->named || !word || strpbrk(word, "/.=") || access(word, F_OK) == 0)
        return 0;
    if (wrong_word_is_near(parse->commands, parse->command_count, word, error))
        return -1;
    meant = config_file_meant(word, config, error);
    if (meant < 0)
        return -1;
    if (meant)
        return error_set(error, ERROR_CONFIG, "no command \"%s\"; did you mean %s?", word, config);
    return error_set(error, options->subject_count > 1 ? ERROR_ARGUMENT : ERROR_CONFIG,
                     "%s: neither a command nor a config; \"nnrun --help\" lists the commands", word);
}

/* ---- taking ------------------------------------------------------------------------------------------- */

/* A word that is no option. */
static void take_word(const struct parse *parse, struct options *options, const char *word)
{
    const struct command *command =
        options->named || options->subject_count > 0 ? NULL : find_command(parse, word);

    if (command) {
        options->command = command;
        options->named = true;
    } else if (strchr(word, '=') && options->subject_count > 0 &&
               (options->command->overrides || options->command->most_subjects < 2)) {
        options->overrides[options->override_count++] = word;
    } else {
        options->subjects[options->subject_count++] = word;
    }
}

/* The row by which the command takes the option, NULL if it does not; *letter and *others are of all rows of
 * that name that it does not take. */
static const struct option_row *row_of(const struct options *options, const char *name, char *letter,
                                       unsigned *others)
{
    const struct option_row *row = NULL;

    *letter = 0;
    *others = 0;
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *other = &option_table[i];
        if (strcmp(other->name, name) != 0)
            continue;
        if (other->takes == 0 || (other->takes & options->command->takes)) {
            row = other;
        } else {
            *letter = other->letter;
            *others |= other->takes;
        }
    }
    return row;
}

static bool is_path(const char *value)
{
    return strcmp(value, "DIR") == 0 || strcmp(value, "FILE") == 0;
}

static int take_option(const struct parse *parse, struct options *options, const struct given *given,
                       struct error *error)
{
    char letter, what[80];
    unsigned others;
    const struct option_row *row = row_of(options, given->name, &letter, &others);
    char *at = (char *)options + (row ? row->at : 0);

    if (!row) {
        snprintf(what, sizeof what, letter ? "-%.1s" : "--%s", letter ? &letter : given->name);
        return refuse(parse, others, what, error);
    }
    if ((others & TAKES_THREAD_LIST) && strchr(given->value, ','))
        return refuse(parse, TAKES_THREAD_LIST, "a list of --threads", error);
    if (row->value && is_path(row->value) && !*given->value)
        return error_set(error, ERROR_ARGUMENT, "option --%s requires a value: --%s %s", given->name,
                         given->name, row->value);
    if (row->take)
        return row->take(options, given->value, error);
    if (row->value)
        memcpy(at, &given->value, sizeof given->value);
    else
        memcpy(at, &(bool){true}, sizeof(bool));
    return 0;
}

/* What getopt finds, in order. */
static int collect(struct parse *parse, struct options *options, int argc, char **argv, struct error *error)
{
    struct given *now;
    int c;

    opterr = 0;
    while ((c = getopt_long(argc, argv, parse->letters, parse->longs, NULL)) != -1) {
        if (c == '?' || c == ':')
            return bad_option(parse, options->command, argc, argv, c, error);
        if (c == 1) {
            take_word(parse, options, optarg);
            continue;
        }
        now = &parse->given[parse->given_count++];
        *now = (struct given){c >= FIRST_LONG ? parse->names[c - FIRST_LONG] : name_of(c), optarg};
        options->json = options->json || strcmp(now->name, "json") == 0; /* of errors, too */
        options->help = options->help || strcmp(now->name, "help") == 0;
        options->version = options->version || strcmp(now->name, "version") == 0;
    }
    for (; optind < argc; optind++) /* behind "--" */
        take_word(parse, options, argv[optind]);
    return 0;
}

/* "nnrun help COMMAND" is "nnrun COMMAND --help". */
static int find_help(const struct parse *parse, struct options *options, struct error *error)
{
    const struct command *command = options->subject ? find_command(parse, options->subject) : NULL;

    if (options->subject && !command)
        return wrong_word_command(parse->commands, parse->command_count, options->subject, error);
    if (options->subject_count > 1)
        return error_set(error, ERROR_ARGUMENT, "unexpected argument \"%s\"", options->subjects[1]);
    options->help = true;
    options->named = command != NULL;
    options->command = command ? command : options->command;
    return 0;
}

static int check_words(const struct parse *parse, const struct options *options, struct error *error)
{
    const struct command *command = options->command;
    const size_t most = command->most_subjects ? command->most_subjects : 1;
    char config[SHELL_WORD], override[SHELL_WORD];

    if (check_word(parse, options, error) != 0)
        return -1;
    if (options->subject_count > most && strchr(options->subject, '='))
        return error_set(error, ERROR_ARGUMENT,
                         "unexpected argument \"%s\": overrides come after it: nnrun %s %s",
                         options->subjects[1], shell_word(options->subjects[1], config),
                         shell_word(options->subject, override));
    if (options->subject_count > most && !options->named && find_command(parse, options->subjects[most]))
        return error_set(
            error, ERROR_ARGUMENT, "unexpected argument \"%s\": a command comes first: nnrun %s %s",
            options->subjects[most], options->subjects[most], shell_word(options->subject, config));
    if (options->subject_count > most)
        return error_set(error, ERROR_ARGUMENT, "unexpected argument \"%s\"%s", options->subjects[most],
                         command->overrides ? ": expected KEY=VALUE in one word, as train.epochs=3" : "");
    if (options->override_count > 0 && !command->overrides)
        return error_set(error, ERROR_ARGUMENT, "unexpected argument \"%s\": \"nnrun %s\" takes no KEY=VALUE",
                         options->overrides[0], command->name);
    return 0;
}

static int parse_all(struct parse *parse, struct options *options, int argc, char **argv, struct error *error)
{
    if (collect(parse, options, argc, argv, error) != 0)
        return -1;
    options->subject = options->subjects[0];
    if (options->help || options->version)
        return 0;
    if (!options->command->helps && check_words(parse, options, error) != 0)
        return -1;
    for (size_t i = 0; i < parse->given_count; i++)
        if (take_option(parse, options, &parse->given[i], error) != 0)
            return -1;
    if (options->command->helps)
        return find_help(parse, options, error);
    for (size_t i = 0; i < 2; i++)
        if (options->made[i])
            options->overrides[options->override_count++] = options->made[i];
    return 0;
}

int options_parse(struct options *options, int argc, char **argv, const struct command *commands,
                  size_t command_count, struct error *error)
{
    const size_t most = (size_t)argc + 2;
    struct parse parse = {.commands = commands, .command_count = command_count};
    int result = -1;

    memset(options, 0, sizeof *options);
    options->command = commands;
    options->subjects = memory_array(most, sizeof *options->subjects);
    options->overrides = memory_array(most, sizeof *options->overrides);
    options->plugin_folders = memory_array(most, sizeof *options->plugin_folders);
    parse.given = memory_array(most, sizeof *parse.given);
    make_names(&parse);
    if (options->subjects && options->overrides && options->plugin_folders && parse.given)
        result = parse_all(&parse, options, argc, argv, error);
    else
        error_memory(error);
    free(parse.given);
    return result;
}

void options_finish(struct options *options)
{
    free(options->subjects);
    free(options->overrides);
    free(options->plugin_folders);
    for (size_t i = 0; i < options->folder_count; i++)
        free(options->folders[i]);
    free(options->folders);
    for (size_t i = 0; i < 2; i++)
        free(options->made[i]);
    memset(options, 0, sizeof *options);
}

nnrun_options options_open(const struct options *options, enum nnrun_source expect)
{
    nnrun_options open = NNRUN_OPTIONS_INIT;

    open.overrides = options->overrides;
    open.override_count = options->override_count;
    open.plugin_folders = (const char *const *)options->folders;
    open.plugin_folder_count = options->folder_count;
    open.level = options->level;
    open.expect = (int32_t)expect;
    open.watch = options->watch;
    return open;
}

int options_check_header(const struct options *options, struct error *error)
{
    return options->header && options->no_header
               ? error_set(error, ERROR_ARGUMENT, "--header and --no-header exclude each other")
               : 0;
}

int options_need_subject(const struct options *options, const char *what, struct error *error)
{
    if (options->subject_count == 1)
        return 0;
    return error_set(error, ERROR_ARGUMENT, "expected %s; \"nnrun %s --help\" shows how", what,
                     options->command->name);
}
