#!/bin/sh
# export_boards.sh: an exported C file gives its answers on other processors, which QEMU imitates: aarch64, s390x, whose bytes
# have another order, and a Cortex-M4, where a small convolutional network fits a microcontroller. Skipped are those whose
# compiler (gcc-aarch64-linux-gnu, gcc-s390x-linux-gnu, gcc-arm-none-eabi) or QEMU is not there.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
boards=$NNRUN_SOURCE/examples
images=digits/t10k-images-idx3-ubyte.gz
python=$(command -v python3)

digits 600 200
cat >small.cfg <<'C'
name = "net";
input = [1, 28, 28];
data: { directory = "digits"; validation = 60; mean = 0.13; std = 0.31; };
network = ( { type = "conv"; filters = 8; kernel = 5; }, { type = "relu"; }, { type = "pool"; kernel = 2; },
    { type = "conv"; filters = 16; kernel = 3; }, { type = "batchnorm"; }, { type = "tanh"; }, { type = "pool"; kernel = 2; },
    { type = "dense"; units = 16; }, { type = "relu"; }, { type = "dense"; units = 10; }, { type = "softmax"; } );
train: { epochs = 1; batch = 50; optimizer: { type = "sgd"; rate = 0.05; momentum = 0.9; }; };
C
"$nnrun" -q small.cfg -o run && "$nnrun" export -q run/best.safetensors --c net.c &&
    "$nnrun" predict run/best.safetensors $images --json >predicted || exit 99
gzip -dc $images | tail -c +17 >pixels
weights=$(($("$nnrun" show run/best.safetensors --json | sed 's/.*"parameters":\([0-9]*\),"learned.*/\1/') * 4))

# answers COMMAND...: given the pictures, it prints what was predicted
answers() {
    "$@" <pixels >answered && "${python:-true}" "$NNRUN_SOURCE/tests/c_answers.py" predicted answered
}
# elsewhere NAME TRIPLET
elsewhere() {
    if ! command -v "$2-gcc" >/dev/null 2>&1 || ! command -v "qemu-$1" >/dev/null 2>&1; then
        skip "on $1 it gives its answers" "no $2-gcc or no qemu-$1"
        return
    fi
    "$2-gcc" -std=c99 -O2 -static -DNET_TEST net.c -lm -o "test-$1" &&
        "$2-gcc" -std=gnu11 -O2 -static -DEXPORTED="\"$PWD/net.c\"" "$NNRUN_SOURCE/tests/c_answers.c" net.c -lm -o "answers-$1" || exit 99
    check "on $1 it passes its own test" "qemu-$1" "./test-$1"
    check "... and gives its answers" answers "qemu-$1" "./answers-$1"
}
elsewhere aarch64 aarch64-linux-gnu
elsewhere s390x s390x-linux-gnu

if command -v arm-none-eabi-gcc >/dev/null 2>&1 && command -v qemu-system-arm >/dev/null 2>&1; then
    flags='-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -Os -ffunction-sections -fdata-sections'
    # cortex_m4 PROGRAM SOURCE...
    cortex_m4() {
        program=$1
        shift
        # shellcheck disable=SC2086 # a list of words
        arm-none-eabi-gcc $flags -std=gnu11 --specs=rdimon.specs -nostartfiles -Wl,--gc-sections -T "$boards/cortex_m4.ld" \
            "$boards/cortex_m4.c" "$@" -lm -o "$program"
    }
    board() {
        timeout 300 qemu-system-arm -M mps2-an386 -nographic -semihosting-config enable=on,target=native -kernel "$1"
    }
    cortex_m4 test.elf -DNET_TEST net.c && cortex_m4 answers.elf -DEXPORTED="\"$PWD/net.c\"" '-DSAMPLES="pixels"' "$NNRUN_SOURCE/tests/c_answers.c" net.c || exit 99
    # shellcheck disable=SC2086 # a list of words
    arm-none-eabi-gcc $flags -std=c99 -Wall -Wextra -Wconversion -Wpedantic -Werror -c net.c -o net.o || exit 99
    check "on a Cortex-M4 it passes its own test" board test.elf
    check "... and gives its answers" answers board answers.elf
    small() {
        flash=$(arm-none-eabi-size net.o | awk 'NR == 2 { print $1 + $2 }')
        memory=$(sed -n 's/^#define NET_MEMORY *\([0-9]*\).*/\1/p' net.c)
        echo "flash $flash bytes, of these $weights of weights; memory $memory bytes" &&
            [ "$flash" -le $((weights + 8192)) ] && [ "$memory" -le 16384 ]
    }
    check "it takes 8 kB of flash besides its weights, and 16 kB of memory" small
else
    skip "on a Cortex-M4 it gives its answers" "no gcc-arm-none-eabi or no qemu-system-arm"
fi
tap_end
