/* run_log.c: see run_log.h. */
#include "run/run_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/file_io.h"
#include "base/json_parse.h"
#include "run/log_csv.h"
#include "run/run_files.h"

enum { LOG_MOST = 1 << 28 };

/* NULL after setting error, also of a symbolic link: whoever left it in the folder does not choose what is read
 * or appended to. */
static char *log_path(const char *folder, const char *name, struct error *error)
{
    char *path = run_file_path(folder, name);
    struct stat status;

    if (!path) {
        error_memory(error);
    } else if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                     "is a symbolic link, which is not followed");
        free(path);
        path = NULL;
    }
    return path;
}

/* Appends, behind `head` if the file is empty yet. */
static int append_text(const struct run_folder *run, const char *name, const char *head, const char *text,
                       struct error *error)
{
    char *path = log_path(run_folder_path(run), name, error), *whole = NULL;
    struct stat status;
    int fd = -1, result = -1;

    if (!path)
        return -1;
    /* O_NONBLOCK: a pipe of that name must not hang us before we see what it is. */
    fd = file_open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "%s", strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path}, "is not a regular file");
    } else if (!(whole = memory_format("%s%s", status.st_size == 0 ? head : "", text))) {
        error_memory(error);
    } else {
        result = file_write(fd, whole, strlen(whole));
        if (result != 0)
            error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "cannot write: %s",
                         strerror(errno));
    }
    if (fd >= 0 && close(fd) != 0 && errno != EINTR && result == 0)
        result = error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = path}, "cannot write: %s",
                              strerror(errno));
    free(whole);
    free(path);
    return result;
}

int run_log_append(struct run_folder *run, const char *line, struct error *error)
{
    char row[LOG_CSV_ROW], *text = NULL;
    int result = -1;

    if (run_folder_check(run, error) != 0)
        return -1;
    text = memory_format("%s\n", line);
    if (!text || log_csv_row(line, strlen(line), row) != 0)
        error_memory(error);
    else if (append_text(run, RUN_LOG, "", text, error) == 0)
        result = append_text(run, RUN_TABLE, log_csv_header, row, error);
    free(text);
    return result;
}

/* All of it, for the caller to free; empty if there is none. NULL after setting error. */
static char *read_log(const char *folder, size_t *size, struct error *error)
{
    char *name = log_path(folder, RUN_LOG, error), *text = NULL;

    *size = 0;
    if (!name)
        return NULL;
    if (access(name, F_OK) != 0 && errno == ENOENT) {
        text = memory_string("");
        if (!text)
            error_memory(error);
    } else {
        text = file_load(name, LOG_MOST, size, error);
    }
    free(name);
    return text;
}

int run_log_each(const char *folder,
                 int (*use)(void *arg, const json_t *event, size_t number, struct error *error), void *arg,
                 struct error *error)
{
    size_t size, number = 0;
    char *text = read_log(folder, &size, error);
    int result = text ? 0 : -1;

    for (char *line = text, *end;
         result == 0 && (end = memchr(line, '\n', size - (size_t)(line - text))) != NULL; line = end + 1) {
        json_error_t reason;
        bool memory;
        json_t *event = json_parse_bounded(line, (size_t)(end - line), &memory, &reason);

        result = memory ? error_memory(error) : use(arg, event, ++number, error);
        json_decref(event);
    }
    free(text);
    return result;
}

/* 1 or 0; -1: out of memory. */
static int line_is_done(const char *line, size_t length)
{
    json_error_t reason;
    bool memory;
    json_t *object = json_parse_bounded(line, length, &memory, &reason);
    const char *event = json_string_value(json_object_get(object, "event"));
    const int result =
        event && strcmp(event, "done") == 0 && json_is_false(json_object_get(object, "interrupted"));

    json_decref(object);
    return memory ? -1 : result;
}

int run_log_is_done(const struct run_folder *run, struct error *error)
{
    size_t size, last;
    char *text = read_log(run_folder_path(run), &size, error);
    int result = 1;

    if (!text)
        return -1;
    if (size > 0) {
        last = size - 1;
        while (last > 0 && text[last - 1] != '\n')
            last--;
        result = text[size - 1] == '\n' ? line_is_done(text + last, size - 1 - last) : 0;
        if (result < 0)
            error_memory(error);
    }
    free(text);
    return result;
}

/* 1: the line stays; 0: it is cut; -1: out of memory. A line that is no JSON object was torn by a crash. */
static int line_stays(const char *line, size_t length, uint64_t step)
{
    json_error_t reason;
    bool memory;
    json_t *object = json_parse_bounded(line, length, &memory, &reason);
    const json_t *member = json_object_get(object, "step");
    int result;

    if (memory)
        return -1;
    result = json_is_object(object) && (!json_is_integer(member) || json_integer_value(member) < 0 ||
                                        (uint64_t)json_integer_value(member) <= step);
    json_decref(object);
    return result;
}

/* Moves the lines that stay to the front of the text; returns their size, or SIZE_MAX: out of memory. */
static size_t cut_lines(char *text, size_t size, uint64_t step)
{
    size_t kept = 0;

    for (char *line = text, *end; (end = memchr(line, '\n', size - (size_t)(line - text))) != NULL;
         line = end + 1) {
        const int stay = line_stays(line, (size_t)(end - line), step);
        const size_t length = (size_t)(end + 1 - line);

        if (stay < 0)
            return SIZE_MAX;
        if (stay) {
            memmove(text + kept, line, length);
            kept += length;
        }
    }
    return kept;
}

/* Of a hard link, too, what is appended would get into a file of another folder: it is written anew. */
static bool has_other_names(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && status.st_nlink > 1;
}

/* Gives the file the text, unless it has it. */
static int rewrite_if_changed(const struct run_folder *run, const char *name, const char *text, size_t size,
                              struct error *error)
{
    char *path = log_path(run_folder_path(run), name, error), *old = NULL;
    size_t old_size = 0;
    int result = -1;

    if (path && access(path, F_OK) != 0 && errno == ENOENT)
        result = file_replace(path, text, size, error);
    else if (path && (old = file_load(path, LOG_MOST, &old_size, error)) != NULL)
        result = old_size == size && memcmp(old, text, size) == 0 && !has_other_names(path)
                     ? 0
                     : file_replace(path, text, size, error);
    free(old);
    free(path);
    return result;
}

int run_log_cut(struct run_folder *run, uint64_t step, struct error *error)
{
    char *path = log_path(run_folder_path(run), RUN_LOG, error), *text = NULL, *table = NULL;
    size_t size, kept, table_size;
    int result = -1;

    if (path && access(path, F_OK) != 0 && errno == ENOENT) {
        result = 0; /* killed before its first event */
    } else if (path && (text = file_load(path, LOG_MOST, &size, error)) != NULL) {
        kept = cut_lines(text, size, step);
        if (kept == SIZE_MAX || !(table = log_csv_table(text, kept, &table_size)))
            error_memory(error);
        else if ((kept == size && !has_other_names(path)) || file_replace(path, text, kept, error) == 0)
            result = rewrite_if_changed(run, RUN_TABLE, table, table_size, error);
    }
    free(table);
    free(text);
    free(path);
    return result;
}
