"""Other charsets: the same mentions at the right bytes, annotated in the charset of the page."""

import json
import pickle
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import pytest
from conftest import ROOT, run

from stockmention import ArgumentError, Engine

GOLD = ROOT / "../shared/gold/dev.gold.jsonl"
# label, Python's codec
CHARSETS = [("gb18030", "gb18030"), ("gbk", "gbk"), ("utf-16le", "utf-16le"), ("utf-16be", "utf-16be"),
            ("big5", "big5hkscs"), ("shift_jis", "cp932"), ("euc-jp", "euc_jp"), ("euc-kr", "cp949"),
            ("windows-1252", "cp1252")]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def texts() -> Iterator[str]:
    yield (ROOT / "examples/article.html").read_text(encoding="utf-8")
    yield "騰訊控股（00700.HK）與台積電漲，Apple (NASDAQ: AAPL) rose 3%. " * 300
    yield "𠮷野家 😀 金山办公（688111）涨停，贵州茅台。" * 200
    yield "トヨタ自動車とアップル（AAPL）、삼성전자 Microsoft Corp. (NASDAQ: MSFT)"
    if GOLD.exists():
        for line in GOLD.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def encodable(text: str, codec: str) -> str:
    """Without what the charset lacks."""
    return text.encode(codec, "ignore").decode(codec)


def found(engine: Engine, text: bytes, **options: str) -> List[Tuple[bytes, str]]:
    return [(text[m.start : m.end], m.security) for m in engine.extract(text, **options)]


@pytest.mark.parametrize("label, codec", CHARSETS)
def test_the_same_mentions_at_the_right_bytes(engine: Engine, label: str, codec: str) -> None:
    n_mentions = 0
    for text in texts():
        text = encodable(text, codec)
        result = engine.extract(text)
        expected = [(text[m.start : m.end].encode(codec), m.security) for m in result]
        assert found(engine, text.encode(codec), charset=label) == expected
        n_mentions += len(expected)
    assert n_mentions > 5


@pytest.mark.parametrize("label, codec", CHARSETS)
def test_annotated_in_the_charset_of_the_page(engine: Engine, label: str, codec: str) -> None:
    for text in texts():
        text = encodable(text, codec)
        for style in ("eastmoney", "link"):
            expected = engine.annotate(text, format="html", style=style, class_name="é图")
            got = engine.annotate(text.encode(codec), format="html", style=style, class_name="é图", charset=label)
            assert got == expected.encode(codec, "xmlcharrefreplace")


PAGE = "<html><head>{}</head><body><p>金山办公（688111）涨停，贵州茅台股价下跌。"


def test_a_mark_of_byte_order_stays_before_the_first_mention(engine: Engine) -> None:
    text = "贵州茅台（600519）涨停"
    for style in ("markdown", "ansi"):
        expected = engine.annotate(text, format="text", style=style).encode("utf-16")
        assert engine.annotate(text.encode("utf-16"), format="text", style=style) == expected


def test_a_title_is_utf_8_whatever_it_looks_like(engine: Engine) -> None:
    title = ("别的" * 2000 + "贵州茅台涨停").encode("utf-16")
    result = engine.extract("x", title=title)
    assert not list(result) and result.invalid_bytes
    (mention, *_) = engine.extract("x", title="贵州茅台涨停")
    assert (mention.field, mention.start, mention.end) == ("title", 0, 4)


@pytest.mark.parametrize(
    "declared, codec",
    [
        ('<meta charset="gb2312">', "gbk"),
        ("<META content='text/html; charset=GBK' http-equiv=Content-Type>", "gbk"),
        ('<!-- <meta charset=utf-8> --><meta charset = "gb18030" >', "gb18030"),
        ('<meta name=a content="b"><meta charset=big5>', "big5hkscs"),
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta charset="gbk">', "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ('<meta charset="gbk">', "utf-16"),
        ("", "gbk"),
    ],
)
def test_what_a_page_declares_and_is(engine: Engine, declared: str, codec: str) -> None:
    text = encodable(PAGE.format(declared), codec) * (1 if declared or codec != "gbk" else 20)
    expected = [(m.text, m.security) for m in engine.extract(text, format="html")]
    assert len(expected) > (codec != "big5hkscs")  # which has few of the characters
    assert [(m.text, m.security) for m in engine.extract(text.encode(codec), format="html")] == expected


def test_xml_and_the_caller(engine: Engine) -> None:
    xml = '<?xml version="1.0" encoding="GBK"?><p>金山办公（688111）涨停'.encode("gbk")
    assert len(found(engine, xml)) == 2
    assert len(found(engine, "金山办公（688111）涨停".encode("gbk"), charset=" GB2312 ")) == 2
    with pytest.raises(ArgumentError, match="document.charset 'klingon' is not known"):
        engine.extract(b"", charset="klingon")


def charset_of(text: bytes) -> str:
    return run("extract", "--json", input=text).one.get("charset", "utf-8")


@pytest.mark.parametrize("codec", ["utf-16le", "utf-16be"])
def test_utf_16_without_a_mark(engine: Engine, codec: str) -> None:
    for text in ("一开始，贵州茅台（600519）开一字板", "Apple Inc. (NASDAQ: AAPL) rose", "騰訊控股（00700.HK）\r\n上漲"):
        encoded = text.encode(codec)
        assert charset_of(encoded) == codec
        expected = [(text[m.start : m.end].encode(codec), m.security) for m in engine.extract(text)]
        assert found(engine, encoded) == expected != []
    assert charset_of("贵州茅台涨停".encode("utf-16le")) == "utf-16le"


def test_what_is_not_utf_16() -> None:
    texts = [("アップルの株価は上がりました。", "shift_jis"), ("贵州茅台涨停，成交额放大。", "gb18030"),
             ("騰訊控股上漲，成交額放大。", "big5"), ("삼성전자 주가가 올랐다.", "euc-kr")]  # fmt: skip
    for text, codec in texts:
        assert charset_of((text * 5).encode(codec)) not in ("utf-16le", "utf-16be"), text
    assert charset_of(b"AAPL\x00 600519") == charset_of("é cafe".encode()) == "utf-8"


@pytest.mark.parametrize(
    "text, codec, security",
    [
        ("贵州茅台涨停\n", "gbk", "XSHG:600519"),
        ("<html><body><p>贵州茅台涨停</p></body></html>", "gbk", "XSHG:600519"),
        ("騰訊控股回購", "big5", "XHKG:00700"),
        ("台積電上漲\n", "big5", "XNYS:TSM"),
    ],
)
def test_a_headline_is_enough(engine: Engine, text: str, codec: str, security: str) -> None:
    assert [m.security for m in engine.extract(text)] == [security]
    assert [m["security"] for m in run("extract", "--json", input=text.encode(codec)).one["mentions"]] == [security]


def test_findings_are_at_the_right_bytes(engine: Engine) -> None:
    text = "é金山办公（600519）和中文"
    (finding,) = engine.check(text.encode("gb18030"), charset="gbk")
    assert (finding.name_place, finding.code_place) == ((2, 10), (12, 18))
    assert engine.check(text)[0].code_place == (6, 12)
    page = '<p>中文<a href="http://quote.eastmoney.com/unify/r/1.688111">贵州茅台</a>'
    (finding,) = engine.check(page.encode("gb18030"), charset="gbk")
    assert (finding.kind, finding.name_place) == ("link", (61, 69))


@pytest.mark.parametrize("label, codec", CHARSETS)
def test_explanations_are_at_the_right_bytes(engine: Engine, label: str, codec: str) -> None:
    n_overlapped = 0
    for text in texts():
        text = encodable(text, codec)
        expected = [(text[one.start : one.end].encode(codec), one.decision) for one in engine.explain(text)]
        encoded = text.encode(codec)
        got = [(encoded[one.start : one.end], one.decision) for one in engine.explain(encoded, charset=label)]
        assert got == expected
        n_overlapped += sum(decision == "overlapped" for _, decision in got)
    assert n_overlapped or codec in ("cp1252", "cp949")


def test_a_result_says_its_charset(engine: Engine) -> None:
    text = "金山办公（688111）涨停"
    texts = [text.encode("gbk"), text.encode(), text.encode("utf-16"), b""]
    charsets = ["gb18030", "utf-8", "utf-16le", "utf-8"]
    assert [engine.extract(one).charset for one in texts] == charsets
    assert [result.charset for result in engine.extract_batch(texts)] == charsets
    assert engine.extract(text.encode("gbk"), charset="GBK").charset == "gb18030"
    assert engine.extract(text).charset == engine.extract_batch([text])[0].charset == "utf-8"
    stream = engine.open_stream(charset="gbk")
    assert stream.feed(text.encode("gbk")).charset == ""
    assert stream.finish().charset == "gb18030"
    again = pickle.loads(pickle.dumps(engine.extract(texts[0])))
    assert (again.charset, again.read_bytes) == ("gb18030", len(texts[0]))


def test_a_few_bad_bytes_are_no_other_charset(engine: Engine) -> None:
    text = "金山办公（688111）涨停".encode()
    assert len(found(engine, text + b"\xff\xfe\xe9\x87\xc0")) == 2
    assert engine.extract("金山办公（688111）".encode("gbk") + b"\xff", charset="gbk").invalid_bytes == 1


# A byte that begins a character and an ASCII one that cannot end it.
@pytest.mark.parametrize(
    "charset, leads",
    [("gb18030", b"\x88\xb1"), ("big5", b"\x88\xb1"), ("shift_jis", b"\x88\x81"), ("euc-jp", b"\xb1\xb2"),
     ("euc-kr", b"\x88\xb1")],
)  # fmt: skip
def test_half_a_character_is_told(engine: Engine, charset: str, leads: bytes) -> None:
    text = b"a" + leads[:1] + b" b" + leads[1:] + b" c"
    (line,) = run("text", "--charset", charset, "--format", "text", input=text).lines
    assert line["text"] == "a\ufffd b\ufffd c"
    assert [piece[1:] for piece in line["pieces"]][0][0] == 0 and line["pieces"][-1][2] == len(text)
    assert engine.extract(text, charset=charset).invalid_bytes == 2


def test_no_half_character_takes_a_bracket(engine: Engine) -> None:
    page = b"\x8800700.HK 00700.HK"
    annotated = engine.annotate(page, format="markdown", style="markdown", charset="shift_jis")
    assert annotated.startswith(b"\x8800700.HK [00700.HK](")
    assert engine.annotate(annotated, format="markdown", style="markdown", charset="shift_jis") == annotated


def test_the_command_says_the_charset(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("金山办公（688111）涨停".encode("gbk"))
    document = run("extract", "--json", "--charset", "gbk", tmp_path / "a.txt").one
    assert document["charset"] == "gb18030"
    assert [(m["start"], m["end"]) for m in document["mentions"]] == [(0, 8), (10, 16)]
    units = run("extract", "--charset", "gbk", "--offsets", "codepoint", tmp_path / "a.txt").one
    assert [(m["start"], m["end"]) for m in units["mentions"]] == [(0, 4), (5, 11)]
    (line,) = run("text", "--charset", "gbk", tmp_path / "a.txt").lines
    assert (line["text"], line["pieces"]) == ("金山办公（688111）涨停", [[0, 0, 22]])
    explained = run("explain", "--json", "--charset", "gbk", tmp_path / "a.txt").one["explanations"]
    assert [(one["start"], one["end"]) for one in explained] == [(0, 8), (0, 4), (10, 16)]
    assert "charset" not in run("extract", input="金山办公").one
    got = run("extract", "--charset", "klingon", input="x")
    assert got.status == 2 and "document.charset 'klingon' is not known" in got.err


def test_lines_say_their_charset(tmp_path: Path) -> None:
    text = "金山办公（688111）涨停"
    lines = [
        b'{"text": "%s", "charset": "big5"}' % "騰訊控股（00700.HK）上漲".encode("big5"),
        b'{"text": "%s"}' % text.encode("gbk"),
        b'{"text": "%s", "charset": "gbk"}' % text.encode(),  # JSON is UTF-8: somebody kept what the page was in
        rb'{"text": "\u91d1\u5c71\u529e\u516c\uff08688111\uff09", "charset": "gbk"}',
    ]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    for verb, options in (("extract", ()), ("check", ("--offsets", "codepoint"))):
        got = run(verb, "--ndjson", "--charset", "gb18030", *options, tmp_path / "a.jsonl")
        assert (got.status, got.err) == (0, "")
        assert [line.get("charset") for line in got.lines] == [None] * 4, "a line is UTF-8 when it is read"
    documents = run("extract", "--ndjson", "--charset", "gbk", tmp_path / "a.jsonl").lines
    assert [d["mentions"][0]["text"] for d in documents] == ["騰訊控股", "金山办公", "金山办公", "金山办公"]
    assert [d["mentions"][0]["end"] for d in documents] == [12, 12, 12, 12]


# A backslash, a brace or a bar is the second half of these.
HALVES = {"gbk": "誠昞瀨", "big5": "功許蓋", "shift_jis": "表能十", "gb18030": "誠㐀€", "euc-kr": "금산", "utf-8": "功"}


def halves_and_text(codec: str) -> Tuple[str, str]:
    return HALVES[codec], "Apple (AAPL) " + HALVES[codec]


@pytest.mark.parametrize("codec", HALVES)
def test_all_of_a_line_is_made_utf_8(codec: str) -> None:
    half, text = halves_and_text(codec)
    line = {"id": half, "text": text, half: {half: [half]}}
    expected = run("extract", "--ndjson", input=json.dumps(line, ensure_ascii=False))
    assert expected.one["other"] == {half: {half: [half]}} and expected.one["id"] == half
    raw = json.dumps(line, ensure_ascii=False).encode(codec)
    got = run("extract", "--ndjson", "--charset", codec, input=raw)
    assert (got.status, got.err, got.out) == (0, "", expected.out)


@pytest.mark.parametrize("codec", HALVES)
def test_all_of_a_row_is_made_utf_8(codec: str) -> None:
    half, text = halves_and_text(codec)
    table = f'id,{half},"{half},x"\n{half},{text},{half}\n"{half}\n""{half}","{text}",\n'
    expected = run("extract", "--csv", half, input=table)
    assert [(one["id"], one["other"]) for one in expected.lines] == [
        (half, {half + ",x": half}), (f'{half}\n"{half}', {half + ",x": ""})
    ]  # fmt: skip
    got = run("extract", "--csv", half, "--charset", codec, "--threads", "2", input=table.encode(codec))
    assert (got.status, got.err, got.out) == (0, "", expected.out)


def test_rows_say_their_charset() -> None:
    rows = ["id,text,charset,板块".encode("gbk")]
    rows += [f"{name},{name}上,{codec},{name}".encode(codec) for name, codec in (("金山办公", "gbk"), ("騰訊控股", "big5"))]
    got = run("extract", "--csv", "text", "--charset", "gbk", input=b"\n".join(rows))
    assert (got.status, got.err) == (0, "")
    assert [(one["id"], one["other"]["板块"]) for one in got.lines] == [(name, name) for name in ("金山办公", "騰訊控股")]
    assert [one["mentions"][0]["text"] for one in got.lines] == ["金山办公", "騰訊控股"]


def test_rejects_stay_in_their_charset_and_messages_are_utf_8(tmp_path: Path) -> None:
    header, bad = "id,正文\n".encode("gbk"), "坏的\n".encode("gbk")
    got = run("extract", "--csv", "正文", "--charset", "gbk", "--rejects", tmp_path / "bad", input=header + bad + b"1,a\n")
    assert (got.status, (tmp_path / "bad").read_bytes()) == (1, header + bad)
    got = run("extract", "--csv", "text", "--charset", "gbk", input=header)
    assert "the header has no column 'text'; name one of 'id,正文'\n" in got.err
    got = run("extract", "--csv", "正文", "--charset", "gbk", input="正文,date\na,昨天\n".encode("gbk"))
    assert "\"date\" is '昨天'; expected a day" in got.err


def test_characters_of_a_record_that_are_none_are_counted(tmp_path: Path) -> None:
    line = b'{"id": "\xff", "text": "%s \xff", "n": 1}\n' % "金山办公".encode("gbk")
    got = run("extract", "--ndjson", "--charset", "gbk", "--stats", tmp_path / "stats", input=line)
    assert (got.one["id"], got.one["invalid_bytes"], got.one["other"]) == ("\ufffd", 2, {"n": 1})
    assert json.loads((tmp_path / "stats").read_text())["documents"]["invalid_bytes"] == 1


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "UTF-16BE", "ucs-2"])
@pytest.mark.parametrize("what", [["--ndjson"], ["--csv", "text"]])
def test_records_in_utf_16_are_refused(what: List[str], charset: str) -> None:
    got = run("extract", *what, "--charset", charset, input="text\n".encode("utf-16"))
    assert (got.status, got.out) == (2, "")
    says = f"--ndjson and --csv are not read in the charset '{charset}'; make them UTF-8 first"
    assert got.err == f"stockmention extract: {says}\n"


def test_a_wrong_charset_is_told(tmp_path: Path) -> None:
    said = "document.charset 'klingon' is not known"
    for verb in ("extract", "check", "annotate", "text"):
        got = run(verb, "--charset", "klingon", input="x")
        assert got.status == 2 and said in got.err, verb
    got = run("extract", "--ndjson", "--charset", "klingon", input="")
    assert got.status == 2 and said in got.err
    got = run("extract", "--ndjson", input=b'{"text": "\xb8", "charset": "klingon"}\n{"text": ""}')
    assert got.status == 1 and "standard input:1: " + said in got.err
    got = run("extract", "--ndjson", input=b'{"text": "", "charset": 8}\n{"text": ""}')
    assert got.status == 1 and '"charset" is no string' in got.err


# a record as it is written, its charset, and what of it comes out: where no charset is said it is what it looks like, and a
# character's second byte may be a backslash
UNSAID = [
    ('{"id": "一", "text": "贵州茅台(600519)今日涨停，成交活跃", "note": "功能"}', "gbk", "一", {"note": "功能"}),
    ('{"id": "1", "charset": "big5", "text": "許文龍買進台積電，成功大學", "note": "成功"}', "big5", "1", {"note": "成功"}),
]


@pytest.mark.parametrize("line, charset, id, other", UNSAID)
def test_a_line_in_another_charset_comes_out_as_utf8(line: str, charset: str, id: str, other: Dict[str, str]) -> None:
    got = run("extract", "--ndjson", input=line.encode(charset) + b"\n")
    assert (got.status, got.err) == (0, "")
    assert (got.lines[0]["id"], got.lines[0]["other"]) == (id, other)
