#!/bin/sh
# measure.sh: PERFORMANCE.md's table of figures, measured here. Prints Markdown; with --into PERFORMANCE.md it replaces what
# stands between the markers. Needs real MNIST in NNRUN_MNIST. Run by "make measure".
set -eu
: "${NNRUN_BUILD:?}" "${NNRUN_SOURCE:?}"
mnist=${NNRUN_MNIST:?measure.sh: NNRUN_MNIST names no folder with MNIST}
nnrun=$NNRUN_BUILD/nnrun
seeds=${NNRUN_SEEDS:-1 2 3 4 5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset NNRUN_ISA

# value EVENT KEY FILE: a number of the last such event of a --json log
value() {
    sed -n "s/^{\"event\":\"$1\".*\"$2\":\([-0-9.e]*\).*/\1/p" "$3" | tail -n 1
}

# accuracies CONFIG: trains with each seed; leaves a log a seed
accuracies() {
    for seed in $seeds; do
        "$nnrun" "$NNRUN_SOURCE/configs/$1.cfg" data.directory="$mnist" --seed "$seed" --json -o "$work/$1-$seed" \
            >"$work/$1-$seed.json"
        value test accuracy "$work/$1-$seed.json"
    done | awk '{ n++; s += $1; q += $1 * $1; if (n == 1 || $1 < low) low = $1 }
        END { m = s / n; d = n > 1 ? sqrt((q - n * m * m) / (n - 1)) : 0
              printf "%.2f %% +- %.2f (%d seeds, lowest %.2f %%)", 100 * m, 100 * d, n, 100 * low }'
}

# median NUMBER...
median() {
    printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { printf "%.2f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

epoch_seconds() {
    # shellcheck disable=SC2046 # a list of numbers
    median $(sed -n 's/^{"event":"epoch".*"seconds":\([0-9.e-]*\).*/\1/p' "$work/$1"-*.json)
}

# All epochs of a run.
train_seconds() {
    for seed in $seeds; do
        sed -n 's/^{"event":"epoch".*"seconds":\([0-9.e-]*\).*/\1/p' "$work/$1-$seed.json" | awk '{ s += $1 } END { print s }'
    done | sort -n | awk '{ v[NR] = $1 } END { printf "%.0f", v[int((NR + 1) / 2)] }'
}

# Seconds from the start of the process until everything is ready for the first step.
start_seconds() {
    for i in 1 2 3 4 5; do
        began=$(date +%s%N)
        "$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory="$mnist" train.epochs=1 --json -o "$work/start-$i" |
            { IFS= read -r _; ended=$(date +%s%N); echo $(((ended - began) / 1000000)); cat >"$work/rest"; }
    done | sort -n | sed -n 3p | awk '{ printf "%.2f", $1 / 1000 }'
}

table() {
    lenet=$(accuracies lenet)
    mlp=$(accuracies mlp)
    cnn=$(accuracies cnn)
    first=${seeds%% *}
    cat <<EOF
| what | measured | wanted |
| --- | --- | --- |
| lenet.cfg, test accuracy on MNIST after 10 epochs | $lenet | 99.0 % |
| mlp.cfg, after 15 epochs | $mlp | 98.0 % |
| cnn.cfg, after 25 epochs | $cnn | 99.5 % |
| cnn.cfg, training to the end | $(train_seconds cnn) s | 300 s |
| lenet.cfg, an epoch of 55,000 images, validation included | $(epoch_seconds lenet) s | |
| mlp.cfg, likewise | $(epoch_seconds mlp) s | |
| peak memory, lenet.cfg | $(value "done" peak_bytes "$work/lenet-$first.json" | awk '{ printf "%.0f", $1 / 1e6 }') MB | 150 MB |
| start to first training step | $(start_seconds) s | 0.5 s |
$(sh "$NNRUN_SOURCE/tests/library/cost.sh")

$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors, $("$nnrun" show "$NNRUN_SOURCE/configs/lenet.cfg" | sed -n 's/.*code level \([a-z0-9]*\).*/\1/p') code, $(${NNRUN_CC:-cc} --version | head -n 1), $(date +%Y-%m-%d). Medians; a shared machine.
EOF
}

if [ "${1-}" = --into ]; then
    table >"$work/table"
    awk -v table="$work/table" '
        /<!-- \/figures -->/ { skip = 0 }
        !skip { print }
        /<!-- figures -->/ { while ((getline line < table) > 0) print line; skip = 1 }' "$2" >"$work/readme"
    cat "$work/readme" >"$2"
else
    table
fi
