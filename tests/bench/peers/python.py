"""Detection by packages of Python, leftmost-longest: a worker for tests/bench/run.

    python.py pyahocorasick|ahocorasick-rs|flashtext|spacy FILE NAMES      documents and names, one a line

Answers `buffer`, the file as one text, and `lines`, each by itself, with the number of matches. spaCy knows words alone; for
Chinese its words are characters here, which is its default and what lets names be found.
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
    return lambda text: sum(1 for _ in automaton.iter_long(text))


def ahocorasick_rs(names: List[str]) -> Callable[[str], int]:
    from ahocorasick_rs import AhoCorasick, MatchKind

    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    return lambda text: len(automaton.find_matches_as_indexes(text))


def flashtext(names: List[str]) -> Callable[[str], int]:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor(case_sensitive=True)
    for name in names:
        processor.add_keyword(name)
    return lambda text: len(processor.extract_keywords(text))


def spacy(names: List[str]) -> Callable[[str], int]:
    from spacy import blank
    from spacy.matcher import PhraseMatcher

    pipeline = blank("zh")
    matcher = PhraseMatcher(pipeline.vocab)
    matcher.add("names", list(pipeline.pipe(names)))
    return lambda text: len(matcher(pipeline.make_doc(text)))


BUILDERS = {"pyahocorasick": pyahocorasick, "ahocorasick-rs": ahocorasick_rs, "flashtext": flashtext, "spacy": spacy}


def main() -> None:
    library, file, names = sys.argv[1:]
    text = Path(file).read_text(encoding="utf-8")
    lines = text.split("\n")
    unique = Path(names).read_text(encoding="utf-8").split("\n")[:-1]
    before = time.perf_counter()
    count = BUILDERS[library](unique)
    print(f"ready {time.perf_counter() - before:.9f}", flush=True)
    for request in sys.stdin:
        print(count(text) if request.strip() == "buffer" else sum(map(count, lines)), flush=True)


if __name__ == "__main__":
    main()
