/* unit.c: see unit.h. */
#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/nnrun-unit-XXXXXX";

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

const char *unit_folder(void)
{
    return folder;
}

const char *unit_path(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *unit_file(const char *name, const void *bytes, size_t size)
{
    const char *path = unit_path(name);
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(99);
    }
    return path;
}

int unit_run(const char *suite, const struct unit_test *tests, size_t count)
{
    CU_pSuite cunit;
    unsigned failed;

    if (!mkdtemp(folder) || CU_initialize_registry() != CUE_SUCCESS)
        return 99;
    cunit = CU_add_suite(suite, NULL, NULL);
    for (size_t i = 0; cunit && i < count; i++)
        if (!CU_add_test(cunit, tests[i].promise, tests[i].run))
            cunit = NULL;
    if (!cunit)
        return 99;
    CU_basic_set_mode(CU_BRM_VERBOSE);
    if (CU_basic_run_tests() != CUE_SUCCESS)
        return 99;
    failed = CU_get_number_of_tests_failed();
    CU_cleanup_registry();
    if (nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        return 99;
    return failed > 100 ? 100 : (int)failed;
}
