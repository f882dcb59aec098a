#!/bin/sh
# manual.sh: the man pages are clean, and their examples of nnrun run as printed.
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

for page in nnrun.1 nnrun.cfg.5 nnrun-layer.3; do
    lint() {
        test -z "$(mandoc -Tlint -Wwarning "$NNRUN_SOURCE/man/$page" | tee lint)"
    }
    if command -v mandoc >/dev/null 2>&1; then
        check "mandoc finds nothing wrong with $page" lint
    else
        skip "mandoc finds nothing wrong with $page" "no mandoc"
    fi
done

# Every key of a shipped layer stands in nnrun.cfg(5).
for type in dense conv pool relu softmax; do
    keys() {
        "$nnrun" layers "$type" --json | sed 's/.*"settings"://; s/{/\n/g' | sed -n 's/^"name":"\([a-z0-9_]*\)".*/\1/p' >keys
        while read -r key; do
            grep -Eq "^\.It .*(Va|Li|Cm|Ic) $key" "$NNRUN_SOURCE/man/nnrun.cfg.5" || { echo "$key"; return 1; }
        done <keys
    }
    check "nnrun.cfg(5) names every key of $type" keys
done

for config in lenet mlp caffe-lenet linear; do
    check "configs/$config.cfg is right" "$nnrun" show "$NNRUN_SOURCE/configs/$config.cfg"
done
tap_end
