/* classify.c: says what a network sees in pictures: PNG, JPEG, PGM and PPM files.
 *
 *   cc -std=c11 classify.c $(pkg-config --cflags --libs nnrun) -o classify
 *   ./classify runs/lenet/best.safetensors one.png two.png
 *
 * It is C++17, too. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <nnrun/nnrun.h>

enum { BEST = 3 };

/* Prints the most likely classes of one picture, on one line. */
static int classify(nnrun_context *context, const nnrun_model *model, const char *path, nnrun_error *error)
{
    const nnrun_info *info = nnrun_describe(model);
    uint8_t *sample = (uint8_t *)malloc(info->inputs);
    float *outputs = (float *)malloc(info->outputs * sizeof *outputs);
    nnrun_best_class best[BEST];
    int failed = -1;

    if (!sample || !outputs) {
        fputs("out of memory\n", stderr);
    } else if (nnrun_prepare_file(model, path, NULL, sample, NULL, error) != 0) {
        fprintf(stderr, "%s\n", error->text);
    } else {
        nnrun_predict(context, sample, 1, outputs);
        const size_t count = nnrun_best(model, outputs, best, BEST);

        printf("%s:%s", path, count == 0 ? " no answer" : "");
        for (size_t i = 0; i < count; i++)
            printf(" %s (%.3g)", nnrun_class_name(model, best[i].index), (double)best[i].value);
        putchar('\n');
        failed = count == 0;
    }
    free(sample);
    free(outputs);
    return failed;
}

int main(int argc, char **argv)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model = NULL;
    nnrun_context *context = NULL;
    int failed = 0;

    if (argc < 3) {
        fprintf(stderr, "usage: %s CHECKPOINT PICTURE...\n", argv[0]);
        return 2;
    }
    model = nnrun_open(argv[1], NULL, &error);
    if (model)
        context = nnrun_context_create(model, 0, &error);
    if (!context) {
        fprintf(stderr, "%s\n", error.text);
        failed = 1;
    }
    for (int i = 2; context && i < argc; i++)
        if (classify(context, model, argv[i], &error) != 0)
            failed = 1;
    nnrun_context_destroy(context);
    nnrun_close(model);
    nnrun_error_clear(&error);
    return failed;
}
