/* comm.c: see comm.h. */
#include "comm/comm.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "comm/comm_check.h"
#include "setting/name_word.h"

struct comm {
    struct nnrun_comm table;
    void *state;
    uint32_t rank, size;
    bool broken;                         /* a call has failed: none is made any more */
    struct nnrun_comm_message *messages; /* [room], for an exchange */
    size_t room;
};

/* ---- opening -------------------------------------------------------------------------------------------- */

static int not_found(const struct registry *registry, const char *name, struct error *error)
{
    char folders[REGISTRY_FOLDERS_TEXT];

    registry_folders(registry, folders);
    if (!*folders)
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.advice = ADVICE_NO_PLUGIN_FOLDER},
                            "no communicator \"%s\": no plugin folder exists", name);
    return error_set(error, ERROR_ARGUMENT, "no communicator \"%s\" (no comm_%s.so in %s)", name, name,
                     folders);
}

static int load(struct comm *comm, struct registry *registry, const char *name, struct error *error)
{
    char file[sizeof "comm_" + 64] = REGISTRY_OTHER, *path = NULL;
    const void *symbol = NULL;
    int found;

    if (!name_word_ok(name))
        return error_set(
            error, ERROR_ARGUMENT,
            "\"%.64s\" is not a communicator: expected a lower-case letter, then lower-case letters, digits or _",
            name);
    text_add(file, sizeof file, "%s", name);
    found = registry_load_other(registry, &plugin_kind_comm, file, &symbol, &path, error);
    if (found > 0)
        not_found(registry, name, error);
    else if (found == 0)
        found = comm_copy(symbol, path, &comm->table, error);
    free(path);
    return found ? -1 : 0;
}

/* What a plugin says is not believed to have an end, or to be printable: error_set sees to that. */
static int failed(struct comm *comm, const char *what, const char why[NNRUN_COMM_TEXT], struct error *error)
{
    const size_t length = strnlen(why, NNRUN_COMM_TEXT);

    comm->broken = true;
    return error_set(error, ERROR_FAILED, "communicator \"%s\": %s: %.*s", comm->table.name, what,
                     length ? (int)length : NNRUN_COMM_TEXT, length ? why : "it failed without a reason");
}

struct comm *comm_open(struct registry *registry, const char *name, struct error *error)
{
    struct comm *comm = memory_array(1, sizeof *comm);
    char why[NNRUN_COMM_TEXT] = "";

    if (!comm) {
        error_memory(error);
        return NULL;
    }
    if (load(comm, registry, name, error) != 0) {
        free(comm);
        return NULL;
    }
    if (comm->table.open(&comm->state, why) != 0) {
        failed(comm, "open", why, error);
        free(comm);
        return NULL;
    }
    comm->rank = comm->table.rank(comm->state);
    comm->size = comm->table.size(comm->state);
    if (comm->size >= 1 && comm->size <= NNRUN_COMM_MOST_RANKS && comm->rank < comm->size)
        return comm;
    error_set(error, ERROR_FAILED, "communicator \"%s\": this is rank %u of %u, which cannot be", name,
              (unsigned)comm->rank, (unsigned)comm->size);
    comm_close(comm, true);
    return NULL;
}

void comm_close(struct comm *comm, bool broken)
{
    char why[NNRUN_COMM_TEXT] = "";

    if (!comm)
        return;
    /* whoever ends well knows that all others have come to their end */
    if (comm->broken || broken || comm->table.barrier(comm->state, why) != 0)
        (*comm->table.abort)(comm->state);
    else
        comm->table.close(comm->state);
    free(comm->messages);
    free(comm);
}

uint32_t comm_rank(const struct comm *comm)
{
    return comm->rank;
}

uint32_t comm_size(const struct comm *comm)
{
    return comm->size;
}

/* ---- calls ---------------------------------------------------------------------------------------------- */

static int is_broken(const struct comm *comm, struct error *error)
{
    return error_set(error, ERROR_FAILED, "communicator \"%s\": a call has failed before", comm->table.name);
}

/* The k-th stretch of so many bytes, at most NNRUN_COMM_MOST; 0: it has none. */
static size_t stretch(size_t bytes, size_t k)
{
    const size_t most = NNRUN_COMM_MOST, before = k * most;

    return bytes <= before ? 0 : bytes - before < most ? bytes - before : most;
}

static int make_room(struct comm *comm, size_t count, struct error *error)
{
    void *more =
        count > comm->room ? memory_resize(comm->messages, count, sizeof *comm->messages) : comm->messages;

    if (count > comm->room && !more) {
        comm->broken = true; /* the others wait for what will not come */
        return error_memory(error);
    }
    comm->messages = more;
    comm->room = count > comm->room ? count : comm->room;
    return 0;
}

/* Stretch k of each message that has one. Returns how many have. */
static size_t cut(struct comm *comm, const struct nnrun_comm_message *messages, size_t count, size_t k)
{
    const size_t at = k * NNRUN_COMM_MOST;
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        struct nnrun_comm_message *part = &comm->messages[used];
        const size_t bytes = stretch(messages[i].bytes, k);

        if (bytes == 0)
            continue;
        *part = messages[i];
        part->bytes = bytes;
        part->send = part->send ? (const char *)part->send + at : NULL;
        part->receive = part->receive ? (char *)part->receive + at : NULL;
        used++;
    }
    return used;
}

int comm_exchange(struct comm *comm, const struct nnrun_comm_message *messages, size_t count,
                  struct error *error)
{
    char why[NNRUN_COMM_TEXT] = "";
    size_t used;

    if (comm->broken)
        return is_broken(comm, error);
    if (make_room(comm, count, error) != 0)
        return -1;
    for (size_t k = 0; (used = cut(comm, messages, count, k)) > 0; k++)
        if (comm->table.exchange(comm->state, comm->messages, used, why) != 0)
            return failed(comm, "exchange", why, error);
    return 0;
}

int comm_broadcast(struct comm *comm, uint32_t from, void *memory, size_t bytes, struct error *error)
{
    char why[NNRUN_COMM_TEXT] = "";
    size_t part;

    if (comm->broken)
        return is_broken(comm, error);
    for (size_t k = 0; (part = stretch(bytes, k)) > 0; k++)
        if (comm->table.broadcast(comm->state, from, (char *)memory + k * NNRUN_COMM_MOST, part, why) != 0)
            return failed(comm, "broadcast", why, error);
    return 0;
}

int comm_gather(struct comm *comm, void *memory, const struct nnrun_comm_part *parts, struct error *error)
{
    char why[NNRUN_COMM_TEXT] = "";
    bool small = true;
    size_t most = 0;

    if (comm->broken)
        return is_broken(comm, error);
    for (uint32_t r = 0; r < comm->size; r++) {
        small = small && parts[r].at <= NNRUN_COMM_MOST && parts[r].bytes <= NNRUN_COMM_MOST - parts[r].at;
        most = parts[r].bytes > most ? parts[r].bytes : most;
    }
    if (most == 0)
        return 0;
    for (uint32_t r = 0; !small && r < comm->size; r++)
        if (comm_broadcast(comm, r, (char *)memory + parts[r].at, parts[r].bytes, error) != 0)
            return -1;
    if (small && comm->table.gather(comm->state, memory, parts, why) != 0)
        return failed(comm, "gather", why, error);
    return 0;
}

int comm_agree(struct comm *comm, uint64_t *bits, struct error *error)
{
    char why[NNRUN_COMM_TEXT] = "";

    if (comm->broken)
        return is_broken(comm, error);
    return comm->table.agree(comm->state, bits, why) == 0 ? 0 : failed(comm, "agree", why, error);
}
