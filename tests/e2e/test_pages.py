"""Every text of a whole page has the region that its layout says, and roll-ups speak of what the article is about and not of
what stands around it."""

import re

import pytest
from news_pages import CONTENTS, LAYOUTS, page_of

from stockmention import Engine, read_text


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
