#!/bin/sh
# pack.sh: what nnrun pack says of a folder of pictures, and of what is wrong with it.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"

# grey FILE HEIGHT WIDTH VALUE: a picture with a value, and others beside it
grey() {
    mkdir -p "$(dirname "$1")"
    { echo "P2 $3 $2 255"; awk -v n="$(($2 * $3))" -v v="$4" 'BEGIN { for (i = 0; i < n; i++) print (v + i) % 256 }'; } >"$1"
}
# some FOLDER COUNT FROM: pictures of 4 x 6
some() {
    i=0
    while [ "$i" -lt "$2" ]; do
        grey "$1/$i.pgm" 4 6 $(($3 + i))
        i=$((i + 1))
    done
}
some pets/cats 30 0
some pets/dogs 40 100

record "parts, classes and the next commands are told" nnrun pack pets -o data --config pets.cfg
record "the config is commented" cat pets.cfg
record "what was packed is in pack.json" cat data/pack.json
record "so it is as an event" nnrun pack pets -o json --json --seed 7 --test 0.5
record "without a config, how to get one is told" nnrun pack pets -o plain --test 0
record "-q prints nothing" nnrun pack pets -o quiet -q

# ---- what is noticed ---------------------------------------------------------------------------------------------

some few/1/deep 3 0 && some few/2 25 50 && some few/10 1 90 && mkdir few/empty && grey few/2/again.pgm 4 6 0
printf 'P5 6 4 255\n%24s' '' >few/2/plain.pgm
touch few/README && mkfifo few/2/pipe && cp few/2/7.pgm few/2/7-again.pgm
record "all that is noticed names what mends it" nnrun pack few -o few1
record "which leaves equal and constant ones out" nnrun pack few -o few2 --unique --skip-constant
record "numbers can be kept" nnrun pack few -o few3 --first-label 0 --test 0.3
record "and be too low" nnrun pack few -o few4 --first-label 2
record "or no numbers" nnrun pack pets -o few4 --first-label 0
some ten/a2 20 0 && some ten/a10 20 40
record "classes are in the order of code points" sh -c 'nnrun pack ten -q -o ten1 && cat ten1/classes.txt'
record "or of the numbers in them" sh -c 'nnrun pack ten -q -o ten2 --natural && cat ten2/classes.txt'
some one/only 25 0
record "one class teaches nothing" nnrun pack one -o one1 -q
record "so it has no config" nnrun pack one -o one2 -q --config one.cfg
some "long/$(printf '%65s' '' | tr ' ' x)" 2 0 && some long/short 2 9
record "a name has a limit" nnrun pack long -o long1
mkdir blank && cp -r one/only 'blank/only ' && cp -r one/only blank/other
record "and no blanks around it" nnrun pack blank -o blank1
for i in 1 2 3; do
    mkdir -p same/a same/b && printf 'P6 1 1 255\n%s%s%s' "$i" "$i" "$i" >same/a/$i.ppm && cp same/a/$i.ppm same/b/$i.ppm
done
record "colours that are grey, and pictures in two classes, are told" nnrun pack same -o same1 -q

# ---- parts -------------------------------------------------------------------------------------------------------

some split/train/cats 20 0 && some split/train/dogs 20 50 && some split/val/cats 3 20 && some split/val/dogs 3 70
record "train and val are taken as they are" nnrun pack split -o split1 --config split.cfg
record "their config names the validation files" grep -A 4 validation: split.cfg
record "a test can be drawn from train" nnrun pack split -o split2 --test 0.25
some split/test/cats 3 17 && some split/test/dogs 3 90 && some split/other/x 1 0
record "a test of its own is taken, and what is equal told" nnrun pack split -o split3
record "none can be drawn beside it" nnrun pack split -o split4 --test 0.2
some split/test/bird 1 0
record "other classes for the test are refused" nnrun pack split -o split4
record "several folders are the classes" nnrun pack pets/cats/ split/train/dogs -o several

# ---- sizes and colours -------------------------------------------------------------------------------------------

cp -r pets mixed && grey mixed/dogs/large.pgm 5 7 0 && { printf 'P6 6 4 255\n'; head -c 72 /dev/zero | tr '\0' a; } >mixed/dogs/red.ppm
record "sizes and colours that differ are told, with what mends them" nnrun pack mixed -o mixed1
record "sizes alone" nnrun pack mixed -o mixed1 --rgb
record "colours alone" nnrun pack mixed -o mixed1 --size 4x6
record "both are mended" nnrun pack mixed -o mixed1 --size 4x6 --grey
record "--fit and --crop do not change sizes" nnrun pack pets -o mixed2 --fit
for size in 28 28x 0x5 28x28x3 4097x1 axb; do
    record "--size $size is none" nnrun pack pets -o mixed2 --size "$size"
done
for test in 1 1.5 -0.1 0,2 x; do
    record "--test $test is none" nnrun pack pets -o mixed2 "--test=$test"
done
record "grey is not rgb" nnrun pack pets -o mixed2 --grey --rgb
record "fitting is not cropping" nnrun pack pets -o mixed2 --size 9x9 --fit --crop
record "a seed is a number" nnrun pack pets -o mixed2 --seed x

# ---- broken ------------------------------------------------------------------------------------------------------

cp -r pets broken && echo text >broken/cats/notes.txt && head -c 40 pets/dogs/1.pgm >broken/dogs/1.pgm &&
    ln -s nowhere broken/dogs/link && : >broken/dogs/empty.png
record "a file that cannot be read is named" nnrun pack broken -o broken1
record "or passed over" nnrun pack broken -o broken1 --skip-broken -q
mkdir bad bad/a && echo text >bad/a/b
record "if there is any other" nnrun pack bad -o broken2 --skip-broken
mkdir "$(printf 'pets/a\nb')" && cp pets/cats/1.pgm "$(printf 'pets/a\nb')"
record "a class is one line" nnrun pack pets -o broken2
rm -r "$(printf 'pets/a\nb')"

# ---- no folder of classes ----------------------------------------------------------------------------------------

mkdir nothing && some flat 3 0 && some wrapped/all/cats 3 0 && some wrapped/all/dogs 3 9
mkdir hollow hollow/a hollow/b
record "an empty folder" nnrun pack nothing -o no
record "one without folders" nnrun pack flat -o no
record "one with empty ones" nnrun pack hollow -o no
for name in cat é 猫と犬 हि; do some "names/$name" 20 $(($(printf %s "$name" | wc -c) * 20)); done
record "names are padded by the columns that they take on the screen" nnrun pack names -o names1
record "one that wraps another" nnrun pack wrapped -o no
record "one that is not there" nnrun pack nowhere -o no
record "a config" nnrun pack pets.cfg -o no
record "no source" nnrun pack -o no
record "no folder to write" nnrun pack pets
record "an older pack" nnrun pack pets -o data
record "files of no pack" sh -c 'rm data/pack.json; nnrun pack pets -o data --force'
record "a config that is there" nnrun pack pets -o no --config pets.cfg
record "a folder for a config that is not there" nnrun pack pets -o no --config nowhere/pets.cfg
record "nothing was written" sh -c 'ls -d no'
record_end
