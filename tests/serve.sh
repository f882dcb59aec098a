#!/bin/sh
# serve.sh: nnrun serve answers over HTTP as nnrun predict does, refuses with reasons what it cannot take, holds out
# against slow, many and rude clients, and stops cleanly.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
best=run/best.safetensors

if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    expect 1 'without libmicrohttpd it says so' "$nnrun" serve nowhere
    tap_end
    exit
fi
if ! command -v curl >/dev/null 2>&1 || ! command -v python3 >/dev/null 2>&1; then
    skip 'a network answers over HTTP' 'no curl or no python3'
    tap_end
    exit
fi
digits 2000 200
small_config good.cfg
"$nnrun" -q good.cfg -o run || exit 99

# start OPTION...: serves on a free port; sets $url and $server
start() {
    : >served
    "$nnrun" serve "$best" --port 0 "$@" >>served 2>complaints &
    server=$!
    tap_children="$tap_children $server"
    tap_wait grep -q http: served || exit 99
    url=$(sed -n 's/.* on \(http:.*\)/\1/p' served)
}
# stop SIGNAL: its exit status
stop() {
    kill -s "$1" "$server" && wait "$server"
}

# ---- what it says --------------------------------------------------------------------------------------------

start
says_where() { grep -Ex "serving $best on http://127\.0\.0\.1:[0-9]+/" served; }
check 'it says where it serves what' says_where
check 'GET /healthz is answered' curl -sSf "${url}healthz"
says '^\{"status":"ok","version":"[0-9.]+","answered":0,"waiting":0\}$' '... with how it is'
check 'GET /model is answered' curl -sSf "${url}model"
cp "$tap_out" model.json
model_holds() {
    python3 - <<'E'
import json, subprocess, os
model = json.load(open("model.json"))
show = json.loads(subprocess.check_output([os.environ["NNRUN_BUILD"] + "/nnrun", "show", "--json", "run/best.safetensors"]))
assert model["name"] == "small" and model["checkpoint"] == "run/best.safetensors" and model["input"] == [1, 28, 28]
assert model["parameters"] == show["parameters"] and model["output"] == "softmax1"
assert [layer["name"] for layer in model["layers"]] == [layer["name"] for layer in show["layers"]]
assert 0 < model["validation_accuracy"] <= 1 and model["epoch"] in (1, 2)
E
}
check '... with the layers that nnrun show tells of' model_holds
check 'HEAD is answered' curl -sSfI "${url}model"
no_body() { curl -sSf -X HEAD --max-time 20 --ignore-content-length "${url}model" | wc -c; }
check '... without a body' test "$(no_body)" -eq 0
for path in '' page.css page.js icon.svg; do
    check "/$path is there" curl -sSf "$url$path"
done
check 'pages come with headers' curl -sSf -o page -D - "$url"
says "^Content-Security-Policy: default-src 'self'; base-uri 'none'" '... that keep them to their own files'
says '^X-Content-Type-Options: nosniff' '... and to their own types'
no_hosts() { ! grep -Eo '(https?:)?//[a-z][a-z0-9.-]*\.[a-z]+' page "$NNRUN_SOURCE"/src/program/serve/web/page.js "$NNRUN_SOURCE"/src/web/*; }
check 'the page names no other host' no_hosts

# ---- pictures ------------------------------------------------------------------------------------------------

# ask TYPE FILE [CURL-OPTION...]: what POST /predict?$query says of the file
query=''
ask() {
    tap_type=$1
    tap_body=$2
    shift 2
    curl -sS -H "Content-Type: $tap_type" --data-binary "@$tap_body" "$@" "${url}predict$query"
}
image=digits/t10k-images-idx3-ubyte.gz
{ printf 'P5 28 28 255\n'; gzip -dc "$image" | tail -c +$((17 + 3 * 784)) | head -c 784; } >one.pgm
python3 - <<'E'
import json, struct, zlib
pixels = open("one.pgm", "rb").read()[-784:]
rows = [list(pixels[28 * y:28 * y + 28]) for y in range(28)]
def put(name, thing): json.dump(thing, open(name, "w"))
put("rows.json", {"pixels": rows})
put("flat.json", {"width": 28, "height": 28, "pixels": list(pixels)})
put("colour.json", {"width": 28, "height": 28, "channels": 3, "pixels": 3 * list(pixels)})
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
def png(name, width, height, raw):
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))
png("one.png", 28, 28, b"".join(b"\0" + bytes(row) for row in rows))
png("large.png", 2000, 2000, (b"\0" + b"\0" * 900 + b"\xff" * 200 + b"\0" * 900) * 2000)
png("bomb.png", 20000, 20000, b"\0" * (20001 * 20000))
put("many.json", {"width": 1024, "height": 1024, "pixels": [0] * 2 ** 20})
open("big", "wb").write(b"P5 3000 3000 255\n" + b"\0" * 9000000)
open("cut.pgm", "wb").write(pixels[:1] and open("one.pgm", "rb").read()[:500])
E
# as_predict PREDICT-OPTION...: the answer that was printed is nnrun predict's, but for the name of the file
as_predict() {
    "$nnrun" predict "$best" --json "$@" one.pgm | sed 's/"file":"one.pgm"/"file":null/' >predicted
    python3 - <<'E'
import json
answer, predicted = json.load(open("answer")), json.load(open("predicted"))
for more in "input", "layers":
    answer.pop(more, None)
close = lambda a, b: abs(a - b) <= 1e-8
for a, b in zip(answer["classes"], predicted["classes"]):
    assert a["class"] == b["class"] and close(a["value"], b["value"]), (a, b)
assert answer.keys() == predicted.keys() and close(answer["probability"], predicted["probability"])
assert all(answer[key] == predicted[key] for key in answer if key not in ("classes", "probability"))
E
}
# as_predict_all PICTURE LEAST: the answers are those of nnrun predict --all, at least so many
as_predict_all() {
    "$nnrun" predict "$best" --json --all "$1" >predicted
    python3 - "$2" <<'E'
import json, sys
answers = json.load(open("answer"))["answers"]
predicted = [json.loads(line) for line in open("predicted")]
assert len(answers) == len(predicted) >= int(sys.argv[1]), (len(answers), len(predicted))
seen = [answer.pop("input")["pixels"] for answer in answers if "input" in answer]
assert all(max(pixels) > 128 for pixels in seen) and len({str(pixels) for pixels in seen}) == len(seen)
for a, b in zip(answers, predicted):
    assert a.keys() == b.keys() and abs(a.pop("probability") - b.pop("probability")) <= 1e-8
    assert [c["class"] for c in a.pop("classes")] == [c["class"] for c in b.pop("classes")]
    assert a.pop("file") is None and b.pop("file")
    assert a == b, (a, b)
E
}
check 'POST /predict takes a PGM picture' ask image/x-portable-graymap one.pgm
cp "$tap_out" answer
check '... and says what nnrun predict says' as_predict
cp answer first
same_as_first() {
    cp "$tap_out" answer
    same "$1" first answer
}
for what in image/png:one.png application/json:rows.json application/json:flat.json application/json:colour.json \
    'application/json; charset=utf-8:rows.json' IMAGE/X-PORTABLE-ANYMAP:one.pgm; do
    if [ "${what#*:}" = one.png ] && "$nnrun" predict "$best" one.png 2>&1 | grep -q 'without libpng'; then
        skip "the same of $what" 'built without libpng'
        continue
    fi
    check "it reads $what" ask "${what%:*}" "${what#*:}"
    same_as_first '... and answers the same'
done
mkdir photographs && "$NNRUN_BUILD/tests/draw_photographs" several 2 photographs || exit 99
for photograph in photographs/*; do
    case $photograph in *.jpg) type=image/jpeg ;; *) type=image/x-portable-pixmap ;; esac
    check "a photograph is taken as $type" ask $type "$photograph"
    digits_seen() {
        "$nnrun" predict "$best" --json "$photograph" 2>/dev/null | grep -o '"digits":[2-5]' >predicted &&
            grep -q "$(cat predicted)" answer
    }
    cp "$tap_out" answer
    check '... and told how many digits are in it, as nnrun predict says' digits_seen
    query='?all=1&input=1'
    check '... ?all=1 is taken' ask $type "$photograph"
    cp "$tap_out" answer
    check '... and answers each digit from the left, as nnrun predict --all does' as_predict_all "$photograph" 2
    query=''
done
awk 'BEGIN { print "P2 360 320 255"
    for (y = 0; y < 320; y++) { line = ""
        for (x = 0; x < 360; x++) line = line " " (x % 40 > 16 && x % 40 < 22 && y % 40 > 8 && y % 40 < 32 ? 0 : 255)
        print line } }' >crowd.pgm
for query in '' '?all=1'; do
    check "more than 64 digits get one answer: $query" ask image/x-portable-graymap crowd.pgm
    cp "$tap_out" answer
    check '... that says there are more' grep -q '"many":true' answer
done
query='?all=1'
check '?all=1 is taken of JSON' ask application/json rows.json
cp "$tap_out" answer
check '... and answers the one digit that is there' as_predict_all one.pgm 1
query=''
query='?raw=1'
check '?raw=1 leaves a picture as it is' ask image/x-portable-graymap one.pgm
cp "$tap_out" answer
check '... as nnrun predict --raw does' as_predict --raw
query='?input=1&layers=1'
check '?input=1&layers=1 tells what the network sees and does' ask image/x-portable-graymap one.pgm
cp "$tap_out" answer
check '... with the same answer' as_predict
layers_hold() {
    python3 - <<'E'
import json, math
answer, model = json.load(open("answer")), json.load(open("model.json"))
seen = answer["input"]
assert [seen[key] for key in ("channels", "height", "width")] == model["input"]
assert len(seen["pixels"]) == 784 and max(seen["pixels"]) > 128 and min(seen["pixels"]) >= 0
assert [(l["name"], l["type"], l["output"]) for l in answer["layers"]] == [(l["name"], l["type"], l["output"]) for l in model["layers"]]
values = {layer["name"]: layer["values"] for layer in answer["layers"]}
assert all(len(values[layer["name"]]) == math.prod(layer["output"]) for layer in answer["layers"])
assert values["relu1"] == [max(0, value) for value in values["conv1"]]
assert all(values["softmax1"][one["class"]] == one["value"] for one in answer["classes"])
E
}
check '... each layer with its values' layers_hold
query=''
pieces() { ask image/x-portable-graymap one.pgm -H 'Transfer-Encoding: chunked'; }
check 'a body may come in chunks, of unknown length' pieces
same_as_first '... and is the same'

# The test samples, many at once, so that they share slices: each gets its own answer.
cat >crowd.py <<'E'
import concurrent.futures, gzip, http.client, json, os, subprocess, sys, urllib.parse
where = urllib.parse.urlparse(sys.argv[1]).netloc
data = gzip.open("digits/t10k-images-idx3-ubyte.gz").read()[16:]
said = subprocess.check_output([os.environ["NNRUN_BUILD"] + "/nnrun", "predict", "run/best.safetensors", "--json", "--raw",
                                "digits/t10k-images-idx3-ubyte.gz"]).splitlines()
said = [json.loads(line) for line in said]
def some(first):
    connection, wrong = http.client.HTTPConnection(where, timeout=100), []
    for i in range(first, 200, 16):
        for query in "?raw=1", "?raw=1&layers=1":
            connection.request("POST", "/predict" + query, b"P5 28 28 255\n" + data[784 * i:784 * i + 784],
                               {"Content-Type": "image/x-portable-graymap"})
            answer = json.loads(connection.getresponse().read())
            if answer["class"] != said[i]["class"] or abs(answer["probability"] - said[i]["probability"]) > 1e-8:
                wrong.append((i, query, answer["class"], said[i]["class"]))
            if "layers" in query and abs(answer["layers"][-1]["values"][answer["class"]] - answer["probability"]) > 1e-8:
                wrong.append((i, "its layers are another's"))
    return wrong
with concurrent.futures.ThreadPoolExecutor(16) as pool:
    wrong = sum(pool.map(some, range(16)), [])
print(wrong)
sys.exit(bool(wrong))
E
check 'of many clients at once each gets its own answer, and its own layers' python3 crowd.py "$url"

# ---- refusals ------------------------------------------------------------------------------------------------

# refused STATUS REASON CURL-ARGUMENT...: with that status and a JSON reason
refused() {
    tap_code=$1
    tap_reason=$2
    shift 2
    curl -sS -o reason -w '%{http_code}\n' "$@" >code || return 1
    cat code reason
    grep -qx "$tap_code" code && grep -Eq "^\\{\"error\":\"$tap_reason" reason
}
post() {
    tap_path=$1
    tap_type=$2
    shift 2
    tap_code=$1
    tap_reason=$2
    shift 2
    refused "$tap_code" "$tap_reason" -H "Content-Type: $tap_type" "$@" "$url$tap_path"
}
pgm=image/x-portable-graymap
check '404: no such path' refused 404 'no such path: expected /, /predict, /model or /healthz' "${url}nothing"
check '404: nor a way out of the folder' refused 404 'no such path' --path-as-is "${url}../../etc/passwd"
check '405: GET /predict' refused 405 'the method: expected POST' "${url}predict"
check '405: DELETE /model' refused 405 'the method: expected GET, HEAD' -X DELETE "${url}model"
allowed() { curl -s -D - -o body "$@" | tr -d '\r' | sed -n 's/^Allow: //p'; }
check '... with the methods there are' test "$(allowed "${url}predict"), $(allowed -X PUT "$url")" = 'POST, GET, HEAD'
check '421: a name that may be a foreign page'"'"'s' refused 421 'the Host header: expected localhost' -H 'Host: evil.example' "${url}model"
check '421: ... though it begins like an address' refused 421 'the Host header: ' -H 'Host: 127.0.0.1.evil.example:80' "${url}model"
for host in localhost LOCALHOST:1 127.0.0.1 10.1.2.3:80 '[::1]' '[::1]:8080'; do
    check "Host: $host is fine" curl -sSf -H "Host: $host" "${url}model"
done
check 'a target with http:// and host is one, too' curl -sSf --request-target "${url}healthz" "$url"
says '"status":"ok"' '... without them'
check '400: no body' post predict $pgm 400 'the body is empty' -d ''
check '400: an unknown parameter' post 'predict?layer=1' $pgm 400 'the query: expected raw, all, input, layers and, for tables, header, each 0 or 1' --data-binary @one.pgm
check '400: a parameter that is neither 0 nor 1' post 'predict?raw=yes' $pgm 400 'the query: ' --data-binary @one.pgm
for twice in 'raw=1&raw=0' 'layers=1&input=0&layers=1'; do
    check "400: a parameter that is there twice: $twice" post "predict?$twice" $pgm 400 'the query: .* each 0 or 1, and once' --data-binary @one.pgm
done
check '400: all digits and all layers' post 'predict?all=1&layers=1' $pgm 400 'the query: all and layers exclude' --data-binary @one.pgm
check '400: a picture that is cut' post predict $pgm 400 'the body is not a complete PGM or PPM file' --data-binary @cut.pgm
check '400: no picture' post predict image/png 400 'the body is not a picture; expected PNG, JPEG, PGM or PPM' --data-binary @served
check '400: an IDX file' post predict $pgm 400 'the body is IDX or gzip; expected PNG, JPEG, PGM or PPM' --data-binary "@$image"
if "$nnrun" predict "$best" -q one.png >/dev/null 2>&1; then
    check '413: a PNG picture of 400 million pixels' post predict image/png 413 \
        'the picture of 20000x20000 pixels is too large: expected at most 4194304 pixels' --data-binary @bomb.png
fi
while IFS='|' read -r json reason; do
    check "400: $json" post predict application/json 400 "the body$reason" --data-binary "$json"
done <<'E'
{| is not JSON: line 1: 
[1]| is not a JSON object
{"pixels": []}|: pixels: expected a list
{"pixels": 5}|: pixels: expected a list
{"pixels": [[1,2],[3]]}|: pixels: row 1 is not a list of 2 numbers
{"pixels": [[1,2],[3,256]]}|: pixels: number 3 is not a whole number from 0 to 255
{"pixels": [[1,-1]]}|: pixels: number 1 is not a whole
{"pixels": [[1,2.5]]}|: pixels: number 1 is not a whole
{"pixels": [[1,"2"]]}|: pixels: number 1 is not a whole
{"pixels": [[1,null]]}|: pixels: number 1 is not a whole
{"pixels": [[]]}|: 
{"pixels": [1,2]}|: pixels are one flat list: expected width and height
{"width":2,"height":2,"pixels":[1,2,3]}|: pixels: expected 1x2x2 numbers, not 3
{"width":0,"height":2,"pixels":[1]}|: width: expected a whole number from 1
{"width":1048576,"height":1048576,"channels":3,"pixels":[1]}|: pixels: expected 3x1048576x1048576 numbers, not 1
{"width":99999999999999999999,"height":2,"pixels":[1]}| is not JSON
{"width":3,"pixels":[[1,2]]}|: pixels are rows, of sizes other
{"width":1,"height":1,"channels":2,"pixels":[1,2]}|: channels: expected 1 or 3
{"pixel": [[1]]}|: unknown key .*pixel
{"pixels": [[1]], "pixels": [[1]]}| is not JSON
E
check '413: a body that is too long' post predict $pgm 413 'the body is too long: expected at most 4194304 bytes' --data-binary @big
check '413: ... said before it is sent, if the client waits to hear' post predict $pgm 413 'the body is too long' \
    --data-binary @big -H 'Expect: 100-continue'
check '413: ... of unknown length' post predict $pgm 413 'the body is too long' --data-binary @big -H 'Transfer-Encoding: chunked'
goes_on() {
    curl -sS -H "Content-Type: $pgm" -H 'Expect:' --data-binary @big -w '%{http_code} ' -o body "${url}predict" --next \
        -sS -H "Content-Type: $pgm" --data-binary @one.pgm -w '%{http_code} %{num_connects}\n' -o body "${url}predict" | tee codes
    grep -qx '413 200 0' codes
}
check '... after which the connection goes on' goes_on
check '413: JSON that is too long' post predict application/json 413 'the body is too long: expected at most 524288 bytes of JSON' \
    --data-binary @many.json
check '415: no type' refused 415 'expected Content-Type image/png' -H 'Content-Type:' --data-binary @one.pgm "${url}predict"
check '415: a type that is not taken' post predict text/plain 415 'expected Content-Type' --data-binary @one.pgm
check '415: ... though it begins like one' post predict image/pngs 415 'expected Content-Type' --data-binary @one.pgm
check '415: a compressed body' post predict $pgm 415 'expected Content-Type' --data-binary @one.pgm -H 'Content-Encoding: gzip'

rude() { PYTHONPATH=$NNRUN_SOURCE/tests python3 rude.py "$@"; }
cat >rude.py <<'E'
"""rude.py URL KIND: a client of that kind; ends with 0 if it is treated as it should be."""
import concurrent.futures, socket, sys, time
from serve_client import connect, rest
head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/%s\r\nContent-Length: %d\r\n\r\n"

def garbage():
    for what in b"\0" * 5000, b"GET\r\n\r\n", b"\xff\xfe /\x00 HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"G" * 100000:
        client = connect()
        try:
            client.sendall(what)
            client.shutdown(socket.SHUT_WR)
        except OSError: # it was cut off meanwhile
            continue
        got = rest(client)
        assert got == b"" or got.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505", b"HTTP/1.0 4")), got[:40]

def gone():
    """Asks for much and goes away before it comes."""
    for i in range(50):
        client = connect()
        client.sendall(head % (b"png", len(large)) + large[:len(large) if i % 2 else 100])
        client.close()

def many_bodies():
    """From each of two addresses 9 bodies of 4 MiB, each but for its last byte: 8 of each are all that is kept. A small one
    is taken all the same."""
    size = 1 << 22
    clients = [connect(f"127.0.0.{1 + i // 9}") for i in range(18)]
    for client in clients:
        client.sendall(head % (b"x-portable-graymap", size) + b"0" * (size - 1))
    for address in "127.0.0.1", "127.0.0.3":
        other = connect(address)
        for _ in range(250): # by then it has read of each all that there is
            other.sendall(head % (b"x-portable-graymap", len(small)) + small)
            assert other.recv(65536).startswith(b"HTTP/1.1 200")
    for client in clients:
        client.sendall(b"0")
    said = [client.recv(65536) for client in clients]
    for mine in said[:9], said[9:]:
        refused = [what for what in mine if what.startswith(b"HTTP/1.1 503")]
        assert len(refused) == 1 and b"Retry-After: 1\r\n" in refused[0], said
        assert sum(what.startswith(b"HTTP/1.1 400") for what in mine) == 8, said

def many_questions():
    """200 pictures at once, each of some work: 64 of a client wait, the others are told to try again; all are answered."""
    clients = [connect() for _ in range(200)]
    for client in clients:
        client.sendall(head % (b"png", len(large)) + large)
    said = [client.recv(65536) for client in clients]
    statuses = [what[:12] for what in said]
    print({what: statuses.count(what) for what in set(statuses)})
    assert set(statuses) == {b"HTTP/1.1 200", b"HTTP/1.1 503"} and statuses.count(b"HTTP/1.1 200") >= 64, statuses
    assert all(b"Retry-After: 1\r\n" in what and b"64 large requests of your address wait already" in what
               for what in said if what.startswith(b"HTTP/1.1 503")), said

def slow(pause, what, client=None):
    """A byte now and then, for longer than is allowed: the connection is ended."""
    client = client or connect()
    try:
        for byte in what:
            client.sendall(bytes([byte]))
            time.sleep(pause)
    except ConnectionError:
        return
    raise AssertionError("it was never cut off")

def slow_head():
    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        list(pool.map(slow, [1] * 60, [b"GET / HTTP/1.1\r\nX: " + b"x" * 60] * 60))

def slow_body():
    client = connect()
    client.sendall(head % (b"png", 3000))
    slow(1, b"x" * 60, client)

def idle():
    assert rest(connect()) == b""

def slow_reader():
    """Asks again and again, reads little of it: the connection is ended."""
    client = connect()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(0.5)
    for _ in range(120):
        try:
            client.sendall(b"GET /page.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000)
        except TimeoutError:
            pass
        except ConnectionError:
            return
        try:
            client.recv(16)
        except ConnectionError:
            return
    raise AssertionError("it was never cut off")

large, small = open("large.png", "rb").read(), open("one.pgm", "rb").read()
globals()[sys.argv[2]]()
E
check '503: more bodies of a client at once than there is room for' rude "$url" many_bodies
# Slow ones take ten seconds to be cut; others are served meanwhile.
for kind in slow_head slow_body idle slow_reader; do
    rude "$url" $kind >"$kind.out" 2>&1 &
    eval "$kind=$!"
    tap_children="$tap_children $!"
done
check 'garbage is refused' rude "$url" garbage
check 'clients that go away are forgotten' rude "$url" gone
check 'while 60 clients send a byte now and then, others are answered' ask $pgm one.pgm
same_as_first '... the same'
for kind in slow_head slow_body idle slow_reader; do
    eval "child=\$$kind"
    # shellcheck disable=SC2154 # set by eval
    check "$(echo $kind | tr _ ' ') client: its connection is ended" wait "$child"
done
check 'it has nothing to complain of' test ! -s complaints
check 'after all this it answers' ask $pgm one.pgm
same_as_first '... the same'

# ---- stopping ------------------------------------------------------------------------------------------------

check 'SIGTERM ends it with status 0' stop TERM
check '... in silence' test ! -s complaints
refused_port() { ! curl -s "${url}healthz"; }
check '... and nothing listens any more' refused_port
port=${url##*:}
port=${port%/}
: >served
"$nnrun" serve "$best" --port "$port" --threads 1 >>served 2>complaints &
server=$!
tap_children="$tap_children $server"
tap_wait grep -q http: served
check 'the same port can be had again at once' test "$(sed -n 's/.* on //p' served)" = "$url"
if "$nnrun" predict "$best" -q one.png >/dev/null 2>&1; then
    check '503: more pictures of a client than may wait' rude "$url" many_questions
fi
refuse_line 1 "cannot listen on 127.0.0.1 port $port: it is in use; try --port $((port + 1))" 'a port that is in use is named' \
    "$nnrun" serve "$best" --port "$port"
python3 - "$url" <<'E' &
import socket, sys, time, urllib.parse
where = urllib.parse.urlparse(sys.argv[1])
client = socket.create_connection((where.hostname, where.port))
client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
client.recv(1000)
open("connected", "w").close()
client.recv(1000)
E
keeper=$!
tap_wait test -e connected
check 'SIGINT ends it with status 0, though a client keeps its connection' stop INT
wait "$keeper"

if python3 -c 'import socket; socket.socket(socket.AF_INET6).bind(("::1", 0))' 2>/dev/null; then
    start --json --address ::1
    says_json() { grep -Ex "\\{\"event\":\"serve\",\"checkpoint\":\"$best\",\"url\":\"http://\\[::1\\]:[0-9]+/\"\\}" served; }
    check '--json says where in one object; --address may be IPv6' says_json
    stop TERM
else
    skip '--json says where in one object; --address may be IPv6' 'no IPv6'
fi
# guarded ADDRESS URL: a server that listens there refuses foreign names where this machine alone reaches it
guarded() {
    start --address "$1"
    at=$(sed -n 's/.*:\([0-9]*\)\/$/\1/p' served)
    check "at $1: 421 to a foreign name by way of $2" refused 421 'the Host header: ' -H 'Host: evil.example' "http://$2:$at/healthz"
    check '... and 200 to localhost' curl -sSf -H 'Host: localhost' "http://$2:$at/healthz"
    if [ -n "${3-}" ]; then
        check "... and to any name by way of $3" curl -sSf -H 'Host: evil.example' "http://$3:$at/healthz"
    fi
    stop TERM
}
guarded 127.0.0.2 127.0.0.2
guarded 0.0.0.0 127.0.0.1 "$(python3 -c '
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    try:
        one.connect(("192.0.2.1", 9))
        print(one.getsockname()[0])
    except OSError:
        pass')"
if python3 -c 'import socket; socket.socket(socket.AF_INET6).bind(("::ffff:127.0.0.1", 0))' 2>/dev/null; then
    guarded ::ffff:127.0.0.1 127.0.0.1
    guarded :: '[::1]'
    guarded :: 127.0.0.1
else
    skip 'at ::ffff:127.0.0.1: 421 to a foreign name' 'no IPv6'
fi
no_output() { "$nnrun" serve "$best" --port 0 >&-; }
refuse_line 1 '^nnrun: cannot write the output: Bad file descriptor$' 'a closed output is an error, and no connection is taken for it' no_output
"$nnrun" serve "$best" --port "$port" -q >served 2>complaints &
server=$!
tap_children="$tap_children $server"
check '-q serves, too' tap_wait curl -sf "http://127.0.0.1:$port/healthz"
hang_up=$(hearing HUP)
check '... until it is stopped, by SIGHUP as well' stop "${hang_up:-TERM}"
check '... and prints nothing' test ! -s served

refuse_line 2 'port: expected a whole number, not "http"' 'a port is a number' "$nnrun" serve "$best" --port http
refuse_line 2 'port: expected at most 65535, not 70000' '... of 16 bits' "$nnrun" serve "$best" --port 70000
refuse_line 2 'address: expected a number such as 127.0.0.1' 'an address is no name' "$nnrun" serve "$best" --port 0 --address nowhere.invalid
refuse_line 2 'CHECKPOINT' 'it needs a checkpoint' "$nnrun" serve
refuse_line 4 'nowhere' '... that is there' "$nnrun" serve nowhere.safetensors
tap_end
