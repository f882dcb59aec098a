/* crasher.c: layers that end the process they run in. y = x, with -DTYPE='"wild"' and statements for the functions, as
 * -DFORWARD='s->y[100000000] = 1;'; -DTARGET=NNRUN_CLASS: a loss of zero. */
#include "fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef PLAN
#define PLAN
#endif
#ifndef FORWARD
#define FORWARD
#endif
#ifndef BACKWARD
#define BACKWARD
#endif
#ifndef TARGET
#define TARGET NNRUN_NO_TARGET
#endif

/* What compilers cannot leave out. */
static volatile int zero, sink;
#define FAULT()  (*(volatile int *)(size_t)zero = 1)
#define DIVIDE() (sink = 7 / zero)
__attribute__((unused)) static int deep(volatile int *up)
{
    volatile int here[1024];

    here[zero] = *up;
    return deep(here) + here[1];
}
#define OVERFLOW() deep(&zero)
/* True from the n-th call on. */
__attribute__((unused)) static int calls;
#define FROM(n) (__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) >= (n))

static int plan(void *self, struct nnrun_plan *plan)
{
    *(size_t *)self = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    plan->keep_bytes = 64;
    PLAN return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    memcpy(s->y, s->x[0], *(const size_t *)self * sizeof *s->y);
    for (size_t lane = 0; s->loss && lane < NNRUN_LANES; lane++)
        s->loss[lane] = 0;
    FORWARD
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; s->dx[0] && i < *(const size_t *)self; i++)
        s->dx[0][i] = s->dy ? s->dy[i] : 0;
    BACKWARD
}

const struct nnrun_layer nnrun_plugin = {.head = NNRUN_HEAD,
                                         .type = TYPE,
                                         .doc = "ends its process",
                                         .target = TARGET,
                                         .min_inputs = 1,
                                         .max_inputs = 1,
                                         .instance_size = sizeof(size_t),
                                         .plan = plan,
                                         .code = {{forward, backward}}};
