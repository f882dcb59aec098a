#!/bin/sh
# no_answer.sh: an output that is NaN or infinite is no answer: said so, counted as wrong, never a class or a number in JSON.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

digits 300 60
{ printf 'P5\n28 28 255\n' && head -c 784 /dev/zero | tr '\0' '\100'; } >grey.pgm
images=digits/t10k-images-idx3-ubyte.gz
no='no answer: the network.s output is not a finite number'
# network END: a config that ends in it
network() {
    cat <<EOF
name = "$1"; input = [1, 28, 28]; data: { directory = "digits"; };
network = ( { type = "dense"; units = 10; }, { type = "$1"; } );
train: { epochs = 1; batch = 50; optimizer: { rate = 0.001; }; }; output: { report = false; };
EOF
}
# keep: what the last command printed, for a check, which is one of its own
keep() {
    cp "$tap_out" out && cp "$tap_err" err
}
# numbers: the JSON that was kept has no NaN and no infinity, which Python would take
numbers() {
    test -s out && ! grep -iE '[^a-z".](nan|inf)[^a-z.]' out
}
for end in softmax mse; do
    network $end >$end.cfg
    "$nnrun" -q $end.cfg -o $end || exit 99
    for number in nan inf -inf; do
        file=$end$number.st
        of="$end with $number"
        "$NNRUN_BUILD/tests/change_checkpoint" $end/step-000000006.safetensors "$file" "dense1.bias[3]=$number" || exit 99
        # -inf is no class for softmax, and leaves the others
        if [ $end$number = softmax-inf ]; then
            check "$of: it answers, as another class may be right" "$nnrun" predict "$file" grey.pgm
            continue
        fi
        refuse 4 "grey\.pgm: $no" "$of: predict has no answer" "$nnrun" predict "$file" grey.pgm
        expect 4 "$of: nor has it in JSON" "$nnrun" predict "$file" grey.pgm --json
        says '"class":null,"probability":null,"classes":\[\]' "$of: where there is no class"
        keep
        check "$of: and no NaN" numbers
        refuse_line 4 'idx3-ubyte\.gz: no answer to 60 of 60 samples: ' "$of: samples are counted" "$nnrun" predict "$file" $images
        expect 4 "$of: test ends with status 4" "$nnrun" test "$file" data.directory=digits
        says '0\.00 % right \(0 of 60\), .*, loss (NaN|infinite)' "$of: as all samples count as wrong"
        expect 4 "$of: in JSON, too" "$nnrun" test "$file" data.directory=digits --json
        says '"right":0,.*"loss":null,.*"unanswered":60' "$of: which counts them"
        keep
        check "$of: and has no NaN" numbers
    done
done
check "a page about such a run is made" sh -c "cp softmaxnan.st softmax/step-000000006.safetensors && '$nnrun' report softmax"
check "it says so" grep -q '60 of 60 test samples have no answer' softmax/report.html

# One weight of 3e38 is too large where the pixel is light, if the scale is 2, and leaves answers where it is dark.
sed 's/data: {/& std = 0.1;/' mse.cfg >scaled.cfg
"$NNRUN_BUILD/tests/change_checkpoint" mse/step-000000006.safetensors part.st dense1.weight[150]=3e38 \
    'config=@scaled.cfg' || exit 99
expect 4 "samples with an answer have it, beside those without" "$nnrun" predict -q part.st $images
says '\]: no answer$' "line by line"
says '\]: [0-9] \(' "each for itself"

# ---- serve ---------------------------------------------------------------------------------------------------

if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd' || ! command -v curl >/dev/null 2>&1; then
    skip "serve answers with an error" "no libmicrohttpd or no curl"
else
    "$nnrun" serve softmaxnan.st --port 0 >served 2>complaints &
    server=$!
    tap_children="$tap_children $server"
    tap_wait grep -q http: served || exit 99
    url=$(sed -n 's/.* on \(http:.*\)/\1/p' served)
    check "serve answers" curl -sS -w ' %{http_code}' -H 'Content-Type: image/x-portable-graymap' --data-binary @grey.pgm \
        "${url}predict?layers=1"
    says '^\{"error":"no answer: the network.s output is not a finite number"\} 500$' "with an error"
    kill "$server" && wait "$server"
fi

# ---- training ------------------------------------------------------------------------------------------------

# The last step makes weights of 1e12 and more, which nothing looks at before the test.
front='{ type = "dense"; units = 10; }, { type = "dense"; units = 10; }, { type = "dense"; units = 10; },'
network softmax | sed "s/network = (/& $front/; s/rate = 0.001;/rate = 1e6; decay = 1e6;/; s/batch = 50/batch = 300/" >wild.cfg
refuse 1 'the loss on the test samples became NaN after step 1; a smaller train\.optimizer\.rate may help' \
    "the test at the end of a run that diverged in its last step says so" "$nnrun" -q wild.cfg -o wild
keep
check "and does not say how to go on, as it was the last step" grep -qx 'nnrun: what was saved is in wild' err
tap_end
