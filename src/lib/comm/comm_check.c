/* comm_check.c: see comm_check.h. */
#include "comm/comm_check.h"

#include <stdio.h>
#include <string.h>

#include "net/plugin_words.h"
#include "setting/name_word.h"

static int check_head(const void *bytes, size_t size, const char *path, struct error *error)
{
    const struct nnrun_comm_head *head = bytes;
    const size_t least = sizeof(struct nnrun_comm);

    if (head->magic != NNRUN_COMM_MAGIC)
        return error_set(error, ERROR_CONFIG,
                         "%s is not a communicator: nnrun_comm begins with 0x%08x, not 0x%08x", path,
                         (unsigned)head->magic, NNRUN_COMM_MAGIC);
    if (head->major != NNRUN_COMM_MAJOR)
        return error_set(error, ERROR_CONFIG,
                         "%s was built for communicators %u.%u; this nnrun has %d.%d: compile it again", path,
                         head->major, head->minor, NNRUN_COMM_MAJOR, NNRUN_COMM_MINOR);
    if (head->size < least || (head->minor <= NNRUN_COMM_MINOR && head->size != least))
        return plugin_broken(error, path, "its structure differs in size from that of its version", NULL);
    if (size < head->size)
        return plugin_broken(error, path, "nnrun_comm is shorter than it says", NULL);
    return 0;
}

const struct plugin_kind plugin_kind_comm = {.symbol = "nnrun_comm",
                                             .what = "communicator",
                                             .head = sizeof(struct nnrun_comm_head),
                                             .check = check_head};

static bool is_complete(const struct nnrun_comm *table)
{
    return table->open && table->rank && table->size && table->exchange && table->gather &&
           table->broadcast && table->agree && table->barrier && table->abort && table->close;
}

int comm_copy(const void *symbol, const char *path, struct nnrun_comm *table, struct error *error)
{
    const char *file = strrchr(path, '/');
    char wanted[128];

    memcpy(table, symbol, sizeof *table); /* check_head: it is no shorter */
    if (!name_word_ok(table->name))
        return plugin_broken(error, path, "its name is not [a-z][a-z0-9_]*", NULL);
    if (!plugin_line_ok(table->doc))
        return plugin_broken(error, path, "its doc is not one line of printable ASCII", NULL);
    if (!is_complete(table))
        return plugin_broken(error, path, "a function is missing", NULL);
    snprintf(wanted, sizeof wanted, "comm_%s.so", table->name);
    if (strcmp(file ? file + 1 : path, wanted) != 0)
        return error_set(error, ERROR_CONFIG, "%s holds communicator \"%s\", so it must be called %s", path,
                         table->name, wanted);
    return 0;
}
