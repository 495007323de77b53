#!/bin/sh
# python_package.sh PYTHON SOURCE WORK: `pip install .` in a clean environment, and the wheel that was built in another one,
# without a compiler; each imports the package from there and extracts. Without PyPI or venv it says so
# and ends with 77: skipped.
set -eu
python=$1 source=$2 work=$3
unset PYTHONPATH STOCKMENTION_LIBRARY LD_PRELOAD
rm -rf "$work"
mkdir -p "$work"
if ! "$python" -m venv "$work/install" >"$work/venv.log" 2>&1; then
    echo "skipped: $python makes no virtual environment (Debian: apt-get install python3-venv)"
    exit 77
fi
if ! "$work/install/bin/pip" download -q --no-deps --dest "$work/reached" 'scikit-build-core>=0.10' >"$work/pip.log" 2>&1; then
    echo "skipped: pip cannot fetch scikit-build-core from PyPI: $(tail -n 1 "$work/pip.log")"
    exit 77
fi

works() { # ENVIRONMENT
    (cd / && "$1/bin/python" -I - "$1" <<'EOF'
import pathlib, sys
import stockmention
from stockmention import Engine

inside = pathlib.Path(sys.argv[1]).resolve()
for file in (stockmention.__file__, stockmention._native.library._name):
    assert inside in pathlib.Path(file).resolve().parents, file
assert (pathlib.Path(stockmention.__file__).parent / "py.typed").exists()
assert [m.security for m in Engine().extract("金山办公（688111.SH）涨3%")] == ["XSHG:688111"] * 2
assert len(Engine().extract_batch(["金山办公", ""])[0]) == 1
EOF
    )
    (cd / && "$1/bin/python" -I -m stockmention.refresh --help >/dev/null)
}

"$work/install/bin/pip" install -q --config-settings "build-dir=$work/build" "$source"
works "$work/install"
"$work/install/bin/pip" wheel -q --no-deps --config-settings "build-dir=$work/build" -w "$work/wheels" "$source"
"$python" -m venv "$work/wheel"
CC=/nonexistent "$work/wheel/bin/pip" install -q --no-index "$work"/wheels/stockmention-*.whl
works "$work/wheel"
ls "$work/wheels"
