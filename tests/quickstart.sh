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

# ---- what is missing -----------------------------------------------------------------------------------------------

# quickstart up to the build, where nothing can be found but stand-ins and a few tools. Debian has all packages but $lacking;
# autoreconf is where it ends.
mkdir -p bare/bin bare/tree && cp "$NNRUN_SOURCE/quickstart" bare/tree
for tool in sh cat dirname env grep head sed; do
    ln -s "$(command -v "$tool")" bare/bin/ || exit 99
done
# stand_in NAME TEXT: a command that is that script
stand_in() {
    printf '#!/bin/sh\n%s\n' "$2" >"bare/bin/$1" && chmod +x "bare/bin/$1"
}
stand_in id 'echo 1000'
# shellcheck disable=SC2016 # for the script
stand_in dpkg-query 'for package; do :; done; case " $lacking " in *" $package "*) exit 1 ;; esac; printf installed'
stand_in pkg-config 'exit 1'
stand_in autoreconf 'echo it builds >&2; exit 1'
bare() {
    (cd bare/tree && lacking=$lacking PATH=$work/bare/bin ./quickstart "$@")
}
lacking='libjansson-dev libpng-dev libcunit1-dev'
refuse 1 '^    sudo apt-get install --no-install-recommends libjansson-dev libpng-dev$' \
    "without root the line that installs what is missing is printed, and no more than that" bare
refuse 1 '^and run this again\. nnrun cannot be built without jansson\.$' "and what of it is needed" bare
refuse 1 '^    sudo apt-get install --no-install-recommends libjansson-dev libcunit1-dev libpng-dev$' "for check it has CUnit" \
    bare check
lacking='libcunit1-dev'
refuse 1 'it builds' "CUnit is not needed to train" bare
lacking='libmicrohttpd-dev'
refuse 1 'it builds' "what is optional does not keep it from building" bare
says '^Continuing without libmicrohttpd, which nnrun can be built without\.$' "and is named"
# shellcheck disable=SC2016 # for the script
stand_in sudo 'printf "as root: %s\n" "$*"; [ ! -e refused ]'
lacking='make zlib1g-dev'
refuse 1 'it builds' "with sudo the packages are installed" bare
says '^== Debian packages are missing: sudo apt-get install --no-install-recommends make zlib1g-dev$' "having been named"
: >bare/tree/refused
refuse 1 '^    sudo apt-get install --no-install-recommends make zlib1g-dev$' "where sudo fails the line is printed, too" bare
rm bare/bin/dpkg-query bare/tree/refused
# shellcheck disable=SC2016 # for the script
stand_in pkg-config '[ "$2" = libconfig ]'
for tool in gcc make automake libtoolize; do
    stand_in "$tool" 'exit 0'
done
refuse 1 '^quickstart: These are missing .*: autoconf, zlib, jansson, libpng, libjpeg, libmicrohttpd, curl. Install them$' \
    "where there is no Debian the names of what is missing are printed" bare
refuse 1 'cannot be built without autoconf, zlib, jansson\.$' "and what of it is needed" bare

# ---- after the build -----------------------------------------------------------------------------------------------

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
