#!/bin/sh
# man.sh COMMAND HEADER VERSION FOLDER: writes stockmention.1 from what the command's --help prints, and libstockmention.3 from
# what the header says: there is one source of each.
set -eu
command=$1 header=$2 version=$3 folder=$4
here=$(dirname "$0")

title() { printf '.\\" Made from %s\n.TH %s "" "stockmention %s"\n.SH NAME\n%s\n' "$1" "$2" "$version" "$3"; }
verbs() { "$command" ${1:+"$1"} --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }

{
    title "stockmention --help" "STOCKMENTION 1" "stockmention \\- finds stock mentions in text, and links them to quote pages"
    "$command" --help | awk -f "$here/man_help.awk" -v level=SH
    for verb in $(verbs | grep -vx help); do
        "$command" "$verb" --help | awk -f "$here/man_help.awk" -v level=SS -v verb="$verb"
        for of_verb in $(verbs "$verb"); do
            "$command" "$verb" "$of_verb" --help | awk -f "$here/man_help.awk" -v level=SS -v verb="$verb $of_verb"
        done
    done
    printf '.SH SEE ALSO\n.BR libstockmention (3)\n'
} >"$folder/stockmention.1"

{
    title stockmention.h "LIBSTOCKMENTION 3" "libstockmention \\- finds stock mentions in text, and links them to quote pages"
    printf '.SH SYNOPSIS\n.B #include <stockmention.h>\n.PP\n.B cc \\-lstockmention\n'
    awk -f "$here/man_header.awk" "$header"
    printf '.SH SEE ALSO\n.BR stockmention (1)\n'
} >"$folder/libstockmention.3"
