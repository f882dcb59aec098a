#!/bin/sh
# serve_hostile.sh: nnrun serve refuses requests that could be read in two ways, each with its status; a small picture is
# answered among clients that ask for much, hold connections, or send pictures that decode to more than they seem; and it
# does not start where it could take more memory than there is.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
best=run/best.safetensors

if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd' || ! command -v python3 >/dev/null 2>&1; then
    skip 'requests that could be read in two ways are refused' 'no libmicrohttpd or no python3'
    tap_end
    exit
fi
digits 2000 200
small_config good.cfg
"$nnrun" -q good.cfg -o run || exit 99

: >served
"$nnrun" serve "$best" --port 0 --threads 2 >>served 2>complaints &
server=$!
tap_children=$server
tap_wait grep -q http: served || exit 99
url=$(sed -n 's/.* on \(http:.*\)/\1/p' served)

cat >hostile.py <<'E'
"""hostile.py URL KIND: a client, or many, of that kind; ends with 0 if it is treated as it should be."""
import re, resource, select, socket, struct, sys, zlib
from serve_client import connect, rest

def head(size, kind="x-portable-graymap", more=""):
    return (f"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/{kind}\r\n{more}"
            f"Content-Length: {size}\r\n\r\n").encode()

def answer(client):
    """Status and body of the next answer."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = client.recv(65536)
        assert more, got
        got += more
    top, body = got.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", top)[1])
    while len(body) < length:
        body += client.recv(65536)
    assert len(body) == length, body
    return int(top[9:12]), body

def ask(body, kind="png", address=""):
    with connect(address) as client:
        client.sendall(head(len(body), kind) + body)
        return answer(client)

# ---- pictures --------------------------------------------------------------------------------------------

small = b"P5 28 28 255\n" + bytes(784)

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

def png(width, height, raw, depth=8, colour=0, interlaced=0, between=b"", pieces=1):
    top = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    data = zlib.compress(raw, 1)
    step = -(-len(data) // pieces)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", top) + between +
            b"".join(chunk(b"IDAT", data[i:i + step]) for i in range(0, len(data), step)) + chunk(b"IEND", b""))

def grey(side, **more):
    return png(side, side, (b"\0" + bytes(side)) * side, **more)

def deep(side):
    """All passes of an interlaced picture of four 16-bit channels."""
    passes = (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
    raw = b"".join((b"\4" + b"\x10" * (8 * -(-(side - x) // across))) * -(-(side - y) // down) for x, y, across, down in passes)
    return png(side, side, raw, 16, 6, 1)

def bombs():
    """Pictures that are more than they seem; what is no part of the picture is passed over."""
    zeros = zlib.compress(bytes(1 << 26), 9)
    for name, body, status in (
            ("interlaced, 16 bits, four channels", deep(2048), 200),
            ("one row", png(1 << 22, 1, b"\0" + bytes(1 << 25), 16, 6), 200),
            ("one column", png(1, 1 << 22, b"\0\0" * (1 << 22)), 200),
            ("a profile that unpacks to 64 MB", grey(28, between=chunk(b"iCCP", b"x\0\0" + zeros)), 200),
            ("40 texts that unpack to 64 MB each", grey(28, between=40 * chunk(b"zTXt", b"x\0\0" + zeros)), 200),
            ("100000 empty chunks", grey(28, between=100000 * chunk(b"teXt", b"")), 200),
            ("a byte in each chunk", grey(1000, pieces=1 << 30), 200),
            ("a row more than the bound", png(2048, 2049, b""), 413),
            ("2^31 - 1 pixels each way", png(2 ** 31 - 1, 2 ** 31 - 1, b""), 413),
            ("data after the last pixel that unpack to 200 MB", png(28, 28, bytes(29 * 28 + (200 << 20))), 400),
            ("no pixels", png(0, 28, b""), 400),
            ("no data", png(2048, 2048, b""), 400)):
        said = ask(body)
        print(name, len(body), said)
        assert said[0] == status, name
    assert ask(b"P5 2048 2049 255\n", "x-portable-graymap")[0] == 413
    assert ask(b"P6 # 1 1\n999999999 999999999 255\n", "x-portable-pixmap")[0] == 413

# ---- crowds ----------------------------------------------------------------------------------------------

def unanswered(clients):
    return len(clients) - len(select.select(clients, [], [], 0)[0])

def pictures():
    """Large pictures, then a small one of the same address: it is answered before most of them are; so is a large one of
    another address, which has its own share. In the end all are answered."""
    body = deep(2048)
    clients = [connect() for _ in range(int(sys.argv[3]))]
    for client in clients:
        client.sendall(head(len(body), "png") + body)
    assert ask(small, "x-portable-graymap")[0] == 200
    after_small = unanswered(clients)
    assert ask(body, address="127.0.0.2")[0] == 200
    after_large = unanswered(clients)
    print(after_small, "wait after the small one,", after_large, "after the large one")
    assert after_small > len(clients) / 2 and after_large > len(clients) / 4
    assert {answer(client)[0] for client in clients} == {200}

def holders():
    """Connections that send nothing, more than there may be: each new one ends another of the address that has most, and
    never one of an address that has few."""
    few, clients = connect("127.0.0.2"), []
    for i in range(700):
        clients.append(connect())
        if i % 50 == 0:
            few.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert answer(few)[0] == 200
    for _ in range(3):
        assert ask(small, "x-portable-graymap")[0] == 200
    ended = 700 - unanswered(clients)
    print(ended, "of 700 are ended")
    assert ended >= 700 - 384
    few.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer(few)[0] == 200

def attempts():
    """Connections that are closed at once, half of them by a reset."""
    for i in range(6000):
        with connect() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", i % 2, 0))
    assert ask(small, "x-portable-graymap")[0] == 200

def pipelined():
    """A hundred and two requests sent before the first answer is read: answered in order."""
    with connect() as client:
        client.sendall((head(len(small)) + small) * 100 + head(0) + got("/healthz", host + "Connection: close\r\n").encode())
        said = re.findall(rb"HTTP/1.1 (\d+)", rest(client))
    assert said == [b"200"] * 100 + [b"400", b"200"], said

def half_closed():
    """A client that sends no more may get its answer or not, as libmicrohttpd has it, but is not left waiting."""
    for _ in range(20):
        with connect() as client:
            client.sendall(head(len(small)) + small)
            client.shutdown(socket.SHUT_WR)
            said = rest(client)
        assert said == b"" or said.startswith(b"HTTP/1.1 200 "), said
    assert ask(small, "x-portable-graymap")[0] == 200

# ---- requests that could be read in two ways -------------------------------------------------------------

host, kind = "Host: localhost\r\n", "Content-Type: image/x-portable-graymap\r\n"
picture = "P5 2 2 255\n0000"

def posted(headers, body, version="1.1"):
    return f"POST /predict HTTP/{version}\r\n{host}{kind}{headers}\r\n{body}"

def got(target, headers=host, version="1.1"):
    return f"GET {target} HTTP/{version}\r\n{headers}\r\n"

chunked = "Transfer-Encoding: chunked\r\n"
whole = "f\r\n" + picture + "\r\n0\r\n\r\n"
# Status, whether the connection goes on, the request.
strict = {
    "right": (200, True, posted("Content-Length: 15\r\n", picture)),
    "right, in chunks": (200, True, posted(chunked, whole)),
    "right, in chunks with extensions": (200, True, posted(chunked, whole.replace("f\r", "f;a=b\r"))),
    "Content-Length and chunked": (400, False, posted("Content-Length: 5\r\n" + chunked, "0\r\n\r\n")),
    "chunked and Content-Length": (400, False, posted(chunked + "Content-Length: 5\r\n", "0\r\n\r\n")),
    "two lengths": (400, False, posted("Content-Length: 15\r\nContent-Length: 3\r\n", picture)),
    "a length twice": (400, False, posted("Content-Length: 15\r\nContent-Length: 15\r\n", picture)),
    "a list of lengths": (400, False, posted("Content-Length: 15, 15\r\n", picture)),
    "+15": (400, False, posted("Content-Length: +15\r\n", picture)),
    "-15": (400, False, posted("Content-Length: -15\r\n", picture)),
    "0xf": (400, False, posted("Content-Length: 0xf\r\n", picture)),
    "1 5": (400, False, posted("Content-Length: 1 5\r\n", picture)),
    "no number": (400, False, posted("Content-Length:\r\n", picture)),
    "a length beyond 2^64": (413, False, posted("Content-Length: 99999999999999999999999\r\n", picture)),
    "two types": (400, False, posted(kind + "Content-Length: 15\r\n", picture)),
    "two types that differ": (400, False, posted("Content-Type: text/csv\r\nContent-Length: 15\r\n", picture)),
    "two encodings": (400, False, posted("Content-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: 15\r\n", picture)),
    "two codings": (400, False, posted("Transfer-Encoding: gzip, chunked\r\n", whole)),
    "chunked twice": (400, False, posted(2 * chunked, whole)),
    "an unknown coding": (400, False, posted("Transfer-Encoding: xchunked\r\n", whole)),
    "identity": (400, False, posted("Transfer-Encoding: identity\r\n", whole)),
    "chunked with HTTP/1.0": (400, False, posted(chunked, whole, "1.0")),
    "a blank before the colon": (400, False, posted("Transfer-Encoding : chunked\r\n", whole)),
    "a control character in a value": (400, False, posted("Transfer-Encoding: \x0bchunked\r\n", whole)),
    "a return in a value": (400, False, posted("X: a\rContent-Length: 3\r\n", picture)),
    "a folded coding": (400, False, posted("Transfer-Encoding:\r\n chunked\r\n", whole)),
    "a first header that is folded": (400, False, "POST /predict HTTP/1.1\r\n " + host + kind + chunked + "\r\n" + whole),
    "a header without a colon": (400, False, posted("garbage\r\n", "")),
    "chunks without a size": (400, False, posted(chunked, "\r\n" + whole)),
    "a negative chunk": (400, False, posted(chunked, "-" + whole)),
    "a chunk of 0xf": (400, False, posted(chunked, "0x" + whole)),
    "a chunk of 17 digits": (413, False, posted(chunked, "f" * 16 + whole)),
    "a chunk longer than it says": (400, False, posted(chunked, whole.replace("f", "e", 1))),
    "right, with blanks, tabs and no value": (200, True, got("/healthz", "Host:localhost\r\nX: \t  y\r\nEmpty:\r\nBlank: \r\nZ: z \r\n")),
    "right, by an escaped query": (200, True, got("/healthz?a=%41&b=%2541&c")),
    "a NUL in Host": (400, False, got("/healthz", "Host: localhost\0.evil.example\r\n")),
    "... and in the middle": (400, False, got("/healthz", "Host: localhost\0.evil.example\r\nX: y\r\n")),
    "... at its end": (400, False, got("/healthz", "Host: localhost\0\r\n")),
    "... made up for by lines without CR": (400, False, got("/healthz", "X: y\n" * 4 + "Host: localhost\0.ab\r\n")),
    "... after several headers": (400, False, got("/healthz", host + "X: y\r\nZ:\0\r\n")),
    "a NUL in a length": (400, False, posted("Content-Length: 15\0 99\r\n", picture)),
    "NULs alone after a length": (400, False, posted("Content-Length: 15\0\0\r\n", picture)),
    "a NUL in a coding": (400, False, posted("Transfer-Encoding: chunked\0, gzip\r\n", whole)),
    "a NUL in a header's name": (400, False, posted("Content-Length\0X: 15\r\n", picture)),
    "a NUL in the method": (400, False, got("/healthz").replace("GET", "GET\0X")),
    "a NUL in the path": (400, False, got("/healthz\0z")),
    "a NUL in the version": (400, False, got("/healthz").replace("1.1", "1.1\0 HTTP/1.1")),
    "a name that a fold completes": (400, False, posted("Content-Lengt: 15\r\n h\r\n", picture)),
    "a folded length": (400, False, posted("Content-Length: 15\r\n \r\n", picture)),
    "lines without CR": (400, False, got("/healthz").replace("\r", "")),
    "one line without CR": (400, False, got("/healthz", host + "X: y\n")),
    "no Host": (400, False, got("/healthz", "")),
    "no Host, HTTP/1.0": (200, False, got("/healthz", "", "1.0")),
    "two Hosts": (400, False, got("/healthz", 2 * host)),
    "two Hosts that differ": (400, False, got("/healthz", host + "Host: evil.example\r\n")),
    "%00 in the path": (400, False, got("/healthz%00")),
    "%00 in the query": (400, False, got("/healthz?raw=1%00")),
    "%0a in the path": (400, False, got("/%0aHost:")),
    "%7f in the path": (400, False, got("/healthz%7F")),
    "a broken escape": (400, False, got("/%zz")),
    "half an escape": (400, False, got("/%2")),
    "a control character in the path": (400, False, got("/health\x01z")),
    "a tab in the path": (400, False, got("/health\tz")),
    "a byte beyond ASCII in the path": (400, False, got("/health\xff")),
    "a blank in the path": (400, False, got("/health z")),
    "a fragment": (400, False, got("/healthz#x")),
    "an escape that is fine": (200, True, got("/health%7a")),
    "a target with http:// and host": (200, True, got("http://localhost/healthz")),
    "... with another host": (421, True, got("http://evil.example/healthz")),
    "... with a user": (421, True, got("http://localhost@evil.example/healthz")),
    "... with https:": (400, False, got("https://localhost/healthz")),
    "no slash": (400, False, got("healthz")),
    "CONNECT": (400, False, got("localhost:80").replace("GET", "CONNECT")),
    "2048 bytes": (404, True, got("/" + 2047 * "a")),
    "2049 bytes": (414, False, got("/" + 2048 * "a")),
    "40000 bytes": (414, False, got("/" + 40000 * "a")),
    "a header of 40000 bytes": (431, False, got("/healthz", host + "X: " + 40000 * "a" + "\r\n")),
    "5000 headers": (431, False, got("/healthz", host + 5000 * "X: a\r\n")),
    "HTTP/2.0": (505, False, got("/healthz", version="2.0")),
    "HTTP/1.10": (400, False, got("/healthz", version="1.10")),
    "HTTP/0.9": (400, False, "GET /healthz\r\n\r\n"),
}

def requests():
    """After each a second one: answered only if it is known where it begins."""
    wrong = []
    for name, (status, goes_on, request) in strict.items():
        with connect() as client:
            try:
                client.sendall(request.encode("latin-1") + got("/model", host + "Connection: close\r\n").encode())
            except OSError: # it was cut off meanwhile
                pass
            said = rest(client)
        statuses = [int(one) for one in re.findall(rb"HTTP/1\.1 (\d+) ", said)]
        second = b'"checkpoint":' in said
        if statuses[:1] != [status] or second != goes_on:
            wrong.append((name, status, goes_on, said))
    print(*wrong, sep="\n")
    assert not wrong

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
globals()[sys.argv[2]]()
E
hostile() { PYTHONPATH=$NNRUN_SOURCE/tests python3 hostile.py "$url" "$@"; }
check 'requests that could be read in two ways are refused, and what comes after them is not read' hostile requests
check 'pipelined requests are answered in order' hostile pipelined
check 'clients that send no more are not left waiting' hostile half_closed
many=30
[ -n "${NNRUN_SANITIZED-}" ] && many=12
if "$nnrun" predict "$best" -q "$NNRUN_SOURCE/data/digits.png" >/dev/null 2>&1; then
    check 'pictures that are more than they seem are read or refused' hostile bombs
    check 'a small picture is answered before large ones of its address, a large one before most of another address' \
        hostile pictures "$many"
else
    skip 'a small picture is answered before sixty large ones of its own address' 'built without libpng'
fi
check 'connections that are held are ended when others come' hostile holders
check 'after 6000 connections that end at once it answers' hostile attempts
check 'it has nothing to complain of' test ! -s complaints

peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$server/status"; }
if [ -z "${NNRUN_SANITIZED-}" ] && [ -n "$(peak)" ]; then
    within() { peak && [ "$(peak)" -le $((280 * 1024)) ]; }
    check 'all this took no more memory than nnrun(1) says' within
else
    skip 'all this took no more memory than nnrun(1) says' 'sanitizers keep what was freed'
fi
kill "$server" && wait "$server"
check 'it ends on SIGTERM with status 0' test $? -eq 0

# Pictures may have 2^26 pixels here, each of which takes 32 bytes while it is decoded, by 512 threads at once.
cat >vast.cfg <<'E'
name = "vast";
input = [1, 1024, 1024];
data: { directory = "vast"; validation = 0; };
network = ( { type = "pool"; kernel = 1024; }, { type = "dense"; units = 2; }, { type = "softmax"; } );
train: { epochs = 1; batch = 2; };
E
python3 - <<'E'
import os, struct
os.mkdir("vast")
for name in "train", "t10k":
    with open(f"vast/{name}-images-idx3-ubyte", "wb") as file:
        file.write(struct.pack(">IIII", 0x803, 2, 1024, 1024) + bytes(2 << 20))
    with open(f"vast/{name}-labels-idx1-ubyte", "wb") as file:
        file.write(struct.pack(">II", 0x801, 2) + bytes([0, 1]))
E
"$nnrun" -q vast.cfg -o vast-run || exit 99
refuse_line 3 'serving takes up to [0-9.]* GB of memory with 1024 threads, and the machine has [0-9.]* GB; try fewer --threads' \
    'what could take more memory than there is does not start' \
    "$nnrun" serve vast-run/step-000000001.safetensors --port 0 --threads 1024
tap_end
