#!/bin/sh
# bits_matrix.sh: whatever no bit may depend on is varied, alone and together, and each checkpoint of each network is compared
# with that of this build's nnrun, on one thread.
#
#   make check-bits                                       every cell, with builds of its own for -O0, -O3, LTO and others
#   make check-bits-short                                 some cells of the builds that there are
#   make check-bits CELLS='lenet:clang,threads=3,killed'  these cells
#
# A cell is NETWORK:BUILD,AXIS... Whoever fails is tried again with each of its axes alone, and says which of them it was.
# Programs on libnnrun are compared with nnrun in library.sh.
if [ -w /dev/shm ]; then
    TMPDIR=${TMPDIR:-/dev/shm}
fi
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

fault=$NNRUN_BUILD/tests/.libs/fault.so
networks='lenet branches layers losses derived'
form=${1:?check-bits or check-bits-short}
passed=0 failed=0 skipped=0
kinds='this clang wide'
[ "$form" != check-bits ] || kinds="$kinds O0 O3 Os v3 lto"

# ---- networks: all layers, several optimizers, augmentation, windows, clipping, weights in another form ---------------

digits 600 50
# network NAME DATA TRAIN LAYERS
network() {
    cat >"$1.cfg" <<EOT
name = "$1";
input = [1, 28, 28];
data: { directory = "digits"; validation = 100; $2 };
network = (
$4
);
train: { epochs = 3; $3 };
output: { report = false; keep = 1000; };
EOT
}
stem='{ type = "conv"; filters = 4; kernel = 5; stride = 2; }'
end='{ type = "dense"; units = 10; }, { type = "softmax"; }'
network lenet 'mean = 0.1307; std = 0.3081;' 'batch = 64;
    optimizer: { rate = 0.05; momentum = 0.9; decay = 5e-4; }; schedule: { type = "cosine"; warmup = 0.5; };' \
    "$(sed -n '/^network = (/,/^);/{/^network/d; /^);/d; p}' "$NNRUN_SOURCE/configs/lenet.cfg")"
network branches 'window = 200; augment: { shift = 2; rotate = 10; scale = 0.1; shear = 5; flip = 0.1; elastic = 20; };' \
    'batch = 75; clip = 0.5; optimizer: { type = "adamw"; rate = 0.003; decay = 0.05; };' \
    '{ type = "conv"; filters = 4; kernel = 3; stride = 2; name = "stem"; }, { type = "batchnorm"; name = "norm"; },
    { type = "relu"; name = "trunk"; }, { type = "conv"; filters = 4; kernel = 3; pad = 1; }, { type = "batchnorm"; },
    { type = "swish"; name = "branch"; }, { type = "add"; inputs = ("trunk", "branch", "stem"); name = "sum"; },
    { type = "concat"; inputs = ("sum", "norm"); }, { type = "dropout"; rate = 0.2; }, { type = "global_pool"; },
    '"$end"
network layers '' 'batch = 150; groups = 3; optimizer: { type = "adam"; rate = 0.003; decay = 1e-3; };' \
    "$stem"', { type = "relu"; }, { type = "scale"; }, { type = "leaky_relu"; slope = 0.2; }, { type = "elu"; alpha = 0.7; },
    { type = "pool"; mode = "average"; kernel = 3; stride = 2; pad = 1; }, { type = "gelu"; },
    { type = "gelu"; approximate = "tanh"; }, { type = "swish"; }, { type = "flatten"; },
    { type = "dense"; units = 20; init = "xavier"; }, { type = "tanh"; }, { type = "dense"; units = 16; }, { type = "sigmoid"; },
    '"$end"
network losses 'mean = 0.13; augment: { shift = 1; elastic = 30; elastic_sigma = 2; };' 'batch = 90;
    optimizer: { rate = 0.1; momentum = 0.8; nesterov = true; }; schedule: { type = "step"; every = 2; factor = 0.3; };' \
    "$stem"', { type = "mse"; }, { type = "pool"; kernel = [2, 1]; stride = [1, 2]; }, { type = "softmax"; },
    { type = "dense"; units = 10; }, { type = "logistic"; }'
network derived '' 'batch = 50; optimizer: { rate = 0.1; momentum = 0.9; };' \
    '{ type = "packed"; units = 20; }, { type = "relu"; }, { type = "packed"; units = 10; }, { type = "softmax"; }'

# ---- builds ------------------------------------------------------------------------------------------------------

build_of() {
    if [ "$1" = this ]; then
        echo "$NNRUN_BUILD"
    else
        echo "$NNRUN_BUILD/build-$1"
    fi
}
# Its settings are those of the build itself.
variable() {
    sed -n "s/^$2 = //p" "$(build_of "$1")/Makefile"
}
# The fixture with derived weights, by the compiler of the build.
compile_packed() {
    mkdir -p "packed-$1" || return
    # shellcheck disable=SC2046 # lists of words
    $(variable "$1" CC) -std=gnu11 $(variable "$1" CPPFLAGS) $(variable "$1" CFLAGS) -Wno-psabi -fPIC -shared -ffp-contract=off \
        -fvisibility=hidden -I"$NNRUN_SOURCE/src" "$NNRUN_SOURCE/tests/plugins/packed.c" -o "packed-$1/packed.so"
}
# ready KIND: there is such a build; the full form makes it.
ready() {
    if [ -f "packed-$1/packed.so" ]; then
        return
    elif [ "$1" = clang ] && ! command -v clang >/dev/null 2>&1; then
        why='no clang'
        return 1
    elif [ "$1" != this ] && [ "$form" = check-bits ] && ! built "$1"; then
        why='it cannot be built'
        return 1
    elif [ ! -x "$(build_of "$1")/nnrun" ]; then
        why="not built here: make check-bits does it"
        return 1
    fi
    why='its plugin cannot be compiled'
    compile_packed "$1" >&2
}
built() {
    (cd "$NNRUN_BUILD" && sh "$NNRUN_SOURCE/tools/build_as.sh" "build-$1" "$NNRUN_SOURCE") >&2
}

# ---- a cell --------------------------------------------------------------------------------------------------------

has_level() {
    [ "$("$nnrun" show lenet.cfg --json | sed 's/.*"isa":"\([^"]*\)".*/\1/')" = avx512 ] || {
        [ "$1" = avx2 ] && ! no_fma lenet.cfg
    }
}
mkdir locales german
localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8 >said 2>&1 &&
    [ "$(LC_ALL=de_DE.UTF-8 LOCPATH=$work/locales locale decimal_point)" = , ] && : >german/made

# can AXIS: this machine has it; else $why says what is missing.
can() {
    case $1 in
    avx2 | avx512) why="no $1 in this processor" && has_level "$1" ;;
    german) why='localedef cannot make de_DE.UTF-8' && [ -f german/made ] ;;
    killed) why='no fault injection in this build' && [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ] ;;
    streamed | folder | threads=[1-9]) ;;
    *)
        echo "Bail out! no axis $1"
        exit 99
        ;;
    esac
}
# The program of the cell.
nnrun_there() {
    # shellcheck disable=SC2086 # lists of words
    (cd "$here" && env $set NNRUN_PLUGIN_PATH="$plugins" "$program" -q "$@")
}
# dies CALL FILE ARGUMENT...: killed in that call about that file
dies() {
    fault_call=$1 fault_file=$2
    shift 2
    (set="$set LD_PRELOAD=$fault FAULT_CALL=$fault_call FAULT_PATH=$fault_file FAULT_KILL=1" && nnrun_there "$@")
    [ $? -eq 137 ] || {
        echo "it was not killed in $fault_call of $fault_file" >&2
        return 1
    }
}
# Once it dies writing, resumed by other threads renaming, by yet others closing a step file.
killed_and_resumed() {
    set -- "ref/$network"/step-*
    two=$(basename "$2") three=$(basename "$3")
    # shellcheck disable=SC2086 # a list of words
    dies write "$two" "$config" --threads "$threads" $stream -o "$run" &&
        dies rename "$two" resume "$run" --threads $((threads % 8 + 1)) $stream &&
        dies close "$three" resume "$run" --threads $(((threads + 3) % 8 + 1)) $stream &&
        nnrun_there resume "$run" --threads "$threads" $stream
}
# train NETWORK KIND AXIS...: into $run, as the axes say.
train() {
    network=$1 kind=$2 threads=2 set='' stream='' killed='' here=$work config=$1.cfg run=$work/run
    program=$(build_of "$kind")/nnrun plugins=$(build_of "$kind")/plugins/.libs:$work/packed-$kind
    shift 2
    for axis; do
        case $axis in
        threads=*) threads=${axis#threads=} ;;
        avx2 | avx512) set="$set NNRUN_ISA=$axis" ;;
        german) set="$set LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 LOCPATH=$work/locales" ;;
        streamed) stream=data.stream=true ;;
        killed) killed=yes ;;
        folder)
            here=$work/there config=../with/another/name/$network.cfg run='runs/of this cell'
            mkdir -p there/runs with/another/name && cp "$network.cfg" with/another/name/ &&
                ln -sfn ../../../digits with/another/name/digits
            ;;
        esac
    done
    rm -rf run 'there/runs/of this cell'
    if [ -n "$killed" ]; then
        killed_and_resumed
    else
        # shellcheck disable=SC2086 # a list of words
        nnrun_there "$config" --threads "$threads" $stream -o "$run"
    fi
}
# agree NETWORK KIND AXIS...: it has the bits of the reference, in the same files.
agree() {
    train "$@" || {
        echo "it failed: status $?"
        return 1
    }
    trained=$work/run
    [ "$here" = "$work" ] || trained=$here/$run
    for file in "$trained"/*.safetensors; do
        [ -f "ref/$network/${file##*/}" ] || echo "${file##*/}: there should be none"
    done
    for file in "ref/$network"/*.safetensors; do
        cmp -s "$file" "$trained/${file##*/}" && continue
        echo "${file##*/}: $("$NNRUN_BUILD/tests/compare_checkpoints" "$file" "$trained/${file##*/}" 2>&1)"
    done >differences
    head -n 3 differences
    [ ! -s differences ]
}
# blame NETWORK KIND AXIS...: which axis it is, by trying each alone.
blame() {
    of=$1 by=$2 guilty=
    shift 2
    agree "$of" this threads=1 >said 2>&1 || guilty=' (not even the reference is the same twice)'
    [ "$by" = this ] || agree "$of" "$by" >said 2>&1 || guilty="$guilty build $by"
    for alone; do
        agree "$of" this "$alone" >said 2>&1 || guilty="$guilty $alone"
    done
    echo "${guilty:- only these together}"
}
# cell NETWORK:KIND[,AXIS...]
cell() {
    cell=$1 network=${1%%:*} axes=${1#*:}
    kind=${axes%%,*}
    # shellcheck disable=SC2086,SC2046 # lists of words
    set -- $(printf %s "${axes#"$kind"}" | tr , ' ')
    ready "$kind" || {
        skip_cell "build $kind"
        return
    }
    for axis; do
        can "$axis" || {
            skip_cell "$axis"
            return
        }
    done
    if agree "$network" "$kind" "$@" >report 2>&1; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'not ok - %s\n' "$cell"
    sed 's/^/#   /' report
    printf "#   axis:%s\n#   again: make check-bits CELLS='%s'\n" "$(blame "$network" "$kind" "$@")" "$cell"
}
skip_cell() {
    skipped=$((skipped + 1))
    printf '%s # SKIP %s\n' "$1" "$why" >>reasons
}

# ---- the matrix ------------------------------------------------------------------------------------------------------

ready this || exit 99
mkdir ref
for network in $networks; do
    train "$network" this threads=1 && mv run "ref/$network" || exit 99
done
# Each axis alone, then some together; in the short form, in other builds, only the latter.
alone='threads=1 threads=2 threads=3 threads=4 threads=5 threads=6 threads=7 threads=8
    avx2 avx512 streamed folder german killed'
together='threads=2,streamed,german threads=3,killed,avx2 threads=4,folder,killed threads=5,streamed,avx2
    threads=6,german,folder,killed threads=7,avx512,streamed,folder threads=8,avx2,killed,streamed,german,folder'
if [ -n "${NNRUN_CELLS-}" ]; then
    form=check-bits
    for cell in $NNRUN_CELLS; do
        cell "$cell"
    done
else
    for kind in $kinds; do
        tried=$together
        if [ "$form" = check-bits ] || [ "$kind" = this ]; then
            tried="$alone $together"
        fi
        for varied in $tried; do
            for network in $networks; do
                cell "$network:$kind,$varied"
            done
        done
    done
fi
[ ! -f reasons ] || sort reasons | uniq -c | sed 's/^ *\([0-9]*\)/ok - \1 cells with/'
printf '# PASS: %d\n# SKIP: %d\n# FAIL: %d\n' $passed $skipped $failed
[ $failed -eq 0 ] && [ $passed -gt 0 ]
