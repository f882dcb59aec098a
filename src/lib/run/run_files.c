/* run_files.c: see run_files.h. */
#include "run/run_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/memory.h"

void run_step_name(char name[RUN_STEP_ROOM], uint64_t step)
{
    snprintf(name, RUN_STEP_ROOM, "step-%09" PRIu64 ".safetensors", step);
}

bool run_step_parse(const char *name, uint64_t *step)
{
    char again[RUN_STEP_ROOM];
    const size_t dash = strlen("step-");

    if (strncmp(name, "step-", dash) != 0)
        return false;
    *step = strtoull(name + dash, NULL, 10);
    run_step_name(again, *step);
    return strcmp(name, again) == 0;
}

bool run_is_checkpoint(const char *name)
{
    uint64_t step;

    return run_step_parse(name, &step) || strcmp(name, RUN_BEST) == 0;
}

bool run_is_log(const char *name)
{
    return strcmp(name, RUN_LOG) == 0 || strcmp(name, RUN_TABLE) == 0;
}

bool run_is_temporary(const char *name)
{
    const size_t length = file_temporary_stem(name);
    char stem[RUN_STEP_ROOM];

    if (length == 0 || length >= sizeof stem)
        return false;
    memcpy(stem, name + 1, length);
    stem[length] = '\0';
    return run_is_checkpoint(stem) || run_is_log(stem) || strcmp(stem, RUN_INFO) == 0 ||
           strcmp(stem, RUN_REPORT) == 0;
}

char *run_file_path(const char *folder, const char *name)
{
    return memory_format("%s/%s", folder, name);
}

char *run_step_path(const char *folder, uint64_t step)
{
    char name[RUN_STEP_ROOM];

    run_step_name(name, step);
    return run_file_path(folder, name);
}
