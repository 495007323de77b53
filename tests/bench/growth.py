#!/usr/bin/env python3
"""Measures building, opening and scanning as the dictionary grows, and daachorse on the same names in the same run.

    growth.py [--sizes N,N,…] [--rounds N] [--corpus FILE] [--json FILE]

README.md beside this file has its table. The dictionaries stay in build/bench/growth.
"""

import argparse
import ctypes
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Dict, List

import growth_tables

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "bench"
CORPUS = ROOT.parent / "shared" / "corpus" / "news.txt"
GENERATED_BYTES = 8_000_000
NAMES, WHOLE, DAACHORSE = "names", "whole", "daachorse"


def run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def build_programs() -> None:
    run("cmake", "--preset", "release")
    run("cmake", "--build", "build/release", "--target", "bench_names", "stockmention_cli")
    manifest = ROOT / "tests" / "bench" / "peers" / "daachorse" / "Cargo.toml"
    cargo = ("cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", manifest)
    run(*cargo, "--target-dir", WORK / "daachorse")


# --- Dictionaries -----------------------------------------------------------------------------------------------------


# A process of its own: the memory of this one would count as that of what it starts.
MEASURED = """
import json, resource, subprocess, sys, time
before = time.monotonic()
status = subprocess.run(sys.argv[1:]).returncode
seconds, used = time.monotonic() - before, resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime
print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "peak_mb": used.ru_maxrss / 1024}))
sys.exit(status)
"""


def build_dictionary(folder: Path, n: int, lines: List[str]) -> Dict[str, float]:
    """Makes tables, text and dictionary of n names. @return what building it took."""
    paths, sample = growth_tables.write_tables(folder, n)
    growth_tables.write_text(folder / "text.txt", lines, sample)
    as_of = (growth_tables.TABLES / "AS_OF").read_text(encoding="utf-8").strip()
    command: List[object] = [ROOT / "build" / "release" / "stockmention", "dict", "build", "--as-of", as_of]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *(str(word) for word in (*command, "-o", folder / "dict.smd", *paths))],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"growth.py: {n} names cannot be built: exit status {done.returncode}")
    return {**json.loads(done.stdout.splitlines()[-1]), "file_mb": (folder / "dict.smd").stat().st_size / 1e6}


# --- Workers ----------------------------------------------------------------------------------------------------------


class Worker:
    """A process that says `ready SECONDS` and answers requests; its CPU time is taken."""

    def __init__(self, *command: object) -> None:
        words = [str(word) for word in command]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        clock = ctypes.c_int()
        ctypes.CDLL(None).clock_getcpuclockid(self.process.pid, ctypes.byref(clock))
        self.clock = clock.value
        self.ready = float(self.answer().split()[1])

    def answer(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"growth.py: a worker ended with status {self.process.wait()}")
        return line.strip()

    def ask(self, request: str) -> float:
        assert self.process.stdin is not None
        before = time.clock_gettime(self.clock)
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        self.answer()
        return time.clock_gettime(self.clock) - before

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def measure(folder: Path, rounds: int) -> Dict[str, float]:
    """MB/s of each, taking turns; the first round warms up."""
    text = folder / "text.txt"
    own = Worker(ROOT / "build" / "release" / "tests" / "bench_names", text, folder / "dict.smd")
    peer = Worker(WORK / "daachorse" / "release" / "peer-daachorse", text, folder / "names.txt")
    seconds: Dict[str, List[float]] = {NAMES: [], WHOLE: [], DAACHORSE: []}
    for number in range(rounds + 1):
        for case, worker in ((NAMES, own), (DAACHORSE, peer), (WHOLE, own)):
            took = worker.ask(case)
            if number:
                seconds[case].append(took)
    own.end()
    peer.end()
    size = text.stat().st_size / 1e6
    figures = {case: size / median(taken) for case, taken in seconds.items()}
    ratio = median(theirs / ours for ours, theirs in zip(seconds[NAMES], seconds[DAACHORSE]))
    return {**figures, "ratio": ratio, "open_ms": own.ready * 1e3, "daachorse_ms": peer.ready * 1e3}


COLUMNS = {
    "seconds": "build s",
    "cpu_seconds": "CPU s",
    "peak_mb": "peak MB",
    "file_mb": "file MB",
    "open_ms": "open ms",
    NAMES: "names MB/s",
    DAACHORSE: "daachorse MB/s",
    "ratio": "ratio",
    WHOLE: "whole MB/s",
}


def sizes_of(text: str) -> List[int]:
    return [int(size) for size in text.split(",")]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    default = [5_000, 50_000, 500_000, 5_000_000]
    parser.add_argument("--sizes", type=sizes_of, default=default, metavar="N,N", help="numbers of names")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="rounds that count (default: 9)")
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="FILE", help="documents, one a line")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE too")
    options = parser.parse_args()
    build_programs()
    if options.corpus.exists():
        lines = options.corpus.read_text(encoding="utf-8").splitlines()
    else:
        print(f"{options.corpus} is not there: the text is generated")
        lines = growth_tables.generated_lines(GENERATED_BYTES)
    print("    names" + "".join(f"{title:>15}" for title in COLUMNS.values()), flush=True)
    rows = []
    for n in options.sizes:
        folder = WORK / "growth" / str(n)
        row = {"n_names": n, **build_dictionary(folder, n, lines), **measure(folder, options.rounds)}
        print(f"{n:9}" + "".join(f"{row[key]:15.{2 if key == 'ratio' else 1}f}" for key in COLUMNS), flush=True)
        rows.append(row)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
