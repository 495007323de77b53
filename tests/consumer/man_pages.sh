#!/bin/sh
# man_pages.sh COMMAND MANDIR: the installed manual pages have every option of every verb and every public function, in the
# words of --help and of the header; where groff is, it reads them without a warning.
set -eu
command=$1 pages=$2
header=$(dirname "$0")/../../include/stockmention.h
status=0
plain() { sed 's/\\-/-/g; s/\\e/\\/g; s/^\\&//; s/^\.[A-Z]* //' "$1"; }
has() { # PAGE LINE
    printf '%s\n' "$1" | grep -qxF -- "$2" || { echo "not in the page: $2" >&2; status=1; }
}

command_page=$(plain "$pages/man1/stockmention.1")
for verb in extract check annotate explain link lookup text version "dict build" "dict check" "dict info" "dict dump" "dict diff"; do
    has "$command_page" "\"$verb\""
    # shellcheck disable=SC2086 # a verb of dict is two words
    rows=$("$command" $verb --help | sed -n '/^Options:/,/^$/{ s/^  -/-/; t row; d; : row; s/   */|/p; }')
    while IFS='|' read -r option meaning; do
        [ -z "$option" ] || has "$command_page" "$option"
        [ -z "$option" ] || has "$command_page" "$meaning"
    done <<EOF
$rows
EOF
done

api_page=$(plain "$pages/man3/libstockmention.3")
for symbol in $(sed -n 's/^SM_API.*\b\(sm_[a-z_0-9]*\)(.*/\1/p' "$header"); do
    printf '%s\n' "$api_page" | grep -q "^SM_API.*\b$symbol(" || { echo "not in the page: $symbol()" >&2; status=1; }
done
for word in SM_ERR_PATTERN sm_mention; do
    printf '%s\n' "$api_page" | grep -q "$word" || { echo "not in the page: $word" >&2; status=1; }
done

if command -v groff >/dev/null; then
    for page in man1/stockmention.1 man3/libstockmention.3; do
        said=$(groff -K utf8 -man -Tutf8 -ww -z "$pages/$page" 2>&1) || status=1
        [ -z "$said" ] || { echo "$said" >&2; status=1; }
    done
else
    echo "groff is not here: the pages were not read as man would"
fi
exit $status
