#!/bin/sh
# chromium.sh: a browser has nothing to say against reports, and at a phone's width nothing sticks out.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

for browser in chromium chromium-browser google-chrome ''; do
    command -v "$browser" >/dev/null 2>&1 && break
done
if [ -z "$browser" ]; then
    skip "reports look right in a browser" "no Chromium"
    tap_end
    exit
fi
# headless PAGE: its document after a while, what it has to say on stderr
headless() {
    HOME=$work timeout 100 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
        --user-data-dir="$work/profile" --allow-file-access-from-files --enable-logging=stderr --virtual-time-budget=2000 \
        --dump-dom "file://$work/$1" </dev/null
}
digits 400 150
small_config good.cfg
"$nnrun" -q good.cfg -o run && "$nnrun" -q good.cfg train.optimizer.rate=0.02 -o a-run-with-quite-a-long-name &&
    "$nnrun" report -q run a-run-with-quite-a-long-name -o compare.html || exit 99
if ! headless run/report.html >dom 2>log && ! grep -q '<h1>' dom; then
    skip "reports look right in a browser" "Chromium does not start"
    tap_end
    exit
fi
silent() {
    headless "$1" >dom 2>log
    grep -q '<footer>' dom || return 1
    ! grep 'CONSOLE' log
}
check "a report gives no console message" silent run/report.html
check "nor does a comparison" silent compare.html

# What is wider than its frame, by a script of the test's own around the page, which has none.
frame() {
    cat >frame.html <<FRAME
<!DOCTYPE html><meta charset="utf-8"><iframe src="$1" width="$2" height="700" style="border:0"></iframe><p id="said">
<script>onload = () => {
    const page = frames[0].document, width = page.documentElement.clientWidth, out = [];
    for (const part of page.querySelectorAll("main *"))
        if (!part.closest(".scroll, pre, svg") && part.getBoundingClientRect().right > width + 1) out.push(part.outerHTML.slice(0, 80));
    document.getElementById("said").textContent = "scroll " + (page.documentElement.scrollWidth - width) + " out " + out.length +
        " style " + page.styleSheets[0].cssRules.length + out.join("; ");
}</script>
FRAME
    headless frame.html >dom 2>log
    grep -Eo 'scroll -?[0-9]+ out .*' dom
    grep -Eq 'scroll 0 out 0 style [0-9]{2}' dom
}
for width in 360 390 768 1280; do
    check "at $width pixels nothing of a report sticks out" frame run/report.html $width
    check "nor of a comparison" frame compare.html $width
done
tap_end
