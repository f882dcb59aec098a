#!/bin/sh
# allocation.sh: whichever single allocation fails, a command says "out of memory" and ends with status 1; it never gives
# another result. Here that is some positions of each command, in `make check-faults` all of them.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
NNRUN_FAULT=$NNRUN_BUILD/tests/.libs/fault.so
export NNRUN_FAULT
if [ ! -f "$NNRUN_FAULT" ] || [ -n "${NNRUN_SANITIZED-}" ] || ! command -v python3 >/dev/null 2>&1; then
    skip "an allocation that fails is said" "no fault injection in this build, or no python3"
    tap_end
    exit
fi

digits 60 20
small_config good.cfg
sed -i 's/epochs = 2/epochs = 1/; s/validation = 100/validation = 20/; s/batch = 50/batch = 20/' good.cfg
"$nnrun" -q good.cfg -o whole --threads 1 || exit 99
cp -r whole begun && rm begun/best.safetensors begun/step-000000002.safetensors
{ printf 'P5 28 28 255\n'; head -c 784 /dev/zero | tr '\0' '\17'; } >one.pgm

# walk NAME STRIDE PROMISE OPTION... COMMAND...: in make check one in STRIDE of the command's allocations; with NNRUN_WALK=all
# each one, with NNRUN_WALK=sites the first from each place in the code (but `each` is no), with NNRUN_WALK=NAME:79 that one alone
first=1
each=yes
walk() {
    name=$1
    stride=$2
    promise=$3
    shift 3
    first=$((first + 7)) # not the same places in what commands share
    begin=$((first % stride + 1))
    last=999999
    case ${NNRUN_WALK-} in
    all) stride=1 begin=1 ;;
    sites) [ "$each" = no ] || set -- --sites "$@" ;;
    "$name":*) begin=${NNRUN_WALK#*:} last=$begin ;;
    ?*) return ;;
    esac
    check "while $promise" python3 "$NNRUN_SOURCE/tests/allocation_walk.py" --name "$name" --stride "$stride" --first "$begin" \
        --last "$last" --limits "$NNRUN_SOURCE/tests/allocation_limits.txt" "$@"
    grep -v '^#' "$tap_out" | sed 's/^/# /'
}
alone='--threads 1'
# shellcheck disable=SC2086 # two words
{
    walk train 29 "a network is trained" --into run "$nnrun" -q good.cfg -o run $alone
    walk override 29 "... with overrides" --into run "$nnrun" -q good.cfg -o run $alone train.optimizer.type=adam \
        'data.augment={shift=2;}' network.conv1.filters=2 name=other data.stream=true
    walk resume 29 "a run is resumed" --into run --from begun "$nnrun" -q resume run $alone
    walk from 29 "... begins with the weights of a file" --into run "$nnrun" -q good.cfg -o run $alone \
        train.from=whole/best.safetensors network.dense1.units=11 network.conv1.frozen=true
    walk test 7 "a checkpoint is tested" "$nnrun" test -q whole/best.safetensors $alone
    walk wrong 29 "... as JSON, and wrong pictures are written" --into wrong "$nnrun" test --json whole/best.safetensors \
        $alone --wrong wrong
    walk picture 7 "a picture is asked about" "$nnrun" predict whole/best.safetensors one.pgm
    walk samples 19 "a file of samples is" "$nnrun" predict --json whole/best.safetensors digits/t10k-images-idx3-ubyte.gz
}
mkdir -p pets/cats pets/dogs
awk 'BEGIN { for (i = 0; i < 30; i++) { file = "pets/" (i % 2 ? "cats/" : "dogs/") i ".pgm"
    printf "P2 3 2 255 %d 0 %d 9 %d 7\n", i, 3 * i, i * i % 100 >file; close(file) } }'
cp pets/cats/1.pgm pets/dogs/same.pgm && printf 'P2 3 2 255 5 5 5 5 5 5\n' >pets/cats/plain.pgm
walk pack 13 "pictures are packed" --into packed "$nnrun" pack pets -o packed --config it.cfg --force --size 4x4 --fit --threads 1
walk packjson 17 "... as JSON, and some left out" --into packed "$nnrun" pack pets -o packed --json --unique --skip-constant --threads 1
printf 'a,b,label\n1,2,x\n3,4,"y"\n5,6,x\n' >table.csv
mkdir tables cifar
{ echo label,0x0,0x1,1x0,1x1 && seq 9 | awk '{ print $1 % 2 "," $1 ",7,200," 2 * $1 }'; } >pixels.csv
{ printf '\003\001' && head -c 3072 /dev/zero; } >cifar/train.bin
walk packcsv 13 "a table is packed" --into packed "$nnrun" pack table.csv -q -o packed --threads 1
walk packnpz 23 "an archive is" --into packed "$nnrun" pack "$NNRUN_SOURCE/tests/npz/grey.npz" -q -o packed --threads 1
awk 'BEGIN { for (part = 1; part < 3; part++) { file = "tables/" (part < 2 ? "train" : "test") ".csv"
    print "width,height,kind" >file; for (i = 0; i < 30; i++)
        print i % 7 "," i * i % 11 "," (i % 3 ? "wide" : "high") >file; close(file) } }'
walk packtables 17 "a folder of them is" --into packed "$nnrun" pack tables -o packed --config rows.cfg --force --threads 1
walk packpixels 23 "pictures as rows are" --into packed "$nnrun" pack pixels.csv -q -o packed --size 2x2 --fit --transpose --threads 1
walk packlabels 23 "an archive with several labels is" --into packed "$nnrun" pack "$NNRUN_SOURCE/tests/npz/several.npz" -o packed --threads 1
walk packcifar 23 "a folder of CIFAR's files is" --into packed "$nnrun" pack cifar -q -o packed --threads 1
"$nnrun" pack tables -q -o twice --threads 1 2>/dev/null || exit 99
walk packagain 23 "what was packed is packed again" --into packed "$nnrun" pack twice -q -o packed --threads 1
walk packidx 23 "IDX files are" --into packed "$nnrun" pack digits -q -o packed --threads 1
walk show 3 "a network is shown" "$nnrun" show good.cfg
walk keys 7 "its keys are" "$nnrun" show --keys whole/best.safetensors
walk json 11 "it is as JSON" "$nnrun" show --json whole/best.safetensors
walk memory 7 "its memory is" "$nnrun" show --memory good.cfg
walk layers 3 "layers are listed" "$nnrun" layers
walk layer 3 "a layer is described" "$nnrun" layers conv --json
walk report 17 "a report is written" --into page.html "$nnrun" report whole -o page.html
walk compare 29 "runs are compared" --into page.html "$nnrun" report whole begun -o page.html
walk export 17 "a network is exported" --into good.onnx "$nnrun" export whole/best.safetensors --onnx good.onnx
walk exporthtml 17 "... as a page" --into good.html "$nnrun" export whole/best.safetensors --html good.html
walk exportcheck 29 "... and compared" --into good.onnx "$nnrun" export --json whole/best.safetensors --onnx good.onnx --check --threads 1
walk exportc 29 "... as C" --into good.c "$nnrun" export whole/best.safetensors --c good.c
if command -v cc >/dev/null 2>&1; then
    walk exportcc 53 "... compiled" --alone --into good.c "$nnrun" export -q whole/best.safetensors --c good.c --check --threads 1
fi
"$nnrun" sweep -q good.cfg train.batch=10,20 --seeds 1-2 -o swept >/dev/null || exit 99
walk sweep 61 "a sweep is compared" --into swept --from swept "$nnrun" sweep good.cfg train.batch=10,20 --seeds 1-2 -o swept
walk sweepjson 61 "... as JSON" --into swept --from swept "$nnrun" sweep --json good.cfg train.batch=10,20 --seeds 1-2 -o swept
"$nnrun" sweep -q good.cfg network.conv1.kernel=5,40 -o refused >/dev/null 2>&1
walk refused 61 "... with a combination that is refused" --into refused --from refused "$nnrun" sweep good.cfg \
    network.conv1.kernel=5,40 -o refused
walk sweeps 199 "... while its runs are trained" --alone --into trained "$nnrun" sweep -q good.cfg train.batch=10,20 --jobs 1 \
    --threads 1 -o trained
# Ranks that wait for the counters of make coverage take long.
each=${NNRUN_COVERAGE:+no}
for rank in 0 1; do
    walk rank$rank 199 "rank $rank of two trains" --rank $rank --into ranked "$NNRUN_BUILD/tests/ranks" 2 "$nnrun" -q good.cfg \
        --comm sockets --plugin-path "$NNRUN_BUILD/tests/.libs" -o ranked --threads 1
done
each=yes
"$nnrun" pack tables -q -o rows --config rows.cfg --force --threads 1 2>/dev/null &&
    "$nnrun" -q rows.cfg -o asked train.epochs=1 --threads 1 || exit 99
walk rows 19 "a table is asked about" "$nnrun" predict asked/best.safetensors tables/test.csv
walk gradcheck 101 "a layer is checked" "$nnrun" gradcheck relu
walk gradchecknet 7 "a network is" "$nnrun" gradcheck good.cfg
walk time 13 "steps are timed" "$nnrun" time good.cfg --threads 1
if ! "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    walk serve 23 "pictures are asked about over HTTP" --url /predict --body one.pgm \
        "$nnrun" serve whole/best.safetensors --port 0
    walk servetable 29 "... about a table" --url /predict --body tables/test.csv --type text/csv \
        "$nnrun" serve asked/best.safetensors --port 0
    echo '{"values": {"width": 3, "height": 4}}' >row.json
    walk servejson 29 "... about numbers" --url /predict --body row.json --type application/json \
        "$nnrun" serve asked/best.safetensors --port 0
fi
# limited COMMAND...: with more and more memory, from what is too little to load the program, until it has been enough some times
limited() {
    kilobytes=3000
    enough=0
    said=0
    "$@" >whole.out 2>/dev/null || return 1
    while [ "$enough" -lt 5 ] && [ "$kilobytes" -lt 200000 ]; do
        kilobytes=$((kilobytes + 64))
        # shellcheck disable=SC3045 # every sh on Linux has it
        (ulimit -v "$kilobytes" && exec "$@") >limited.out 2>why
        status=$?
        if [ "$status" -eq 0 ] && cmp -s limited.out whole.out; then
            enough=$((enough + 1))
        elif [ "$status" -eq 1 ] && grep -Eq '^nnrun: .*(out of memory|Cannot allocate memory|temporarily unavailable)' why; then
            said=$((said + 1))
        elif [ "$status" -ne 127 ] || grep -q '^nnrun' why; then # else the loader says it
            echo "$kilobytes kilobytes: status $status" && cat why && return 1
        fi
    done
    [ "$said" -gt 0 ] && [ "$enough" -eq 5 ]
}
check "however little memory there may be, a network is shown or it is said" limited "$nnrun" show good.cfg
check "... and layers are listed" limited "$nnrun" layers
check "... and a checkpoint is tested" limited "$nnrun" test -q whole/best.safetensors --threads 1
tap_end
