#!/bin/sh
# sweep.sh: many trainings of one config are each done once, whatever interrupts them and however they are shared out, and
# what is said of them is so.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
screen=$NNRUN_SOURCE/tests/screen.py
digits 400 100
small_config small.cfg
sed -i 's/keep = 1000;/keep = 1; report = false;/' small.cfg
sed 's/epochs = 2/epochs = 60/' small.cfg >long.cfg
sweep() {
    "$nnrun" sweep "$@"
}
# runs FOLDER: the names of its run folders; done_runs FOLDER: how many of its rows are done.
runs() {
    (cd "$1" && find . -mindepth 1 -maxdepth 1 -type d | sed 's|./||' | sort)
}
done_runs() {
    grep -c ',done,' "$1/sweep.csv"
}
# same_sweep FOLDER FOLDER: the same runs with the same checkpoints, table, page and description.
same_sweep() {
    runs "$1" >runs1 && runs "$2" >runs2 && diff runs1 runs2 && cmp "$1/sweep.csv" "$2/sweep.csv" &&
        cmp "$1/sweep.json" "$2/sweep.json" && cmp "$1/sweep.html" "$2/sweep.html" || return 1
    while read -r run; do
        for file in "$1/$run"/*.safetensors; do
            cmp "$file" "$2/$run/${file##*/}" || return 1
        done
    done <runs1
}
# once FOLDER EPOCHS: each run has begun once as new, and each epoch and the end are in its log once.
once() {
    for log in "$1"/*/log.jsonl; do
        echo "$(grep -c '"resumed":false' "$log") $(grep -c '"event":"epoch"' "$log") $(grep -c '"event":"test"' "$log")"
    done | sort -u >counts
    echo "1 $2 1" | diff counts -
}

# ---- runs ----------------------------------------------------------------------------------------------------------

check "a sweep trains every combination with every seed" \
    sweep small.cfg train.batch=25,50 train.optimizer.rate=0.01..0.09/log3 --seeds 1-2 -o all
says '^small: 6 combinations, 2 seeds: 12 runs in all' "it says how many there are"
says '^\[12/12\] batch=(25|50) rate=[0-9.]* seed=[12]: validation ' "a line tells of each in a pipe"
check "each has a folder" test "$(runs all | wc -l)" -eq 12
check "named by a hash" test "$(runs all | grep -cxE '[0-9a-f]{12}')" -eq 12
check "and a row in the table" test "$(done_runs all)" -eq 12
row=$(grep '^50,0.03,2,' all/sweep.csv)
run=$(echo "$row" | cut -d , -f 4)
"$nnrun" -q small.cfg train.batch=50 train.optimizer.rate=0.03 --seed 2 --threads 1 -o alone || exit 99
same "a run has the bits of the same training by itself" alone/best.safetensors "all/$run/best.safetensors"
same_as_log() {
    grep '"best":true' "all/$run/log.jsonl" | tail -n 1 | sed 's/.*"validation_accuracy":\([0-9.]*\).*/\1/' >wanted
    echo "$row" | cut -d , -f 7 | diff wanted -
}
check "its row has the accuracy of the best epoch" same_as_log

before() {
    find all -name '*.safetensors' -o -name log.jsonl | sort | xargs stat -c '%n %y'
}
before >stamps
touch all/.sweep.json.tmp-1-0 all/.sweep.html.tmp-23-4 all/.mine.tmp-1-0
check "the same command again" sweep small.cfg train.batch=25,50 train.optimizer.rate=0.01..0.09/log3 --seeds 1-2 -o all
says 'runs in all; 12 are done$' "skips what is done"
untouched() {
    before | diff stamps -
}
check "and touches none of it" untouched
check "removes what a killed one left half written, and no other file" test "$(cd all && echo .*.tmp-*)" = .mine.tmp-1-0
cp all/sweep.csv first.csv
check "seeds may be added" sweep small.cfg train.batch=25,50 train.optimizer.rate=0.01..0.09/log3 --seeds 1-3 -o all
says 'runs in all; 12 are done; ' "only these are trained"
kept() {
    [ "$(done_runs all)" -eq 18 ] && grep -vxFf all/sweep.csv first.csv >lost
    [ ! -s lost ]
}
check "and the others stay as they are" kept
refuse 2 'all holds another sweep: it varies other values' "another sweep in the folder is refused" \
    sweep small.cfg train.batch=25,100 --seeds 1-3 -o all
refuse 2 'all holds another sweep: it has other seeds' "so are fewer seeds" \
    sweep small.cfg train.batch=25,50 train.optimizer.rate=0.01..0.09/log3 --seeds 1-2 -o all
mkdir other && echo >other/file
refuse 2 'other has other files, such as file' "and a folder with other files" sweep small.cfg train.batch=25,50 -o other
check "which stays as it is" test "$(find other -type f ! -name sweep.lock)" = other/file

mkdir empty && : >empty/sweep.json
refuse 4 'empty: its sweep.json is not that of a sweep; name another folder' "so is one whose sweep.json is something else" \
    sweep small.cfg train.batch=25,50 -o empty

# names CONFIG WORD...: of the runs of that sweep, in its description.
names() {
    rm -rf named && "$nnrun" sweep -q "$@" --seeds 4 train.epochs=1 -o named && tail -n +2 named/sweep.csv | cut -d , -f 3
}
names small.cfg train.batch=50,100 >names1
sed 's|^train:|// a comment\ntrain:|; s/momentum = 0.9/momentum = 0.90/' small.cfg >written.cfg
names written.cfg train.batch=50,100 train.threads=2 output.keep=3 >names2
same "how a config is written, threads and what is kept change no name" names1 names2
names small.cfg train.batch=50,100 train.optimizer.momentum=0.91 >names3
all_differ() {
    ! grep -qxFf names1 "$1" && [ "$(wc -l <"$1")" -eq 2 ]
}
check "a setting does" all_differ names3
"$NNRUN_BUILD/nnrun-make-digits" --force --seed 9 --train 400 --test 100 digits9 >/dev/null || exit 99
names small.cfg train.batch=50,100 data.directory=digits9 >names4
check "and so do the bytes of the data" all_differ names4

# ---- what is varied ------------------------------------------------------------------------------------------------

refuse 2 'train.seed cannot be varied: use --seeds' "seeds are no axis" sweep small.cfg train.seed=1,2 -o x
refuse 2 'train.threads cannot be varied' "nor are threads" sweep small.cfg train.threads=1,2 -o x
refuse 2 'batch=50 and batch=50 are the same training' "values that make no difference are refused" \
    sweep small.cfg train.batch=50,50 -o x
refuse 2 'train.batch is varied, and also set by train.batch=25: leave one' "so is a varied key that is set as well" \
    sweep small.cfg train.batch=50,100 train.batch=25 -o x
refuse 2 'train.batch is varied, and also set by train.batch=25: leave one' "in either order" \
    sweep small.cfg train.batch=25 train.batch=50,100 -o x
refuse 2 'train.optimizer.rate=0.1..0.5: how many numbers' "a range without a number of values, too" \
    sweep small.cfg train.optimizer.rate=0.1..0.5 -o x
refuse 3 'unknown key; did you mean "batch"' "a misspelt key" sweep small.cfg train.bach=25,50 -o x
refuse 2 '--seeds: expected seeds as 1-10' "wrong seeds" sweep small.cfg train.batch=25,50 --seeds 3-1 -o x
refuse 2 '--task: expected I/N' "a wrong task" sweep small.cfg train.batch=25,50 --task 3/2 -o x
refuse 2 '--random: nothing is varied' "draws of nothing" sweep small.cfg --random 3 -o x
check "none of these makes a folder" test ! -e x
drawn() {
    tail -n +2 "$1/sweep.csv" | cut -d , -f 1,2
}
check "combinations are drawn" sweep -q small.cfg train.epochs=1 train.batch=20..60 train.optimizer.rate=0.001..0.1/log --random 4 -o draw4
check "as many as asked for" test "$(drawn draw4 | sort -u | wc -l)" -eq 4
sweep -q small.cfg train.epochs=1 train.batch=20..60 train.optimizer.rate=0.001..0.1/log --random 6 -o draw6 || exit 99
prefix() {
    drawn draw4 >four && drawn draw6 | head -n 4 | diff four -
}
check "more draws begin with the same" prefix
check "of fewer than are drawn all are taken" sweep -q small.cfg train.epochs=1 train.batch=25,50 --random 20 -o draw2
check "each once" test "$(done_runs draw2)" -eq 2
check "groups are values, too" sweep -q small.cfg train.epochs=1 \
    'train.optimizer={type="adam";rate=0.001;},{type="sgd";rate=0.05;}' -o groups
check "and quoted in the table" grep -q '^"{type=""adam"";rate=0.001;}",1,' groups/sweep.csv

check "layers are found where --plugin-path says" env NNRUN_PLUGIN_PATH= "$nnrun" sweep -q small.cfg train.batch=25,50 \
    --plugin-path "$NNRUN_PLUGIN_PATH" -o plugins
check "by each run" test "$(done_runs plugins)" -eq 2

# ---- failures ------------------------------------------------------------------------------------------------------

refuse 1 'decay=1000000 seed=1 .*failed: .*loss' "a run that fails is reported" \
    sweep small.cfg train.optimizer.decay=0,1000000 --seeds 1-2 -o fails
check "and stops no other" test "$(done_runs fails)" -eq 2
refuse 1 'kernel=40 cannot be trained: .*kernel' "so is a combination that cannot be trained" \
    sweep small.cfg network.conv1.kernel=5,40 -o refused
check "and that stops no other" test "$(done_runs refused)" -eq 1
check "its row says so" grep -q '^40,1,,refused,' refused/sweep.csv
sed 's/name = "small"/name = "renamed"/' small.cfg >renamed.cfg
refuse 4 'nowhere' "data that are missing are an error before any run" sweep small.cfg train.batch=25,50 data.directory=nowhere -o x
refuse 4 '^nnrun: /dev/zero is not a regular file$' "so are data without an end" \
    sweep small.cfg train.batch=25,50 data.test.images=/dev/zero data.test.labels=/dev/zero -o x
fault=$NNRUN_BUILD/tests/.libs/fault.so
# While it reads them for the names of the runs.
stopped_early() {
    LD_PRELOAD=$fault FAULT_CALL=read FAULT_PATH=train-images FAULT_SIGNAL=15 FAULT_TAKEN=1 "$nnrun" sweep small.cfg train.batch=25,50 -o x
}
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    refuse 130 '^nnrun: interrupted by SIGTERM before the first run$' "a signal while data are read is heeded at once" stopped_early
else
    skip "a signal while data are read is heeded at once" "no fault injection in this build"
fi
check "no folder is made then" test ! -e x
cp -R plugins placed && rm placed/sweep.csv && mkdir placed/sweep.csv || exit 99
refuse 1 '^nnrun: placed: sweep\.csv in it is not a regular file, and is in the place of one$' \
    "so is a folder in the place of the table" sweep small.cfg train.batch=25,50,100 -o placed
check "no run is begun then" test "$(find placed -mindepth 1 -maxdepth 1 -type d | wc -l)" -eq 3

# ---- interruptions ---------------------------------------------------------------------------------------------------

vary='train.batch=25,50 --seeds 1-3'
# shellcheck disable=SC2086 # several words
"$nnrun" sweep -q long.cfg $vary -o whole || exit 99
# begin FOLDER WORD...: a sweep in the background, until one of its runs trains.
begin() {
    begun=$1
    shift
    # shellcheck disable=SC2086
    "$nnrun" sweep killed.cfg $vary -o "$begun" "$@" >out 2>said &
    child=$!
    tap_children=$child
    tap_wait begun_run
}
begun_run() {
    cat "$begun"/*/log.jsonl 2>/dev/null | grep -q '"epoch"'
}
# epochs FOLDER: how many are in the logs of its runs.
epochs() {
    cat "$1"/*/log.jsonl 2>/dev/null | grep -c '"event":"epoch"'
}
killed_often() {
    for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        # shellcheck disable=SC2086
        "$nnrun" sweep -q killed.cfg $vary -o killed >out 2>said &
        child=$!
        tap_children=$child
        while [ "$(epochs killed)" -lt $((57 * try)) ] && kill -0 "$child" 2>/dev/null; do sleep 0.01; done
        kill -KILL "$child" 2>/dev/null
        wait "$child" 2>/dev/null
        status=$?
        tap_children=
        [ $status -eq 137 ] || { echo "try $try: status $status"; cat said; return 1; }
    done
    # shellcheck disable=SC2086
    "$nnrun" sweep -q killed.cfg $vary -o killed
}
sed 's/epochs = 2/epochs = 200/' small.cfg >killed.cfg
# shellcheck disable=SC2086
"$nnrun" sweep -q killed.cfg $vary -o spared || exit 99
check "killed in the middle 20 times, a sweep comes to its end" killed_often
check "with the same folder" same_sweep spared killed
check "nothing is lost, nothing done twice" once killed 200
stopped() {
    begin "stopped-$1" && kill -s "$1" "$child"
    wait "$child"
    status=$?
    tap_children=
    cat said >&2
    return $status
}
for signal in TERM INT; do
    refuse 130 "nnrun: interrupted by SIG$signal: [12] runs? saved, [0-9]* of 6 done; the same command continues" \
        "SIG$signal stops a sweep, whose runs save" stopped "$signal"
    # shellcheck disable=SC2086
    check "and the same command continues it" sweep -q killed.cfg $vary -o "stopped-$signal"
    check "to the same folder" same_sweep spared "stopped-$signal"
    check "without a run begun anew" once "stopped-$signal" 200
done
# While another process has the folder, as one that was stopped with SIGSTOP.
held() {
    cat >hold.py <<'EOF3'
import fcntl, sys, time
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, fcntl.LOCK_EX, 1, 0)
open("holds", "w").close()
time.sleep(60)
EOF3
    rm -f holds
    python3 hold.py spared/sweep.lock &
    holder=$!
    tap_children=$holder
    tap_wait test -e holds
    # shellcheck disable=SC2086
    "$nnrun" sweep -q killed.cfg $vary -o spared --task 1/2 &
    child=$!
    tap_children="$holder $child"
    sleep 0.3
    kill -0 "$child" && kill -s "$1" "$child"
    wait "$child"
    status=$?
    kill "$holder"
    wait "$holder"
    tap_children=
    return $status
}
if command -v python3 >/dev/null 2>&1; then
    for signal in TERM INT; do
        refuse 130 "^nnrun: interrupted by SIG$signal while another process had spared/sweep.lock locked" \
            "SIG$signal ends a sweep that waits for its folder" held "$signal"
    done
    # shellcheck disable=SC2086
    check "which is as before" sweep -q killed.cfg $vary -o spared
else
    skip "a signal ends a sweep that waits for its folder" "no python3"
fi
# The children of a sweep, but not itself.
struck() {
    begin struck
    grep -lx "PPid:[[:space:]]*$child" /proc/[0-9]*/status 2>/dev/null | cut -d / -f 3 >children
    while read -r one; do
        kill -KILL "$one"
    done <children
    wait "$child"
    status=$?
    tap_children=
    cat said >&2
    return $status
}
refuse 1 'batch=[0-9]* seed=[123] .*failed: signal 9 ended it' "a run that is killed by itself is reported" struck
check "and stops no other" test "$(done_runs struck)" -ge 4
# shellcheck disable=SC2086
check "the same command resumes it" sweep -q killed.cfg $vary -o struck
check "to the same folder, as well" same_sweep spared struck
no_reader() {
    # shellcheck disable=SC2086
    { "$nnrun" sweep long.cfg $vary -o unread 2>said; echo $? >status; } | head -n 1 >out
    [ "$(cat status)" -eq 1 ]
}
check "a reader that goes stops it" no_reader
# shellcheck disable=SC2086
check "and it is continued" sweep -q long.cfg $vary -o unread
check "to the same folder, too" same_sweep whole unread
some_epochs() {
    [ "$(cat moved/*/log.jsonl 2>/dev/null | grep -c '"event":"epoch"')" -gt 2 ]
}
# Moved while two of its runs train, so that others would begin where it was.
moved() {
    # shellcheck disable=SC2086
    "$nnrun" sweep -q long.cfg train.epochs=2000 $vary --jobs 2 -o moved 2>said &
    child=$!
    tap_children=$child
    tap_wait some_epochs
    mv moved elsewhere
    wait "$child"
    status=$?
    tap_children=
    cat said >&2
    return $status
}
refuse 1 '^nnrun: moved is no longer the folder of this sweep: it was moved or removed, with its runs$' "a sweep that is moved ends" moved
check "and makes no other one" test ! -e moved

# ---- shares ----------------------------------------------------------------------------------------------------------

# split FOLDER TASK...: these at the same time.
split() {
    folder=$1
    shift
    tap_children=
    for task; do
        # shellcheck disable=SC2086
        "$nnrun" sweep long.cfg $vary -o "$folder" --task "$task" >"out-$folder-${task%/*}" 2>&1 &
        tap_children="$tap_children $!"
    done
    for task in $tap_children; do
        wait "$task" || return 1
    done
    tap_children=
}
check "two tasks share a sweep" split two 1/2 2/2
check "and make the folder of one" same_sweep whole two
check "without a run done twice" once two 60
last_prints() {
    [ "$(cat out-two-1 out-two-2 | grep -c '^page: two/sweep.html')" -ge 1 ]
}
check "the last of them prints the table" last_prints
check "three in any order do, too" split three 3/3 1/3 2/3
check "with the same folder" same_sweep whole three
check "a task alone ends with its share" split part 2/4
check "of which it tells" grep -qx 'task 2/4: 2 of its 2 runs are done, 2 of 6 of the sweep' out-part-2
# The script for Slurm in README.md, as two tasks of an array.
slurm() {
    awk '/^<!-- file: batches.slurm/ { here = 1 } here && /^```/ { if (inside++) exit; next } inside' \
        "$NNRUN_SOURCE/README.md" >batches.slurm
    mkdir -p configs && cp small.cfg configs/lenet.cfg && sed -i 's|"digits"|"../digits"|' configs/lenet.cfg
    grep -q 'nnrun sweep' batches.slurm || return 1
    PATH=$NNRUN_BUILD:$PATH SLURM_ARRAY_TASK_ID=1 sh batches.slurm &
    tap_children=$!
    PATH=$NNRUN_BUILD:$PATH SLURM_ARRAY_TASK_ID=2 sh batches.slurm && wait "$tap_children"
    status=$?
    tap_children=
    return $status
}
check "README's script for Slurm does" slurm
check "all of its runs" test "$(done_runs runs/batches)" -eq 8
twice() {
    # shellcheck disable=SC2086
    "$nnrun" sweep -q long.cfg $vary -o twice &
    first=$!
    tap_children=$first
    # shellcheck disable=SC2086
    "$nnrun" sweep -q long.cfg $vary -o twice && wait "$first"
    status=$?
    tap_children=
    return $status
}
check "the same command twice at once" twice
check "makes the same folder" same_sweep whole twice
check "and trains no run twice" once twice 60
# A run that is locked, as by a child that outlived its parent, for a second.
locked() {
    run=$(runs twice | head -n 1)
    rm -r "twice/$run" && mkdir "twice/$run" && : >"twice/$run/lock"
    flock "twice/$run/lock" sleep 1 &
    tap_children=$!
    tap_wait sh -c "! flock -n twice/$run/lock true"
    # shellcheck disable=SC2086
    "$nnrun" sweep -q long.cfg $vary -o twice
    status=$?
    wait "$tap_children"
    tap_children=
    return $status
}
if command -v flock >/dev/null 2>&1; then
    check "a run that something else trains is waited for" locked
    check "then it is trained" same_sweep whole twice
else
    skip "a run that something else trains is waited for" "no flock"
fi
# Children that outlive their parent, held up before they lock what they train: these runs are theirs until they end.
orphans() {
    # shellcheck disable=SC2086
    LD_PRELOAD=$fault FAULT_CALL=flock FAULT_SIGNAL=19 "$nnrun" sweep -q long.cfg $vary --jobs 2 -o orphans 2>said &
    child=$!
    tap_children=$child
    tap_wait count_files 2 lock
    grep -lx "PPid:[[:space:]]*$child" /proc/[0-9]*/status 2>/dev/null | cut -d / -f 3 >children
    kill -KILL "$child"
    wait "$child"
    # shellcheck disable=SC2086
    "$nnrun" sweep -q long.cfg $vary --jobs 2 -o orphans 2>said &
    child=$!
    tap_children="$child $(cat children)"
    tap_wait four_are_done
    count_files 4 log.jsonl
    held=$?
    while read -r one; do
        kill -CONT "$one"
    done <children
    wait "$child"
    status=$?
    tap_children=
    cat said >&2
    [ $held -eq 0 ] && return $status
}
count_files() {
    [ "$(find orphans -name "$2" | wc -l)" -eq "$1" ]
}
four_are_done() {
    [ "$(cat orphans/*/log.jsonl 2>/dev/null | grep -c '"interrupted":false')" -ge 4 ]
}
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    check "a run is not begun again while a child trains it whose parent was killed" orphans
    check "but continued then" same_sweep whole orphans
else
    skip "a run is not begun again while a child trains it whose parent was killed" "no fault injection in this build"
fi
# shellcheck disable=SC2086
check "jobs and threads are as asked for" sweep long.cfg $vary --jobs 3 --threads 2 -o jobs
says '; 3 at a time$' "it says so"
check "and change no bit" same_sweep whole jobs
check "each has these threads" grep -q '"threads": 2' "jobs/$(runs jobs | head -n 1)/run.json"

# ---- what is said ----------------------------------------------------------------------------------------------------

# By other means than nnrun's: the density of t, summed up.
cat >judge.py <<'EOF2'
import csv, json, math, statistics, sys

def two_sided(t, f):
    c = math.exp(math.lgamma((f + 1) / 2) - math.lgamma(f / 2)) / math.sqrt(f * math.pi)
    n = 20000
    h = abs(t) / n
    density = [c * (1 + (i * h) ** 2 / f) ** (-(f + 1) / 2) for i in range(n + 1)]
    return 1 - 2 * h / 3 * (density[0] + density[-1] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2]))

rows = list(csv.DictReader(open(sys.argv[1])))
said = [json.loads(line) for line in open(sys.argv[2])]
said = [event for event in said if event["event"] == "combination"]
keys = [key for key in rows[0] if "." in key and key != "train.seed"]
groups = {}
for row in rows:
    groups.setdefault(tuple(row[key] for key in keys), {})[row["train.seed"]] = float(row["validation_accuracy"])
assert len(groups) == len(said), (len(groups), len(said))
of = lambda event: groups[tuple(event["settings"][key] for key in keys)]
near = lambda a, b, text: abs(a - b) < 1e-6 or sys.exit(f"{text}: {a} and {b}")
p = {}
for i, event in enumerate(said):
    values = list(of(event).values())
    mean, deviation = statistics.mean(values), statistics.stdev(values)
    near(event["mean"], mean, "mean")
    near(event["deviation"], deviation, "deviation")
    t = (event["high"] - mean) / (deviation / math.sqrt(len(values)))
    near(two_sided(t, len(values) - 1), 0.05, "interval")
    near(event["high"] - mean, mean - event["low"], "interval")
    assert i == 0 or said[i - 1]["mean"] >= event["mean"]
    if i:
        differences = [of(said[0])[seed] - of(event)[seed] for seed in of(event)]
        spread = statistics.stdev(differences)
        if spread < 1e-12:
            p[i] = 2.0 ** (1 - len(differences)) if abs(differences[0]) > 1e-12 else 1
        else:
            p[i] = two_sided(statistics.mean(differences) / (spread / math.sqrt(len(differences))), len(differences) - 1)
least = 0
for place, i in enumerate(sorted(p, key=lambda i: p[i])):
    least = max(least, min(1, p[i] * (len(p) - place)))
    near(said[i]["p"], least, "p")
EOF2
check "the events of a sweep are JSON" sweep --json small.cfg train.batch=25,50 train.optimizer.rate=0.01..0.09/log3 --seeds 1-3 -o all
cp .out events.json
if command -v python3 >/dev/null 2>&1; then
    check "mean, deviation, interval and p are those of other means" python3 judge.py all/sweep.csv events.json
    check "a table is drawn on a terminal" python3 "$screen" run 60 typed "$nnrun" sweep long.cfg train.batch=25,50 --seeds 1-2 -o seen
    fits() {
        [ "$(python3 "$screen" widest typed)" -le 60 ]
    }
    check "which is not wider than that" fits
    check "with the runs under way" grep -q 'epoch *[0-9]*/60' typed
else
    skip "mean, deviation, interval and p are those of other means" "no python3"
    skip "a table is drawn on a terminal" "no python3"
fi
check "seeds of one combination make a mean, too" sweep small.cfg --seeds 1-3 -o seeds
says '^one combination: there is nothing to compare$' "with nothing to compare"
check "of one seed" sweep small.cfg train.batch=25,50 -o one
says '^no combination is surely best: one seed is too few' "nothing is called best"
check "where one learns and another cannot" sweep small.cfg output.report=true train.optimizer.rate=0.05,1e-9 --seeds 1-5 -o clear
says '^rate=0.05 is best: better than each other one by paired t-tests over 5 seeds' "the first is called best"
check "the page says so" grep -q 'rate=0.05 is best' clear/sweep.html
check "and leads to each run" test "$(grep -o 'href="[0-9a-f]*/report.html"' clear/sweep.html | sort -u | wc -l)" -eq 10
no_dead_links() {
    grep -o 'href="[0-9a-f/]*report.html"' clear/sweep.html | cut -d '"' -f 2 | while read -r page; do
        test -f "clear/$page" || { echo "$page"; exit 1; }
    done && ! grep -q 'href="[0-9a-f]*/' all/sweep.html
}
check "that has a page, and to no other" no_dead_links
owed=$(runs clear | head -n 1)
rm "clear/$owed/report.html"
check "killed before its page is written, a run gets one" sweep -q small.cfg output.report=true train.optimizer.rate=0.05,1e-9 --seeds 1-5 -o clear
check "without another epoch" once clear 2
check "as the others have" test -f "clear/$owed/report.html"
check "a name may be of any letters" sweep -q small.cfg 'name="ééééé",plain' train.epochs=1 -o letters
sweep small.cfg 'name="ééééé",plain' train.epochs=1 -o letters >letters.out
aligned() {
    grep '^name=' letters.out | sed 's/é/e/g' | awk '{ print index($0, "%") }' | sort | uniq -c | grep '^ *2 '
}
check "the columns of the table keep in line" aligned
if command -v python3 >/dev/null 2>&1; then
    python3 "$screen" run 10 typed "$nnrun" sweep killed.cfg 'name="ééééé","éééééé"' -o narrow || exit 99
    check "a letter is not cut in two on a narrow terminal" python3 -c 'open("typed", encoding="utf-8").read()'
else
    skip "a letter is not cut in two on a narrow terminal" "no python3"
fi
check "without -o the folder is runs/NAME-sweep" sweep -q small.cfg train.batch=25,50
check "which holds it" test -f runs/small-sweep/sweep.csv
tap_end
