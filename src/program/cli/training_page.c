/* training_page.c: see training_page.h. */
#include "cli/training_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/public_evaluation.h"
#include "cli/advice.h"
#include "cli/inner_options.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "report/report.h"
#include "run/run_files.h"

static void warn_no_report(const struct error_entry *why)
{
    char *line = advice_line(why);

    say(stderr, "nnrun: warning: there is no report: %s\n", line ? line : why->text);
    free(line);
}

/* Whether a run that was finished before has its page: one that was killed just before it was written has none. */
static bool is_there(const char *run)
{
    char *path = run_file_path(run, RUN_REPORT);
    const bool is = !path || access(path, F_OK) == 0 || errno != ENOENT;

    free(path);
    return is;
}

/* The training has ended well, whatever becomes of its page. */
void training_page_write(const struct options *options, const nnrun_training *training)
{
    struct model_options model_options = options_model(options, true);
    const struct evaluation untested = {0};
    const bool was = training->end == NNRUN_WAS_FINISHED;
    const nnrun_evaluation *test = training->test;
    const char *const runs[] = {training->run};
    const struct report_spec spec = {.runs = runs,
                                     .count = 1,
                                     .options = &model_options,
                                     .test = was    ? NULL
                                             : test ? public_evaluation_result(test)
                                                    : &untested,
                                     .words = advice_text};
    struct report_result written;
    struct screen out;
    struct error error = {0};

    if (was && is_there(training->run))
        return;
    screen_init(&out, STDOUT_FILENO);
    model_options.override_count = 0; /* what is to be kept of them is in the checkpoint */
    if (report_write(&spec, &written, &error) != 0)
        warn_no_report(error_entry(&error, 0));
    else if (!options->json && !options->quiet)
        screen_say(&out, "report: %s", written.path);
    report_finish(&written);
    error_clear(&error);
}
