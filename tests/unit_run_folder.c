/* unit_run_folder.c: naming, locking, pruning and finding in a run's folder. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_io.h"
#include "run/run_checkpoints.h"
#include "run/run_folder.h"
#include "run/run_info.h"
#include "run/run_log.h"

static const float numbers[] = {1.0f, 2.0f, 3.0f};
static const struct tensor tensor = {"a", TENSOR_F32, 1, {3}, numbers, sizeof numbers};

/* "FOLDER/run/name" in one of a few rotating buffers. */
static const char *in(const char *run, const char *name)
{
    char both[256];

    snprintf(both, sizeof both, "%s/%s", run, name);
    return unit_path(both);
}

static bool exists(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

static bool same_text(const char *path, const char *expected)
{
    char text[1024];
    FILE *file = fopen(path, "rb");
    const size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;

    text[size] = '\0';
    return file && fclose(file) == 0 && strcmp(text, expected) == 0;
}

static struct run_folder *create(const char *name)
{
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run = run_folder_create(unit_path(name), true, &error);

    if (!run) {
        printf("%s\n", error_text(&error));
        exit(99);
    }
    return run;
}

static void save(struct run_folder *run, uint64_t step)
{
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(run_checkpoints_save(run, step, &tensor, 1, NULL, 0, &error), 0);
}

static bool ends(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static void naming(void)
{
    static const char *const expected[] = {"/lenet", "/lenet-2", "/lenet-3"};
    const char *path = unit_path("parents/made/lenet//");
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run;

    for (int i = 0; i < 3; i++) {
        run = run_folder_create(path, false, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(run);
        CU_ASSERT(ends(run_folder_path(run), expected[i]));
        save(run, 0);
        run_folder_close(run);
    }
    CU_ASSERT_PTR_NULL(run_folder_create(path, true, &error));
    CU_ASSERT_EQUAL(error.code, ERROR_ARGUMENT);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "/lenet already holds a run"));
}

static void unsaved_is_reused(void)
{
    struct error error UNIT_CLEARED = {0};
    struct run_folder *run = create("unsaved");

    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"start\"}", &error), 0);
    unit_file("unsaved/notes.txt", "mine", 4);
    unit_file("unsaved/.step-000000000.safetensors.tmp-1-0", "torn", 4);
    unit_file("unsaved/.log.csv.tmp-1-0", "torn", 4);
    CU_ASSERT(exists(in("unsaved", "log.csv")));
    run_folder_close(run);
    run = run_folder_create(unit_path("unsaved"), false, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(run);
    CU_ASSERT(ends(run_folder_path(run), "/unsaved"));
    CU_ASSERT_FALSE(exists(in("unsaved", "log.jsonl")));
    CU_ASSERT_FALSE(exists(in("unsaved", "log.csv")));
    CU_ASSERT_FALSE(exists(in("unsaved", ".log.csv.tmp-1-0")));
    CU_ASSERT_FALSE(exists(in("unsaved", ".step-000000000.safetensors.tmp-1-0")));
    CU_ASSERT(exists(in("unsaved", "notes.txt")));
    run_folder_close(run);
}

static void impossible(void)
{
    static const char *const paths[] = {"file", "file/run", "file/a/run"};
    struct error error UNIT_CLEARED = {0};
    char path[600];

    unit_file("file", "", 0);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s", unit_path(paths[i]));
        CU_ASSERT_PTR_NULL(run_folder_create(path, false, &error));
        CU_ASSERT_EQUAL(error.code, ERROR_FAILED);
        CU_ASSERT_EQUAL(error_count(&error), 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), unit_path("file")));
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "Not a directory"));
        CU_ASSERT_PTR_NULL(run_folder_open(path, &error));
        CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    }
    CU_ASSERT_PTR_NULL(run_folder_create("", false, &error));
    CU_ASSERT_EQUAL(error.code, ERROR_FAILED);
    CU_ASSERT_PTR_NULL(run_folder_open(unit_path("absent"), &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NULL(run_folder_open(unit_folder(), &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "not a run"));
}

/* What another process gets. */
static int other_process(const char *path)
{
    const pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct error error UNIT_CLEARED = {0};
        struct run_folder *opened = run_folder_open(path, &error);
        const bool in_use = !opened && error.code == ERROR_FAILED && strstr(error_text(&error), "in use");
        struct run_folder *exact = run_folder_create(path, true, &error);
        const bool refused = !exact && error.code == ERROR_FAILED && strstr(error_text(&error), "in use");
        struct run_folder *next = run_folder_create(path, false, &error);

        _exit(in_use << 0 | refused << 1 | (next && ends(run_folder_path(next), "-2")) << 2);
    }
    CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void locking(void)
{
    struct run_folder *run = create("locked");
    struct error error UNIT_CLEARED = {0};

    save(run, 3);
    CU_ASSERT_EQUAL(other_process(unit_path("locked")), 7);
    run_folder_close(run);
    run = run_folder_open(unit_path("locked/"), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(run);
    CU_ASSERT(ends(run_folder_path(run), "/locked"));
    CU_ASSERT_EQUAL(other_process(unit_path("locked")) & 3, 3);
    run_folder_close(run);
}

static void pruning(void)
{
    /* Names that are nearly ours. */
    static const char *const others[] = {"step-1.safetensors",
                                         "step-0000000001.safetensors",
                                         "step-000000001.safetensors.bak",
                                         "step-00000000x.safetensors",
                                         "step--00000001.safetensors",
                                         "step-99999999999999999999.safetensors",
                                         "xstep-000000001.safetensors",
                                         ".step-000000001.safetensors.tmp-",
                                         ".step-000000001.safetensors.tmp-1",
                                         ".other.tmp-1-0",
                                         "notes.txt"};
    struct run_folder *run = create("pruned");
    struct error error UNIT_CLEARED = {0};

    for (uint64_t step = 1; step <= 5; step++)
        save(run, step * 400000000);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        unit_file(in("pruned", others[i]) + strlen(unit_folder()) + 1, "x", 1);
    unit_file("kept", "kept", 4);
    CU_ASSERT_EQUAL(symlink("../kept", in("pruned", "step-000000002.safetensors")), 0);
    CU_ASSERT_EQUAL(mkdir(in("pruned", "step-000000003.safetensors"), 0777), 0);

    /* two that would be the newest, and one between */
    CU_ASSERT_EQUAL(symlink("../kept", in("pruned", "step-9000000000.safetensors")), 0);
    CU_ASSERT_EQUAL(symlink("../nothing", in("pruned", "step-8000000000.safetensors")), 0);
    CU_ASSERT_EQUAL(symlink("step-800000000.safetensors", in("pruned", "step-1700000000.safetensors")), 0);

    CU_ASSERT_EQUAL(run_checkpoints_prune(run, 2, &error), 0);
    CU_ASSERT(exists(in("pruned", "step-2000000000.safetensors")));
    CU_ASSERT(exists(in("pruned", "step-1600000000.safetensors")));
    CU_ASSERT_FALSE(exists(in("pruned", "step-1200000000.safetensors")));
    CU_ASSERT_FALSE(exists(in("pruned", "step-800000000.safetensors")));
    CU_ASSERT_FALSE(exists(in("pruned", "step-400000000.safetensors")));
    CU_ASSERT(exists(in("pruned", "step-000000002.safetensors")));
    CU_ASSERT(exists(in("pruned", "step-000000003.safetensors")));
    CU_ASSERT(exists(in("pruned", "step-9000000000.safetensors")));
    CU_ASSERT(exists(unit_path("kept")));

    CU_ASSERT_EQUAL(run_checkpoints_drop_after(run, 1600000000, &error), 0);
    CU_ASSERT_FALSE(exists(in("pruned", "step-2000000000.safetensors")));
    CU_ASSERT(exists(in("pruned", "step-1600000000.safetensors")));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CU_ASSERT(exists(in("pruned", others[i])));
    run_folder_close(run);
}

static void newest(void)
{
    struct run_folder *run = create("newest");
    struct error error UNIT_CLEARED = {0};
    struct safetensors *file;
    uint64_t step = 0;
    char *warnings = NULL;

    save(run, 9);
    save(run, 10);
    CU_ASSERT_EQUAL(run_checkpoints_save_best(run, &tensor, 1, NULL, 0, &error), 0);
    file = run_checkpoints_newest(run, &step, &warnings, &error);
    CU_ASSERT_PTR_NOT_NULL(file);
    CU_ASSERT_EQUAL(step, 10);
    CU_ASSERT_STRING_EQUAL(warnings, "");
    safetensors_free(file);
    free(warnings);

    CU_ASSERT_EQUAL(truncate(in("newest", "step-000000010.safetensors"), 100), 0);
    unit_file("newest/step-000000011.safetensors", "", 0);
    file = run_checkpoints_newest(run, &step, &warnings, &error);
    CU_ASSERT_PTR_NOT_NULL(file);
    CU_ASSERT_EQUAL(step, 9);
    CU_ASSERT_PTR_NOT_NULL(strstr(warnings, "step-000000011.safetensors is only 0 bytes"));
    CU_ASSERT_PTR_NOT_NULL(strstr(warnings, "\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(warnings, "step-000000010.safetensors ends within"));
    safetensors_free(file);
    free(warnings);

    unlink(in("newest", "step-000000009.safetensors"));
    CU_ASSERT_PTR_NULL(run_checkpoints_newest(run, &step, &warnings, &error));
    CU_ASSERT_PTR_NULL(warnings);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_EQUAL(error_count(&error), 2);
    run_folder_close(run);
}

static void info(void)
{
    struct run_folder *run = create("info");
    struct error error UNIT_CLEARED = {0};
    char *text;

    CU_ASSERT_PTR_NULL(run_info_read_text(run_folder_path(run), &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_EQUAL(run_info_write_text(run, "{\"threads\": 1}\n", &error), 0);
    CU_ASSERT_EQUAL(run_info_write_text(run, "{\"threads\": 2}\n", &error), 0);
    text = run_info_read_text(unit_path("info/"), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, "{\"threads\": 2}\n");
    free(text);
    CU_ASSERT_EQUAL(truncate(in("info", "run.json"), (1 << 20) + 1), 0);
    CU_ASSERT_PTR_NULL(run_info_read_text(unit_path("info"), &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "at most 1048576"));
    run_folder_close(run);
}

#define START  "{\"event\":\"start\"}\n"
#define EPOCH1 "{\"event\":\"epoch\",\"step\":10}\n"
#define EPOCH2 "{\"event\": \"epoch\", \"step\": 20}\n"
#define EPOCH3 "{\"event\":\"epoch\",\"step\":30}\n"

#define HEAD "epoch,step,loss,train_accuracy,validation_loss,validation_accuracy,rate,samples_per_s,seconds\n"
#define ROW1 "1,10,0.5,0.125,,,0.01,100.0,3\n"
#define ROW2 "2,20,0.25,0.75,1e-10,1.0,0.01,123456.789,2.5\n"
#define FULL1                                                                                                      \
    "{\"event\":\"epoch\",\"epoch\":1,\"step\":10,\"loss\":0.5,\"train_accuracy\":0.125,\"validation_loss\":null," \
    "\"validation_accuracy\":null,\"rate\":0.01,\"samples_per_s\":100.0,\"seconds\":3,\"best\":false}"
#define FULL2                                                                                                \
    "{\"event\":\"epoch\",\"seconds\":2.5,\"epoch\":2,\"step\":20,\"loss\":0.25,\"train_accuracy\":0.75,"    \
    "\"validation_loss\":1e-10,\"validation_accuracy\":1.0,\"rate\":0.01,\"samples_per_s\":123456.789}"

static void log_table(void)
{
    static const char torn[] = "epoch,st", other[] = HEAD ROW2 "3,30,0.1,1.0,,,0.1,1.0", no_row[] = HEAD ROW2;
    struct run_folder *run = create("table");
    const char *path = unit_path("table/log.csv");
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(run_log_cut(run, 0, &error), 0);
    CU_ASSERT_FALSE(exists(path));
    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"start\",\"step\":0}", &error), 0);
    CU_ASSERT(same_text(path, HEAD));
    CU_ASSERT_EQUAL(run_log_append(run, FULL1, &error), 0);
    CU_ASSERT(same_text(path, HEAD ROW1));
    CU_ASSERT_EQUAL(run_log_append(run, FULL2, &error), 0);
    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"test\",\"epoch\":2,\"step\":20,\"loss\":1.0}", &error),
                    0);
    CU_ASSERT(same_text(path, HEAD ROW1 ROW2));
    CU_ASSERT_EQUAL(run_log_cut(run, 20, &error), 0);
    CU_ASSERT(same_text(path, HEAD ROW1 ROW2));

    unit_file("table/log.csv", torn, sizeof torn - 1);
    CU_ASSERT_EQUAL(run_log_cut(run, 20, &error), 0);
    CU_ASSERT(same_text(path, HEAD ROW1 ROW2));
    unit_file("table/log.csv", other, sizeof other - 1);
    CU_ASSERT_EQUAL(run_log_cut(run, 20, &error), 0);
    CU_ASSERT(same_text(path, HEAD ROW1 ROW2));
    unit_file("table/log.csv", no_row, sizeof no_row - 1);
    CU_ASSERT_EQUAL(run_log_cut(run, 19, &error), 0);
    CU_ASSERT(same_text(path, HEAD ROW1));
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(run_log_cut(run, 19, &error), 0);
    CU_ASSERT(same_text(path, HEAD ROW1));
    CU_ASSERT_EQUAL(run_log_cut(run, 0, &error), 0);
    CU_ASSERT(same_text(path, HEAD));
    run_folder_close(run);
}

/* What run_log_each gave: "1s2-3e", the number and the first letter of each event, "-": no JSON. */
struct walk {
    char seen[32];
    size_t ends; /* at this line; 0: never */
};

static int walk_on(void *arg, const json_t *event, size_t number, struct error *error)
{
    struct walk *walk = arg;
    const char *name = json_string_value(json_object_get(event, "event"));
    const size_t used = strlen(walk->seen);

    snprintf(walk->seen + used, sizeof walk->seen - used, "%zu%c", number, event ? name ? *name : '?' : '-');
    if (number == walk->ends && number == 2)
        return 7;
    return number == walk->ends ? error_set(error, ERROR_FAILED, "enough") : 0;
}

static void log_walk(void)
{
    static const char mixed[] = START "{\"event\"\n" EPOCH1 "[1]\n" EPOCH2 "{\"event\":\"done\"}";
    struct run_folder *run = create("walked");
    const char *folder = run_folder_path(run);
    struct error error UNIT_CLEARED = {0};
    struct walk walk = {.ends = 0};

    CU_ASSERT_EQUAL(run_log_each(folder, walk_on, &walk, &error), 0);
    CU_ASSERT_STRING_EQUAL(walk.seen, "");
    unit_file("walked/log.jsonl", mixed, sizeof mixed - 1);
    CU_ASSERT_EQUAL(run_log_each(folder, walk_on, &walk, &error), 0);
    CU_ASSERT_STRING_EQUAL(walk.seen, "1s2-3e4?5e");
    walk = (struct walk){.ends = 2};
    CU_ASSERT_EQUAL(run_log_each(folder, walk_on, &walk, &error), 7);
    CU_ASSERT_STRING_EQUAL(walk.seen, "1s2-");
    CU_ASSERT_EQUAL(error.code, ERROR_NONE);
    walk = (struct walk){.ends = 3};
    CU_ASSERT_EQUAL(run_log_each(folder, walk_on, &walk, &error), -1);
    CU_ASSERT_STRING_EQUAL(walk.seen, "1s2-3e");
    CU_ASSERT_STRING_EQUAL(error_text(&error), "enough");
    run_folder_close(run);
}

/* A link or a pipe in the place of a log. */
static void log_is_no_file(void)
{
    static const char *const names[] = {"log.jsonl", "log.csv"};
    struct run_folder *run = create("linked");
    struct error error UNIT_CLEARED = {0};
    struct walk walk = {.ends = 0};

    save(run, 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[600];

        snprintf(path, sizeof path, "%s", in("linked", names[i]));
        unit_file("elsewhere", "{}\n", 3);
        for (int there = 1; there >= 0; there--) {
            CU_ASSERT_EQUAL(symlink(there ? "../elsewhere" : "../nowhere", path), 0);
            CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"start\"}", &error), -1);
            CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "is a symbolic link, which is not followed"));
            if (i == 0) {
                CU_ASSERT_EQUAL(run_log_each(run_folder_path(run), walk_on, &walk, &error), -1);
                CU_ASSERT_EQUAL(run_log_cut(run, 0, &error), -1);
            }
            CU_ASSERT_FALSE(exists(unit_path("nowhere")));
            unlink(path);
        }
        CU_ASSERT_EQUAL(mkfifo(path, 0666), 0);
        CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"start\"}", &error), -1);
        unlink(path);
        unlink(in("linked", "log.jsonl"));
    }
    CU_ASSERT(same_text(unit_path("elsewhere"), "{}\n"));
    run_folder_close(run);
}

static void log_lines(void)
{
    static const char torn[] = "{\"event\":\"epo", mixed[] = EPOCH1 "{\"event\"\n" EPOCH2 "[1]\n";
    struct run_folder *run = create("log");
    const char *path = unit_path("log/log.jsonl");
    struct error error UNIT_CLEARED = {0};
    FILE *file;

    CU_ASSERT_EQUAL(run_log_cut(run, 0, &error), 0);
    CU_ASSERT_FALSE(exists(path));
    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"start\"}", &error), 0);
    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"epoch\",\"step\":10}", &error), 0);
    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\": \"epoch\", \"step\": 20}", &error), 0);
    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"epoch\",\"step\":30}", &error), 0);
    CU_ASSERT(same_text(path, START EPOCH1 EPOCH2 EPOCH3));
    CU_ASSERT_EQUAL(run_log_cut(run, 30, &error), 0);
    CU_ASSERT(same_text(path, START EPOCH1 EPOCH2 EPOCH3));
    CU_ASSERT_EQUAL(run_log_cut(run, 29, &error), 0);
    CU_ASSERT(same_text(path, START EPOCH1 EPOCH2));

    file = fopen(path, "ab");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(torn, 1, sizeof torn, file), sizeof torn); /* with its '\0' */
    CU_ASSERT_EQUAL(fclose(file), 0);
    CU_ASSERT_EQUAL(run_log_cut(run, 20, &error), 0);
    CU_ASSERT(same_text(path, START EPOCH1 EPOCH2));
    unit_file("log/log.jsonl", mixed, sizeof mixed - 1);
    CU_ASSERT_EQUAL(run_log_cut(run, 20, &error), 0);
    CU_ASSERT(same_text(path, EPOCH1 EPOCH2));
    CU_ASSERT_EQUAL(run_log_cut(run, 0, &error), 0);
    CU_ASSERT(same_text(path, ""));
    run_folder_close(run);
}

/* As a copy made of hard links has it: the copy stays as it is. */
static void log_of_a_copy(void)
{
    struct run_folder *run = create("copied");
    struct error error UNIT_CLEARED = {0};
    const char *copy = unit_path("copy.jsonl"), *table = unit_path("copy.csv");

    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"epoch\",\"step\":10}", &error), 0);
    CU_ASSERT_EQUAL(link(in("copied", "log.jsonl"), copy), 0);
    CU_ASSERT_EQUAL(link(in("copied", "log.csv"), table), 0);
    CU_ASSERT_EQUAL(run_log_cut(run, 10, &error), 0);
    CU_ASSERT_EQUAL(run_log_append(run, "{\"event\":\"epoch\",\"step\":20}", &error), 0);
    CU_ASSERT(same_text(copy, EPOCH1));
    CU_ASSERT(same_text(table, HEAD ",10,,,,,,,\n"));
    CU_ASSERT_FALSE(same_text(in("copied", "log.jsonl"), EPOCH1));
    run_folder_close(run);
}

/* Somebody's own folder, with names that runs have as well. */
static void foreign(void)
{
    static const char *const names[] = {"log.csv", "log.jsonl", "run.json", "report.html"};
    struct error error UNIT_CLEARED = {0};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char folder[16];
        struct run_folder *run;

        snprintf(folder, sizeof folder, "foreign%zu", i);
        CU_ASSERT_EQUAL(mkdir(unit_path(folder), 0777), 0);
        unit_file(in(folder, names[i]) + strlen(unit_folder()) + 1, "mine", 4);
        CU_ASSERT_PTR_NULL(run_folder_create(unit_path(folder), true, &error));
        CU_ASSERT_EQUAL(error.code, ERROR_ARGUMENT);
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), names[i]));
        CU_ASSERT(same_text(in(folder, names[i]), "mine"));
        CU_ASSERT_FALSE(exists(in(folder, "lock")));
        run = run_folder_create(unit_path(folder), false, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(run);
        CU_ASSERT(ends(run_folder_path(run), "-2"));
        run_folder_close(run);
        unit_file(in(folder, "lock") + strlen(unit_folder()) + 1, "", 0); /* a run that was killed early */
        run = run_folder_create(unit_path(folder), true, &error);
        CU_ASSERT_PTR_NOT_NULL(run);
        run_folder_close(run);
    }
}

static void planted(void)
{
    struct error error UNIT_CLEARED = {0};
    struct file_replacement file;

    unit_file("victim", "mine", 4);
    CU_ASSERT_EQUAL(symlink("victim", unit_path("planted")), 0);
    CU_ASSERT_EQUAL(file_create(unit_path("planted"), "ours", 4, &error), -1);
    CU_ASSERT_EQUAL(symlink("nowhere", unit_path("dangling")), 0);
    CU_ASSERT_EQUAL(file_create(unit_path("dangling"), "ours", 4, &error), -1);
    CU_ASSERT_EQUAL(file_create(unit_path("victim"), "ours", 4, &error), -1);
    CU_ASSERT_EQUAL(file_replace(unit_path("planted"), "ours", 4, &error), 0);
    CU_ASSERT(same_text(unit_path("victim"), "mine"));
    CU_ASSERT(same_text(unit_path("planted"), "ours"));
    CU_ASSERT_FALSE(exists(unit_path("nowhere")));
    CU_ASSERT_EQUAL(mkfifo(unit_path("pipe"), 0666), 0);
    CU_ASSERT_EQUAL(symlink("pipe", unit_path("to-pipe")), 0);
    CU_ASSERT_EQUAL(file_replace_begin(&file, unit_path("pipe"), &error), -1);
    CU_ASSERT_EQUAL(file_replace_begin(&file, unit_path("to-pipe"), &error), -1);
    CU_ASSERT_EQUAL(file_replace_begin(&file, "/dev/null", &error), -1);
}

/* As of a host that forks while it trains: the child has the descriptor. */
static void forked(void)
{
    struct run_folder *run = create("forked");
    struct error error UNIT_CLEARED = {0};
    int pipes[2];
    char byte;
    pid_t child;

    save(run, 1);
    CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        close(pipes[1]);
        _exit(read(pipes[0], &byte, 1) == 0 ? 0 : 1); /* when the parent is done */
    }
    run_folder_close(run);
    run = run_folder_open(unit_path("forked"), &error);
    CU_ASSERT_PTR_NOT_NULL(run);
    run_folder_close(run);
    close(pipes[0]);
    close(pipes[1]);
    CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
}

/* Whether whatever writes into the folder, or removes of it, is refused. */
static bool all_refused(struct run_folder *run)
{
    struct error error UNIT_CLEARED = {0};
    int done = 0;

    done += run_checkpoints_save(run, 9, &tensor, 1, NULL, 0, &error) == 0;
    done += run_checkpoints_save_best(run, &tensor, 1, NULL, 0, &error) == 0;
    done += run_checkpoints_prune(run, 1, &error) == 0;
    done += run_log_append(run, "{}", &error) == 0;
    done += run_info_write_text(run, "{}", &error) == 0;
    return done == 0 && ends(error_text(&error), "was moved or removed, with what was saved");
}

static void gone(void)
{
    struct run_folder *run = create("gone"), *other;
    struct error error UNIT_CLEARED = {0};

    save(run, 1);
    CU_ASSERT_EQUAL(unlink(in("gone", "lock")), 0); /* the folder is the same */
    CU_ASSERT_FALSE(run_folder_is_gone(run));
    save(run, 2);
    run_folder_close(run);

    run = run_folder_open(unit_path("gone"), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(run);
    CU_ASSERT_EQUAL(rename(unit_path("gone"), unit_path("moved")), 0);
    CU_ASSERT(run_folder_is_gone(run));
    CU_ASSERT_EQUAL(run_log_append(run, "{}", &error), -1);

    other = create("gone");
    save(other, 1);
    save(other, 2);
    CU_ASSERT_FALSE(run_folder_is_gone(other));
    CU_ASSERT(run_folder_is_gone(run));
    CU_ASSERT(all_refused(run));
    CU_ASSERT(exists(in("gone", "step-000000001.safetensors")));
    CU_ASSERT(exists(in("gone", "step-000000002.safetensors")));
    CU_ASSERT_FALSE(exists(in("gone", "step-000000009.safetensors")));
    CU_ASSERT_FALSE(exists(in("gone", "best.safetensors")));
    CU_ASSERT_FALSE(exists(in("gone", "log.jsonl")));
    CU_ASSERT_FALSE(exists(in("gone", "run.json")));
    run_folder_close(other);
    run_folder_close(run);
}

static const struct unit_test tests[] = {
    {"a folder with step files is never reused: the next free name, or refused", naming},
    {"a folder without step files is reused; only what nnrun left there goes", unsaved_is_reused},
    {"a folder that cannot be gives one line with path and reason", impossible},
    {"a folder in use is in use for another process, until it is closed", locking},
    {"what no run wrote is neither cleared nor replaced", foreign},
    {"a link is never written through, and no device or pipe replaced", planted},
    {"a folder that is closed is free, whatever processes were begun meanwhile", forked},
    {"nothing is written into, or removed of, another run's folder that has got its name", gone},
    {"pruning removes old step files and nothing else", pruning},
    {"the newest whole step file is found, torn ones are named", newest},
    {"run.json is replaced, and read up to a limit", info},
    {"a log that is a link or a pipe is neither followed nor waited for", log_is_no_file},
    {"each line of the log is told, torn or not, and what follows the last newline is none", log_walk},
    {"a log that is also a copy's is written anew, so that the copy stays as it is", log_of_a_copy},
    {"the log is appended to, and cut at a step and where it is torn", log_lines},
    {"its table has a row an epoch, and says what the log says after each cut", log_table},
};
UNIT_MAIN("run folder", tests)
