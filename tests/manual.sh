#!/bin/sh
# manual.sh: the man pages are clean, say what the program says of itself, and every example in them and in README.md
# runs and prints what is shown; so does every example of the commands' --help.
#
# In a literal block of a page, or a fenced one of README.md, a line that begins with "$ " is a command, those behind
# it are its output, "..." standing for any lines. Figures, but for those of --memory and the largest error that
# gradcheck prints, code levels and blanks are not compared. A command whose output begins with "nnrun: " must fail. A
# block that begins with .\" file: NAME (README.md: one behind <!-- file: NAME -->) is the text of that file: the same
# as in the source, if it has it, and there for the commands.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
man=$NNRUN_SOURCE/man

# ---- the pages -----------------------------------------------------------------------------------------------

for page in nnrun.1 nnrun.cfg.5 nnrun-comm.3 nnrun-layer.3 nnrun.3 nnrun-tutorial.7; do
    lint() {
        (cd "$man" && test -z "$(mandoc -Tlint "$page" | tee "$work/lint")") || { cat lint; return 1; }
    }
    if command -v mandoc >/dev/null 2>&1; then
        check "mandoc finds nothing wrong with $page" lint
    else
        skip "mandoc finds nothing wrong with $page" "no mandoc"
    fi
done

# same_lines FILE FILE: no line is in one only.
same_lines() {
    sort -u "$1" >sorted1 && sort -u "$2" >sorted2 && diff sorted1 sorted2
}

commands() {
    "$nnrun" --help | sed -n 's/^  \([a-z]*\)  *[A-Z[].*/\1/p' >help.commands
    sed -n '/^\.Sh DESCRIPTION/,/^The options are below/s/^\.It Cm \([a-z]*\)$/\1/p' "$man/nnrun.1" >page.commands
    test -s help.commands && same_lines help.commands page.commands
}
check "nnrun(1) has the commands that --help has" commands

options() {
    "$nnrun" --help | grep -o -e '--[a-z][a-z-]*' >help.options
    sed -n '/^The options are/,/^\.Ss/p' "$man/nnrun.1" | sed -n 's/^\.It .*Fl Fl \([a-z-]*\).*/--\1/p' >page.options
    echo --help >>page.options
    test -s help.options && sort -u page.options >sorted.options && sort -u help.options | comm -23 - sorted.options >lacking &&
        ! grep . lacking
}
# Options of one command alone are in its own help only, below.
check "nnrun(1) has the options that --help has" options

# of COMMAND: its options, a line each.
of() {
    "$nnrun" "$1" --help | sed -n '/^Examples:/q; s/^  \([-a-z, ]*--[a-z][a-z-]*\).*/\1/p' | grep -o -e '--[a-z][a-z-]*' || :
}
all_options() {
    echo --help && echo --version
    while read -r command; do of "$command"; done <help.commands
}
options_of_commands() {
    all_options >commands.options && same_lines commands.options page.options
}
check "and those of the commands' own --help are the same" options_of_commands
example_of() {
    words=$1
    [ "$1" != train ] || words='configs/'
    grep "^\$ nnrun $words" "$man/nnrun.1"
}
while read -r command; do
    check "nnrun(1) has an example of $command" example_of "$command"
done <help.commands

# keys EVENT: those of the event in all of events.json are those in nnrun(1).
keys() {
    grep "^{\"event\":\"$1\"" events.json | grep -o '"[a-z_]*":' | tr -d '":' | grep -v portable >event.keys
    awk -v event="$1" '/^\.It Cm/ { here = $3 == event } /^\.El/ { here = 0 } here && $1 == ".Va"' "$man/nnrun.1" |
        tr ' ' '\n' | grep '^[a-z]' >page.keys
    test -s event.keys && same_lines event.keys page.keys
}
# pets COUNT: pictures of two classes
pets() {
    mkdir -p pets/cats pets/dogs
    awk -v count="$1" 'BEGIN { for (i = 0; i < 2 * count; i++) {
        file = "pets/" (i % 2 ? "cats/" : "dogs/") i ".pgm"
        printf "P2 2 2 255 %d 0 %d 9\n", i, 3 * i >file; close(file) } }'
}
digits 300 100
# A sample of ten labels, for each of the test samples.
{ printf '\0\0\10\2\0\0\0\144\0\0\0\12'; for _ in $(seq 143); do printf '\0\1\1\0\1\0\0'; done | head -c 1000; } >labels
labels='images="digits/t10k-images-idx3-ubyte.gz"; labels="labels"'
small_config small.cfg
named='classes = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];'
sed -i "s/data: {/& $named/" small.cfg
# A layer that has all that `layers` can say of one.
# shellcheck disable=SC2086 # a command of several words
${NNRUN_CC:-cc} -std=gnu11 -O2 -fPIC -shared -ffp-contract=off -I"$NNRUN_SOURCE/src" "$NNRUN_SOURCE/tests/plugins/packed.c" \
    -o packed.so || exit 99
serves=serve
"$nnrun" serve nowhere 2>&1 | grep -q libmicrohttpd && serves=''
{
    "$nnrun" small.cfg --json -o run data.mean=3 && "$nnrun" test run/best.safetensors --json &&
        "$nnrun" report run --json && "$nnrun" show small.cfg --json data.mean=3 && "$nnrun" show small.cfg --keys --json && "$nnrun" layers --json &&
        "$nnrun" layers ./packed.so --json &&
        "$nnrun" small.cfg --json -o tiny train.optimizer.rate=1e-37 && "$nnrun" small.cfg --json -o more train.from=run/best.safetensors && "$nnrun" gradcheck relu --json && "$nnrun" time small.cfg --json --threads 1
    "$nnrun" sweep small.cfg train.batch=25,50 --seeds 1-2 --json -o batches
    "$nnrun" predict run/best.safetensors --json digits/t10k-images-idx3-ubyte.gz
    "$nnrun" export run/best.safetensors --json --onnx run.onnx --check
    PATH=nowhere "$nnrun" export run/best.safetensors --json --c run.c --check
    mkdir several && "$NNRUN_BUILD/tests/draw_photographs" several 1 several &&
        "$nnrun" predict run/best.safetensors --json --all several/*
    awk 'BEGIN { print "P2 360 320 255"
        for (y = 0; y < 320; y++) for (x = 0; x < 360; x++)
            print (x % 40 > 16 && x % 40 < 22 && y % 40 > 8 && y % 40 < 32 ? 0 : 255) }' >crowd.pgm
    "$nnrun" predict run/best.safetensors --json crowd.pgm
    "$nnrun" small.cfg -q -o lying train.epochs=1 data.transposed=true &&
        "$nnrun" predict lying/best.safetensors --json digits/t10k-images-idx3-ubyte.gz
    "$NNRUN_BUILD/tests/change_checkpoint" run/best.safetensors silent.st 'dense1.bias[0]=nan'
    "$nnrun" test silent.st --json data.directory=digits
    pets 20 && mkdir split && cp -r pets split/train && cp -r pets split/val && "$nnrun" pack split --json -o packed --test 0.25
    printf 'a,b,label\n1,2,x\n3,4,y\n' >table.csv && "$nnrun" pack table.csv --json -o table
    "$nnrun" small.cfg -q network.softmax1.type=logistic "data={$named train={$labels;}; test={$labels;};}" -o labelled &&
        "$nnrun" test labelled/step-000000004.safetensors --json && "$nnrun" report labelled --json
    if [ -n "$serves" ]; then
        : >served
        "$nnrun" serve run/best.safetensors --port 0 --json >>served &
        server=$!
        tap_children=$server
        tap_wait grep -q . served
        kill "$server" && wait "$server" && cat served
    fi
    "$nnrun" no.cfg --json
} >events.json 2>events.err
for event in start weights warning underflow epoch test predict $serves report export check "done" sweep sweep_run combination sweep_done error show key layer gradcheck time pack; do
    check "nnrun(1) has the keys of the event $event" keys "$event"
done

for config in lenet mlp caffe-lenet linear lenet-1998 resnet-mini fashion cnn; do
    check "configs/$config.cfg is right" "$nnrun" show "$NNRUN_SOURCE/configs/$config.cfg"
done

signatures() {
    sed -n 's/^\.Dl \(.*nnrun_vec .*)\|nnrun_vec nnrun_[a-z]*(.*)\)$/\1/p' "$man/nnrun-layer.3" >page.signatures
    test "$(wc -l <page.signatures)" -ge 10 || return 1
    while read -r signature; do
        grep -qhFx -e "NNRUN_INLINE $signature" "$NNRUN_SOURCE"/src/nnrun/math*.h || { echo "$signature"; return 1; }
    done <page.signatures
}
check "nnrun-layer(3) has the functions of math.h as they are" signatures

# functions: the functions of the headers, one a line, without blanks; of_page likewise, of nnrun(3).
functions() {
    grep -hv '^#' "$NNRUN_SOURCE/src/nnrun/nnrun.h" "$NNRUN_SOURCE/src/nnrun/rows.h" "$NNRUN_SOURCE/src/nnrun/training.h" | tr '\n' ' ' |
        sed 's|/\*[^*]*\*\([^/*][^*]*\*\)*/||g' | tr ';{}"' '[\n*]' |
        sed -n 's/^ *\([a-z][a-z0-9_ ]*[ *]nnrun_[a-z_]*(.*)\)$/\1/p' | grep -v '^typedef' | tr -d ' ' | sort
}
of_page() {
    sed -n 's/^\.It Ft "\([^"]*\)" Fn \([a-z_]*\) "\(.*\)"$/\1 \2(\3)/p' "$man/nnrun.3" | sed 's/" "/,/g' |
        tr -d ' ' | sort
}
same_functions() {
    functions >header.functions && of_page >page.functions && [ "$(wc -l <page.functions)" -gt 40 ] &&
        diff header.functions page.functions
}
check "nnrun(3) has the functions of nnrun.h as they are" same_functions
# structures FILE...: the members of each structure, one a line, without comments.
structures() {
    cat "$@" | sed 's|/\*.*\*/||' | tr '\n' ' ' | sed 's|/\*[^*]*\*\([^/*][^*]*\*\)*/||g' |
        sed 's/typedef struct nnrun_[a-z_]* {/\n&/g; s/} nnrun_[a-z_]*;/&\n/g' | grep '^typedef struct nnrun_.*{' |
        tr -d ' ' | sed 's/;/;\n/g' | awk '/{/ { name = $0; sub(/{.*/, "", name) } { print name ": " $0 }' | sort
}
same_structures() {
    structures "$NNRUN_SOURCE/src/nnrun/nnrun.h" "$NNRUN_SOURCE/src/nnrun/rows.h" "$NNRUN_SOURCE/src/nnrun/training.h" >header.structures &&
        structures "$man/nnrun.3" >page.structures && [ "$(wc -l <page.structures)" -gt 100 ] &&
        diff header.structures page.structures
}
check "and all structures, member by member" same_structures
constants() {
    grep -ho '\<NNRUN_[A-Z_]*' "$NNRUN_SOURCE/src/nnrun/nnrun.h" "$NNRUN_SOURCE/src/nnrun/rows.h" "$NNRUN_SOURCE/src/nnrun/training.h" | grep -v '_H$' | sort -u |
        while read -r constant; do
            grep -q "\\<$constant\\>" "$man/nnrun.3" || echo "$constant"
        done
}
no_constant() {
    test -z "$(constants | tee "$work/missing")" || { cat missing; return 1; }
}
check "and all constants" no_constant

# ---- the layers' tables ---------------------------------------------------------------------------------------

mkdir tables && cp "$NNRUN_BUILD"/plugins/.libs/*.so tables/
from_tables() {
    chmod u+w page && sh "$man/layers.sh" "$nnrun" tables page && diff "$man/nnrun.cfg.5" page
}
cp "$man/nnrun.cfg.5" page
check "what nnrun.cfg(5) says of layers is made from their tables (make man-layers)" from_tables
sed 's/^rectified linear unit:/rectified\nunit:/; s/^\.It Ic slope Pq real, default .*/.It Ic slope Pq int/
    /^\.It Ic alpha/,/^for very negative/d; s/^channels of the output$/channels/; /^\.Ss swish/,/^It has/s/^It has no keys\.$/.\\"/
    s/^each channel times a .*/words that are no longer true./' "$man/nnrun.cfg.5" | sed '/^\.\\"$/d' >page
check "words of the tables that were changed there come back" from_tables
added() {
    sed 's/"square"/"zsquare"/; s/the mean of squares/another &/' "$NNRUN_SOURCE/tests/plugins/square.c" >zsquare.c
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 -O2 -fPIC -shared -ffp-contract=off -I"$NNRUN_SOURCE/src" -I"$NNRUN_SOURCE/tests/plugins" \
        zsquare.c -o tables/zsquare.so && cp "$man/nnrun.cfg.5" page
    from_tables >differs
    grep -q '^> \.Ss zsquare$' differs && ! grep -q '^<' differs
}
check "a new layer comes behind the others" added

# ---- the examples --------------------------------------------------------------------------------------------

# extract DOCUMENT: into the folder `items`, numbered: N.file and N.text, or N.command and N.shown.
extract() {
    rm -rf items && mkdir items
    awk '
        function begin(kind, value) {
            close(item)
            item = sprintf("items/%03d.", ++count)
            print value >(item kind)
            close(item kind)
            item = item (kind == "file" ? "text" : "shown")
            open = kind
        }
        function take(line) {
            if (open != "file" && line ~ /^\$ /)
                begin("command", substr(line, 3))
            else if (open)
                print line >item
            else {
                print FILENAME ":" FNR ": neither a command nor a file" >"/dev/stderr"
                failed = 1
            }
        }
        BEGIN { page = ARGV[1] !~ /\.md$/ }
        page && /^\.Bd -literal/ { inside = 1; open = ""; next }
        page && /^\.Ed/ { inside = 0; next }
        page && inside && /^\.\\" file: / { begin("file", $3); next }
        page && inside { gsub(/\\e/, "\\"); sub(/^\\&/, ""); take($0) }
        !page && /^<!-- (figures|quickstart) -->/ { made = 1 }
        !page && /^<!-- \/(figures|quickstart) -->/ { made = 0 }
        page || made { next }
        /^<!-- file: / { file = $3; next }
        /^```/ {
            inside = !inside
            open = ""
            if (inside && file)
                begin("file", file)
            file = ""
            next
        }
        inside { take($0) }
        END { exit failed || !count }
    ' "$1"
}

# serve COMMAND: runs it beside the next ones, on a free port, which stands in their commands for 8080 then.
serve() {
    stop_serving
    : >served
    sh -c "exec $1 --port 0" >>served 2>&1 &
    server=$!
    tap_children="$tap_children $server"
    tap_wait grep -q '^serving' served || return 1
    cat served
    port=$(sed -n 's/^serving.*:\([0-9]*\)\/$/\1/p' served)
}
server='' port=8080
stop_serving() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; }
    server='' port=8080
}

# What stays the same from run to run.
stable() {
    sed -E 's/(^|[^A-Za-z0-9_])[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?/\1N/g; s/portable|avx2|avx512/LEVEL/g
        s/threads/thread/g; s/ \*//g; s/[[:blank:]]+/ /g; s/^ //; s/ $//; s/LEVEL( LEVEL)+/LEVEL/g'
}

# errors SHOWN SAID: gradcheck's largest errors are as shown, up to what another processor rounds.
errors() {
    grep -ho 'largest error [^,]*' "$1" >errors.shown || return 0
    grep -ho 'largest error [^,]*' "$2" | paste -d ' ' errors.shown - | while read -r _ _ shown _ _ said; do
        awk -v a="$shown" -v b="$said" 'BEGIN { exit !(a < 1.4 * b && b < 1.4 * a) }' ||
            { echo "largest error: $said, shown is $shown"; exit 1; }
    done
}

# example ITEM: runs its command.
example() {
    command=$(cat "$1.command")
    case $command in
    'nnrun serve '*) serve "$command" ;;
    *) sh -c "$(echo "$command" | sed "s/:8080/:$port/g")" ;;
    esac >said 2>&1
    status=$?
    cat said
    [ -f "$1.shown" ] || return "$status"
    case $command in
    *' --memory') # figures that are the same on every machine
        sed '/^ *\.\.\.$/d' "$1.shown" | while read -r line; do
            grep -q -F -e "$line" said || { echo "not said: $line"; exit 1; }
        done || return 1 ;;
    esac
    case $(head -n 1 "$1.shown") in
    'nnrun: '*) [ "$status" -ne 0 ] || { echo "it should fail"; return 1; } ;;
    *) [ "$status" -eq 0 ] || return "$status" ;;
    esac
    errors "$1.shown" said || return 1
    stable <"$1.shown" >wanted
    stable <said | awk '
        NR == FNR { wanted[++count] = $0; next }
        function dots() { while (wanted[i] == "...") { any = 1; i++ } }
        FNR == 1 { i = 1 }
        {
            dots()
            if (i <= count && $0 == wanted[i]) { i++; any = 0 }
            else if (!any) { print "unlike what is shown: " $0; failed = 1; exit }
        }
        END { if (i == 0) i = 1; dots(); if (i <= count && !failed) print "not said: " wanted[i]; exit failed || i <= count }
    ' wanted -
}

# file ITEM: its text is that of the source, where there is such a file.
file() {
    name=$(cat "$1.file")
    [ ! -f "$NNRUN_SOURCE/$name" ] || diff "$NNRUN_SOURCE/$name" "$1.text"
}

# sanitizes COMMAND: its compiler has the sanitizers, as libraries to be loaded.
sanitizes() {
    case $1 in
    *clang*) set -- clang -shared-libasan ;;
    *) set -- gcc ;;
    esac
    echo 'int x;' >x.c && "$@" -fsanitize=address,undefined -fPIC -shared x.c -o x.so >/dev/null 2>&1
}

# missing COMMAND: prints a program that the command needs and that is not here.
missing() {
    for program in python3 pkg-config cc c++ curl gcc clang valgrind gdb arm-none-eabi-gcc qemu-system-arm; do
        case " $1" in
        *[\ \(]"$program "*) command -v "$program" >/dev/null 2>&1 || { echo "$program"; return; } ;;
        esac
    done
    case $1 in
    *'gdb '*) gdb -batch -ex run --args true 2>&1 | grep -q 'exited normally' || echo "process that gdb may trace" ;;
    *torch_lenet*) python3 -c 'import torch' 2>/dev/null || echo "PyTorch" ;;
    *valgrind*) valgrind -q true >/dev/null 2>&1 || echo "valgrind that works" ;;
    *-fsanitize* | *LD_PRELOAD*) sanitizes "$1" || echo "sanitizer" ;;
    esac
    case $1 in
    'nnrun serve '* | curl*) [ -n "$serves" ] || echo libmicrohttpd ;;
    *--samples* | *--wrong*) pkg-config --exists libpng 2>/dev/null || echo libpng ;;
    esac
}

# Installed, as the examples see it.
# shellcheck source=tests/library/stage.sh
. "$NNRUN_SOURCE/tests/library/stage.sh"

for document in man/nnrun.1 man/nnrun.cfg.5 man/nnrun-layer.3 man/nnrun.3 README.md; do
    # A folder as after quickstart, with few samples, short configs, and a run in runs/lenet.
    place=$work/$(basename "$document" | tr . _)
    mkdir -p "$place/data" "$place/configs" && cd "$place" || exit 99
    cp -r "$work/digits" data/mnist
    pets 25
    cp "$stage_examples"/* .
    [ "$document" != README.md ] || ln -s "$stage_examples" examples
    for config in "$NNRUN_SOURCE"/configs/*.cfg; do
        sed 's/validation = [0-9]*/validation = 100/; s/epochs = [0-9]*/epochs = 2/' "$config" >"configs/${config##*/}"
    done
    "$nnrun" configs/lenet.cfg -q -o runs/lenet || exit 99
    check "$document: its blocks are commands and files" extract "$NNRUN_SOURCE/$document"
    for item in items/*.text items/*.command; do
        item=${item%.*}
        [ ! -f "$item.text" ] || [ ! -f "$item.file" ] || cp "$item.text" "$(basename "$(cat "$item.file")")"
    done
    for item in items/*.file items/*.command; do
        [ -f "$item" ] || continue
        item=${item%.*}
        if [ -f "$item.file" ]; then
            check "$document: $(cat "$item.file")" file "$item"
            continue
        fi
        command=$(cat "$item.command")
        lacks=$(missing "$command")
        case $command in
        ./quickstart*) # run by .ci/run
            # shellcheck disable=SC2086 # a list of words
            check "$document: \$ $command" "$NNRUN_SOURCE"/${command%%#*} --help ;;
        *)
            if [ -n "$lacks" ]; then
                skip "$document: \$ $command" "no $lacks"
            else
                check "$document: \$ $command" example "$item"
            fi ;;
        esac
    done
    stop_serving
    cd "$work" || exit 99
done

cd nnrun_1 || exit 99
while read -r command; do
    "$nnrun" "$command" --help | sed -n '/^Examples:/,$s/^  //p' >examples
    check "$command --help has an example" test -s examples
    while read -r line; do
        case $(missing "$line")$line in
        libmicrohttpd*) skip "$command --help: $line" "no libmicrohttpd" ;;
        'nnrun serve '*) check "$command --help: $line" serve "$line" ;;
        *) check "$command --help: $line" sh -c "$line" ;;
        esac
    done <examples
done <../help.commands
stop_serving
tap_end
