/* fuzz_config.c: any text and overrides through the whole of src/lib/config. The input is a config, then
 * overrides, each behind a NUL.
 *
 * With libFuzzer: clang -fsanitize=fuzzer,address,undefined -DFUZZER; else a program that runs the files it
 * is given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config_said.h"

enum { MOST_OVERRIDES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *overrides[MOST_OVERRIDES];
    char *text = malloc(size + 1), *next;
    size_t count = 0;
    struct error error = {0};
    struct values values = {0};
    struct config *config;

    if (!text)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (next = text + strlen(text); next < text + size && count < MOST_OVERRIDES; next += strlen(next))
        overrides[count++] = ++next;
    config = config_parse(text, "fuzz", NULL, overrides, count, 0, &error);
    if (config) {
        config_read_all(config, &values);
        config_finish(config, &error);
        /* What was accepted once is accepted again, as a checkpoint needs it. */
        struct config *again = config_parse(config_text(config), "fuzz", NULL, NULL, 0, 0, &error);
        if (!again)
            abort();
        config_close(again);
    } else if (error_count(&error) == 0)
        abort();
    config_close(config);
    error_clear(&error);
    free(text);
    return 0;
}

#ifndef FUZZER
static int run_file(const char *path)
{
    enum { MOST = 1 << 20 };
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(MOST);
    size_t size = 0;
    int result = 1;

    if (file && data) {
        size = fread(data, 1, MOST, file);
        result = ferror(file) != 0;
    }
    if (result != 0)
        fprintf(stderr, "%s: cannot be read\n", path);
    else
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    if (file)
        fclose(file);
    return result;
}

int main(int argc, char **argv)
{
    int result = 0;

    for (int i = 1; i < argc; i++)
        result |= run_file(argv[i]);
    return result;
}
#endif
