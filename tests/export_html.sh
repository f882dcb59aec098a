#!/bin/sh
# export_html.sh: a network leaves as a page that opens from file://, without a network, and gives the answers of nnrun predict: in
# a real browser; see export_html.py.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
python=$(command -v python3)
images=digits/t10k-images-idx3-ubyte.gz

# ---- the file ------------------------------------------------------------------------------------------------

digits 2000 300
"$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits data.validation=100 train.epochs=3 output.report=false -q -o run || exit 99
best=run/best.safetensors
check "a checkpoint is exported as a page" "$nnrun" export $best --html lenet.html --onnx lenet.onnx --check
says '^lenet.html: [0-9.]+ kB, 15 operators, from 1x28x28 values to 10$' "and it is said what the file holds"
check "--json says it as an event" "$nnrun" export $best --html again.html --json
says '^\{"event":"export","format":"html","path":"again.html","bytes":[0-9]+,"operators":15,"input":\[1,28,28\],"output":\[10\]\}$' \
    "with the shapes of samples and answers"
check "the bytes are the same each time" cmp lenet.html again.html
small() {
    wc -c <lenet.html && [ "$(wc -c <lenet.html)" -le 400000 ]
}
check "LeNet takes at most 400 kB" small
no_hosts() { ! sed '/id="weights"/,/script>/d' lenet.html | grep -E '(https?:|ftp:|\bwss?:|src=|@import|url\(|fetch\(|import\(|XMLHttp|sendBeacon|WebSocket)'; }
check "the page names no other file and no host, and asks for none" no_hosts
declared() { # in the files of its script, outside of functions
    (cd "$NNRUN_SOURCE/src" && sed -n 's/^#include \(.*\.js\)$/\1/p' lib/export/page/index.html | xargs sed -nE \
        's/^(async )?(function|const|let|class) ([A-Za-z_$]+).*/\3/p')
}
once() { [ -n "$(declared)" ] && [ -z "$(declared | sort | uniq -d)" ]; }
check "no name is declared twice among the files of its script" once
policy() { grep -q "Content-Security-Policy.*default-src 'none'" lenet.html; }
check "it lets no script of it ask for any" policy
"$nnrun" export -q $best 'name="<!--<script>&"' --html odd.html || exit 99
odd() { ! grep -q '<!--' odd.html && grep -q 'u003c!--.u003cscript>' odd.html; }
check "a name is no part of the page" odd
refuse 2 'best.safetensors is the checkpoint itself' "the checkpoint is not written over" "$nnrun" export $best --html $best

# ---- in a browser --------------------------------------------------------------------------------------------

promise='pages give the answers of nnrun predict'
if [ -z "$python" ] || ! "$python" "$NNRUN_SOURCE/tests/browser.py" 2>/dev/null; then
    skip "$promise" 'no python3, or no Chromium that starts'
    tap_end
    exit
fi
mkdir graphs samples answers look pictures
cp lenet.html look/digits.html

# leaves NAME CHECKPOINT [OPTION...]: as a page and as C
leaves() {
    name=$1
    shift
    "$nnrun" export -q "$@" --html "graphs/$name.html" --c "graphs/$name.c" || exit 99
}
leaves lenet $best
# shellcheck disable=SC2086 # a command of several words
${NNRUN_CC:-cc} -std=gnu11 ${NNRUN_CPPFLAGS-} -O1 -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" -I"$NNRUN_SOURCE/tests/plugins" \
    "$NNRUN_SOURCE/tests/plugins/every_operator.c" -o every_operator.so || exit 99
cat >every.cfg <<'C'
name = "every";
input = [28, 28];
data: { directory = "digits"; validation = 50; };
network = ( { type = "conv"; filters = 10; kernel = [3, 5]; stride = [2, 1]; pad = [1, 0]; }, { type = "every_operator"; },
    { type = "pool"; kernel = 3; pad = 1; mode = "average"; }, { type = "relu"; name = "trunk"; },
    { type = "global_pool"; mode = "max"; name = "most"; }, { type = "flatten"; name = "first"; },
    { type = "global_pool"; inputs = ("trunk"); mode = "average"; }, { type = "flatten"; name = "second"; },
    { type = "concat"; inputs = ("first", "second"); }, { type = "dense"; units = 10; }, { type = "softmax"; } );
train: { epochs = 1; batch = 50; optimizer: { rate = 0.001; }; };
output: { report = false; };
C
"$nnrun" -q every.cfg --plugin-path . -o every 2>/dev/null || exit 99
leaves every every/best.safetensors --plugin-path .

# Pictures of all kinds; of MNIST, if it is here, else of the built-in digits, 200.
"$python" "$NNRUN_SOURCE/tests/export_pictures.py" pictures &&
    for family in shade edge specks lined squared noise turned everyday several; do
        mkdir -p photographs/$family && "$NNRUN_BUILD/tests/draw_photographs" $family 8 photographs/$family >/dev/null || exit 99
    done && "$python" "$NNRUN_SOURCE/tests/export_pictures.py" pictures photographs || exit 99
[ ! -d "${NNRUN_MNIST-}" ] || images=$NNRUN_MNIST/t10k-images-idx3-ubyte.gz
"$python" "$NNRUN_SOURCE/tests/export_pictures.py" pictures "$images" 200 || exit 99
"$nnrun" predict $best --json pictures/sample-*.png >answers/lenet.predicted && cp lenet.html answers || exit 99

# becomes NAME CHECKPOINT PICTURE...: what nnrun makes of pictures, by a copy of the checkpoint
becomes() {
    name=$1
    checkpoint=$2
    shift 2
    "$nnrun" export -q "$checkpoint" --html "samples/$name.html" && echo "$@" >"samples/$name.files" &&
        "$NNRUN_BUILD/tests/prepare_files" "$checkpoint" "$@" >"samples/$name.bytes" || exit 99
}
becomes digit $best pictures/*.png
"$NNRUN_BUILD/tests/draw_signs" signs 60 && "$nnrun" pack -q signs -o colour --size 24x32 --rgb --test 0.1 --config colour.cfg || exit 99
for how in stretch fit crop digit; do
    "$nnrun" -q colour.cfg data.prepare=$how train.epochs=1 output.report=false -o colour-$how 2>/dev/null &&
        "$nnrun" -q "$NNRUN_SOURCE/configs/linear.cfg" data.directory=digits data.validation=50 data.prepare=$how train.epochs=1 \
            output.report=false -o grey-$how 2>/dev/null || exit 99
    becomes colour-$how colour-$how/best.safetensors pictures/[dk]*.png
    [ $how = digit ] || becomes grey-$how grey-$how/best.safetensors pictures/[dk]*.png
done
cp samples/colour-crop.html look/colour.html
"$nnrun" predict colour-crop/best.safetensors --json pictures/[dk]*.png >answers/colour.predicted && cp look/colour.html answers || exit 99

# Samples of a source that was transposed are upright by then, and so are pictures.
"$nnrun" -q "$NNRUN_SOURCE/configs/linear.cfg" data.directory=digits data.validation=50 data.transposed=true train.epochs=1 output.report=false \
    -o lying 2>/dev/null && "$nnrun" export -q lying/best.safetensors --html answers/lying.html &&
    "$nnrun" predict lying/best.safetensors --json pictures/drawn-*.png >answers/lying.predicted || exit 99

"$NNRUN_BUILD/nnrun-make-sensors" --train 300 --test 40 sensors >/dev/null &&
    "$nnrun" -q "$NNRUN_SOURCE/configs/sensors.cfg" data.train.images=sensors/train-samples-idx3-float.gz \
        data.train.labels=sensors/train-labels-idx1-ubyte.gz data.test.images=sensors/test-samples-idx3-float.gz \
        data.test.labels=sensors/test-labels-idx1-ubyte.gz data.validation=50 train.epochs=1 output.report=false -o numbers 2>/dev/null || exit 99
leaves numbers numbers/best.safetensors
awk 'BEGIN { srand(3); for (r = 0; r < 31; r++) { line = r ? "" : "x0"
    for (i = r ? 0 : 1; i < 192; i++) line = line (i ? "," : "") (r ? sprintf("%.6g", 4 * rand() - 2) : "x" i); print line } }' >answers/numbers.csv
"$nnrun" predict numbers/best.safetensors --json --header answers/numbers.csv >answers/numbers.predicted 2>/dev/null &&
    cp graphs/numbers.html answers && cp graphs/numbers.html look || exit 99

awk 'BEGIN { srand(5); print "height,width (cm),\"a, b\",0,label"; for (r = 0; r < 90; r++) { a = 4 * rand() - 2; b = 4 * rand() - 2
    printf "%.5g,%.5g,%.5g,%.5g,%s\n", a, b, rand(), rand(), (a > b ? "<b>&\"x" : "😀") } }' >table.csv
awk 'BEGIN { srand(7); print "0,\"a, b\",height,width (cm)"; for (r = 0; r < 20; r++)
    printf "%.5g,%.5g,%.5g,%.5g\n", rand(), rand(), 4 * rand() - 2, 4 * rand() - 2 }' >answers/columns.csv
"$nnrun" pack -q table.csv -o table --label label --config table.cfg &&
    "$nnrun" -q table.cfg train.epochs=20 output.report=false -o columns 2>/dev/null || exit 99
leaves columns columns/best.safetensors
"$nnrun" predict columns/best.safetensors --json answers/columns.csv >answers/columns.predicted && cp graphs/columns.html answers &&
    cp graphs/columns.html look || exit 99

small_config class.cfg
sed 's/softmax/logistic/' class.cfg >labels.cfg
"$nnrun" -q labels.cfg -o labels 2>/dev/null || exit 99
leaves labels labels/best.safetensors
cp graphs/labels.html look

# Networks of light pictures; of the last the training samples tell the mean, of dark ones.
sed '/mean = /d' "$NNRUN_SOURCE/configs/linear.cfg" >ground.cfg
for ground in light:data.mean=0.8:stretch turned:data.mean=0.8:digit dark:data.normalize=train:stretch; do
    how=${ground#*:}
    "$nnrun" -q ground.cfg data.directory=digits data.validation=50 "${how%:*}" \
        data.prepare="${how#*:}" train.epochs=1 output.report=false -o "ground-${ground%%:*}" 2>/dev/null &&
        "$nnrun" export -q "ground-${ground%%:*}/best.safetensors" --html "look/${ground%%:*}.html" || exit 99
done

"$python" "$NNRUN_SOURCE/tests/export_html.py" "$PWD" >results 2>trouble
browsed $? 'the browser went through all of it'
tap_end
