#!/bin/sh
# classes.sh: classes that have names, and what each command says of them.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
digits 300 100
names='"nought", "one", "two", "three", "four", "five", "six", "seven", "ate", "<n\"i\\ne>"'
printf '%s\n' "$names" | sed 's/\\\(.\)/\1/g; s/^"//; s/"$//' | sed 's/", "/\n/g' >classes.txt
sed -i 's/data: {/& classes = "classes.txt";/' good.cfg
lacks "$other_bits"

record "the file" cat classes.txt
record "a config with a file of names" nnrun show good.cfg
record "in JSON" nnrun show good.cfg --json
record "the key has them as a list" sh -c 'nnrun show good.cfg --keys | grep data.classes'
record "it trains" nnrun good.cfg -q -o run
rm classes.txt
best=run/best.safetensors
record "the test calls classes by name" nnrun test $best
record "in JSON they have numbers, and names beside these" nnrun test $best --json
record "so does predict" sh -c "nnrun predict $best digits/t10k-images-idx3-ubyte.gz >said; head -n 9 said"
record "predict in JSON" sh -c "nnrun predict --json $best digits/t10k-images-idx3-ubyte.gz >said; head -n 1 said"
record "show" sh -c "nnrun show $best | grep classes"
record "the page of the run" sh -c "grep -o 'is&nbsp;[^<]*<' run/report.html | sort -u; grep -o '<th>[^<]*</th><td>' run/report.html | tail -n 3"
record "resumed, it keeps them" nnrun resume run train.epochs=3 -q
record "which cannot change" nnrun resume run train.epochs=4 'data.classes=["a"]'

# ---- other names -----------------------------------------------------------------------------------------------

record "other names are refused" nnrun test $best 'data.classes=["a","b","c","d","e","f","g","h","i","j"]'
seq 0 9 >digits/classes.txt
record "so are data whose folder gives other names" nnrun test $best
record "also where the folder is given" nnrun test $best data.directory=digits
seq 0 8 >digits/classes.txt
record "or another number of them" nnrun test $best
rm digits/classes.txt
record "a file that is missing is named" nnrun show good.cfg
record "names that cannot be" nnrun show good.cfg 'data.classes=["a","b","a",""," c",1]'
record "too few" nnrun show good.cfg 'data.classes=["a"]'
record "a number is no name" nnrun show good.cfg data.classes=3
record_end
