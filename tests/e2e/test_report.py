"""The report: one page of HTML that shows a document's text, its mentions and its securities, and trusts none of them."""

import json
import random
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import html5lib
import pytest
from conftest import ROOT, extract, run
from html5lib.treebuilders import getTreeBuilder

from stockmention import Engine

ARTICLE = (ROOT / "examples/article.html").read_text(encoding="utf-8")

# format, document
DOCUMENTS = [
    ("html", ARTICLE),
    ("html", "<title>贵州茅台</title><nav>腾讯控股</nav><h1>A &amp; <i>金&#23665;办公</i></h1><p>a<br>b"
             "<table><tr><td>宁德时代<td>300750.SZ</table>比亚迪<footer>中信证券</footer>"),
    ("html", '<p>x<a href="http://quote.eastmoney.com/unify/r/1.688111"><img></a>'),
    ("html", '<a href="https://xueqiu.com/S/SH600519">贵州茅台<p>贵州茅台</p></a><p>y'),
    ("html", '<span id="stock_1.688668"><a href="http://quote.eastmoney.com/unify/r/1.688668">鼎通科技</a></span>'
             '<span id="quote_1.688668"></span>'),
    ("html", "<h1>贵州茅台</h1><h1>金山办公</h1><p>&NotEqualTilde;贵州茅台&acE;&lt;script&gt;金山办公\0\x01贵州茅台"),
    ("markdown", "---\ntitle: 金山办公 <b>\ndate: 2021-12-22\n---\n# 腾讯控股\n\n**阿里巴巴**（09988.HK）`x`、[茅台](y)\n\n"
                 "| 名称 | 代码 |\n|--|--|\n| 贵州茅台 | 600519 |\n"),
    ("text", "金山办公（688111）涨停\n\n  股票代码：600519\r\nApple Inc. (NASDAQ: AAPL) rose; BRK.B & <AT&T>\n"),
    ("text", "中国平安、招商银行H股走低。\U0001f600茅台"),
    ("text", "没有"),
    ("text", ""),
    ("html", "<p>"),
]  # fmt: skip
NAMES = [f"{format} {document[:24]!r}" for format, document in DOCUMENTS]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


class Report:
    """A report as a browser reads it."""

    def __init__(self, page: str):
        parser = html5lib.HTMLParser(tree=getTreeBuilder("etree"), namespaceHTMLElements=False)
        self.root = parser.parse(page)
        # Characters that Unicode has set apart are the document's own and stay.
        errors = [error for error in parser.errors if error[1] != "invalid-codepoint"]
        assert errors == []
        self.elements: List[Any] = [element for element in self.root.iter() if isinstance(element.tag, str)]
        self.by_id: Dict[str, Any] = {e.attrib["id"]: e for e in self.elements if "id" in e.attrib}
        assert len(self.by_id) == sum("id" in e.attrib for e in self.elements), "an id stands once"

    def all(self, tag: str, class_name: str = "") -> List[Any]:
        return [e for e in self.elements if e.tag == tag and class_name in ["", *e.attrib.get("class", "").split()]]

    def mentions(self) -> List[Tuple[str, str, str, int]]:
        """(text, kind, security, percent) in their order, each from its card, its security also from the list."""
        found = []
        for mention in self.all("span", "m"):
            links = mention.findall("a")
            if not links:
                continue  # of the legend
            (link,) = links
            card = self.by_id[link.attrib["aria-describedby"]]
            entry = self.by_id[link.attrib["href"][1:]]
            security = shown(card.find("span/code"))
            assert security == shown(entry.find("p/code")) and link.attrib["data-n"] == link.attrib["href"][2:]
            kind = shown(next(e for e in card if e.attrib.get("class") == "facts")).split(",")[0]
            text = "" if kind == "link" else shown(link)
            found.append((text, kind, security, percent_in(shown(next(e for e in card if e.attrib.get("class") == "sure")))))
        return found

    def entries(self) -> List[Any]:
        return [e for e in self.elements if e.tag == "li" and re.fullmatch(r"s\d+", e.attrib.get("id", ""))]

    def blocks(self) -> List[str]:
        """The texts of heading and article, without what the report adds."""
        (heading,), (article,) = self.all("h1"), self.all("article")
        return [shown(e) for e in [heading, *article.iter()] if e.tag in ("h1", "h2", "p", "li")]


def shown(element: Any) -> str:
    """Its text without cards and without the words of links."""
    own = element.attrib.get("class") == "card" or "page-link" in element.attrib.get("class", "").split()
    if own and element.tag == "span":
        return ""
    return (element.text or "") + "".join(shown(child) + (child.tail or "") for child in element)


def percent_in(text: str) -> int:
    (number,) = re.findall(r"(\d+) %", text)
    return int(number)


def is_percent_of(number: int, share: float) -> bool:
    """As near as the four digits of JSON tell."""
    return abs(number - share * 100) <= 0.505


def as_html(text: str) -> str:
    """As a browser hands text out that HTML has a place for."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f]", "\ufffd", re.sub("\r\n?", "\n", text))


def check_against_json(format: str, document: str) -> None:
    """The report says what extraction does."""
    report = Report(run("annotate", "--style=report", f"--format={format}", input=document).out)
    found = extract(document, f"--format={format}", "--provider=all")
    assert [mention[:3] for mention in report.mentions()] == [
        (m["text"] if m["kind"] != "link" else "", m["kind"], m["security"]) for m in found["mentions"]
    ]
    for mention, m in zip(report.mentions(), found["mentions"]):
        assert is_percent_of(mention[3], m["confidence"])
    listed = {shown(e.find("p/code")): e for e in report.entries()}
    rolled_up = [row["security"] for row in found["securities"]]
    assert list(listed)[: len(rolled_up)] == rolled_up
    assert set(listed) == {m["security"] for m in found["mentions"]}
    for row in found["securities"]:
        said = "".join(shown(e) for e in listed[row["security"]].findall("p"))
        noun = "mention" if row["count"] == 1 else "mentions"
        assert f"{row['count']} {noun}, salience" in said and is_percent_of(percent_in(said), row["salience"])
    for mention in found["mentions"]:
        links = [a.attrib["href"] for a in listed[mention["security"]].iter("a")]
        assert links[0] == (mention["url"] or "#m1") or mention["url"] is None
        assert [href for href in links[1:] if href[0] != "#"] == list(mention["urls"].values())


@pytest.mark.parametrize("format, document", DOCUMENTS, ids=NAMES)
def test_every_mention_is_there_with_its_security(format: str, document: str) -> None:
    check_against_json(format, document)


def test_the_seed_page(seed: str) -> None:
    check_against_json("markdown", seed)


@pytest.mark.parametrize("format, document", DOCUMENTS, ids=NAMES)
def test_the_text_is_that_of_the_reader(format: str, document: str) -> None:
    report = Report(run("annotate", "--style=report", f"--format={format}", input=document).out)
    runs = run("text", f"--format={format}", input=document).lines
    blocks = report.blocks()
    if not runs or runs[0]["region"] != "title":
        assert blocks.pop(0) == "Stock mentions"
    if not runs:
        assert blocks == ["The document has no text."]
        return
    assert [block for block in blocks if block] == [as_html(run["text"]) for run in runs]


def test_regions_become_elements(engine: Engine) -> None:
    report = Report(engine.annotate(DOCUMENTS[1][1], style="report", format="html"))
    (article,) = report.all("article")
    assert [(e.tag, e.attrib.get("class", "")) for e in article] == [
        ("ul", "chrome"), ("h2", ""), ("p", ""), ("p", ""), ("ul", "cells"), ("p", ""), ("ul", "chrome")
    ]  # fmt: skip
    assert [len(list(e)) for e in article if e.tag == "ul"] == [1, 2, 1]
    assert article.attrib["lang"] == "zh" and "class" not in article.attrib
    plain = Report(engine.annotate("Shares of Apple rose.\nAnd fell.", style="report"))
    assert plain.all("article")[0].attrib == {"lang": "en", "class": "plain"}


def test_evidence_and_other_lines_are_in_the_card(engine: Engine) -> None:
    text = "中国平安走低。"
    (mention,) = engine.extract(text).mentions
    assert len(mention.candidates) > 1 and mention.evidence
    (card,) = Report(engine.annotate(text, style="report")).all("span", "card")
    words = [shown(e) for e in card.iter("i")]
    assert words == list(mention.evidence)
    lines = [shown(e) for e in next(e for e in card if e.attrib["class"] == "lines") if e.tag == "span"]
    assert [line.split()[0] for line in lines] == [candidate.security for candidate in mention.candidates]


def test_the_title_is_the_heading_and_has_its_mentions(engine: Engine) -> None:
    report = Report(engine.annotate("<title>x</title><p>贵州茅台", style="report", format="html", title="<i>金山办公\xff"))
    assert report.blocks() == ["<i>金山办公\xff", "x", "贵州茅台"]
    assert [mention[:3] for mention in report.mentions()] == [
        ("金山办公", "name", "XSHG:688111"),
        ("贵州茅台", "name", "XSHG:600519"),
    ]
    assert shown(report.all("title")[0]) == "<i>金山办公\xff – stock mentions"
    assert Report(engine.annotate("x", style="report", title=b"\xff\xfe")).blocks() == ["\ufffd\ufffd", "x"]


def test_what_the_caller_chose(engine: Engine) -> None:
    def first_link(**how: Any) -> str:
        (entry,) = Report(engine.annotate("贵州茅台涨停", style="report", **how)).entries()
        return next(entry.iter("a")).attrib["href"]

    assert first_link() == "http://quote.eastmoney.com/unify/r/1.600519"
    assert first_link(provider="xueqiu") == "https://xueqiu.com/S/SH600519"
    assert first_link(url="HTTPS://example.com/{mic}/{code}?a&b") == "HTTPS://example.com/XSHG/600519?a&b"
    assert first_link(url='https://x/" onclick="a<b>é{code}') == "https://x/%22%20onclick=%22a%3Cb%3E%C3%A9600519"
    for not_of_the_web in (" https://x/{code}", "//x/{code}", "{code}"):
        assert first_link(url=not_of_the_web) == "#m1"
    unsure = Report(engine.annotate("贵州茅台涨停。茅台", style="report", min_confidence=0.99))
    assert len(unsure.mentions()) == 1


def test_other_charsets_become_utf_8(engine: Engine) -> None:
    source = "<title>金山办公</title><p>贵州茅台（600519）é"
    expected = engine.annotate(source, style="report", format="html")
    for charset in ("gb18030", "utf-16le"):
        got = engine.annotate(source.encode(charset), style="report", format="html", charset=charset)
        assert got.decode("utf-8") == expected


# --- Nothing that comes from elsewhere is markup ----------------------------------------------------------------------

TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "span", "b", "i", "bdi", "code",
    "div", "main", "article", "aside", "ul", "ol", "li", "img", "details", "summary", "footer"
}  # fmt: skip
ATTRIBUTES = {
    "alt", "aria-describedby", "aria-hidden", "aria-labelledby", "charset", "class", "content", "data-n", "height", "href",
    "http-equiv", "id", "lang", "loading", "name", "open", "referrerpolicy", "rel", "role", "src", "style", "tabindex", "width"
}  # fmt: skip
STYLE = re.compile(r"--hue:\d{1,3}|--share:\d{1,3}%")


def check_harmless(page: str) -> Report:
    report = Report(page)
    for element in report.elements:
        assert element.tag in TAGS and set(element.attrib) <= ATTRIBUTES, (element.tag, element.attrib)
        assert re.fullmatch(r"(https?://|#[ms]\d+$|#securities$).*", element.attrib.get("href", "#m1"))
        if element.tag == "img":
            assert element.attrib["src"].startswith("https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=")
        if "style" in element.attrib:
            assert STYLE.fullmatch(element.attrib["style"])
    for target in [e.attrib["href"][1:] for e in report.elements if e.attrib.get("href", "").startswith("#")]:
        assert target in report.by_id
    return report


PIECES = [
    "<script>alert(1)</script>", "</article>", '"><img src=x onerror=alert(1)>', "' onfocus='x", "<!--", "-->", "]]>", "</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;b>", "&quot;", "\0", "\x1b[1m", "\u202e", "\ufffe", "{{list}}", "{{text}}", "javascript:x",
    '<a href="javascript:alert(1)//xueqiu.com/S/SH600519">', '<a href="https://xueqiu.com/S/SH600519">', "</a>", "<p>", "<title>",
    "</title>", "<h1>", "<td>", "<svg>", "贵州茅台", "金山办公（688111.SH）", "$AAPL", "茅台", "\n", "&nbsp;", "&NotEqualTilde;", "600519"
]  # fmt: skip


def hostile_documents() -> Iterator[str]:
    random_source = random.Random(11)
    for _ in range(400):
        yield "".join(random_source.choice(PIECES) for _ in range(random_source.randrange(1, 30)))


def test_hostile_documents(engine: Engine) -> None:
    n_mentions = 0
    for document in hostile_documents():
        for format in ("html", "markdown", "text"):
            title = document if len(document) % 2 else None
            page = engine.annotate(document, style="report", format=format, title=title)
            report = check_harmless(page)
            found = engine.extract(document, format=format, title=title).mentions
            shown_mentions = [(text, security) for text, _, security, _ in report.mentions()]
            assert shown_mentions == [("" if m.kind == "link" else m.text, m.security) for m in found], document
            n_mentions += len(found)
    assert n_mentions > 1000


@pytest.fixture(scope="module")
def hostile_dictionary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dictionary of someone who wants to be markup."""
    folder = tmp_path_factory.mktemp("hostile")
    tables = {
        "securities": [
            "id\tissuer\ttype\tboard\tcurrency\tisin\tlisted\tdelisted\tstatus\tsuccessor",
            "XSHG:689999\tXSHG:689999\tstock\tstar\tCNY\t\t\t\tactive\t",
        ],
        "names": [
            "id\tname\tlang\tkind\tfrom\tto\tambiguous\tpolicy",
            'XSHG:689999\t呱呱"><script>alert(1)</script>&amp;\' onx=\tzh\tshort\t\t\t\t',
            "XSHG:689999\t呱呱<b>股份\tzh\talias\t\t\t\t",
        ],
        "providers": [
            "id\tkind\tmics\ttemplate\tform\tuse",
            'evil\tquote\tXSHG\thttps://x/"onx="\'<b>{code}\t\trw',
        ],
    }
    for name, rows in tables.items():
        (folder / f"{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    got = run("dict", "build", "--base", "default", "--add", folder, "-o", folder / "my.smd")
    assert got.status == 0, got.err
    return folder / "my.smd"


def test_hostile_dictionaries(hostile_dictionary: Path) -> None:
    document = "呱呱<b>股份（689999.SH）首日上涨。"
    report = check_harmless(
        run("annotate", "--style=report", "--format=text", "--dict", hostile_dictionary, input=document).out
    )
    assert ("呱呱<b>股份", "name", "XSHG:689999") in [mention[:3] for mention in report.mentions()]
    (entry,) = report.entries()
    name = "呱呱\"><script>alert(1)</script>&amp;' onx="
    assert shown(entry.find("h3")) == name
    assert report.all("img")[0].attrib["alt"] == "K-line of " + name
    hrefs = {shown(a): a.attrib["href"] for a in entry.iter("a")}
    assert hrefs["evil"] == "https://x/%22onx=%22'%3Cb%3E689999"


def test_addresses_in_a_dictionary_are_of_the_web(tmp_path: Path) -> None:
    rows = "id\tkind\tmics\ttemplate\tform\tuse\nx\tquote\tXSHG\tjavascript:alert({code})\t\trw\n"
    (tmp_path / "providers.tsv").write_text(rows)
    got = run("dict", "build", "--base", "default", "--add", tmp_path, "-o", tmp_path / "my.smd")
    assert got.status == 1 and "expected http:// or https://" in got.err


# --- The page itself --------------------------------------------------------------------------------------------------


def test_the_page_stands_alone(engine: Engine) -> None:
    page = engine.annotate(ARTICLE, style="report", format="html")
    report = check_harmless(page)
    assert not re.search(r"{{|}}|@import|url\(|<script|<link", page)
    policy = next(e for e in report.elements if "http-equiv" in e.attrib).attrib["content"]
    assert policy.startswith("default-src 'none'; img-src https://webquoteklinepic.eastmoney.com; ")
    sources = [e.attrib["src"] for e in report.elements if "src" in e.attrib]
    assert sources[0] == "https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=1.600519&imageType=k&at=1"
    assert engine.annotate(ARTICLE, style="report", format="html") == page


def test_the_command_writes_it(engine: Engine, tmp_path: Path) -> None:
    got = run("annotate", "--style", "report", "--output", tmp_path / "r.html", "examples/article.html")
    assert (got.status, got.out, got.err) == (0, "", "")
    written = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert written == engine.annotate(ARTICLE, style="report", format="html")
    assert json.dumps(Report(written).mentions()[0][:3]) == json.dumps(["贵州茅台", "name", "XSHG:600519"])


def test_a_title_is_utf8_whatever_it_looks_like(engine: Engine) -> None:
    page = engine.annotate(b"-", style="report", title=b"\xfe\xff\x00" + "腾讯控股".encode(), format="text")
    assert page.count(b'><a id="m') == 1
