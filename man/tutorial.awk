# tutorial.awk: nnrun-tutorial(7) of data/tutorial.md, for `make man-tutorial`; tests/tutorial.sh holds both equal.
#
# It knows of Markdown what that file uses: ## and ### headings, paragraphs, numbered lists whose items go on behind three
# blanks, fenced blocks, pictures as paragraphs of their own, `code`, *words* and comments, all of it ASCII.

function fail(what) {
    print FILENAME ":" FNR ": " what >"/dev/stderr"
    failed = 1
    exit 1
}

# Text of a program, which must come out of the manual as it goes in when it is copied.
function literal(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    gsub(/`/, "\\(ga", text)
    gsub(/\^/, "\\(ha", text)
    gsub(/~/, "\\(ti", text)
    return text
}

# Text with its `code` and *words* marked.
function marked(text, out, at, part) {
    out = ""
    while (match(text, /`[^`]*`|\*[^* ][^*]*\*/)) {
        at = RSTART
        part = substr(text, at, RLENGTH)
        out = out plain(substr(text, 1, at - 1))
        text = substr(text, at + length(part))
        if (part ~ /^`/)
            out = out "\\fB" literal(substr(part, 2, length(part) - 2)) "\\fP"
        else
            out = out "\\fI" plain(substr(part, 2, length(part) - 2)) "\\fP"
    }
    return out plain(text)
}
function plain(text) {
    gsub(/\\/, "\\e", text)
    return text
}

# A line of text, none of which may look like a macro.
function put(line) {
    if (line ~ /^[.']/)
        line = "\\&" line
    print line
}

# The paragraph so far, a line for each sentence, in lines of at most 79 bytes.
function flush(count, words, i, line) {
    if (paragraph == "")
        return
    if (gap)
        print ".Pp"
    count = split(marked(paragraph), words, " ")
    line = ""
    for (i = 1; i <= count; i++) {
        if (line != "" && length(line) + 1 + length(words[i]) > 79) {
            put(line)
            line = ""
        }
        line = line (line == "" ? "" : " ") words[i]
        if (words[i] ~ /[.!?:][)"]?$/ || i == count) {
            put(line)
            line = ""
        }
    }
    paragraph = ""
    gap = 1
}
function end_list() {
    flush()
    if (list)
        print ".El"
    list = 0
}

BEGIN {
    print ".\\\" nnrun-tutorial.7: made from data/tutorial.md by \"make man-tutorial\". Change that, not this."
}
/[^ -~]/ { fail("not ASCII") }

# Comments: the first one has the date.
comment || /^<!--/ {
    if (match($0, /Date: [A-Z][a-z]+ [0-9]+, [0-9]+/)) {
        print ".Dd " substr($0, RSTART + 6, RLENGTH - 6)
        print ".Dt NNRUN-TUTORIAL 7\n.Os\n.Sh NAME\n.Nm nnrun-tutorial\n.Nd from a pixel to LeNet, step by step\n.Sh DESCRIPTION"
    }
    comment = $0 !~ /-->$/
    next
}
/^```/ {
    inside = !inside
    if (inside) {
        end_list()
        print ".Bd -literal"
    } else
        print ".Ed"
    gap = 1
    next
}
inside {
    put(literal($0))
    next
}
/^$/ {
    flush()
    next
}
/^# / { next }
/^##+ / {
    end_list()
    print (/^### / ? ".Ss " : ".Sh ") marked(substr($0, index($0, " ") + 1))
    gap = 0
    next
}
/^!\[.*\]\(.*\)$/ {
    end_list()
    picture = $0
    sub(/^!\[.*\]\(/, "", picture)
    sub(/\)$/, "", picture)
    sub(/^!\[/, "")
    sub(/\]\(.*/, "")
    paragraph = "Picture " picture ": " $0
    flush()
    next
}
/^[0-9]+\. / {
    flush()
    if (!list)
        print ".Bl -enum"
    list = 1
    print ".It"
    gap = 0
    sub(/^[0-9]+\. /, "")
    paragraph = $0
    next
}
list && !/^   / && paragraph == "" { end_list() }
{
    sub(/^ +/, "")
    paragraph = paragraph (paragraph == "" ? "" : " ") $0
}

END {
    if (failed)
        exit 1
    end_list()
    if (inside)
        fail("a block is open")
    print ".Sh SEE ALSO\n.Xr nnrun 1 ,\n.Xr nnrun 3 ,\n.Xr nnrun-layer 3 ,\n.Xr nnrun.cfg 5"
}
