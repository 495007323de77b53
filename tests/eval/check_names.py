#!/usr/bin/env python3
"""Lists names of the source tables that are likely to be found where they are not meant.

    check_names.py [KIND...]

words: a common word of lexicon.tsv that names.tsv does not mark as ambiguous; short: two Latin letters or fewer, not
marked either; shared: a current name of several issuers, none of which is marked. Former names and names with a policy
are left out. Without a KIND it prints how many there are of each; with one, the names.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Dict, List, Set

TABLES = Path(__file__).resolve().parents[2] / "src" / "dict" / "tables"
Row = Dict[str, str]


def read(name: str) -> List[Row]:
    with open(TABLES / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def check() -> Dict[str, Set[str]]:
    """The names of each kind."""
    issuers = {row["id"]: row["issuer"] for row in read("securities.tsv") if row["status"] == "active"}
    common = {row["word"] for row in read("lexicon.tsv") if row["class"] == "general"}
    owners: Dict[str, Set[str]] = defaultdict(set)
    marked: Set[str] = set()
    for row in read("names.tsv"):
        if row["id"] not in issuers or row["kind"] == "former" or row["to"]:
            continue
        owners[row["name"]].add(issuers[row["id"]])
        if row["ambiguous"] or row["policy"]:
            marked.add(row["name"])
    plain = owners.keys() - marked
    return {
        "words": {name for name in plain if name in common},
        "short": {name for name in plain if name.isascii() and len(name) <= 2},
        "shared": {name for name in plain if len(owners[name]) > 1},
    }


def main() -> int:
    found = check()
    unknown = set(sys.argv[1:]) - found.keys()
    if unknown:
        print(f"check_names.py: {sorted(unknown)} is no kind; expected some of {sorted(found)}", file=sys.stderr)
        return 2
    for kind in sys.argv[1:]:
        print("\n".join(sorted(found[kind])))
    if len(sys.argv) == 1:
        print(" · ".join(f"{kind} {len(names)}" for kind, names in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
