"""One real page, all the way: what is on it, and the same page about twenty other companies."""

from pathlib import Path

import pytest
from conftest import brief, run

# Pairs of a name and a code that had that name on the day of the page, of all boards of both exchanges.
PAIRS = [
    ("贵州茅台", "600519"), ("恒瑞医药", "600276"), ("用友网络", "600588"), ("三一重工", "600031"),
    ("伊利股份", "600887"), ("长江电力", "600900"), ("福耀玻璃", "600660"), ("药明康德", "603259"),
    ("中芯国际", "688981"), ("石头科技", "688169"), ("传音控股", "688036"), ("海康威视", "002415"),
    ("科大讯飞", "002230"), ("立讯精密", "002475"), ("牧原股份", "002714"), ("泸州老窖", "000568"),
    ("宁德时代", "300750"), ("爱尔眼科", "300015"), ("汇川技术", "300124"), ("迈瑞医疗", "300760"),
]  # fmt: skip


def extract(tmp_path: Path, page: str, *options: str) -> dict:
    (tmp_path / "article.md").write_text(page, encoding="utf-8")
    got = run("extract", *options, "article.md", cwd=tmp_path)
    assert (got.status, got.err) == (0, "")
    return got.one


def exchanged(page: str, name: str, code: str) -> str:
    """The page as it would be, had it been written about another company."""
    in_shanghai = code[0] == "6"
    market = "1" if in_shanghai else "0"
    kind = "23" if code.startswith("688") else "2" if in_shanghai else "80" if code[0] == "3" else "6"
    for old, new in (
        ("688111|1|23|", f"{code}|{market}|{kind}|"),
        ("688111|1|1", f"{code}|{market}|{'1' if in_shanghai else '2'}"),
        ("1.688111", f"{market}.{code}"),
        ("688111", code),
        ("金山办公", name),
    ):
        assert old in page
        page = page.replace(old, new)
    return page


def test_the_page_has_its_mentions_and_no_others(tmp_path: Path, seed: str) -> None:
    document = extract(tmp_path, seed)
    assert document["as_of"] == "2021-12-22"
    assert document["id"] == "article.md"
    found = brief(document)
    names = [row for row in found if row[1] == "name"]
    links = [row for row in found if row[1] == "link"]
    assert names.count(("金山办公", "name", "XSHG:688111")) == 28
    assert names.count(("金山云", "name", "XNAS:KC")) == 1
    assert [security for _, _, security in links] == ["XSHG:688111"]
    assert len(found) == 30
    assert {m["url"] for m in document["mentions"] if m["text"] == "金山办公"} == {
        "http://quote.eastmoney.com/unify/r/1.688111"
    }


def test_the_places_are_in_the_bytes_of_the_page(tmp_path: Path, seed: str) -> None:
    page = seed.encode("utf-8")
    for mention in extract(tmp_path, seed)["mentions"]:
        place = page[mention["start"] : mention["end"]].decode("utf-8")
        if mention["kind"] == "link":
            assert place.startswith("<a ") and place.endswith("</a>") and "688111" in place
        else:
            assert place == mention["text"]


def test_the_title_of_the_front_matter_is_the_title(tmp_path: Path, seed: str) -> None:
    first = extract(tmp_path, seed)["mentions"][0]
    assert (first["text"], first["region"]) == ("金山办公", "title")


def test_the_roll_up_counts_names_and_not_the_link(tmp_path: Path, seed: str) -> None:
    rows = extract(tmp_path, seed)["securities"]
    assert [(row["security"], row["count"]) for row in rows] == [("XSHG:688111", 28), ("XNAS:KC", 1)]
    assert rows[0]["salience"] > 0.9


def test_a_line_that_came_later_is_no_candidate_before(tmp_path: Path, seed: str) -> None:
    def candidates(document: dict) -> set:
        (mention,) = [mention for mention in document["mentions"] if mention["text"] == "金山云"]
        return {candidate["security"] for candidate in mention["candidates"]}

    assert candidates(extract(tmp_path, seed)) == {"XNAS:KC"}
    assert candidates(extract(tmp_path, seed, "--as-of", "2023-06-01")) == {"XNAS:KC", "XHKG:03896"}


@pytest.mark.parametrize("name, code", PAIRS)
def test_another_company_in_its_place_gives_the_same_mentions(tmp_path: Path, seed: str, name: str, code: str) -> None:
    security = ("XSHG:" if code[0] == "6" else "XSHE:") + code
    expected = [
        (text.replace("金山办公", name), kind, security if found == "XSHG:688111" else found)
        for text, kind, found in brief(extract(tmp_path, seed))
    ]
    assert brief(extract(tmp_path, exchanged(seed, name, code))) == expected
    assert expected.count((name, "name", security)) == 28
