"""What contradicts, on the command line and from Python."""

import json
from pathlib import Path

import pytest
from conftest import run

from stockmention import Engine, Finding

TEXT = "é😀贵州茅台（600518）涨停，五粮液（000858）走低，SH605999。"
LINK = '<p><a href="http://quote.eastmoney.com/sh688111.html">金山软件</a></p>'


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def test_findings_say_what_stands_there_and_what_is_right() -> None:
    got = run("check", input=TEXT)
    assert (got.status, got.err) == (1, "")
    document = got.one
    assert (document["status"], document["offsets"]) == ("ok", "byte")
    assert "mentions" not in document and "securities" not in document
    mismatch, unknown = document["findings"]
    bytes_of = TEXT.encode()
    assert bytes_of[mismatch["name_start"] : mismatch["name_end"]].decode() == mismatch["name"] == "贵州茅台"
    assert bytes_of[mismatch["code_start"] : mismatch["code_end"]].decode() == mismatch["code"] == "600518"
    assert (mismatch["kind"], mismatch["severity"], mismatch["region"]) == ("mismatch", "error", "body")
    assert (mismatch["name_securities"], mismatch["right"]) == (["XSHG:600519"], "XSHG:600519")
    assert (mismatch["code_security"], mismatch["code_name"]) == ("XSHG:600518", "康美药业")
    assert all(word in mismatch["message"] for word in ("贵州茅台", "600518", "XSHG:600519", "康美药业"))
    assert (unknown["kind"], unknown["severity"], unknown["code"]) == ("unknown-code", "note", "SH605999")
    assert "name" not in unknown and "name_start" not in unknown
    assert unknown["name_securities"] == [] and unknown["right"] is None and unknown["code_security"] is None


def test_nothing_found_ends_with_0() -> None:
    got = run("check", input="贵州茅台（600519）涨停。")
    assert (got.status, got.err, got.one["findings"]) == (0, "", [])


def test_a_table_has_a_line_for_each_finding(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.txt", tmp_path / "good.html"
    bad.write_text(TEXT, encoding="utf-8")
    good.write_text("<p>贵州茅台（600519）</p>", encoding="utf-8")
    got = run("check", "--table", bad, good)
    head, *lines = got.out.splitlines()
    assert got.status == 1 and head == f"{bad}:"
    assert lines[0].split() == ["start", "severity", "kind", "finding"]
    assert lines[1].split()[:3] == ["6", "error", "mismatch"] and lines[2].split()[1:3] == ["note", "unknown-code"]
    assert lines[3:] == ["", f"{good}:", "no findings"]


def test_ndjson_has_titles_dates_and_ids() -> None:
    lines = [
        {"id": "a", "title": "五粮液（000568）", "text": "贵州茅台（600519）"},
        {"id": "b", "text": "金山办公（688111）涨停", "date": "2015-01-01"},
        {"id": "c", "text": LINK, "format": "html"},
        {"id": "d", "text": "无"},
    ]
    got = run("check", "--ndjson", input="\n".join(json.dumps(line) for line in lines))
    assert (got.status, got.err) == (1, "")
    kinds = {line["id"]: [finding["kind"] for finding in line["findings"]] for line in got.lines}
    assert kinds == {"a": ["mismatch"], "b": ["not-listed"], "c": ["link"], "d": []}
    assert got.lines[0]["findings"][0]["field"] == "title"


def test_bad_input_is_told_and_the_rest_is_checked() -> None:
    got = run("check", "--ndjson", input='{"text": 1}\n{"text": "贵州茅台（600519）"}\n')
    assert got.status == 1 and "standard input:1" in got.err and len(got.lines) == 1
    assert run("check", "/nowhere").status == 2


def test_offsets_count_what_was_asked_for() -> None:
    for unit, start in (("byte", 6), ("codepoint", 2), ("utf16", 3)):
        finding = run("check", "--offsets", unit, input=TEXT).one["findings"][0]
        assert (unit, finding["name_start"]) == (unit, start)


def test_python_gives_what_the_command_prints(engine: Engine) -> None:
    expected = run("check", "--offsets", "codepoint", input=TEXT).one["findings"]
    findings = engine.check(TEXT)
    assert [str(finding) for finding in findings] == [finding["message"] for finding in expected]
    for got, other in zip(findings, expected):
        assert (got.kind, got.severity, got.region, got.field) == (other["kind"], other["severity"], "body", "text")
        assert got.name == other.get("name", "") and got.code == other["code"]
        assert list(got.name_securities) == other["name_securities"]
        assert (got.code_security, got.right) == (other["code_security"], other["right"])


def test_python_places_are_those_of_the_text(engine: Engine) -> None:
    for text in (TEXT, TEXT.encode()):
        mismatch, unknown = engine.check(text)
        assert isinstance(mismatch, Finding) and mismatch.name_place and mismatch.code_place and unknown.code_place
        for place, written in ((mismatch.name_place, mismatch.name), (mismatch.code_place, mismatch.code)):
            piece = text[slice(*place)]
            assert (piece if isinstance(piece, str) else piece.decode()) == written
        assert unknown.name_place is None and unknown.name == ""


def test_python_takes_dates_formats_and_titles(engine: Engine) -> None:
    assert [finding.kind for finding in engine.check("金山办公涨停", date="2015-01-01")] == ["not-listed"]
    assert [finding.kind for finding in engine.check("神州易桥公布年报。", as_of="2024-05-01")] == ["name-date"]
    link = engine.check(LINK, format="html")[0]
    assert (link.kind, link.name, link.code) == ("link", "金山软件", "http://quote.eastmoney.com/sh688111.html")
    assert LINK[slice(*link.code_place or ())].startswith("<a ") and LINK[slice(*link.name_place or ())] == "金山软件"
    assert [finding.field for finding in engine.check("", title="五粮液（000568）")] == ["title"]


def test_checking_and_extracting_take_turns(engine: Engine) -> None:
    mentions = engine.extract(TEXT).mentions
    assert len(engine.check(TEXT)) == 2 and engine.extract(TEXT).mentions == mentions
