"""Whole pages in the layouts of ten kinds of news site, each with five contents.

pages/*.html are the layouts. {{body:lead}} is the slot `lead` of the content, where `body` is the region that it must have;
{{body:=words}} are words of the layout's own. {{#text}}…{{/}} is repeated for each row of a slot in pages/contents.tsv, in
which {{body:.}} is the row itself, {{body:name}} one of its cells, {{#}} its number and {{id}} its security."""

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import Dict, List, Tuple

PAGES = Path(__file__).resolve().parent / "pages"
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
