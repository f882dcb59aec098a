#!/bin/sh
# live.sh: what a run looks like on a terminal: a bar, a line an epoch with its trend, nothing that wraps; and that a
# pipe gets the plain lines. The terminal is tests/screen.py's.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
screen=$NNRUN_SOURCE/tests/screen.py
if ! command -v python3 >/dev/null 2>&1; then
    skip "a run on a terminal" "no python3"
    tap_end
    exit 0
fi
unset NO_COLOR COLUMNS
TERM=xterm
export TERM

digits 1000 203
small_config small.cfg
sed -i 's/epochs = 2/epochs = 40/; s/rate = 0.05/rate = 0.005/' small.cfg
sed 's/filters = 3/filters = 60/; s/stride = 2/stride = 1/; s/epochs = 40/epochs = 20/' small.cfg >slow.cfg
escape=$(printf '\033')

# on COLUMNS[,LATER] COMMAND...: its output is in raw, the lines that stay in lines.
on() {
    columns=$1
    shift
    python3 "$screen" run "$columns" raw "$@" && python3 "$screen" plain raw >lines
}
# train COLUMNS WORD...: the config, into a fresh folder.
train() {
    columns=$1
    shift
    rm -rf run && on "$columns" "$nnrun" small.cfg -o run "$@"
}
# slow COLUMNS: one that takes long enough for a bar to be drawn.
slow() {
    rm -rf run && on "$1" "$nnrun" slow.cfg -o run --threads 1
}
has() {
    grep -Eq -- "$1" "${2-raw}"
}
lacks() {
    ! grep -Eq -- "$1" "${2-raw}"
}

# ---- widths ------------------------------------------------------------------------------------------------------

# narrow COLUMNS [PATTERN]: nothing behind the pattern is wider, but for the command to paste at the end.
narrow() {
    grep -av '^  nnrun resume ' raw >unpasted
    test "$(python3 "$screen" widest unpasted ${2+"$2"})" -lt "$1"
}
for columns in 20 40 80 200; do
    check "a run on $columns columns" train $columns
    check "no line wraps" narrow $columns
    check "none is lost" test "$(grep -c '^epoch' lines)" -eq 40
    check "the command that continues it is in one piece" has '^  nnrun resume run train\.epochs=80$' lines
done
check "200 columns have all of an epoch" \
    has '^epoch 40/40  loss [0-9.]+  train +[0-9.]+ %  validation +[0-9.]+ % .  [_.:=+*#-]{32}  rate [0-9.e-]+ +[0-9]+ samples/s +[0-9.]+ s$' lines
train 80
check "80 have what matters" has '^epoch 40/40  loss [0-9.]+  validation +[0-9.]+ % .  [_.:=+*#-]{16}  [0-9.]+ s$' lines
slow 80
check "a bar with loss, accuracy and time left was drawn" has '\[=*> *\] +[0-9]+ %  loss [0-9.]+  accuracy [0-9.]+ %  [0-9:]+ s left'
train 40
check "40 have the accuracy and a shorter trend" has '^epoch 40/40  val +[0-9.]+ % .  [_.:=+*#-]{10}$' lines
check "the window may become narrower meanwhile" slow 200,40
check "and the lines with it" narrow 40 '^epoch +10/20'

# ---- the trend -----------------------------------------------------------------------------------------------------

check "an epoch that is the best so far has a star, and tops the trend" has '^epoch .* \* .*#$' lines
check "a run with a UTF-8 locale" env LC_ALL=C.UTF-8 python3 "$screen" run 80 raw "$nnrun" small.cfg -o utf8
check "draws blocks" has '▁.*█'
check "no line of it wraps" narrow 80
check "a run without validation" train 200 data.validation=0
check "has a trend of the loss, that sinks from the first" has '^epoch 40/40  loss [0-9.]+  train +[0-9.]+ %  #[_.:=+*#-]{30}_  rate' lines
train 200 train.epochs=3 train.schedule.type=constant
check "a run goes on" on 200 "$nnrun" resume run train.epochs=5
check "with the trend of all its epochs" has '^epoch 5/5 .* % .  [_.:=+*#-]{5}  ' lines

# ---- colours -------------------------------------------------------------------------------------------------------

colour="$escape\\[1;32m"
train 80
check "the best is coloured" has "validation $colour *[0-9.]+ % \\*$escape\\[0m"
check "in the trend, too" has "$colour#$escape\\[0m"
NO_COLOR=1
export NO_COLOR
slow 80
check "not with NO_COLOR" lacks "$escape\\[[0-9;]*m"
slow 80
check "the bar stays" has '\[=*> *\] '
NO_COLOR=
train 80
check "an empty NO_COLOR is none" has "$colour"
unset NO_COLOR
TERM=dumb
slow 80
check "a dumb terminal gets no escapes" lacks "$escape"
check "and no bar" lacks '\[=*> *\] '
check "but the trend" has '^epoch 20/20 .* [_.:=+*#-]{16} ' lines
TERM=xterm

# ---- quiet, JSON and pipes -----------------------------------------------------------------------------------------

check "-q on a terminal" train 80 -q
check "prints nothing" test ! -s raw
check "--json on a terminal" train 80 --json
check "prints JSON alone" lacks '^[^{]|}.*[^[:space:]]$' lines
check "a pipe" "$nnrun" small.cfg -o pipe
says '^epoch  40/40  loss [0-9.]+  train +[0-9.]+ %  validation +[0-9.]+ % [* ]  rate [0-9.e-]+  [0-9]+ samples/s  [0-9.]+ s$' \
    "gets the plain line"
check "without an escape or a return" lacks "$escape|$(printf '\r')" "$tap_out"
check "and nothing on stderr" test ! -s "$tap_err"

# ---- other long jobs -----------------------------------------------------------------------------------------------

"$NNRUN_BUILD/nnrun-make-digits" --train 60 --test 20000 many >/dev/null || exit 99
"$nnrun" -q slow.cfg data.directory=many data.validation=10 train.epochs=1 -o slow || exit 99
check "test on a terminal" on 80 "$nnrun" test slow/best.safetensors --threads 1
check "shows how far it is" has 'testing \[=*> *\] +[0-9]+ %'
check "and takes it away" lacks 'testing' lines
check "a run that ends with a test" on 80 "$nnrun" slow.cfg data.directory=many data.validation=10 train.epochs=1 -o tested --threads 1
check "shows how far the test is" has 'testing \[=*> *\] +[0-9]+ %'
check "and takes it away" lacks 'testing' lines
check "gradcheck on a terminal" on 200 "$nnrun" gradcheck small.cfg
check "shows what it checks" has 'checking dense1 \[=*> *\] +[0-9]+ %'
check "and takes it away" lacks 'checking' lines
check "time on a terminal" on 200 "$nnrun" time small.cfg --threads 1
check "shows how far it is" has 'timing \[=*> *\] +[0-9]+ %  [0-9]+ s left'
check "and takes it away" lacks 'timing' lines
tap_end
