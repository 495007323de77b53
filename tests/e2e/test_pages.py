"""Whole pages in the layouts of ten kinds of news site, each with five contents: every text of theirs has the region that
its layout says, and roll-ups speak of what the article is about and not of what stands around it.

pages/*.html are the layouts. {{body:lead}} is the slot `lead` of the content, where `body` is the region that it must have;
{{body:=words}} are words of the layout's own. {{#text}}…{{/}} is repeated for each row of a slot in pages/contents.tsv, in
which {{body:.}} is the row itself, {{body:name}} one of its cells, {{#}} its number and {{id}} its security."""

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import Dict, List, Tuple

import pytest
from conftest import ROOT

from stockmention import Engine, read_text

PAGES = ROOT / "tests/e2e/pages"
CELLS = ("name", "id", "price", "change")
Content = Dict[str, List[List[str]]]


def contents() -> Dict[str, Content]:
    read: Dict[str, Content] = defaultdict(lambda: defaultdict(list))
    with open(PAGES / "contents.tsv", encoding="utf-8", newline="") as file:
        for row in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
            read[row[0]][row[1]].append(row[2:])
    return read


LAYOUTS = sorted(path.name for path in PAGES.glob("*.html"))
CONTENTS = contents()


def fill(layout: str, content: Content) -> Tuple[str, List[Tuple[str, str]]]:
    """The page, and its texts with their regions in the order of the page."""
    expected: List[Tuple[str, str]] = []

    def repeat(match: "re.Match[str]") -> str:
        filled = ""
        for number, cells in enumerate(content[match[1]]):
            item = match[2].replace("{{#}}", str(number)).replace("{{id}}", cells[1] if len(cells) > 1 else "")
            for name, cell in zip(CELLS, cells):
                item = item.replace(f":{name}}}}}", f":={cell}}}}}")
            filled += item.replace(":.}}", f":={cells[0]}}}}}")
        return filled

    def mark(match: "re.Match[str]") -> str:
        text = match[2][1:] if match[2].startswith("=") else content[match[2]][0][0]
        expected.append((text, match[1]))
        return text.replace("&", "&amp;")

    page = re.sub(r"\{\{#(\w+)\}\}(.*?)\{\{/\}\}", repeat, layout, flags=re.S)
    return re.sub(r"\{\{(\w+):([^}]*)\}\}", mark, page), expected


def page_of(layout: str, content: str) -> Tuple[str, List[Tuple[str, str]]]:
    return fill((PAGES / layout).read_text(encoding="utf-8"), CONTENTS[content])


def test_there_are_fifty_pages_of_ten_layouts() -> None:
    assert len(LAYOUTS) >= 10 and len(LAYOUTS) * len(CONTENTS) >= 50


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("content", list(CONTENTS))
def test_regions(layout: str, content: str) -> None:
    page, expected = page_of(layout, content)
    left = list(reversed(expected))
    wrong = []
    for run in read_text(page, format="html"):
        at, is_marked = 0, False
        while left and run.text.find(left[-1][0], at) >= 0:
            text, region = left.pop()
            at, is_marked = run.text.find(text, at) + len(text), True
            if region != run.region:
                wrong.append((text, region, run.region))
        assert is_marked or not re.search(r"[^\W\d_]", run.text), f"no slot has {run.text!r}; next is {left[-1:]}"
    assert (wrong, left) == ([], [])


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("content", list(CONTENTS))
def test_rollups_are_of_the_article(engine: Engine, layout: str, content: str) -> None:
    page, _ = page_of(layout, content)
    about = CONTENTS[content]["about"][0][0]
    rows = engine.extract(page, format="html").securities
    assert rows[0].security == about and rows[0].salience > 0.99, rows[:3]
    assert len(rows) > len(CONTENTS[content]["stock"])  # the others are found all the same
