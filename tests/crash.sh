#!/bin/sh
# crash.sh: a plugin that crashes, or ends the process, is named in one message, and what was saved stays.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
fixtures=$NNRUN_SOURCE/tests/plugins
digits 300 60

# crasher TYPE [FLAG...]
crasher() {
    type=$1
    shift
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 -O1 -fno-optimize-sibling-calls -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" \
        -I"$fixtures" -DTYPE="\"$type\"" "$@" "$fixtures/crasher.c" -o "$type.so" || exit 99
}
# with TYPE LAST: a config that has the layer in the middle, and that loss
with() {
    cat >"$1.cfg" <<E
input = [1, 28, 28];
data: { directory = "digits"; validation = 50; };
network = ( { type = "dense"; units = 10; }, { type = "$1"; name = "middle"; }, { type = "$2"; name = "last"; } );
train: { epochs = 4; batch = 50; optimizer: { rate = 0.05; }; };
output: { keep = 1000; report = false; };
E
}
# trained TYPE FLAG PATTERN PROMISE
trained() {
    crasher "$1" "$2"
    with "$1" softmax
    refuse_line 1 "^nnrun: layer \"middle\" \($1\), $3" "train: $4" \
        "$nnrun" -q "$1.cfg" --plugin-path . -o "run-$1" train.threads=2
}
# checked TYPE PATTERN PROMISE
checked() {
    refuse 1 "^nnrun: layer \"$1\" \($1\), $2" "gradcheck: $3" "$nnrun" gradcheck -q "./$1.so"
    cp "$tap_err" said
    check "... in one message of it" test "$(grep -c "^nnrun: layer " said)" -eq 1
}

# ---- ends of a process that no signal brings -------------------------------------------------------------------

trained exits '-DBACKWARD=exit(0);' 'backward in training \(portable code\): the plugin called exit\(\); ' 'exit() is named'
checked exits 'backward in training \(portable code\), case 1x5x7: the plugin called exit\(\); ' 'so is its case'
check "... and the function is said to be forbidden" grep -q '^nnrun: exits (exits): uses exit; ' said
trained quits '-DFORWARD=quick_exit(0);' 'forward in training \(portable code\): the plugin called quick_exit\(\)' \
    'quick_exit() is named'
at_once() {
    for run in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        "$nnrun" -q quits.cfg --plugin-path . -o "at-once-$run" train.threads=4 2>said
        [ $? -eq 1 ] && [ "$(wc -l <said)" -eq 1 ] || return 1
    done
}
check "several threads that end the process at once are one message" at_once
checked quits 'forward in training .* the plugin called quick_exit\(\)' 'so it is'
crasher leaves '-DBACKWARD=_exit(7);'
checked leaves 'backward .* the plugin ended the process with status 7, as _exit\(\) does' '_exit() is named, too'
crasher leaves '-DBACKWARD=_exit(0);'
checked leaves 'backward .* the plugin ended the process with status 0, as _exit\(\) does' 'even with status 0'
crasher killed '-DPLAN=raise(SIGKILL);'
checked killed 'plan, case 1x5x7: the plugin was killed' 'so is a kill, as for want of memory'
event() {
    "$nnrun" "$@" --json >events 2>/dev/null
    [ "$(grep -c '"event":"error"' events)" -eq 1 ] &&
        tail -n 1 events | grep -q '^{"event":"error","message":"layer \\"[a-z]*\\" (exits), backward.*","status":1}$'
}
check "with --json train prints an error event" event exits.cfg --plugin-path . -o run-json
check "gradcheck, too" event gradcheck ./exits.so
# The plugin says in which process it is, and stays there.
crasher stays '-DFORWARD=if (FROM(1)) { int fd = creat("pid.new", 0600); dprintf(fd, "%d", getpid()); close(fd); rename("pid.new", "pid"); sleep(60); }' \
    -include stdio.h -include fcntl.h
ended() {
    rm -f pid
    "$nnrun" gradcheck ./stays.so >/dev/null 2>said &
    child=$!
    tap_wait test -s pid
    kill -s "$1" $child
    wait $child
}
gone() {
    ! kill -0 "$(cat pid)" 2>/dev/null
}
expect 143 "gradcheck ends by the signal that it gets" ended TERM
check "and so does its child" tap_wait gone
check "after it named the case" grep -q \
    '^nnrun: layer "stays" (stays), forward in training .*, case 1x5x7: the plugin was interrupted' said
expect 137 "even by one that it cannot take" ended KILL
check "so does its child" tap_wait gone

# ---- crashes ---------------------------------------------------------------------------------------------------

case $NNRUN_SANITIZED in *address* | *thread*)
    skip "a crash is named" "a sanitizer reports it"
    tap_end
    exit
    ;;
esac
crasher loses -DTARGET=NNRUN_CLASS '-DFORWARD=sink = ((const int32_t *)s->target)[0];'
checked loses 'forward in training .*: the plugin crashed \(segmentation fault\); NULL in this call: .*target' \
    'a loss that reads a target it does not have'
with relu loses
"$nnrun" -q relu.cfg --plugin-path . -o run-loses || exit 99
refuse_line 1 '^nnrun: layer "last" \(loses\), forward in evaluation .*; NULL in this call: .*target.*"nnrun gradcheck /.*/loses\.so"' \
    'predict: the same' "$nnrun" predict --plugin-path . run-loses/best.safetensors digits/t10k-images-idx3-ubyte.gz
mkdir "my layers" && cp loses.so "my layers"
refuse_line 1 "\"nnrun gradcheck '/.*/my layers/loses\\.so'\" looks for" 'its file is a word of the shell' \
    "$nnrun" predict --plugin-path "my layers" run-loses/best.safetensors digits/t10k-images-idx3-ubyte.gz
# A thread of the server, whose stack overflows.
crasher lost -DTARGET=NNRUN_CLASS '-DFORWARD=if (!s->target) OVERFLOW();'
with leaky_relu lost
"$nnrun" -q leaky_relu.cfg --plugin-path . -o run-lost || exit 99
served() {
    "$nnrun" serve --plugin-path . run-lost/best.safetensors --port 0 >address 2>said &
    child=$!
    tap_children="$tap_children $child"
    tap_wait grep -q http: address || return 99
    url=$(sed -n 's/.* on \(http:.*\)/\1/p' address)
    printf 'P2 2 2 255 0 255 255 0' | curl -s -H 'Content-Type: image/x-portable-graymap' --data-binary @- \
        "${url}predict" && kill "$child" # it answered
    wait "$child"
}
if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd' || ! command -v curl >/dev/null 2>&1; then
    skip "serve: a crash is named" "no libmicrohttpd or no curl"
else
    expect 1 "serve: a stack that overflows in a thread of the server ends it" served
    check "and the layer is named" grep -q '^nnrun: layer "last" (lost), forward in evaluation .*target' said
fi
trained keeps '-DFORWARD=*(float *)s->keep = 1;' 'forward in evaluation .*; NULL in this call: .*keep' \
    'keep read in evaluation'
checked keeps 'forward in evaluation .*; NULL in this call: .*keep' 'the same'
trained gradients '-DBACKWARD=s->dx[0][0] += ((float *)s->loss)[0];' \
    'backward in training .*; NULL in this call: target, loss, ' 'a pointer of forward alone, used in backward'
trained wild '-DFORWARD=s->y[1000000000] = 1;' 'forward in training .* crashed \(segmentation fault\)' 'a wild index'
checked wild 'forward in training \(portable code\), case 1x5x7: the plugin crashed \(segmentation fault\)' 'the same'
trained overflows '-DFORWARD=OVERFLOW();' 'forward .* crashed \(segmentation fault\)' 'a stack that overflows'
checked overflows 'forward .* crashed \(segmentation fault\)' 'the same'
trained divides '-DBACKWARD=DIVIDE();' 'backward .* crashed \(arithmetic exception\)' 'a division of integers by zero'
checked divides 'backward .* crashed \(arithmetic exception\)' 'the same'
trained aborts '-DBACKWARD=abort();' 'backward .* called abort\(\)' 'abort()'
checked aborts 'backward .* called abort\(\)' 'the same'
trained planless '-DPLAN=FAULT();' 'plan: the plugin crashed \(segmentation fault\)' 'a crash in plan'
checked planless 'plan, case 1x5x7: the plugin crashed' 'the same'
head -c 5000 wild.so >cut.so
refuse_line 3 '^nnrun: .*/cut\.so is cut off or damaged: ' 'a file that is cut off is refused before it can crash' \
    "$nnrun" gradcheck ./cut.so
cat >early.c <<'E'
#include <stdlib.h>
static void fault(void) __attribute__((constructor));
static void fault(void)
{
    abort();
}
E
crasher early early.c
refuse_line 1 '^nnrun: .*/early\.so: the plugin, while it was loaded, called abort\(\)' \
    'a crash of what runs as a file is loaded is named' "$nnrun" gradcheck ./early.so

# ---- what stays ------------------------------------------------------------------------------------------------

crasher late '-DBACKWARD=if (FROM(50)) FAULT();' # 20 slices an epoch
with late softmax
refuse_line 1 'layer "middle" \(late\), backward' 'a crash in the third epoch is named' \
    "$nnrun" -q late.cfg --plugin-path . -o late
check "two epochs were saved" test -e late/step-000000010.safetensors
crasher late
check "and the run is resumed with the layer mended" "$nnrun" -q resume late --plugin-path .
"$nnrun" -q late.cfg --plugin-path . -o never || exit 99
same "to the same bits as one that never crashed" never/best.safetensors late/best.safetensors

crasher sleeps '-DFORWARD=sleep(60);'
with sleeps softmax
signalled() {
    "$nnrun" -q sleeps.cfg --plugin-path . -o sleeps 2>said &
    child=$!
    tap_wait test -d sleeps
    kill -s SEGV $child
    wait $child
}
expect 139 "a signal that another process sends does what it always does" signalled
check "and no plugin is named" test ! -s said
tap_end
