/* subject.c: see subject.h. */
#include "cli/subject.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/shell.h"
#include "base/folder_io.h"
#include "setting/name_word.h"
#include "cli/command_table.h"
#include "cli/config_file.h"
#include "cli/near_file.h"
#include "cli/packed_name.h"

enum kind { OTHER, ABSENT, FOLDER, RUN, CHECKPOINT, CONFIG, PLUGIN, NO_MEMORY };

static bool ends(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);

    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* The checkpoint of a run folder to look at: the best, else the newest. RUN, FOLDER if it has none, or NO_MEMORY. */
static enum kind find_checkpoint(const char *folder, char text[CONFIG_FILE_TEXT])
{
    nnrun_error error = NNRUN_ERROR_INIT;
    char *path = nnrun_run_checkpoint(folder, &error);
    const enum kind kind = path ? RUN : error.code == NNRUN_ERROR_MEMORY ? NO_MEMORY : FOLDER;

    if (path)
        snprintf(text, CONFIG_FILE_TEXT, "%s", path);
    nnrun_free(path);
    nnrun_error_clear(&error);
    return kind;
}

/* What a file that is there is by what is in it, or else by its name. */
static enum kind file_kind_of(const char *path)
{
    switch (nnrun_file_source(path)) {
    case NNRUN_CHECKPOINT:
        return CHECKPOINT;
    case NNRUN_CONFIG:
        return CONFIG;
    default:
        break;
    }
    return ends(path, ".safetensors") ? CHECKPOINT /* torn */
           : ends(path, ".cfg")       ? CONFIG
           : ends(path, ".so")        ? PLUGIN
                                      : OTHER;
}

static enum kind kind_of(const char *path)
{
    char text[CONFIG_FILE_TEXT];
    struct stat status;

    if (stat(path, &status) != 0)
        return errno == ENOENT ? ABSENT : OTHER;
    if (S_ISDIR(status.st_mode))
        return find_checkpoint(path, text);
    return file_kind_of(path);
}

/* The command with `path` in place of its first argument, and the other arguments as they are. */
static char *same_command(const struct options *options, const char *path)
{
    char word[SHELL_WORD];
    char *line = memory_format("nnrun %s %s", options->command->name, shell_word(path, word));

    for (size_t i = 1; line && i < options->subject_count; i++) {
        char *longer = memory_format("%s %s", line, shell_word(options->subjects[i], word));
        free(line);
        line = longer;
    }
    return line;
}

static int is_run(const struct options *options, bool wants_checkpoint, enum error_code code,
                  struct error *error)
{
    char checkpoint[CONFIG_FILE_TEXT], word[SHELL_WORD];
    const char *path = options->subject;
    char *command;

    if (!wants_checkpoint || find_checkpoint(path, checkpoint) != RUN)
        return error_set(error, code, "%s is a run folder; to resume it: nnrun resume %s", path,
                         shell_word(path, word));
    command = same_command(options, checkpoint);
    if (command)
        error_set(error, code, "%s is a run folder; name a checkpoint in it: %s", path, command);
    else
        error_memory(error);
    free(command);
    return -1;
}

static int is_checkpoint(const struct options *options, bool wants_run, enum error_code code,
                         struct error *error)
{
    const char *path = options->subject, *slash = strrchr(path, '/');
    char *folder =
        slash ? memory_string_part(path, (size_t)(slash - path) + (slash == path)) : memory_string(".");
    char word[SHELL_WORD], file[SHELL_WORD], any[CONFIG_FILE_TEXT];
    bool in_run;

    if (!folder)
        return error_memory(error);
    in_run = find_checkpoint(folder, any) == RUN;
    if (!in_run && wants_run)
        error_set(error, code, "%s is a checkpoint, and the folder that it is in is not a run", path);
    else if (!in_run)
        error_set(error, code, "%s is a checkpoint; to test it: nnrun test %s", path, shell_word(path, file));
    else if (wants_run && strcmp(options->command->name, "resume") != 0)
        error_set(error, code, "%s is a checkpoint; name the run that it is in: nnrun %s %s", path,
                  options->command->name, shell_word(folder, word));
    else if (wants_run)
        error_set(error, code, "%s is a checkpoint; to resume its run: nnrun resume %s", path,
                  shell_word(folder, word));
    else
        error_set(error, code,
                  "%s is a checkpoint; to test it: nnrun test %s; to resume its run: nnrun resume %s", path,
                  shell_word(path, file), shell_word(folder, word));
    free(folder);
    return -1;
}

static int is_absent(const char *path, const char *arguments, enum error_code code, struct error *error)
{
    char text[CONFIG_FILE_TEXT];
    int meant;

    if (strstr(arguments, "RUN")) {
        snprintf(text, sizeof text, "runs/%s", path);
        if (kind_of(text) == RUN)
            return error_set(error, code, "%s: there is no such folder; did you mean %s?", path, text);
    }
    if (strstr(arguments, "CONFIG")) {
        meant = config_file_meant(path, text, error);
        if (meant < 0)
            return -1;
        if (meant)
            return error_set(error, code, "%s: there is no such file; did you mean %s?", path, text);
    }
    if (near_file(path, text))
        return error_set(error, code, "%s: there is no such file or folder; did you mean %s?", path, text);
    return 0;
}

static bool is_run_path(const char *path)
{
    return kind_of(path) == RUN;
}

static bool is_config_path(const char *path)
{
    return kind_of(path) == CONFIG;
}

/* Data where a config is expected. */
static int is_data(const char *path, enum error_code code, struct error *error)
{
    char *name = packed_name(path), word[SHELL_WORD], folder[SHELL_WORD], config[SHELL_WORD];
    char *of_folder = name ? memory_format("data/%s", name) : NULL,
         *of_config = name ? memory_format("%s.cfg", name) : NULL;

    if (of_folder && of_config)
        error_set(error, code,
                  "%s is not a config, but may be data; to make a config for them: nnrun pack %s -o %s "
                  "--config %s",
                  path, shell_word(path, word), shell_word(of_folder, folder), shell_word(of_config, config));
    else
        error_memory(error);
    free(name);
    free(of_folder);
    free(of_config);
    return -1;
}

/* A folder that is no run: what in it was probably meant. */
static int is_folder(const struct options *options, enum error_code code, struct error *error)
{
    const char *path = options->subject, *arguments = options->command->arguments;
    const bool checkpoint = strstr(arguments, "CHECKPOINT");
    char text[CONFIG_FILE_TEXT], found[CONFIG_FILE_TEXT], word[SHELL_WORD];

    if ((checkpoint || strstr(arguments, "RUN")) && near_file_inside(path, is_run_path, text)) {
        if (checkpoint && find_checkpoint(text, found) == RUN)
            memcpy(text, found, sizeof text);
        return error_set(error, code, "%s is a folder of runs; name one of them: nnrun %s %s", path,
                         options->command->name, shell_word(text, word));
    }
    if (strstr(arguments, "CONFIG") && near_file_inside(path, is_config_path, text))
        return error_set(error, code, "%s is a folder; name a config in it, such as %s", path, text);
    if (checkpoint)
        return error_set(error, code, "%s is a folder without checkpoints, not a run", path);
    return strstr(arguments, "CONFIG") ? is_data(path, code, error) : 0;
}

/* A config where a run, a checkpoint or a plugin is expected: it may have a run. */
static int is_config(const struct options *options, enum error_code code, struct error *error)
{
    const char *path = options->subject, *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *arguments = options->command->arguments;
    const int length = (int)(strlen(name) - (ends(name, ".cfg") ? strlen(".cfg") : 0));
    char run[CONFIG_FILE_TEXT], checkpoint[CONFIG_FILE_TEXT], word[SHELL_WORD];
    const bool wants_checkpoint = strstr(arguments, "CHECKPOINT");
    char *command = NULL;

    if (strstr(arguments, ".so"))
        return error_set(error, code, "%s is a config; to see its layers: nnrun show %s", path,
                         shell_word(path, word));
    if (strstr(arguments, "SOURCE") && !ends(path, ".cfg"))
        return 0; /* a table may begin as a config does */
    snprintf(run, sizeof run, "runs/%.*s", length, name);
    if (!strstr(arguments, "SOURCE") && find_checkpoint(run, checkpoint) == RUN)
        command = same_command(options, wants_checkpoint ? checkpoint : run);
    else
        return error_set(error, code, "%s is a config; to train it: nnrun %s", path, shell_word(path, word));
    if (command)
        error_set(error, code, "%s is a config; its run is %s: %s", path, run, command);
    else
        error_memory(error);
    free(command);
    return -1;
}

/* The source of a layer in place of the layer. */
static int is_source(const struct options *options, enum error_code code, struct error *error)
{
    const char *path = options->subject;
    char source[SHELL_WORD], object[SHELL_WORD];
    char *name = memory_format("%.*s.so", (int)(strlen(path) - strlen(".c")), path);

    if (name)
        error_set(error, code,
                  "%s is C source; compile it first: "
                  "cc -std=c11 -O2 -fPIC -shared $(pkg-config --cflags nnrun) %s -o %s",
                  path, shell_word(path, source), shell_word(name, object));
    else
        error_memory(error);
    free(name);
    return -1;
}

static bool is_data_name(const char *path)
{
    return ends(path, ".csv") || ends(path, ".tsv") || ends(path, ".npz") || ends(path, ".csv.gz") ||
           ends(path, ".tsv.gz");
}

/* A file that is nothing of what there is. */
static int is_other(const struct options *options, enum error_code code, struct error *error)
{
    const char *path = options->subject, *arguments = options->command->arguments;
    char word[SHELL_WORD], first[SHELL_WORD];

    if (strstr(arguments, ".so") && ends(path, ".c"))
        return is_source(options, code, error);
    if (strstr(arguments, "CONFIG") && is_data_name(path))
        return is_data(path, code, error);
    if (strstr(arguments, "CHECKPOINT FILE") && options->subject_count > 1 &&
        kind_of(options->subjects[1]) == CHECKPOINT)
        return error_set(error, code, "%s is not a checkpoint; the checkpoint comes first: nnrun %s %s %s",
                         path, options->command->name, shell_word(options->subjects[1], first),
                         shell_word(path, word));
    return 0;
}

int subject_check(const struct options *options, struct error *error)
{
    const char *path = options->subject;
    const char *arguments = options->command->arguments;
    const bool run = strstr(arguments, "RUN"), checkpoint = strstr(arguments, "CHECKPOINT");
    const bool config = strstr(arguments, "CONFIG"), plugin = strstr(arguments, ".so");
    const enum error_code code = config || plugin ? ERROR_CONFIG : ERROR_DATA;
    const bool gradcheck = strcmp(options->command->name, "gradcheck") == 0;
    char word[SHELL_WORD];

    if (!path || options->new_type || (plugin && name_word_ok(path) && !folder_exists(path)))
        return 0; /* a type, though a file may have that name */
    switch (kind_of(path)) {
    case RUN:
        return run ? 0 : is_run(options, checkpoint, code, error);
    case CHECKPOINT:
        return checkpoint ? 0 : is_checkpoint(options, run, code, error);
    case CONFIG:
        return config ? 0 : is_config(options, code, error);
    case PLUGIN:
        if (plugin && strchr(path, '/'))
            return 0;
        return error_set(error, code, "%s is a layer plugin; to %s it: nnrun %s %s%s", path,
                         gradcheck ? "check" : "see", gradcheck ? "gradcheck" : "layers",
                         strchr(path, '/') ? "" : "./", shell_word(path, word));
    case FOLDER:
        return is_folder(options, code, error);
    case ABSENT:
        return is_absent(path, arguments, code, error);
    case NO_MEMORY:
        return error_memory(error);
    case OTHER:
        return is_other(options, code, error);
    }
    return 0;
}
