#!/bin/sh
# serve_numbers.sh: nnrun serve answers numbers in JSON and rows of a table as nnrun predict does, and refuses with reasons what
# it cannot take.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    skip 'rows are answered over HTTP' 'no libmicrohttpd'
    tap_end
    exit
fi
if ! command -v curl >/dev/null 2>&1 || ! command -v python3 >/dev/null 2>&1; then
    skip 'rows are answered over HTTP' 'no curl or no python3'
    tap_end
    exit
fi
"$NNRUN_BUILD/nnrun-make-sensors" --train 600 --test 40 sensors || exit 99
cat >good.cfg <<'EOF'
name = "good";
input = 192;
data: {
    train: { images = "sensors/train-samples-idx3-float.gz"; labels = "sensors/train-labels-idx1-ubyte.gz"; };
    validation = 100; values = "numbers"; normalize = "train";
};
network = ( { type = "dense"; units = 16; }, { type = "relu"; }, { type = "dense"; units = 6; }, { type = "softmax"; } );
train: { epochs = 4; batch = 50; optimizer: { rate = 0.05; momentum = 0.9; }; };
output: { report = false; };
warnings: { no_test = false; };
EOF
"$nnrun" -q good.cfg -o run || exit 99
gzip -dc sensors/test-samples-idx3-float.gz | tail -c +17 | od -An -v -tf4 -w768 --endian=big | sed 's/^ *//; s/  */,/g' >rows.csv
"$nnrun" predict run/best.safetensors --json rows.csv >predicted || exit 99

# start CHECKPOINT: serves it on a free port; sets $url and $server
start() {
    : >served
    "$nnrun" serve "$1" --port 0 >>served 2>complaints &
    server=$!
    tap_children="$tap_children $server"
    tap_wait grep -q http: served || exit 99
    url=$(sed -n 's/.* on \(http:.*\)/\1/p' served)
}
# ask TYPE FILE: what POST /predict$query says of the file, into `answer`; the status into `code`
query=
ask() {
    curl -sS -o answer -w '%{http_code}' -H "Content-Type: $1" --data-binary "@$2" "${url}predict$query" >code
}
# answered CODE PATTERN TYPE FILE
answered() {
    code=$1
    pattern=$2
    shift 2
    ask "$@" && test "$(cat code)" = "$code" && grep -Eq "$pattern" answer && return
    cat code answer
    return 1
}

start run/best.safetensors
all_rows() {
    ask text/csv rows.csv && python3 - <<'E'
import json
answers = json.load(open("answer"))["answers"]
predicted = [json.loads(line) for line in open("predicted")]
assert len(answers) == len(predicted) == 40
for answer, event in zip(answers, predicted):
    event["file"] = None
    assert answer == event, (answer, event)
E
}
check 'a table is answered row by row, as nnrun predict does' all_rows
one_row() {
    { printf '{"values": [' && sed -n 7p rows.csv | tr -d '\n' && printf ']}'; } >values.json
    ask application/json values.json && python3 - <<'E'
import json
answer = json.load(open("answer"))
event = json.loads(open("predicted").readlines()[6])
event["file"] = event["index"] = None
assert answer == event, (answer, event)
E
}
check 'and so is a list of values' one_row
with_input() {
    query='?input=1&layers=1' && ask application/json values.json && query= && python3 - <<'E'
import json
answer = json.load(open("answer"))
values = json.load(open("values.json"))["values"]
assert all(abs(a - b) <= 1e-6 * abs(b) for a, b in zip(answer["input"]["values"], values))
assert len(answer["input"]["values"]) == 192 and [len(layer["values"]) for layer in answer["layers"]] == [16, 16, 6, 6]
E
}
check '... which is told as input, with the layers' with_input
model_says() {
    curl -sS "${url}model" | grep -q '"values":"numbers"'
}
check 'GET /model says that it takes numbers' model_says
tr ',' '\t' <rows.csv >rows.tsv
check 'tabs are separators, too' answered 200 '"index":39,' text/tab-separated-values rows.tsv

# ---- what is refused -----------------------------------------------------------------------------------------

# refused CODE PATTERN TYPE TEXT
refused() {
    printf '%s' "$4" >body
    check "$1: $2, not $4" answered "$1" "$2" "$3" body
}
refused 400 'values: expected a list of 192 numbers, not of 2' application/json '{"values": [1, 2]}'
refused 400 'values: expected a list of 192 numbers, not of 0' application/json '{"values": 7}'
refused 400 'the network does not know the names of its columns; expected a list of 192 numbers' application/json '{"values": {"a": 1}}'
refused 400 'unknown key .*"pixels.*the network takes numbers' application/json '{"pixels": [[1, 2]]}'
refused 400 'is not JSON' application/json '{"values": [NaN]}'
refused 400 'is not a JSON object' application/json '[1, 2]'
sed 's/\[[^,]*,/[1e39,/' values.json >large.json
check '400: a number that no float holds' answered 400 'number 0 .* is not a number that a 32-bit float holds' \
    application/json large.json
sed 's/,[^,]*,/,"4",/' values.json >word.json
check '400: a word among the values' answered 400 'number 1 .* is not a number' application/json word.json
refused 400 'the network takes numbers, no pictures' image/png 'no picture'
refused 400 'has 3 columns; the network takes 192 numbers' text/csv '1,2,3'
refused 400 'body has a header, but no rows below it' text/csv 'a,b,c'
sed '5s/^[^,]*,/nan,/' rows.csv >nan.csv
check '400: NaN, with its line and column' answered 400 'body:5: column 1: .*nan.* is not a finite number' text/csv nan.csv
query='?layers=1'
check '400: a table has no layers' answered 400 'a table takes none of raw, all, input and layers' text/csv rows.csv
query='?header=2'
check '400: a header is there or not' answered 400 'header' text/csv rows.csv
query='?raw=1'
check '400: values are always raw' answered 400 'without raw and all' application/json values.json
query=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26; do
    cat rows.csv
done | sed 's/\.\([0-9]\)[0-9]*/.\1/g; s/e[-+][0-9]*//g' >long.csv
check '413: more than 1024 rows' answered 413 'the table is too long: expected at most 1024 rows' text/csv long.csv
head -n 1024 long.csv >most.csv
check '... which are answered' answered 200 '"index":1023,' text/csv most.csv
# Few bytes that stand for many: without a bound these 600 MB of empty lines take seconds, and 4 GB a minute.
{ cat rows.csv && head -c 600000000 /dev/zero | tr '\0' '\n'; } | gzip -9 >empty.csv.gz
check '413: a compressed table of empty lines' answered 413 'expected at most 1024 rows; body:2050: the table has more than 2049 lines' \
    text/csv empty.csv.gz
awk 'BEGIN { blanks = sprintf("%4096s", ""); blanks = blanks blanks; for (r = 0; r < 10; r++) { for (i = 1; i < 192; i++) printf "%s1,", blanks; print 1 } }' |
    gzip -9 >wide.csv.gz
check '413: one of blanks' answered 413 'expected at most 1024 rows; body:[0-9]+: the table has more than [0-9]+ bytes, inflated' \
    text/csv wide.csv.gz
awk 'NR > 1 { print "" } { print }' rows.csv | gzip >apart.csv.gz
check '... but empty lines between rows are no rows' answered 200 '"index":39,' text/csv apart.csv.gz
: >nothing
check '400: no body, of a table' answered 400 'the body is empty; expected rows of numbers, as CSV' text/csv nothing
check '400: no body, of a network of numbers' answered 400 'the body is empty; expected JSON, .*values.*or rows as text/csv' image/png nothing
stopped() {
    kill -s TERM "$server" && wait "$server"
}
check 'it stops' stopped

# ---- names ---------------------------------------------------------------------------------------------------

awk 'BEGIN { print "width,height,kind"
    for (i = 0; i < 200; i++) printf "%d,%d,%s\n", i % 7, 10 + i % 2 * 20, i % 2 ? "tall" : "flat" }' >things.csv
"$nnrun" pack things.csv -q -o things --config things.cfg 2>complaints || exit 99
"$nnrun" -q things.cfg train.epochs=20 -o named 2>complaints || exit 99
start named/best.safetensors
printf 'height,width\n30,3\n' >shuffled.csv
check 'columns are placed by their names' answered 200 '"class":1,' text/csv shuffled.csv
# named CODE PATTERN VALUES
named() {
    printf '{"values": {%s}}' "$3" >named.json
    answered "$1" "$2" application/json named.json
}
check '... and so are values in JSON' named 200 '"class":1,' '"height": 30, "width": 3'
check '400: a name that is missing' named 400 'values: .*width.* is missing' '"height": 30'
check '400: a name that is unknown' named 400 'values: .*depth.* is not a column that the network takes' '"height": 30, "width": 3, "depth": 1'
check '400: a value that no float holds' named 400 'values: .*width.* is not a number that a 32-bit float holds' '"height": 30, "width": 1e39'
check '400: a name that is there twice' named 400 'duplicate' '"height": 30, "width": 3, "width": 4'
printf 'height,depth\n30,3\n' >unknown.csv
check '400: an unknown column of a table' answered 400 'column 2 is .*depth.*, which the network does not take' text/csv unknown.csv
model_names() { curl -sS "${url}model" | grep -q '"columns":\["width","height"\]'; }
check 'the names are told' model_names
check 'and it stops' stopped

# ---- pixels --------------------------------------------------------------------------------------------------

digits 200 20
small_config pixels.cfg
"$nnrun" -q pixels.cfg data.validation=20 -o pixels || exit 99
gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | od -An -v -tu1 -w784 | sed 's/^ *//; s/  */,/g' >rows.csv
"$nnrun" predict pixels/best.safetensors --json digits/t10k-images-idx3-ubyte.gz >predicted || exit 99
start pixels/best.safetensors
pixels() {
    ask text/csv rows.csv && python3 - <<'E'
import json
answers = json.load(open("answer"))["answers"]
assert [answer["class"] for answer in answers] == [json.loads(line)["class"] for line in open("predicted")]
E
}
check 'a network of pixels answers a table of pixels' pixels
refused 400 'unknown key .*values' application/json '{"values": [1, 2]}'
seq -s, 0 783 >counting.csv && head -n 1 rows.csv >>counting.csv
check 'a first row that counts is taken as a header, and said to be' answered 200 '"warnings":\["the first row counts' text/csv counting.csv
sed 's/[0-9][0-9]*/0/g' rows.csv | head -n 1 >row0.csv && { sed 's/^0/3/' row0.csv && cat row0.csv; } >zeroes.csv
query='?header=1'
check '... or told to be, by header=1' answered 200 '^{"answers":\[{[^]]*\][^]]*}\]}$' text/csv zeroes.csv
query='?header=0'
check '... or to be a sample, by header=0' answered 400 'body:1: column 257: .*256.* is not a pixel' text/csv counting.csv
check '400: a header of what is no table' answered 400 'only a table has a header' image/png nothing
query=
sed 's/[0-9][0-9]*/0.5/g' rows.csv >scaled.csv
check 'pixels on another scale are told' answered 200 '"warnings":\["all values are from 0 to 1' text/csv scaled.csv
check 'and it stops' stopped

# ---- transposed ----------------------------------------------------------------------------------------------

"$nnrun" pack digits -q -o turned --transpose --config turned.cfg >complaints 2>&1 || exit 99
"$nnrun" -q turned.cfg train.epochs=1 -o lying 2>complaints || exit 99
"$nnrun" predict lying/best.safetensors --json rows.csv >predicted 2>complaints || exit 99
start lying/best.safetensors
check 'a table of a source that was transposed is transposed' pixels
check '... and that is told' grep -q '"transposed":true' answer
check 'and it stops' stopped
tap_end
