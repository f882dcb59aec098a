#!/bin/sh
# run.sh: a small run, from training to its report, and what each command says of it.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
digits 600 203
image=digits/t10k-images-idx3-ubyte.gz
{ printf 'P5 28 28 255\n'; gzip -dc $image | tail -c +17 | head -c 784; } >one.pgm
lacks "$other_bits"

# ---- train -----------------------------------------------------------------------------------------------------

record "a config trains" nnrun good.cfg -o run
record "train is the same command" nnrun train good.cfg -o run2
record "its files" sh -c 'ls run'
record "training with --json" nnrun good.cfg --json -o run3
record "-q prints nothing" nnrun -q good.cfg -o run4
record "without validation the last weights are tested" nnrun good.cfg data.validation=0 -o last
record "early stopping" nnrun good.cfg train.epochs=50 train.patience=1 train.optimizer.rate=0 -o early
record "AdamW, clipped, in steps" nnrun good.cfg train.optimizer.type=adamw train.optimizer.rate=0.002 train.clip=1 \
    train.schedule.type=step train.schedule.every=1 -o adamw
record "Adam" nnrun good.cfg train.optimizer.type=adam train.optimizer.rate=0.002 -o adam
record "Nesterov's momentum, and decay" nnrun good.cfg train.optimizer.nesterov=true train.optimizer.decay=0.01 -o nesterov
record "another seed" nnrun good.cfg --seed 2 -o seed
record "windows" nnrun good.cfg data.window=64 -o windows
graph_config graph.cfg
record "a graph, in pictures that are moved" nnrun graph.cfg -o graph
for loss in logistic mse; do
    record "a network that ends in $loss" nnrun good.cfg network.softmax1.type=$loss -o $loss
    record "the test of $loss" nnrun test $loss/best.safetensors
done

# Two classes, of even and odd samples.
two_labels() {
    { printf '\0\0\10\1\0\0%b' "$1"; for _ in $(seq "$2"); do printf '\0\1'; done; } >"$3"
}
two_labels '\02\0130' 300 two-train
two_labels '\00\0313' 101 two-test && printf '\1' >>two-test
two="data={train={images=\"digits/train-images-idx3-ubyte.gz\";labels=\"two-train\";};test={images=\"$image\";labels=\"two-test\";};}"
record "two classes, weighed" nnrun good.cfg -q network.dense1.units=2 train.class_weights=balanced "$two" -o two
record "have an area under the ROC curve" nnrun test two/step-000000024.safetensors
record "so does JSON" nnrun test two/step-000000024.safetensors --json
record "and on the page of the run" sh -c "grep -o '<b>[0-9.]*</b><span>area[^<]*' two/report.html"
record "one output that is a probability does, too" nnrun good.cfg -q network.dense1.units=1 network.softmax1.type=logistic "$two" -o two-logistic
record "without classes" nnrun test two-logistic/step-000000024.safetensors
{ printf '\0\0\10\2\0\0\0\313\0\0\0\3'; for _ in $(seq 87); do printf '\0\1\1\0\1\0\1'; done; } >several
several="data={train={images=\"$image\";labels=\"several\";};test={images=\"$image\";labels=\"several\";};}"
record "samples with three labels each" nnrun good.cfg -q network.dense1.units=3 network.softmax1.type=logistic "$several" 'data.classes=["cat","dog","<owl>"]' -o several-labels
record "have an area each" nnrun test several-labels/step-000000010.safetensors
record "in JSON as a list" nnrun test several-labels/step-000000010.safetensors --json
record "and the page of the run a table of them" sh -c "grep -o '<th>[^<]*</th><td>[^<]*' several-labels/report.html | tail -n 3"

# ---- test ------------------------------------------------------------------------------------------------------

best=run/best.safetensors
record "a checkpoint is tested" nnrun test $best
record "the test in JSON" nnrun test $best --json
record "its first line alone" nnrun test $best -q
record "any step file" nnrun test -q run/step-000000000.safetensors
record "on other data" nnrun test -q $best data.directory=digits
lacks "${other_bits:-$no_png}"
record "its mistakes as pictures" sh -c "nnrun test $best --wrong wrong | tail -n 1; ls wrong | head -n 3"
record "a folder with files in it is refused" nnrun test $best --wrong wrong
record "one that cannot be made" nnrun test -q $best --wrong good.cfg/a
lacks "$other_bits"

# ---- predict ---------------------------------------------------------------------------------------------------

record "a picture is drawn, with five bars beside it" nnrun predict $best one.pgm
record "-q prints one line a picture" nnrun predict $best -q one.pgm one.pgm
record "samples of an IDX file are numbered" sh -c "nnrun predict $best $image -q | tail -n 2"
record "- is standard input" sh -c "nnrun predict $best -q - <one.pgm"
record "--raw" nnrun predict $best -q --raw one.pgm
record "predictions in JSON" nnrun predict $best --json one.pgm
record "several labels" nnrun predict logistic/best.safetensors one.pgm
record "numbers" nnrun predict mse/best.safetensors one.pgm
head -c 20 one.pgm >short.pgm
printf 'P2 3 3 255 9 9 9 9 9 9 9 9 9' >empty.pgm
echo hello >text.png
printf 'P5 99999 99999 255\n' >huge.pgm
printf 'P5 3 0 255\n' >flat.pgm
printf 'P5 three 3 255\n' >words.pgm
printf '\211PNG\r\n\032\n\0\0\0\015IHDR' >torn.png
record "a missing file is said" nnrun predict $best missing.png
record "so is a file that is no picture" nnrun predict $best text.png
record "so is one that is cut off" nnrun predict $best short.pgm
record "one too large" nnrun predict $best huge.pgm
record "one without height" nnrun predict $best flat.pgm
record "one with words for numbers" nnrun predict $best words.pgm
record "a folder" nnrun predict $best run
record "so are labels" nnrun predict $best digits/t10k-labels-idx1-ubyte.gz
record "a bad one among others is said, and they are read" nnrun predict $best -q one.pgm text.png one.pgm
record "where --json has an error event" nnrun predict $best --json text.png
record "an IDX file that is cut off is said" sh -c "gzip -dc $image | head -c 10000 | nnrun predict $best -q -"
printf '\000\000\010\004\000\000\000\001\000\000\000\002\000\000\000\001\000\000\000\001ab' >two.idx
record "so are channels that do not fit" nnrun predict $best two.idx
record "a picture without ink is warned of, and answered" nnrun predict $best -q empty.pgm
record "a picture is no checkpoint" nnrun predict one.pgm one.pgm
lacks "${other_bits:-$no_png}"
record "a torn PNG" nnrun predict $best torn.png
lacks "$other_bits"

cp $best model.bin
record "a checkpoint of any name is asked" nnrun predict model.bin -q one.pgm

# ---- export ----------------------------------------------------------------------------------------------------

record "a network is exported" nnrun export $best --onnx good.onnx
record "exported in JSON" nnrun export $best --onnx good.onnx --json
record "export -q prints nothing" nnrun export -q $best --onnx good.onnx --check
record "export without a checkpoint" nnrun export --onnx good.onnx
record "without a file" nnrun export $best
record "of a config" nnrun export good.cfg --onnx good.onnx
record "over its checkpoint" nnrun export $best --onnx $best

# ---- report ----------------------------------------------------------------------------------------------------

record "a report is written again" nnrun report run
record "elsewhere, in JSON" nnrun report run --json -o other.html
record "of several" nnrun report run adamw seed -o compare.html
record "a file among several" nnrun report run run/best.safetensors -o compare.html
record "a report with -q" nnrun report run -q
record "into no folder" nnrun report run -o nosuch/a.html
mv digits gone
record "its data may be gone" nnrun report run
record "or elsewhere" nnrun report run data.directory=gone
mv gone digits

# ---- resume ----------------------------------------------------------------------------------------------------

record "a finished run says so" nnrun resume run
record "in JSON" nnrun resume run --json
record "it takes more epochs" nnrun resume run train.epochs=3
record "and keeps them" nnrun resume run
record "a page that was not written before" nnrun resume run train.epochs=4 output.report=false
for override in train.seed=2 train.batch=2 train.groups=2 network.conv1.filters=2 output.directory=other name=other \
    data.validation=5 data.augment.rotate=3 data.mean=0.5 input=784; do
    record "$override is refused" nnrun resume run $override
done
for override in 'train.seed =2' ' train.batch=2' 'train={threads=1; seed=2;}' 'train={threads=1}' 'output={directory="other"}' \
    'data={directory="digits"}' trian.epochs=5; do
    record "so is $override" nnrun resume run "$override"
done
record "no group is said as ever" nnrun resume run train=3
record "nor one that does not end" nnrun resume run 'train={seed=2'
record "so is a misspelt key" nnrun resume run train.epoch=5
record "of the data, too" nnrun resume run data.directroy=digits
record "another folder is refused" nnrun resume run -o other
record "--seed as well" nnrun resume run --seed 2
nnrun-make-digits --train 500 --test 100 fewer >/dev/null
record "data of fewer samples are refused" nnrun resume run train.epochs=5 data.directory=fewer
sed '/"samples"/d' run/run.json >without && mv without run/run.json
record "by the steps of an epoch where run.json does not say" nnrun resume run train.epochs=5 data.directory=fewer
record "a run goes on with other settings of training" nnrun resume run train.epochs=5 train.optimizer.rate=0.01
record_end
