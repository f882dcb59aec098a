#!/bin/sh
# usage.sh: --help fits a screen, a command takes the options that its help has and no other, and an error says what
# to type instead.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

"$nnrun" --help | sed -n 's/^  \([a-z]*\)  *[A-Z[].*/\1/p' >commands
"$nnrun" --help | grep -o -e '--[a-z][a-z-]*' | grep -v -e '--help' -e '--version' | sort -u >options

# ---- help ------------------------------------------------------------------------------------------------------

# screen LINES COMMAND...: what it prints has at most so many lines, of at most 80 columns.
screen() {
    most=$1
    shift
    "$@" >shown && awk -v most="$most" 'length > 80 { print; bad = 1 } END { exit bad || NR > most }' shown
}
check "--help fits a screen of 24 lines and 80 columns" screen 24 "$nnrun" --help
while read -r command; do
    check "$command --help does" screen 24 "$nnrun" "$command" --help
    cp shown "help.$command"
    check "it begins with how to call it" grep -q "^usage: nnrun $command " shown
    check "-h is the same, wherever it stands and whatever else does" sh -c "'$nnrun' -h $command a b --json | cmp - help.$command"
done <commands
check "all commands were tried" test "$(wc -l <commands)" -ge 7

# ---- tables ------------------------------------------------------------------------------------------------------

# Without the lists of inputs, which may be long.
table() {
    "$nnrun" show "$1" | sed -n '3,/^$/s/  <- .*//p; 3,/^$/p' >rows && grep -q ' in place$' rows &&
        awk 'length > 80 && !/ <- / { print; bad = 1 } END { exit bad }' rows
}
for config in lenet mlp caffe-lenet linear lenet-1998 resnet-mini fashion cnn; do
    check "the table of $config.cfg has at most 80 columns" table "$NNRUN_SOURCE/configs/$config.cfg"
done

# ---- options of commands -----------------------------------------------------------------------------------------

# takes COMMAND: each option of its help is taken; each other one is refused, naming the commands that take it.
takes() {
    while read -r option; do
        value=$(sed -n "s/^.*$option \([A-Z][A-Z,.]*\)  .*/\1/p" help.* | head -n 1)
        case $value in N*) value=1 ;; esac
        # shellcheck disable=SC2086 # no value: no word
        "$nnrun" "$1" ./no.such $option $value >out 2>err
        status=$?
        taken=no
        ! grep -q -e "$option " "help.$1" || taken=yes
        refused=no
        ! grep -Eq '^nnrun: -[a-z-]+: only .* takes? it$' err || refused=yes
        case $taken.$refused.$status in
        yes.no.*) ;;
        no.yes.2) others "$1" "$option" || return 1 ;;
        *) echo "$option: listed: $taken, refused: $refused, status $status" && cat err && return 1 ;;
        esac
    done <options
}
# others COMMAND OPTION: err names those commands whose help has the option.
others() {
    sed 's/^nnrun: [^ ]* only //; s/ takes* it$//; s/"nnrun \([a-z]*\)"/\1/; s/,//g; s/ and / /' err | tr ' ' '\n' |
        sort >named
    grep -l -e "$2 " help.* | sed 's/^help\.//' | sort >wanted
    diff named wanted
}
while read -r command; do
    check "$command takes the options of its help, and names the commands that take others" takes "$command"
done <commands
refuse_line 2 '^nnrun: -o: only train and report take it' "an option is refused before anything is read" "$nnrun" test no.such -o run
refuse_line 2 '"x=1": "nnrun layers" takes no KEY=VALUE' "so is an override where there is nothing to override" "$nnrun" layers conv x=1
refuse_line 2 'unexpected argument "b"' "so is a second argument" "$nnrun" test a b

# ---- misspelt ------------------------------------------------------------------------------------------------------

small_config small.cfg
refuse_line 2 'no command "trian", did you mean "train"' "a misspelt command gets a suggestion" "$nnrun" trian small.cfg
refuse_line 2 'no command "reusme", did you mean "resume"' "without a file behind it, too" "$nnrun" reusme
refuse_line 3 'frob: neither a command nor a config; "nnrun --help"' "another word is said to be neither" "$nnrun" frob
refuse_line 3 'no command "small", did you mean small\.cfg' "a config without its end is found" "$nnrun" small
mkdir configs && cp small.cfg configs/other.cfg
refuse_line 3 'other\.cfg: there is no such file, did you mean configs/other\.cfg' "one in configs is, too" "$nnrun" show other.cfg
refuse_line 2 'option --thrads, did you mean "--threads"' "a misspelt option gets a suggestion" "$nnrun" small.cfg --thrads 2
refuse_line 2 'option --rate; .*: train\.optimizer\.rate=VALUE' "a key given as an option is shown as a key" "$nnrun" small.cfg --rate 2
refuse_line 2 'option --frob; "nnrun --help"' "another one is sent to the list" "$nnrun" small.cfg --frob
refuse_line 2 'option --threads wants a value: N' "a missing value is named" "$nnrun" small.cfg --threads
refuse_line 2 'option --json takes no value' "one too many is refused" "$nnrun" small.cfg --json=yes
refuse_line 2 'nnrun small\.cfg train\.epochs=3$' "an override in front is shown behind" "$nnrun" train.epochs=3 small.cfg
refuse_line 3 'no layer type "xyzzy".*; "nnrun layers" lists them' "an unknown type is sent to the list" "$nnrun" layers xyzzy
if NNRUN_PLUGIN_PATH=./no "$nnrun" layers >/dev/null 2>&1; then
    skip "without plugins it says how to name them" "there are plugins where this nnrun is to be installed"
else
    refuse_line 3 'no plugin folder exists .*--plugin-path' "without plugins it says how to name them" env NNRUN_PLUGIN_PATH=./no "$nnrun" layers conv
    refuse_line 3 'small\.cfg:.*no layer plugins found: .*--plugin-path' "once for a config" env NNRUN_PLUGIN_PATH=./no "$nnrun" small.cfg
fi
for command in test report resume show; do
    refuse_line 2 "\"nnrun $command --help\" shows how" "a missing argument is sent to the help of $command" "$nnrun" $command
done
refuse_line 2 'option --output wants a value: DIR' "an empty folder name is none" "$nnrun" small.cfg -o ''
refuse_line 2 'option --output wants a value: FILE' "nor is one of a page" "$nnrun" report runs/small -o ''
refuse_line 2 'option --samples wants a value: FILE' "or of a sheet" "$nnrun" show small.cfg --samples ''
check "a file may be called as a command nearly is" sh -c "cp small.cfg tran && '$nnrun' show -q tran"

# ---- one thing for another -----------------------------------------------------------------------------------------

refuse_line 4 'digits/train-images.*nnrun-fetch-mnist .*nnrun-make-digits .*data\.directory=' "missing data may be fetched, drawn, or elsewhere" "$nnrun" small.cfg
digits 120 20
refuse_line 4 'gone/t10k-images.*data\.directory=' "missing test data, too" "$nnrun" small.cfg data.validation=20 \
    'data.train={ images = "digits/train-images-idx3-ubyte.gz"; labels = "digits/train-labels-idx1-ubyte.gz"; }' data.directory=gone
"$nnrun" -q small.cfg data.validation=20 train.epochs=1 -o runs/small || exit 99
refuse_line 2 'runs/small: already holds a run; .*: nnrun resume runs/small;' "a folder with a run may be resumed" "$nnrun" small.cfg -o runs/small
refuse_line 4 'is a run folder; .*: nnrun test runs/small/best\.safetensors' "test of a run names its best checkpoint" "$nnrun" test runs/small/
refuse_line 3 'is a run folder; .*: nnrun show runs/small/best\.safetensors' "so does show" "$nnrun" show runs/small
refuse_line 3 'is a run folder; .*: nnrun resume runs/small$' "training a run is resuming it" "$nnrun" runs/small
refuse_line 4 'small: there is no such folder, did you mean runs/small' "a run is looked for in runs" "$nnrun" resume small
refuse_line 4 'is a checkpoint; .*: nnrun resume runs/small$' "resume of a checkpoint names its run" "$nnrun" resume runs/small/best.safetensors
refuse_line 3 'is a checkpoint; .*: nnrun test runs/small/best\.safetensors; .*: nnrun resume runs/small$' \
    "training a checkpoint is testing it, or resuming its run" "$nnrun" runs/small/best.safetensors
refuse_line 4 'small\.cfg: is a config; .*: nnrun small\.cfg' "test of a config is training it first" "$nnrun" test small.cfg
refuse_line 4 'small\.cfg: is a config; .*: nnrun small\.cfg' "resume of a config, too" "$nnrun" resume small.cfg
refuse_line 3 'small\.cfg: is a config; .*: nnrun show small\.cfg' "the layers of a config are shown" "$nnrun" layers small.cfg
cp "$NNRUN_BUILD/plugins/.libs/relu.so" .
refuse_line 3 'is a layer plugin; .*: nnrun layers \./relu\.so' "a plugin's file is named with a slash" "$nnrun" gradcheck relu.so
refuse_line 3 'is a layer plugin; .*: nnrun layers \./relu\.so' "and not trained" "$nnrun" ./relu.so
mkdir empty
refuse_line 4 'empty: .*nnrun CONFIG -o empty' "a folder without a run may get one" "$nnrun" resume empty
refuse_line 4 'is a checkpoint; .*: nnrun report runs/small$' "report of a checkpoint names its run, too" "$nnrun" report runs/small/best.safetensors
refuse_line 4 'is a run folder; .*: nnrun predict runs/small/best\.safetensors seven\.png '"'a b\.png'"'$' \
    "what predict is to read stays in the command" "$nnrun" predict runs/small seven.png 'a b.png'
refuse_line 2 '^nnrun: data\.mean=0: no such file, and "nnrun predict" takes no KEY=VALUE$' "a setting is no picture" \
    "$nnrun" predict runs/small/best.safetensors seven.png data.mean=0
cp -r runs/small "it's one"
quoted="'it'.''s one"
refuse_line 4 ": nnrun test $quoted/best\.safetensors'\$" "a name is quoted for the shell" "$nnrun" test "it's one"
refuse_line 4 ": nnrun resume $quoted'\$" "wherever it stands" "$nnrun" resume "it's one/best.safetensors"
refuse_line 2 ": nnrun resume $quoted';" "in messages about folders, too" "$nnrun" small.cfg -o "it's one"
check "and about runs that are finished" "$nnrun" resume "it's one"
says ": nnrun resume $quoted' train\.epochs=N" "with what may be changed"
rm runs/small/best.safetensors
refuse_line 4 'nnrun test runs/small/step-000000002\.safetensors' "without a best checkpoint the newest is named" "$nnrun" test runs/small
tap_end
