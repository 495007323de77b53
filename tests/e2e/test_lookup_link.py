"""stockmention lookup and stockmention link."""

from typing import List

import pytest
from conftest import TEXT, run

# query, the first answer, what the query was
QUERIES = [
    ("XSHG:688111", "XSHG:688111", "id"),
    ("688111", "XSHG:688111", "code"),
    ("688111.SH", "XSHG:688111", "code"),
    ("SH688111", "XSHG:688111", "code"),
    ("00700.HK", "XHKG:00700", "code"),
    ("$AAPL", "XNAS:AAPL", "code"),
    ("金山办公", "XSHG:688111", "name"),
    ("騰訊控股", "XHKG:00700", "name"),
    ("Apple Inc.", "XNAS:AAPL", "name"),
    ("http://quote.eastmoney.com/unify/r/1.688111", "XSHG:688111", "url"),
    ("https://xueqiu.com/S/SH688111", "XSHG:688111", "url"),
    ("quote.eastmoney.com/unify/r/1.688111", "XSHG:688111", "url"),
    ("www.xueqiu.com/S/SH688111", "XSHG:688111", "url"),
    ("FB", "XNAS:META", "code"),
    ("$FB", "XNAS:META", "code"),
    ("430047", "BJSE:920047", "code"),
    ("430047.BJ", "BJSE:920047", "code"),
    ("http://quote.eastmoney.com/unify/r/105.FB", "XNAS:META", "url"),
    ("XNAS:FB", "XNAS:FB", "id"),
    ("*ST国华", "XSHE:000004", "name"),
    ("国华", "XHKG:00370", "name"),
]


@pytest.mark.parametrize("query, security, match", QUERIES)
def test_lookup_finds_by_id_code_name_and_url(query: str, security: str, match: str) -> None:
    got = run("lookup", query)
    assert (got.status, got.err) == (0, "")
    assert (got.lines[0]["security"], got.lines[0]["match"]) == (security, match)


def test_an_answer_says_what_the_security_is() -> None:
    first = run("lookup", "金山办公").lines[0]
    assert list(first) == ["security", "issuer", "name", "type", "status", "match", "matched", "matched_kind", "url"]
    assert first["type"] == "stock" and first["status"] == "active" and first["matched"] == "金山办公"
    assert first["url"] == "http://quote.eastmoney.com/unify/r/1.688111"


def test_a_code_on_two_markets_gives_both_lines() -> None:
    assert {"XSHE:000002"} <= {answer["security"] for answer in run("lookup", "000002").lines}


def test_what_has_a_successor_is_answered_with_both() -> None:
    assert [answer["security"] for answer in run("lookup", "FB").lines] == ["XNAS:META", "XNAS:FB"]
    assert [answer["security"] for answer in run("lookup", "XNAS:FB").lines] == ["XNAS:FB", "XNAS:META"]


# query, day, then the first answer's security and its id, name and status on the day
HISTORY = [
    ("XSHE:000004", "2020-01-01", "XSHE:000004", "XSHE:000004", "国农科技", "active"),
    ("000004", "2026-01-01", "XSHE:000004", "XSHE:000004", "*ST国华", "active"),
    ("XNAS:META", "2019-06-30", "XNAS:META", "XNAS:FB", "Facebook, Inc.", "active"),
    ("FB", "2023-06-30", "XNAS:META", "XNAS:META", "Meta Platforms Inc.", "active"),
    ("430047", "2024-01-02", "BJSE:920047", "BJSE:430047", "诺思兰德", "active"),
    ("600519", "2001-06-30", "XSHG:600519", "XSHG:600519", "贵州茅台", "not-yet-listed"),
    ("神州易桥", "2018-01-02", "XSHE:000606", "XSHE:000606", "神州易桥", "active"),
    ("神州易桥", "2024-01-02", "XSHE:000606", "XSHE:000606", "顺利退", "delisted"),
    ("神州易桥", "2016-01-02", "XSHE:000606", "XSHE:000606", "*ST易桥", "active"),
    ("乐视网", "2012-01-01", "XSHE:300104", "XSHE:300104", "", "active"),  # 乐视退, but only in its last weeks
]


@pytest.mark.parametrize("query, day, security, then, name, status", HISTORY)
def test_lookup_answers_from_history(query: str, day: str, security: str, then: str, name: str, status: str) -> None:
    first = run("lookup", "--as-of", day, query).lines[0]
    told = [first[key] for key in ("security", "security_then", "name_then", "status_then")]
    assert told == [security, then, name, status]


def test_a_table_of_a_day_has_what_was_then() -> None:
    got = run("lookup", "--as-of", "2019-06-30", "--table", "XNAS:META").out
    assert [line.split("  ")[0].split() for line in got.splitlines()] == [["security"], ["XNAS:META"]]
    assert "XNAS:FB  Facebook, Inc.  active" in got


def test_nothing_found_is_said_and_no_failure() -> None:
    got = run("lookup", "没有这家公司")
    assert (got.status, got.out) == (0, "")
    assert got.err == "stockmention lookup: nothing is known by '没有这家公司'; expected a name, a code such as 688111.SH, or a quote page's address\n"


def test_lookup_as_a_table() -> None:
    head, first, *_ = run("lookup", "--table", "金山办公").out.splitlines()
    assert head.split() == ["security", "name", "status", "matched", "as", "url"]
    assert first.split()[0] == "XSHG:688111"


@pytest.mark.parametrize("options", [[], ["--as-of", "2021-12-22"]])
def test_lookup_of_all_providers_gives_what_extract_gives(options: List[str]) -> None:
    (mention, *_) = run("extract", "--provider", "all", input="金山办公走强").one["mentions"]
    found, plain = (run("lookup", *options, *more, "XSHG:688111").one for more in (["--provider", "all"], []))
    assert (found.pop("urls"), found) == (mention["urls"], plain)
    assert plain["url"] == mention["url"]


@pytest.mark.parametrize("command", [["extract"], ["lookup", "688111"]])
def test_a_table_has_room_for_one_provider(command: List[str]) -> None:
    got = run(*command, "--provider", "all", "--table", input=TEXT)
    assert (got.status, got.out) == (2, "")
    assert got.err == (
        f"stockmention {command[0]}: a table has room for one provider's URLs; say --json for all, or name a provider\n"
    )
    assert run("explain", "--provider", "all", "--table", input=TEXT).status == 0, "that table has no URLs"


# id, provider, URL
LINKS = [
    ("XSHG:688111", None, "http://quote.eastmoney.com/unify/r/1.688111"),
    ("XSHE:000001", None, "http://quote.eastmoney.com/unify/r/0.000001"),
    ("XHKG:00700", None, "http://quote.eastmoney.com/unify/r/116.00700"),
    ("XNAS:AAPL", None, "http://quote.eastmoney.com/unify/r/105.AAPL"),
    ("XSHG:688111", "xueqiu", "https://xueqiu.com/S/SH688111"),
    ("BJSE:430047", None, "http://quote.eastmoney.com/unify/r/0.920047"),
    ("XNAS:FB", None, "http://quote.eastmoney.com/unify/r/105.META"),
]


@pytest.mark.parametrize("id, provider, url", LINKS)
def test_link_prints_the_url(id: str, provider: str, url: str) -> None:
    got = run("link", id, *(["--provider", provider] if provider else []))
    assert (got.status, got.out, got.err) == (0, url + "\n", "")


def test_link_of_all_providers_can_be_looked_up_again() -> None:
    rows = [line.split("\t") for line in run("link", "XSHG:688111", "--provider", "all").out.splitlines()]
    assert ["eastmoney", "http://quote.eastmoney.com/unify/r/1.688111"] in rows
    assert len({provider for provider, _ in rows}) == len(rows)
    assert len(rows) > 5 and all(url.startswith("http") for _, url in rows)
    for provider, url in rows:
        assert run("lookup", url).lines[0]["security"] == "XSHG:688111", provider


@pytest.mark.parametrize("id", ["XSHG:000000", "688111", "", "XXXX:1"])
@pytest.mark.parametrize("options", [[], ["--provider", "all"]])
def test_link_of_no_security_ends_with_1(id: str, options: list) -> None:
    got = run("link", id, *options)
    assert (got.status, got.out) == (1, "")
    assert got.err.startswith("stockmention link: ") and got.err.count("\n") == 1
