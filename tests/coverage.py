"""Sums what gcov says of src/, room by room. Called by coverage.sh with the build folder, and with the percent of lines and of
branches that must be run where all tests were."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

ROOT = Path(__file__).resolve().parents[1]
Line = Tuple[str, int]


def files(build: Path) -> Iterator[dict]:
    for notes in sorted(build.rglob("*.gcno")):
        command = ["gcov", "--json-format", "--branch-probabilities", "--stdout", str(notes.resolve())]
        said = subprocess.run(command, cwd=build, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        for line in said.splitlines():
            yield from json.loads(line)["files"]


def main(build: Path, least: Tuple[float, ...]) -> int:
    lines: Dict[Line, int] = defaultdict(int)
    branches: Dict[Line, List[int]] = {}
    for file in files(build):
        path = (build / file["file"]).resolve()
        if ROOT / "src" not in path.parents:
            continue
        name = path.relative_to(ROOT / "src").as_posix()
        for line in file["lines"]:
            place = (name, line["line_number"])
            lines[place] += line["count"]
            # A header's line is in many objects, and a line may hold several functions.
            counts = [branch["count"] for branch in line["branches"] if not branch["throw"]]
            old = branches.get(place, [])
            if len(old) == len(counts):
                counts = [a + b for a, b in zip(old, counts)]
            branches[place] = max(old, counts, key=len) if len(old) != len(counts) else counts
    percents = report(lines, branches)
    missed = [f"src/{name}:{number}" for (name, number), count in sorted(lines.items()) if count == 0]
    (build / "missed.txt").write_text("".join(f"{place}\n" for place in missed), encoding="utf-8")
    if all(percent >= wanted for percent, wanted in zip(percents, least)):
        return 0
    print(f"expected {least[0]:g} % of lines and {least[1]:g} % of branches at least", file=sys.stderr)
    return 1


def report(lines: Dict[Line, int], branches: Dict[Line, List[int]]) -> Tuple[float, float]:
    sums: Dict[str, List[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for place, count in lines.items():
        for key in (place[0].split("/")[0], place[0], "all"):
            of = sums[key]
            of[0] += count > 0
            of[1] += 1
            of[2] += sum(branch > 0 for branch in branches[place])
            of[3] += len(branches[place])
    row = "{:<28}{:>9}{:>9}{:>11}{:>9}"
    print(row.format("room", "lines", "run", "branches", "taken"))
    rooms = sorted(key for key in sums if "/" not in key and key != "all")
    by_gap = sorted((key for key in sums if "/" in key), key=lambda key: sums[key][0] - sums[key][1])
    for key in [*rooms, "all", "", *by_gap[:12]]:
        hit, n, taken, ways = sums[key] if key else (0, 0, 0, 0)
        percents = [f"{100 * part / whole:.1f} %" if whole else "" for part, whole in ((hit, n), (taken, ways))]
        print(row.format(key, n, percents[0], ways, percents[1]) if key else "\nfiles with the most lines that no test runs")
    hit, n, taken, ways = sums["all"]
    return 100 * hit / n, 100 * taken / ways


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), tuple(map(float, sys.argv[2:]))))
