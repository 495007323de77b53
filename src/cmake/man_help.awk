# What --help prints → a section of a man page. level: SH for the command itself, SS for a verb.
function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text ~ /^[.']/ ? "\\&" text : text
}
function leave_example() {
    if (in_example) print ".EE"
    in_example = 0
}
NR == 1 {
    sub(/^Usage: /, "")
    if (level == "SS" && verb ~ /^extract$/) print ".SH VERBS"
    print level == "SH" ? ".SH SYNOPSIS" : ".SS \"" escaped(verb) "\""
    print ".B " escaped($0)
    if (level == "SH") print ".SH DESCRIPTION"
    next
}
/^(Options|Verbs):$/ { in_rows = 1; next }
/^Example:$/ { leave_example(); in_rows = 0; print ".PP\nExample:\n.PP\n.EX"; in_example = 1; next }
/^$/ { in_rows = 0; if (!in_example) print ".PP"; next }
in_rows && /^  / {
    row = substr($0, 3)
    at = match(row, /   */)
    print ".TP\n.B " escaped(substr(row, 1, at - 1)) "\n" escaped(substr(row, at + RLENGTH))
    next
}
{ print escaped($0) }
END { leave_example() }
