#!/bin/sh
# Prints how much of src/ the tests run, in lines and branches, a room a line: `sh tests/coverage.sh`; too little is an error.
# With options of ctest it runs only some of them: `sh tests/coverage.sh -R '^text/'`. What is not reached:
# build/coverage/missed.txt.
set -eu
cd "$(dirname "$0")/.."
build=build/coverage
jobs=$(nproc 2>/dev/null || echo 2)
least= # percent of lines and branches
if [ $# = 0 ]; then
    least="95 88"
    # Chromium and Spark take long to start, and reach nothing that the others do not.
    set -- --label-exclude valgrind --exclude-regex '^(install|examples|bench|eval|header|e2e/(browser|spark))'
fi

cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc \
    -DCMAKE_C_FLAGS="--coverage -Og -fprofile-update=atomic" >/dev/null
cmake --build "$build" --parallel "$jobs" >"$build/build.log" || { cat "$build/build.log"; exit 1; }
find "$build" -name '*.gcda' -delete # of the programs that ran while it was built
# Random pages add little to what is reached, and what tells how memory grows reaches nothing more.
PAGES=${PAGES:-1000} PYTEST_ADDOPTS='-k "not bounded_memory"' ctest --test-dir "$build" --parallel "$jobs" --output-on-failure "$@" >"$build/test.log" \
    || { cat "$build/test.log"; exit 1; }
# shellcheck disable=SC2086 # two words, or none
python3 tests/coverage.py "$build" $least
