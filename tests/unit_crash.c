/* unit_crash.c: saving when calls fail and when the process is killed, at each instant of it. The program
 * runs itself with fault.c preloaded: `unit_crash save FOLDER` is what gets struck. */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/run_checkpoints.h"
#include "run/run_folder.h"
#include "run/run_info.h"
#include "run/run_log.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* What the struck process does ends in one of these. */
enum { DONE = 0, REFUSED = 1, WRONG = 2, KILLED = 100, CRASHED = 200 };

/* gcov's counters crash where no memory is left to them: that is no matter of this test. */
#ifdef COVERAGE_H
enum { COUNTED = 1 };
#else
enum { COUNTED = 0 };
#endif

enum { MOST_CALLS = 2000 };

static const float one[] = {1.0f, 1.0f, 1.0f}, two[] = {2.0f, 2.0f, 2.0f};
static const struct tensor first[] = {{"a", TENSOR_F32, 1, {3}, one, sizeof one},
                                      {"b", TENSOR_F32, 1, {3}, one, sizeof one}};
static const struct tensor second[] = {{"a", TENSOR_F32, 1, {3}, two, sizeof two},
                                       {"b", TENSOR_F32, 1, {3}, two, sizeof two}};

/* Long enough that the parser's buffer grows while it holds this. */
#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
static const struct metadata words = {"config", HUNDRED HUNDRED HUNDRED HUNDRED};

#define EPOCH1 "{\"event\":\"epoch\",\"step\":1}"
#define EPOCH2 "{\"event\":\"epoch\",\"step\":2}"
#define HEAD   "epoch,step,loss,train_accuracy,validation_loss,validation_accuracy,rate,samples_per_s,seconds\n"
#define ROW1   ",1,,,,,,,\n"
#define ROW2   ",2,,,,,,,\n"

/* ---- the struck process ---- */

static int ended(int result, struct error *error)
{
    if (result == 0)
        return DONE;
    return error_is_failure(error) && error_count(error) == 1 && error_text(error)[0] ? REFUSED : WRONG;
}

static int save_second(struct run_folder *run, struct error *error)
{
    if (run_checkpoints_save_best(run, second, 2, &words, 1, error) != 0 ||
        run_checkpoints_save(run, 2, second, 2, &words, 1, error) != 0 ||
        run_checkpoints_prune(run, 1, error) != 0 || run_log_append(run, EPOCH2, error) != 0)
        return -1;
    return 0;
}

static int make(const char *path)
{
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run = run_folder_create(path, true, &error);
    const int result = run ? run_info_write_text(run, "{}\n", &error) : -1;

    run_folder_close(run);
    return ended(result, &error);
}

static int save(const char *path)
{
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run = run_folder_open(path, &error);
    const int result = run ? save_second(run, &error) : -1;

    run_folder_close(run);
    return ended(result, &error);
}

static int resume(const char *path)
{
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run = run_folder_open(path, &error);
    char *warnings = NULL;
    struct safetensors *file = NULL;
    uint64_t step;
    int result = -1;

    if (run)
        file = run_checkpoints_newest(run, &step, &warnings, &error);
    if (file && run_checkpoints_drop_after(run, step, &error) == 0)
        result = run_log_cut(run, 1, &error);
    /* With memory or reads failing the newest file must not be taken for torn, nor change, nor go. */
    if (file && (step != 2 || strcmp(safetensors_value(file, words.key), words.value) != 0))
        return WRONG;
    safetensors_free(file);
    free(warnings);
    run_folder_close(run);
    return ended(result, &error);
}

/* ---- the watching one ---- */

static char library[4096];

static bool find_library(void)
{
    const char *build = getenv("NNRUN_BUILD");

    snprintf(library, sizeof library, "%s/tests/.libs/fault.so", build ? build : ".");
    if (!SANITIZED && access(library, R_OK) == 0)
        return true;
    printf("skipped: %s ",
           SANITIZED ? "a sanitizer allows no preloading" : "no tests/.libs/fault.so in NNRUN_BUILD");
    return false;
}

struct fault {
    const char *call, *path, *variable; /* the last is set to `value` */
    const char *value;
};

/* Runs `what` on the folder with the n-th call struck; *struck: it came to that. */
static int run_struck(const char *what, const char *path, const struct fault *fault, unsigned n, bool *struck)
{
    const char *mark = unit_path("mark");
    int status = 0;
    pid_t child;

    unlink(mark);
    child = fork();
    if (child == 0) {
        char at[16];

        snprintf(at, sizeof at, "%u", n);
        setenv("LD_PRELOAD", library, 1);
        setenv("FAULT_CALL", fault->call, 1);
        setenv("FAULT_AT", at, 1);
        setenv("FAULT_MARK", mark, 1);
        if (fault->path)
            setenv("FAULT_PATH", fault->path, 1);
        if (fault->variable)
            setenv(fault->variable, fault->value, 1);
        execl("/proc/self/exe", "unit_crash", what, path, (char *)NULL);
        _exit(99);
    }
    CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
    *struck = access(mark, F_OK) == 0;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGKILL ? KILLED : CRASHED;
    return WEXITSTATUS(status);
}

/* A fresh folder that holds step 1, a best of step 1 and a line of log. */
static const char *fresh(void)
{
    static const char *const names[] = {"step-000000001.safetensors", "step-000000002.safetensors",
                                        "best.safetensors", "log.jsonl", "log.csv"};
    const char *path = unit_path("run");
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run;
    char name[600];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(name, sizeof name, "%s/%s", path, names[i]);
        unlink(name);
    }
    run = run_folder_create(path, true, &error);
    if (!run || run_checkpoints_save_best(run, first, 2, &words, 1, &error) != 0 ||
        run_checkpoints_save(run, 1, first, 2, &words, 1, &error) != 0 ||
        run_log_append(run, EPOCH1, &error) != 0) {
        printf("%s\n", error_text(&error));
        exit(99);
    }
    run_folder_close(run);
    return path;
}

static bool holds(const struct safetensors *file, const float *values)
{
    const struct tensor *a = safetensors_tensor(file, "a"), *b = safetensors_tensor(file, "b");

    return a && b && memcmp(a->data, values, sizeof one) == 0 && memcmp(b->data, values, sizeof one) == 0;
}

static unsigned temporaries(const char *path)
{
    unsigned count = 0;
    DIR *folder = opendir(path);

    CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += strstr(entry->d_name, ".tmp-") != NULL;
    closedir(folder);
    return count;
}

static bool same_text(const char *folder, const char *name, const char *expected)
{
    char path[600], text[256];
    FILE *file;
    size_t size;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[size] = '\0';
    return file && fclose(file) == 0 && strcmp(text, expected) == 0;
}

/* After the cut of a resume at step 1 both logs hold that epoch; at step 2 the next one too, if it came to
 * that, in both or in neither. */
static void look_at_logs(struct run_folder *run, uint64_t step)
{
    const char *path = run_folder_path(run);
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(run_log_cut(run, step, &error), 0);
    if (step == 2 && same_text(path, "log.jsonl", EPOCH1 "\n" EPOCH2 "\n"))
        CU_ASSERT(same_text(path, "log.csv", HEAD ROW1 ROW2))
    else {
        CU_ASSERT(same_text(path, "log.jsonl", EPOCH1 "\n"));
        CU_ASSERT(same_text(path, "log.csv", HEAD ROW1));
    }
}

/* Best is whole; the newest step file is the old or the new one, and whole. Opening clears what a kill left.
 */
static uint64_t look(const char *path)
{
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run = run_folder_open(path, &error);
    struct safetensors *file, *best;
    char *warnings, name[600];
    uint64_t step = 0;

    CU_ASSERT_PTR_NOT_NULL_FATAL(run);
    CU_ASSERT_EQUAL(temporaries(path), 0);
    file = run_checkpoints_newest(run, &step, &warnings, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_STRING_EQUAL(warnings, "");
    CU_ASSERT(step == 1 || step == 2);
    CU_ASSERT(holds(file, step == 1 ? one : two));
    snprintf(name, sizeof name, "%s/best.safetensors", path);
    best = safetensors_read(name, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(best);
    CU_ASSERT(holds(best, two) || (step == 1 && holds(best, one)));
    safetensors_free(best);
    safetensors_free(file);
    free(warnings);
    look_at_logs(run, step);
    run_folder_close(run);
    return step;
}

#define FILE_CALLS "write,fsync,close,open,rename,unlink,mkdir"
#define MEMORY     "malloc,calloc,realloc,aligned_alloc,posix_memalign"

static void killed_saving(void)
{
    static const struct fault fault = {.call = FILE_CALLS, .variable = "FAULT_KILL", .value = "1"};
    unsigned old = 0, new = 0, n = 1;
    bool struck = true;

    if (!find_library())
        return;
    for (; struck && n < MOST_CALLS; n++) {
        const char *path = fresh();

        CU_ASSERT_EQUAL(run_struck("save", path, &fault, n, &struck), struck ? KILLED : DONE);
        if (look(path) == 1)
            old++;
        else
            new ++;
    }
    CU_ASSERT(old > 10);
    CU_ASSERT(new > 3);
}

static void killed_resuming(void)
{
    static const struct fault fault = {.call = FILE_CALLS, .variable = "FAULT_KILL", .value = "1"};
    bool struck = true;
    unsigned n = 1;

    if (!find_library())
        return;
    for (; struck && n < MOST_CALLS; n++) {
        const char *path = fresh();

        CU_ASSERT_EQUAL_FATAL(save(path), DONE);
        CU_ASSERT_EQUAL(run_struck("resume", path, &fault, n, &struck), struck ? KILLED : DONE);
        CU_ASSERT_EQUAL(look(path), 2);
    }
    CU_ASSERT(n > 15);
}

static void killed_making(void)
{
    static const struct fault fault = {.call = FILE_CALLS, .variable = "FAULT_KILL", .value = "1"};
    bool struck = true;
    unsigned n = 1;

    if (!find_library())
        return;
    for (; struck && n < MOST_CALLS; n++) {
        char path[600], name[32];
        struct error error UNIT_CLEARED = {0};
        struct run_folder *run;

        snprintf(name, sizeof name, "made/%u/run", n);
        snprintf(path, sizeof path, "%s", unit_path(name));
        CU_ASSERT_EQUAL(run_struck("make", path, &fault, n, &struck), struck ? KILLED : DONE);
        run = run_folder_create(path, true, &error);
        CU_ASSERT_PTR_NOT_NULL(run);
        CU_ASSERT_EQUAL(temporaries(path), 0);
        run_folder_close(run);
    }
    CU_ASSERT(n > 8);
}

/* Step 2, and the one before it kept, to be taken wrongly. */
static void save_both(const char *path)
{
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run;

    CU_ASSERT_EQUAL_FATAL(save(path), DONE);
    run = run_folder_open(path, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(run);
    CU_ASSERT_EQUAL_FATAL(run_checkpoints_save(run, 1, first, 2, &words, 1, &error), 0);
    run_folder_close(run);
}

/* Every call of a kind fails in turn: said so, old or new whole, nothing left lying about. */
static void each_fails(const char *what, const char *call, const char *path, const char *reason,
                       unsigned least)
{
    const struct fault fault = {.call = call, .path = path, .variable = "FAULT_ERRNO", .value = reason};
    bool struck = true;
    unsigned refused = 0;

    for (unsigned n = 1; struck && n < MOST_CALLS; n++) {
        const char *folder = fresh();
        int end;

        if (strcmp(what, "resume") == 0)
            save_both(folder);
        end = run_struck(what, folder, &fault, n, &struck);
        refused += end == REFUSED;
        if (COUNTED && end == CRASHED)
            continue;
        CU_ASSERT(end == REFUSED || end == DONE);
        CU_ASSERT(struck || end == DONE);
        CU_ASSERT_EQUAL(temporaries(folder), 0);
        CU_ASSERT(look(folder) == 2 || strcmp(what, "resume") != 0);
    }
    if (refused < least)
        printf("\n  %s: %u of %s refused ", what, refused, call);
    CU_ASSERT(refused >= least);
}

static void failing_calls(void)
{
    if (!find_library())
        return;
    each_fails("save", "write", "/run/", "ENOSPC", 8);
    each_fails("save", "fsync", "/run", "EIO", 4);
    each_fails("save", "close", ".tmp-", "EIO", 2);
    each_fails("save", "open", "/run/", "EACCES", 5);
    each_fails("save", "rename", NULL, "EACCES", 2);
    each_fails("save", "unlink", "step-000000001", "EPERM", 1);
}

static void failing_folder(void)
{
    static const struct fault fault = {
        .call = "mkdir,open,fsync,write", .path = "refused", .variable = "FAULT_ERRNO", .value = "ENOSPC"};
    bool struck = true;
    unsigned n = 1;

    if (!find_library())
        return;
    for (; struck && n < MOST_CALLS; n++) {
        char name[32];

        snprintf(name, sizeof name, "refused%u/run", n);
        CU_ASSERT_EQUAL(run_struck("make", unit_path(name), &fault, n, &struck), struck ? REFUSED : DONE);
    }
    CU_ASSERT(n > 8);
}

static void failing_memory(void)
{
    if (!find_library())
        return;
    each_fails("save", MEMORY, NULL, "ENOMEM", 20);
    each_fails("resume", MEMORY, NULL, "ENOMEM", 20);
}

/* Not read is not torn. */
static void failing_reads(void)
{
    static const char *const reasons[] = {"EMFILE", "EIO", "EACCES", "ENOMEM"};

    if (!find_library())
        return;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        each_fails("resume", "open_read", "/run", reasons[i], 3);
        each_fails("resume", "open_read", "/run/step-", reasons[i], 1);
        each_fails("resume", "read", "/run/step-", reasons[i], 4);
    }
}

static void disk_full_for_good(void)
{
    struct fault fault = {.call = "write", .path = "/run/", .variable = "FAULT_ALWAYS", .value = "1"};
    const char *folder;
    bool struck;

    if (!find_library())
        return;
    folder = fresh();
    CU_ASSERT_EQUAL(run_struck("save", folder, &fault, 2, &struck), REFUSED);
    CU_ASSERT(struck);
    CU_ASSERT_EQUAL(temporaries(folder), 0);
    CU_ASSERT_EQUAL(look(folder), 1);
}

static void goes_on(void)
{
    static const struct fault faults[] = {
        {.call = "write,read", .path = "/run/", .variable = "FAULT_SHORT", .value = "1"},
        {.call = "write,read,fsync,open,close", .path = "/run", .variable = "FAULT_ERRNO", .value = "EINTR"},
    };

    if (!find_library())
        return;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        bool struck = true;
        unsigned n = 1;

        for (; struck && n < MOST_CALLS; n++) {
            const char *folder = fresh();

            CU_ASSERT_EQUAL(run_struck("save", folder, &faults[i], n, &struck), DONE);
            CU_ASSERT_EQUAL(look(folder), 2);
        }
        CU_ASSERT(n > 5);
        for (n = 1, struck = true; struck && n < MOST_CALLS; n++) {
            const char *folder = fresh();

            CU_ASSERT_EQUAL(save(folder), DONE);
            CU_ASSERT_EQUAL(run_struck("resume", folder, &faults[i], n, &struck), DONE);
        }
        CU_ASSERT(n > 5);
    }
}

static const struct unit_test tests[] = {
    {"killed at any call of a save, the newest step file and best are whole", killed_saving},
    {"killed at any call of cutting the logs back, both can be made to agree", killed_resuming},
    {"killed at any call of making a folder, the folder can be taken again", killed_making},
    {"each failing call of a save is reported and leaves whole files only", failing_calls},
    {"each failing call of making a folder is reported", failing_folder},
    {"each failing allocation is reported, and a whole file never passed over", failing_memory},
    {"a step file that cannot be opened or read is kept, and said", failing_reads},
    {"a disk that stays full leaves the old checkpoint", disk_full_for_good},
    {"short and interrupted calls are gone on with", goes_on},
};

int main(int argc, char **argv)
{
    if (argc == 3)
        return strcmp(argv[1], "save") == 0   ? save(argv[2])
               : strcmp(argv[1], "make") == 0 ? make(argv[2])
                                              : resume(argv[2]);
    return unit_run("crash", tests, sizeof tests / sizeof tests[0]);
}
