/* change_checkpoint.c: a checkpoint with other metadata, its checksums right: what an attacker would make of one.
 *
 *   change_checkpoint FROM TO [bare] KEY=VALUE...
 *
 * replaces metadata of FROM; a VALUE of @FILE is what is in that file. `bare` leaves its tensors out. */
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

int main(int argc, char **argv)
{
    static struct tensor tensors[MOST_TENSORS];
    struct error error = {0};
    struct safetensors *file = argc > 2 ? safetensors_read(argv[1], &error) : NULL;
    bool bare = false, good = file != NULL;
    size_t count = 0;

    for (size_t i = 0; good && i < PAIRS; i++)
        pairs[i].value = safetensors_value(file, pairs[i].key);
    for (int i = 3; good && i < argc; i++)
        if (strcmp(argv[i], "bare") == 0)
            bare = true;
        else
            good = change(argv[i], &error);
    for (const struct tensor *t; good && !bare && count < MOST_TENSORS && (t = safetensors_at(file, count));)
        tensors[count++] = *t;
    good = good && safetensors_write(argv[2], tensors, count, pairs, PAIRS, &error) == 0;
    if (!good)
        fprintf(stderr, "change_checkpoint: %s\n", error_count(&error) ? error_text(&error) : "arguments");
    error_clear(&error);
    safetensors_free(file);
    return good ? 0 : 99;
}
