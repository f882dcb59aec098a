/* outcome.c: see outcome.h. */
#include "sweep/outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/folder_io.h"
#include "base/memory.h"
#include "run/run_files.h"
#include "run/run_info.h"
#include "run/run_log.h"

enum { MOST_EPOCHS = 1000000 };

static double real(const json_t *event, const char *key)
{
    const json_t *value = json_object_get(event, key);

    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static json_int_t whole(const json_t *event, const char *key)
{
    return json_integer_value(json_object_get(event, key));
}

static int take_epoch(struct outcome *outcome, const json_t *event, struct error *error)
{
    const double accuracy = real(event, "validation_accuracy");
    double *grown;

    if (outcome->epochs == MOST_EPOCHS)
        return 0;
    grown = memory_resize(outcome->validation, outcome->epochs + 1, sizeof *grown);
    if (!grown)
        return error_memory(error);
    outcome->validation = grown;
    grown[outcome->epochs++] = accuracy;
    if (json_is_true(json_object_get(event, "best")))
        outcome->best = accuracy;
    return 0;
}

/* What is behind the end of a run that was continued is not its end. A line that a crash tore is passed over: resume cuts it
 * away. Returns 0 or -1. */
static int take_event(void *arg, const json_t *event, size_t number, struct error *error)
{
    struct outcome *outcome = arg;
    const char *name = json_string_value(json_object_get(event, "event"));

    (void)number;
    if (!name)
        return 0;
    if (strcmp(name, "done") == 0 && json_is_false(json_object_get(event, "interrupted")))
        outcome->state = OUTCOME_DONE;
    else if (strcmp(name, "warning") != 0)
        outcome->state = OUTCOME_NONE;
    if (strcmp(name, "test") == 0 && whole(event, "count") > 0 && whole(event, "right") >= 0) {
        outcome->count = (uint64_t)whole(event, "count");
        outcome->right = (uint64_t)whole(event, "right");
    }
    return strcmp(name, "epoch") == 0 ? take_epoch(outcome, event, error) : 0;
}

static int is_checkpoint(void *arg, int folder, const char *name, struct error *error)
{
    (void)arg, (void)folder, (void)error;
    return run_is_checkpoint(name);
}

/* Returns 0 or -1. */
static int look_for_page(struct outcome *outcome, const char *folder, struct error *error)
{
    char *path = run_file_path(folder, RUN_REPORT);

    if (!path)
        return error_memory(error);
    outcome->page = access(path, F_OK) == 0;
    free(path);
    return 0;
}

int outcome_read(struct outcome *outcome, const char *folder, struct error *error)
{
    struct output_settings output = {.report = false};
    int found;

    *outcome = (struct outcome){.best = (double)NAN};
    if (!folder_exists(folder))
        return errno == ENOENT ? 0 : file_read_failed(folder, ERROR_DATA, error);
    found = folder_each(folder, is_checkpoint, NULL, error);
    if (found <= 0)
        return found;
    if (run_log_each(folder, take_event, outcome, error) != 0 || look_for_page(outcome, folder, error) != 0)
        return -1;
    if (outcome->state != OUTCOME_DONE) {
        outcome->state = OUTCOME_BEGUN;
        return 0;
    }
    if (run_info_output(folder, &output, error) != 0)
        return -1;
    outcome->owed = output.report && !outcome->page;
    return 0;
}

void outcome_finish(struct outcome *outcome)
{
    free(outcome->validation);
    *outcome = (struct outcome){.best = (double)NAN};
}

double outcome_test(const struct outcome *outcome)
{
    return outcome->count > 0 ? (double)outcome->right / (double)outcome->count : (double)NAN;
}

bool outcome_is_locked(const char *folder)
{
    char *path = run_file_path(folder, RUN_LOCK);
    const int fd = path ? file_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) : -1;
    bool locked = false;

    if (fd >= 0) {
        locked = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        close(fd);
    }
    free(path);
    return locked;
}
