/* class_order.c: see class_order.h. */
#include "pack/class_order.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { MOST_DIGITS = 9 };

/* Bytes of UTF-8 sort as the code points do. */
int class_compare(const char *a, const char *b)
{
    return strcmp(a, b);
}

static const char digits[] = "0123456789";

/* Runs of digits by value: the shorter one without its zeros is the smaller. */
static int compare_digits(const char **a, const char **b)
{
    const size_t zeros_a = strspn(*a, "0"), zeros_b = strspn(*b, "0");
    const size_t length_a = strspn(*a + zeros_a, digits), length_b = strspn(*b + zeros_b, digits);
    int sign = length_a < length_b ? -1 : length_a > length_b;

    if (sign == 0)
        sign = strncmp(*a + zeros_a, *b + zeros_b, length_a);
    *a += zeros_a + length_a;
    *b += zeros_b + length_b;
    return sign;
}

int class_compare_natural(const char *a, const char *b)
{
    const char *at_a = a, *at_b = b;

    while (*at_a && *at_b) {
        if (strspn(at_a, digits) > 0 && strspn(at_b, digits) > 0) {
            const int sign = compare_digits(&at_a, &at_b);
            if (sign != 0)
                return sign;
        } else if (*at_a != *at_b) {
            return (unsigned char)*at_a < (unsigned char)*at_b ? -1 : 1;
        } else {
            at_a++;
            at_b++;
        }
    }
    if (*at_a != *at_b)
        return *at_a ? 1 : -1;
    return strcmp(a, b); /* "1" and "01" */
}

/* A name with its provisional label. */
struct named {
    const char *name;
    uint32_t label;
};

static int by_code(const void *a, const void *b)
{
    return class_compare(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static int by_nature(const void *a, const void *b)
{
    return class_compare_natural(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* A whole number of few digits? */
static bool is_number(const char *name, uint32_t *number)
{
    const size_t length = strspn(name, digits);

    if (length == 0 || length > MOST_DIGITS || name[length])
        return false;
    *number = (uint32_t)strtoul(name, NULL, 10);
    return true;
}

/* Likewise, perhaps below 0. */
static bool is_whole(const char *name, int64_t *whole)
{
    uint32_t number = 0;
    const bool below = *name == '-', is = is_number(name + below, &number);

    *whole = below ? -(int64_t)number : (int64_t)number;
    return is;
}

/* Of names that are whole numbers; "1" and "01" by code. */
static int by_value(const void *a, const void *b)
{
    int64_t x, y;

    is_whole(((const struct named *)a)->name, &x);
    is_whole(((const struct named *)b)->name, &y);
    return x != y ? (x < y ? -1 : 1) : by_code(a, b);
}

static int fail_many(size_t count, struct error *error)
{
    return error_set(error, ERROR_DATA, "%zu classes; at most %d are possible, as a label is a byte", count,
                     (int)CLASSES_MOST);
}

static int make_room(struct class_order *order, size_t classes, size_t labels, struct error *error)
{
    if (classes > CLASSES_MOST)
        return fail_many(classes, error);
    order->names = memory_array(classes, sizeof *order->names);
    order->of = memory_array(labels, sizeof *order->of);
    return order->names && order->of ? 0 : error_memory(error);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

int class_name_check(const char *name, struct error *error)
{
    const size_t length = strlen(name);

    if (length == 0 || length > CLASS_NAME)
        return error_set(error, ERROR_DATA,
                         "class \"%s\": the name of a class has from 1 to %d bytes, this has %zu", name,
                         (int)CLASS_NAME, length);
    if (!text_is_all_shown(name) || is_blank(name[0]) || is_blank(name[length - 1]))
        return error_set(
            error, ERROR_DATA,
            "class \"%s\": the name of a class is UTF-8 text without control characters, and without "
            "blanks around it",
            name);
    return 0;
}

static int add_name(struct class_order *order, const char *name, struct error *error)
{
    if (class_name_check(name, error) != 0)
        return -1;
    order->names[order->count] = memory_string(name);
    if (!order->names[order->count])
        return error_memory(error);
    order->count++;
    return 0;
}

static int keep_sorted(struct class_order *order, const struct named *sorted, size_t count,
                       struct error *error)
{
    if (make_room(order, count, count, error) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        order->of[sorted[i].label] = (uint32_t)i;
        if (add_name(order, sorted[i].name, error) != 0)
            return -1;
    }
    return 0;
}

/* Sorted numbers: what does not begin with 0, or has gaps. Those below 0 cannot be kept. */
static int tell_numbers(const struct named *sorted, size_t count, struct remarks *remarks,
                        struct error *error)
{
    int64_t first = 0, last = 0, missing = 0, before = 0;

    for (size_t i = 0; i < count; i++) {
        is_whole(sorted[i].name, &last);
        if (i == 0)
            first = last;
        else if (missing == 0 && last > before + 1)
            missing = before + 1;
        before = last;
    }
    if (first < 0)
        return remark_add(remarks, "label_start", NULL, 0, error,
                          "labels start at %" PRId64 ": label %" PRId64 " is class 0, and label %" PRId64
                          " is class %zu",
                          first, first, last, count - 1);
    if (missing > 0)
        return remark_add(
            remarks, "label_gaps", "first-label 0 to keep the numbers", (size_t)last + 1 - count, error,
            "labels have gaps: %" PRId64 " is missing, for example, so that label %" PRId64 " is class %zu",
            missing, last, count - 1);
    if (first > 0)
        return remark_add(remarks, "label_start", "first-label 0 to keep the numbers", (size_t)first, error,
                          "labels start at %" PRId64 ": label %" PRId64 " is class 0", first, first);
    return 0;
}

static int make_numbered(struct class_order *order, const struct named *sorted, size_t count, uint32_t first,
                         struct error *error)
{
    uint32_t last = 0, number;
    char *name;
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_number(sorted[i].name, &number))
            return error_set(error, ERROR_ARGUMENT, "class \"%s\" is not a number, as a first label requires",
                             sorted[i].name);
        if (number < first)
            return error_set(error, ERROR_ARGUMENT, "label %u is below the first label, %u", number, first);
        last = number > last ? number : last;
    }
    if (make_room(order, (size_t)last - first + 1, count, error) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        is_number(sorted[i].name, &number);
        order->of[sorted[i].label] = number - first;
    }
    for (number = first; !failed && number <= last; number++) {
        name = memory_format("%u", number);
        failed = name ? add_name(order, name, error) : error_memory(error);
        free(name);
    }
    return failed;
}

int class_order_make(struct class_order *order, const char *const *names, size_t count,
                     const struct pack_options *options, struct remarks *remarks, struct error *error)
{
    struct named *sorted = memory_array(count, sizeof *sorted);
    bool numbers = true;
    int64_t whole;
    int failed;

    *order = (struct class_order){0};
    if (!sorted)
        return error_memory(error);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct named){names[i], (uint32_t)i};
        numbers = numbers && is_whole(names[i], &whole);
    }
    qsort(sorted, count, sizeof *sorted, numbers ? by_value : options->natural ? by_nature : by_code);
    if (options->numbered && count > 0)
        failed = make_numbered(order, sorted, count, options->first_label, error);
    else
        failed = keep_sorted(order, sorted, count, error);
    if (!failed && numbers && !options->numbered && count > 0)
        failed = tell_numbers(sorted, count, remarks, error);
    free(sorted);
    return failed;
}

int class_order_keep(struct class_order *order, const char *const *names, size_t count, struct error *error)
{
    int failed = 0;

    *order = (struct class_order){0};
    order->names = memory_array(count, sizeof *order->names);
    if (!order->names)
        return error_memory(error);
    for (size_t i = 0; !failed && i < count; i++)
        failed = add_name(order, names[i], error);
    return failed;
}

void class_order_finish(struct class_order *order)
{
    for (size_t i = 0; i < order->count; i++)
        free(order->names[i]);
    free(order->names);
    free(order->of);
    *order = (struct class_order){0};
}
