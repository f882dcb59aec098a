/* plugin_watch.c: see plugin_watch.h. A call costs a compare-and-swap and some stores, in a place that the thread
 * most likely has to itself. */
#include "net/plugin_watch.h"

#include <pthread.h>

static uintptr_t this_thread(void)
{
    return (uintptr_t)pthread_self();
}

/* Threads' descriptors lie whole stacks apart: their upper bits differ. */
static size_t home_of(uintptr_t thread)
{
    return (size_t)((uint64_t)thread * UINT64_C(0x9e3779b97f4a7c15) >> 32) % PLUGIN_WATCH_CALLS;
}

static uint32_t find_nulls(const struct nnrun_slice *slice)
{
    return (slice->dw ? 0u : PLUGIN_NULL_DW) | (slice->dy ? 0u : PLUGIN_NULL_DY) |
           (slice->dx ? 0u : PLUGIN_NULL_DX) | (slice->target ? 0u : PLUGIN_NULL_TARGET) |
           (slice->loss ? 0u : PLUGIN_NULL_LOSS) | (slice->keep ? 0u : PLUGIN_NULL_KEEP) |
           (slice->scratch ? 0u : PLUGIN_NULL_SCRATCH) | (slice->random ? 0u : PLUGIN_NULL_RANDOM);
}

/* Now, as the plugin may overwrite the slice before it crashes. */
static void note_slice(struct plugin_call *call, const struct nnrun_slice *slice)
{
    call->of_slice = true;
    call->training = slice->training;
    call->inputs = slice->inputs;
    call->null = find_nulls(slice);
    for (uint32_t i = 0; slice->dx && i < slice->inputs; i++)
        call->null_dx |= (uint64_t)!slice->dx[i] << i;
}

static struct plugin_watch_entry *take_entry(struct plugin_watch *watch)
{
    const uintptr_t thread = this_thread();
    const size_t home = home_of(thread);

    for (size_t i = 0; i < PLUGIN_WATCH_CALLS; i++) {
        struct plugin_watch_entry *entry = &watch->entries[(home + i) % PLUGIN_WATCH_CALLS];
        uintptr_t nobody = 0;
        if (atomic_compare_exchange_strong_explicit(&entry->thread, &nobody, thread, memory_order_acquire,
                                                    memory_order_relaxed))
            return entry;
    }
    return NULL;
}

struct plugin_watch_entry *plugin_watch_begin(struct plugin_watch *watch, const struct plugin_call *call,
                                              const struct nnrun_slice *slice)
{
    struct plugin_watch_entry *entry = watch ? take_entry(watch) : NULL;

    if (!entry)
        return NULL;
    entry->call = *call;
    if (slice)
        note_slice(&entry->call, slice);
    atomic_signal_fence(memory_order_seq_cst); /* a signal within the call finds all of it */
    return entry;
}

void plugin_watch_end(struct plugin_watch_entry *entry)
{
    if (entry)
        atomic_store_explicit(&entry->thread, 0, memory_order_release);
}

bool plugin_watch_find(const struct plugin_watch *watch, struct plugin_call *call)
{
    const uintptr_t thread = this_thread();

    for (size_t i = 0; i < PLUGIN_WATCH_CALLS; i++)
        if (atomic_load_explicit(&watch->entries[i].thread, memory_order_relaxed) == thread) {
            *call = watch->entries[i].call;
            return true;
        }
    return false;
}

bool plugin_watch_find_any(const struct plugin_watch *watch, struct plugin_call *call)
{
    for (size_t i = 0; i < PLUGIN_WATCH_CALLS; i++)
        if (atomic_load_explicit(&watch->entries[i].thread, memory_order_acquire) != 0) {
            *call = watch->entries[i].call;
            return true;
        }
    return false;
}
