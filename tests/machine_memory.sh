#!/bin/sh
# machine_memory.sh: train, resume, pack, gradcheck and export take what they need of a machine's memory, and where it has less
# they are refused before they take more.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
fault=$NNRUN_BUILD/tests/.libs/fault.so
if [ ! -f "$fault" ] || [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "no more memory is taken than was found to be there" "no fault injection in this build, or a sanitizer"
    tap_end
    exit
fi
slack=10 # MB: the program, its libraries, and the page about the run

# on MB COMMAND...: on a machine with so much memory
on() {
    memory=$1
    shift
    $prepare
    LD_PRELOAD=$fault FAULT_MEMORY=$memory "$NNRUN_BUILD/tests/peak_memory" $(((memory + slack) * 1024)) "$@"
}
prepare=true
# least COMMAND...: sets `least` to the megabytes of the smallest machine that does not refuse it
least() {
    least=16
    most=144
    while [ "$least" -lt "$most" ]; do
        middle=$(((least + most) / 2))
        if on $middle "$@" >/dev/null 2>why || ! grep -Eq ' needs? .* memory' why; then
            most=$middle
        else
            least=$((middle + 1))
        fi
    done
}
# takes LEAST MOST WHAT COMMAND...: it needs so many megabytes, and takes them
takes() {
    from=$1
    to=$2
    what=$3
    shift 3
    least "$@"
    echo "# $what: $least MB"
    check "$what is refused on no machine that has what it needs" test "$least" -ge "$from" -a "$least" -le "$to"
    check "$what takes no more than the smallest machine has" on "$least" "$@"
    refuse 3 "$refusal" "with a megabyte less, $what is refused" on $((least - 1)) "$@"
}
fresh() {
    rm -rf run
}
begun() {
    rm -rf run && cp -R whole run
}

# 12.5 MB of weights
digits 300 100
cat >large.cfg <<'EOF'
input = [1, 28, 28];
data: { directory = "digits"; validation = 100; };
network = ( { type = "dense"; units = 4000; }, { type = "relu"; }, { type = "dense"; units = 10; }, { type = "softmax"; } );
train: { epochs = 1; batch = 16; groups = 1; threads = 1; optimizer: { type = "adam"; }; };
EOF
refusal='the network needs [0-9.]+ GB of memory and the machine has [0-9.]+; layer "dense1" \(dense\) takes most of it$'
prepare=fresh
takes 48 60 "training by adam, with a test and a page" "$nnrun" -q large.cfg -o run
on 4000 "$nnrun" -q large.cfg -o run || exit 99
rm -rf whole && mv run whole
prepare=begun
takes 72 85 "resuming it" "$nnrun" -q resume run train.epochs=2
prepare=fresh
takes 60 75 "training by momentum in three groups" "$nnrun" -q large.cfg -o run train.groups=3 train.batch=48 \
    'train.optimizer={type="sgd"; momentum=0.9;}'

# samples NAME COUNT ESCAPES: blank ones, their number in the file's header as those bytes
samples() {
    # shellcheck disable=SC2059 # the escapes are the format
    { printf '\0\0\010\003' && printf "$3" && printf '\0\0\0\034\0\0\0\034' && head -c $(($2 * 784)) /dev/zero; } \
        >"many/$1-images-idx3-ubyte"
    # shellcheck disable=SC2059
    { printf '\0\0\010\001' && printf "$3" && head -c "$2" /dev/zero; } >"many/$1-labels-idx1-ubyte"
}
mkdir many
samples train 30000 '\0\0\165\060' # 22.5 MB
samples t10k 15000 '\0\0\072\230'
cat >small.cfg <<'EOF'
input = [1, 28, 28];
data: { directory = "many"; validation = 100; };
network = ( { type = "dense"; units = 10; }, { type = "softmax"; } );
train: { epochs = 1; threads = 1; };
EOF
refusal='the network needs [0-9.]+ GB of memory, the samples of data.window [0-9.]+ GB, and the machine has [0-9.]+: lower data.window$'
takes 34 40 "training on samples kept in memory" "$nnrun" -q small.cfg -o run
check "which takes less with a lower data.window" on 20 "$nnrun" -q small.cfg -o run data.window=5000

# ---- what grows with the number of samples -----------------------------------------------------------------------

mkdir rows
# rows NAME COUNT ESCAPES: so many of four bytes, all but the first of class 1
rows() {
    # shellcheck disable=SC2059 # the escapes are the format
    { printf '\0\0\010\002' && printf "$3" && printf '\0\0\0\004' && head -c $(($2 * 4)) /dev/zero; } >"rows/$1-images"
    # shellcheck disable=SC2059
    { printf '\0\0\010\001' && printf "$3" && yes '' | head -c "$2" | tr '\n' '\001'; } >"rows/$1-labels"
    printf '\0' | dd of="rows/$1-labels" bs=1 seek=8 conv=notrunc 2>/dev/null
}
rows few 1000 '\0\0\003\350'
rows many 2000000 '\0\036\204\200'
cat >two.cfg <<'EOF'
input = 4;
data: { train: { images = "rows/few-images"; labels = "rows/few-labels"; }; test: { images = "rows/many-images"; labels = "rows/many-labels"; };
    validation = 100; window = 1000; };
network = ( { type = "dense"; units = 2; }, { type = "softmax"; } );
train: { epochs = 1; threads = 1; };
EOF
refusal='the network needs [0-9.]+ GB of memory, what a test finds of each sample [0-9.]+ GB, and the machine has [0-9.]+: test with fewer samples$'
prepare=fresh
takes 31 36 "training with a test that keeps outputs for the ROC curve" "$nnrun" -q two.cfg -o run
"$nnrun" -q two.cfg -o run 2>/dev/null || exit 99
rm -rf tested && cp -R run tested
prepare=true
takes 31 36 "the test alone" "$nnrun" -q test tested/best.safetensors
swapped='data={train={images="rows/many-images"; labels="rows/many-labels";}; test={images="rows/few-images"; labels="rows/few-labels";}; validation=100; window=1000;}'
prepare=fresh
refuse 4 'rows/many-images: .*to draw validation samples by class takes 4 bytes for each of 2000000 samples, and with the windows more than the 7 MB of this machine.s memory: lower data.window, or write split = "tail"$' \
    "an index of samples that does not fit is refused before it is taken" on 7 "$nnrun" -q two.cfg "$swapped" data.split=stratified -o run
check "... but not where it fits" on 12 "$nnrun" -q two.cfg "$swapped" data.split=stratified -o run

# ---- pack ----------------------------------------------------------------------------------------------------------

awk 'BEGIN { print "a,b,label"; for (i = 0; i < 150000; i++) printf "%d,%d,x\n%d,%d,y\n", i, i + 1, i, i - 1 }' >table.csv
prepare=true
refuse 4 "table\.csv has too many samples for this machine's memory: packing takes 56 bytes for each, so at most 299593 fit$" \
    "a table of more samples than fit is refused" on 16 "$nnrun" pack -q table.csv -o packed --skip-broken
check "... and leaves nothing" test ! -e packed
check "... but not where they fit" on 17 "$nnrun" pack -q table.csv -o packed

# ---- gradcheck -----------------------------------------------------------------------------------------------------

sed 's/4000/500/' large.cfg >checked.cfg
refusal='the network needs [0-9.]+ GB of memory and the machine has [0-9.]+; layer "dense1" \(dense\) takes most of it$'
takes 24 34 "checking the gradients of a network" "$nnrun" -q gradcheck checked.cfg

# ---- export --------------------------------------------------------------------------------------------------------

prepare=true
takes 80 90 "writing a network as C" "$nnrun" -q export whole/best.safetensors --c large.c
tap_end
