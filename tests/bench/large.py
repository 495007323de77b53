#!/usr/bin/env python3
"""Holds that huge pages are read in linear time and in memory that is a small multiple of theirs: a page of 200 MB as news sites
write them, and one of a million nested tags; each also at a quarter of the size.

    large.py STOCKMENTION [--size MB] [--tags N]

Takes some minutes and more than a gigabyte of memory, so that no test suite runs it. Ends with status 1 where something grows."""

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Tuple

MOST_GROWTH = 4 * 1.5  # in time, for four times the page
MOST_MEMORY = 6  # bytes for each of the page, beside the dictionary
FIXED_MEMORY = 100 << 20


def news(size: int) -> Iterator[bytes]:
    """Articles with what stands around them, one after the other."""
    article = (
        '<div class="article"><h2>公司新闻</h2><p>贵州茅台（600519）公布年报，<b>营业收入</b>增长&nbsp;15%，分析师认为'
        '<a href="/a">白酒</a>行业仍在调整。</p>\n<p>其余内容与公司无关，只是一段普通的文字，用来占据篇幅。</p>'
        '<ul class="related"><li><a href="/1">五粮液分红</a></li><li><a href="/2">泸州老窖停货</a></li></ul></div>\n'
    ).encode()
    yield "<!DOCTYPE html><title>大页面</title>".encode()
    yield from itertools.repeat(article, size // len(article))


def nested(opening: str, closing: str) -> Callable[[int], Iterator[bytes]]:
    def make(n: int) -> Iterator[bytes]:
        yield from itertools.repeat(opening.encode(), n)
        yield "贵州茅台涨停".encode()
        yield from itertools.repeat(closing.encode(), n)

    return make


# A page is written in parts: what this process has in memory would count for those that it starts.
PAGES: List[Tuple[str, Callable[[int], Iterator[bytes]], bool]] = [
    ("a page of news", news, True),
    ("nested <div>, ended", nested("<div>", "</div>"), False),
    ("nested <b>, not ended", nested("<b>", ""), False),
    ("nested lists with text", nested("<ul><li>a", ""), False),
    ("nested tables", nested("<table><tr><td>", ""), False),
    ("nested links", nested("<span data-code=1>", "</span>"), False),
    ("paragraphs in formatting", nested("<b><p>", "</b>"), False),
    ("svg in svg", nested("<svg><foreignObject>", ""), False),
]


def measure(command: List[str], page: Path) -> Tuple[float, int]:
    """Seconds of the processor and the most memory of a run."""
    with open(page, "rb") as source, open(os.devnull, "wb") as nothing:
        child = subprocess.Popen(command, stdin=source, stdout=nothing)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stockmention", help="the command to measure")
    parser.add_argument("--size", type=int, default=200, help="MB of the page of news (default: 200)")
    parser.add_argument("--tags", type=int, default=1_000_000, help="nested tags (default: a million)")
    given = parser.parse_args()
    verbs: Dict[str, List[str]] = {"extract": ["extract", "--json"], "annotate": ["annotate"]}
    n_wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        for name, make, is_in_bytes in PAGES:
            whole = given.size * 1000 * 1000 if is_in_bytes else given.tags
            for verb, arguments in verbs.items():
                took: List[float] = []
                for n in (whole // 4, whole):
                    with open(page, "wb") as file:
                        file.writelines(make(n))
                    seconds, memory = measure([given.stockmention, *arguments, "--format", "html"], page)
                    took.append(seconds)
                size = page.stat().st_size
                share = (memory - FIXED_MEMORY) / size
                is_wrong = took[1] > MOST_GROWTH * took[0] + 0.2 or (size > 16 << 20 and share > MOST_MEMORY)
                n_wrong += is_wrong
                print(
                    f"{name:26}{verb:10}{size / 1e6:7.1f} MB {took[1]:7.2f} s, {took[1] / max(took[0], 0.01):4.1f} times a quarter's; "
                    f"{memory / 1e6:7.0f} MB of memory{'  WRONG' * is_wrong}",
                    flush=True,
                )
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
