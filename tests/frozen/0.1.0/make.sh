#!/bin/sh
# make.sh: made what is beside it, with nnrun 0.1.0; kept to show how. Not run again.
# Ran in /tmp/nnrun-0.1.0, which is the folder in each run.json; nnrun and nnrun-make-digits were in $PATH.
set -eu

# Every other row and column of the built-in digits, and one of them whole.
nnrun-make-digits --train 140 --test 40 digits
{ printf 'P5 28 28 255\n' && gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 784; } >digit.pgm
python3 - <<'END'
import gzip
for name in ("train", "t10k"):
    path = f"digits/{name}-images-idx3-ubyte.gz"
    with gzip.open(path) as file:
        whole = file.read()
    header = whole[:8] + bytes([0, 0, 0, 14, 0, 0, 0, 14])
    rows = [whole[at:at + 28:2] for at in range(16, len(whole), 2 * 28)]
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(header + b"".join(rows))
END
mkdir runs expected

# Momentum, batchnorm, dropout, augmentation, overrides; finished, its best epoch before the last.
cat >finished.cfg <<'END'
// A run of nnrun 0.1.0 that went to its end.
name = "finished";
input = [1, 14, 14];
data: {
    directory = "digits"; validation = 20; mean = 0.1307; std = 0.3081;
    augment: { shift = 1; rotate = 5; scale = 0.05; shear = 3; elastic = 10; };
};
network = (
    { type = "conv"; filters = 3; kernel = 3; bias = false; init = "he"; },
    { type = "batchnorm"; },
    { type = "relu"; },
    { type = "pool"; kernel = 3; },
    { type = "dropout"; rate = 0.1; },
    { type = "dense"; units = 10; },
    { type = "softmax"; }
);
train: {
    epochs = 8; batch = 20; clip = 5.0;
    optimizer: { rate = 0.05; momentum = 0.9; nesterov = true; decay = 5e-4; };
    schedule: { type = "step"; every = 4; factor = 0.5; };
};
output: { report = false; };
END
nnrun -q finished.cfg train.seed=3 network.relu1.type=leaky_relu train.optimizer.rate=0.07 -o runs/finished

# Adam, three windows; interrupted within the second window of an epoch.
cat >interrupted.cfg <<'END'
// A run of nnrun 0.1.0 that was interrupted.
name = "interrupted";
input = [1, 14, 14];
data: {
    directory = "digits"; validation = 20; window = 50; mean = 0.1307; std = 0.3081;
    augment: { rotate = 5; flip = 0.1; elastic = 6; elastic_sigma = 3; fill = 20; };
};
network = (
    { type = "conv"; filters = 3; kernel = [5, 3]; stride = [1, 2]; pad = [2, 0]; },
    { type = "batchnorm"; momentum = 0.2; },
    { type = "swish"; },
    { type = "pool"; mode = "average"; kernel = [3, 2]; stride = [3, 1]; },
    { type = "dropout"; rate = 0.05; },
    { type = "dense"; units = 10; init = "xavier"; },
    { type = "softmax"; }
);
train: {
    epochs = 12; batch = 8; seed = 5; groups = 1;
    optimizer: { type = "adam"; rate = 0.02; decay = 1e-3; beta2 = 0.99; };
    schedule: { type = "cosine"; warmup = 1; final = 0.01; };
};
output: { report = false; };
END
gdb -batch -ex 'break stepper_train' -ex 'ignore 1 52' -ex run -ex up -ex 'set var t->spec->requests->stop = 1' \
    -ex delete -ex continue --args nnrun -q interrupted.cfg -o runs/interrupted

# Each type of layer, AdamW, logistic loss, no run folder beside it.
cat >layers.cfg <<'END'
// Each layer of nnrun 0.1.0.
name = "layers";
input = [1, 14, 14];
data: { directory = "digits"; };
network = (
    { type = "conv"; filters = 2; kernel = 2; stride = 2; name = "stem"; },
    { type = "scale"; },
    { type = "relu"; name = "trunk"; },
    { type = "conv"; filters = 2; kernel = 3; pad = 1; bias = false; },
    { type = "batchnorm"; affine = false; eps = 1e-4; },
    { type = "elu"; alpha = 0.5; },
    { type = "leaky_relu"; slope = 0.1; },
    { type = "gelu"; approximate = "tanh"; name = "branch"; },
    { type = "add"; inputs = ("trunk", "branch"); name = "sum"; },
    { type = "concat"; inputs = ("sum", "stem"); name = "both"; },
    { type = "pool"; kernel = 2; },
    { type = "flatten"; },
    { type = "dense"; units = 8; bias = false; },
    { type = "sigmoid"; },
    { type = "dropout"; rate = 0.1; },
    { type = "mse"; },
    { type = "softmax"; name = "one"; },
    { type = "global_pool"; inputs = "both"; mode = "max"; },
    { type = "swish"; },
    { type = "tanh"; name = "other"; },
    { type = "concat"; inputs = ("one", "other"); },
    { type = "dense"; units = 10; },
    { type = "logistic"; }
);
train: { epochs = 30; batch = 16; optimizer: { type = "adamw"; rate = 0.02; decay = 0.1; }; };
output: { report = false; };
END
nnrun -q layers.cfg -o layers
mv layers/step-000000270.safetensors layers.safetensors

# What it says of them, and what the runs come to.
for checkpoint in runs/finished/best runs/interrupted/best layers; do
    name=$(echo $checkpoint | tr / -)
    nnrun test $checkpoint.safetensors data.directory=digits --json >"expected/$name-test.json"
    nnrun predict $checkpoint.safetensors digit.pgm --json >"expected/$name-predict.json"
done
mkdir again
cp -r runs/* again
nnrun -q resume again/finished train.epochs=10
nnrun -q resume again/interrupted
(cd again && sha256sum finished/step-000000060.safetensors finished/best.safetensors \
    interrupted/step-000000180.safetensors interrupted/best.safetensors) >expected/resumed
rm -r again layers runs/*/lock finished.cfg interrupted.cfg layers.cfg
find digit.pgm digits layers.safetensors make.sh runs -type f | sort | xargs sha256sum >SHA256SUMS
