/* digit-sheet.c: the PNG half of digit-files.h. */
#include "digit-files.h"

#ifdef HAVE_LIBPNG
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
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
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = WIDTH, .height = HEIGHT, .format = PNG_FORMAT_GRAY};
    uint8_t *sheet = memory_array(HEIGHT, WIDTH);

    if (!sheet)
        return error_memory(error);
    fill(sheet, seed);
    if (!png_image_write_to_file(&image, path, 0, sheet, 0, NULL))
        error_set(error, STATUS_FAILED, "%s: %s", path, image.message);
    free(sheet);
    return PNG_IMAGE_FAILED(image) ? -1 : 0;
}
#else
int digit_sheet_write(const char *path, uint64_t seed, struct error *error)
{
    (void)seed;
    return error_set(error, STATUS_FAILED, "%s: not written: this program was built without libpng", path);
}
#endif
