"""That context.tsv is what fitting gives, and that what it is fitted by counts what it should."""

import math
from typing import Dict, List

import candidates
import fit_context
import pytest
import score_gold
import silver
from fit_context import Prior, Row


def test_a_fresh_clone_fits_the_same_weights() -> None:
    weights = fit_context.fit(fit_context.read_counts(), fit_context.read_prior())
    assert fit_context.with_weights(weights) == fit_context.CONTEXT.read_text(encoding="utf-8"), (
        "context.tsv is not what fitting gives: a weight is changed in context_prior.tsv, "
        "then 'python3 tests/eval/fit_context.py fit' writes it"
    )


def test_counts_are_of_features_that_are_weighed_and_of_nothing_else() -> None:
    rows, known = fit_context.read_counts(), set(fit_context.read_prior())
    assert len(rows) == len({(row.source, row.features) for row in rows}) > 100
    assert all(row.features and row.negative + row.positive > 0 for row in rows if row.source != fit_context.SILVER)
    assert {feature for row in rows for feature in row.features} <= known


# --- Fitting ----------------------------------------------------------------------------------------------------------

WITHOUT_EVIDENCE = {"a": Prior(120, ""), "b": Prior(-250, "-"), "c": Prior(40, "+")}


def wide(rows: List[Row], prior: Dict[str, Prior]) -> Dict[str, int]:
    return fit_context.Fit(rows, prior, deviation=100).run()


def test_without_evidence_weights_stay() -> None:
    assert fit_context.fit([], WITHOUT_EVIDENCE) == {"a": 120, "b": -250, "c": 40}


def test_with_much_evidence_weights_are_log_odds() -> None:
    rows = [Row("news", ("a",), 1000, 3000), Row("news", ("a", "b"), 3000, 1000)]
    weights = wide(rows, WITHOUT_EVIDENCE)
    assert weights["a"] == 10 * round(10 * math.log(3)) and weights["b"] == 10 * round(20 * math.log(1 / 3))


def test_little_evidence_moves_a_weight_little() -> None:
    weights = fit_context.fit([Row("news", ("a",), 2, 0)], WITHOUT_EVIDENCE)
    assert 110 <= weights["a"] <= 120 and (weights["b"], weights["c"]) == (-250, 40)


def test_a_sign_is_kept_against_the_evidence() -> None:
    rows = [Row("news", ("a",), 100, 100), Row("news", ("a", "b"), 0, 100), Row("news", ("a", "c"), 100, 0)]
    weights = wide(rows, WITHOUT_EVIDENCE)
    assert (weights["b"], weights["c"]) == (0, 0)


def test_how_many_silver_ones_were_looked_for_tells_nothing() -> None:
    gold = [Row("news", ("a",), 100, 300)]
    more = [Row(fit_context.SILVER, ("b",), 500, 500), Row(fit_context.SILVER, (), 1, 999)]
    few = [Row(fit_context.SILVER, ("b",), 50, 500), Row(fit_context.SILVER, (), 1, 9990)]
    assert wide(gold + more, WITHOUT_EVIDENCE)["b"] == wide(gold + few, WITHOUT_EVIDENCE)["b"] < -500
    assert wide(gold + more, WITHOUT_EVIDENCE)["a"] == 110


def test_a_feature_without_a_prior_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_context, "read_weights", lambda: {"short-name": 350, "new-one": 10, "home-line": 120})
    with pytest.raises(score_gold.Failed, match="new-one.*adopt"):
        fit_context.read_prior()


# --- What it is fitted to ---------------------------------------------------------------------------------------------


def test_a_case_is_a_labelled_document() -> None:
    row = {"text": "甲公司（600519）\\n甲公司", "as_of": "20211222",
           "expected": "甲公司=XSHG:600519!; 600519=XSHG:600519+XHKG:1; 甲公司=XSHG:600519"}  # fmt: skip
    document = fit_context.read_case(3, row)
    assert (document["doc"], document["text"], document["date"]) == ("cases-3", "甲公司（600519）\n甲公司", "2021-12-22")
    assert [(one["start"], one["end"], one["ids"]) for one in document["mentions"]] == [
        (0, 3, ["XSHG:600519"]), (4, 10, ["XSHG:600519"]), (12, 15, ["XSHG:600519"])
    ]  # fmt: skip
    assert fit_context.read_case(0, {**row, "expected": "-"})["mentions"] == []


def test_the_tables_of_cases_can_be_read() -> None:
    assert len(fit_context.read_cases()) > 100


def explained(**parts: object) -> candidates.Explanation:
    return {"kind": "name", "decision": "taken", "features": {}, **parts}


def test_a_silver_name_is_looked_at_without_its_code() -> None:
    text = "贵州茅台（600519.SH）涨，五粮液（见注）跌，万科(000002)"
    found = [
        explained(start=0, end=4, features={"code-beside": 600}),
        explained(start=5, end=14, kind="code", features={"name-beside": 600}),
        explained(start=17, end=20, features={"code-beside": 600}),
        explained(start=26, end=28, features={"code-beside": 600}),
        explained(start=29, end=35, kind="code", features={"name-beside": 600}),
    ]
    assert silver.without_codes(text, found) == ("贵州茅台涨，五粮液（见注）跌，万科", {(0, 4), (15, 17)})


def test_a_name_is_cut_by_a_word_that_reaches_out_of_it() -> None:
    words = silver.places_of_words("对高通胀作出", lambda text: iter(["对", "高", "通胀", "作出"]))
    assert words == [(0, 1), (1, 2), (2, 4), (4, 6)]
    assert silver.is_cut((1, 3), words) and silver.is_cut((3, 5), words)
    assert not silver.is_cut((1, 4), words) and not silver.is_cut((2, 3), words) and not silver.is_cut((1, 2), words)
