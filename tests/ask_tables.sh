#!/bin/sh
# ask_tables.sh: a table is the same to pack, predict and serve as to Python's csv: quotes, blank lines, byte order marks and ends
# of lines change no answer, and what one of them refuses, all refuse, for the same line.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

python=$(command -v python3)
if [ -z "$python" ]; then
    skip "tables are the same to all commands" "no python3"
    tap_end
    exit
fi

awk 'BEGIN { print "width,the height,weight,kind"
    for (i = 0; i < 200; i++) printf "%d,%d,%.2f,%s\n", i % 7, 10 + i % 2 * 20, i % 5 / 7, i % 2 ? "tall" : "flat" }' >things.csv
"$nnrun" pack things.csv -q -o things --config things.cfg 2>/dev/null && "$nnrun" -q things.cfg train.epochs=3 -o run >/dev/null 2>&1 || exit 99
url=-
if ! "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    : >served
    "$nnrun" serve run/best.safetensors --port 0 >>served 2>complaints &
    tap_children="$tap_children $!"
    tap_wait grep -q http: served || exit 99
    url=$(sed -n 's/.* on \(http:.*\)\//\1/p' served)
fi
mkdir asked && cd asked || exit 99
asks() { "$python" "$NNRUN_SOURCE/tests/ask_tables.py" "$nnrun" ../run/best.safetensors "$1" "$url"; }
check "tables in any dialect have the rows that Python's csv reads, and the same answers" asks same
check "tables that are wrong are refused by all, for the same line and in the same words" asks wrong

# ---- what is in them ---------------------------------------------------------------------------------------------

cd .. || exit 99
answers() { "$nnrun" predict "$@" --json | sed 's/^[^:]*:[^[]*"class":\([0-9]*\).*/\1/'; }
printf 'a,b,label\n1,2,x\n3,4,y\n5,6,semi;colon\n' >late.csv
check "a semicolon in the last row separates nothing" "$nnrun" pack late.csv -q -o late --test 0
check "... so that it is in a name" grep -qx 'semi;colon' late/classes.txt
printf 'a,"b\n;c;",label\n1,2,x\n3,4,y\n' >broken.csv
check "nor do those in a header of two lines" "$nnrun" pack broken.csv -q -o broken --test 0
printf '\n\r\na,label\n1,x\n2,y\n' >empty.csv
check "empty lines may come first" "$nnrun" pack empty.csv -q -o empty --test 0
awk 'BEGIN { print "height,kind"; for (i = 0; i < 100; i++) print 10 + i % 2 * 20 + i % 3 "," (i % 2 ? "tall" : "flat") }' >one.csv
"$nnrun" pack one.csv -q -o one --config one.cfg 2>/dev/null && "$nnrun" -q one.cfg train.epochs=20 -o one.run >/dev/null 2>&1 || exit 99
printf 'height\n31\n10\n30\n' >column.csv
answers one.run/best.safetensors column.csv >got
check "a network of one number is asked by a table of one column" sh -c "printf '1\n0\n1\n' | cmp - got"
sed 1d column.csv | answers one.run/best.safetensors - >got
check "... without a header, too" sh -c "printf '1\n0\n1\n' | cmp - got"
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "pixel%d%s", i, i < 9999 ? "," : "\n"
    for (r = 0; r < 4; r++) for (i = 0; i < 10000; i++) printf "%d%s", (i * 7 + r * 91) % 256, i < 9999 ? "," : "\n" }' >wide.csv
cat >wide.cfg <<'C'
input = [1, 100, 100];
network = ( { type = "dense"; units = 3; }, { type = "softmax"; } );
data: { train: { images = "wide/t10k-images-idx3-ubyte.gz"; labels = "labels"; }; };
train: { epochs = 1; };
output: { report = false; };
warnings: { no_test = false; };
C
printf '\000\000\010\001\000\000\000\004\000\001\002\000' >labels
"$nnrun" pack wide.csv -q -o wide --label none 2>/dev/null && "$nnrun" -q wide.cfg -o wide.run || exit 99
best=wide.run/step-000000001.safetensors
answers "$best" wide/t10k-images-idx3-ubyte.gz >wanted
answers "$best" wide.csv >got
check "a header of 100 kB is one" sh -c "test -s wanted && cmp wanted got"
tap_end
