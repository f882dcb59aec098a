/* hidden.h: steps through memory that a compiler is not to reckon with. */
#ifndef HIDDEN_H
#define HIDDEN_H
#include <stddef.h>

/* `step`, of which the compiler then knows nothing: it would carry loads from one round of a loop to the next, or count
 * on a register for each multiple, and run out of registers. */
static inline ptrdiff_t hidden(ptrdiff_t step)
{
    __asm__("" : "+r"(step));
    return step;
}
#endif
