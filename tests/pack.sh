#!/bin/sh
# pack.sh: a folder of pictures becomes a trained network with three commands; what is packed depends on the pictures and
# the options alone; nothing half-made stays. What is said in each case is in recorded/pack.sh.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# draw FOLDER COUNT: pictures of five shapes, in a folder each, of 20 x 20
draw() {
    mkdir -p "$1/bar" "$1/circle" "$1/cross" "$1/frame" "$1/triangle"
    awk -v folder="$1" -v count="$2" 'function inside(shape, dx, dy, s) {
            if (shape == "bar") return dx * dx < s && dy * dy < s * s
            if (shape == "circle") return dx * dx + dy * dy < s * s
            if (shape == "cross") return (dx * dx < 3 || dy * dy < 3) && dx * dx < s * s && dy * dy < s * s
            if (shape == "frame") return (dx * dx > s * s / 3 || dy * dy > s * s / 3) && dx * dx < s * s && dy * dy < s * s
            return dy > -s && dy < s && 2 * (dx < 0 ? -dx : dx) < dy + s
        }
        BEGIN { srand(5); shapes = split("bar circle cross frame triangle", shape, " ")
            for (i = 1; i <= count; i++) for (k = 1; k <= shapes; k++) {
                file = folder "/" shape[k] "/" i ".pgm"
                s = 5 + 3 * rand(); x0 = 10 + 3 * (rand() - 0.5); y0 = 10 + 3 * (rand() - 0.5)
                print "P2 20 20 255" >file
                for (y = 0; y < 20; y++) { line = ""
                    for (x = 0; x < 20; x++)
                        line = line " " int((inside(shape[k], x - x0, y - y0, s) ? 200 : 30) + 25 * rand())
                    print line >file }
                close(file) } }'
}
draw shapes 60

# ---- three commands ----------------------------------------------------------------------------------------------

check "a folder of pictures is packed" "$nnrun" pack shapes -o data --config shapes.cfg
cp "$tap_out" said
check "it is said what to type next" grep -qx '  nnrun shapes.cfg' said
check "its config trains a network" "$nnrun" -q shapes.cfg train.epochs=12
right() {
    "$nnrun" test -q runs/shapes/best.safetensors | grep -E ' (9[0-9]|100)\.[0-9]+ % right'
}
check "which is right of nine in ten test pictures" right
check "and has a report" "$nnrun" report -q runs/shapes
check "that names the classes" grep -q '>triangle<' runs/shapes/report.html
check "the classes are the folders, in order" sh -c "ls shapes | cmp - data/classes.txt"
check "a fifth of each class is for the test" sh -c \
    "gzip -dc data/t10k-labels-idx1-ubyte.gz | tail -c +9 | od -An -v -tu1 -w1 |
        sort | uniq -c | awk '{ print \$1 }' | sort -u | grep -qx 12"
check "a config in another folder finds them, too" sh -c "mkdir -p far/off && '$nnrun' pack shapes -q -o 'a \"b\"/data' --config far/off/it.cfg &&
    '$nnrun' -q far/off/it.cfg train.epochs=1 -o it"
mkdir split && cp -r shapes split/train && cp -r shapes split/val && rm split/val/*/??.pgm && rm split/train/*/?.pgm
check "colours and files of their own for validation go into the config" "$nnrun" pack split -q -o split.data --test 0.2 --rgb --size 24x16 \
    --config split.cfg
check "which trains without a warning" sh -c "'$nnrun' split.cfg -q train.epochs=1 -o split.run 2>warned && ! grep . warned"
mkdir moved && mv split.data moved/here
best=split.run/best.safetensors
check "data that moved are tested where data.directory says" "$nnrun" test -q $best data.directory=moved/here
mkdir moved/empty
refuse 4 '^nnrun: moved/empty/t10k-images-idx4-ubyte.gz: there is no such file' "and nowhere else" "$nnrun" test $best data.directory=moved/empty
check "they train from there, with their validation files and classes" "$nnrun" -q split.cfg train.epochs=1 -o moved/run data.directory=moved/here
refuse 4 '^nnrun: moved/empty/classes.txt: No such file' "or say which file is missing" "$nnrun" split.cfg -o moved/run2 data.directory=moved/empty
check "what is named after that is not moved" "$nnrun" test -q $best data.directory=moved/empty \
    'data.test={images="moved/here/t10k-images-idx4-ubyte.gz";labels="moved/here/t10k-labels-idx1-ubyte.gz";}'
check "what is named before that is" "$nnrun" test -q $best \
    'data.test={images="gone/t10k-images-idx4-ubyte.gz";labels="gone/t10k-labels-idx1-ubyte.gz";}' data.directory=moved/here
refuse 3 'data.train.images and data.test.images are both called train-images-idx4-ubyte.gz, so they cannot be in one folder' \
    "two files of one name are not taken for each other" "$nnrun" test $best data.test.images=gone/train-images-idx4-ubyte.gz data.directory=moved/here
refuse 3 'data.directory=: is empty; expected the folder that the data are in' "an empty folder, as of an unset variable, is no folder" \
    "$nnrun" test $best data.directory=
mv moved/here split.data
check "on what was packed" grep -q '"train_images": *"[^"]*split.data/train-images-idx4-ubyte.gz"' split.run/run.json

# ---- the same bytes ----------------------------------------------------------------------------------------------

draw other 60 # in another order on the disk
rm -r other/bar && cp -r shapes/bar other/bar
for threads in 1 2; do
    "$nnrun" pack other -q -o "with$threads" --threads "$threads" --size 28x24 --fit --rgb --natural || exit 99
done
check "any number of threads gives the same files" diff -r with1 with2
check "and so does a copy" sh -c "'$nnrun' pack other -q -o copied && for file in copied/*.gz; do cmp \"\$file\" data/\${file##*/} || exit 1; done"
differs() {
    "$nnrun" pack shapes -q -o seed2 --seed 2 && ! cmp -s seed2/train-images-idx3-ubyte.gz data/train-images-idx3-ubyte.gz &&
        test "$(gzip -dc seed2/train-images-idx3-ubyte.gz | wc -c)" -eq "$(gzip -dc data/train-images-idx3-ubyte.gz | wc -c)"
}
check "another seed gives other ones of the same size" differs

# ---- nothing half-made -------------------------------------------------------------------------------------------

cp -r data before
refuse 2 'data already holds a pack; use --force to replace it' "an older pack stays" "$nnrun" pack shapes -o data
check "as it was" diff -r before data
echo own >data/own.txt
check "unless --force is given" "$nnrun" pack other -q -o data --force --size 10x10 --rgb
expect_files() {
    # shellcheck disable=SC2012 # the names are known
    (cd "$1" && shift && printf '%s\n' "$@" | sort >../wanted && ls -A | cmp - ../wanted)
}
check "then nothing of it is mixed in, and other files stay" expect_files data classes.txt own.txt pack.json \
    t10k-images-idx4-ubyte.gz t10k-labels-idx1-ubyte.gz train-images-idx4-ubyte.gz train-labels-idx1-ubyte.gz
# Names that are not those of the labels would be read in every report.
agree() {
    tr -d '\n' <"$1/pack.json" | grep -o '"classes": *\[[^]]*\]' | grep -o '"[^"]*"' | tail -n +2 | tr -d '"' | cmp - "$1/classes.txt" &&
        gzip -dc "$1"/train-labels-* | tail -c +9 | od -An -v -tu1 -w1 | sort -n | tail -n 1 |
        awk -v classes="$(wc -l <"$1/classes.txt")" '{ exit $1 + 1 != classes }'
}
mkdir fewer others && cp -r shapes/bar shapes/frame fewer && cp -r shapes/bar others/zebra && cp -r shapes/cross others/ape &&
    cp -r shapes/frame others/bee
for source in fewer others shapes; do
    check "packed again from $source, into the same folder" "$nnrun" pack "$source" -q -o data --force
    check "classes.txt has the names of its labels" agree data
    check "... which are its folders" sh -c "ls $source | cmp - data/classes.txt"
done
{ echo pixel0,pixel1,pixel2,pixel3 && seq 40 | awk '{ print $1 ",2,3,4" }'; } >unlabelled.csv
check "packed again without labels" "$nnrun" pack unlabelled.csv -q -o data --force
unlabelled=$(cd data && echo ./*-images-*)
check "no names of classes stay" expect_files data own.txt pack.json "${unlabelled#./}"
mkdir theirs && echo apples >theirs/classes.txt
refuse 2 'theirs holds classes.txt, which is of no finished pack; remove it or name another folder' \
    "a classes.txt of another origin is not replaced" "$nnrun" pack shapes -o theirs --force
check "... and stays" grep -qx apples theirs/classes.txt
"$nnrun" pack shapes -q -o data --force || exit 99
rm data/pack.json
refuse 2 'data holds .*, which is of no finished pack' "files of another origin stay, even with --force" \
    "$nnrun" pack shapes -o data --force
cp shapes.cfg edited.cfg
refuse 2 'edited.cfg is there already' "so does a config" "$nnrun" pack shapes -o new --config edited.cfg
expect 1 "which is said before anything is made" test -e new
for config in new ./new "$work/new" new/pack.json new//classes.txt new/train-images-idx3-ubyte.gz; do
    refuse 2 'is a file or folder of the pack itself; give the config another name' "$config is no config of a pack into new" \
        "$nnrun" pack shapes -o new/ --config "$config"
done
expect 1 "which is said before anything is made, too" test -e new
cp -r before packed
for config in packed packed/pack.json "$work/before/../packed/t10k-labels-idx1-ubyte.gz"; do
    refuse 2 'is a file or folder of the pack itself; give the config another name' "nor is $config, of one that is replaced" \
        "$nnrun" pack shapes -o packed --force --config "$config"
done
check "which stays" diff -r before packed
check "a config of its own name may be in the folder" "$nnrun" pack shapes -q -o packed --force --config packed/own.cfg

fault=$NNRUN_BUILD/tests/.libs/fault.so
# fails CALL ERRNO AT COMMAND...: with the call that fails, of those on paths with "new" in them
fails() {
    call=$1 reason=$2 at=$3
    shift 3
    LD_PRELOAD=$fault FAULT_CALL=$call FAULT_ERRNO=$reason FAULT_AT=$at FAULT_PATH=/new FAULT_ALWAYS=1 "$@"
}
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    for call in open write fsync rename; do
        refuse 1 '^nnrun: .*(new|samples).*: No space left on device$' "a disk that is full is said: $call" \
            fails "$call" ENOSPC 1 "$nnrun" pack shapes -o "$work/new"
        [ "$call" = rename ] || expect 1 "and nothing stays" test -e new
        rm -rf new
    done
    refuse 1 'Too many open files' "a lack of descriptors is not taken for a broken picture" \
        env LD_PRELOAD="$fault" FAULT_CALL=open_read FAULT_ERRNO=EMFILE FAULT_AT=7 FAULT_PATH=.pgm "$nnrun" pack shapes -o new --skip-broken
    expect 1 "and nothing stays then" test -e new
    for signal in 2 15; do
        refuse 130 '^nnrun: interrupted by SIG(INT|TERM); nothing was written$' "signal $signal ends it with status 130" \
            env LD_PRELOAD="$fault" FAULT_CALL=open_read FAULT_SIGNAL="$signal" FAULT_TAKEN=1 FAULT_AT=3 FAULT_PATH=.pgm "$nnrun" pack shapes -o new
        expect 1 "and nothing stays after signal $signal" test -e new
    done
    mkdir there
    refuse 1 'Too many open files' "so it is in a folder below others" \
        env LD_PRELOAD="$fault" FAULT_CALL=open_read FAULT_ERRNO=EMFILE FAULT_AT=7 FAULT_PATH=.pgm "$nnrun" pack shapes -o there/new/data/
    check "of which those stay that were there" test "$(find there)" = there
    # over ERRNO CALL N: the pack in `redone` replaced by another, with the N-th of these calls that fails
    over() {
        LD_PRELOAD=$fault FAULT_ERRNO=$1 FAULT_CALL=$2 FAULT_AT=$3 FAULT_PATH=/redone FAULT_MARK=struck \
            "$nnrun" pack shapes -q -o "$work/redone" --force --size 8x8 2>trouble
    }
    # one_whole CALL: whichever of these calls fails, `redone` holds the older pack or the new one, and nothing else
    one_whole() {
        n=0
        while n=$((n + 1)) && rm -rf redone struck && cp -r older redone; do
            over EIO "$1" $n
            status=$?
            [ -e struck ] || return $((status != 0 || n < 6))
            { [ $status -eq 1 ] && grep -q 'Input/output error' trouble && diff -r older redone || diff -r newer redone; } >apart && continue
            echo "$1 $n" && cat apart trouble && return 1
        done
    }
    "$nnrun" pack other -q -o older && cp -r older redone && over EIO rename 1000000 && mv redone newer || exit 99
    for call in rename fsync close stat; do
        check "whichever $call fails while a pack replaces another, that is said, and one of them is there, whole" one_whole $call
    done
    echo 'input = 1;' >own.cfg
    refuse 1 'own\.cfg: Input/output error$' "a config that cannot be read now is not taken for another file" \
        env LD_PRELOAD="$fault" FAULT_CALL=open_read FAULT_ERRNO=EIO FAULT_PATH=own.cfg "$nnrun" pack shapes -o redone --force --config own.cfg
    env LD_PRELOAD="$fault" FAULT_CALL=rename FAULT_KILL=1 FAULT_PATH=pack.json "$nnrun" pack shapes -o new 2>/dev/null
    refuse 2 'which is of no finished pack' "killed before its last file it is no pack" "$nnrun" pack shapes -o new
else
    skip "a full disk leaves nothing" "no fault injection in this build"
fi

# ---- what lies in folders ----------------------------------------------------------------------------------------

mkdir odd && cp -r shapes/bar shapes/cross odd
ln -s .. odd/bar/up && ln -s ../../odd odd/cross/odd && mkfifo odd/bar/pipe
touch odd/bar/.DS_Store odd/cross/Thumbs.db odd/.hidden
check "circles, pipes and what systems leave do not stop it" "$nnrun" pack odd -o odd.data
cp "$tap_err" said
check "the pipe is named" grep -q 'odd/bar/pipe' said
expect 1 "what systems leave is not" grep -q -e DS_Store -e Thumbs -e hidden said
expect_count() {
    gzip -dc "$1" | head -c 8 | od -An -tu1 | awk -v count="$2" '{ exit $7 * 256 + $8 != count }'
}
check "no picture is packed twice" expect_count odd.data/train-images-idx3-ubyte.gz 96

mkdir many && mkdir many/a many/b
awk 'BEGIN { for (i = 0; i < 3000; i++) { file = "many/" (i % 2 ? "a/" : "b/") i ".pgm"
    printf "P2 3 2 255 %d %d 1 2 3 4\n", i % 256, int(i / 256) >file; close(file) } }'
check "thousands of files are packed with few descriptors" sh -c "ulimit -n 32 && '$nnrun' pack many -q -o many.data --threads 4"
check "all of them" expect_count many.data/train-images-idx3-ubyte.gz 2400

# ---- a folder of tables ------------------------------------------------------------------------------------------

# rows FILE FIRST LAST: two numbers and a word
rows() {
    { echo a,b,label && seq "$2" "$3" | awk '{ print $1 "," 2 * $1 "," ($1 % 2 ? "odd" : "even") }'; } >"$1"
}
mkdir tables && rows tables/train.csv 1 60 && rows tables/test.csv 101 140
check "a folder of tables is packed" "$nnrun" pack tables/ -q -o tables.data
check "as training data" expect_count tables.data/train-images-idx2-float.gz 60
check "and as test data" expect_count tables.data/t10k-images-idx2-float.gz 40
same_files() {
    "$nnrun" pack tables/train.csv tables/test.csv -q -o named && diff -r -x pack.json named tables.data
}
check "just as if its files were named" same_files
rows tables/valid.csv 201 230 && echo id,label >tables/sample_submission.csv && echo "What it is" >tables/README.md
refuse 0 'warning: 2 files of the folder are left out, as the name does not say training, validation or test: README.md, sample_submission.csv$' \
    "what is not a part of it is left out with a word" "$nnrun" pack tables -q -o tables.data --force
rm -r tables.data && "$nnrun" pack tables -q -o tables.data 2>/dev/null
check "one for validation is a part of it" expect_count tables.data/validation-images-idx2-float.gz 30
mkdir single && rows single/measured.csv 1 50
check "a single table is packed, whatever its name" "$nnrun" pack single -q -o single.data
check "a fifth of it for the test" expect_count single.data/t10k-images-idx2-float.gz 10
cp single/measured.csv single/more.csv
refuse 4 "^nnrun: single holds 2 tables, and none is named as training or test data: measured.csv, more.csv; name those that" \
    "several tables without such names are refused" "$nnrun" pack single -o refused
mv single/more.csv single/test.csv
refuse 4 'single holds 2 tables, and none is named as training data: measured.csv, test.csv' "so are those of which none is for training" \
    "$nnrun" pack single -o refused
mkdir twice && rows twice/train.csv 1 50 && gzip -c twice/train.csv >twice/train.csv.gz
refuse 4 'twice holds both train.csv and train.csv.gz; remove one, or name the files to pack$' "and one that is there twice" \
    "$nnrun" pack twice -o refused
mkdir kaggle && { echo label,pixel0,pixel1,pixel2,pixel3 && seq 60 | awk '{ print $1 % 3 "," $1 ",2,3,4" }'; } >kaggle/train.csv
cp unlabelled.csv kaggle/test.csv
refuse 4 'kaggle/test.csv has no column of labels, but kaggle/train.csv has one; pack kaggle/train.csv alone$' \
    "a test table without labels is refused" "$nnrun" pack kaggle -o refused
mkdir mixed && cp -r shapes/bar shapes/cross mixed && rows mixed/labels.csv 1 9
check "tables beside folders of pictures are not taken for the data" "$nnrun" pack mixed -q -o mixed.data
check "which are the pictures" expect_count mixed.data/train-images-idx3-ubyte.gz 96

# ---- several labels ----------------------------------------------------------------------------------------------

# labels FILE AWK: 200 samples of three labels, as awk computes them for sample i
labels() {
    mkdir "$1" && printf '\0\0\010\003\0\0\0\310\0\0\0\002\0\0\0\002' >"$1/train-images-idx3-ubyte" &&
        printf '\0\0\010\002\0\0\0\310\0\0\0\003' >"$1/train-labels-idx2-ubyte"
    # shellcheck disable=SC2059 # the escapes are the format
    printf "$(awk 'BEGIN { for (i = 0; i < 200; i++)
        printf "\\%03o\\%03o\\%03o\\%03o", i, i % 2 ? 250 : 5, i % 3 ? 250 : 5, i / 2 }')" >>"$1/train-images-idx3-ubyte"
    # shellcheck disable=SC2059
    printf "$(awk "BEGIN { for (i = 0; i < 200; i++) { $2; printf \"\\\\%03o\\\\%03o\\\\%03o\", a, b, c } }")" >>"$1/train-labels-idx2-ubyte"
}
labels some 'a = i % 2; b = (i % 3 > 0); c = (i == 7)'
refuse 0 'warning: 1 label has few samples: "2" \(1\)$' "a label that few samples have is told" "$nnrun" pack some -o some.data \
    --config some.cfg
check "... and no weights of classes are advised, which only one label has" sh -c "! grep -q class_weights some.cfg"
check "its config trains" "$nnrun" -q some.cfg train.epochs=30 -o some.run
both() {
    "$nnrun" test some.run/best.safetensors | tee said | grep -Eq '^ +0  (1\.0000|0\.9[0-9]+)$' && grep -Eq '^ +1  (1\.0000|0\.9[0-9]+)$' said
}
check "a network that knows both of the others" both
check "and has a report" "$nnrun" report -q some.run
check "with the area of each" grep -q '<th>1</th><td>' some.run/report.html
labels fixed 'a = i % 2; b = 0; c = 1'
refuse 0 'warning: 2 labels have the same value in all training samples: "1" \(0\), "2" \(160\); a network learns nothing of it$' \
    "labels that all samples have or lack are told" "$nnrun" pack fixed -q -o fixed.data --config fixed.cfg
"$nnrun" -q fixed.cfg train.epochs=1 -o fixed.run 2>/dev/null || exit 99
check "there is no area of such a label" sh -c "'$nnrun' test fixed.run/best.safetensors | grep -Eqx ' +1  -'"
labels onehot 'a = (i % 3 == 0); b = (i % 3 == 1); c = (i % 3 == 2)'
refuse 0 'warning: each sample has exactly one of the labels, as it has one class; with the number of the class in place' \
    "labels that are classes are told" "$nnrun" pack onehot -q -o onehot.data
# ---- what may be replaced ----------------------------------------------------------------------------------------

printf 'a,b,label\n1,2,x\n3,4,y\n5,6,x\n2,1,y\n' >table.csv
cp table.csv table.copy && ln table.csv link.csv && mkdir replaced && cp table.csv replaced/train.csv
for config in table.csv shapes/../table.csv link.csv; do
    refuse 2 "$config is the source, and would be replaced by the config; name another file" "--force does not write the config over the source: $config" \
        "$nnrun" pack table.csv -o table.data --force --config $config
done
refuse 2 'replaced/train.csv is there already, and is not a config' "nor over a file of it" "$nnrun" pack replaced -o table.data --force --config replaced/train.csv
check "which stay as they were" sh -c 'cmp table.csv table.copy && cmp replaced/train.csv table.copy'
cp -r data itself
refuse 2 'itself is a source, and would be replaced' "a pack is not written over itself" "$nnrun" pack itself -o itself --force --size 4x4
refuse 2 'train-images-idx3-ubyte.gz is a source, and would be replaced' "nor over its files" \
    "$nnrun" pack itself/train-images-idx3-ubyte.gz itself/train-labels-idx1-ubyte.gz -o "$work/itself" --force --size 4x4
check "which stay, too" diff -r data itself

# ---- the config is looked at before the data ---------------------------------------------------------------------

long=$(printf 'x%.0s' $(seq 246)).cfg
refuse 1 'File name too long' "a name that cannot be written is refused" "$nnrun" pack shapes -o late --config "$long"
refuse 1 'File name too long' "also in the folder of the pack" "$nnrun" pack shapes -o late --config "late/$long"
mkdir -p alone && cp -r shapes/bar alone
refuse 4 'nothing is written: a config needs two classes' "so is one class" "$nnrun" pack alone -o late --config late.cfg
refuse 4 'nothing is written: a config needs training samples with labels' "and what has no labels" sh -c \
    "printf 'pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n5,6,7,8\n' >plain.csv && '$nnrun' pack plain.csv -o late --config late.cfg"
bytes=$(printf 'late\377')
refuse 2 'is not UTF-8, so that no config can name the folder' "and a folder that a config cannot name" "$nnrun" pack shapes -o "$bytes" --config late.cfg
check "nothing is there then" sh -c '! ls -d late*'
odd=$(printf 'new\nline "quoted" \\ \033[1m\tå')
check "control characters, quotes and backslashes are named" "$nnrun" pack shapes -q -o "$odd" --config "it's odd.cfg"
check "by a config that trains" "$nnrun" -q "it's odd.cfg" train.epochs=1 -o odd.run
check "whose comment has the command as the shell takes it" grep -qF "nnrun 'it'\\''s odd.cfg' train.epochs=3" "it's odd.cfg"
check "a config whose name no run can have gets another" sh -c "'$nnrun' pack shapes -q -o dots --config ...cfg && grep -q 'name = \"packed\"' ...cfg"

# ---- the next commands -------------------------------------------------------------------------------------------

mkdir -p runs/again runs/again-2
"$nnrun" pack shapes -o again --config again.cfg >said || exit 99
check "the next commands name a run that is not there yet" sh -c \
    "grep -qx '  nnrun again.cfg -o runs/again-3' said && grep -qx '  nnrun test runs/again-3/best.safetensors' said"

"$nnrun" pack shapes -o dashed --config=-dashed.cfg >said || exit 99
check "and a config that is no option" grep -qx '  nnrun ./-dashed.cfg' said

# ---- two at once -------------------------------------------------------------------------------------------------

one_wins() {
    for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
        rm -rf race
        "$nnrun" pack odd -q -o race 2>first &
        first=$!
        "$nnrun" pack odd -q -o race 2>second
        second=$?
        wait "$first"
        first=$?
        if [ $((first == 0)) -eq $((second == 0)) ] || [ ! -e race/pack.json ]; then
            echo "try $try: $first and $second" && return 1
        fi
    done
}
check "of two packs into one new folder one is made" one_wins
stopped() { grep -q '^State:[[:space:]]*T' "/proc/$slow/status"; }
later_loses() {
    LD_PRELOAD=$fault FAULT_CALL=open_read FAULT_SIGNAL=19 FAULT_AT=3 FAULT_PATH=.pgm "$nnrun" pack shapes -q -o slow --config both.cfg 2>late &
    slow=$!
    tap_wait stopped && "$nnrun" pack shapes -q -o fast --config both.cfg && cp both.cfg fast.cfg
    kill -s CONT "$slow"
    wait "$slow"
    test $? -eq 1 && cat late && grep -q '^nnrun: both.cfg: cannot write: File exists$' late && cmp both.cfg fast.cfg
}
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    check "of two that write one new config the later is refused" later_loses
else
    skip "of two that write one new config the later is refused" "no fault injection in this build"
fi
tap_end
