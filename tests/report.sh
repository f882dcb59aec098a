#!/bin/sh
# report.sh: the page about a run: what is in it, that it is one whole file, and what becomes of it when something is
# missing.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

whole() {
    if command -v python3 >/dev/null 2>&1; then
        check "$1" python3 "$NNRUN_SOURCE/tests/page_check.py" "$2"
    else
        skip "$1" "no python3"
    fi
}
# has PAGE PATTERN PROMISE, has_not likewise
has() {
    check "$3" grep -Eq -- "$2" "$1"
}
has_not() {
    expect 1 "$3" grep -E -- "$2" "$1"
}
# occurrences PAGE TEXT: how often it is there
occurrences() {
    grep -o -- "$2" "$1" | wc -l
}

small_config good.cfg
digits 600 203
check "training ends with a report" "$nnrun" good.cfg train.epochs=5 -o run
says '^report: run/report\.html$' "and says so"
page=run/report.html
whole "it is one whole file that fetches nothing and runs nothing" $page
"$nnrun" test run/best.safetensors >text || exit 99
percent=$(sed -n '1s/.*: \([0-9.]*\) % right.*/\1/p' text)
wrong=$((203 - $(sed -n '1s/.*right (\([0-9]*\) of.*/\1/p' text)))
has $page "class=\"big\">$percent<small>%" "its headline is the accuracy of the test"
interval=$(sed -n '1s/.*interval \([0-9.]* to [0-9.]*\) %.*/\1/p' text)
has $page "interval <b>$interval&nbsp;%" "with its interval"
for part in 'How it learned' 'What it takes for what' 'The most confident mistakes' 'What its first layer looks for' \
    Layers 'Config and machine'; do
    case $part in
    *mistakes* | *first*) [ "$(occurrences $page 'src="data:image/png')" -gt 0 ] || continue ;; # built without libpng
    esac
    has $page "<h2>$part</h2>" "it has a part \"$part\""
done
for chart in Loss Accuracy 'Learning rate' 'Samples per second'; do
    has $page "aria-label=\"$chart by epoch\"" "and the curve \"$chart\""
done
check "each curve has an epoch's values to hover over" test "$(occurrences $page '<title>epoch 5: ')" -eq 4
has $page '<title>epoch 3: training [0-9.]+, validation [0-9.]+</title>' "training and validation"
check "all epochs stand in a table" test "$(occurrences $page '<th>[1-5]</th><td>[0-9.]*</td><td>[0-9.]* %</td><td>[0-9.]*</td>')" -eq 5
if [ "$(occurrences $page 'src="data:image/png')" -gt 0 ]; then
    [ "$wrong" -lt 50 ] || wrong=50
    check "the mistakes are pictures, 50 at most" test "$(occurrences $page '<b>said&nbsp;[0-9], is&nbsp;[0-9]</b>')" -eq "$wrong"
    check "the filters of the first layer, too" test "$(occurrences $page 'alt="filter [0-2]"')" -eq 3
    first=$(sed -n '/^surest/,$s/^ *\([0-9]*\) *\([0-9]\) *\([0-9]\) .*/said\&nbsp;\3, is\&nbsp;\2<.*no.\&nbsp;\1</p' text | head -n 1)
    has $page "$first" "the surest first"
fi
cells=$(sed -n '/^confusion/,/^$/p' text | sed '1,2d' | awk '{ for (i = 2; i <= NF; i++) n += $i != "." } END { print n }')
check "the matrix has a cell for all that happened" test "$(occurrences $page '<title>is [0-9], said [0-9]: ')" -eq "$cells"
has $page 'name = &quot;small&quot;;' "the config is there, whole"
has $page '<code>train.epochs=5</code>' "the overrides are"
has $page '<dt>Seed</dt><dd>1</dd>' "and the seed"
has $page '<th class="t">conv1</th><td class="t">conv</td><td class="t">input</td><td>3x12x12</td><td>78</td>' \
    "and the layers"

cp $page page
check "nnrun report writes it again" "$nnrun" report run
says '^run/report\.html$' "prints its path"
says "^run: $percent % right \([0-9]+ of 203\), 95 % interval $interval %, .* with the best weights \(epoch [0-9]+\)\$" \
    "and the result"
same "it is the page that training wrote" page $page
check "-o names another file" "$nnrun" report run/ --threads 5 -o other.html
same "any number of threads writes the same page" page other.html
cp run/best.safetensors best
refuse_line 2 'run/best\.safetensors is not a page of nnrun report, and is not replaced; give another name, or remove it$' \
    "-o does not replace a checkpoint" "$nnrun" report run -o run/best.safetensors
same "... which stays" best run/best.safetensors
check "--json" "$nnrun" report run --json -o other.html
says '^\{"event":"report","path":"other\.html","runs":\[\{"run":"run","name":"small","checkpoint":"best",.*"accuracy":0\.[0-9]+,' \
    "is one object"
if command -v flock >/dev/null 2>&1; then
    check "a run that is going on has a report, too" flock run/lock "$nnrun" report -q run
fi

check "resuming a finished run" "$nnrun" resume run
same "leaves the page alone" page $page
check "resuming it for more epochs" "$nnrun" -q resume run train.epochs=6
has $page '<th>6</th>' "writes it anew"
check "output.report = false" "$nnrun" -q good.cfg output.report=false -o quiet
check "writes none" test ! -e quiet/report.html
cp quiet/best.safetensors quiet.safetensors
check "is kept with the run" "$nnrun" -q resume quiet train.epochs=3
check "writes none then, either" test ! -e quiet/report.html
check "until it is taken back" "$nnrun" -q resume quiet train.epochs=4 output.report=true
check "then it is there" test -f quiet/report.html
mkdir -p full/report.html/here
tap_run "$nnrun" -q good.cfg -o full
if [ "$tap_status" -eq 0 ] && one_line && grep -q '^nnrun: warning: there is no report: full/report.html: ' "$tap_err"; then
    tap_result yes "a report that cannot be written does not fail the training"
else
    tap_result no "a report that cannot be written does not fail the training" "status $tap_status"
fi
same "whose bits are those of one without a report" full/best.safetensors quiet.safetensors

# what a name says is text
sed 's|^name = .*|name = "<title><script>alert(1)<script>\\"x\x27 \&amp; <b>";|' good.cfg >hostile.cfg
check "a hostile name trains" "$nnrun" -q hostile.cfg -o hostile
has hostile/report.html '<h1>&lt;title&gt;&lt;script&gt;alert\(1\)&lt;script&gt;&quot;x&#39; &amp;amp; &lt;b&gt;</h1>' \
    "it shows as it is"
has_not hostile/report.html '<script' "and does nothing"
whole "the page is whole" hostile/report.html

# other networks
sed 's/input = .*/input = 784;/; /conv\|relu\|pool/d' good.cfg >dense.cfg
check "a network without conv" "$nnrun" -q dense.cfg -o dense
whole "has a whole page" dense/report.html
if [ "$(occurrences $page 'src="data:image/png')" -gt 0 ]; then
    check "its weights are pictures, too" test "$(occurrences dense/report.html 'width="28" height="28" alt="filter ')" -eq 10
    has dense/report.html '<b>said&nbsp;[0-9], is&nbsp;[0-9]</b>' "and its mistakes"
fi
sed 's/softmax/mse/; s/rate = 0.05/rate = 0.005/' good.cfg >mse.cfg
check "a network with mse" "$nnrun" -q mse.cfg -o mse
whole "has a whole page" mse/report.html
has mse/report.html 'the output for the class said' "that calls no output a probability"
bits=$(gzip -dc digits/t10k-labels-idx1-ubyte.gz | tail -c +9 | od -An -v -tu1 -w1 |
    awk '{ printf "\\00%d\\00%d\\00%d\\00%d", $1 / 8, $1 / 4 % 2, $1 / 2 % 2, $1 % 2 }')
printf '%b' "\\000\\000\\010\\002\\000\\000\\000\\0313\\000\\000\\000\\004$bits" >several
sed 's/softmax/logistic/; s/units = 10/units = 4/; s/validation = 100/validation = 50/' good.cfg >several.cfg
images=digits/t10k-images-idx3-ubyte.gz
check "a network with several labels a sample" "$nnrun" -q several.cfg data.train.images=$images data.train.labels=several \
    data.test.images=$images data.test.labels=several -o several-run
whole "has a whole page" several-run/report.html
has several-run/report.html 'of <b>203</b> test samples right' "with its accuracy"
has_not several-run/report.html 'What it takes for what' "and no classes"
{ printf '\000\000\010\002\000\000\000\313\000\000\003\020'; gzip -dc $images | tail -c +17; } >vectors
check "samples that are vectors" "$nnrun" -q dense.cfg data.test.images=vectors data.test.labels=digits/t10k-labels-idx1-ubyte.gz \
    data.train.images=vectors data.train.labels=digits/t10k-labels-idx1-ubyte.gz -o vectors-run
whole "have a whole page" vectors-run/report.html
has_not vectors-run/report.html 'image/png' "without pictures"
has vectors-run/report.html 'What it takes for what' "but with classes"
check "a run without validation" "$nnrun" -q good.cfg data.validation=0 train.epochs=1 -o plain
whole "has a whole page" plain/report.html
has plain/report.html 'last weights: epoch 1<' "about its last weights"

# what is missing
mkdir begun
cp run/step-000000000.safetensors run/run.json begun/
check "a run that has just begun has a report" "$nnrun" report -q begun
whole "a whole one" begun/report.html
has begun/report.html 'This run is not finished' "that says so"
has_not begun/report.html 'How it learned' "without curves"
cp -r run torn
printf '{"event":"epo' >>torn/log.jsonl
check "a log whose last line is being written is read up to there" "$nnrun" report -q torn
cmp -s run/report.html torn/report.html
has torn/report.html '<th>6</th>' "with all epochs"
sed -i '3s/.*/{"event"/' torn/log.jsonl
refuse_line 4 'torn/log\.jsonl:3: is not a JSON object' "one that is damaged is refused" "$nnrun" report torn
rm torn/log.jsonl
check "without a log the checkpoint's history stands" "$nnrun" report -q torn
has torn/report.html '<th>6</th>' "with all epochs"
has_not torn/report.html 'aria-label="Samples per second' "but speeds"
head -c 3000 run/best.safetensors >torn/best.safetensors
refuse_line 4 'torn/best\.safetensors: ' "a torn checkpoint is refused" "$nnrun" report torn
refuse_line 4 'no: No such file' "what is not there is refused" "$nnrun" report no
mkdir empty
refuse_line 4 'empty: not a run' "an empty folder is refused" "$nnrun" report empty
refuse_line 4 'run/best\.safetensors is a checkpoint' "a file gets a hint" "$nnrun" report run/best.safetensors
refuse_line 1 'no/such/page\.html: ' "a page that cannot be written is said" "$nnrun" report run -o no/such/page.html
refuse_line 2 'expected RUN' "a run must be named" "$nnrun" report

# several runs
"$nnrun" -q good.cfg train.optimizer.rate=0.02 network.conv1.filters=5 -o slow || exit 99
refuse_line 2 '-o FILE' "a comparison needs a name" "$nnrun" report run slow
check "runs are compared" "$nnrun" report run slow dense begun -o compare.html
says '^compare\.html$' "the page's path is printed"
says '^begun: not tested$' "and a line for each run"
whole "it is whole" compare.html
has compare.html 'The best alone is right for <b>[0-9]+</b> samples, the next alone for <b>[0-9]+</b>; McNemar&rsquo;s test: p ' \
    "the best two are compared sample by sample"
has compare.html '<code>train.optimizer.rate</code></th><td class="w">0.05</td><td class="w">0.02</td>' \
    "it has the settings that differ"
has compare.html '<code>network.conv1.filters</code></th><td class="w">3</td><td class="w">5</td><td class="w none">' \
    "of layers by their names"
has_not compare.html '<code>train.batch</code>' "and none that do not"
check "curves have each run" test "$(occurrences compare.html '<title>epoch 2: run [0-9.]*, slow [0-9.]*, dense [0-9.]*<')" -ge 2
check "untested runs are there" test "$(occurrences compare.html 'not tested')" -eq 1
refuse_line 2 'takes no KEY=VALUE' "a comparison takes no settings" "$nnrun" report run slow train.epochs=3 -o x.html
refuse_line 4 'no: No such file' "each of its runs must be one" "$nnrun" report run no -o x.html
check "no page is left then" test ! -e x.html
"$NNRUN_BUILD/nnrun-make-digits" --train 600 --test 150 --seed 2 others
"$nnrun" -q good.cfg data.directory=others -o elsewhere || exit 99
check "runs that were tested on other data have a comparison" "$nnrun" report -q run slow elsewhere -o apart.html
whole "a whole one" apart.html
has apart.html '<h1>These runs were tested on different data' "that says so"
has_not apart.html 'is best</h1>|intervals (overlap|are apart)|<tr class="best"' "and draws no conclusion"
cp -r digits copies
"$nnrun" -q good.cfg data.directory=copies -o copied || exit 99
check "as many samples of other files" "$nnrun" report -q run copied -o copied.html
has copied.html '<h1>These runs were tested on different data' "are other data"
mkdir there
"$nnrun" -q good.cfg data.directory=there/../digits -o roundabout || exit 99
check "another name of the same files" "$nnrun" report -q run roundabout -o same.html
has same.html 'is best</h1>' "is not"
check "a run is the same as itself" "$nnrun" report -q run run -o twice.html
has twice.html 'All their settings are the same' "in all settings"

mv digits moved
check "without the data there is a report" "$nnrun" report -q run
whole "a whole one" $page
has $page 'could not be looked at.*digits/t10k-images' "that says what is missing"
has_not $page 'What it takes for what' "without what needs them"
has $page 'class="big">[0-9.]+<small>%' "with the result of the log"
check "an override says where they are" "$nnrun" report -q run data.directory=moved
has $page 'What it takes for what' "and all is there again"
tap_end
