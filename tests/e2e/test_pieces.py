"""Every document that comes with the repository, and the labelled ones where they are, in pieces: what is told one behind the
other is what the whole one has with the same options, wherever it is parted."""

import dataclasses
import json
import random
import re
from pathlib import Path
from typing import Iterable, List, Optional, Tuple, Union

import pytest
from conftest import ROOT

from stockmention import ArgumentError, Engine, Mention

GOLD = ROOT.parent / "shared" / "gold" / "dev.gold.jsonl"
PAGES = sorted((ROOT / "tests/e2e/pages").glob("*.html")) + [ROOT / "examples/article.html", ROOT / "README.zh.md"]
CONTEXTS = (None, 256, 700, 4096)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def challenges() -> str:
    """All texts of the tables of challenges as one, without the marks around what is to be found."""
    texts: List[str] = []
    for path in sorted((ROOT / "tests/eval/challenges").glob("*.tsv")):
        rows = path.read_text("utf-8").splitlines()[1:]
        texts += [re.sub(r"\[\[(.*?)\|.*?\]\]", r"\1", row.split("\t")[0]) for row in rows]
    return "\n".join(texts)


def told(mentions: Iterable[Mention]) -> List[Mention]:
    """What they were called on the day is told of securities, which each result has of its own mentions alone."""
    return [dataclasses.replace(mention, security_then="") for mention in mentions]


def in_pieces(
    engine: Engine, text: Union[str, bytes], sizes: random.Random, most: int, context: Optional[int], format: str
) -> List[Mention]:
    stream = engine.open_stream(context_bytes=context, format=format)
    mentions: List[Mention] = []
    at = 0
    while at < len(text):
        size = sizes.randint(0, most)
        mentions += stream.feed(text[at : at + size])
        at += size
    return told((*mentions, *stream.finish()))


def check_all(engine: Engine, text: Union[str, bytes], format: str, mosts: Tuple[int, ...]) -> int:
    sizes = random.Random(len(text))
    charset = "utf-8" if isinstance(text, bytes) else None
    n = 0
    for context in CONTEXTS:
        whole = told(engine.extract(text, format=format, charset=charset, context_bytes=context))
        n += len(whole)
        for most in mosts:
            assert in_pieces(engine, text, sizes, most, context, format) == whole, (text[:80], context, most)
    return n


def test_the_challenges_in_any_pieces(engine: Engine) -> None:
    text = challenges()
    assert check_all(engine, text, "text", (50, 3000)) > 5000
    assert check_all(engine, text.encode(), "text", (7, 900)) > 5000
    assert check_all(engine, text.replace("\n", "，"), "text", (90, 5000)) > 2000


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_in_any_pieces(engine: Engine, path: Path) -> None:
    format = "markdown" if path.suffix == ".md" else "html"
    check_all(engine, path.read_text("utf-8"), format, (1, 100))
    check_all(engine, path.read_bytes(), "text", (1, 100))


def test_the_labelled_documents_at_every_place(engine: Engine) -> None:
    if not GOLD.exists():
        pytest.skip(f"{GOLD} is not there")
    texts = [json.loads(line)["text"] for line in GOLD.read_text("utf-8").splitlines()]
    assert sum(check_all(engine, text, "text", (5, 60)) for text in texts) > 1000
    for text in texts[::60]:
        data = text.encode()
        whole = told(engine.extract(data, format="text", charset="utf-8", context_bytes=256))
        for at in range(len(data) + 1):
            stream = engine.open_stream(context_bytes=256)
            mentions = [*stream.feed(data[:at]), *stream.feed(data[at:]), *stream.finish()]
            assert told(mentions) == whole, (text[:80], at)


def test_what_is_known_of_it_is_passed_on(engine: Engine) -> None:
    only = iter(["XHKG:00700", "XSHG:688111"])
    stream = engine.open_stream(context_bytes=1000, title="金山办公走强", date="2021-12-22", only=only, max_bytes=90)
    first = stream.feed("腾讯控股微跌，贵州茅台")
    last = stream.feed("腾讯控股微跌。" * 10), stream.finish()
    assert first.mentions == ()
    mentions = [mention for result in last for mention in result]
    assert [(m.field, m.text) for m in mentions] == [("title", "金山办公")] + [("text", "腾讯控股")] * 4
    assert str(last[1].as_of) == "2021-12-22" and last[1].limits == ("bytes",) and last[1].read_bytes == 90


def test_mentions_come_before_the_end(engine: Engine) -> None:
    stream = engine.open_stream(context_bytes=256)
    early = sum(len(stream.feed("金山办公（688111）\n".encode() * 10)) for _ in range(9))
    assert early > 100 and early + len(stream.finish()) == 180


def test_wrong_use_is_told(engine: Engine) -> None:
    with pytest.raises(ArgumentError, match="context_bytes is 20; expected 0 or 256 at least"):
        engine.open_stream(context_bytes=20)
    with pytest.raises(ArgumentError, match="context_bytes is -1"):
        engine.extract("x", context_bytes=-1)
    with pytest.raises(TypeError, match="prefer is a str"):
        engine.open_stream(prefer="XHKG")
    stream = engine.open_stream()
    stream.feed("金山")
    with pytest.raises(TypeError, match="the piece is bytes"):
        stream.feed(b"x")
    assert [m.text for m in (*stream.feed("办公（688111）"), *stream.finish())] == ["金山办公", "688111"]
    with pytest.raises(ArgumentError, match="the stream has ended"):
        stream.feed("x")
