#!/bin/sh
# exports.sh NM LIBRARY: the shared library shows the functions that abi.txt lists and nothing else, each with the major version.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" -D --defined-only "$2" | awk '$2 != "A" { print $3 }' >"$work/symbols"
sed 's/@.*//' "$work/symbols" | sort >"$work/shown"
sed -n 's/^function [^(]*\b\(sm_[a-z_0-9]*\)(.*/\1/p' "$(dirname "$0")/abi.txt" | sort >"$work/listed"
[ -s "$work/listed" ]
grep -v '@@STOCKMENTION_[0-9]*$' "$work/symbols" | sed 's/^/without a version: /' >"$work/wrong"
comm -23 "$work/shown" "$work/listed" | sed 's/^/shown, but not of the API: /' >>"$work/wrong"
comm -13 "$work/shown" "$work/listed" | sed 's/^/of the API, but not in the library: /' >>"$work/wrong"
cat "$work/wrong" >&2
[ ! -s "$work/wrong" ]
