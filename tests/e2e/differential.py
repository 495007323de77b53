#!/usr/bin/env python3
"""Compares what we read and write with what others make of the same pages, on pages that nobody would write.

    differential.py [--cases N] [--seed N] [--jobs N] [--only NAME] [--show N]

    html       the text of an HTML page is what a browser has in its tree and shows
    markdown   the text of a page of Markdown is what CommonMark's own library shows
    annotate   an annotated page without our tags is the page; a browser sees the old tree and our elements; a second run
               changes nothing

Each takes its share of N cases, in as many processes as --jobs says. A finding is printed with its page, cut down to what it
takes; then the status is 1. parsers.py tells who the others are. The library is that of build/dev, or the one that
STOCKMENTION_LIBRARY names."""

import argparse
import multiprocessing
import os
import random
import re
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Callable, Dict, Iterator, List, Optional, Tuple

import conftest  # noqa: F401: finds the built library
import news_pages
import parsers

from stockmention import Engine, read_text

DOCTYPE = "<!DOCTYPE html>"
WHOLE_PAGES = 20  # one of so many is a page of a news site that was changed a little: they take long


@lru_cache(maxsize=None)
def parts_of_page(layout: str, content: str) -> Tuple[str, ...]:
    page = re.sub(r"<noscript>.*?</noscript>", "", news_pages.page_of(layout, content)[0], flags=re.S)  # as scripts run
    return tuple(re.findall(r"<[^>]*>|[^<]+", page))


def mutated_page(source: random.Random) -> Iterator[str]:
    """A whole page in which some tags and texts are missing, doubled, cut, or have changed places."""
    parts = list(parts_of_page(source.choice(news_pages.LAYOUTS), source.choice(list(news_pages.CONTENTS))))
    for _ in range(source.randrange(1, 8)):
        at, other = source.randrange(len(parts)), source.randrange(len(parts))
        what = source.randrange(4)
        if what == 0:
            parts[at] = ""
        elif what == 1:
            parts[at] += parts[other]
        elif what == 2:
            parts[at], parts[other] = parts[other], parts[at]
        else:
            parts[at] = parts[at][: source.randrange(len(parts[at]) + 1)]
    return iter(parts)


def any_character(source: random.Random) -> str:
    """Tells where what was lost or doubled stood."""
    return chr(0x4E00 + source.randrange(0x5000))


def our_text(page: str, format: str) -> str:
    return "".join("".join(run.text for run in read_text(page, format=format)).split())


# --- HTML -----------------------------------------------------------------------------------------------------------------

# Left out is what parsers know otherwise than browsers do today: template, elements other than choices inside of <select>, end
# tags of elements of svg and math that hold HTML; and <form>, whose end tag is a case of its own.
TAGS = """abbr article blockquote br button caption center dd div dl dt footer h1 h2 iframe img input li main nav object ol p plaintext
pre ruby script section span style table tbody td textarea tfoot th tr ul var wbr xmp x-card""".split()
# A page has either these or those. An end tag of formatting moves blocks that stand in it out of what else is around them:
# where that hides them, they are shown after all, which is known too late for one who reads from the front.
FORMATTING = "a b code em font i nobr strong title u".split()
OTHERS = "audio foreignObject g math svg text video".split()
WORDS = ["茅台", "Apple", "&amp;", "&lt;b&gt;", "&ampx", "&#20803;", "&#x80;", "&#0;", "&notin;", "&notit;", "&", "&#", "&;", "<",
         " ", "\n", "\r\n", "\r", "a\rb", "]]>", "-->", "<!-- x -->", "<!--x", "<!->x", "<?x>", "<!x>", "</>", "</ x>", "<3",
         "<![CDATA[x&amp;<b>]]>", "<![CDATA[x", "--!>", "<!-->", "'", '"', "=", "/>", "<p", "<p a='", "<span a=x>", "> <div hidden>",
         '<br title="<b>">', "<select><option>x<option>y</select>", "<script><!--<script>x</script>y-->",
         "<script><!--x</script>", "<script>x<!-- </scripty></script >", "</body>", "</html>", "<textarea>\nx&lt;</textarea>"]  # fmt: skip


def html_parts(source: random.Random) -> Iterator[str]:
    return mutated_page(source) if source.randrange(WHOLE_PAGES) == 0 else random_html(source)


def random_html(source: random.Random) -> Iterator[str]:
    tags = TAGS + source.choice((FORMATTING, OTHERS))
    for _ in range(source.randrange(1, 30)):
        if source.randrange(3) == 0:
            yield source.choice(WORDS)
        else:
            yield f"<{'/' * source.randrange(2)}{source.choice(tags)}{source.choice(('', '', '', ' x', '/'))}>"
        yield any_character(source)


# What html5lib knows as it was: these end tags in svg and math, and what may stand in <select>.
HTML5LIB_KNOWS_OTHERWISE = re.compile(
    r"<(?:svg|math)\b.*</(?:p|br)\b|<select\b(?:(?!</select\b).)*<(?!/?(?:option|select)\b)[a-z/!?]", re.S | re.I
)


def check_html(page: str) -> Optional[str]:
    if parsers.LexborHTMLParser is None and HTML5LIB_KNOWS_OTHERWISE.search(page):
        return None
    expected, got = parsers.shown(DOCTYPE + page), our_text(DOCTYPE + page, "html")
    if got == expected:
        return None
    # Browsers move what stands between a table's cells before the table.
    if "<table" in page.lower() and sorted(got) == sorted(expected):
        return None
    return f"expected {expected!r}, got {got!r}"


# --- Markdown -------------------------------------------------------------------------------------------------------------

BLOCKS = ["# ", "## ", "> ", ">", "```\n", "~~~\n", "    ", "  ", "\t", "***\n", "---\n", "===\n", "#\n", "\n", "\n", "\n\n", "\n\n",
          "\n\n[r]: /u\n\n", "\n\n[r]: /u 't'\n\n", "\n<div>\n", "\n</div>\n", "\n<p>", "\n<pre>x\n\n", "</pre>\n", "<td>"]  # fmt: skip
INLINE = ["<br/>", "<http://a.b>", "<a@b.c>", "<x:y>", "&amp;", "&#42;", "&copy", "&nbsp;", "\\*", "\\", "\\\n", "\\<", "\\&", "<!-- x -->",
          "<?x?>", "<![CDATA[x]]>", "<!X y>", "< ", " ", '"', "'"]  # fmt: skip
LISTS = ["- ", "* ", "+ ", "1. ", "2) ", "0. ", "-\n"]
SPANS = ["*", "**", "_", "__", "[", "]", "](/u)", '](</u v> "t")', "][r]", "[]", " ![", "(", ")"]
# A page has one of these: libcmark of today takes `` behind ` for no code, and elements that hide and stay open end with what is
# around them, which we know of paragraphs and not of lists, quotes and emphasis.
SETS = [
    BLOCKS + INLINE + LISTS + SPANS + ["`", "\\`", "<b>", "</b>", "<i x='y'>", "</i>"],
    BLOCKS + INLINE + LISTS + SPANS + ["``"],
    [block for block in BLOCKS if block not in ("> ", ">", "\n<p>")]
    + [bit for bit in INLINE if bit != "\\*"]  # behind a backslash it is emphasis
    + ["<span hidden>", "</span>", "`"],
]
ADDRESS = re.compile(r'<a href="(?:mailto:)?([^"]*)">\1</a>')


def markdown_parts(source: random.Random) -> Iterator[str]:
    bits = source.choice(SETS)
    yield any_character(source) + source.choice(("", "\n\n"))  # no front matter
    for _ in range(source.randrange(1, 25)):
        yield source.choice(bits)
        if source.randrange(3):
            yield any_character(source)


def shown_of_markdown(html: str) -> str:
    """Without code and addresses, which we do not read as text."""
    return parsers.shown(DOCTYPE + ADDRESS.sub("", html), ("code",))


def check_markdown(page: str) -> Optional[str]:
    expected, got = shown_of_markdown(parsers.cmark(page)), our_text(page, "markdown")
    if got == expected or got == parsers.second_opinion(page, shown_of_markdown):
        return None
    return f"expected {expected!r}, got {got!r}"


# --- Annotating -----------------------------------------------------------------------------------------------------------

NAMES = ["金山办公", "贵州茅台", "金山<b>办公</b>", "<i>贵州</i>茅台", "688111.SH", "AT&amp;T", "中芯国际", "宁德<wbr>时代"]
MARKS = "a b i p div span button code pre table tr td ul li h1 h2 option textarea em font nobr title nav".split()
BITS = ["，", "涨停 ", "<br>", "<!-- x -->", "<!", "</", "&lt;", "&", "<a href=x>", "</a>", "<td>", "<script>1</script>", "\n"]
OUR_LINK = re.compile(r'<a href="[^"]*" class="us">((?:(?!</a>).)*)</a>', re.S)


def annotate_parts(source: random.Random) -> Iterator[str]:
    return mutated_page(source) if source.randrange(WHOLE_PAGES) == 0 else random_page(source)


def random_page(source: random.Random) -> Iterator[str]:
    for _ in range(source.randrange(1, 40)):
        what = source.randrange(4)
        if what < 2:
            word = source.choice(BITS if what else NAMES)
            yield word if source.randrange(8) else word[source.randrange(len(word)) :]
        else:
            yield f"<{'/' * source.randrange(2)}{source.choice(MARKS)}>"


def is_ours(name: str, attributes: Dict[str, Optional[str]]) -> bool:
    return attributes.get("class") == "us"


def tree(page: str) -> List[Tuple[str, str]]:
    return parsers.tree_without(page, is_ours)


class Annotating:
    """How many pages were marked, so that who asks sees whether something was looked at."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.n_marked = 0

    def check(self, page: str) -> Optional[str]:
        page = "<p>" + page
        for marks_all in (False, True):
            annotated = self.engine.annotate(page, format="html", all=marks_all, class_name="us")
            if annotated == page:
                return None
            self.n_marked += 1
            if OUR_LINK.sub(r"\1", annotated) != page:
                return f"more than links was put in: {annotated!r}"
            if self.engine.annotate(annotated, format="html", class_name="us") != annotated:
                return f"a second run changes {annotated!r}"
            if tree(annotated) != tree(page):
                return f"a browser sees another tree in {annotated!r}"
        return None


# --- All of it ------------------------------------------------------------------------------------------------------------

Check = Callable[[str], Optional[str]]


@dataclass
class Kind:
    parts: Callable[[random.Random], Iterator[str]]
    make: Callable[[], Check]  # for one process
    share: int  # of ten cases


KINDS: Dict[str, Kind] = {
    "html": Kind(html_parts, lambda: check_html, 5),
    "markdown": Kind(markdown_parts, lambda: check_markdown, 3),
    "annotate": Kind(annotate_parts, lambda: Annotating().check, 2),
}


def cut_down(check: Check, parts: List[str]) -> List[str]:
    at = 0
    while at < len(parts):
        fewer = parts[:at] + parts[at + 1 :]
        if check("".join(fewer)):
            parts = fewer
        else:
            at += 1
    return parts


def find(name: str, n_cases: int, seed: int, check: Check, n_show: int = 1) -> Tuple[int, List[str]]:
    """How many cases fail, and the first ones of them, cut down and told. The same seed gives the same cases."""
    source = random.Random(seed)
    shown: Dict[str, str] = {}  # by what they are but for their characters
    n_failed = 0
    for _ in range(n_cases):
        parts = list(KINDS[name].parts(source))
        if not check("".join(parts)):
            continue
        n_failed += 1
        if len(shown) < n_show:
            page = "".join(cut_down(check, parts))
            shown.setdefault(re.sub("[\u4e00-\u9fff]", "", page), f"{name}: {page!r}: {check(page)}")
    return n_failed, list(shown.values())


def find_in_process(job: Tuple[str, int, int, int]) -> Tuple[str, int, int, List[str]]:
    name, n_cases, seed, n_show = job
    return (name, n_cases, *find(name, n_cases, seed, KINDS[name].make(), n_show))


def jobs_of(names: List[str], n_cases: int, seed: int, n_show: int) -> Iterator[Tuple[str, int, int, int]]:
    """Parts that are done one by one, so that no core waits for long at the end."""
    every = sum(KINDS[name].share for name in names)
    for name in names:
        left = -(-n_cases * KINDS[name].share // every)
        while left > 0:
            yield name, min(left, 5000), seed, n_show
            left -= 5000
            seed += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=20_000, metavar="N", help="in all (default: 20000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another one gives other pages (default: 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="processes (default: a core each)")
    parser.add_argument("--only", choices=list(KINDS), action="append", help="leave the others out")
    parser.add_argument("--show", type=int, default=5, metavar="N", help="findings that a part prints (default: 5)")
    given = parser.parse_args()
    started, done, failed = time.monotonic(), dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    jobs = list(jobs_of(given.only or list(KINDS), given.cases, given.seed, given.show))
    with multiprocessing.Pool(given.jobs) as pool:
        for name, n_cases, n_failed, told in pool.imap_unordered(find_in_process, jobs):
            done[name] += n_cases
            failed[name] += n_failed
            print("".join(line + "\n" for line in told), end="", flush=True)
    for name, n_cases in done.items():
        if n_cases:
            print(f"{name:10}{n_cases:10,} cases, {failed[name]} failed")
    print(f"{sum(done.values()):,} cases in {time.monotonic() - started:.0f} s; {parsers.who()}")
    return 1 if any(failed.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
