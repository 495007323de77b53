"""stockmention dict: build, check, info, dump and diff, and a user's own tables over the default ones."""

import datetime
import json
import re
from pathlib import Path
from typing import List, Optional, Tuple

import pytest
from conftest import ROOT, brief, extract, run

TABLES = ROOT / "src/dict/tables"
NAMES = ["securities", "names", "mics", "notations", "providers", "context", "variants", "lexicon"]
AS_OF = (TABLES / "AS_OF").read_text().strip()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the repository, built by the command."""
    path = tmp_path_factory.mktemp("built") / "default.smd"
    got = run("dict", "build", "--as-of", AS_OF, TABLES, "-o", path)
    assert got.status == 0, got.err
    return path


def layered(tmp_path: Path, table: str, rows: str, *options: str) -> Path:
    """The default dictionary with a user's rows over it."""
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / table).write_text(rows)
    got = run("dict", "build", "--base", "default", "--add", tmp_path / table, *options, "-o", tmp_path / "my.smd")
    assert got.status == 0, got.err
    return tmp_path / "my.smd"


def header(table: str) -> str:
    return (TABLES / f"{table}.tsv").read_text().splitlines()[0]


def row(table: str, **cells: str) -> str:
    """A row with these cells and an action, under the table's header."""
    columns = header(table).split("\t")
    assert set(cells) - {"action"} <= set(columns), set(cells) - set(columns)
    if "action" not in columns:
        columns.append("action")
    return "\t".join(columns) + "\n" + "\t".join(cells.get(column, "") for column in columns) + "\n"


# --- Build ------------------------------------------------------------------------------------------------------------


def test_building_the_tables_gives_the_dictionary_in_the_library(built: Path) -> None:
    assert run("dict", "info", built).out == run("dict", "info").out
    assert run("dict", "build", "--as-of", AS_OF, TABLES, "-o", built.with_name("again.smd")).status == 0
    assert built.with_name("again.smd").read_bytes() == built.read_bytes()


def test_a_dump_of_all_tables_builds_the_same_bytes(built: Path, tmp_path: Path) -> None:
    for name in NAMES:
        dumped = run("dict", "dump", built, name)
        assert dumped.status == 0, dumped.err
        assert dumped.out_bytes.split(b"\n", 1)[0].decode().split("\t")[0] == header(name).split("\t")[0]
        (tmp_path / f"{name}.tsv").write_bytes(dumped.out_bytes)
    got = run("dict", "build", "--as-of", AS_OF, *[tmp_path / f"{name}.tsv" for name in NAMES], "-o", tmp_path / "b.smd")
    assert got.status == 0, got.err
    assert (tmp_path / "b.smd").read_bytes() == built.read_bytes()


def test_a_built_file_does_what_the_default_does(built: Path) -> None:
    text = "金山办公（688111.SH）涨3%"
    assert extract(text, "--dict", str(built)) == extract(text)
    assert run("lookup", "--dict", built, "金山办公").out == run("lookup", "金山办公").out


def test_build_leaves_no_half_file(built: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("nonsense\n")
    run("dict", "build", "--base", "default", tmp_path / "bad.tsv", "-o", tmp_path / "out.smd")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.tsv"]
    assert not list(built.parent.glob("*.part"))


def test_a_file_that_cannot_be_written_is_said(built: Path, tmp_path: Path) -> None:
    layered(tmp_path / "good", "names.tsv", row("names", id="XSHG:688111", name="我的金山", lang="zh", kind="alias"))
    got = run("dict", "build", "--base", "default", tmp_path / "good/names.tsv", "-o", tmp_path / "no/such/folder.smd")
    assert got.status == 1
    assert "folder.smd: cannot be written: No such file or directory" in got.err


# --- Layers -----------------------------------------------------------------------------------------------------------


def test_a_users_name_of_a_known_security_is_found(tmp_path: Path) -> None:
    name = row("names", id="XSHG:688111", name="呱呱软件", lang="zh", kind="alias", action="add")
    mine = layered(tmp_path, "names.tsv", name)
    assert brief(extract("呱呱软件今日上涨。", "--dict", str(mine))) == [("呱呱软件", "name", "XSHG:688111")]
    assert brief(extract("呱呱软件今日上涨。")) == []


def test_a_users_security_of_their_own_is_found(tmp_path: Path) -> None:
    security = row("securities", id="XSHG:689999", issuer="XSHG:689999", type="stock", board="star", currency="CNY",
                   status="active", action="add")  # fmt: skip
    name = row("names", id="XSHG:689999", name="呱呱股份", lang="zh", kind="short", action="add")
    (tmp_path / "securities.tsv").write_text(security)
    (tmp_path / "names.tsv").write_text(name)
    got = run("dict", "build", "--base", "default", "--add", tmp_path, "-o", tmp_path / "my.smd")
    assert got.status == 0, got.err
    found = extract("呱呱股份（689999.SH）首日上涨。", "--dict", str(tmp_path / "my.smd"))
    assert brief(found) == [("呱呱股份", "name", "XSHG:689999"), ("689999.SH", "code", "XSHG:689999")]
    assert found["mentions"][0]["url"] == "http://quote.eastmoney.com/unify/r/1.689999"


def test_a_name_that_needs_its_code_is_found_beside_it_only(tmp_path: Path) -> None:
    name = row("names", id="XSHG:688111", name="蓝天白云", lang="zh", kind="alias", policy="code-only", action="add")
    mine = layered(tmp_path, "names.tsv", name)
    beside = brief(extract("蓝天白云（688111）涨停。", "--dict", str(mine)))
    assert beside == [("蓝天白云", "name", "XSHG:688111"), ("688111", "code", "XSHG:688111")]
    assert brief(extract("蓝天白云涨停。", "--dict", str(mine))) == []


def test_a_blocked_name_is_found_no_more(tmp_path: Path) -> None:
    text = "金山办公今日上涨。"
    assert brief(extract(text)) == [("金山办公", "name", "XSHG:688111")]
    mine = layered(tmp_path, "names.tsv", row("names", id="XSHG:688111", name="金山办公", action="block"))
    assert brief(extract(text, "--dict", str(mine))) == []


POLICIES = [
    # why, the row, a text, what is found there
    ("what is worked out from Apple Inc. is blocked with Apple", ("*", "Apple", "", "block"),
     "Shares of Apple rose 3%, said Apple Inc. today.", [("Apple Inc.", "XNAS:AAPL")]),
    ("a share-class mark makes no other name", ("*", "小米集团", "", "block"), "小米集团涨停，小米集团-W公告。", []),
    ("one id is enough where the name is one's", ("XHKG:01810", "小米集团", "", "block"), "小米集团涨停。", []),
    ("two rows that the fold makes alike are one name", ("XNAS:AAPL", "apple", "", "block"), "Shares of Apple rose.", []),
    ("the full name is another name", ("*", "贵州茅台", "", "block"), "贵州茅台酒股份有限公司公告，茅台涨停。",
     [("贵州茅台酒股份有限公司", "XSHG:600519"), ("茅台", "XSHG:600519")]),
    ("a part of a blocked name is not it either", ("*", "贵州茅台", "", "block"), "贵州茅台今日涨停。", []),
    ("a longer name of which it is a part is", ("XSHG:601857", "国石", "", "block"), "中国石油涨停。", [("中国石油", "XSHG:601857")]),
    ("code-only holds for what is worked out", ("XNAS:AAPL", "Apple", "code-only", "replace"),
     "Shares of Apple rose. Apple (NASDAQ: AAPL) rose.", [("Apple", "XNAS:AAPL"), ("NASDAQ: AAPL", "XNAS:AAPL")]),
    ("others do not step in for a blocked name", ("XNAS:AAPL", "Apple", "", "block"), "Apple rose 3%.", []),
    ("a blocked name is not looked up", ("*", "Apple", "", "block"), None, []),
]  # fmt: skip


@pytest.mark.parametrize("why, changed, text, expected", POLICIES, ids=[case[0] for case in POLICIES])
def test_a_policy_holds_for_all_that_reads_so(why: str, changed: Tuple[str, str, str, str], text: Optional[str],
                                              expected: List[Tuple[str, str]], tmp_path: Path) -> None:  # fmt: skip
    cells = dict(zip(("id", "name", "policy", "action"), changed))
    if cells["action"] == "replace":
        cells.update(lang="en", kind="alias")
    mine = layered(tmp_path, "names.tsv", row("names", **cells))
    if text is None:
        assert run("lookup", "--dict", mine, changed[1]).out == ""
        return
    assert [(found[0], found[2]) for found in brief(extract(text, "--dict", str(mine)))] == expected


# --- Check ------------------------------------------------------------------------------------------------------------


def test_the_tables_of_the_repository_have_no_problems() -> None:
    got = run("dict", "check", "--as-of", AS_OF, TABLES)
    assert (got.status, got.out) == (0, "no problems\n"), got.err


def test_every_problem_is_reported_with_file_and_line(tmp_path: Path) -> None:
    columns = header("securities").split("\t")
    rows = [
        {"id": "XSHX:688111", "issuer": "XSHX:688111", "type": "stock", "status": "active"},
        {"id": "nonsense", "issuer": "nonsense", "type": "stock", "status": "active"},
        {"id": "XSHG:689998", "issuer": "XSHG:689998", "type": "stock", "status": "active", "listed": "2021-13-01"},
    ]
    lines = [header("securities")] + ["\t".join(cells.get(column, "") for column in columns) for cells in rows]
    (tmp_path / "securities.tsv").write_text("\n".join(lines) + "\n")
    got = run("dict", "check", "--base", "default", tmp_path / "securities.tsv")
    assert got.status == 1
    for number in (2, 3, 4):
        assert f"securities.tsv:{number}: " in got.err
    assert "XSHX" in got.err and "2021-13-01" in got.err


def test_a_missing_table_is_said(tmp_path: Path) -> None:
    got = run("dict", "check", "--base", "default", tmp_path / "names.tsv")
    assert got.status == 2
    assert "names.tsv" in got.err


# --- Diff -------------------------------------------------------------------------------------------------------------

DIFF_TEXT = "呱呱软件今日上涨，贵州茅台（600519）涨停。金山办公软件走高，腾讯控股微跌，苹果公司未变。"


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default dictionary with a name more, a name less, a longer name of another and a name that goes elsewhere."""
    rows = [
        dict(id="XSHG:688111", name="呱呱软件", lang="zh", kind="alias", action="add"),
        dict(id="*", name="贵州茅台", action="block"),
        dict(id="XSHE:000001", name="金山办公软件", lang="zh", kind="alias", action="add"),
        dict(id="XHKG:00700", name="腾讯控股", lang="zh", kind="short", action="remove"),
        dict(id="XSHE:000002", name="腾讯控股", lang="zh", kind="alias", action="add"),
    ]
    tables = [row("names", **cells) for cells in rows]
    text = tables[0] + "".join(table.split("\n", 1)[1] for table in tables[1:])
    return layered(tmp_path_factory.mktemp("changed"), "names.tsv", text)


def test_diff_shows_what_is_gained_lost_and_changed(changed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIFF_TEXT)
    got = run("dict", "diff", "--on", "a.txt", "default", changed, cwd=tmp_path)
    assert (got.status, got.err) == (0, "")
    *changes, counts = got.lines
    sides = [[change[side] and (change[side]["start"], change[side]["text"], change[side]["security"])
              for side in ("old", "new")] for change in changes]  # fmt: skip
    assert [(change["id"], change["change"]) for change in changes] == [
        ("a.txt", "gained"), ("a.txt", "lost"), ("a.txt", "changed"), ("a.txt", "changed")]  # fmt: skip
    assert sides == [
        [None, (0, "呱呱软件", "XSHG:688111")],
        [(27, "贵州茅台", "XSHG:600519"), None],
        [(60, "金山办公", "XSHG:688111"), (60, "金山办公软件", "XSHE:000001")],
        [(87, "腾讯控股", "XHKG:00700"), (87, "腾讯控股", "XSHE:000002")],
    ]
    assert counts == {"documents": 1, "gained": 1, "lost": 1, "changed": 2, "same": 2}


def test_diff_turned_round_turns_the_changes_round(changed: Path) -> None:
    there, back = (run("dict", "diff", "--on", "-", *dicts, input=DIFF_TEXT).lines
                   for dicts in (("default", changed), (changed, "default")))  # fmt: skip
    turned = {"gained": "lost", "lost": "gained", "changed": "changed"}
    assert [(turned[c["change"]], c["new"], c["old"]) for c in there[:-1]] == [
        (c["change"], c["old"], c["new"]) for c in back[:-1]
    ]
    assert (there[-1]["gained"], there[-1]["lost"]) == (back[-1]["lost"], back[-1]["gained"])


def test_diff_reads_ndjson_titles_links_and_many_files(changed: Path, tmp_path: Path) -> None:
    link = "<a href='http://quote.eastmoney.com/unify/r/1.600519'>贵州茅台</a>"
    lines = [{"id": "一\"", "title": "呱呱软件", "text": "涨停"}, {"id": 2, "text": link, "format": "html"}, {"text": "无"}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    got = run("dict", "diff", "--ndjson", "--on", "a.jsonl", "--on", "a.jsonl", "--offsets", "codepoint", "default", changed, cwd=tmp_path)
    *changes, counts = got.lines
    assert counts == {"documents": 6, "gained": 2, "lost": 2, "changed": 0, "same": 2}
    first = {"start": 0, "end": 4, "text": "呱呱软件", "kind": "name", "field": "title", "security": "XSHG:688111"}
    assert (changes[0]["id"], changes[0]["old"]) == ("一\"", None)
    assert {key: changes[0]["new"][key] for key in first} == first
    assert (changes[1]["id"], changes[1]["change"], changes[1]["old"]["kind"]) == ("2", "lost", "name")
    assert changes[2:] == changes[:2]


def test_diff_reads_csv_named_files_and_skips_as_extract_does(changed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\nx,呱呱软件涨停\ny,无\n")
    *changes, counts = run("dict", "diff", "--csv", "text", "--on", "a.csv", "default", changed, cwd=tmp_path).lines
    assert [(change["id"], change["change"]) for change in changes] == [("x", "gained")] and counts["documents"] == 2
    (tmp_path / "b.html").write_text("<nav>呱呱软件</nav><p>呱呱软件涨停")
    (tmp_path / "names").write_text("b.html\n")
    for options, gained in [([], 2), (["--skip", "nav"], 1)]:
        got = run("dict", "diff", "--files-from", "names", *options, "default", changed, cwd=tmp_path)
        assert got.lines[-1]["gained"] == gained, got


def test_a_diff_as_a_table_ends_with_its_counts(changed: Path) -> None:
    got = run("dict", "diff", "--table", "--on", "-", "default", changed, input=DIFF_TEXT).out.splitlines()
    assert got[0].split("  ")[0] == "change" and got[2].split() == ["lost", "-", "27", "贵州茅台", "XSHG:600519", "-", "-", "-"]
    assert got[-2:] == ["", "1 documents: 1 gained, 1 lost, 2 changed, 2 the same"]
    same = run("dict", "diff", "--table", "--on", "-", "default", "default", input=DIFF_TEXT).out
    assert same == "1 documents: 0 gained, 0 lost, 0 changed, 5 the same\n"


# --- Info, dump, open -------------------------------------------------------------------------------------------------


def test_info_tells_version_counts_and_size(built: Path) -> None:
    info = run("dict", "info", "--json", built).one
    assert info["as_of"] == AS_OF and info["version"].startswith(AS_OF + "/")
    assert info["bytes"] == built.stat().st_size
    assert info["securities"] > info["issuers"] > 10000 and info["names"] > info["securities"]
    text = dict(line.split() for line in run("dict", "info", built).out.splitlines())
    assert text == {key: str(value) for key, value in info.items()}


def test_a_stale_dictionary_is_said_once_and_on_request(tmp_path: Path) -> None:
    assert run("dict", "build", "--as-of", "2020-01-02", TABLES, "-o", tmp_path / "old.smd").status == 0
    stale = run("dict", "info", "--max-age", "365", tmp_path / "old.smd")
    assert stale.status == 1 and stale.out == run("dict", "info", tmp_path / "old.smd").out
    assert re.fullmatch(r"stockmention dict info: the tables of 2020-01-02/\w+ are \d{4,} days old, more than 365; get .*\n", stale.err)
    for arguments in (["--max-age", "100000"], []):
        got = run("dict", "info", *arguments, tmp_path / "old.smd")
        assert (got.status, got.err) == (0, "")


def test_the_age_is_counted_in_days(tmp_path: Path) -> None:
    """Of a day that begins or ends while this runs, either count is right."""
    before = datetime.date.today()
    assert run("dict", "build", "--as-of", str(before - datetime.timedelta(days=40)), TABLES, "-o", tmp_path / "m.smd").status == 0
    assert run("dict", "info", "--max-age", "39", tmp_path / "m.smd").status == 1
    assert run("dict", "info", "--max-age", "41", tmp_path / "m.smd").status == 0


@pytest.mark.parametrize("table", NAMES)
def test_every_table_of_the_default_dictionary_can_be_dumped(table: str) -> None:
    got = run("dict", "dump", table)
    assert (got.status, got.err) == (0, "")
    assert len(got.out_bytes.splitlines()) > 1


# what is done to the bytes of a good file
DAMAGES = {
    "empty": lambda good: b"",
    "cut": lambda good: good[: len(good) // 2],
    "one byte short": lambda good: good[:-1],
    "one byte more": lambda good: good + b"\0",
    "another magic": lambda good: b"X" + good[1:],
    "a flipped bit in the middle": lambda good: good[: len(good) // 2]
    + bytes([good[len(good) // 2] ^ 1])
    + good[len(good) // 2 + 1 :],
    "no dictionary": lambda good: b"# a text\n" * 1000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_with_its_name(built: Path, tmp_path: Path, damage: str) -> None:
    bad = tmp_path / "bad.smd"
    bad.write_bytes(DAMAGES[damage](built.read_bytes()))
    for arguments in (["extract", "--dict", bad], ["dict", "info", bad], ["lookup", "--dict", bad, "688111"]):
        got = run(*arguments, input="金山办公")
        assert (got.status, got.out) == (2, "")
        assert "bad.smd" in got.err and got.err.count("\n") == 1


def test_a_path_where_there_is_nothing_is_told_once() -> None:
    got = run("dict", "build", "--base", "default", "no-such-folder", "-o", "no.smd")
    assert got.status == 2
    assert got.err == "no-such-folder: there is nothing here; expected a folder of tables or a table\n"


def test_a_missing_dictionary_is_refused_with_its_name() -> None:
    got = run("extract", "--dict", "no-such.smd", input="金山办公")
    assert got.status == 2 and "no-such.smd" in got.err
