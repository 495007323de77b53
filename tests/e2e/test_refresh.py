"""python3 -m stockmention.refresh: from last year's tables and the lists of today to the change of each kind.

The tables and lists in tests/e2e/refresh are made up; the lists have the titles, places and quirks of those that the
exchanges publish, as TSV, and are brought into their true file formats here."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, List, Tuple

import pytest
from conftest import ROOT, run

HERE = Path(__file__).with_name("refresh")
DAY = "2026-11-27"
openpyxl = pytest.importorskip("openpyxl")
xlwt = pytest.importorskip("xlwt")
pytest.importorskip("xlrd")


def cells(name: str) -> List[List[str]]:
    lines = (HERE / "lists" / name).read_text(encoding="utf-8").splitlines()
    return [[cell.replace("\\n", "\n") for cell in line.split("\t")] for line in lines]


def xlsx(rows: List[List[str]], path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def xlsx_of_numbers(rows: List[List[str]], path: Path) -> None:
    xlsx([[int(cell) if cell.isdigit() else cell for cell in row] for row in rows], path)  # type: ignore[misc]


def xls(rows: List[List[str]], path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("GPLIST")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    book.save(str(path))


def gbk(rows: List[List[str]], path: Path) -> None:
    path.write_bytes("".join("\t".join(row) + "\r\n" for row in rows).encode("gb18030"))


def csv_with_mark(rows: List[List[str]], path: Path) -> None:
    path.write_bytes("\n".join(",".join(row) for row in rows).encode("utf-8-sig"))


# the list, the file that it is published as
FORMATS: Dict[str, Tuple[str, Callable[[List[List[str]], Path], None]]] = {
    "szse_a.tsv": ("A股列表.xlsx", xlsx),
    "szse_b.tsv": ("B股列表.xlsx", xlsx_of_numbers),
    "szse_renamed.tsv": ("简称变更.xlsx", xlsx),
    "szse_delisted.tsv": ("终止上市.xlsx", xlsx),
    "sse_a.tsv": ("GPLIST.xls", xls),
    "sse_b.tsv": ("GPLIST_B.xls", gbk),
    "sse_star.tsv": ("star.xls", gbk),
    "bse.tsv": ("bse.csv", csv_with_mark),
    "hkex.tsv": ("ListOfSecurities.xlsx", xlsx_of_numbers),
    "hkex_zh.tsv": ("ListOfSecurities_c.xlsx", xlsx),
}


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lists as they are published."""
    folder = tmp_path_factory.mktemp("lists")
    for name, (published, write) in FORMATS.items():
        write(cells(name), folder / published)
    for name in ("nasdaqlisted.txt", "otherlisted.txt", "more.csv"):
        shutil.copy(HERE / "lists" / name, folder)
    return folder


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Last year's tables."""
    folder = tmp_path_factory.mktemp("tables")
    for table in (ROOT / "src/dict/tables").glob("*.tsv"):
        shutil.copy(table, folder)
    for table in (HERE / "tables").iterdir():
        shutil.copy(table, folder)
    return folder


def refresh(*arguments: "str | Path") -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src/python"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "stockmention.refresh", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=120, check=False)


def all_lists(folder: Path) -> "List[str | Path]":
    whole = [path for path in sorted(folder.iterdir()) if path.name != "more.csv"]
    return [*whole, "--part", folder / "more.csv"]


@pytest.fixture(scope="module")
def refreshed(lists: Path, tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This year's tables, and the dictionary that was compiled from them."""
    folder = tmp_path_factory.mktemp("refreshed")
    got = refresh("--tables", tables, "--write", folder, "-o", folder / "new.smd", *all_lists(lists))
    assert got.returncode == 0, got.stderr
    return folder


# --- The diff ---------------------------------------------------------------------------------------------------------


def test_each_kind_of_change_is_shown_and_nothing_is_written(lists: Path, tables: Path) -> None:
    before = {path.name: path.read_bytes() for path in tables.iterdir()}
    got = refresh("--tables", tables, *all_lists(lists))
    assert (got.returncode, got.stdout) == (0, (HERE / "diff.txt").read_text(encoding="utf-8")), got.stderr
    assert {path.name: path.read_bytes() for path in tables.iterdir()} == before
    assert f"{lists / 'ListOfSecurities.xlsx'}: hkex of {DAY}, rows taken: 8, left out: 2\n" in got.stderr


def test_the_same_lists_once_more_change_nothing(lists: Path, refreshed: Path) -> None:
    got = refresh("--tables", refreshed, *all_lists(lists))
    assert (got.returncode, got.stdout) == (0, f"{DAY} → {DAY}: 0 changes\n"), got.stderr


def default_rows(table: str) -> List[Dict[str, str]]:
    header, *lines = (ROOT / f"src/dict/tables/{table}.tsv").read_text(encoding="utf-8").splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"))) for line in lines]


def test_lists_that_say_what_the_default_tables_say_change_nothing(tmp_path: Path) -> None:
    """Ten thousand true names: none is cut, folded or taken for another one. XD百联股 is no name, so those are left out."""
    active = {row["id"]: row for row in default_rows("securities") if row["status"] == "active"}
    for row in default_rows("names"):
        if row["id"] in active and not (row["kind"] == "short" and row["name"].startswith("XD")):
            active[row["id"]].setdefault(row["kind"], row["name"])
    columns = ["id", "short", "full", "english", "type", "board", "currency", "isin", "listed", "issuer"]
    with open(tmp_path / "all.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(row for id, row in active.items() if not id.startswith("XNAS:"))
    lines = ["Symbol|Security Name|Market Category|Test Issue|Financial Status|Round Lot Size|ETF|NextShares"]
    lines += [
        f"{id[5:]}|{row.get('english', '')} - Common Stock|Q|N|N|100|N|N"
        for id, row in active.items()
        if id.startswith("XNAS:")
    ]
    (tmp_path / "nasdaqlisted.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    got = refresh(tmp_path / "all.csv", tmp_path / "nasdaqlisted.txt", "--as-of", "2026-12-31")
    assert (got.returncode, got.stdout.splitlines()[0].partition(": ")[2]) == (0, "0 changes"), got.stdout
    assert len(active) > 10000


def test_tables_and_dictionary_are_written_together(refreshed: Path, tables: Path, tmp_path: Path) -> None:
    assert (refreshed / "AS_OF").read_text() == DAY + "\n"
    assert (refreshed / "lexicon.tsv").read_bytes() == (tables / "lexicon.tsv").read_bytes()
    again = run("dict", "build", "--as-of", DAY, refreshed, "-o", tmp_path / "again.smd")
    assert again.status == 0, again.err
    assert (tmp_path / "again.smd").read_bytes() == (refreshed / "new.smd").read_bytes()


def test_a_compiled_dictionary_stands_for_its_tables(lists: Path, tables: Path, tmp_path: Path) -> None:
    assert run("dict", "build", "--as-of", "2025-11-23", tables, "-o", tmp_path / "old.smd").status == 0
    got = refresh("--tables", tmp_path / "old.smd", *all_lists(lists))
    assert (got.returncode, got.stdout) == (0, (HERE / "diff.txt").read_text(encoding="utf-8")), got.stderr


def test_what_the_tables_say_is_found_in_text(refreshed: Path) -> None:
    """New, renamed, and former names, new codes and old ones."""
    text = "农产品（000207）、山货集团、ST山风、新叶科技、830301.BJ、NASDAQ: DUCK。"
    got = run("extract", "--dict", refreshed / "new.smd", input=text).one
    found = {mention["text"]: mention["security"] for mention in got["mentions"]}
    assert found == {"农产品": "XSHE:000207", "000207": "XSHE:000207", "山货集团": "XSHE:000207", "ST山风": "XSHE:000201",
                     "新叶科技": "XSHE:301208", "830301.BJ": "BJSE:920301", "NASDAQ: DUCK": "XNAS:DUCK"}  # fmt: skip


# query, day, then the first answer's security and its id, name and status on the day
HISTORY = [
    ("XSHE:000201", "2026-05-05", "XSHE:000201", "XSHE:000201", "山风电子", "active"),
    ("XSHE:000201", "2026-05-06", "XSHE:000201", "XSHE:000201", "ST山风", "active"),
    ("山风电子", "2026-05-06", "XSHE:000201", "XSHE:000201", "ST山风", "active"),
    ("000202", "2024-01-02", "XSHE:000202", "XSHE:000202", "海月旅游", "active"),
    ("000202", "2025-01-02", "XSHE:000202", "XSHE:000202", "*ST海月", "active"),
    ("000202", DAY, "XSHE:000202", "XSHE:000202", "海月文旅", "active"),
    ("000205", "2010-02-28", "XSHE:000205", "XSHE:000205", "星河造纸", "active"),
    ("000205", "2015-01-02", "XSHE:000205", "XSHE:000205", "星河纸业", "active"),
    ("000205", "2021-01-04", "XSHE:000205", "XSHE:000205", "星河新材", "active"),
    ("600102", "2026-01-14", "XSHG:600102", "XSHG:600102", "蓝莓科技", "active"),
    ("600102", "2026-01-15", "XSHG:600102", "XSHG:600102", "青柠科技", "active"),
    ("830301", "2025-01-02", "BJSE:920301", "BJSE:830301", "晨曦新材", "active"),
    ("920301", DAY, "BJSE:920301", "BJSE:920301", "晨曦新材", "active"),
    ("688302", "2025-01-02", "XSHG:688302", "BJSE:830302", "极光半导", "active"),
    ("DUCK", "2025-01-02", "XNAS:DUCK", "XNAS:QUAK", "Quack Robotics, Inc.", "active"),
    ("TICK", "2025-01-02", "XNAS:TOCK", "XNAS:TICK", "Ticktock Holdings Inc.", "active"),
    ("TICK", DAY, "XNAS:TOCK", "XNAS:TOCK", "Tock International Inc.", "active"),
    ("退潮渔业", "2026-04-29", "XSHE:000206", "XSHE:000206", "退潮渔业", "active"),
    ("退潮渔业", "2026-04-30", "XSHE:000206", "XSHE:000206", "退潮渔业", "delisted"),
    ("301208", "2026-03-01", "XSHE:301208", "XSHE:301208", "新叶科技", "not-yet-listed"),
]


@pytest.mark.parametrize("query, day, security, then, name, status", HISTORY)
def test_queries_of_a_day_are_answered_from_history(query: str, day: str, security: str, then: str, name: str,
                                                    status: str, refreshed: Path) -> None:  # fmt: skip
    first = run("lookup", "--dict", refreshed / "new.smd", "--as-of", day, query).lines[0]
    told = [first[key] for key in ("security", "security_then", "name_then", "status_then")]
    assert told == [security, then, name, status]


# --- What is refused --------------------------------------------------------------------------------------------------


def many(folder: Path, n: int, start: int = 0) -> Path:
    """A list of the main board of Shanghai with n shares."""
    path = folder / f"list{n}_{start}.csv"
    rows = [f"{601000 + i},公司{chr(0x4E00 + i)}{chr(0x5E00 + i)}" for i in range(start, start + n)]
    path.write_text("证券代码,证券简称\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hundred(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables with a hundred shares of Shanghai more."""
    folder = tmp_path_factory.mktemp("hundred")
    got = refresh(
        "--tables", tables, "--part", many(folder, 100), "--as-of", DAY, "--allow", "new=5000", "--write", folder
    )
    assert got.returncode == 0, got.stderr
    return folder


def test_a_list_with_too_much_gone_is_refused_until_it_is_allowed(hundred: Path, tmp_path: Path) -> None:
    command = ["--tables", hundred, many(tmp_path, 88), "--as-of", DAY, "-o", tmp_path / "new.smd"]
    got = refresh(*command)
    assert got.returncode == 1 and not (tmp_path / "new.smd").exists()
    assert "refused: XSHG: 16 of 105 shares would be gone (15.2 %; 5 % are allowed)." in got.stderr
    assert got.stderr.endswith("If so, say --allow gone=16\n")
    assert "delisted     XSHG:601088" in got.stdout  # what was refused can be looked at
    assert refresh(*command, "--allow", "gone=16").returncode == 0
    assert (tmp_path / "new.smd").exists()


def test_nothing_is_gone_for_want_of_a_row_in_a_part(hundred: Path, tmp_path: Path) -> None:
    got = refresh("--tables", hundred, "--part", many(tmp_path, 10), "--as-of", DAY)
    assert (got.returncode, got.stdout) == (0, f"{DAY} → {DAY}: 0 changes\n"), got.stderr


# the file, what is in it, what the message says
BAD = [
    ("page.xls", "<html><table>", "is HTML; expected xlsx, xls, or text"),
    ("prices.csv", "date,price\n2026-11-27,3\n", "no row has the titles of a list that is known; expected those of one of mainland-a"),
    ("empty.csv", "证券代码,证券简称\n", "looks like mainland, but no row of it is a share"),
    ("funds.csv", "证券代码,证券简称\n510300,沪深三百\n", "looks like mainland, but no row of it is a share"),
    ("day.csv", "证券代码,证券简称,上市日期\n600101,呱呱股份,2001-13-01\n", "day.csv:2: '2001-13-01' is no day; expected one such as"),
    ("mic.csv", "id,short\nXTKS:7203,丰田汽车\n", "mic.csv:2: MIC 'XTKS' is not known; expected one of XSHG, "),
    ("twice.csv", "证券代码,证券简称\n600101,呱呱股份\n600101,咕咕股份\n", "twice.csv:3: XSHG:600101 is called '咕咕股份' here"),
    ("zip.xlsx", "PK\x03\x04nonsense", "is no readable xlsx: "),
    ("isin.csv", "id,short,isin\nXSHG:600101,呱呱股份,CNE000000001\n", "isin 'CNE000000001' is not well-formed"),
    ("successor.csv", "id,successor\nXSHG:600101,XSHG:600999\n", "its successor XSHG:600999 is in no list"),
]  # fmt: skip


@pytest.mark.parametrize("name, content, says", BAD, ids=[row[0] for row in BAD])
def test_a_bad_list_is_refused_with_its_name_and_what_to_do(name: str, content: str, says: str, tables: Path,
                                                            tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / name).write_text(content, encoding="utf-8")
    got = refresh("--tables", tables, "--part", tmp_path / name, "--as-of", DAY, "--write", tmp_path / "out")
    assert got.returncode == 1 and says in got.stderr, got.stderr
    assert not (tmp_path / "out").exists() and "Traceback" not in got.stderr


def test_lists_older_than_the_tables_are_refused(tables: Path, tmp_path: Path) -> None:
    got = refresh("--tables", tables, many(tmp_path, 1), "--as-of", "2024-01-02")
    assert got.returncode == 1
    assert got.stderr.endswith(
        "the lists are of 2024-01-02, older than the tables, which are of 2025-11-23: get newer lists\n"
    )


@pytest.mark.parametrize("module, file", [("openpyxl", "A股列表.xlsx"), ("xlrd", "GPLIST.xls")])
def test_a_missing_reader_is_said_with_how_to_get_it(module: str, file: str, lists: Path, tmp_path: Path) -> None:
    (tmp_path / f"{module}.py").write_text("raise ImportError\n")
    path = os.pathsep.join([str(tmp_path), str(ROOT / "src/python")])
    command = [sys.executable, "-m", "stockmention.refresh", str(lists / file), "--as-of", DAY]
    got = subprocess.run(
        command, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert got.returncode == 1
    assert f"{file}: {module} is needed to read it: pip install {module}" in got.stderr


# arguments, what the message says
WRONG = [
    ([], "no list; expected files that an exchange publishes"),
    (
        ["--allow", "all=3", "x.csv"],
        "--allow 'all=3': expected one of gone, renamed, new, = and percent, such as gone=12",
    ),
    (["LIST"], "the lists do not say of which day they are; say --as-of DATE"),
    (["LIST", "--as-of", "2026-02-30"], "--as-of '2026-02-30': expected a day such as 2026-11-27"),
]


@pytest.mark.parametrize("arguments, says", WRONG, ids=[row[1][:24] for row in WRONG])
def test_wrong_usage_ends_with_2(arguments: List[str], says: str, tables: Path, tmp_path: Path) -> None:
    given = [many(tmp_path, 3) if argument == "LIST" else argument for argument in arguments]
    got = refresh("--tables", tables, *given)
    assert got.returncode == 2 and says in got.stderr


def test_help_has_every_kind_of_change_and_list() -> None:
    got = refresh("--help")
    kinds = {line.split()[0] for line in (HERE / "diff.txt").read_text(encoding="utf-8").split("\n\n")[0].splitlines()}
    assert got.returncode == 0
    assert all(f"\n  {kind} " in got.stdout for kind in kinds) and "nasdaq-trader" in got.stdout
