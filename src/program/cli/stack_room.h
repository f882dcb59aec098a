/* stack_room.h: the stack of the first thread, grown while lack of memory can be said. */
#ifndef CLI_STACK_ROOM_H
#define CLI_STACK_ROOM_H

/* Makes the caller's stack as large as any command needs it: later there may be no memory for that, and the system then
 * ends the process. First thing in `main`. Returns NULL, or what it lacks. */
const char *stack_room_take(void);
#endif
