/* settings_words.c: what other systems call the keys of a config, their groups and their values. */
#include "model/settings_tables.h"

#define KEY(there, path)                                                                                     \
    {                                                                                                        \
        NNRUN_WORDS_KEY, there, path                                                                         \
    }
#define VALUE(there, choice)                                                                                 \
    {                                                                                                        \
        NNRUN_WORDS_VALUE, there, choice                                                                     \
    }
#define ADVICE(there, advice)                                                                                \
    {                                                                                                        \
        NNRUN_WORDS_ADVICE, there, advice                                                                    \
    }

/* Where a word may mean several keys, the one in the group where it stands is taken, else the first. */
const struct nnrun_words settings_words[] = {
    KEY("input_shape|input_size|input_dim|input_dims|in_shape|shape|inputs|image_size|image_shape", "input"),
    KEY("layers|layer|model|net|architecture|arch", "network"),

    KEY("dataset|datasets", "data"),
    KEY("data_dir|data_path|data_root|data_directory|dataset_path|folder|dir|path|root", "data.directory"),
    KEY("class_names|label_names|class_labels", "data.classes"),
    KEY("stratify|stratified|shuffle_split", "data.split"),
    KEY("class_weight|loss_weights", "train.class_weights"),
    KEY("validation_split|validation_size|val_split|val_size|val|valid|n_val", "data.validation"),
    KEY("means", "data.mean"),
    KEY("stds|stddev|sigma|standard_deviation", "data.std"),
    KEY("augmentation|augmentations|transform|transforms", "data.augment"),
    KEY("rotation|rotation_range|degrees|angle", "data.augment.rotate"),
    KEY("translate|translation|width_shift_range|height_shift_range|jitter", "data.augment.shift"),
    KEY("zoom|zoom_range", "data.augment.scale"),
    KEY("hflip|horizontal_flip|fliplr|mirror", "data.augment.flip"),
    KEY("image|pictures|samples|x|file", "data.train.images"),
    KEY("label|targets|target|classes|y", "data.train.labels"),
    KEY("image|pictures|samples|x|file", "data.test.images"),
    KEY("label|targets|target|classes|y", "data.test.labels"),

    KEY("training|trainer|fit|solver|hyperparameters|hyperparams", "train"),
    KEY("max_epochs|num_epochs|n_epochs|nb_epoch|max_epoch|iterations", "train.epochs"),
    KEY("batch_size|mini_batch|mini_batch_size|bs", "train.batch"),
    KEY("random_seed|random_state|manual_seed|rng_seed", "train.seed"),
    KEY("num_threads|n_threads|workers|num_workers|n_jobs|jobs|cores", "train.threads"),
    KEY("early_stopping|early_stop", "train.patience"),
    KEY("grad_clip|gradient_clip|gradient_clipping|clip_norm|max_norm|max_grad_norm|clip_grad", "train.clip"),

    KEY("optim|optimiser", "train.optimizer"),
    KEY("lr|learning_rate|learnrate|base_lr|initial_lr|eta|step_size", "train.optimizer.rate"),
    KEY("weight_decay|wd|l2", "train.optimizer.decay"),
    KEY("eps", "train.optimizer.epsilon"),
    VALUE("gd|gradient_descent|stochastic_gradient_descent|momentum|nesterov|nag", "sgd"),

    KEY("scheduler|lr_scheduler|lr_schedule|learning_rate_schedule|lr_policy", "train.schedule"),
    KEY("warmup_epochs", "train.schedule.warmup"),
    KEY("step_size|step|steps|period|milestones", "train.schedule.every"),
    KEY("gamma|lr_decay|decay_rate|drop", "train.schedule.factor"),
    KEY("eta_min|min_lr|lr_min|final_lr", "train.schedule.final"),
    VALUE("step_lr|multistep|multi_step_lr|staircase|exponential|exponential_lr", "step"),
    VALUE("cosine_annealing|cosine_annealing_lr|cosine_decay|cos", "cosine"),
    VALUE("none|fixed", "constant"),

    KEY("save_dir|output_dir|out_dir|run_dir|log_dir|checkpoint_dir|out", "output.directory"),

    ADVICE("loss|criterion|loss_function|loss_fn|objective", "the loss is the last layer of network"),
    ADVICE("num_classes|n_classes|nclasses|num_class",
           "leave it out; the values of the last layer are the classes"),
    ADVICE("shuffle", "leave it out, training samples are always shuffled"),
    ADVICE("device|gpu|gpus|cuda|use_gpu", "leave it out, training runs on the processor"),
    {.words = NULL},
};
