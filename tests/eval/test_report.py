"""What the report counts, and that it says so where it cannot be made."""

import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Dict, List, Tuple

import candidates
import pytest
import report
import score_gold
from report import Outcome
from test_score_gold import needs

TEXT = "贵州茅台、阿里云和五粮液涨，高通胀，600519"


def same(text: str, a: Tuple[int, int], b: Tuple[int, int]) -> bool:
    return a == b


def found(start: int, end: int, decision: str, confidence: float, security: str = "XSHG:600519") -> Dict[str, Any]:
    return {"start": start, "end": end, "text": TEXT[start:end], "kind": "name", "decision": decision, "features": {},
            "confidence": confidence, "lines": [{"security": security}]}  # fmt: skip


def judged() -> candidates.Judged:
    document = {
        "doc": "news-1",
        "text": TEXT,
        "mentions": [
            {"start": 0, "end": 4, "ids": ["XSHG:600519"]},
            {"start": 5, "end": 8, "ids": ["XHKG:09988"], "opt": True},
            {"start": 9, "end": 12, "ids": ["XSHE:000858"]},
            {"start": 18, "end": 24, "ids": ["XSHG:600519"]},
        ],
    }
    some = [
        found(0, 4, "taken", 0.99),
        found(2, 4, "overlapped", 0.01),
        found(5, 8, "taken", 0.7),
        found(9, 12, "below-threshold", 0.4),
        found(14, 16, "taken", 0.8),
    ]
    return candidates.Judged(document, some, [True, False, None, True, False], Counter(), {})


def test_outcomes_are_what_was_reported_and_what_was_missed() -> None:
    told = [*report.reported(judged(), same), *report.missed(judged(), same)]
    assert [(one.text, one.kind, one.verdict, one.confidence, one.is_first) for one in told] == [
        ("贵州茅台", "name", "right", 0.99, True), ("阿里云", "name", "open", 0.7, False),
        ("高通", "name", "false", 0.8, False), ("五粮液", "name", "missed", 0.4, False),
        ("600519", "code", "missed", 0.0, False),
    ]  # fmt: skip
    counts = report.count(told)
    assert {key: counts[key] for key in ("tp", "fp", "fn", "ignored", "first")} == {
        "tp": 1, "fp": 1, "fn": 2, "ignored": 1, "first": 1
    }  # fmt: skip


@pytest.mark.parametrize(
    "label, security, is_first, is_any",
    [
        ({"ids": ["A", "B"]}, "A", True, True),
        ({"ids": ["A", "B"]}, "B", False, True),
        ({"ids": ["A", "B"], "free": True}, "B", True, True),
        ({"ids": ["A"]}, "C", False, False),
    ],
)
def test_linking_is_judged_by_the_labels(label: Dict[str, Any], security: str, is_first: bool, is_any: bool) -> None:
    document = {"doc": "news-1", "text": TEXT, "mentions": [{"start": 0, "end": 4, **label}]}
    row = candidates.Judged(document, [found(0, 4, "taken", 1, security)], [True], Counter(), {})
    (one,) = report.reported(row, same)
    assert (one.is_first, one.is_any) == (is_first, is_any)


def outcome(text: str, verdict: str, confidence: float = 0.9, doc: str = "news-1") -> Outcome:
    return Outcome(doc, (0, len(text)), text, "name", verdict, confidence)


def test_a_text_counts_once_however_often_it_stands_there() -> None:
    some = [outcome("茅台", "right")] * 8 + [outcome("太阳能", "false")] * 2 + [outcome("平安", "right"), outcome("平安", "missed")]
    got = report.over_distinct_texts([*some, outcome("微信", "open")])
    assert got == pytest.approx({"precision": 2 / 3, "recall": 0.75, "F1": 2 * (2 / 3) * 0.75 / (2 / 3 + 0.75)})


def test_intervals_are_the_same_each_time_and_as_wide_as_documents_differ() -> None:
    alike = [[outcome("茅台", "right"), outcome("太阳能", "false")]] * 20
    assert report.intervals(alike, report.figures_of, 100)["precision"] == (0.5, 0.5)
    mixed = [[outcome("茅台", "right")]] * 15 + [[outcome("太阳能", "false")]] * 5
    first, again = (report.intervals(mixed, report.figures_of, 200)["precision"] for _ in range(2))
    assert first == again and 0.4 < first[0] < 0.75 < first[1] < 1


def test_documents_without_a_mention_are_drawn_too() -> None:
    assert report.by_document([outcome("茅台", "right", doc="b")], ["a", "b"]) == [[], [outcome("茅台", "right", doc="b")]]


def test_the_worst_errors_are_those_that_were_thought_surest() -> None:
    some = [outcome("a", "false", 0.6), outcome("b", "missed", 0.1), outcome("c", "false", 0.95), outcome("d", "missed", 0.49)]
    assert [one.text for one in sorted(some, key=report.badness, reverse=True)] == ["c", "b", "a", "d"]


def test_context_stays_on_its_line_and_in_its_cell() -> None:
    assert report.in_context("上一行\n看|茅台 好", (6, 8)) == "上一行 看/【茅台】 好"


def test_changes_are_told_of_figures_that_differ() -> None:
    accepted, now = {"all: F1": 0.98, "gone": 0.5, "same": 1.0}, {"all: F1": 0.985, "same": 1.0, "new": 0.25}
    assert report.changes(accepted, now) == [
        ("all: F1", "0.9800", "0.9850", "+0.0050"), ("gone", "0.5000", "", ""), ("new", "", "0.2500", "")
    ]  # fmt: skip


def test_the_accepted_report_can_be_read() -> None:
    accepted = json.loads(report.ACCEPTED.read_text(encoding="utf-8"))
    assert {"all: precision", "five folds: F1", "each source left out: F1", "notices: found"} <= set(accepted)
    assert all(isinstance(figure, float) for figure in accepted.values())


# --- The whole of it --------------------------------------------------------------------------------------------------


def test_outcomes_count_what_the_judge_counts() -> None:
    documents = score_gold.read_documents(needs(score_gold.GOLD))
    rows = candidates.judge_all(score_gold.find_cli(), documents)
    by_judge: Counter = sum((row.counts for row in rows), Counter())
    ours = report.count(report.outcomes(rows))
    assert {key: ours[key] for key in by_judge} == dict(by_judge)


def test_a_report_has_all_its_parts(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    needs(score_gold.SHARED / "score.py")
    gold = tmp_path / "gold.jsonl"
    mention = {"start": 0, "end": 4, "ids": ["XSHG:600519"]}
    rows: List[Dict[str, Any]] = [
        {"doc": "news-1", "date": "2022-01-05", "text": "贵州茅台（600519）涨", "mentions": [mention]},
        {"doc": "post-1", "date": None, "text": "发展太阳能", "mentions": []},
    ]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert report.main(["--cli", score_gold.find_cli(), "--gold", str(gold), "--without-folds"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# How good dictionary ")
    assert [line for line in out.splitlines() if line.startswith("## ")] == [
        "## Mentions", "## Probabilities, over all candidates whose truth is known", "## What min_confidence does",
        "## The worst 1 of 1 errors",
    ]  # fmt: skip
    assert "| source news | 0.5000 " in out and "| kind code | 0.0000 " in out
    assert "| news-1 | false | code | " in out and "贵州茅台（【600519】）涨 |" in out


def test_without_the_set_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert report.main(["--gold", str(tmp_path / "none.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("Nothing is reported: ")


def test_only_a_whole_report_can_be_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_gold, "GOLD", tmp_path)
    monkeypatch.setattr(report, "make", lambda *_: SimpleNamespace(lines=[], figures={}))
    with pytest.raises(SystemExit, match="2"):
        report.main(["--gold", str(tmp_path), "--accept", "--without-folds"])
