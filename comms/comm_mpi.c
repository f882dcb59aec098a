/* comm_mpi.c: the communicator "mpi": whatever MPI there is carries the bytes, and adds nothing. */
#include <limits.h>
#include <mpi.h>
#include <nnrun/comm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mpi {
    MPI_Comm comm;
    int rank, size;
    int *counts, *places;  /* [size] */
    MPI_Request *requests; /* [room] */
    MPI_Status *statuses;  /* [room] */
    size_t room;
    int ours; /* MPI was not there before, and is left by whoever brought it */
};

_Static_assert(NNRUN_COMM_MOST <= INT_MAX, "a message has as many bytes as MPI can count");

static int32_t no_memory(char why[NNRUN_COMM_TEXT])
{
    snprintf(why, NNRUN_COMM_TEXT, "out of memory");
    return -1;
}

/* What MPI says of a failure; 0: it is none. */
static int32_t check(int code, char why[NNRUN_COMM_TEXT])
{
    char text[MPI_MAX_ERROR_STRING + 1] = "MPI failed";
    int length = 0;

    if (code == MPI_SUCCESS)
        return 0;
    if (MPI_Error_string(code, text, &length) != MPI_SUCCESS)
        snprintf(text, sizeof text, "MPI failed");
    snprintf(why, NNRUN_COMM_TEXT, "%.*s", NNRUN_COMM_TEXT - 1, text);
    return -1;
}

static void drop(struct mpi *mpi)
{
    free(mpi->counts);
    free(mpi->places);
    free(mpi->requests);
    free(mpi->statuses);
    free(mpi);
}

static int32_t join(struct mpi *mpi, char why[NNRUN_COMM_TEXT])
{
    int there = 0, gone = 0, level;

    if (check(MPI_Initialized(&there), why) != 0 || check(MPI_Finalized(&gone), why) != 0)
        return -1;
    if (gone) {
        snprintf(why, NNRUN_COMM_TEXT, "this process has left MPI, which can be joined once only");
        return -1;
    }
    mpi->ours = !there;
    if (!there && check(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level), why) != 0)
        return -1;
    if (check(MPI_Comm_dup(MPI_COMM_WORLD, &mpi->comm), why) != 0 ||
        check(MPI_Comm_set_errhandler(mpi->comm, MPI_ERRORS_RETURN), why) != 0 ||
        check(MPI_Comm_rank(mpi->comm, &mpi->rank), why) != 0 ||
        check(MPI_Comm_size(mpi->comm, &mpi->size), why) != 0)
        return -1;
    mpi->counts = calloc((size_t)mpi->size, sizeof *mpi->counts);
    mpi->places = calloc((size_t)mpi->size, sizeof *mpi->places);
    return mpi->counts && mpi->places ? 0 : no_memory(why);
}

static int32_t open_mpi(void **state, char why[NNRUN_COMM_TEXT])
{
    struct mpi *mpi = calloc(1, sizeof *mpi);

    if (!mpi)
        return no_memory(why);
    if (join(mpi, why) != 0) {
        drop(mpi);
        return -1;
    }
    *state = mpi;
    return 0;
}

static uint32_t get_rank(void *state)
{
    const struct mpi *mpi = state;

    return (uint32_t)mpi->rank;
}

static uint32_t get_size(void *state)
{
    const struct mpi *mpi = state;

    return (uint32_t)mpi->size;
}

static int32_t make_room(struct mpi *mpi, size_t count, char why[NNRUN_COMM_TEXT])
{
    MPI_Request *requests;
    MPI_Status *statuses;

    if (count <= mpi->room)
        return 0;
    requests = count <= INT_MAX ? realloc(mpi->requests, count * sizeof *requests) : NULL;
    if (!requests)
        return no_memory(why);
    mpi->requests = requests;
    statuses = realloc(mpi->statuses, count * sizeof *statuses);
    if (!statuses)
        return no_memory(why);
    mpi->statuses = statuses;
    mpi->room = count;
    return 0;
}

/* MPI keeps the order of messages between two ranks. */
static int32_t exchange(void *state, const struct nnrun_comm_message *messages, size_t count,
                        char why[NNRUN_COMM_TEXT])
{
    struct mpi *mpi = state;

    if (make_room(mpi, count, why) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const struct nnrun_comm_message *m = &messages[i];
        const int rank = (int)m->rank, bytes = (int)m->bytes;
        const int code = m->send
                             ? MPI_Isend(m->send, bytes, MPI_BYTE, rank, 0, mpi->comm, &mpi->requests[i])
                             : MPI_Irecv(m->receive, bytes, MPI_BYTE, rank, 0, mpi->comm, &mpi->requests[i]);
        if (check(code, why) != 0)
            return -1;
    }
    return check(MPI_Waitall((int)count, mpi->requests, mpi->statuses), why);
}

static int32_t gather(void *state, void *memory, const struct nnrun_comm_part *parts,
                      char why[NNRUN_COMM_TEXT])
{
    struct mpi *mpi = state;

    for (int r = 0; r < mpi->size; r++) {
        mpi->counts[r] = (int)parts[r].bytes;
        mpi->places[r] = (int)parts[r].at;
    }
    return check(
        MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_BYTE, memory, mpi->counts, mpi->places, MPI_BYTE, mpi->comm),
        why);
}

static int32_t broadcast(void *state, uint32_t from, void *memory, size_t bytes, char why[NNRUN_COMM_TEXT])
{
    const struct mpi *mpi = state;

    return check(MPI_Bcast(memory, (int)bytes, MPI_BYTE, (int)from, mpi->comm), why);
}

static int32_t agree(void *state, uint64_t *bits, char why[NNRUN_COMM_TEXT])
{
    const struct mpi *mpi = state;

    return check(MPI_Allreduce(MPI_IN_PLACE, bits, 1, MPI_UINT64_T, MPI_BOR, mpi->comm), why);
}

static int32_t barrier(void *state, char why[NNRUN_COMM_TEXT])
{
    const struct mpi *mpi = state;

    return check(MPI_Barrier(mpi->comm), why);
}

static void end_all(void)
{
    MPI_Abort(MPI_COMM_WORLD, 1);
}

/* MPI_Abort may end this process at once: it waits until that has said why it ends. */
static void abort_mpi(void *state)
{
    drop(state);
    if (atexit(end_all) != 0)
        end_all();
}

static void close_mpi(void *state)
{
    struct mpi *mpi = state;

    MPI_Comm_free(&mpi->comm);
    if (mpi->ours)
        MPI_Finalize();
    drop(mpi);
}

const struct nnrun_comm nnrun_comm = {
    .head = NNRUN_COMM_HEAD,
    .name = "mpi",
    .doc = "MPI, as mpirun or srun starts it",
    .open = open_mpi,
    .rank = get_rank,
    .size = get_size,
    .exchange = exchange,
    .gather = gather,
    .broadcast = broadcast,
    .agree = agree,
    .barrier = barrier,
    .abort = abort_mpi,
    .close = close_mpi,
};
