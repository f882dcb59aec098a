#!/bin/sh
# quickstart.sh: what of ./quickstart can be tried without installing packages or building anew.
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

check "--help says how" "$NNRUN_SOURCE/quickstart" --help
says '^usage: ./quickstart \[check\]' "naming both commands"
says '^  NNRUN_MNIST  ' "and where MNIST may be"
unset NNRUN_MNIST NNRUN_OFFLINE CI
expect 2 "an unknown word is a usage error" "$NNRUN_SOURCE/quickstart" frob
expect 2 "--prefix without a folder too" "$NNRUN_SOURCE/quickstart" --prefix

spaced() {
    mkdir -p 'a b' && cp "$NNRUN_SOURCE/quickstart" 'a b/quickstart' && './a b/quickstart'
}
refuse 1 'space in its name' "a checkout where make cannot work is refused, saying why" spaced

# The stages behind the build, with stand-ins for what is installed: quickstart's own text from find_data on.
stage() {
    mkdir -p tree/configs tree/.local/bin tree/build
    (
        cd tree || exit 1
        {
            cat <<'EOF'
set -eu; here=$PWD; prefix=$PWD/.local; build=$PWD/build; say() { printf "\n== %s\n" "$*"; }
EOF
            sed -n '/^fail()/p; /^mnist=/,/^case/p' "$NNRUN_SOURCE/quickstart"
            sed -n '/^find_data()/,/^}/p' "$NNRUN_SOURCE/quickstart"
            sed -n '/^find_data$/,$p' "$NNRUN_SOURCE/quickstart"
        } >stage.sh
        cat >.local/bin/nnrun <<'EOF'
#!/bin/sh
echo "nnrun $*"
case $1 in resume) exit ;; esac
for run; do :; done
case $* in *data/digits*) data=digits ;; *) data=mnist ;; esac
mkdir -p "$run" && echo "\"$PWD/data/$data/train-images\"" >"$run/run.json"
EOF
        cat >.local/bin/nnrun-fetch-mnist <<'EOF'
#!/bin/sh
echo "fetch $*"
for folder; do :; done
test -e "$folder/whole"
EOF
        cat >.local/bin/nnrun-make-digits <<'EOF'
#!/bin/sh
mkdir -p "$1" && : >"$1/t10k-labels-idx1-ubyte.gz"
EOF
        chmod +x .local/bin/*
        sh stage.sh
    )
}
has_mnist() {
    mkdir -p tree/data/mnist && : >tree/data/mnist/whole && stage
}
check "with MNIST there it is used" has_mnist
says 'configs/lenet.cfg on MNIST' "and said"
# shellcheck disable=SC2016 # a pattern
says '^export PATH=".*/.local/bin:\$PATH" PKG_CONFIG_PATH=".*/.local/lib/pkgconfig"$' "and how to find what is installed"
says '^nnrun configs/lenet.cfg -o runs/lenet$' "without an override"
lacks() {
    ! grep -q -- "$1" "$work/stage.out"
}
cp "$tap_out" stage.out
check "nor one in the commands to try next" lacks data.directory
check "run again it trains no second time" stage
says '^nnrun resume runs/lenet$' "but goes on with what is left"
says '^nnrun test runs/lenet/best.safetensors$' "and the commands to try next are there again"
cp "$tap_out" stage.out
check "for the same run" lacks lenet-2
rm -rf tree
offline() {
    NNRUN_OFFLINE=1 stage
}
check "without MNIST the built-in digits are used" offline
says 'on the built-in digits \(not MNIST\)' "and said plainly"
says '^nnrun configs/mlp.cfg data.directory=data/digits$' "and the commands to try next name them"
says 'MNIST belong into data/mnist' "and say where MNIST belongs"
cp "$tap_out" stage.out
check "no mirror is asked when offline" lacks fetching
check "digits are trained on once, too" offline
says '^nnrun resume runs/lenet$' "in the same folder"
check "when MNIST comes it is learned" has_mnist
says '^nnrun configs/lenet.cfg -o runs/lenet-2$' "in a folder of its own"
says '^nnrun test runs/lenet-2/best.safetensors$' "and the commands to try next name it"

# named FOLDER: quickstart with NNRUN_MNIST.
named() {
    NNRUN_MNIST=$1 stage
}
rm -rf tree
mkdir -p tree/own && : >tree/own/whole
check "NNRUN_MNIST names a folder with MNIST" named own
says 'configs/lenet.cfg on MNIST' "which is learned"
cp "$tap_out" stage.out
check "without asking a mirror" lacks fetching
check "data/mnist is a link to it" test "$(readlink tree/data/mnist)" = "$work/tree/own"
check "which may be there already" named own
rm -rf tree/data/mnist && mkdir -p tree/data/mnist
refuse 1 'data/mnist is there and is not MNIST' "another data/mnist is not replaced" named own
rmdir tree/data/mnist
refuse 1 'NNRUN_MNIST: .*/runs does not hold' "a folder without MNIST is refused" named runs
tap_end
