/* coverage.h: included first in each file of a build that counts its coverage: where the process ends at once, as after a
 * crash, the counters of the file that calls are written all the same. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <unistd.h>

#ifdef __cplusplus
extern "C"
#endif
    void
    __gcov_dump(void);

__attribute__((noreturn)) static inline void coverage_exit(int status)
{
    __gcov_dump();
    _exit(status);
}
#define _exit coverage_exit
#endif
