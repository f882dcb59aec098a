/* command_serve.c: nnrun serve: a network that answers over HTTP. */
#include "cli/command.h"

#ifdef HAVE_MICROHTTPD
#include <stdio.h>

#include <jansson.h>

#include <nnrun/nnrun.h>

#include "base/json_text.h"
#include "cli/library_error.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "serve/server.h"

enum { PORT = 8080 };

/* For a script that waits for it, too. */
static int say_where(const struct options *options, const char *url)
{
    json_t *event;

    if (!options->json) {
        if (!options->quiet)
            say(stdout, "serving %s on %s\n", options->subject, url);
        return command_flush(STATUS_OK);
    }
    event =
        json_pack("{s:s, s:o, s:s}", "event", "serve", "checkpoint", json_text(options->subject), "url", url);
    return command_print_json(json_line(event, 9)) == 0 ? command_flush(STATUS_OK) : STATUS_FAILED;
}

/* Until a signal. Returns the exit status. */
static int serve(const struct options *options, const nnrun_model *model, struct signals *signals,
                 struct error *error)
{
    const struct server_options server_options = {
        .checkpoint = options->subject,
        .address = options->address ? options->address : "127.0.0.1",
        .port = options->port_given ? options->port : PORT,
        .threads = nnrun_describe(model)->threads,
    };
    struct server *server = server_start(model, &server_options, error);
    int status = server ? say_where(options, server_url(server)) : command_failed(options, error);
    while (server && status == STATUS_OK && !signals_wait(signals, 1000))
        server_look(server);
    if (server)
        server_stop(server);
    return status;
}

int command_serve(const struct options *options)
{
    const nnrun_options open = options_open(options, NNRUN_CHECKPOINT);
    nnrun_error refused = NNRUN_ERROR_INIT;
    nnrun_model *model = NULL;
    struct error error = {0};
    struct signals signals;
    int status;

    if (options_need_subject(options, "CHECKPOINT", &error) != 0 || signals_begin(&signals, &error) != 0)
        return command_failed(options, &error);
    model = nnrun_open(options->subject, &open, &refused);
    if (!model)
        library_error(&error, &refused);
    status = model ? serve(options, model, &signals, &error) : command_failed(options, &error);
    nnrun_close(model);
    signals_end(&signals);
    return status;
}
#else
int command_serve(const struct options *options)
{
    struct error error = {0};

    error_set(&error, ERROR_FAILED, "serve: this program was built without libmicrohttpd");
    return command_failed(options, &error);
}
#endif
