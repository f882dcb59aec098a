/* timing.c: see timing.h. */
#include "measure/timing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "measure/bench.h"

static int measure_all(struct bench *b, const unsigned *threads, struct timing *timing)
{
    const struct net *net = b->model->net;
    unsigned most = 1;

    for (size_t i = 0; i < timing->count; i++)
        most = threads[i] > most ? threads[i] : most;
    for (size_t i = 0; i < net->node_count; i++) {
        timing->forward_flops += net->nodes[i].forward_flops;
        timing->backward_flops += net->nodes[i].dx_flops + net->nodes[i].dw_flops;
    }
    if (bench_init(b, most) != 0 || bench_set_threads(b, 1) != 0 ||
        layer_timing_measure(b, timing->layers) != 0)
        return -1;
    for (size_t i = 0; i < timing->count; i++)
        if (bench_set_threads(b, threads[i]) != 0 ||
            step_timing_measure(b, timing->forward_flops, timing->backward_flops, &timing->threads[i],
                                &timing->latency) != 0)
            return -1;
    return 0;
}

int timing_run(const struct model *model, const unsigned *threads, size_t count,
               const struct timing_listener *listener, struct timing *timing, struct error *error)
{
    struct bench bench = {.model = model,
                          .error = error,
                          .on_round = listener->on_round,
                          .arg = listener->arg,
                          .all_rounds = BENCH_ROUNDS * (1 + (unsigned)count)};
    int failed = -1;

    memset(timing, 0, sizeof *timing);
    timing->layers = memory_array(model->net->node_count, sizeof *timing->layers);
    timing->threads = memory_array(count, sizeof *timing->threads);
    timing->count = count;
    if (timing->layers && timing->threads)
        failed = measure_all(&bench, threads, timing);
    else
        error_memory(error);
    bench_finish(&bench);
    return failed;
}

void timing_finish(struct timing *timing)
{
    free(timing->layers);
    free(timing->threads);
    memset(timing, 0, sizeof *timing);
}
