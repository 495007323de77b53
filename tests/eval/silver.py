"""Names of known truth in text that nobody labelled: what the edges of names are like.

A name with its own code in brackets behind it is one, and is looked at with the brackets taken out, as the code would tell
all. A name whose edge lies inside a word that reaches out of it (通胀 in 高通胀, where 高通 would be) is none; words are parted
by jieba, of which about one in a hundred of the true names is cut by mistake. Who is found by a code or by a cut says
nothing of other clues, so that the edges alone are counted.
"""

import re
from typing import Callable, Dict, Iterator, List, Set, Tuple

from candidates import Explanation, explain, is_decided

EDGES = ("two-characters", "long-name", "word-across-left", "word-across-right")
BRACKETS = re.compile(r"\s*[（(]([^（()）]{4,40})[)）]")
HAN = re.compile("[\u4e00-\u9fff]")

Places = Set[Tuple[int, int]]


def with_code(text: str, candidates: List[Explanation]) -> Iterator[Tuple[Explanation, int, int]]:
    """The names that have their own code in brackets behind them, and where the brackets are."""
    codes = [one for one in candidates if one["kind"] == "code" and "name-beside" in one["features"]]
    for one in candidates:
        if one["kind"] != "name" or one["decision"] != "taken" or "code-beside" not in one["features"]:
            continue
        found = BRACKETS.match(text, one["end"])
        if found and any(found.start(1) <= code["start"] and code["end"] <= found.end(1) for code in codes):
            yield one, found.start(), found.end()


def without_codes(text: str, candidates: List[Explanation]) -> Tuple[str, Places]:
    """The text without those brackets, and where their names stand in it."""
    parts: List[str] = []
    places: Places = set()
    at = removed = 0
    for name, start, end in with_code(text, candidates):
        parts.append(text[at:start])
        places.add((name["start"] - removed, name["end"] - removed))
        removed += end - start
        at = end
    return "".join(parts) + text[at:], places


def places_of_words(text: str, cut: Callable[[str], Iterator[str]]) -> List[Tuple[int, int]]:
    words, at = [], 0
    for word in cut(text):
        words.append((at, at + len(word)))
        at += len(word)
    return words


def is_cut(place: Tuple[int, int], words: List[Tuple[int, int]]) -> bool:
    """A word stands half inside and half outside."""
    start, end = place
    return any(first < start < last < end or start < first < end < last for first, last in words)


def count(cli: str, lines: List[str]) -> Dict[Tuple[str, ...], List[int]]:
    """How many are none and how many are one, by the features of their edges."""
    import jieba

    def parted(text: str) -> Iterator[str]:
        return iter(jieba.cut(text, HMM=False))

    def of(texts: List[str]) -> List[List[Explanation]]:
        return explain(cli, [{"doc": str(i), "text": text} for i, text in enumerate(texts)])

    counts: Dict[Tuple[str, ...], List[int]] = {}
    found = of(lines)
    masked = [pair for pair in map(without_codes, lines, found) if pair[1]]
    for (_, places), candidates in zip(masked, of([text for text, _ in masked])):
        for one in candidates:
            if (one["start"], one["end"]) in places and is_edged(one):
                counts.setdefault(edges(one), [0, 0])[1] += 1
    for text, candidates in zip(lines, found):
        asked = [one for one in candidates if is_edged(one) and is_decided(one) and "code-beside" not in one["features"]]
        words = places_of_words(text, parted) if asked else []
        for one in asked:
            if is_cut((one["start"], one["end"]), words):
                counts.setdefault(edges(one), [0, 0])[0] += 1
    return counts


def is_edged(one: Explanation) -> bool:
    return one["kind"] == "name" and HAN.search(one["text"]) is not None


def edges(one: Explanation) -> Tuple[str, ...]:
    return tuple(feature for feature in EDGES if feature in one["features"])
