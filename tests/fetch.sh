#!/bin/sh
# fetch.sh: fetch-mnist takes only right files, from whichever mirror has them, and leaves no others. The
# mirrors are servers on loopback.
. "${NNRUN_SOURCE:?}/tests/tap.sh"

fetch=$NNRUN_SOURCE/data/fetch-mnist
names='train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte'
cd "$work" || exit 99
unset NNRUN_OFFLINE http_proxy HTTP_PROXY all_proxy ALL_PROXY

# What stands for MNIST here: four small files; the same with one changed; with one cut short; with bytes behind.
mkdir good changed torn longer
for name in $names; do
    printf 'contents of %s\n' "$name" >"$name"
    gzip -nc "$name" >"good/$name.gz"
done
# shellcheck disable=SC2086 # four names
sha256sum $names >sums 2>/dev/null || shasum -a 256 $names >sums
NNRUN_SHA256SUMS=$work/sums
export NNRUN_SHA256SUMS
for folder in changed torn longer; do
    cp good/* "$folder"
done
printf 'other contents\n' | gzip -nc >changed/t10k-images-idx3-ubyte.gz
head -c 30 good/t10k-images-idx3-ubyte.gz >torn/t10k-images-idx3-ubyte.gz
printf 'more' >>longer/t10k-images-idx3-ubyte.gz

whole() {
    diff -r good "$1"
}

check '--help says how' "$fetch" --help
check 'so does -h' "$fetch" -h
refuse 2 'unknown option: --chekc' 'an unknown option is a usage error' "$fetch" --chekc
refuse 2 'more than one folder: b' 'so is a second folder' "$fetch" a b
check '--check finds four right files' "$fetch" --check good
refuse 1 'changed/t10k-images-idx3-ubyte.gz: wrong contents' '--check tells which is wrong' "$fetch" --check changed
refuse 1 'torn/t10k-images-idx3-ubyte.gz: not a whole gzip' '--check tells which is torn' "$fetch" --check torn
refuse 1 'none/t10k-images-idx3-ubyte.gz: not there' '--check tells which is missing' "$fetch" --check none
refuse 1 'NNRUN_OFFLINE' 'offline it asks no mirror' env NNRUN_OFFLINE=1 "$fetch" none
check 'offline it is content with what is there' env NNRUN_OFFLINE=1 "$fetch" good
expect 1 'neither makes a folder' test -e none

if ! python3 -c 'import http.server' 2>/dev/null; then
    skip 'fetching from mirrors' 'needs python3'
    tap_end
    exit 0
fi

python3 -u -m http.server --bind 127.0.0.1 0 >server.out 2>server.err &
tap_children=$!
# Sends the start of a file and then nothing, until it is ended.
python3 -u -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1])
connections = []
while True:
    connections.append(server.accept()[0])
    connections[-1].sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\nstart")
' >slow.out 2>slow.err &
tap_children="$tap_children $!"
if ! tap_wait grep -q 'port [0-9]' server.out || ! tap_wait grep -q 'port [0-9]' slow.out; then
    echo 'Bail out! no server on loopback'
    exit 99
fi
url=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\).*/\1/p' server.out)
slow=http://127.0.0.1:$(sed -n 's/port \([0-9]*\)/\1/p' slow.out)
nobody=http://127.0.0.1:1

from() {
    NNRUN_MIRRORS=$1 "$fetch" "$2"
}

check 'a mirror gives all four files' from "$url/good/" a
check '... unchanged and nothing else' whole a
check 'what is there and right is kept, no mirror asked' from "$nobody" a
rm a/train-labels-idx1-ubyte.gz
printf 'junk' >a/t10k-labels-idx1-ubyte.gz
touch -d 2001-01-01 a/train-images-idx3-ubyte.gz
check 'only what is missing or wrong is fetched' from "$url/good" a
check '... until all are right' whole a
older() {
    [ -n "$(find a -name train-images-idx3-ubyte.gz ! -newer sums)" ]
}
check '... the others left as they were' older

check 'a mirror that nobody answers for is passed over' from "$nobody $url/good" b
check '... for one that has all' whole b
check 'so is one without the files' from "$url/nothing $url/good" c
check '... for one that has all' whole c
check 'so is one with wrong contents' from "$url/changed $url/good" d
check '... for one that has all' whole d

refuse 1 'changed/t10k-images-idx3-ubyte.gz: refused: wrong contents' 'wrong contents are refused' from "$url/changed" e
expect 1 '... and not kept' test -e e/t10k-images-idx3-ubyte.gz
refuse 1 'torn/t10k-images-idx3-ubyte.gz: refused: not a whole gzip' 'a torn file is refused' from "$url/torn" f
expect 1 '... and not kept' test -e f/t10k-images-idx3-ubyte.gz
refuse 1 'longer/t10k-images-idx3-ubyte.gz: refused: not a whole gzip' 'so are bytes behind the end' from "$url/longer" g
expect 1 '... and not kept' test -e g/t10k-images-idx3-ubyte.gz
only_right() {
    [ -z "$(find e f g -type f ! -name 'train-*' ! -name t10k-labels-idx1-ubyte.gz)" ]
}
check 'a failure leaves right files only' only_right
refuse 1 'still missing:.*t10k-labels' 'no mirror at all is said' from "$nobody" h
expect 1 '... and the folder it made is gone' test -e h
mkdir old && printf 'junk' >old/t10k-images-idx3-ubyte.gz
from "$url/changed" old >/dev/null 2>&1
check 'a file there before is not lost to a bad one' grep -q '^junk$' old/t10k-images-idx3-ubyte.gz
: >plain
refuse 1 'plain/data' 'a folder that cannot be made is said' from "$url/good" plain/data

stopped() {
    wait "$child"
}
begun() {
    [ -n "$(find "$1" -name ".fetch-mnist.$child" 2>/dev/null)" ]
}
for signal in TERM HUP; do
    env NNRUN_MIRRORS="$slow" "$fetch" slow-$signal >/dev/null 2>&1 &
    child=$!
    tap_wait begun slow-$signal
    kill -s $signal "$child"
    case $signal in TERM) status=143 ;; *) status=129 ;; esac
    expect $status "SIG$signal ends it in the middle of a download" stopped
    expect 1 '... and leaves nothing behind' test -e slow-$signal
done
tap_end
