#!/bin/sh
# output.sh: run folders that are taken, in use, or cannot be made; runs that fail; output that cannot be written.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
digits 300 100
echo file >file

record "a folder that cannot be made is said before training" nnrun good.cfg -o file/run
record "nor may it be a file" nnrun good.cfg -o file
mkdir -p other/folder && echo text >other/text
record "a run trains" nnrun -q good.cfg -o run
record "-o never reuses a folder" nnrun good.cfg -o run
record "a configured folder that is taken gets the next free name" nnrun -q good.cfg output.directory=run
record "which is run-2" sh -c 'ls run-2'
record "and then run-3" sh -c 'nnrun good.cfg train.epochs=1 output.directory=run | grep folder'
record "without output.directory it is runs/NAME" nnrun -q good.cfg
record "of the config" sh -c 'ls runs runs/small'
record "a folder with other things in it is taken" sh -c 'nnrun -q good.cfg -o other && ls other'
record "output.keep says how many step files stay" sh -c 'nnrun -q good.cfg output.keep=1 -o keep && ls keep'
record "output.report = false: no page" sh -c 'nnrun -q good.cfg output.report=false -o quiet && ls quiet'
mkdir -p full/report.html/here
record "a page that cannot be written does not fail the training" nnrun -q good.cfg -o full

"$nnrun" -q good.cfg train.epochs=1000000 data.validation=0 train.schedule.type=constant -o busy 2>/dev/null &
tap_children=$!
tap_wait test -f busy/run.json
record "a run folder in use is not resumed" nnrun resume busy
kill "$tap_children" && wait "$tap_children"
tap_children=

lacks "$other_bits"
record "a loss that is no number is offered a smaller rate" \
    nnrun -q good.cfg train.optimizer.rate=1000000 network.relu1.type=leaky_relu -o wild
record "a NaN stops the run, naming layer and step" \
    nnrun -q good.cfg train.optimizer.rate=100000 train.optimizer.decay=100 -o nan
lacks ''

# no_room COMMAND...: what it prints cannot be written
no_room() {
    nnrun "$@" >/dev/full
}
[ -c /dev/full ] || lacks "no /dev/full"
record "a result that cannot be written is said once" no_room layers
record "as JSON, too" no_room layers --json
record "by show" no_room show good.cfg
record "and by help" no_room --help
! nnrun serve 2>&1 | grep -q libmicrohttpd || lacks "built without libmicrohttpd"
record "and so is an address" no_room serve run/best.safetensors --port 0
record_end
