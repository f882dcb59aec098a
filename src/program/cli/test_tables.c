/* test_tables.c: see test_tables.h. */
#include "cli/test_tables.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/column.h"

enum {
    LABEL = 5,
    SAID = 4,
    LEAST_WIDTH = 3,
    MOST_WIDTH = 12 /* of a column, by the names above */
};

/* At the right of a column, cut if it is wider. */
static void print_name(const nnrun_model *model, size_t class, int width)
{
    column_right(nnrun_class_name(model, class), width);
}

/* Of the longest name, at least `least`. */
static int names_width(const nnrun_model *model, size_t classes, int least)
{
    for (size_t c = 0; c < classes; c++)
        least = column_wider(least, nnrun_class_name(model, c));
    return least;
}

const char *test_tables_loss(char text[TEST_TABLES_LOSS], double loss)
{
    if (!isfinite(loss))
        return isnan(loss) ? "NaN" : "infinite";
    snprintf(text, TEST_TABLES_LOSS, fabs(loss) < 1e15 ? "%.4f" : "%.4g", loss);
    return text;
}

void test_tables_summary(const nnrun_evaluation *result)
{
    char loss[TEST_TABLES_LOSS];

    printf("%.2f %% right (%llu of %llu), 95 %% interval %.2f to %.2f %%, loss %s", 100 * result->accuracy,
           (unsigned long long)result->right, (unsigned long long)result->count, 100 * result->low,
           100 * result->high, test_tables_loss(loss, result->loss));
}

/* A dash if it is part of nothing. */
static void print_part(double part, int width)
{
    if (isnan(part))
        printf("  %*s", width, "-");
    else
        printf("  %*.2f", width, 100 * part);
}

static void print_classes(const nnrun_model *model, const nnrun_evaluation *result)
{
    const int label = names_width(model, result->classes, LABEL);

    printf("\n%-*s  samples  right  recall %%  precision %%\n", label, "class");
    for (size_t c = 0; c < result->classes; c++) {
        const nnrun_class_figures *figures = nnrun_evaluation_class(result, c);
        print_name(model, c, label);
        printf("  %7llu  %5llu", (unsigned long long)figures->samples, (unsigned long long)figures->right);
        print_part(figures->recall, 8);
        print_part(figures->precision, 11);
        putchar('\n');
    }
}

/* Predicted classes [from, to). */
static void print_columns(const nnrun_model *model, const nnrun_evaluation *result, size_t from, size_t to,
                          int width)
{
    const int label = names_width(model, result->classes, LABEL);

    printf("\n%*s", label, "");
    for (size_t c = from; c < to; c++) {
        putchar(' ');
        print_name(model, c, width);
    }
    putchar('\n');
    for (size_t r = 0; r < result->classes; r++) {
        print_name(model, r, label);
        for (size_t c = from; c < to; c++) {
            const uint64_t count = result->confusion[r * result->classes + c];
            if (count)
                printf(" %*llu", width, (unsigned long long)count);
            else
                printf(" %*s", width, ".");
        }
        putchar('\n');
    }
}

static void print_confusion(const nnrun_model *model, const nnrun_evaluation *result)
{
    const int label = names_width(model, result->classes, LABEL),
              wide = names_width(model, result->classes, 0);
    uint64_t most = 0;
    int width = 1;
    struct winsize size;
    size_t columns = result->classes;

    for (size_t i = 0; i < result->classes * result->classes; i++)
        most = result->confusion[i] > most ? result->confusion[i] : most;
    for (; most >= 10 || width < LEAST_WIDTH; most /= 10)
        width++;
    if (wide > width)
        width = wide < MOST_WIDTH ? wide : MOST_WIDTH;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > label + width + 1)
        columns = (size_t)(size.ws_col - label) / (size_t)(width + 1);
    printf("\nconfusion (rows: label, columns: predicted)");
    for (size_t from = 0; from < result->classes; from += columns)
        print_columns(model, result, from,
                      from + columns < result->classes ? from + columns : result->classes, width);
}

static void print_mistakes(const nnrun_model *model, const nnrun_evaluation *result)
{
    const int wide = names_width(model, result->classes, 0), label = wide > LABEL ? wide : LABEL;
    const int said = wide > SAID ? wide : SAID;
    const size_t shown = result->mistakes < TEST_TABLES_MISTAKES ? result->mistakes : TEST_TABLES_MISTAKES;

    if (shown == 0)
        return;
    printf("\nmost confident mistakes (%zu of %llu; samples count from 0)\nsample  %*s  %*s  output\n", shown,
           (unsigned long long)(result->count - result->right), label, "label", said, "said");
    for (size_t i = 0; i < shown; i++) {
        const nnrun_mistake *mistake = nnrun_evaluation_mistake(result, i);
        printf("%6u  ", (unsigned)mistake->sample);
        print_name(model, mistake->label, label);
        fputs("  ", stdout);
        print_name(model, mistake->said, said);
        printf("  %6.4f\n", (double)mistake->confidence);
    }
}

/* Also where samples have several labels, and so no classes. */
static void print_figures(const nnrun_model *model, const nnrun_evaluation *result)
{
    const double balanced = nnrun_evaluation_balanced_accuracy(result);
    const size_t areas = nnrun_evaluation_areas(result);
    char text[TEST_TABLES_LOSS];

    if (isfinite(balanced))
        printf("balanced accuracy %.2f %%: the mean of the recall of each class\n", 100 * balanced);
    if (areas > 0)
        printf("area under the ROC curve %s%s\n",
               test_tables_loss(text, nnrun_evaluation_area(result, areas > 1 ? areas : 0)),
               areas > 1 ? ": the mean of the labels" : "");
    if (areas > 1)
        printf("\n%*s  area\n", names_width(model, areas, LABEL), "label");
    for (size_t i = 0; areas > 1 && i < areas; i++) {
        const double area = nnrun_evaluation_area(result, i);
        print_name(model, i, names_width(model, areas, LABEL));
        printf("  %s\n", isnan(area) ? "-" : test_tables_loss(text, area));
    }
}

void test_tables_print(const nnrun_model *model, const nnrun_evaluation *result)
{
    print_figures(model, result);
    if (result->classes == 0)
        return;
    print_classes(model, result);
    print_confusion(model, result);
    print_mistakes(model, result);
}
