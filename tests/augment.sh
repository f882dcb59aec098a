#!/bin/sh
# augment.sh: data.augment moves what is trained on, and that alone; nnrun show --samples shows it.
. "$NNRUN_SOURCE/tests/nnrun.sh"

small_config good.cfg
digits 400 100

# Nothing is learned at rate 0: losses tell what went in.
"$nnrun" good.cfg train.optimizer.rate=0 --json -o plain >plain.json || exit 99
check "a network trains on moved pictures" "$nnrun" good.cfg train.optimizer.rate=0 data.augment.rotate=30 --json -o moved
cp "$tap_out" moved.json
# losses KEY FILE: of the epochs and the test
losses() {
    grep -o "\"$1\":[0-9.e-]*" "$2"
}
differ() {
    losses "$1" plain.json >plain.losses && losses "$1" moved.json >moved.losses && ! cmp -s plain.losses moved.losses
}
check "they are others than the data's" differ loss
# unchanging LOSSES: the second epoch's are the first's.
unchanging() {
    [ "$(sed -n 1p "$1")" = "$(sed -n 2p "$1")" ]
}
check "the data's own are the same in the next epoch" unchanging plain.losses
expect 1 "which those of moved pictures are not" unchanging moved.losses
like() {
    losses validation_accuracy plain.json >plain.losses && losses validation_accuracy moved.json >moved.losses &&
        grep '"event":"test"' plain.json | sed 's/"seconds".*//' >>plain.losses &&
        grep '"event":"test"' moved.json | sed 's/"seconds".*//' >>moved.losses &&
        [ "$(wc -l <plain.losses)" -eq 3 ] && cmp plain.losses moved.losses
}
check "what is validated and tested stays as it is" like
refuse_line 2 'data\.augment\.rotate=3 cannot change in a resumed run' "a resumed run keeps its pictures" \
    "$nnrun" resume moved data.augment.rotate=3

# ---- the sheet -----------------------------------------------------------------------------------------------

# png WIDTH HEIGHT FILE: a PNG of that size
png() {
    [ "$(od -A n -t x1 -j 1 -N 3 "$3" | tr -d ' \n')" = 504e47 ] &&
        [ "$(od -A n -t u1 -j 16 -N 8 "$3" | awk '{ print $3 * 256 + $4, $7 * 256 + $8 }')" = "$1 $2" ]
}
png_here() {
    pkg-config --exists libpng 2>/dev/null
}
if png_here; then
    check "show --samples draws the first samples" "$nnrun" show good.cfg --samples plain.png
    says '^plain\.png: the first training samples$' "and says what it drew"
    check "as a PNG of 10 x 10" png 582 582 plain.png
    check "or how they are moved" "$nnrun" show good.cfg data.augment.rotate=30 --samples moved.png
    says '^moved\.png: 10 training samples, each as it is, then augmented as in epochs 1 to 9$' "and says so"
    check "of the same size" png 582 582 moved.png
    again() {
        "$nnrun" show good.cfg data.augment.rotate=30 --samples again.png && cmp moved.png again.png
    }
    check "the same sheet each time" again
    check "with --json it only draws" "$nnrun" show good.cfg --samples plain.png --json
    check "one line" test "$(wc -l <"$tap_out")" -eq 1
    elsewhere() (
        mkdir -p away && cd away && "$nnrun" show ../moved/best.safetensors --samples run.png && cmp run.png ../moved.png
    )
    check "of a checkpoint the samples of its run are drawn, wherever one is" elsewhere
    refuse_line 4 'away/train-images' "unless an override names others" "$nnrun" show moved/best.safetensors --samples a.png data.directory=away
    cp good.cfg own.cfg
    refuse_line 2 'own\.cfg is not a PNG picture, and is not replaced; give another name, or remove it$' \
        "a sheet does not replace the config" "$nnrun" show own.cfg --samples own.cfg
    same "... which stays" good.cfg own.cfg
    check "but an older sheet" "$nnrun" show moved/best.safetensors --samples moved.png
    check "fewer samples than places are drawn" "$nnrun" show good.cfg data.validation=395 --samples few.png
    full_disk() (
        trap '' XFSZ
        ulimit -f 2
        exec "$nnrun" show good.cfg --samples full.png
    )
    case ${NNRUN_SANITIZED-} in
    *thread*) skip "a full disk is said" "TSan maps files of its own" ;;
    *)
        refuse_line 1 'full\.png: cannot write: File too large$' "a full disk is said" full_disk
        expect 1 "and leaves nothing behind" test -e full.png ;;
    esac
    refuse_line 1 'nosuch/a\.png: ' "a sheet that cannot be written is an error" "$nnrun" show good.cfg --samples nosuch/a.png
else
    skip "show --samples draws the first samples" "built without libpng"
fi
tap_end
