"""Annotated pages: what is inserted where, and that nothing else changes."""

import os
import random
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

import html5lib
import pytest
from conftest import ROOT, run

from stockmention import ArgumentError, Engine, UnknownError

HREF = "http://quote.eastmoney.com/unify/r/"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def short(annotated: str) -> str:
    """With [ and ] for our links' tags."""
    return re.sub(r'<a class="us" href="[^"]*">|<a href="[^"]*" class="us">(.*?)</a>', r"[\1]", annotated)


# format, source with what is marked in [ ]
PLACES = [
    ("html", "<p>[金山办公]与金山办公（688111.SH）"),
    ("html", "<p><b>[金山办公]</b>和<i>[贵州茅台]</i>"),
    ("html", "<p>[金山<b>办公</b>]"),
    ("html", "<p>[金山<!-- c -->办<wbr>公]"),
    ("html", "<p><b>金山</b>办公，[金山办公]"),
    ("html", "<p>[金山<i>办<b>公</b></i>]，<b>金山<i>办公</b></i>"),
    ("html", "<p>[金<b>山办</b><i>公</i>]"),
    ("html", "<p>金山<b>办公x</b>，[金山办公]"),
    ("html", "<p>[AT&amp;T]（NYSE: T）"),
    ("html", "<p>[金&#23665;办公]涨停"),
    ("html", '<a href="x">金山办公</a>，[金山办公]'),
    ("html", '<a name="x">金山办公<p>金山办公</a>，[金山办公]'),
    ("html", "<a>金山办公<p>贵州茅台"),
    ("html", "<button>金山办公</button><code>金山办公</code><pre>金山办公</pre>[金山办公]"),
    ("html", "<title>金山办公</title><textarea>金山办公</textarea><select><option>金山办公</select>[金山办公]"),
    ("html", "<svg><text>金山办公</text></svg><math><mi>金山办公</mi></math><xmp>金山办公</xmp>[金山办公]"),
    ("html", '<img alt="金山办公"><!-- 金山办公 --><script>"金山办公"</script><style>金山办公</style>[金山办公]'),
    ("html", "<nav>金山办公</nav><footer>金山办公</footer><p>[金山办公]"),
    ("html", "<p>（文章来源：东方财富）"),
    ("html", f'<p>金山办公，<a href="{HREF}1.688111">688111</a>'),
    ("html", "<h1>[金山办公]</h1><table>贵州茅台<tr>贵州茅台<td>[贵州茅台]</td>中芯国际</table>[中芯国际]"),
    ("markdown", "---\ntitle: 金山办公\n---\n# [金山办公]\n"),
    ("markdown", "**金山办公**、`金山办公`、[x 金山办公](y)、![金山办公](z)、[金山办公]"),
    ("markdown", "金山&#21150;公、[金山办公]"),
    ("markdown", "a <!a 金山办公\n\n<!a> [金山办公]"),
    ("markdown", "<p>[金山办公]</p>\n\n    金山办公\n"),
    ("markdown", "a\n [金山办公]\n> [贵州茅台]\n a，贵州茅台"),
]


@pytest.mark.parametrize("format, marked", PLACES)
def test_places(engine: Engine, format: str, marked: str) -> None:
    keeps = marked.replace("[x ", "\0x ").replace("![", "!\0").replace("](", "\1(")
    source = keeps.replace("[", "").replace("]", "").replace("\0x ", "[x ").replace("!\0", "![").replace("\1(", "](")
    annotated = engine.annotate(source, format=format, class_name="us")
    assert short(annotated) == marked
    assert engine.annotate(annotated, format=format, class_name="us") == annotated


@pytest.mark.parametrize(
    "source, expected",
    [
        ("贵州茅台涨停", f"[贵州茅台]({HREF}1.600519)涨停"),
        ("**贵州茅台** 贵州茅台", f"**贵州茅台** [贵州茅台]({HREF}1.600519)"),
        ("<div>贵州茅台</div>\n\n贵州茅台", f"<div>贵州茅台</div>\n\n[贵州茅台]({HREF}1.600519)"),
        ("![](贵州茅台)!贵州茅台", "![](贵州茅台)!贵州茅台"),
        ("[foo]贵州茅台涨停\n\n[foo]: x", "[foo]贵州茅台涨停\n\n[foo]: x"),
    ],
)
def test_markdown(engine: Engine, source: str, expected: str) -> None:
    assert engine.annotate(source, format="markdown", style="markdown") == expected
    assert engine.annotate(expected, format="markdown", style="markdown") == expected


def test_brackets_do_not_end_a_character_that_lacks_its_end(engine: Engine) -> None:
    source = b"\xb0$TSLA, $TSLA"
    annotated = engine.annotate(source, format="markdown", style="markdown", charset="gbk")
    assert annotated == f"\udcb0$TSLA, [$TSLA]({HREF}105.TSLA)".encode("ascii", "surrogateescape")


# a page in Markdown, how, the reason
AGAIN = [
    ("\n><p>$A\n><s $A", {"style": "eastmoney", "all": True, "add": True}, "a picture before the HTML of a quote"),
    ("> <p>$gt\n> *$A*", {"style": "eastmoney", "all": True, "add": True}, "the same behind a space"),
    ("- <p>$gt\n  *$A*", {"style": "eastmoney", "all": True, "add": True}, "in a list"),
    ("<!-- x -->\n<p>$gt\n*$A*", {"style": "eastmoney", "all": True, "add": True}, "behind another block of HTML"),
    ("$A<!-- EM_StockImg_Start -->A\n\n<p>b", {"style": "eastmoney", "all": True, "add": True}, "a place within a code"),
    ("  <p>$gt\n*$A*", {"style": "eastmoney", "all": True, "add": True}, "behind spaces"),
    ("$GT -<?>$T?>", {"style": "markdown"}, "text within a declaration"),
    ('<n id="stock_1.688111">688111.SH 688111 $gt', {"all": True, "most": 3}, "links inside of one for the same security"),
    ('<n id="stock_1.688111">金山办公茅台（600519', {"all": True, "most": 3}, "and of another"),
]


@pytest.mark.parametrize("source, how, reason", AGAIN, ids=[row[2] for row in AGAIN])
def test_a_second_run_changes_nothing_in_markdown(engine: Engine, source: str, how: Dict[str, Any], reason: str) -> None:
    once = engine.annotate(source, format="markdown", **how)
    assert once != source and engine.annotate(once, format="markdown", **how) == once, reason


def test_every_mention_or_some(engine: Engine) -> None:
    source = "<p>金山办公（688111.SH），贵州茅台（600519），金山办公"
    assert engine.annotate(source, all=True).count("<a ") == 5
    assert engine.annotate(source).count("<a ") == 2
    assert engine.annotate(source, most=1).count("<a ") == 1
    linked = engine.annotate(source, most=1)
    assert engine.annotate(linked, all=True, most=1) == linked
    assert engine.annotate("<h1>金山办公</h1><p>金山办公", skip_headings=True).startswith("<h1>金山办公</h1><p><a ")
    unsure = "<p>贵州茅台涨停。茅台"
    assert engine.annotate(unsure, all=True).count("<a ") == 2
    assert engine.annotate(unsure, all=True, min_confidence=0.99).count("<a ") == 1


def test_a_heading_that_links_of_ours_make_one_of_a_list_stays_a_heading(engine: Engine) -> None:
    page = "-<aside>腾讯\n# 7.HK"
    once = engine.annotate(page, format="markdown", all=True, skip_headings=True)
    assert once.startswith("-<aside><a ") and once.endswith("</a>\n# 7.HK")
    assert engine.annotate(once, format="markdown", all=True, skip_headings=True) == once


def test_attributes_and_addresses_are_escaped(engine: Engine) -> None:
    source = "<p>贵州茅台涨停"
    annotated = engine.annotate(
        source, class_name='a"b', rel="nofollow", target="<x>", url="https://example.com/?m={mic}&c={code}&i={id}&n=}"
    )
    assert annotated == (
        '<p><a href="https://example.com/?m=XSHG&amp;c=600519&amp;i=XSHG:600519&amp;n=}" class="a&quot;b" '
        'rel="nofollow" target="&lt;x&gt;">贵州茅台</a>涨停'
    )
    assert engine.annotate("贵州茅台涨停", style="markdown", url="u( )/{code}") == "[贵州茅台](u%28%20%29/600519)涨停"
    assert HREF not in engine.annotate(source, provider="xueqiu")


# style, format, what stands before and behind a name whose page has an address that wants to be markup
HOSTILE = "https://x/\"onx=\"'<b>)](javascript:y)`"
ESCAPED = "https://x/&quot;onx=&quot;'&lt;b&gt;)](javascript:y)`600519"
ENCODED = "https://x/%22onx=%22'%3Cb%3E%29]%28javascript:y%29`600519"
HOSTILE_STYLES = [
    ("link", "html", f'<a href="{ESCAPED}">', "</a>"),
    ("link", "markdown", f'<a href="{ESCAPED}">', "</a>"),
    ("markdown", "text", "[", f"]({ENCODED})"),
    ("ansi", "text", f"\x1b]8;;{HOSTILE}600519\x1b\\\x1b[1m", "\x1b[22m\x1b]8;;\x1b\\"),
]


def test_addresses_of_hostile_dictionaries_stay_addresses(tmp_path: Path) -> None:
    rows = f"id\tkind\tmics\ttemplate\tform\tuse\nevil\tquote\tXSHG\t{HOSTILE}{{code}}\t\trw\n"
    (tmp_path / "providers.tsv").write_text(rows)
    assert run("dict", "build", "--base", "default", "--add", tmp_path, "-o", tmp_path / "my.smd").status == 0
    for style, form, before, behind in HOSTILE_STYLES:
        options = ["--style", style, "--format", form, "--dict", tmp_path / "my.smd", "--provider", "evil"]
        got = run("annotate", *options, input="贵州茅台涨停")
        assert got.out == f"{before}贵州茅台{behind}涨停", style


def test_a_terminal_is_told_nothing_by_an_address(engine: Engine) -> None:
    annotated = engine.annotate("贵州茅台涨停", style="ansi", url="http://x/\x1b]0;y\x07\x9b é/{code}")
    assert annotated.startswith("\x1b]8;;http://x/%1B]0;y%07%C2%9B%20%C3%A9/600519\x1b\\\x1b[1m贵州茅台")


def test_bytes_and_strings(engine: Engine) -> None:
    source = "<p>é𠮷贵州茅台涨停"
    assert engine.annotate(source.encode()) == engine.annotate(source).encode()
    broken = b"<p>\xff\xe9\x87 " + source.encode() + b"\xf0"
    assert engine.annotate(broken).replace(f'<a href="{HREF}1.600519">'.encode(), b"").replace(b"</a>", b"") == broken


def test_terminals(engine: Engine) -> None:
    mark = f"\x1b]8;;{HREF}1.600519\x1b\\\x1b[1m贵州茅台\x1b[22m\x1b]8;;\x1b\\"
    assert engine.annotate("贵州茅台涨，贵州茅台跌", style="ansi") == f"{mark}涨，{mark}跌"


@pytest.mark.parametrize(
    "options, error, says",
    [
        ({"style": "neon"}, ArgumentError, "neon"),
        ({"style": "link", "format": "text"}, ArgumentError, "plain text has no place for the style 'link'"),
        ({"style": "markdown", "format": "html"}, ArgumentError, "HTML has no place for the style 'markdown'"),
        ({"provider": "nobody"}, UnknownError, "provider 'nobody'"),
    ],
)
def test_wrong_options(engine: Engine, options: dict, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        engine.annotate("<p>贵州茅台", **options)


# --- Eastmoney --------------------------------------------------------------------------------------------------------


def elements(page: str, tag: str) -> List[dict]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [dict(element.attrib) for element in tree.iter(tag)]


def test_first_mentions_and_the_picture(engine: Engine) -> None:
    annotated = engine.annotate("<div><p>贵州茅台涨，贵州茅台跌，阿里巴巴-W（09988）", style="eastmoney")
    assert annotated.startswith('<div><!-- EM_StockImg_Start --><p style="text-align:center;"><a href=')
    assert '</a></p><!-- EM_StockImg_End --><p><span id="stock_1.600519"><a href=' in annotated
    assert '</a></span><span id="quote_1.600519"></span>涨，贵州茅台跌' in annotated
    links = elements(annotated, "a")
    assert [link.get("data-code") for link in links] == ["600519|1|1", "1,600519", "116,09988"]
    assert engine.annotate(annotated, style="eastmoney") == annotated
    every = elements(engine.annotate("<p>贵州茅台涨，贵州茅台跌", style="eastmoney", all=True), "a")
    assert [link["class"] for link in every] == ["EmImageRemark", "keytip", "em_stock_key_common"]


def test_the_picture_is_of_the_main_stock_and_each_link_of_its_own(engine: Engine) -> None:
    annotated = engine.annotate("<p>宁德时代涨停，贵州茅台涨，贵州茅台（600519）跌，贵州茅台公告", style="eastmoney")
    assert [(link["href"], link["data-code"]) for link in elements(annotated, "a")] == [
        (f"{HREF}1.600519", "600519|1|1"),
        (f"{HREF}0.300750", "0,300750"),
        (f"{HREF}1.600519", "1,600519"),
    ]


# id, data-code2 or None
TYPES = [("XSHG:600519", "600519|1|2|"), ("XSHG:688111", "688111|1|23|"), ("XSHG:900901", "900901|1|3|"),
         ("XSHE:000001", "000001|0|6|"), ("XSHE:300750", "300750|0|80|"), ("XSHE:200012", "200012|0|7|"),
         ("BJSE:920819", "920819|0|81|"), ("XHKG:00700", None), ("XNAS:AAPL", None), ("XNYS:BRK.B", None)]  # fmt: skip


@pytest.mark.parametrize("id, code2", TYPES)
def test_types_of_securities(engine: Engine, id: str, code2: str) -> None:
    mic, code = id.split(":")
    suffix = {"XSHG": "SH", "XSHE": "SZ", "BJSE": "BJ", "XHKG": "HK"}.get(mic, "US")
    annotated = engine.annotate(f"<p>股票{code}.{suffix}涨停", style="eastmoney")
    (picture,) = elements(annotated, "img")
    assert picture.get("data-code2") == (code2 and "K " + code2), annotated
    (block, mention) = engine.extract(annotated).mentions[:2]
    assert (block.kind, block.security, mention.security) == ("link", id, id)


def test_the_picture_stands_in_the_page_or_not_at_all(engine: Engine) -> None:
    waiting = engine.annotate("<p>a</p><!-- EM_StockImg_Start --><!-- EM_StockImg_End --><p>贵州茅台", style="eastmoney")
    assert "<!-- EM_StockImg_Start --><p style" in waiting and waiting.count("EM_StockImg") == 2
    for page in ("<table><tr><td><p>贵州茅台</table>", "贵州茅台涨", "<p>没有"):
        assert "<img" not in engine.annotate(page, style="eastmoney", format="html")
    assert engine.annotate("<p>贵州茅台\n", style="eastmoney", format="markdown").startswith('<p style="text-align')
    for page in ("<p>贵州茅台", "<!-- EM_StockImg_Start --><!-- EM_StockImg_End --><p>贵州茅台"):
        shown = engine.annotate(page, style="eastmoney", add=True)
        assert shown.count("<img") == 1
        assert engine.annotate(shown, style="eastmoney", add=True) == shown


def test_the_seed_page_gets_its_block_back(engine: Engine, seed: str) -> None:
    assert engine.annotate(seed, style="eastmoney") == seed
    stripped = re.sub("<!-- EM_StockImg_Start -->.*<!-- EM_StockImg_End -->", "", seed)
    annotated = engine.annotate(stripped, style="eastmoney")
    for tag, keys in (("a", "href target class data-code data-code2"), ("img", "alt data-code width height")):
        (old, new) = (elements(page, tag)[0] for page in (seed, annotated))
        assert [old[key] for key in keys.split()] == [new[key] for key in keys.split()]
    for part in ("nid=1.688111", "imageType=k", "at=1"):
        assert part in elements(annotated, "img")[0]["src"].replace("&", "?").split("?")
    assert [span["id"] for span in elements(annotated, "span")] == [
        "stock_1.688111", "quote_1.688111", "stock_105.KC", "quote_105.KC"
    ]  # fmt: skip
    assert engine.annotate(annotated, style="eastmoney") == annotated


# address, what is said of it, None where it is good
ADDRESSES = [
    ("https://x.cn/{code}", None),
    ("HTTP://x.cn/?{mic}", None),
    ("//x.cn/{id}", None),
    ("/{mic}/{code}", None),
    ("stocks:old/{code}.html", "is no address of the web"),
    ("./stocks:old/{code}.html", None),
    ("{code}.html?a:b", None),
    ("", "is the same for every security"),
    ("https://x.cn/", "is the same for every security"),
    ("https://x.cn/code}", "is the same for every security"),
    ("https://x.cn/{foo}/{code}", "has '{foo}', which stands for nothing"),
    ("https://x.cn/{code}/{Code}", "has '{Code}', which stands for nothing"),
    ("https://x.cn/{code}{", "has '{', which stands for nothing"),
    ("https://x.cn/{" + "a" * 99 + "}{code}", "has '{" + "a" * 23 + "', which stands for nothing"),
    ("javascript:alert('{code}')", "is no address of the web"),
    (" java\tscript\n:alert('{code}')", "is no address of the web"),
    ("data:text/html,{id}", "is no address of the web"),
    ("ftp://x.cn/{code}", "is no address of the web"),
    ("httpss://x.cn/{code}", "is no address of the web"),
    (":{code}", "is no address of the web"),
]


@pytest.mark.parametrize("address, says", ADDRESSES)
def test_addresses_tell_securities_apart_and_are_of_the_web(engine: Engine, address: str, says: Optional[str]) -> None:
    if says is None:
        assert "600519" in engine.annotate("<p>贵州茅台涨停", url=address) or "{mic}" in address
        return
    with pytest.raises(ArgumentError) as error:
        engine.annotate("<p>贵州茅台涨停", url=address)
    assert says in str(error.value) and "{mic}, {code} or {id}" in str(error.value)
    assert engine.annotate("<p>x", url=address, style="eastmoney") == "<p>x", "which has addresses of its own"


# --- The command ------------------------------------------------------------------------------------------------------


def test_the_command_does_what_the_library_does(engine: Engine, tmp_path: Path) -> None:
    path = ROOT / "examples/article.html"
    source = path.read_text(encoding="utf-8")
    assert run("annotate", path).out == engine.annotate(source, format="html") != source
    options = ["--style=link", "--all", "--most=3", "--class=x", "--rel=y", "--target=z", "--url={id}", "--no-headings"]
    got = run("annotate", *options, "--output", tmp_path / "out.html", path)
    assert (got.status, got.out, got.err) == (0, "", "")
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == engine.annotate(
        source, all=True, most=3, class_name="x", rel="y", target="z", url="{id}", skip_headings=True
    )
    got = run("annotate", "--format=text", path)
    assert (got.status, got.out) == (2, "")
    assert got.err.startswith(f"stockmention annotate: {path}: plain text has no place for the style 'link'")
