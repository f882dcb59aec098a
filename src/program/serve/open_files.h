/* open_files.h: how many connections fit the files that the process may open. Beyond that none is accepted, and
 * who holds those there are would keep everyone out. */
#ifndef SERVE_OPEN_FILES_H
#define SERVE_OPEN_FILES_H

struct open_files {
    unsigned connections; /* at most LIMIT_CONNECTIONS */
    unsigned ending;      /* more that are ended but still there */
};

/* Of so many files. [any thread] */
struct open_files open_files_share(unsigned long files);

/* Of the process: raises its limit as far as that is needed and allowed. [setup] */
struct open_files open_files_begin(void);
#endif
