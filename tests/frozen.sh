#!/bin/sh
# frozen.sh: runs and checkpoints of earlier versions are opened, tested and resumed by this one, with the same results.
#
# 0.1.0 had number 1 of the arithmetic. What Adam makes of its run since is in golden/resumed, which
# NNRUN_REWRITE=1 make check TESTS=tests/frozen.sh stores.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# thaw VERSION: goes to a copy of its files, as the source may be read-only
thaw() {
    cp -r "$NNRUN_SOURCE/tests/frozen/$1" . && chmod -R u+w "$1" && cd "$1" || exit 99
}
unchanged() {
    sha256sum --quiet -c SHA256SUMS && cut -c 67- SHA256SUMS >listed &&
        find digit.pgm digits layers.safetensors make.sh runs -type f | sort | diff listed -
}
# gives ARGUMENT...: nnrun prints what $expected has, and at the end of an event what only later versions say
later='s/,"balanced_accuracy":[0-9.]*}$/}/'
gives() {
    "$nnrun" "$@" >whole && sed "$later" whole >said && diff "$expected" said
}
# answers CHECKPOINT PREFIX NETWORK: the checkpoint is opened and answers as it did
answers() {
    check "$version: $1 is shown" "$nnrun" show "$1"
    says "^$3\$" "$version: as the network it is"
    expected=expected/$2-test.json
    check "$version: $1 is tested with the same result" gives test "$1" data.directory=digits --json
    expected=expected/$2-predict.json
    check "$version: $1 predicts the same" gives predict "$1" digit.pgm --json
}
# hashes RUN: of its files, as if they were of number 1
hashes() {
    for file in runs/"$1"/step-000000060.safetensors runs/"$1"/step-000000180.safetensors runs/"$1"/best.safetensors; do
        [ ! -f "$file" ] || { "$NNRUN_BUILD/tests/change_checkpoint" "$file" changed arithmetic=fma &&
            printf '%s  %s\n' "$(sha256sum <changed | cut -c -64)" "${file#runs/}"; } || return
    done
}
# comes_to LIST RUN: the files of the resumed run have the hashes in the list
comes_to() {
    hashes "$2" >came && grep " $2/" "$1" | diff - came
}

version=0.1.0
resumed=$NNRUN_SOURCE/tests/golden/resumed
thaw $version
check "$version: the frozen files are as they were" unchanged
if no_fma layers.safetensors; then
    skip "$version: the same results" "no fused multiply-add here, so the bits are others"
    tap_end
    exit
fi
answers layers.safetensors layers layers
answers runs/finished/best.safetensors runs-finished-best finished
answers runs/interrupted/best.safetensors runs-interrupted-best interrupted
for run in finished interrupted; do
    check "$version: $run gets a report" "$nnrun" report runs/$run
    check "$version: which is a page" grep -q '</html>' runs/$run/report.html
done
check "$version: both get one, side by side" "$nnrun" report runs/finished runs/interrupted -o both.html

refuse_line 4 '^nnrun: /tmp/nnrun-0\.1\.0/digits/train-images-idx3-ubyte\.gz: ' "$version: run.json says where the data were" \
    "$nnrun" resume runs/interrupted --any-arithmetic
sed "s|/tmp/nnrun-0\.1\.0|$PWD|" runs/finished/run.json >moved && mv moved runs/finished/run.json
check "$version: and is believed when testing" "$nnrun" test runs/finished/best.safetensors
check "$version: resuming the finished run says so" "$nnrun" resume runs/finished
says '^runs/finished is finished' "$version: with status 0"
older='was trained with arithmetic number 1; this nnrun has number 4, .*Adam.*; use --any-arithmetic to resume anyway'
refuse_line 3 "$older" "$version: more epochs are refused, as they may have other bits" \
    "$nnrun" resume runs/finished train.epochs=10
check "$version: it takes them if told so" "$nnrun" -q resume runs/finished train.epochs=10 --any-arithmetic
check "$version: and comes to the same bits, as it learned by momentum" comes_to expected/resumed finished
check "$version: it is of this arithmetic now, and takes more" "$nnrun" -q resume runs/finished train.epochs=11
refuse_line 3 "$older" "$version: the interrupted run is refused" "$nnrun" resume runs/interrupted data.directory=digits
for threads in 1 3; do
    cp -r runs/interrupted runs/kept
    check "$version: the interrupted run goes on, --threads $threads" \
        "$nnrun" -q resume runs/interrupted data.directory=digits --threads $threads --any-arithmetic
    [ -z "${NNRUN_REWRITE-}" ] || hashes interrupted >"$resumed" || exit 99
    check "$version: and comes to the stored bits, by number 4 of the arithmetic" comes_to "$resumed" interrupted
    check "$version: its table has each epoch once" test "$(wc -l <runs/interrupted/log.csv)" -eq 13
    rm -r runs/interrupted && mv runs/kept runs/interrupted
done
tap_end
