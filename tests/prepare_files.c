/* prepare_files.c: writes the samples that a network sees in pictures.
 *
 *   prepare_files CHECKPOINT FILE... >SAMPLES
 *
 * The layers are those in the folder NNRUN_PLUGIN_PATH. */
#include <stdio.h>
#include <stdlib.h>

#include <nnrun/nnrun.h>

int main(int argc, char **argv)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_model *model;
    size_t values;
    uint8_t *sample;
    int failed;

    options.plugin_folders = &folder;
    options.plugin_folder_count = folder != NULL;
    model = argc > 1 ? nnrun_open(argv[1], &options, &error) : NULL;
    values = model ? nnrun_describe(model)->inputs : 0;
    sample = malloc(values + 1);
    failed = !model || !sample;

    for (int i = 2; i < argc && !failed; i++)
        failed = nnrun_prepare_file(model, argv[i], NULL, sample, NULL, &error) != 0 ||
                 fwrite(sample, 1, values, stdout) != values;
    failed |= fflush(stdout) != 0;
    if (failed)
        fprintf(stderr, "prepare_files: %s\n", error.text ? error.text : "failed");
    nnrun_error_clear(&error);
    nnrun_close(model);
    free(sample);
    return failed;
}
