#!/bin/sh
# exports.sh NM LIBRARY: the shared library shows the public API and nothing else, each function with the major version.
set -eu
shown=$("$1" -D --defined-only "$2" | awk '$2 != "A" { sub("@.*", "", $3); print $3 }')
header=$(dirname "$0")/../../include/stockmention.h
status=0
if "$1" -D --defined-only "$2" | awk '$2 != "A"' | grep -v '@@STOCKMENTION_[0-9]*$'; then
    echo "shown, but without a version: the above" >&2
    status=1
fi
for symbol in $shown; do
    case $symbol in
    sm_*) ;;
    *) echo "shown, but not of the API: $symbol" >&2; status=1 ;;
    esac
done
for symbol in $(grep -oE '\bsm_[a-z_0-9]+\(' "$header" | tr -d '(' | sort -u); do
    grep -q "^SM_API.*\b$symbol(" "$header" || continue
    printf '%s\n' "$shown" | grep -qx "$symbol" || { echo "declared, but not in the library: $symbol" >&2; status=1; }
done
exit $status
