"""Detection by the Aho-Corasick packages of Python, leftmost-longest: a worker for tests/bench/run.

    python.py pyahocorasick|ahocorasick-rs FILE NAMES      documents and names, one a line
"""

import sys
import time
from pathlib import Path
from typing import Callable, List


def pyahocorasick(names: List[str]) -> Callable[[str], int]:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for index, name in enumerate(names):
        automaton.add_word(name, index)
    automaton.make_automaton()
    return lambda line: sum(1 for _ in automaton.iter_long(line))


def ahocorasick_rs(names: List[str]) -> Callable[[str], int]:
    from ahocorasick_rs import AhoCorasick, MatchKind

    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    return lambda line: len(automaton.find_matches_as_indexes(line))


BUILDERS = {"pyahocorasick": pyahocorasick, "ahocorasick-rs": ahocorasick_rs}


def main() -> None:
    library, file, names = sys.argv[1:]
    documents = Path(file).read_text(encoding="utf-8").split("\n")
    unique = Path(names).read_text(encoding="utf-8").split("\n")[:-1]
    before = time.perf_counter()
    count = BUILDERS[library](unique)
    print(f"ready {time.perf_counter() - before:.9f}", flush=True)
    for _ in sys.stdin:
        print(sum(map(count, documents)), flush=True)


main()
