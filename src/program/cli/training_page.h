/* training_page.h: the page about a run, written when its training has ended. */
#ifndef CLI_TRAINING_PAGE_H
#define CLI_TRAINING_PAGE_H

#include "cli/options.h"

/* With the test at the end, if there was one; of a run that was finished before only if it has no page, with a new test.
 * Says where it is, or warns that there is none. */
void training_page_write(const struct options *options, const nnrun_training *training);
#endif
