"""Reading, writing and memory that fail: the command says what happened and does nothing by halves, wherever it comes."""

import errno
import os
import subprocess
from pathlib import Path
from typing import Dict, List, NamedTuple

import pytest
from conftest import ROOT, TEXT, run

FAULTY = os.environ.get("STOCKMENTION_FAULTS", str(ROOT / "build/dev/tests/stockmention_faults"))
ENVIRONMENT = {**os.environ, "LD_PRELOAD": ""}  # sanitizers that are loaded before Python are in the command already
INPUT = (f'{{"id": "1", "text": "{TEXT}"}}\n' * 3).encode()

COMMANDS = {
    "extract": ["extract", "examples/article.html"],
    "ndjson": ["extract", "--ndjson", "--unlisted"],
    "check": ["check", "examples/article.html"],
    "explain": ["explain", "examples/article.html"],
    "text": ["text", "examples/article.html"],
    "annotate": ["annotate", "--style=link", "--class=x", "--output", "{out}", "examples/article.html"],
    "report": ["annotate", "--style=report", "examples/article.html"],
    "link": ["link", "--provider=all", "XSHG:688111"],
    "lookup": ["lookup", "金山办公"],
    "build": ["dict", "build", "--as-of=2026-11-01", "tests/unit/dict/good", "-o", "{out}"],
    "dump": ["dict", "dump", "mics"],
}

# The call, what it fails with (0: one byte alone is read or written), whether all goes on as if nothing had been.
FAULTS = [
    ("read", errno.EIO, False),
    ("read", errno.EINTR, True),
    ("read", 0, True),
    ("write", errno.ENOSPC, False),
    ("write", errno.EINTR, True),
    ("write", 0, True),
    ("open", errno.EMFILE, False),
    ("fsync", errno.EIO, False),
    ("fsync", errno.EINVAL, True),
    ("rename", errno.EACCES, False),
    ("memory", errno.ENOMEM, False),
]


injected: Dict[str, int] = {}  # by call; told at the end of the tests (conftest.py)


class Done(NamedTuple):
    status: int
    out: bytes
    err: str
    written: bytes
    is_faulty: bool


def run_with(command: List[str], fault: str, folder: Path) -> Done:
    """With what stands in the output file in the end, which held "before"."""
    out, note = folder / "out", folder / "note"
    out.write_bytes(b"before")
    note.unlink(missing_ok=True)
    environment = {**ENVIRONMENT, "STOCKMENTION_FAULT": fault, "STOCKMENTION_FAULT_NOTE": str(note)}
    words = [word.format(out=out) for word in command]
    done = subprocess.run(
        [FAULTY, *words], input=INPUT, capture_output=True, cwd=ROOT, env=environment, timeout=60, check=False
    )
    assert sorted(path.name for path in folder.iterdir() if path != note) == ["out"], "nothing is left over"
    return Done(done.returncode, done.stdout, done.stderr.decode("utf-8"), out.read_bytes(), note.exists())


def places(call: str) -> List[int]:
    """Which calls fail in turn: each, and of many allocations the first and some of the others."""
    return [*range(1, 100), *range(100, 3000, 37)] if call == "memory" else list(range(1, 200))


@pytest.mark.parametrize("call, failure, is_harmless", FAULTS)
@pytest.mark.parametrize("name", COMMANDS)
def test_each_call_that_fails_is_told(name: str, call: str, failure: int, is_harmless: bool, tmp_path: Path) -> None:
    whole = run_with(COMMANDS[name], "none 1 0", tmp_path)
    assert (whole.status, whole.is_faulty) == (0, False), whole.err
    for place in places(call):
        done = run_with(COMMANDS[name], f"{call} {place} {failure}", tmp_path)
        injected[call] = injected.get(call, 0) + done.is_faulty
        if not done.is_faulty or is_harmless:
            assert done[:4] == whole[:4]
        elif done[:4] != whole[:4]:
            assert done.status in (1, 2), done
            assert done.written in (b"before", whole.written)
            assert "emory" in done.err or os.strerror(failure) in done.err, done
        else:  # PCRE2 goes on without its compiler
            assert call == "memory"
        if not done.is_faulty:
            break
    assert place > 1 or call not in ("memory", "write"), "every command allocates and writes"


FULL = [
    "extract {page}", "extract --ndjson", "check {page}", "explain {page}", "annotate {page}", "text {page}",
    "link XSHG:688111", "lookup 688111", "dict info", "dict info --json", "dict dump mics", "--help", "--version",
    "dict --help", "extract --help", "dict check --as-of=2026-11-01 tests/unit/dict/good",
]  # fmt: skip


@pytest.mark.parametrize("command", FULL)
def test_a_full_disk_is_told(command: str) -> None:
    words = [word.format(page="examples/article.html") for word in command.split()]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [FAULTY, *words], input=INPUT, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode().endswith("standard output cannot be written: No space left on device\n")


def test_a_folder_whose_table_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").symlink_to("names.tsv")
    got = run("dict", "check", "--base", "default", tmp_path)
    assert (got.status, got.out) == (2, "")
    assert got.err == f"{tmp_path}/names.tsv: cannot be opened: Too many levels of symbolic links; expected a table\n"
