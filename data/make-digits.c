/* make-digits.c: nnrun-make-digits, the command line of the digit generator. */
#include "digit-files.h"
#include "make-samples.h"

static const char help[] =
    "usage: nnrun-make-digits [options] FOLDER\n"
    "Draws handwritten digits and writes them as MNIST's four gzip IDX files into FOLDER.\n"
    "  --train N     training samples (20000)\n"
    "  --test N      test samples (4000)\n"
    "  --seed N      draw other digits (1); sample i of a seed is the same for any N\n"
    "  --force       replace files of those names in FOLDER; without it that is refused\n"
    "  --sheet FILE  write a PNG of 200 training samples; FOLDER may then be left out\n"
    "  -h, --help, --version\n";

int main(int argc, char **argv)
{
    static const struct make_samples digits = {
        .program = "nnrun-make-digits", .help = help, .files = &digit_files, .sheet = digit_sheet_write};

    return make_samples_main(&digits, argc, argv);
}
