/* digit-styles.h: the shapes of handwritten digits, as knots of strokes. Pure functions, [any thread]. */
#ifndef DATA_DIGIT_STYLES_H
#define DATA_DIGIT_STYLES_H

enum {
    DIGIT_STROKES = 2, /* at most, in a style */
    DIGIT_KNOTS = 13   /* at most, in a stroke */
};

/* A stroke is the quadratic B-spline of its knots, from the first to the last; a knot given twice is a corner
 * that the pen passes through. */
struct digit_stroke {
    unsigned char knots;              /* 0: no stroke */
    signed char knot[DIGIT_KNOTS][2]; /* x, y */
};

struct digit_style {
    unsigned char digit;
    unsigned char weight; /* how common, among the styles of the digit */
    struct digit_stroke stroke[DIGIT_STROKES];
};

/* A style of the digit 0 .. 9, drawn by `pick`, a uniform random number. */
const struct digit_style *digit_style(unsigned digit, unsigned pick);
#endif
