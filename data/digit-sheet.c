/* digit-sheet.c: the PNG half of digit-files.h. */
#include "digit-files.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/png_file.h"
#include "digit-draw.h"

enum { ROWS = 10, COLUMNS = 20, WIDTH = COLUMNS * DIGIT_SIDE, HEIGHT = ROWS * DIGIT_SIDE };

static void fill(uint8_t *sheet, uint64_t seed)
{
    const struct random_key key = random_key(seed, RANDOM_DIGITS, NULL);
    uint8_t pixels[DIGIT_PIXELS];
    size_t filled[ROWS] = {0};

    for (uint32_t sample = 0, missing = ROWS * COLUMNS; missing > 0; sample++) {
        const size_t digit = digit_draw(key, 0, sample, pixels);
        if (filled[digit] == COLUMNS)
            continue;
        for (size_t row = 0; row < DIGIT_SIDE; row++)
            memcpy(sheet + (digit * DIGIT_SIDE + row) * WIDTH + filled[digit] * DIGIT_SIDE,
                   pixels + row * DIGIT_SIDE, DIGIT_SIDE);
        filled[digit]++;
        missing--;
    }
}

int digit_sheet_write(const char *path, uint64_t seed, struct error *error)
{
    uint8_t *sheet = memory_array(HEIGHT, WIDTH);
    int failed;

    if (!sheet)
        return error_memory(error);
    fill(sheet, seed);
    failed = png_file_write(path, false, HEIGHT, WIDTH, 1, sheet, error);
    free(sheet);
    return failed;
}
