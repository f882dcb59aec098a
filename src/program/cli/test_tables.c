/* test_tables.c: see test_tables.h. */
#include "cli/test_tables.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LABEL = 5, LEAST_WIDTH = 3 };

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

static void print_classes(const nnrun_evaluation *result)
{
    puts("\nclass  samples  right  recall %  precision %");
    for (size_t c = 0; c < result->classes; c++) {
        const nnrun_class_figures *figures = nnrun_evaluation_class(result, c);
        printf("%*zu  %7llu  %5llu  %8.2f  %11.2f\n", LABEL, c, (unsigned long long)figures->samples,
               (unsigned long long)figures->right, 100 * figures->recall, 100 * figures->precision);
    }
}

/* Predicted classes [from, to). */
static void print_columns(const nnrun_evaluation *result, size_t from, size_t to, int width)
{
    printf("\n%*s", LABEL, "");
    for (size_t c = from; c < to; c++)
        printf(" %*zu", width, c);
    putchar('\n');
    for (size_t r = 0; r < result->classes; r++) {
        printf("%*zu", LABEL, r);
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

static void print_confusion(const nnrun_evaluation *result)
{
    uint64_t most = 0;
    int width = 1;
    struct winsize size;
    size_t columns = result->classes;

    for (size_t i = 0; i < result->classes * result->classes; i++)
        most = result->confusion[i] > most ? result->confusion[i] : most;
    for (; most >= 10 || width < LEAST_WIDTH; most /= 10)
        width++;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > LABEL + width + 1)
        columns = (size_t)(size.ws_col - LABEL) / (size_t)(width + 1);
    printf("\nconfusion (rows: label, columns: predicted)");
    for (size_t from = 0; from < result->classes; from += columns)
        print_columns(result, from, from + columns < result->classes ? from + columns : result->classes,
                      width);
}

static void print_mistakes(const nnrun_evaluation *result)
{
    const size_t shown = result->mistakes < TEST_TABLES_MISTAKES ? result->mistakes : TEST_TABLES_MISTAKES;

    if (shown == 0)
        return;
    printf("\nmost confident mistakes (%zu of %llu; samples count from 0)\nsample  label  said  output\n",
           shown, (unsigned long long)(result->count - result->right));
    for (size_t i = 0; i < shown; i++) {
        const nnrun_mistake *mistake = nnrun_evaluation_mistake(result, i);
        printf("%6u  %5u  %4u  %6.4f\n", (unsigned)mistake->sample, (unsigned)mistake->label,
               (unsigned)mistake->said, (double)mistake->confidence);
    }
}

void test_tables_print(const nnrun_evaluation *result)
{
    if (result->classes == 0)
        return;
    print_classes(result);
    print_confusion(result);
    print_mistakes(result);
}
