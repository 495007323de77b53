"""Candidates of labelled documents: what `stockmention explain` tells of each, and whether it is a mention."""

import ast
import math
from collections import Counter
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

import score_gold
from score_gold import Document, Failed

Explanation = Dict[str, Any]
Truth = Tuple[float, bool]  # the probability that something is a mention, and whether it is
LINE_FEATURES = ("home-line", "only-line", "line-code", "market-word", "as-of", "preferred", "successor", "not-yet-listed")


def explain(cli: str, documents: List[Document], *options: str) -> List[List[Explanation]]:
    """The candidates of each document, in the order of the documents; places count code points."""
    lines = score_gold.json_lines(score_gold.ask(cli, "explain", documents, *options))
    return [line["explanations"] for line in lines]


def judge() -> SimpleNamespace:
    """The functions of the judge. It runs when it is imported, so that they are taken out of its source."""
    path = score_gold.SHARED / "score.py"
    if not path.exists():
        raise Failed(f"{path} is not there: the gold set and its judge do not come with the repository")
    source = ast.parse(path.read_text(encoding="utf-8"))
    source.body = [node for node in source.body if not isinstance(node, ast.Expr)]
    functions: Dict[str, Any] = {}
    exec(compile(source, str(path), "exec"), functions)
    return SimpleNamespace(**functions)


def source_of(document: Document) -> str:
    return str(document["doc"]).rsplit("-", 1)[0]


def is_mention(document: Document, place: Tuple[int, int], judged: SimpleNamespace) -> Optional[bool]:
    """Whether a place is a mention by the labels, but for a descriptor at its end; None where they leave it open."""
    text = document["text"]
    labels = [((mention["start"], mention["end"]), bool(mention.get("opt"))) for mention in document["mentions"]]
    if any(not is_open and judged.same_but_descriptor(text, label, place) for label, is_open in labels):
        return True
    is_left_open = any(
        is_open and ((label[0] <= place[0] and place[1] <= label[1]) or judged.same_but_descriptor(text, label, place))
        for label, is_open in labels
    )
    return None if is_left_open else False


def truths(document: Document, candidates: List[Explanation], judged: SimpleNamespace) -> List[Optional[bool]]:
    """Of each candidate whether it is a mention. One under another that is right is a part of that one."""
    places = [is_mention(document, (one["start"], one["end"]), judged) for one in candidates]
    beneath = {True: False, False: True, None: None}
    return [
        beneath[places[one["over"]]] if is_it and "over" in one else is_it for one, is_it in zip(candidates, places)
    ]


def weighed(one: Explanation) -> Tuple[str, ...]:
    """The features that decide whether a candidate is a mention."""
    return tuple(feature for feature in one["features"] if feature not in LINE_FEATURES)


def is_decided(one: Explanation) -> bool:
    """By its score, not by a table nor by what lies over it."""
    return one["decision"] in ("taken", "below-threshold")


# --- Judged documents -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """One labelled document, what was found in it, and what is right of that."""

    document: Document
    found: List[Explanation]
    truths: List[Optional[bool]]
    counts: Counter  # as the judge counts: tp, fp, fn, ignored, first, any
    errors: Dict[str, List[Tuple[Any, ...]]]  # as the judge lists them, by kind of error

    @property
    def source(self) -> str:
        return source_of(self.document)

    @property
    def known(self) -> List[Truth]:
        """Of the candidates whose truth is known, how probable each was said to be."""
        return [(one["confidence"], is_it) for one, is_it in zip(self.found, self.truths) if is_it is not None]


def as_mention(one: Explanation) -> Dict[str, Any]:
    return {"start": one["start"], "end": one["end"], "security": one["lines"][0]["security"], "kind": one["kind"]}


def taken(found: Iterable[Explanation]) -> List[Dict[str, Any]]:
    return [as_mention(one) for one in found if one["decision"] == "taken"]


def judge_all(cli: str, documents: List[Document], *options: str) -> List[Judged]:
    judged = judge()
    rows = []
    for document, found in zip(documents, explain(cli, documents, *options)):
        counts, errors = judged.judge(document, taken(found))
        rows.append(Judged(document, found, truths(document, found, judged), counts, errors))
    return rows


def figures(counts: Dict[str, int]) -> Dict[str, float]:
    """Precision, recall, F1 and linking of what was counted; 1 where there is nothing to be wrong about."""
    right, false, missed = counts.get("tp", 0), counts.get("fp", 0), counts.get("fn", 0)
    precision, recall = share(right, right + false), share(right, right + missed)
    return {
        "precision": precision,
        "recall": recall,
        "F1": share(2 * right, 2 * right + false + missed),
        "first": share(counts.get("first", 0), right),
        "any": share(counts.get("any", 0), right),
    }


def share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


# --- Probabilities ----------------------------------------------------------------------------------------------------

BINS = 10
LEAST = 1 / 65535 / 2  # of a probability: the library's are of 65535, and none is quite 0


def bins(known: Sequence[Truth]) -> List[Tuple[int, float, float]]:
    """Of each tenth of the probabilities how many there are, their mean, and the share that is true."""
    parts: List[List[Truth]] = [[] for _ in range(BINS)]
    for p, is_it in known:
        parts[min(BINS - 1, int(p * BINS))].append((p, is_it))
    return [
        (len(part), share(sum(p for p, _ in part), len(part)), share(sum(is_it for _, is_it in part), len(part)))
        for part in parts
    ]


def calibration_error(known: Sequence[Truth]) -> float:
    """Expected calibration error: how far the probabilities of a tenth are from what is true of it, on the mean."""
    return share(sum(n * abs(mean - true) for n, mean, true in bins(known)), len(known)) if known else 0.0


def log_loss(known: Sequence[Truth]) -> float:
    """In nats a candidate."""
    return share(-sum(math.log(max(LEAST, p if is_it else 1 - p)) for p, is_it in known), len(known)) if known else 0.0


def base_log_loss(known: Sequence[Truth]) -> float:
    """That of saying of each how many there are among all."""
    rate = share(sum(is_it for _, is_it in known), len(known))
    return log_loss([(rate, is_it) for _, is_it in known])
