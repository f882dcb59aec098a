/* change_checkpoint.c: a checkpoint with other metadata, its checksums right: what an attacker would make of one.
 *
 *   change_checkpoint FROM TO [bare] KEY=VALUE... TENSOR[I]=NUMBER...
 *
 * replaces metadata of FROM; a VALUE of @FILE is what is in that file. `bare` leaves its tensors out. A NUMBER takes the
 * place of element I of a tensor of floats: nan, inf, 1e38. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "checkpoint/safetensors_read.h"
#include "checkpoint/safetensors_write.h"

enum { MOST_TENSORS = 1000, MOST_TEXT = 1 << 20 };

static struct metadata pairs[] = {{"format", NULL},
                                  {"format_version", NULL},
                                  {"config", NULL},
                                  {"overrides", NULL},
                                  {"arithmetic", NULL},
                                  {"seed", NULL},
                                  {"epoch", NULL},
                                  {"step", NULL},
                                  {"epoch_samples", NULL},
                                  {"epoch_right", NULL},
                                  {"epoch_loss_bits", NULL},
                                  {"rate_bits", NULL},
                                  {"best_accuracy_bits", NULL},
                                  {"best_epoch", NULL}};
enum { PAIRS = sizeof pairs / sizeof pairs[0] };

/* Returns false if there is no such key. */
static bool change(const char *argument, struct error *error)
{
    const size_t length = strcspn(argument, "=");
    size_t size;

    for (size_t i = 0; argument[length] && i < PAIRS; i++)
        if (strlen(pairs[i].key) == length && strncmp(pairs[i].key, argument, length) == 0) {
            pairs[i].value = argument + length + 1;
            if (*pairs[i].value == '@') /* the process ends soon: it is not freed */
                pairs[i].value = file_load(pairs[i].value + 1, MOST_TEXT, &size, error);
            return pairs[i].value != NULL;
        }
    return false;
}

/* Sets an element; returns false if there is none such. */
static bool change_element(struct tensor *tensors, size_t count, const char *argument)
{
    char *end;
    const size_t length = strcspn(argument, "["), index = strtoul(argument + length + 1, &end, 10);
    const float number = strncmp(end, "]=", 2) == 0 ? strtof(end + 2, &end) : 0;

    for (size_t i = 0; *end == '\0' && i < count; i++)
        if (strlen(tensors[i].name) == length && strncmp(tensors[i].name, argument, length) == 0 &&
            tensors[i].type == TENSOR_F32 && index < tensors[i].bytes / sizeof number) {
            char *changed = malloc(tensors[i].bytes); /* the process ends soon: it is not freed */
            if (!changed)
                return false;
            memcpy(changed, tensors[i].data, tensors[i].bytes);
            memcpy(changed + index * sizeof number, &number, sizeof number);
            tensors[i].data = changed;
            return true;
        }
    return false;
}

int main(int argc, char **argv)
{
    static struct tensor tensors[MOST_TENSORS];
    struct error error = {0};
    struct safetensors *file = argc > 2 ? safetensors_read(argv[1], &error) : NULL;
    bool bare = false, good = file != NULL;
    size_t count = 0;

    for (size_t i = 0; good && i < PAIRS; i++)
        pairs[i].value = safetensors_value(file, pairs[i].key);
    for (const struct tensor *t; good && count < MOST_TENSORS && (t = safetensors_at(file, count));)
        tensors[count++] = *t;
    for (int i = 3; good && i < argc; i++)
        if (strcmp(argv[i], "bare") == 0)
            bare = true;
        else
            good = strchr(argv[i], '[') < strchr(argv[i], '=') && strchr(argv[i], '[')
                       ? change_element(tensors, count, argv[i])
                       : change(argv[i], &error);
    count = bare ? 0 : count;
    good = good && safetensors_write(argv[2], tensors, count, pairs, PAIRS, &error) == 0;
    if (!good)
        fprintf(stderr, "change_checkpoint: %s\n", error_count(&error) ? error_text(&error) : "arguments");
    error_clear(&error);
    safetensors_free(file);
    return good ? 0 : 99;
}
