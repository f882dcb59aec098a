/* json.h: numbers as nnrun's --json prints them, so that answers can be compared as text. Nine digits tell every float
 * from every other. */
#ifndef CLIENT_JSON_H
#define CLIENT_JSON_H

#include <stdio.h>
#include <string.h>

static inline void json_real(const char *before, double value)
{
    char text[40], *exponent;

    if (value != value) { /* NaN */
        printf("%snull", before);
        return;
    }
    snprintf(text, sizeof text, "%.9g", value);
    if (!strpbrk(text, ".e"))
        strcat(text, ".0");
    exponent = strchr(text, 'e');
    if (exponent) { /* e-05 is e-5 there */
        char *digits = exponent + 2;
        char *first = digits + strspn(digits, "0");
        memmove(digits, first, strlen(first) + 1);
    }
    printf("%s%s", before, text);
}
#endif
