/* coverage.h: included first in each file of a build that counts its coverage: where the process ends at once, as after a
 * crash or by a signal, the counters of the file that calls are written all the same. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif
void __gcov_dump(void);
void __gcov_reset(void);
#ifdef __cplusplus
}
#endif

__attribute__((noreturn)) static inline void coverage_exit(int status)
{
    __gcov_dump();
    _exit(status);
}
#define _exit coverage_exit

#ifdef __USE_POSIX /* plain C has no processes */
/* The signal may end another process, or be taken later: what is counted from here on is written at the end. */
static inline int coverage_kill(pid_t process, int number)
{
    __gcov_dump();
    __gcov_reset();
    return kill(process, number);
}

static inline int coverage_raise(int number)
{
    __gcov_dump();
    __gcov_reset();
    return raise(number);
}
#define kill(process, number) coverage_kill(process, number)
#define raise(number)         coverage_raise(number)
#endif
#endif
