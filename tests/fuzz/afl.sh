#!/bin/sh
# afl.sh SECONDS TARGET...: builds the targets for AFL++ (Debian: afl++), lets it try each for so long, and prints what came of it.
# What it finds lies in build/afl/found/TARGET/default/crashes and hangs.
set -eu
cd "$(dirname "$0")/../.."
[ $# -ge 2 ] || { echo "usage: sh tests/fuzz/afl.sh SECONDS TARGET..." >&2; exit 2; }
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is not installed (Debian: afl++)" >&2; exit 2; }
seconds=$1
shift
# No screen, and neither the machine's settings nor a core of its own are asked for.
export AFL_NO_UI=1 AFL_QUIET=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
cmake --preset afl >/dev/null
found=0
for target in "$@"; do
    cmake --build build/afl --target "${target}_fuzz" >/dev/null
    out=build/afl/found/$target
    seeds=tests/fuzz/corpus/$target
    mkdir -p "$out"
    [ -d "$seeds" ] || { seeds=build/afl/seed; mkdir -p "$seeds"; echo 0 >"$seeds/zero"; }
    afl-fuzz -V "$seconds" -t 10000+ -x tests/fuzz/markup.dict -i "$seeds" -o "$out" -- "build/afl/tests/${target}_fuzz" \
        >"$out/log" 2>&1 || { tail "$out/log"; exit 1; }
    awk -v target="$target" '{ of[$1] = $3 } END {
        printf "%-9s %10d tried %8d edges %6d in its corpus %4d crashes %4d hangs\n", target, of["execs_done"],
            of["edges_found"], of["corpus_count"], of["saved_crashes"], of["saved_hangs"]
        exit of["saved_crashes"] + of["saved_hangs"] > 0
    }' "$out/default/fuzzer_stats" || found=1
done
exit $found
