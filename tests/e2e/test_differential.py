"""What browsers' parsers and CommonMark's library make of pages that nobody would write: differential.py, which looks at other
pages, and at more of them, from the command line. PAGES=1000 looks at so many of each kind."""

import os
from typing import Optional

import differential
import parsers
import pytest


def hold(name: str, n_pages: int, check: Optional[differential.Check] = None) -> None:
    n_pages = int(os.environ.get("PAGES", n_pages))
    n_failed, told = differential.find(name, n_pages, 11, check or differential.KINDS[name].make())
    assert n_failed == 0, "\n".join(told)


def test_text_is_what_a_browser_shows() -> None:
    hold("html", 15_000)


def test_text_of_markdown_is_what_cmark_shows() -> None:
    try:
        parsers.cmark("")
    except OSError as error:
        pytest.skip(str(error))
    hold("markdown", 10_000)


def test_trees_stay_as_they_were() -> None:
    annotating = differential.Annotating()
    hold("annotate", 10_000, annotating.check)
    assert annotating.n_marked > 100


def test_parsers_tell_what_is_shown() -> None:
    page = "<!DOCTYPE html><p>a<b hidden>x</b><svg><title>x</title><text>b</text></svg><script>x</script><math><mi>c"
    assert parsers.shown(page) == "abc"
    assert parsers.shown(page, ("math:mi",)) == "ab"


def test_a_finding_is_cut_down_to_what_it_takes() -> None:
    n_failed, told = differential.find("html", 500, 1, lambda page: "it has one" if "<!-- x -->" in page else None)
    assert n_failed > 20 and told == ["html: '<!-- x -->': it has one"], told
