#!/bin/sh
# tutorial.sh: every command of data/tutorial.md and data/tutorial-answers.md runs and prints what is shown below it, and
# nnrun-tutorial(7) is made from the former.
#
# In `make check` with a few of the built-in digits: figures are then compared where no data count. With NNRUN_TUTORIAL=all
# (make check-tutorial) with MNIST, from $NNRUN_MNIST: every figure. NNRUN_REWRITE=1 puts what is printed into the documents,
# and makes the manual and the pictures of them.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
# shellcheck source=tests/library/stage.sh
. "$NNRUN_SOURCE/tests/library/stage.sh"
data=$NNRUN_SOURCE/data
page=$NNRUN_SOURCE/man/nnrun-tutorial.7

for program in python3 cc pkg-config; do
    command -v $program >/dev/null 2>&1 || { echo "1..0 # SKIP no $program"; exit 0; }
done
mkdir -p place/data && cd place || exit 99
set --
if [ "${NNRUN_TUTORIAL-}" = all ]; then
    [ -d "${NNRUN_MNIST-}" ] || { echo 'Bail out! NNRUN_MNIST must name a folder with the four files of MNIST'; exit 99; }
    # nnrun-fetch-mnist writes there.
    mkdir data/mnist && ln -s "$NNRUN_MNIST"/*.gz data/mnist/ || exit 99
    set -- --all
else
    nnrun-make-digits --train 6000 --test 500 data/mnist >/dev/null || exit 99
    for file in data/mnist/*.gz; do
        echo "$(gzip -dc "$file" | sha256sum | cut -d ' ' -f 1)  $(basename "$file" .gz)"
    done >sums
    NNRUN_SHA256SUMS=$PWD/sums
    export NNRUN_SHA256SUMS
fi
NNRUN_ISA=avx2 nnrun layers >/dev/null 2>&1 || set -- "$@" --loose # without fused multiply-add the bits are others
NNRUN_OFFLINE=1
export NNRUN_OFFLINE
[ -z "${NNRUN_REWRITE-}" ] || set -- "$@" --rewrite
python3 "$NNRUN_SOURCE/tests/tutorial.py" "$@" . "$data/tutorial.md" "$data/tutorial-answers.md" >results
grep -v '^1\.\.' results
tap_count=$(grep -c '^\(not \)\{0,1\}ok ' results)
check "all commands were tried" grep -q "^1\.\.$tap_count\$" results

# ---- what is made of it ------------------------------------------------------------------------------------------

if [ "${NNRUN_TUTORIAL-}" = all ]; then
    set --
    [ -z "${NNRUN_REWRITE-}" ] || set -- --write
    check "the pictures are those of these runs" python3 "$NNRUN_SOURCE/tests/tutorial_pictures.py" "$@" "$data/tutorial"
fi
same_page() {
    awk -f "$NNRUN_SOURCE/man/tutorial.awk" "$data/tutorial.md" >page || return 1
    [ -z "${NNRUN_REWRITE-}" ] || cat page >"$page"
    diff "$page" page
}
check "nnrun-tutorial(7) is made from data/tutorial.md (make man-tutorial)" same_page

# What a reader copies from the manual is what stands in the source.
pasted() {
    sed -n '/^\$ /p' "$data/tutorial.md" >typed
    mandoc -Tascii -O width=1000 "$page" | sed 's/^ *//' | sed -n '/^\$ /p' >copied
    test -s typed && diff typed copied
}
if command -v mandoc >/dev/null 2>&1; then
    check "its commands are shown as they are to be typed" pasted
else
    skip "its commands are shown as they are to be typed" "no mandoc"
fi

# pictures: as the text names them, one per line.
pictures() {
    sed -n 's/^!\[.*\](\(tutorial\/.*\))$/\1/p' "$data/tutorial.md"
}
each_picture() {
    pictures | sort >named && (cd "$data" && ls tutorial/*) >there && test -s named && diff named there
}
check "each picture in data/tutorial is in the text, and each in the text is there" each_picture
small() {
    (cd "$data" && cat tutorial/*) | wc -c >size && [ "$(cat size)" -lt 200000 ]
}
check "and all together have less than 200 kB" small
each_config() {
    (cd "$NNRUN_SOURCE/configs/tutorial" && ls) | while read -r name; do
        grep -q "\<$name\>" "$data/tutorial.md" "$data/tutorial-answers.md" || { echo "$name"; exit 1; }
    done
}
check "each file in configs/tutorial is in the texts" each_config

# numbers DOCUMENT: each step, and the exercises that it has or answers.
numbers() {
    sed -n 's/^## \([0-9]*\)\. .*/step \1/p; /^Exercises\./,/^#/s/^\([12]\)\. .*/exercise \1/p
        s/^### Exercise \([12]\)$/exercise \1/p' "$1"
}
answered() {
    numbers "$data/tutorial.md" >asked && numbers "$data/tutorial-answers.md" >answers && diff asked answers &&
        [ "$(wc -l <asked)" -eq 30 ]
}
check "each of the ten steps has two exercises, and each exercise an answer" answered
tap_end
