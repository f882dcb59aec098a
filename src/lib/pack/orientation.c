/* orientation.c: see orientation.h. */
#include "pack/orientation.h"

#include <math.h>
#include <string.h>

enum { MOST_SIDE = 256, ENOUGH = 2000, FEWEST = 5 };

/* The means of what nnrun-make-digits draws for training: cells of 2x2 pixels, in fifteenths of the largest. */
static const char drawn[10][ORIENTATION_CELLS + 1] = {
    "00000000000000000001222100000001258a84100000026befe9410000139dbacc61000015ca538c72000017c8217c72000028c6117c71000027b7239b51000026b946ba41000015acbbb7200000136acb8410000001245421000000000000000000",
    "0000000000000000000111100000000002453100000000138a620000000015ce610000000137ef510000000126ee400000000014ed300000000015db300000000016ca310000000126a8310000000136874110000011355531100000000111000000",
    "0000000111000000001367753100000138bcb9521000025998997310000257547a7300000122249a510000000127c831000001137ca4100000126adc6210000025affc8531000025accba74100001244444321000000000000000000000000000000",
    "000000000000000000122221000000024799631000001379bba6200000135669a620000001358bb61000000039dfc610000000279bc7200000111225a8300001344336a720000147889a95200001258aa96310000012344321000000000000000000",
    "0000000000000000000111111000000112344321000012355686310000135778a8310000146868c8310000258a8be9410000259cdff94100001479acc721000001345994100000001258731000000012454210000000012221000000000000000000",
    "0000000110000000001356653100000137aba8521000014adca7420000016cec96310000016efcb8310000015bcbcb510000013656ad710000134424ad710000258768cb510000259bbcb73100001369a97310000001245421000000000000000000",
    "000000011000000000113554210000001479852100000127a85310000001599521000000027ba862000000039eedd820000014bfb7ab41000014ac759a510000038ba9a83100000148aa851000000013443100000000000000000000000000000000",
    "000000000000000000000000000000122332210000012589997410000126abcec61000001477afc510000012249d820000000136cc51000000125ac94100000002699520000000136874100000012467631000000234564210000000011110000000",
    "00000000000000000012332100000001369a852100000259aab841000002697699510000016bbab9410000016cffe8200000038baab93000001598448941000026974598410000259aaaa73100001258997410000001123221000000000000000000",
    "000000000000000000011110000000002455310000000259aa84100000149a9ac720000026a859e930000027a86bf920000016aabed7100000137acca510000001358a84100000113589631000000236874210000001244421000000000111000000",
};

void orientation_begin(struct orientation *orientation, const struct pack_form *form)
{
    const struct nnrun_shape *shape = &form->shape;
    const bool square = shape->rank == 2 && shape->dim[0] == shape->dim[1];

    *orientation = (struct orientation){0};
    if (form->kind == PACK_BYTES && form->label_width == 1 && square && shape->dim[0] >= ORIENTATION_SIDE &&
        shape->dim[0] <= MOST_SIDE)
        orientation->side = (size_t)shape->dim[0];
}

void orientation_add(struct orientation *orientation, const char *name, const void *values)
{
    const bool digit = name[0] >= '0' && name[0] <= '9' && name[1] == '\0';
    const size_t class = digit ? (size_t)(name[0] - '0') : 0, side = orientation->side;
    const uint8_t *pixels = values;

    orientation->others = orientation->others || !digit;
    if (side == 0 || orientation->others || orientation->count[class] == ENOUGH)
        return;
    orientation->count[class]++;
    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++)
            orientation
                ->sum[class][y * ORIENTATION_SIDE / side * ORIENTATION_SIDE + x * ORIENTATION_SIDE / side] +=
                *pixels++;
}

static double digit_of(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The correlation of a class's mean with the drawn one, whose rows become columns if wanted. */
static double correlate(const uint64_t sum[ORIENTATION_CELLS], const char *mean, bool turn)
{
    double a = 0, b = 0, aa = 0, bb = 0, ab = 0, below;

    for (size_t i = 0; i < ORIENTATION_CELLS; i++) {
        const size_t y = i / ORIENTATION_SIDE, x = i % ORIENTATION_SIDE;
        const double is = (double)sum[i], drew = digit_of(mean[turn ? x * ORIENTATION_SIDE + y : i]);
        a += is;
        b += drew;
        aa += is * is;
        bb += drew * drew;
        ab += is * drew;
    }
    below = (aa - a * a / ORIENTATION_CELLS) * (bb - b * b / ORIENTATION_CELLS);
    return below > 0 ? (ab - a * b / ORIENTATION_CELLS) / sqrt(below) : 0;
}

enum orientation_found orientation_tell(const struct orientation *orientation)
{
    double upright = 0, turned = 0;

    if (orientation->side == 0 || orientation->others)
        return ORIENTATION_UNKNOWN;
    for (size_t k = 0; k < 10; k++) {
        if (orientation->count[k] < FEWEST)
            return ORIENTATION_UNKNOWN;
        upright += correlate(orientation->sum[k], drawn[k], false) / 10;
        turned += correlate(orientation->sum[k], drawn[k], true) / 10;
    }
    upright = fabs(upright); /* dark on light, too */
    turned = fabs(turned);
    if (fabs(upright - turned) < 0.1 || (upright < 0.7 && turned < 0.7))
        return ORIENTATION_UNKNOWN;
    return upright > turned ? ORIENTATION_UPRIGHT : ORIENTATION_TRANSPOSED;
}

/* Of training, of test, and of both. */
static bool has_emnist_count(const struct orientation *orientation, size_t count)
{
    static const size_t counts[][2] = {
        {124800, 20800}, {88800, 14800}, {112800, 18800}, {697932, 116323}, {240000, 40000}};

    for (size_t i = 0; orientation->side == 28 && i < sizeof counts / sizeof counts[0]; i++)
        if (count == counts[i][0] || count == counts[i][1] || count == counts[i][0] + counts[i][1])
            return true;
    return false;
}

static const char *const transposed[] = {
    "the digits are transposed: their rows are columns, as in EMNIST",
    "the pictures are EMNIST's, which are transposed: their rows are columns",
    "there are as many samples as in EMNIST, whose pictures are transposed: their rows are columns",
};

int orientation_remark(const struct orientation *orientation, const struct orientation_case *data,
                       const struct pack_sink *sink, struct error *error)
{
    const enum orientation_found found = orientation_tell(orientation);
    const char *text = NULL;

    if (orientation->side == 0 || !sink->remark)
        return 0;
    if (found == ORIENTATION_UPRIGHT)
        return !data->transpose
                   ? 0
                   : sink->remark(sink->context, "upright", NULL,
                                  "the digits stood upright before they were transposed, as asked", error);
    if (found == ORIENTATION_TRANSPOSED)
        text = transposed[0];
    else if (strstr(data->name, "emnist"))
        text = transposed[1];
    else if (has_emnist_count(orientation, data->count))
        text = transposed[2];
    if (data->transpose || (!text && !data->tell_unknown))
        return 0;
    if (text)
        return sink->remark(sink->context, "transposed", "transpose to turn them", text, error);
    return sink->remark(sink->context, "orientation_unknown", NULL,
                        "orientation not checked: only digits can be compared with drawn ones", error);
}
