/* make-sensors.c: nnrun-make-sensors, the command line of the generator of measurements. */
#include "make-samples.h"
#include "sensor-draw.h"

static const char help[] =
    "usage: nnrun-make-sensors [options] FOLDER\n"
    "Draws what an accelerometer measures while it lies still (0), is carried at a walk (1) or a run (2), is shaken (3),\n"
    "turned (4) or tapped (5): 64 samples of three axes in m/s2, 50 a second. Writes them as four gzip IDX files, of\n"
    "floats and of labels, into FOLDER. configs/sensors.cfg is trained on them.\n"
    "  --train N     training windows (20000)\n"
    "  --test N      test windows (4000)\n"
    "  --seed N      draw other windows (1); window i of a seed is the same for any N\n"
    "  --force       replace files of those names in FOLDER; without it that is refused\n"
    "  -h, --help, --version\n";

int main(int argc, char **argv)
{
    static const struct sample_files files = {
        .names = {{"train-samples-idx3-float.gz", "train-labels-idx1-ubyte.gz"},
                  {"test-samples-idx3-float.gz", "test-labels-idx1-ubyte.gz"}},
        .type = 0x0d,
        .rows = SENSOR_AXES,
        .columns = SENSOR_SAMPLES,
        .bytes = SENSOR_BYTES,
        .purpose = RANDOM_DIGITS,
        .name = "sensors",
        .draw = sensor_draw_bytes,
    };
    static const struct make_samples sensors = {
        .program = "nnrun-make-sensors", .help = help, .files = &files};

    return make_samples_main(&sensors, argc, argv);
}
