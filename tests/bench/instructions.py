"""Counts the instructions of bench_hostile's rounds with valgrind's callgrind: no clock, so that other work on the machine
does not matter, and the same figure each time."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import List

SKIPPED = 77  # what ctest takes for "skipped"


def missing() -> str:
    """Why nothing can be counted here, or ''."""
    return "" if shutil.which("valgrind") else "valgrind is not installed: apt-get install valgrind"


def request(path: Path, format_name: str, how: str = "document", dictionary: str = "-", kernel: str = "auto", rounds: int = 1) -> str:
    return "\t".join((dictionary, kernel, format_name, how, str(rounds), str(path)))


def count(program: Path, requests: List[str]) -> List[int]:
    """The instructions of every round of the requests, in order."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", "--toggle-collect=measured_round", "--dump-after=measured_round",
                   f"--callgrind-out-file={folder}/out", str(program)]
        done = subprocess.run(command, input="".join(line + "\n" for line in requests), capture_output=True, encoding="utf-8", check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr[-2000:]}")
        rounds = sorted((path for path in Path(folder).glob("out.*")), key=lambda path: int(path.suffix[1:]))
        return [totals(path) for path in rounds]


def totals(path: Path) -> int:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("totals:"):
            return int(line.split()[1])
    raise SystemExit(f"{path}: callgrind wrote no totals")
