#!/bin/sh
# usage.sh: help, options, arguments, and what is said where one thing stands for another.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config small.cfg
serves=''
! nnrun serve nowhere 2>&1 | grep -q libmicrohttpd || serves="built without libmicrohttpd"

# ---- help ------------------------------------------------------------------------------------------------------

record "--help" nnrun --help
record "--version" nnrun --version
for command in $("$nnrun" --help | sed -n 's/^  \([a-z]*\)  *[A-Z[].*/\1/p'); do
    record "$command --help" nnrun "$command" --help
    [ "$command" != serve ] || lacks "$serves"
    record "$command without an argument is sent to it" nnrun "$command" -q
    lacks ''
done
record "no argument is a usage error" nnrun
record "nothing but an option" nnrun -q
record "help of a command that is misspelt" nnrun help tarin
record "help of what is no command" nnrun help small.cfg
record "help of two commands" nnrun help train test
record "help takes no option" nnrun help train -q
record "a --help of a command that is none" nnrun trian --help

# ---- options ---------------------------------------------------------------------------------------------------

record "an option is refused before anything is read" nnrun test no.such -o run
record "--raw belongs to predict" nnrun test no.such --raw
record "--wrong to test" nnrun show small.cfg --wrong x
record "--samples to show" nnrun small.cfg --samples a.png
record "--port to serve" nnrun small.cfg --port 80
record "--memory to show" nnrun time small.cfg --memory
record "--new to layers" nnrun gradcheck --new relu
record "--any-arithmetic to resume" nnrun small.cfg --any-arithmetic
record "a list of --threads to time" nnrun small.cfg --threads 1,2
record "so is an override where there is nothing to override" nnrun layers conv x=1
record "a setting is no picture" nnrun predict no.such seven.png data.mean=0
record "so is a second argument" nnrun test a b
record "a second config is a usage error" nnrun small.cfg other.cfg
record "an unknown option is a usage error" nnrun --frob
record "a misspelt option gets a suggestion" nnrun small.cfg --thrads 2
record "a key given as an option is shown as a key" nnrun small.cfg --rate 2
record "with the value it has" nnrun small.cfg --rate=2
record "another one is sent to the list" nnrun small.cfg --frob
record "an unknown letter" nnrun small.cfg -x
record "letters together" nnrun small.cfg -qx
record "a missing value is named" nnrun small.cfg --threads
record "that of a letter" nnrun small.cfg -o
record "one too many is refused" nnrun small.cfg --json=yes
record "an empty folder name is none" nnrun small.cfg -o ''
record "nor is one of a page" nnrun report runs/small -o ''
record "or of a sheet" nnrun show small.cfg --samples ''
record "an option given twice: the last counts" sh -c 'nnrun show --keys small.cfg --seed 3 --seed 4 | grep seed'
record "a number that is too large" nnrun small.cfg --threads 99999999999999999999
lacks "$serves"
record "a port beyond all ports" nnrun serve no.such --port 65536
lacks ''
record "a list of threads is of numbers" nnrun time small.cfg --threads 1,x
record "and ends with one" nnrun time small.cfg --threads 1,
record "and not too long" nnrun time small.cfg --threads 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1
record "an unknown code level is a usage error" env NNRUN_ISA=sse9 nnrun show small.cfg
record "a plugin folder that is not there is refused" nnrun show small.cfg --plugin-path "here:no such"
record "so is a file" nnrun layers --plugin-path small.cfg
record "an override in front is shown behind" nnrun train.epochs=3 small.cfg
record "behind -- there are no options" nnrun show -q -- --small.cfg

# ---- misspelt --------------------------------------------------------------------------------------------------

record "a misspelt command gets a suggestion" nnrun trian small.cfg
record "without a file behind it, too" nnrun reusme
record "another word is said to be neither" nnrun frob
record "a config without its end is found" nnrun small
mkdir configs && cp small.cfg configs/other.cfg
record "one in configs is, too" nnrun show other.cfg
record "without its end" nnrun other
cp small.cfg tran
record "a file may be called as a command nearly is" nnrun show -q tran
record "but it is named with a path to be trained" nnrun tran train.epochs=x
record "a missing config of gradcheck" nnrun gradcheck missing.cfg
record "of time" nnrun time missing.cfg
record "with --json the error is an event" nnrun missing.cfg --json
record "wrong usage is one, too" nnrun small.cfg --json --frob
NNRUN_PLUGIN_PATH=./no nnrun layers conv 2>&1 | grep -q 'no plugin folder exists' ||
    lacks "there are plugins where this nnrun is to be installed"
record "without plugins it says how to name them" env NNRUN_PLUGIN_PATH=./no nnrun layers conv
record "for all" env NNRUN_PLUGIN_PATH=./no nnrun layers
record "once for a config" env NNRUN_PLUGIN_PATH=./no nnrun small.cfg
lacks ''

# ---- one thing for another -------------------------------------------------------------------------------------

digits 120 20
nnrun -q small.cfg data.validation=20 train.epochs=1 -o runs/small || exit 99
record "a folder with a run may be resumed" nnrun small.cfg -o runs/small
record "test of a run names its best checkpoint" nnrun test runs/small/
record "so does show" nnrun show runs/small
record "and predict, with what it is to read" nnrun predict runs/small seven.png 'a b.png'
lacks "$serves"
record "and serve" nnrun serve runs/small
lacks ''
record "and time" nnrun time runs/small
record "training a run is resuming it" nnrun runs/small
record "a run is looked for in runs" nnrun resume small
record "by report, too" nnrun report small
record "resume of a checkpoint names its run" nnrun resume runs/small/best.safetensors
record "report of a checkpoint names its run, too" nnrun report runs/small/best.safetensors
record "training a checkpoint is testing it, or resuming its run" nnrun runs/small/best.safetensors
record "test of a config is training it first" nnrun test small.cfg
record "predict, too" nnrun predict small.cfg seven.png
record "resume of a config, too" nnrun resume small.cfg
record "report of a config, too" nnrun report small.cfg
record "the layers of a config are shown" nnrun layers small.cfg
cp small.cfg small.txt
cp small.cfg ./small.so
cp small.cfg softmax
record "a config is known by any name" nnrun test small.txt
record "a plugin's, too" nnrun layers ./small.so
lacks "$other_bits"
record "and its gradient is checked" nnrun gradcheck ./small.so -q
lacks ''
record "a type is one beside a file of its name" sh -c 'nnrun layers softmax | head -n 1'
cp "$NNRUN_BUILD/plugins/.libs/relu.so" .
record "a plugin's file is named with a slash" nnrun gradcheck relu.so
record "and not trained" nnrun ./relu.so
mkdir empty
record "a folder without a run may get one" nnrun resume empty
record "it has nothing to report" nnrun report empty
record "a setting is no picture, with a checkpoint" nnrun predict runs/small/best.safetensors seven.png data.mean=0
record "without a picture the usage is said" nnrun predict runs/small/best.safetensors
record "several runs need a page of their own" nnrun report runs/small runs/small
cp -r runs/small "it's one"
record "a name is quoted for the shell" nnrun test "it's one"
record "wherever it stands" nnrun resume "it's one/best.safetensors"
record "in messages about folders, too" nnrun small.cfg -o "it's one"
record "and about runs that are finished, with what may be changed" nnrun resume "it's one"
rm runs/small/best.safetensors
record "without a best checkpoint the newest is named" nnrun test runs/small
record_end
