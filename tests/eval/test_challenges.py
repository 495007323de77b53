"""The challenge tables: short contexts, right and wrong, one kind a file; README.md beside this file tells their form.

A row without a mark must hold. One that is marked known-wrong must fail, else it loses its mark; how many there may be
in each table stands in challenges/known_wrong.tsv and never grows. A row with {NAME} must hold for each of twenty
securities, which are drawn from the source tables by a fixed seed.
"""

import csv
import functools
import json
import random
import re
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

import pytest
import score_gold

CHALLENGES = Path(__file__).with_name("challenges")
TABLES = score_gold.ROOT / "src" / "dict" / "tables"
KINDS = ["words", "organisations", "numbers", "lines", "time", "scripts", "english", "cashtags", "headlines", "reports"]
MOST = Path("known_wrong.tsv")
SEED, SUBSTITUTES, LEAST_ROWS = 20261123, 20, 1600

Mention = Tuple[int, int, str]  # first and last character, and the id; of several ids that are right, parted by /


class Row(NamedTuple):
    where: str
    text: str
    as_of: str
    reason: str
    mark: str


class Security(NamedTuple):
    id: str
    name: str

    def fill(self, text: str) -> str:
        mic, code = self.id.split(":")
        words = {"NAME": self.name, "ID": self.id, "CODE": code, "SUFFIX": {"XSHG": "SH", "XSHE": "SZ"}[mic]}
        return re.sub(r"\{(\w+)\}", lambda match: words[match[1]], text)


def read(path: Path) -> List[Dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def rows_of(kind: str) -> List[Row]:
    path = CHALLENGES / f"{kind}.tsv"
    return [
        Row(f"{path.name}:{number}", row["text"], row["as_of"], row["reason"], row["mark"])
        for number, row in enumerate(read(path), start=2)
    ]


@functools.lru_cache(maxsize=None)
def substitutes() -> List[Security]:
    """Companies of the mainland whose short name of four Chinese characters is no other's and no word."""
    active = {row["id"] for row in read(TABLES / "securities.tsv") if (row["type"], row["status"]) == ("stock", "active")}
    words = {row["word"] for row in read(TABLES / "lexicon.tsv")}
    names = read(TABLES / "names.tsv")
    owners: Dict[str, Set[str]] = {}
    for row in names:
        owners.setdefault(row["name"], set()).add(row["id"])
    plain = [
        Security(row["id"], row["name"])
        for row in names
        if row["kind"] == "short" and re.fullmatch(r"[\u4e00-\u9fff]{4}", row["name"]) and row["id"] in active
        and row["id"].startswith(("XSHG:6", "XSHE:0", "XSHE:3")) and not (row["to"] or row["ambiguous"] or row["policy"])
        and len(owners[row["name"]]) == 1 and not {row["name"], row["name"][:2], row["name"][2:]} <= words
    ]  # fmt: skip
    return random.Random(SEED).sample(plain, SUBSTITUTES)


def parse(marked: str) -> Tuple[str, List[Mention]]:
    """[[金山办公|XSHG:688111]]公告 → the text without its marks, and the mentions that it must have."""
    text, expected, end = "", [], 0
    for match in re.finditer(r"\[\[(.+?)\|(.+?)\]\]", marked):
        text += marked[end : match.start()]
        expected.append((len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        end = match.end()
    return text + marked[end:], expected


def fillings(row: Row) -> Iterator[str]:
    if "{" not in row.text:
        yield row.text
        return
    for security in substitutes():
        yield security.fill(row.text)


def found_in(documents: List[Dict[str, str]]) -> List[List[Mention]]:
    lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    output = score_gold.run([score_gold.find_cli(), "extract", "--ndjson", "--offsets", "codepoint"], lines)
    found = score_gold.json_lines(output)
    return [[(m["start"], m["end"], m["security"]) for m in document["mentions"]] for document in found]


def agree(expected: List[Mention], found: List[Mention]) -> bool:
    return len(expected) == len(found) and all(
        wanted[:2] == got[:2] and got[2] in wanted[2].split("/") for wanted, got in zip(expected, found)
    )


def show(text: str, mentions: List[Mention]) -> str:
    return "; ".join(f"{text[start:end]}={security}" for start, end, security in mentions) or "no mention"


def failures(rows: List[Row]) -> Dict[Row, str]:
    """What is wrong with the rows that do not hold: with the first filling of each that does not."""
    cases = [(row, *parse(filled)) for row in rows for filled in fillings(row)]
    found = found_in([{"id": row.where, "text": text, **({"date": row.as_of} if row.as_of else {})} for row, text, _ in cases])
    wrong: Dict[Row, str] = {}
    for (row, text, expected), mentions in zip(cases, found):
        if not agree(expected, mentions):
            wrong.setdefault(
                row, f"{row.where}: {text}\n  {row.reason}\n  expected {show(text, expected)}\n  got {show(text, mentions)}"
            )
    return wrong


@pytest.mark.parametrize("kind", KINDS)
def test_rows_hold_but_those_that_are_known_to_be_wrong(kind: str) -> None:
    rows = rows_of(kind)
    wrong = failures(rows)
    broken = [message for row, message in wrong.items() if not row.mark]
    mended = [f"{row.where}: {row.text}" for row in rows if row.mark and row not in wrong]
    assert not broken, "rows that must hold do not:\n" + "\n".join(broken)
    assert not mended, "rows are right now: take their mark away, and lower known_wrong.tsv:\n" + "\n".join(mended)


@pytest.mark.parametrize("kind", KINDS)
def test_known_wrong_rows_do_not_grow(kind: str) -> None:
    (most,) = [int(row["most"]) for row in read(CHALLENGES / MOST) if row["table"] == kind]
    marked = sum(row.mark == "known-wrong" for row in rows_of(kind))
    assert marked == most, f"{marked} rows of {kind}.tsv are marked and {MOST} says {most}: they may only become fewer"


def test_tables_are_well_formed_and_large_enough() -> None:
    rows = [row for kind in KINDS for row in rows_of(kind)]
    assert sorted(path.stem for path in CHALLENGES.glob("*.tsv") if path.name != MOST.name) == sorted(KINDS)
    assert [row.where for row in rows if not row.reason or row.mark not in ("", "known-wrong")] == []
    assert [row.where for row in rows if re.search(r"\[\[|\]\]", parse(row.text)[0])] == []
    assert len({(row.text, row.as_of) for row in rows}) == len(rows) >= LEAST_ROWS


def test_a_row_that_does_not_hold_is_found() -> None:
    row = Row("here", "[[贵州茅台|XSHE:000001]]公告", "", "another company", "")
    assert "got 贵州茅台=XSHG:600519" in failures([row])[row]
    assert failures([row._replace(text="[[贵州茅台|XSHG:600519]]公告")]) == {}
