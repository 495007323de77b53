#!/bin/sh
# exports.sh NM LIBRARY: the shared library shows the functions that abi.txt lists and nothing else.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" -D --defined-only "$2" | awk '{ sub("@.*", "", $3); print $3 }' | sort >"$work/shown"
sed -n 's/^function [^(]*\b\(sm_[a-z_0-9]*\)(.*/\1/p' "$(dirname "$0")/abi.txt" | sort >"$work/listed"
[ -s "$work/listed" ]
comm -23 "$work/shown" "$work/listed" | sed 's/^/shown, but not of the API: /' >&2
comm -13 "$work/shown" "$work/listed" | sed 's/^/of the API, but not in the library: /' >&2
cmp -s "$work/shown" "$work/listed"
