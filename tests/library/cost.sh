#!/bin/sh
# cost.sh: what it costs to open LeNet and ask it once, through libnnrun and with nnrun predict, as rows of the README's
# table of figures. Run by "make measure", and alone by "make measure-library".
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
# shellcheck source=tests/library/stage.sh
. "$NNRUN_SOURCE/tests/library/stage.sh"

compile() {
    # shellcheck disable=SC2086 # a list of words
    ${NNRUN_CC:-cc} -std=gnu11 $stage_flags -O2 "$@" || exit 1
}
echo 'int main(void) { return 0; }' >bare.c
compile -o bare bare.c
compile -o cost "$stage_sources/cost.c"
# shellcheck disable=SC2046 # a list of words
compile -o classify "$stage_examples/classify.c" $(stage_pkg --cflags --libs nnrun)

digits 300 100
"$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits data.validation=100 train.epochs=1 -q -o run || exit 1
{ printf 'P5 28 28 255\n'; gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 784; } >one.pgm
{
    ./cost ./bare && ./cost ./classify run/best.safetensors one.pgm &&
        ./cost "$nnrun" predict -q run/best.safetensors one.pgm
} >costs || exit 1
awk 'NR == 1 { us = $1; kb = $2 }
    NR == 2 { printf "| lenet.cfg opened and asked once through libnnrun, above a process that does nothing | %.1f MB, %.1f ms | 5 MB, 3 ms |\n",
                  ($2 - kb) / 1e3, ($1 - us) / 1e3 }
    NR == 3 { printf "| the same by nnrun predict, the whole process | %.1f MB, %.1f ms | |\n", $2 / 1e3, $1 / 1e3 }' costs
