#!/bin/sh
# quickstart.sh: what of ./quickstart can be tried without installing packages or building anew.
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

check "--help says how" "$NNRUN_SOURCE/quickstart" --help
says '^usage: ./quickstart \[check\]' "naming both commands"
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
            echo 'set -eu; here=$PWD; prefix=$PWD/.local; build=$PWD/build; say() { printf "\n== %s\n" "$*"; }'
            sed -n '/^find_data()/,/^}/p' "$NNRUN_SOURCE/quickstart"
            sed -n '/^find_data$/,$p' "$NNRUN_SOURCE/quickstart"
        } >stage.sh
        cat >.local/bin/nnrun <<'EOF'
#!/bin/sh
echo "nnrun $*"
mkdir -p runs/lenet
EOF
        printf '#!/bin/sh\nexit %s\n' "$1" >.local/bin/nnrun-fetch-mnist
        cat >.local/bin/nnrun-make-digits <<'EOF'
#!/bin/sh
mkdir -p "$1" && : >"$1/t10k-labels-idx1-ubyte.gz"
EOF
        chmod +x .local/bin/*
        sh stage.sh
    )
}
check "with MNIST there it is used" stage 0
says 'configs/lenet.cfg on MNIST' "and said"
says '^export PATH=".*/.local/bin:\$PATH" PKG_CONFIG_PATH=".*/.local/lib/pkgconfig"$' "and how to find what is installed"
says '^nnrun configs/lenet.cfg -o runs/lenet$' "without an override"
rm -rf tree
offline() {
    NNRUN_OFFLINE=1 stage 1
}
check "without MNIST the built-in digits are used" offline
says 'on the built-in digits \(not MNIST\)' "and said plainly"
silent() {
    ! grep -q fetching "$work/stage.out"
}
cp "$tap_out" stage.out
check "no mirror is asked when offline" silent
check "the run's folder is new each time" offline
says '^nnrun test runs/lenet-2/best.safetensors$' "and the commands to try next name it"
tap_end
