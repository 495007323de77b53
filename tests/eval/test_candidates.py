"""Which candidates are mentions by the labels, and how probabilities are judged."""

import math
from types import SimpleNamespace
from typing import Tuple

import candidates
import pytest


def same_but_descriptor(text: str, a: Tuple[int, int], b: Tuple[int, int]) -> bool:
    return a[0] == b[0] and text[min(a[1], b[1]) : max(a[1], b[1])] in ("", "公司")


JUDGE = SimpleNamespace(same_but_descriptor=same_but_descriptor)
DOCUMENT = {
    "doc": "news-1",
    "text": "看好阿里云和腾讯控股公司",
    "mentions": [{"start": 2, "end": 5, "opt": True}, {"start": 6, "end": 12}],
}


def at(start: int, end: int, **more: object) -> candidates.Explanation:
    return {"start": start, "end": end, "decision": "taken", "features": {}, **more}


@pytest.mark.parametrize(
    "place, expected, reason",
    [
        ((6, 12), True, "the label"),
        ((6, 10), True, "the label but for a descriptor"),
        ((7, 10), False, "a part of it"),
        ((0, 2), False, "nothing"),
        ((2, 5), None, "left open"),
        ((2, 4), None, "inside of what is left open"),
        ((2, 7), False, "more than what is left open"),
    ],
)
def test_labels_decide(place: Tuple[int, int], expected: bool, reason: str) -> None:
    assert candidates.is_mention(DOCUMENT, place, JUDGE) is expected, reason


def test_one_under_another_is_right_only_where_that_is_wrong() -> None:
    found = [at(6, 12), at(6, 10, decision="overlapped", over=0), at(0, 7), at(6, 12, decision="overlapped", over=2)]
    assert candidates.truths(DOCUMENT, found, JUDGE) == [True, False, False, True]
    found = [at(2, 5), at(6, 10, decision="overlapped", over=0), at(2, 4, decision="overlapped", over=0)]
    assert candidates.truths(DOCUMENT, found, JUDGE) == [None, None, None]


def test_what_is_weighed_are_no_features_of_lines() -> None:
    one = at(0, 1, features={"short-name": 350, "home-line": 120, "mark": 300})
    assert candidates.weighed(one) == ("short-name", "mark")
    assert candidates.is_decided(one) and not candidates.is_decided(at(0, 1, decision="never"))


def test_figures_of_nothing_are_not_wrong() -> None:
    assert set(candidates.figures({}).values()) == {1.0}
    got = candidates.figures({"tp": 8, "fp": 2, "fn": 4, "first": 6, "any": 8})
    assert got == pytest.approx({"precision": 0.8, "recall": 2 / 3, "F1": 16 / 22, "first": 0.75, "any": 1.0})


def test_calibration_error_is_the_mean_distance_of_tenths() -> None:
    known = [(0.05, False)] * 9 + [(0.05, True)] + [(1.0, True)] * 10
    assert candidates.calibration_error(known) == pytest.approx(0.5 * 0.05)
    assert candidates.bins(known)[0] == (10, pytest.approx(0.05), 0.1) and candidates.bins(known)[9] == (10, 1.0, 1.0)
    assert candidates.calibration_error([]) == 0.0


def test_log_loss_is_finite_and_that_of_the_base_rate_is_its_entropy() -> None:
    known = [(0.5, True), (0.5, False), (0.5, False), (0.5, False)]
    assert candidates.log_loss(known) == pytest.approx(math.log(2))
    assert candidates.base_log_loss(known) == pytest.approx(-0.25 * math.log(0.25) - 0.75 * math.log(0.75))
    assert candidates.log_loss([(0.0, True)]) < 15 and candidates.log_loss([]) == 0.0
