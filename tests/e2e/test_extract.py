"""stockmention extract: the JSON contract, positions, options, files and tables."""

import contextlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import CLI, TEXT, brief, extract, run, terminal

from stockmention import Engine

DOCUMENT_KEYS = ["status", "as_of", "dictionary", "offsets", "mentions", "securities"]
MENTION_KEYS = ["start", "end", "text", "kind", "region", "role", "security", "issuer", "name", "confidence", "evidence",
                "candidates", "url"]  # fmt: skip
SECURITY_KEYS = ["security", "issuer", "name", "status", "count", "salience", "url"]

FOUND = [
    ("金山办公", "name", "XSHG:688111"),
    ("688111.SH", "code", "XSHG:688111"),
    ("腾讯控股", "name", "XHKG:00700"),
    ("00700.HK", "code", "XHKG:00700"),
]

# One of every length in UTF-8 before, between and in the mentions: é 2 bytes, 金 3, 𠮷 and 😀 4 (2 units of UTF-16).
MIXED = "é𠮷😀 金山办公（688111.SH）😀涨；腾讯控股é(00700.HK)"


def test_names_and_codes_are_found() -> None:
    assert brief(extract(TEXT)) == FOUND


def test_keys_are_those_of_the_contract_in_their_order() -> None:
    document = extract(TEXT)
    assert list(document) == DOCUMENT_KEYS
    assert [list(mention) for mention in document["mentions"]] == [MENTION_KEYS] * 4
    assert [list(security) for security in document["securities"]] == [SECURITY_KEYS] * 2


def test_values_are_those_of_the_contract() -> None:
    document = extract(TEXT, "--as-of", "2021-12-22")
    name = document["mentions"][0]
    assert (document["status"], document["as_of"], document["offsets"]) == ("ok", "2021-12-22", "byte")
    assert document["dictionary"] == run("version").out.split()[-1]
    assert (name["start"], name["end"], name["region"], name["role"]) == (0, 12, "body", "subject")
    assert (name["issuer"], name["name"]) == ("XSHG:688111", "金山办公")
    assert name["url"] == "http://quote.eastmoney.com/unify/r/1.688111"
    assert 0.5 <= name["confidence"] <= 1
    assert name["evidence"] and all(isinstance(word, str) for word in name["evidence"])
    assert name["candidates"][0]["security"] == "XSHG:688111"
    row = document["securities"][0]
    assert (row["security"], row["name"], row["status"], row["count"]) == ("XSHG:688111", "金山办公", "active", 2)
    assert sum(security["salience"] for security in document["securities"]) == pytest.approx(1, abs=0.001)


def test_nothing_found_is_a_result_too() -> None:
    document = extract("天气很好。")
    assert (document["mentions"], document["securities"], document["as_of"]) == ([], [], None)


def test_an_empty_input_is_an_empty_document() -> None:
    assert extract("")["mentions"] == []


def test_confidences_have_four_digits() -> None:
    line = run("extract", input=TEXT).out
    assert '"confidence": 1.0000' in line or '"confidence": 0.' in line
    digits = [part.split(",")[0].split("}")[0] for part in line.split('"confidence": ')[1:]]
    assert digits and all(len(number) == 6 for number in digits)


@pytest.mark.parametrize("unit", ["byte", "codepoint", "utf16"])
@pytest.mark.parametrize("text", [TEXT, MIXED], ids=["plain", "mixed"])
def test_positions_are_places_of_the_text_in_every_unit(unit: str, text: str) -> None:
    document = extract(text, "--offsets", unit)
    assert document["offsets"] == unit
    assert brief(document) == FOUND
    for mention in document["mentions"]:
        start, end = mention["start"], mention["end"]
        place = {
            "byte": lambda: text.encode()[start:end].decode(),
            "codepoint": lambda: text[start:end],
            "utf16": lambda: text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le"),
        }[unit]()
        assert place == mention["text"]


def test_positions_reach_through_entities_and_tags_into_the_source() -> None:
    page = "<p>&amp; &#37329;山<b>办公</b> 走强</p>"
    (mention,) = extract(page, "--format", "html")["mentions"]
    assert mention["text"] == "金山办公"
    place = page.encode()[mention["start"] : mention["end"]].decode()
    assert place.startswith("&#37329;山<b>办公")


def test_bytes_that_are_no_utf8_are_counted_and_passed_over() -> None:
    document = extract(b"\xff\xfe " + TEXT.encode() + b"\xe9\x87")
    assert document["invalid_bytes"] == 3
    assert brief(document) == FOUND
    assert document["mentions"][0]["start"] == 3


def test_only_and_exclude_choose_securities() -> None:
    assert {row[2] for row in brief(extract(TEXT, "--only", "XHKG:00700"))} == {"XHKG:00700"}
    assert {row[2] for row in brief(extract(TEXT, "--exclude", "XHKG:00700"))} == {"XSHG:688111"}
    assert brief(extract(TEXT, "--only=XHKG:00700,XSHG:688111")) == FOUND


def test_prefer_chooses_the_line_of_a_bare_name() -> None:
    text = "中芯国际发布公告。"
    assert extract(text, "--prefer", "XHKG")["mentions"][0]["security"] == "XHKG:00981"
    assert extract(text, "--prefer", "XSHG,XHKG")["mentions"][0]["security"] == "XSHG:688981"


def test_min_confidence_leaves_out_what_is_less_sure() -> None:
    low = extract(TEXT, "--min-confidence", "0")["mentions"]
    high = extract(TEXT, "--min-confidence", "1")["mentions"]
    assert len(low) >= len(FOUND) >= len(high)
    assert all(mention["confidence"] >= 0.99 for mention in high)


def test_provider_chooses_the_url() -> None:
    mention = extract(TEXT, "--provider", "xueqiu")["mentions"][0]
    assert mention["url"] == "https://xueqiu.com/S/SH688111"
    assert "urls" not in mention


def test_provider_all_adds_a_map_of_urls() -> None:
    mention = extract(TEXT, "--provider", "all")["mentions"][0]
    assert list(mention) == MENTION_KEYS + ["urls"]
    assert mention["url"] == mention["urls"]["eastmoney"] == "http://quote.eastmoney.com/unify/r/1.688111"
    assert mention["urls"]["xueqiu"] == "https://xueqiu.com/S/SH688111"


def test_a_renamed_symbol_gives_its_successor_and_what_it_was_then() -> None:
    (mention,) = extract("Facebook ($FB) rises", "--as-of", "2015-06-01", "--only", "XNAS:META")["mentions"][-1:]
    assert (mention["security"], mention["security_then"]) == ("XNAS:META", "XNAS:FB")


# --- Files ------------------------------------------------------------------------------------------------------------


def test_a_file_gives_its_name_as_id_and_standard_input_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    got = run("extract", "a.txt", "-", cwd=tmp_path, input=TEXT)
    assert [line.get("id") for line in got.lines] == ["a.txt", None]
    assert "id" not in got.lines[1]


# file name, kind of page; the comment is text where it is no markup
ENDINGS = [
    ("page.html", 0),
    ("page.HTM", 0),
    ("page.md", 0),
    ("page.markdown", 0),
    ("page.txt", None),
]


@pytest.mark.parametrize("name, count", ENDINGS)
def test_the_ending_of_a_file_tells_its_format(tmp_path: Path, name: str, count: int) -> None:
    (tmp_path / name).write_text("今日走势 <!-- 金山办公 --> 平稳。")
    found = len(run("extract", name, cwd=tmp_path).one["mentions"])
    as_text = len(run("extract", "--format", "text", name, cwd=tmp_path).one["mentions"])
    assert as_text == 1
    assert count is None or found == count


def test_a_missing_file_is_said_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    got = run("extract", "missing.txt", "a.txt", cwd=tmp_path)
    assert got.status == 1
    assert got.err == "stockmention extract: missing.txt: cannot be read: No such file or directory\n"
    assert [line["id"] for line in got.lines] == ["a.txt"]


def test_nothing_that_can_be_read_ends_with_2(tmp_path: Path) -> None:
    assert run("extract", "missing.txt", cwd=tmp_path).status == 2
    assert run("extract", ".", cwd=tmp_path).status == 2


def test_many_files_give_the_same_as_one_by_one(tmp_path: Path) -> None:
    names = [f"{i}.txt" for i in range(20)]
    for i, name in enumerate(names):
        (tmp_path / name).write_text(TEXT * (i % 3) + "天气很好。")
    together = run("extract", *names, cwd=tmp_path).out
    assert together == "".join(run("extract", name, cwd=tmp_path).out for name in names)


def test_a_name_with_quotes_and_bad_bytes_is_still_json(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b'/a"\\\n\xff.txt'
    with open(path, "w", encoding="utf-8") as file:
        file.write(TEXT)
    done = subprocess.run([CLI, "extract", path], capture_output=True, check=True)
    assert json.loads(done.stdout)["id"].endswith('/a"\\\n\ufffd.txt')


# --- Tables -----------------------------------------------------------------------------------------------------------


def columns(line: str, position: int) -> str:
    """What begins at a terminal's column, Han characters and full-width marks being two wide."""
    width = 0
    for i, character in enumerate(line):
        if width == position:
            return line[i:]
        width += 2 if ord(character) > 0x2E7F else 1
    return ""


def test_table_is_aligned_with_wide_characters() -> None:
    got = run("extract", "--table", input=TEXT)
    head, *rows = got.out.splitlines()
    assert head.split() == ["start", "kind", "text", "security", "confidence", "url"]
    assert len(rows) == 4
    for row, (text, kind, security) in zip(rows, FOUND):
        assert columns(row, head.index("kind")).startswith(kind)
        assert columns(row, head.index("text")).startswith(text)
        assert columns(row, head.index("security")).startswith(security)
        assert columns(row, head.index("url")).startswith("http")


def test_tables_of_several_files_have_heads(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text("天气很好。")
    lines = run("extract", "--table", "a.txt", "b.txt", cwd=tmp_path).out.splitlines()
    assert lines[0] == "a.txt:"
    assert lines[-3:] == ["", "b.txt:", "no mentions"]


def on_terminal(*arguments: str) -> str:
    master, slave = terminal()
    with subprocess.Popen([CLI, *arguments], stdin=subprocess.PIPE, stdout=slave) as process:
        os.close(slave)
        assert process.stdin
        with contextlib.suppress(BrokenPipeError):  # lookup does not read its standard input
            process.stdin.write(TEXT.encode())
            process.stdin.close()
        output = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # how Linux tells the end of a terminal
                break
            if not piece:
                break
            output += piece
    os.close(master)
    return output.decode()


def test_a_terminal_gets_a_table_unless_json_is_asked_for() -> None:
    assert on_terminal("extract").split()[:3] == ["start", "kind", "text"]
    assert on_terminal("extract", "--json").startswith('{"status": "ok"')
    assert on_terminal("lookup", "XSHG:688111").split()[:2] == ["security", "name"]


def test_links_nested_without_end_are_read_in_time_and_keep_their_places() -> None:
    depth = 50_000
    opening = "".join(f'<span data-code="1,{600519 if i % 2 else 600000}">' for i in range(depth))
    page = f"<p>茅{opening}贵州茅台{'</span>' * depth}</p>"
    mentions = extract(page, "--format", "html", "--offsets", "codepoint")["mentions"]
    links = [mention for mention in mentions if mention["kind"] == "link"]
    assert len(links) == depth
    for link in (links[0], links[1], links[-1]):
        assert page[link["start"] :].startswith("<span data-code=") and page[: link["end"]].endswith("</span>")
    names = [mention for mention in mentions if mention["kind"] == "name"]
    assert [page[name["start"] : name["end"]] for name in names] == ["贵州茅台"]


CELLS = [
    ("markdown", "| 名称 | 代码 |\n|---|---|\n| 中国平安 | 02318 |\n| 688111 | 金山办公 |\n| 五粮液 | 600519 |\n"),
    ("html", "<table><tr><td>中国平安</td><td>02318</td></tr><tr><td>688111</td><td> 金山办公 </td></tr>"
             "<tr><td>五粮液<td>600519</table>"),
]  # fmt: skip


@pytest.mark.parametrize("format, page", CELLS)
def test_a_code_in_the_next_cell_is_heard(format: str, page: str) -> None:
    found = extract(page, "--format", format)["mentions"]
    assert [(mention["text"], mention["security"]) for mention in found] == [
        ("中国平安", "XHKG:02318"), ("02318", "XHKG:02318"), ("688111", "XSHG:688111"), ("金山办公", "XSHG:688111"),
        ("五粮液", "XSHE:000858")]  # fmt: skip
    assert ["name-beside" in mention["evidence"] or "code-beside" in mention["evidence"] for mention in found] == [
        True, True, True, True, False]  # fmt: skip


def test_codes_that_no_table_has_are_reported_when_asked_for() -> None:
    text = "688999.SH与金山办公，指数SH000001、基金SH510300、转债SH113050，$QZZZ"
    assert brief(extract(text)) == [("金山办公", "name", "XSHG:688111")]
    document = extract(text, "--unlisted")
    assert brief(document) == [
        ("688999.SH", "code", "XSHG:688999"),
        ("金山办公", "name", "XSHG:688111"),
        ("$QZZZ", "code", "XXXX:QZZZ"),
    ]
    unlisted = document["mentions"][0]
    assert (unlisted["issuer"], unlisted["name"], unlisted["url"]) == ("XSHG:688999", "688999", None)
    assert "unlisted" in unlisted["evidence"]
    assert [(row["security"], row["status"], row["salience"]) for row in document["securities"]] == [
        ("XSHG:688111", "active", 1),
        ("XSHG:688999", "unknown", 0),
        ("XXXX:QZZZ", "unknown", 0),
    ]
    assert "XSHG:688999" in run("extract", "--unlisted", "--table", input=text).out


# --- Parts that are not read, and limits ---------------------------------------------------------------------------------

PAGE = (
    '<div class="a x">招商银行</div><ASIDE>平安银行<p>贵州茅台</ASIDE><p id=more>五粮液</p><p>中国<i class=x>x</i>平安'
    '<!-- --><svg><text class=x>比亚迪</text></svg><p class="xx">宁德时代'
)


@pytest.mark.parametrize(
    "skip, names",
    [
        ((), "招商银行 平安银行 贵州茅台 五粮液 平安 比亚迪 宁德时代"),
        ((".x",), "平安银行 贵州茅台 五粮液 中国平安 宁德时代"),
        (("aside", "#more"), "招商银行 平安 比亚迪 宁德时代"),
        (("P",), "招商银行 平安银行"),
    ],
)
def test_elements_can_be_passed_over(skip: tuple, names: str) -> None:
    found = extract(PAGE, "--format", "html", *(["--skip", ",".join(skip)] if skip else []))
    assert " ".join(mention["text"] for mention in found["mentions"]) == names
    engine = Engine()
    assert " ".join(mention.text for mention in engine.extract(PAGE, format="html", skip=skip)) == names
    annotated = engine.annotate(PAGE, format="html", skip=skip)
    marked = re.findall("<a href[^>]*>(.*?)</a>", re.sub("<i.*?</i>", "", annotated))
    assert marked == [name for name in names.split() if name != "比亚迪"]


def test_what_is_passed_over_is_said_by_tag_class_or_id() -> None:
    for wrong in ("a b", ".", "#", ".a.b", "p.x"):
        got = run("extract", "--skip", wrong, input="x")
        assert got.status == 2
        assert f"'{wrong}' is no tag, class or id; expected such as aside, .share, #related" in got.err


@pytest.mark.parametrize(
    "text, options, names, limits",
    [
        ("贵州茅台、五粮液", ["--max-mentions=1"], "贵州茅台", ["mentions"]),
        ("贵州茅台、五粮液", ["--max-bytes=24"], "贵州茅台 五粮液", None),
        ("贵州茅台、五粮液", ["--max-bytes=23"], "贵州茅台", ["bytes"]),
        ("<p>贵州茅台<p>五粮液", ["--max-bytes=27"], "贵州茅台 五粮液", None),
        ("<p>贵州茅台<p>五粮液", ["--max-bytes=20"], "贵州茅台", ["bytes"]),
        ("<p><b><i>贵州茅台", ["--max-depth=3"], "贵州茅台", None),
        ("<p><b><i>贵州茅台", ["--max-depth=2"], "贵州茅台", ["depth"]),
        ("<p>贵州茅台<b hidden>五粮液</b>", ["--max-depth=1"], "贵州茅台 五粮液", ["depth"]),
        ("<p>贵州茅台<script>五粮液</script>", ["--max-depth=1"], "贵州茅台", ["depth"]),
        ("<p>贵州茅台<p>五粮液", ["--max-bytes=20", "--max-mentions=1", "--max-depth=1"], "贵州茅台", ["bytes"]),
        ("贵州茅台、五粮液", ["--max-steps=26"], "贵州茅台 五粮液", None),
        ("贵州茅台、五粮液", ["--max-steps=24"], "贵州茅台 五粮液", None),
        ("贵州茅台、五粮液", ["--max-steps=16"], "贵州茅台", ["steps"]),
        ("贵州茅台、五粮液", ["--max-steps=1"], "", ["steps"]),
        ("贵州茅台、五粮液", ["--max-steps=16", "--max-bytes=12"], "贵州茅台", ["bytes"]),
        ("贵州茅台、五粮液", ["--max-steps=12", "--max-bytes=16"], "贵州茅台", ["steps"]),
        ("<p>贵州茅台<p>五粮液", ["--max-steps=20"], "贵州茅台", ["steps"]),
    ],
)
def test_what_a_limit_cut_is_said(text: str, options: list, names: str, limits: list) -> None:
    found = extract(text, *options)
    assert (" ".join(mention["text"] for mention in found["mentions"]), found.get("limits")) == (names, limits)
    values = {option[2:].split("=")[0].replace("-", "_"): int(option.split("=")[1]) for option in options}
    result = Engine().extract(text, **values)
    assert (" ".join(mention.text for mention in result), result.limits) == (names, tuple(limits or ()))
    assert result.is_cut == (limits is not None) and result.read_bytes == found.get("read_bytes", len(text.encode()))
    (batch,) = Engine().extract_batch([text], **values)
    assert (" ".join(mention.text for mention in batch), batch.limits) == (names, tuple(limits or ()))
    assert batch.read_bytes == result.read_bytes
