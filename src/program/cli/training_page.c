/* training_page.c: see training_page.h. */
#include "cli/training_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/public_evaluation.h"
#include "cli/advice.h"
#include "cli/inner_options.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "report/report.h"

static void warn_no_report(const struct error_entry *why)
{
    char *line = advice_line(why);

    say(stderr, "nnrun: warning: there is no report: %s\n", line ? line : why->text);
    free(line);
}

/* The training has ended well, whatever becomes of its page. */
void training_page_write(const struct options *options, const char *run, const nnrun_evaluation *test)
{
    struct model_options model_options = options_model(options, true);
    const struct evaluation untested = {0};
    const char *const runs[] = {run};
    const struct report_spec spec = {.runs = runs,
                                     .count = 1,
                                     .options = &model_options,
                                     .test = test ? public_evaluation_result(test) : &untested,
                                     .words = advice_text};
    struct report_result written;
    struct screen out;
    struct error error = {0};

    screen_init(&out, STDOUT_FILENO);
    model_options.override_count = 0; /* what is to be kept of them is in the checkpoint */
    if (report_write(&spec, &written, &error) != 0)
        warn_no_report(error_entry(&error, 0));
    else if (!options->json && !options->quiet)
        screen_say(&out, "report: %s", written.path);
    report_finish(&written);
    error_clear(&error);
}
