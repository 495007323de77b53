#!/bin/sh
# Installs what building takes, builds the release and runs the main job on examples/article.html. With STOCKMENTION_CLI
# set to a command that is built already, only the last.
set -eu
cd "$(dirname "$0")/.."

cli=${STOCKMENTION_CLI:-build/release/stockmention}
if [ -z "${STOCKMENTION_CLI:-}" ]; then
    sh .ci/packages build >&2
    mkdir -p build
    log=build/quickstart.log
    echo "Building, which takes a minute or two ($log)" >&2
    { cmake --preset release && cmake --build --preset install; } >$log 2>&1 \
        || { cat $log >&2; exit 1; }
fi
exec "$cli" extract --table examples/article.html
