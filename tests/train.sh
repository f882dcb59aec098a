#!/bin/sh
# train.sh: what a run prints, writes and counts.
. "$NNRUN_SOURCE/tests/nnrun.sh"

small_config good.cfg
digits 1000 203
check "a config trains" "$nnrun" good.cfg -o run
says '^epoch +2/2 +loss [0-9.]+ +train +[0-9.]+ % +validation +[0-9.]+ %' "a pipe gets one line an epoch"
says '^test: [0-9.]+ % right \([0-9]+ of 203\)' "every test image is counted once, in a last partial batch too"
check "stderr is silent" test ! -s "$tap_err"
check "step files, best, run.json and both logs are there" \
    ls run/step-000000000.safetensors run/step-000000018.safetensors run/step-000000036.safetensors \
    run/best.safetensors run/run.json run/log.jsonl run/log.csv
check "train is the same command" "$nnrun" train good.cfg -o run2
same "and the same bits" run/step-000000036.safetensors run2/step-000000036.safetensors

check "--json" "$nnrun" good.cfg --json -o run3
says '^\{"event":"start",.*"samples":900,"validation":100' "begins with start"
says '^\{"event":"epoch","epoch":2,"step":36,"loss":[0-9.]+,"train_accuracy":0[0-9.]*,.*"validation_accuracy":0.*"samples_per_s":' \
    "has an epoch a line, accuracies as fractions"
says '^\{"event":"test",.*"count":203' "then the test"
says '^\{"event":"done",' "then done"
check "and nothing else on stdout" sh -c "! grep -v '^{\"event\":\"' '$tap_out'"
check "log.jsonl has an epoch a line" test "$(grep -c '"event":"epoch"' run/log.jsonl)" -eq 2
# columns RUN: the values of its epochs in log.jsonl, in the order of log.csv's header.
columns() {
    head -n 1 "$1/log.csv" | tr , '\n' >names
    paste -s -d , names
    grep '"event":"epoch"' "$1/log.jsonl" | while read -r line; do
        while read -r name; do
            echo "$line" | sed 's/.*"'"$name"'":\([^,}]*\)[,}].*/\1/; s/^null$//'
        done <names | paste -s -d , -
    done
}
table() {
    head -n 1 "$1/log.csv" |
        grep -qx 'epoch,step,loss,train_accuracy,validation_loss,validation_accuracy,rate,samples_per_s,seconds' &&
        columns "$1" | diff - "$1/log.csv" && [ "$(wc -l <"$1/log.csv")" -eq 3 ]
}
check "log.csv has the same as a table" table run
check "a run without validation trains" "$nnrun" -q good.cfg data.validation=0 -o no-validation
check "and leaves those columns of the table empty" table no-validation
check "as they are" grep -Eq '^2,40,[0-9.]+,[01]\.[0-9]+,,,' no-validation/log.csv
check "-q prints nothing" "$nnrun" -q good.cfg -o run4
check "at all" test ! -s "$tap_out"

check "test of a checkpoint" "$nnrun" test run/best.safetensors
says '^    9 +[0-9]+ +[0-9]+ +[0-9.]+ +[0-9.]+$' "has a table of classes"
says '^confusion' "and a confusion matrix"
check "test --json" "$nnrun" test run/best.safetensors --json
says '"count":203,.*"confusion":\[\[' "is one object"
check "test finds other data by an override" "$nnrun" test run/best.safetensors data.directory=digits
mv digits moved
refuse_line 4 'digits/t10k' "test says which data it misses" "$nnrun" test run/best.safetensors
mv moved digits

check "early stopping" "$nnrun" good.cfg train.epochs=50 train.patience=1 train.optimizer.rate=0 -o early
check "leaves after patience epochs without a better one" test "$(grep -c '"event":"epoch"' early/log.jsonl)" -eq 2
sed 's/optimizer: .*; }; sch/optimizer: { type = "adamw"; rate = 0.002; }; clip = 1.0; sch/; s/"cosine"/"step"; every = 1/' \
    good.cfg >adamw.cfg
check "AdamW with clipping and a step schedule trains" "$nnrun" -q adamw.cfg -o adamw
check "Adam too" "$nnrun" -q adamw.cfg train.optimizer.type=adam -o adam
check "and Nesterov's momentum" "$nnrun" -q good.cfg train.optimizer.nesterov=true -o nesterov
refuse_line 1 'NaN at step [0-9]+: .*layer "' "a NaN loss stops the run, naming layer and step" sh -c \
    "'$nnrun' -q good.cfg train.optimizer.rate=100000 train.optimizer.decay=100 -o nan 2>err; s=\$?; head -n 1 err >&2; exit \$s"
check "keep = 1 leaves one step file" "$nnrun" -q good.cfg output.keep=1 -o keep
check "the last" test "$(cd keep && ls step-*)" = step-000000036.safetensors
tap_end
