/* unit.h: what the CUnit programs share. A program defines its tests in one table:
 *
 *     static const struct unit_test tests[] = {
 *         {"a misspelt key is reported with a suggestion", misspelt_key},
 *     };
 *     UNIT_MAIN("config", tests)
 *
 * and returns the number of failed tests, at most 100. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <CUnit/Basic.h>
#include <stddef.h>

#include "base/error.h"

struct unit_test {
    const char *promise;
    void (*run)(void);
};

int unit_run(const char *suite, const struct unit_test *tests, size_t count);

/* The folder for a program's files: fresh, empty, removed at the end of unit_run. */
const char *unit_folder(void);

/* "FOLDER/name" in one of a few rotating buffers. */
const char *unit_path(const char *name);

/* Writes a whole file below unit_folder() and returns its path; ends the program if that fails. */
const char *unit_file(const char *name, const void *bytes, size_t size);

/* Of a struct error on a stack: it is cleared however its block ends. */
#define UNIT_CLEARED __attribute__((cleanup(error_clear)))

#define UNIT_MAIN(suite, tests)                                                                              \
    int main(void)                                                                                           \
    {                                                                                                        \
        return unit_run(suite, tests, sizeof tests / sizeof tests[0]);                                       \
    }
#endif
