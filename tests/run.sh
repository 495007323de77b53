#!/bin/sh
# Installs what the tests need and runs them all; `sh tests/run.sh quick` builds and tests the dev preset alone.
set -eu
cd "$(dirname "$0")/.."
mode=${1:-all}
jobs=$(nproc 2>/dev/null || echo 2)
untested=

step() { printf '\n== %s\n' "$1"; }
build() { # PRESET
    step "Building $1"
    cmake --preset "$1"
    cmake --build --preset "$1" --parallel "$jobs"
}
run() { # PRESET [OPTIONS OF CTEST]
    step "Testing $1"
    preset=$1
    shift
    ctest --preset "$preset" --parallel "$jobs" "$@"
}
sources() { find include src tests examples -name '*.[ch]' | sort; }

case $mode in
quick) sh .ci/packages test ;;
all)
    sh .ci/packages all
    for extra in spark browser; do # large, and not to be had everywhere
        sh .ci/packages "$extra" || untested="$untested; $extra: \`sh .ci/packages $extra\` says what is missing"
    done
    ;;
*) echo "usage: sh tests/run.sh [quick]" >&2; exit 2 ;;
esac

if [ "$mode" = all ]; then
    build asan # the strict build with clang, too
    # Later versions lay code out differently and know other checks.
    case $(clang-format --version) in
    *"version 14."*)
        step "Layout of the code (clang-format)"
        sources | xargs clang-format --dry-run --Werror
        step "clang-tidy"
        find src -name '*.c' | sort | xargs -n 1 -P "$jobs" clang-tidy -p build/asan --quiet 2>build/asan/tidy.log \
            || { cat build/asan/tidy.log; exit 1; }
        ;;
    *) step "Skipped: clang-format and clang-tidy are those of LLVM 14, here is $(clang-format --version)" ;;
    esac

    run asan
    build fuzz
    run fuzz

    step "Building what threads go through with the thread sanitizer"
    cmake --preset tsan
    cmake --build --preset tsan --parallel "$jobs" \
        --target libstockmention.so stockmention_cli unit_engine_threads unit_engine_batch unit_engine_live
    run tsan --tests-regex '^(engine/(threads|batch|live)|e2e/threads)$'

    if [ "$(uname -m)" = aarch64 ]; then : # as dev does
    elif sh .ci/aarch64; then
        build aarch64
        run aarch64
    else
        untested="$untested; the kernel for NEON: what builds for aarch64 cannot be installed here"
    fi

    step "How much of the code the tests run"
    PAGES=100 sh tests/coverage.sh

    step "Counting instructions of the release build"
    cmake --preset release
    cmake --build --preset release --parallel "$jobs" --target bench_hostile
    run release --tests-regex bench/budget
fi

build dev
if [ "$mode" = all ]; then
    step "cppcheck and gcc -fanalyzer"
    python3 tests/analyze.py gcc build/dev
fi
if [ "$mode" = quick ]; then run dev --label-exclude valgrind; else run dev; fi
[ -z "$untested" ] || step "Not tested: ${untested#; }"
