/* standard_files.h: descriptors 0, 1 and 2 are input, output and error, whatever the program was started with. */
#ifndef CLI_STANDARD_FILES_H
#define CLI_STANDARD_FILES_H

/* Takes each of the three that is closed, so that no file that is opened later gets its number and, with it, what is
 * printed. Reading or writing it then fails as if it were closed. Before anything is opened. Returns 0, or -1 with errno. */
int standard_files_take(void);
#endif
