/* stack_room.c: see stack_room.h. */
#include "cli/stack_room.h"

#include <stddef.h>
#include <sys/resource.h>

#include "base/memory.h"

/* Several lines of a message (say.h), one within the other. */
enum { ROOM = 512 << 10 };

/* The system makes the stack reach down to whatever is touched. Its own function: only once there is room. */
__attribute__((noinline)) static char touch(void)
{
    volatile char room[ROOM];

    room[0] = 0;
    return room[0];
}

const char *stack_room_take(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_STACK, &limit) != 0)
        return NULL;
    if (limit.rlim_cur < ROOM)
        return "the limit of the stack is too low: expected at least 512 kB; \"ulimit -s 8192\" is usual";
    if (limit.rlim_cur < (rlim_t)4 * ROOM)
        return NULL;
    if (!memory_has_room(ROOM))
        return "out of memory";
    (void)touch();
    return NULL;
}
