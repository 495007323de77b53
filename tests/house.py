"""house.py: the rooms of src/ keep to the order that CONTRIBUTING.md shows, comments name files that there are, and what
mutants.tsv explains is code that there is."""

import re
import sys
from pathlib import Path
from typing import Dict, Iterator, Set

ROOT = Path(__file__).resolve().parents[1]
# A room and those whose headers it may include, besides its own.
MAY_INCLUDE: Dict[str, Set[str]] = {
    "base": set(),
    "dict": {"base"},
    "text": {"base"},
    "scan": {"base", "dict"},
    "link": {"base", "dict"},
    "resolve": {"base", "dict", "scan"},
    "engine": {"base", "dict", "text", "scan", "link", "resolve"},
    "output": {"base", "dict", "text", "link", "engine"},
    "cli": set(),
}
INCLUDE = re.compile(r'^#include "(\w+)/', re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FILE = re.compile(r"(?<![\w./*…-])[a-z_0-9]+\.(?:c|h|py|tsv)\b")


def wrong_includes() -> Iterator[str]:
    for room, others in MAY_INCLUDE.items():
        for source in sorted((ROOT / "src" / room).glob("*.[ch]")):
            for included in set(INCLUDE.findall(source.read_text(encoding="utf-8"))) - others - {room}:
                yield f"{source.relative_to(ROOT)}: includes {included}/; expected {', '.join(sorted(others)) or 'its own room'} alone"


def files_that_are_gone() -> Iterator[str]:
    sources = [path for folder in ("include", "src", "tests", "examples") for path in sorted((ROOT / folder).rglob("*.[ch]"))]
    there = {path.name for folder in ("include", "src", "tests", "examples") for path in (ROOT / folder).rglob("*.*")}
    for source in sources:
        for comment in COMMENT.findall(source.read_text(encoding="utf-8")):
            for name in sorted(set(FILE.findall(comment)) - there):
                yield f"{source.relative_to(ROOT)}: a comment names {name}, which is no file; expected one that there is"


def explained_lines_that_are_gone() -> Iterator[str]:
    table = (ROOT / "tests/mutants.tsv").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(table[1:], 2):
        file, before = row.split("\t")[:2]
        source = ROOT / file
        lines = source.read_text(encoding="utf-8").splitlines() if source.is_file() else []
        if before not in map(str.strip, lines):
            yield f"tests/mutants.tsv:{number}: {file} has no line '{before}'; expected one that a mutant changes, or no such row"


def main() -> int:
    rooms = {path.name for path in (ROOT / "src").iterdir() if list(path.glob("*.c"))}
    unknown = [f"src/{room}: is no room that is known; expected a row here" for room in sorted(rooms - set(MAY_INCLUDE))]
    faults = [*unknown, *wrong_includes(), *files_that_are_gone(), *explained_lines_that_are_gone()]
    print("\n".join(faults) or "every include, every file's name and every explained line is right")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
