# The comments and declarations of a C header → the body of a man page. A declaration stands before what is said of it.
function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text ~ /^[.']/ ? "\\&" text : text
}
function add(line) { said = said line "\n" }
function end_example() {
    if (in_example) add(".EE")
    in_example = 0
}
function begin_comment() { said = ""; in_example = in_tag = was_empty = 0 }
# One line of a comment, without its margin.
function take(text) {
    if (in_tag && text ~ /^ /) {
        sub(/^ +/, "", text)
        add(escaped(text))
        return
    }
    in_tag = text ~ /^@/
    if (text ~ /^    /) {
        if (!in_example) add(".PP\n.EX")
        in_example = 1
        add(escaped(text))
    } else if (text ~ /^$/) {
        end_example()
        was_empty = 1
    } else if (text ~ /^@param/) {
        match(text, /^@param +[^ ]+ */)
        end_example()
        split(text, words, / +/)
        add(".TP\n.I " words[2] "\n" escaped(substr(text, RLENGTH + 1)))
    } else if (text ~ /^@return/) {
        end_example()
        add(".TP\n.B returns\n" escaped(substr(text, 9)))
    } else if (text ~ /^- /) {
        end_example()
        add(".IP \\(bu 2\n" escaped(substr(text, 3)))
    } else {
        if (was_empty || in_example) add(".PP")
        end_example()
        sub(/^ +/, "", text)
        text = escaped(text)
        gsub(/@param/, "Parameter", text) # within a sentence
        gsub(/@return/, "Returns", text)
        add(text)
    }
    was_empty = text ~ /^$/
}
function show() { # the declaration at hand, then what was said of it
    end_example()
    if (declared) printf ".PP\n.EX\n%s.EE\n", declared
    if (said) printf ".PP\n%s", said
    declared = said = ""
}

/^\/\*\* stockmention:/ { print ".SH DESCRIPTION"; is_head = 1 }
/^\/\* --- / {
    show()
    title = $0
    gsub(/^\/\* -+ | -+ \*\/$/, "", title)
    print ".SH \"" toupper(title) "\""
    is_begun = 1
    next
}
/^#|^extern "C"|^}$/ { next }
/^\/\*\*/ && !in_comment { show(); begin_comment(); in_comment = 1; sub(/^\/\*\* ?/, "") }
in_comment {
    is_last = sub(/ *\*\/$/, "")
    sub(/^ \*( |  )?/, "")
    take($0)
    if (is_last) in_comment = 0
    if (is_last && is_head) { show(); is_head = 0 }
    next
}
/^$/ { if (declared) show(); next }
is_begun { declared = declared escaped($0) "\n" }
END { show() }
