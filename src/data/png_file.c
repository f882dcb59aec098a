/* png_file.c: see png_file.h. */
#include "data/png_file.h"

#ifdef HAVE_LIBPNG
#include <png.h>

int png_file_write(const char *path, size_t height, size_t width, size_t channels, const uint8_t *pixels,
                   struct error *error)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};

    if (png_image_write_to_file(&image, path, 0, pixels, 0, NULL))
        return 0;
    return error_set(error, STATUS_FAILED, "%s: %s", path, image.message);
}
#else
int png_file_write(const char *path, size_t height, size_t width, size_t channels, const uint8_t *pixels,
                   struct error *error)
{
    (void)height, (void)width, (void)channels, (void)pixels;
    return error_set(error, STATUS_FAILED, "%s: not written: this program was built without libpng", path);
}
#endif
