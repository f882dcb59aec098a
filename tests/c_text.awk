# c_text.awk: takes the text of C files apart. The program behind it says what becomes of the parts, by four functions:
# of a file's line on_code(c), a character outside of comments and literals, on_character(), a literal such as 'a', and
# on_string(text), a literal with its quotes; then on_line(), at the end of each.
FNR == 1 { comment = 0 }
{
    line = $0
    while (line != "") {
        if (comment) {
            at = index(line, "*/")
            if (!at) break
            line = substr(line, at + 2); comment = 0
        } else if (match(line, /^"([^"\\]|\\.)*"/)) {
            text = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 1)
            on_string(text)
        } else if (match(line, /^\047([^\047\\]|\\.)*\047/)) {
            line = substr(line, RLENGTH + 1)
            on_character()
        } else if (substr(line, 1, 2) == "/*") {
            comment = 1; line = substr(line, 3)
        } else {
            on_code(substr(line, 1, 1)); line = substr(line, 2)
        }
    }
    on_line()
}
