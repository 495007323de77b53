"""stockmention explain and Engine.explain(): every candidate with what was weighed, and why it is a mention or is none."""

from pathlib import Path

import pytest
from conftest import TEXT, extract, run

from stockmention import ArgumentError, Engine

COMMON_KEYS = ["start", "end", "text", "kind", "region", "decision"]
WEIGHED_KEYS = ["score", "threshold", "confidence", "features", "name"]


def explain(text: str, *options: str) -> list:
    got = run("explain", *options, input=text)
    assert (got.status, got.err) == (0, ""), got
    return got.one["explanations"]


def test_all_candidates_are_told_and_the_mentions_are_the_same() -> None:
    got = run("explain", input=TEXT).one
    explanations = got.pop("explanations")
    assert got == extract(TEXT)
    assert [(one["text"], one["decision"]) for one in explanations] == [
        ("金山办公", "taken"), ("金山", "overlapped"), ("688111.SH", "taken"),
        ("腾讯控股", "taken"), ("腾讯", "overlapped"), ("00700.HK", "taken"),
    ]  # fmt: skip


def test_keys_are_those_of_the_contract_in_their_order() -> None:
    name, part, code = explain(TEXT)[:3]
    row = ["name_kind", "name_security", "surface", "lines"]
    assert list(name) == COMMON_KEYS + WEIGHED_KEYS + row
    assert list(part) == COMMON_KEYS + ["over"] + WEIGHED_KEYS + row
    assert list(code) == COMMON_KEYS + WEIGHED_KEYS + ["notation", "lines"]
    assert list(name["lines"][0]) == ["security", "score", "confidence", "features"]


def test_the_score_is_the_sum_of_what_was_weighed() -> None:
    for one in explain("发展太阳能，中国平安（601318）与五粮液。"):
        assert one["score"] == sum(one["features"].values())
        assert (one["decision"] == "below-threshold") <= (one["score"] < one["threshold"])


def test_the_row_that_decided_is_named() -> None:
    name, _, code = explain(TEXT)[:3]
    assert (name["name"], name["name_kind"], name["name_security"]) == ("金山办公", "short", "XSHG:688111")
    assert (code["name"], code["notation"]) == ("688111", "six-suffix")


def test_lines_say_what_spoke_for_them() -> None:
    (one,) = [one for one in explain("港股方面，中国平安涨2%。") if one["text"] == "中国平安"]
    first, second = one["lines"]
    assert (first["security"], second["security"]) == ("XHKG:02318", "XSHG:601318")
    assert first["features"]["market-word"] > 0 and "market-word" not in second["features"]
    assert first["score"] > second["score"]


def test_a_name_that_never_counts_says_so(tmp_path: Path) -> None:
    rows = "id\tname\tlang\tkind\tpolicy\taction\nXSHG:688111\t金山办公室\tzh\talias\tnever\tadd\n"
    (tmp_path / "names.tsv").write_text(rows, encoding="utf-8")
    assert run("dict", "build", "--base", "default", "--add", "names.tsv", "--output", "my.smd", cwd=tmp_path).status == 0
    got = run("explain", "--dict", "my.smd", input="金山办公室今日开放。", cwd=tmp_path).one["explanations"]
    assert {one["text"]: one["decision"] for one in got}["金山办公"] == "never"


def test_a_table_is_written_on_demand() -> None:
    head, first, part, *_ = run("explain", "--table", input=TEXT).out.splitlines()
    assert head.split() == ["start", "text", "decision", "score", "confidence", "row", "lines", "features"]
    assert first.split()[:3] == ["0", "金山办公", "taken"]
    assert " >= 0 " in first and "short-name +" in first and "short 金山办公 XSHG:688111" in first
    assert part.split()[:3] == ["0", "金山", "overlapped"] and " < 0 " in part
    assert run("explain", "--table", input="天气很好。").out == "no candidates\n"


def test_options_are_those_of_extract(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text('{"id": 1, "text": "贵州茅台"}\n{"id": 2, "title": "五粮液", "text": ""}\n')
    got = run("explain", "--ndjson", "--offsets", "codepoint", "news.jsonl", cwd=tmp_path)
    first, second = got.lines
    assert (first["id"], first["explanations"][0]["end"]) == ("1", 4)
    assert second["explanations"][0]["field"] == "title"
    assert explain("贵州茅台", "--exclude", "XSHG:600519")[0]["decision"] == "unwanted"


def test_a_text_of_nothing_has_none_either_way() -> None:
    assert explain("") == explain("", "--context-bytes", "4096") == []


def test_codes_that_no_table_has_are_mentions_without_an_explanation() -> None:
    text = "新股688999.SH，贵州茅台，688998.SH，五粮液"
    got = run("explain", "--unlisted", input=text).one
    taken = [one["start"] for one in got["explanations"] if one["decision"] == "taken"]
    assert [one["start"] for one in got["mentions"] if one["kind"] == "name"] == taken and len(taken) == 2
    assert len(got["mentions"]) == 4


def test_weights_are_those_of_the_scope() -> None:
    text = "一条新的茅台酒广告，OPPO，iPhone与腾讯视频、阿里云，比亚迪汉，微软Windows"
    for scope in ("strict", "broad"):
        got = explain(text, "--scope", scope)
        assert all(one["score"] == sum(one["features"].values()) for one in got)
        assert [one.features for one in Engine().explain(text, scope=scope)] == [one["features"] for one in got]
    decisions = [[one["features"] for one in explain(text, "--scope", scope)] for scope in ("strict", "broad")]
    assert decisions[0] != decisions[1]


def test_wrong_usage_names_the_verb() -> None:
    got = run("explain", "--json", "--table")
    assert got.status == 2 and got.err.startswith("stockmention explain: --json and --table exclude each other")
    got = run("explain", "no-such-file.txt")
    assert got.status == 2 and got.err.startswith("stockmention explain: no-such-file.txt: ")


def test_python_says_the_same() -> None:
    text = "é𠮷😀发展太阳能，中国平安（601318）与五粮液。"
    expected = explain(text, "--offsets", "codepoint")
    got = Engine().explain(text)
    assert len(got) == len(expected) > 4
    for one, other in zip(got, expected):
        for key in COMMON_KEYS + ["score", "threshold", "features", "name"]:
            assert getattr(one, key) == other[key], key
        assert one.over == other.get("over")
        assert one.confidence == pytest.approx(other["confidence"], abs=1e-4)
        for key in ("name_kind", "name_security", "surface", "notation"):
            assert getattr(one, key) == other.get(key, ""), key
        lines = [(line.security, line.score, line.features) for line in one.lines]
        assert lines == [(line["security"], line["score"], line["features"]) for line in other["lines"]]
        assert one.field == "text"
    assert [one.start for one in Engine().explain(text.encode())] == [one["start"] for one in explain(text)]


def test_python_takes_the_arguments_of_extract() -> None:
    engine = Engine()
    assert engine.explain("贵州茅台", exclude=["XSHG:600519"])[0].decision == "unwanted"
    assert engine.explain("", title="贵州茅台")[0].field == "title"
    with pytest.raises(ArgumentError, match="scope"):
        engine.explain("贵州茅台", scope="narrow")
