/* fuzz.h: what the fuzz targets, fuzz_NAME.c, share. Each is linked twice: with libFuzzer, by `make fuzz`, and with
 * fuzz_driver.c into a program of `make check`, which runs the inputs kept in tests/fuzz/NAME, many changes of each,
 * and what the target makes itself. In either form `tests/fuzz_NAME FILE...` runs those files. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* ---- of the target ------------------------------------------------------------------------------------- */

/* Runs an input: aborts where a promise is broken. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Changes an input of which noise would not get past the first check; optional. Returns the new size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

/* Runs inputs that the target makes itself, in make check alone. */
void fuzz_own(void);

/* ---- of libFuzzer, or of the driver -------------------------------------------------------------------- */

/* Changes bytes at random. Returns the new size. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* ---- of fuzz_support.c --------------------------------------------------------------------------------- */

/* Says so, and aborts. */
_Noreturn void fuzz_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Aborts unless the error says something, each message is one printable line, and memory did not run out; empties
 * it. */
void fuzz_check_error(struct error *error);
void fuzz_check_line(const char *text);

/* A number below `count`; the state is any number. */
size_t fuzz_draw(unsigned *state, size_t count);

/* Changes a text of words, numbers and lines: one of these, or bytes at random. Returns the new size. */
size_t fuzz_change_text(uint8_t *text, size_t size, size_t most, unsigned *state);

/* A copy of exactly that size, so that a sanitizer sees what is read behind it; to be freed. */
void *fuzz_copy(const void *data, size_t size);

/* An input of several files: they are separated by lines of three equal signs. */
struct fuzz_part {
    const uint8_t *data;
    size_t size;
};
size_t fuzz_split(const uint8_t *data, size_t size, struct fuzz_part *parts, size_t most);

/* A folder of the process's own, removed when it ends; a path in it, valid until the next call but three; and a file
 * written there, or with data NULL removed. */
const char *fuzz_folder(void);
const char *fuzz_path(const char *name);
void fuzz_put(const char *name, const void *data, size_t size);
void fuzz_clear_folder(const char *name); /* of its files */

/* The plugins of this build. */
struct model_options;
struct model_options fuzz_model_options(void);

/* How much memory is held at most from the first call to the second. 0 where no sanitizer counts it. */
void fuzz_memory_begin(void);
size_t fuzz_memory_most(void);
#endif
