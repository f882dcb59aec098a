#!/bin/sh
# predict.sh: nnrun predict reads digits in pictures of any size, kind and place, and says what is none.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
best=run/best.safetensors
pictures=240

digits 6000 300
check 'a network learns the built-in digits' "$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits \
    data.validation=300 train.epochs=3 -q -o run

# ---- reading right -------------------------------------------------------------------------------------------

# right OPTION...: how many of the pictures it reads right; their names end in the label.
right() {
    "$nnrun" predict "$best" -q "$@" drawn/* >said || return 99
    [ "$(wc -l <said)" -eq "$pictures" ] || return 99
    sed -E 's|^drawn/[0-9]*-([0-9])\.[a-z]*: ([0-9]) .*|\1 \2|' said | awk '$1 == $2' | wc -l
}
mkdir drawn
"$NNRUN_BUILD/tests/draw_pictures" drawn "$pictures" || exit 99
most() {
    count=$(right) && echo "$count of $pictures" && [ $((100 * count)) -ge $((95 * pictures)) ]
}
check 'at least 95 % of pictures of 20 to 300 pixels, inverted or not, off-centre, are read right' most
few() {
    count=$(right --raw) && echo "$count of $pictures" && [ $((100 * count)) -lt $((50 * pictures)) ]
}
check '... which are not if they are only resized' few

image=digits/t10k-images-idx3-ubyte.gz
as_test() {
    "$nnrun" predict "$best" -q "$image" | sed 's/.*: \([0-9]\) (.*/\1/' >answers
    gzip -dc digits/t10k-labels-idx1-ubyte.gz | tail -c +9 | od -An -v -tu1 | tr -s ' ' '\n' | grep . >labels
    paste -d' ' answers labels | awk '$1 == $2' | wc -l >count
    "$nnrun" test "$best" -q | grep "($(cat count) of 300)"
}
check 'the samples of an IDX file are read as nnrun test reads them' as_test

# classes: of what is read, all classes with their probabilities
classes() {
    grep -o '"classes":.*'
}
# The sample of that number alone in a file has the answer that it has among the others.
alone() {
    {
        printf '\0\0\10\3\0\0\0\1' && gzip -dc "$image" | tail -c +9 | head -c 8
        gzip -dc "$image" | tail -c +$((17 + $1 * 784)) | head -c 784
    } >alone.idx
    "$nnrun" predict "$best" --json alone.idx | classes >alone && "$nnrun" predict "$best" --json "$image" |
        sed -n $(($1 + 1))p | classes >among && [ -s alone ] && cmp alone among
}
check '... to the last digit of each probability also if it is the only one' alone 0
check '... whichever it is' alone 77

# ---- what it prints ------------------------------------------------------------------------------------------

# Test sample 3 as a picture; its label is read right above all.
{ printf 'P5 28 28 255\n'; gzip -dc "$image" | tail -c +$((17 + 3 * 784)) | head -c 784; } >one.pgm
label=$(sed -n 4p labels)
escape=$(printf '\033')
# What the last command printed, for commands that look at it.
printed() {
    cp "$tap_out" printed
}

check 'a picture is drawn, with five bars beside it' "$nnrun" predict "$best" one.pgm
says "^one.pgm: $label \\([0-9.]+ %\\)\$" '... below its class and probability'
five_bars() {
    [ "$(grep -c '  [0-9]  #* *[0-9.]* %$' printed)" -eq 5 ] && [ "$(wc -l <printed)" -eq 15 ]
}
printed
check '... five of them' five_bars
expect 1 '... without colours, as it is no terminal' grep -q "$escape" printed

check '-q prints one line a picture' "$nnrun" predict "$best" -q one.pgm one.pgm
says "^one.pgm: $label \\([0-9.]+ %\\)\$" '... with name, class and probability'
two_lines() { [ "$(wc -l <printed)" -eq 2 ]; }
printed
check '... and nothing else' two_lines
check 'samples of an IDX file are numbered' "$nnrun" predict "$best" "$image" -q
says "^$image\\[299\\]: [0-9] " '... from 0'

from_stdin() { "$nnrun" predict "$best" -q - <one.pgm; }
check '- is standard input' from_stdin
says "^-: $label " '... and is called so'
from_pipe() { gzip -dc "$image" | "$nnrun" predict "$best" -q -; }
check '... which may be a pipe, of IDX, too' from_pipe
says '^-\[299\]: [0-9] ' '... to its end'
named_pipe() { mkfifo fifo && { cat one.pgm >fifo & "$nnrun" predict "$best" -q fifo; }; }
check 'a named pipe is read' named_pipe

cp one.pgm a=b.pgm
check 'a name with = in it is a picture' "$nnrun" predict "$best" -q a=b.pgm

# On a terminal: script FILE COMMAND
terminal() {
    script -qec "$*" typescript </dev/null >/dev/null 2>&1
}
if terminal true; then
    on_terminal() {
        TERM=xterm-256color LC_ALL=en_US.UTF-8 COLORTERM='' NO_COLOR='' terminal "$nnrun" predict "$best" one.pgm &&
            grep -q "$escape\\[38;5;[0-9]*m$escape\\[48;5;[0-9]*m▀" typescript && grep -q '█' typescript
    }
    check 'on a terminal of 256 colours it is drawn in greys' on_terminal
    true_colours() {
        TERM=xterm-256color LC_ALL=C.UTF-8 COLORTERM=truecolor NO_COLOR='' terminal "$nnrun" predict "$best" one.pgm &&
            grep -q "$escape\\[38;2;255;255;255m" typescript
    }
    check '... in all of them if it has more' true_colours
    # plain VARIABLE=VALUE...: no escape code with these variables
    plain() {
        env TERM=xterm LC_ALL=C.UTF-8 NO_COLOR='' "$@" script -qec "$nnrun predict $best one.pgm" typescript \
            </dev/null >/dev/null 2>&1 && grep -q '#####' typescript && ! grep -q "$escape\\[.*m" typescript
    }
    check '... but not with NO_COLOR' plain NO_COLOR=1
    check '... nor without UTF-8' plain LC_ALL=C
    check '... nor on a dumb one' plain TERM=dumb
else
    skip 'on a terminal of 256 colours it is drawn in greys' 'no script(1)'
fi

check '--json prints one object a picture' "$nnrun" predict "$best" --json one.pgm "$image"
says "^\\{\"event\":\"predict\",\"file\":\"one.pgm\",\"index\":null,\"class\":$label,\"probability\":[01]\\.[0-9]+,\"classes\":\\[(\\{[^}]*\\},?){5}\\],\"empty\":false\\}\$" \
    '... with its class and the five best'
says '"index":299,' '... numbered in an IDX file'
not_utf8=$(printf 'a\377.pgm')
cp one.pgm "$not_utf8"
check 'a name that is not UTF-8 is no obstacle' "$nnrun" predict "$best" --json "$not_utf8"
says '"file":"a\?.pgm"' '... to JSON'

# ---- other networks ------------------------------------------------------------------------------------------

# small KEY: a network with that end instead of softmax.
small() {
    small_config "$1.cfg"
    sed -i "s/{ type = \"softmax\"; }/{ type = \"$1\"; }/; s/epochs = 2/epochs = 1/; $2" "$1.cfg"
    "$nnrun" "$1.cfg" -q -o "$1" || exit 99
}
small logistic ''
check 'of a network of labels those above one half are said' "$nnrun" predict logistic/best.safetensors -q one.pgm
says '^one.pgm: (none|[0-9] \([0-9.]+ %\)(, [0-9] \([0-9.]+ %\))*)$' '... each with its probability'
small mse ''
check 'of a network that ends in mse the largest output is said' "$nnrun" predict mse/best.safetensors one.pgm
says '^one.pgm: [0-9] \([-0-9.e]+\)$' '... as it is'
check '... in JSON' "$nnrun" predict mse/best.safetensors --json one.pgm
says '"probability":null,.*"value":[-0-9.]+' '... its probability null'

# ---- what is none --------------------------------------------------------------------------------------------

head -c 20 one.pgm >short.pgm
printf 'P2 3 3 255 9 9 9 9 9 9 9 9 9' >empty.pgm
echo hello >text.png
refuse_line 4 '^nnrun: missing.png: there is no such file; expected a picture \(PNG, JPEG, PGM or PPM\), or an IDX file of images$' 'a missing file is said' \
    "$nnrun" predict "$best" missing.png
refuse_line 4 '^nnrun: text.png is not a picture; expected PNG, JPEG, PGM, PPM or IDX$' 'so is a file that is not a picture' \
    "$nnrun" predict "$best" text.png
refuse_line 4 '^nnrun: short.pgm .*it ends too early$' 'so is one that is cut off' "$nnrun" predict "$best" short.pgm
refuse_line 4 'Are these labels' 'so are labels' "$nnrun" predict "$best" digits/t10k-labels-idx1-ubyte.gz
refuse_line 4 '^nnrun: text.png' 'a bad one among others is said' "$nnrun" predict "$best" -q one.pgm text.png one.pgm
printed
check '... and the others are read' two_lines
expect 4 '... also with --json' "$nnrun" predict "$best" --json one.pgm text.png one.pgm
printed
json_error() { [ "$(cut -d, -f1 printed | tr -d '\n')" = '{"event":"predict"{"event":"error"{"event":"predict"' ]; }
check '... where it is an error event' json_error

cut_short() { gzip -dc "$image" | head -c 10000 | "$nnrun" predict "$best" -q -; }
refuse 4 '^nnrun: -: announces 300 samples' 'an IDX file that is cut off is said' cut_short

printf '\000\000\010\004\000\000\000\001\000\000\000\002\000\000\000\001\000\000\000\001ab' >two.idx
refuse_line 4 "^nnrun: two.idx has 2 channels; the network's input has 1\$" 'so are channels that do not fit' \
    "$nnrun" predict "$best" two.idx
refuse_line 0 '^nnrun: warning: empty.pgm: no ink found' 'a picture without ink is warned of' \
    "$nnrun" predict "$best" -q empty.pgm
says '^empty.pgm: [0-9]' '... and answered'

# 9 x 8 strokes, each apart from the others
awk 'BEGIN { print "P2 360 320 255"
    for (y = 0; y < 320; y++) { line = ""
        for (x = 0; x < 360; x++) line = line " " (x % 40 > 16 && x % 40 < 22 && y % 40 > 8 && y % 40 < 32 ? 0 : 255)
        print line } }' >crowd.pgm
for all in '' --all; do
    # shellcheck disable=SC2086 # it may be none
    refuse_line 0 '^nnrun: warning: crowd.pgm: more than 64 digits seen, answered as one; cut the picture into smaller ones$' \
        "more than 64 digits are warned of: ${all:-as one}" "$nnrun" predict "$best" -q $all crowd.pgm
    # shellcheck disable=SC2086
    check '... and told in JSON' "$nnrun" predict "$best" --json $all crowd.pgm
    says '"empty":false,"many":true}$' '... by a key'
done

refuse_line 2 "^nnrun: no picture or table after the checkpoint: nnrun predict $best FILE$" 'without a picture the usage is said' "$nnrun" predict "$best"
refuse_line 2 'only "nnrun predict" takes it' '--raw belongs to predict' "$nnrun" test "$best" --raw
refuse_line 4 'is a run folder; name a checkpoint in it' 'a run folder is no checkpoint' "$nnrun" predict run one.pgm
refuse_line 4 '^nnrun: one.pgm is a PNM picture' 'a picture is no checkpoint' "$nnrun" predict one.pgm one.pgm
rm -r digits
check 'the data it learned from are not needed' "$nnrun" predict "$best" -q one.pgm
tap_end
