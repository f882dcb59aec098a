/* mistakes.c: see mistakes.h. */
#include "train/mistakes.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/png_file.h"
#include "data/sample_picture.h"
#include "base/folder_io.h"

enum { LEAST_DIGITS = 4 };

int mistakes_init(struct mistakes *mistakes, size_t most, size_t sample_bytes, struct error *error)
{
    *mistakes = (struct mistakes){.most = most, .sample_bytes = sample_bytes};
    mistakes->list = memory_array(most, sizeof *mistakes->list);
    mistakes->pixels = memory_array(most, sizeof *mistakes->pixels);
    return mistakes->list && mistakes->pixels ? 0 : error_memory(error);
}

void mistakes_finish(struct mistakes *mistakes)
{
    for (size_t i = 0; mistakes->pixels && i < mistakes->count; i++)
        free(mistakes->pixels[i]);
    free(mistakes->pixels);
    free(mistakes->list);
    *mistakes = (struct mistakes){0};
}

static float confidence_or_least(const struct mistake *mistake)
{
    return isnan(mistake->confidence) ? -INFINITY : mistake->confidence;
}

int mistakes_add(struct mistakes *m, const struct mistake *mistake, struct error *error)
{
    uint8_t *pixels = NULL;
    size_t at = m->count;

    while (at > 0 && confidence_or_least(&m->list[at - 1]) < confidence_or_least(mistake))
        at--;
    if (at == m->most)
        return 0;
    if (m->count < m->most) {
        if (m->sample_bytes > 0 && !(pixels = memory_array(m->sample_bytes, 1)))
            return error_memory(error);
        m->count++;
    } else {
        pixels = m->pixels[m->count - 1];
    }
    if (pixels)
        memcpy(pixels, mistake->pixels, m->sample_bytes);
    memmove(&m->list[at + 1], &m->list[at], (m->count - 1 - at) * sizeof *m->list);
    memmove(&m->pixels[at + 1], &m->pixels[at], (m->count - 1 - at) * sizeof *m->pixels);
    m->list[at] = *mistake;
    m->list[at].pixels = m->pixels[at] = pixels;
    return 0;
}

static int refuse_entry(void *arg, int folder, const char *name, struct error *error)
{
    const char *const *path = arg;

    (void)folder;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return 0;
    return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = *path},
                        "is not empty; name another folder");
}

int mistakes_check_folder(const char *folder, struct error *error)
{
    if (folder_exists(folder))
        return folder_each(folder, refuse_entry, &folder, error);
    if (errno == ENOENT)
        return 0;
    if (errno == ENOMEM)
        return error_memory(error);
    return error_set_at(error, ERROR_FAILED, &(struct error_facts){.file = folder},
                        "cannot make the folder: %s", strerror(errno));
}

static int write_mistake(const struct mistake *mistake, const char *folder, int digits,
                         const struct nnrun_shape *shape, struct error *error)
{
    const struct sample_picture size = sample_picture_of(shape);
    uint8_t *pixels = memory_array(size.height * size.width, size.channels);
    char *path = memory_format("%s/%0*u-said-%u-is-%u.png", folder, digits, (unsigned)mistake->sample,
                               (unsigned)mistake->predicted, (unsigned)mistake->label);
    int result;

    if (pixels && path) {
        sample_picture_fill(&size, mistake->pixels, pixels);
        result = png_file_write(path, true, size.height, size.width, size.channels, pixels, error);
    } else {
        result = error_memory(error);
    }
    free(path);
    free(pixels);
    return result;
}

int mistakes_write(const struct mistakes *mistakes, const char *folder, const struct nnrun_shape *shape,
                   struct error *error)
{
    uint32_t largest = 0;
    int digits;

    if (shape->rank < 2)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = folder},
                            "not made: the samples are vectors or numbers, not pictures");

    for (size_t i = 0; i < mistakes->count; i++)
        if (mistakes->list[i].sample > largest)
            largest = mistakes->list[i].sample;
    digits = snprintf(NULL, 0, "%u", (unsigned)largest);
    if (folder_make(folder, error) != 0 || mistakes_check_folder(folder, error) != 0)
        return -1;
    for (size_t i = 0; i < mistakes->count; i++)
        if (write_mistake(&mistakes->list[i], folder, digits < LEAST_DIGITS ? LEAST_DIGITS : digits, shape,
                          error) != 0)
            return -1;
    return 0;
}
