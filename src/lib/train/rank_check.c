/* rank_check.c: see rank_check.h. */
#include "train/rank_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/text.h"
#include "train/arithmetic.h"

enum { PIECE = 1 << 16 }; /* read at once */

enum { SAME_CONFIG, SAME_ARITHMETIC, SAME_LAYERS, SAME_WEIGHTS, SAME_DATA };
enum { SAME_ALL = SAME_DATA + MODEL_PATHS };

/* What a rank has, each as a hash; "": nothing. */
struct same {
    char text[SAME_ALL][SHA256_TEXT];
};

int rank_check_groups(const struct training *t, struct error *error)
{
    const unsigned ranks = ranks_size(t->spec->ranks);
    const size_t batch = (size_t)t->settings->batch;
    const unsigned groups = executor_groups(batch, t->settings->groups);
    const unsigned most = executor_groups(batch, OPTIMIZER_MOST_GROUPS);
    const struct error_facts facts = {.key = "train.groups"};

    if (ranks <= groups)
        return 0;
    if (training_is_resumed(t))
        return error_set_at(
            error, ERROR_CONFIG, &facts,
            "%u ranks are more than the %u group%s of this run, which belong to its bits: resume it "
            "on at most %u",
            ranks, groups, text_plural(groups), groups);
    if (ranks <= most)
        return error_set_at(
            error, ERROR_CONFIG, &facts,
            "%u ranks are more than the %u group%s of a step: train.groups = %u would do; it belongs "
            "to the bits: a run with it gets other weights than one without",
            ranks, groups, text_plural(groups), ranks);
    return error_set_at(
        error, ERROR_CONFIG, &facts,
        "%u ranks are more than the %u group%s that train.batch = %zu allows at most: start fewer, or "
        "raise train.batch",
        ranks, most, text_plural(most), batch);
}

/* ---- what this rank has --------------------------------------------------------------------------------- */

static int add_file(struct sha256 *sum, const char *path, struct error *error)
{
    const int fd = file_open(path, O_RDONLY);
    char *piece = memory_array(PIECE, 1);
    ssize_t length = -1;
    int reason;

    if (fd >= 0 && piece) {
        do {
            length = read(fd, piece, PIECE);
            if (length > 0)
                sha256_add(sum, piece, (size_t)length);
        } while (length > 0 || (length < 0 && errno == EINTR));
    }
    reason = errno;
    if (fd >= 0)
        close(fd);
    free(piece);
    if (!piece)
        return error_memory(error);
    errno = reason;
    return length == 0 ? 0 : file_read_failed(path, ERROR_DATA, error);
}

static int hash_file(const char *path, char text[SHA256_TEXT], struct error *error)
{
    struct sha256 sum;
    int result;

    sha256_begin(&sum);
    result = add_file(&sum, path, error);
    sha256_end(&sum, text);
    return result;
}

static void hash_config(const struct model *model, char text[SHA256_TEXT])
{
    const char *config = config_text(model->config);
    struct sha256 sum;

    sha256_begin(&sum);
    sha256_add(&sum, config, strlen(config) + 1);
    for (size_t i = 0; i < model->override_count; i++)
        sha256_add(&sum, model->overrides[i], strlen(model->overrides[i]) + 1);
    sha256_end(&sum, text);
}

static void hash_arithmetic(const struct model *model, char text[SHA256_TEXT])
{
    const char *arithmetic = arithmetic_text(model->level);
    struct sha256 sum;

    sha256_begin(&sum);
    sha256_add(&sum, arithmetic, strlen(arithmetic) + 1);
    sha256_add(&sum, NNRUN_VERSION, sizeof NNRUN_VERSION);
    sha256_end(&sum, text);
}

/* The files of all layers, in the order of the network, each once where layers of a type follow one another. */
static int hash_layers(const struct net *net, char text[SHA256_TEXT], struct error *error)
{
    struct sha256 sum;
    int result = 0;

    sha256_begin(&sum);
    for (size_t i = 0; result == 0 && i < net->node_count; i++)
        if (i == 0 || net->nodes[i].plugin != net->nodes[i - 1].plugin)
            result = add_file(&sum, net->nodes[i].plugin->path, error);
    sha256_end(&sum, text);
    return result;
}

static int look(const struct training *t, struct same *same, struct error *error)
{
    struct model_paths paths = t->model->paths;

    hash_config(t->model, same->text[SAME_CONFIG]);
    hash_arithmetic(t->model, same->text[SAME_ARITHMETIC]);
    if (hash_layers(t->model->net, same->text[SAME_LAYERS], error) != 0)
        return -1;
    memcpy(same->text[SAME_WEIGHTS], t->state.from, SHA256_TEXT);
    for (size_t i = 0; i < MODEL_PATHS; i++) {
        const char *path = *model_path_at(&paths, i);
        if (path && hash_file(path, same->text[SAME_DATA + i], error) != 0)
            return -1;
    }
    return 0;
}

/* ---- what all have -------------------------------------------------------------------------------------- */

static int refuse(unsigned rank, size_t what, struct error *error)
{
    static const char *const words[SAME_ALL] = {[SAME_CONFIG] = "the config or an override",
                                                [SAME_ARITHMETIC] = "the version of nnrun or its arithmetic",
                                                [SAME_LAYERS] = "a layer plugin",
                                                [SAME_WEIGHTS] = "the file of train.from",
                                                [SAME_DATA] = "the file of data.train_images",
                                                [SAME_DATA + 1] = "the file of data.train_labels",
                                                [SAME_DATA + 2] = "the file of data.test_images",
                                                [SAME_DATA + 3] = "the file of data.test_labels",
                                                [SAME_DATA + 4] = "the file of data.validation_images",
                                                [SAME_DATA + 5] = "the file of data.validation_labels"};

    return error_set(error, what >= SAME_DATA ? ERROR_DATA : ERROR_CONFIG,
                     "rank %u: %s differs from that of rank 0: give all ranks the same", rank, words[what]);
}

/* What this rank has is at its place in `all`. */
static int compare(const struct training *t, struct same *all, struct error *error)
{
    struct ranks *ranks = t->spec->ranks;
    const uint32_t size = ranks_size(ranks);
    size_t *begin = memory_array(size + 1, sizeof *begin);
    int failed = begin ? look(t, &all[ranks_rank(ranks)], error) : error_memory(error);

    for (uint32_t r = 0; begin && r <= size; r++)
        begin[r] = r;
    failed = ranks_agree(ranks, 0, failed, NULL, error);
    if (!failed)
        ranks_gather(ranks, all, begin, size, sizeof *all);
    free(begin);
    if (failed || ranks_broken(ranks))
        return -1;
    for (size_t what = 0; what < SAME_ALL; what++)
        for (uint32_t r = 1; r < size; r++)
            if (memcmp(all[r].text[what], all[0].text[what], SHA256_TEXT) != 0)
                return refuse(r, what, error);
    return 0;
}

int rank_check_run(const struct training *t, struct error *error)
{
    struct same *all;
    int result;

    if (!t->spec->ranks)
        return 0;
    all = memory_array(ranks_size(t->spec->ranks), sizeof *all);
    result = all ? compare(t, all, error) : error_memory(error);
    free(all);
    return result;
}
