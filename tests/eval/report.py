#!/usr/bin/env python3
"""Prints in Markdown how good the built command is, how sure of that we are, and what has changed.

    report.py [--cli PATH] [--gold FILE] [--errors N] [--without-folds] [--accept]

Precision, recall, F1 and linking of all mentions, of each kind and source, and over distinct texts, with intervals; the same
of documents that the weights have not seen; the notices; what probabilities are worth; what min_confidence does; the worst
errors; the change against accepted_report.json, which --accept writes anew. README.md beside this file tells how to read it.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

import candidates
import fit_context
import score_gold
from candidates import Judged, figures
from score_gold import Failed

ACCEPTED = Path(__file__).resolve().parent / "accepted_report.json"
ROUNDS = 1000  # of the bootstrap
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
WORDS = ("precision", "recall", "F1", "first", "any")
CODE = re.compile(r"[\d$:]|^[A-Z]{1,5}\.[A-Z]{1,2}$")
AROUND = 16  # characters of context

Figures = Dict[str, float]


# --- Outcomes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """A mention that was reported or missed."""

    doc: str
    place: Tuple[int, int]
    text: str
    kind: str
    verdict: str  # "right", "false", "missed"; "open" where the labels leave it so
    confidence: float  # of what was missed: of the best candidate there; 0 where there was none
    is_first: bool = False  # of what is right: the best line was named
    is_any: bool = False


def reported(judged: Judged, same: Callable[..., bool]) -> Iterator[Outcome]:
    document = judged.document
    for one, is_it in zip(judged.found, judged.truths):
        if one["decision"] != "taken":
            continue
        place = (one["start"], one["end"])
        verdict = "open" if is_it is None else "right" if is_it else "false"
        ids: List[str] = []
        is_free = False
        if is_it:
            label = next(m for m in required(document) if same(document["text"], (m["start"], m["end"]), place))
            ids, is_free = label["ids"], bool(label.get("free"))
        line = one["lines"][0]["security"]
        yield Outcome(document["doc"], place, one["text"], one["kind"], verdict, one["confidence"],
                      line in (ids if is_free else ids[:1]), line in ids)  # fmt: skip


def required(document: score_gold.Document) -> List[Dict[str, Any]]:
    return [mention for mention in document["mentions"] if not mention.get("opt")]


def missed(judged: Judged, same: Callable[..., bool]) -> Iterator[Outcome]:
    document = judged.document
    for label in required(document):
        place = (label["start"], label["end"])
        there = [one for one in judged.found if same(document["text"], place, (one["start"], one["end"]))]
        if any(one["decision"] == "taken" for one in there):
            continue
        text = document["text"][place[0] : place[1]]
        kind = there[0]["kind"] if there else "code" if CODE.search(text) else "name"
        yield Outcome(document["doc"], place, text, kind, "missed", max((one["confidence"] for one in there), default=0.0))


def outcomes(judged: Iterable[Judged]) -> List[Outcome]:
    same = candidates.judge().same_but_descriptor
    return [one for document in judged for told in (reported, missed) for one in told(document, same)]


def count(some: Iterable[Outcome]) -> Counter:
    """As the judge counts."""
    counts: Counter = Counter()
    for one in some:
        counts[{"right": "tp", "false": "fp", "missed": "fn", "open": "ignored"}[one.verdict]] += 1
        counts["first"] += one.is_first
        counts["any"] += one.is_any
    return counts


def over_distinct_texts(some: Iterable[Outcome]) -> Figures:
    """Each text counts once, however often it stands there: by the share of its mentions that are right."""
    by_text: Dict[str, Counter] = {}
    for one in some:
        by_text.setdefault(one.text, Counter())[one.verdict] += 1
    of_reported = [c["right"] / (c["right"] + c["false"]) for c in by_text.values() if c["right"] + c["false"]]
    of_required = [c["right"] / (c["right"] + c["missed"]) for c in by_text.values() if c["right"] + c["missed"]]
    precision = candidates.share(sum(of_reported), len(of_reported))
    recall = candidates.share(sum(of_required), len(of_required))
    return {"precision": precision, "recall": recall, "F1": candidates.share(2 * precision * recall, precision + recall)}


def by_document(some: Iterable[Outcome], docs: Iterable[str]) -> List[List[Outcome]]:
    grouped: Dict[str, List[Outcome]] = {doc: [] for doc in docs}
    for one in some:
        grouped[one.doc].append(one)
    return list(grouped.values())


# --- Intervals --------------------------------------------------------------------------------------------------------


def intervals(
    documents: Sequence[List[Outcome]], measure: Callable[[List[Outcome]], Figures], rounds: int = ROUNDS
) -> Dict[str, Tuple[float, float]]:
    """Where 95 of 100 figures lie if documents are drawn anew: those of one document stay together."""
    chance = random.Random(0)  # noqa: S311 - no secret: the same report again
    drawn: Dict[str, List[float]] = {}
    for _ in range(rounds):
        sample = [one for document in chance.choices(documents, k=len(documents)) for one in document]
        for word, figure in measure(sample).items():
            drawn.setdefault(word, []).append(figure)
    edge = int(rounds * 0.025)
    return {word: (sorted(some)[edge], sorted(some)[rounds - 1 - edge]) for word, some in drawn.items()}


def figures_of(some: Iterable[Outcome]) -> Figures:
    return figures(count(some))


# --- The parts of the report ------------------------------------------------------------------------------------------


@dataclass
class Report:
    """What is printed, and the figures that are compared with those of the accepted report."""

    lines: List[str]
    figures: Figures

    def head(self, title: str) -> None:
        self.lines += ["", f"## {title}", ""]

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]], column: str = "---:") -> None:
        self.lines.append("| " + " | ".join(header) + " |")
        self.lines.append("| --- |" + f" {column} |" * (len(header) - 1))
        self.lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]

    def keep(self, title: str, some: Figures) -> None:
        self.figures.update({f"{title}: {word}": round(figure, 4) for word, figure in some.items()})


def tell_mentions(report: Report, judged: List[Judged], told: List[Outcome]) -> None:
    source_of = {one.document["doc"]: one.source for one in judged}
    groups = {"all": told}
    groups.update({f"kind {kind}": [one for one in told if one.kind == kind] for kind in ("name", "code")})
    groups.update(
        {f"source {source}": [one for one in told if source_of[one.doc] == source]
         for source in sorted(set(source_of.values()))}
    )  # fmt: skip
    report.head("Mentions")
    rows = []
    for title, some in groups.items():
        found, counts = figures_of(some), count(some)
        around = intervals(by_document(some, {one.doc: None for one in some}), figures_of)
        cells = [f"{found[word]:.4f} ({around[word][0]:.3f}–{around[word][1]:.3f})" if some else "–" for word in WORDS]
        rows.append((title, *cells, counts["tp"], counts["fp"], counts["fn"], counts["ignored"]))
        report.keep(title, found)
    found = over_distinct_texts(told)
    around = intervals(by_document(told, source_of), over_distinct_texts)
    cells = [f"{found[word]:.4f} ({around[word][0]:.3f}–{around[word][1]:.3f})" for word in WORDS[:3]]
    rows.append(("distinct texts", *cells, "", "", "", "", "", ""))
    report.keep("distinct texts", found)
    report.table(("", *WORDS, "right", "false", "missed", "ignored"), rows)


def probabilities(judged: Iterable[Judged]) -> Figures:
    known = [pair for one in judged for pair in one.known]
    return {
        "calibration error": candidates.calibration_error(known),
        "log loss": candidates.log_loss(known),
        "log loss of the base rate": candidates.base_log_loss(known),
    }


def tell_folds(report: Report, cli: str, judged: List[Judged]) -> None:
    documents = [one.document for one in judged]
    report.head("Documents that the weights have not seen")
    rows = []
    for title, group_of in (("five folds", fit_context.fold_of), ("each source left out", candidates.source_of)):
        unseen = fit_context.cross_validate(cli, group_of, documents)
        told = outcomes(unseen)
        found, around = figures_of(told), intervals(by_document(told, [d["doc"] for d in documents]), figures_of)
        sure = probabilities(unseen)
        cells = [f"{found[word]:.4f} ({around[word][0]:.3f}–{around[word][1]:.3f})" for word in WORDS]
        rows.append((title, *cells, *(f"{figure:.4f}" for figure in sure.values())))
        report.keep(title, {**found, **sure})
    report.table(("", *WORDS, *probabilities([])), rows)


def tell_probabilities(report: Report, judged: List[Judged]) -> None:
    known = [pair for one in judged for pair in one.known]
    sure = probabilities(judged)
    report.head("Probabilities, over all candidates whose truth is known")
    report.table(("", "all"), [(word, f"{figure:.4f}") for word, figure in sure.items()])
    report.lines.append("")
    rows = [
        (f"{i / candidates.BINS:.1f} to {(i + 1) / candidates.BINS:.1f}", n, f"{mean:.3f}", f"{true:.3f}")
        for i, (n, mean, true) in enumerate(candidates.bins(known))
        if n
    ]
    report.table(("confidence", "candidates", "mean", "are mentions"), rows)
    report.keep("all", sure)


def above(judged: Iterable[Judged], least: float) -> Counter:
    """What the judge counts when only mentions that are so sure are reported."""
    functions = candidates.judge()
    counts: Counter = Counter()
    for one in judged:
        sure = [found for found in one.found if found["confidence"] >= least]
        counts += functions.judge(one.document, candidates.taken(sure))[0]
    return counts


def tell_thresholds(report: Report, judged: List[Judged]) -> None:
    report.head("What min_confidence does")
    rows = []
    for least in THRESHOLDS:
        found = figures(above(judged, least))
        rows.append((f"{least:.2f}", *(f"{found[word]:.4f}" for word in WORDS[:3])))
        report.keep(f"min_confidence {least}", {word: found[word] for word in WORDS[:2]})
    report.table(("min_confidence", *WORDS[:3]), rows)


def in_context(text: str, place: Tuple[int, int]) -> str:
    start, end = place
    shown = text[max(0, start - AROUND) : start] + "【" + text[start:end] + "】" + text[end : end + AROUND]
    return re.sub(r"\s+", " ", shown).replace("|", "/")


def badness(one: Outcome) -> float:
    """How sure the library was of what is wrong."""
    return one.confidence if one.verdict == "false" else 1 - one.confidence if one.verdict == "missed" else 0.5


def tell_errors(report: Report, judged: List[Judged], told: List[Outcome], most: int) -> None:
    text_of = {one.document["doc"]: one.document["text"] for one in judged}
    wrong = [one for one in told if one.verdict in ("false", "missed") or (one.verdict == "right" and not one.is_first)]
    worst = sorted(wrong, key=lambda one: (-badness(one), one.doc, one.place))[:most]
    report.head(f"The worst {len(worst)} of {len(wrong)} errors")
    rows = [
        (one.doc, "linked elsewhere" if one.verdict == "right" else one.verdict, one.kind, f"{one.confidence:.2f}",
         in_context(text_of[one.doc], one.place))
        for one in worst
    ]  # fmt: skip
    report.table(("document", "error", "kind", "confidence", "in context"), rows, column="---")


def tell_notices(report: Report, cli: str) -> None:
    if not score_gold.NOTICES.exists():
        return
    judged = list(score_gold.judge_notices(cli, score_gold.read_documents(score_gold.NOTICES)))
    shares = score_gold.notice_figures(judged)
    report.head("Notices with the company that they are about")
    report.lines.append(f"{len(judged)} notices: found {shares['found']:.4f}, most salient {shares['first']:.4f}")
    report.keep("notices", shares)


# --- Against the accepted report --------------------------------------------------------------------------------------


def changes(accepted: Figures, now: Figures) -> List[Tuple[str, str, str, str]]:
    """Figures that are others than those of the accepted report, or in one of the two alone."""
    rows = []
    for word in {**accepted, **now}:
        old, new = accepted.get(word), now.get(word)
        if old == new:
            continue
        difference = f"{new - old:+.4f}" if old is not None and new is not None else ""
        shown = ["" if one is None else f"{one:.4f}" for one in (old, new)]
        rows.append((word, shown[0], shown[1], difference))
    return rows


def tell_changes(report: Report) -> None:
    report.head("Against the accepted report")
    if not ACCEPTED.exists():
        report.lines.append(f"There is none: --accept writes {ACCEPTED.name}.")
        return
    changed = changes(json.loads(ACCEPTED.read_text(encoding="utf-8")), report.figures)
    if changed:
        report.table(("figure", "accepted", "now", "change"), changed)
    else:
        report.lines.append("Nothing has changed.")


def make(cli: str, gold: Path, errors: int, has_folds: bool) -> Report:
    report = Report([f"# How good {score_gold.run([cli, 'version']).splitlines()[-1]} is"], {})
    judged = candidates.judge_all(cli, score_gold.read_documents(gold))
    told = outcomes(judged)
    tell_mentions(report, judged, told)
    if has_folds:
        tell_folds(report, cli, judged)
    if gold == score_gold.GOLD:
        tell_notices(report, cli)
    tell_probabilities(report, judged)
    tell_thresholds(report, judged)
    tell_errors(report, judged, told, errors)
    return report


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cli", metavar="PATH", help="default: $STOCKMENTION_CLI, build/release, build/dev")
    parser.add_argument("--gold", type=Path, metavar="FILE", default=score_gold.GOLD, help="default: that of ../shared")
    parser.add_argument("--errors", type=int, default=50, metavar="N", help="list the N worst errors (default: 50)")
    parser.add_argument("--without-folds", action="store_true", help="fit nothing anew: a few seconds instead of thirty")
    parser.add_argument("--accept", action="store_true", help=f"write {ACCEPTED.name}: later reports compare with this one")
    options = parser.parse_args(arguments)
    if not options.gold.exists():
        print(f"Nothing is reported: {options.gold} is not there; it does not come with the repository.")
        return 0
    if options.accept and (options.without_folds or options.gold != score_gold.GOLD):
        parser.error("--accept wants the whole report: leave --without-folds and --gold out")
    try:
        report = make(score_gold.find_cli(options.cli), options.gold, options.errors, not options.without_folds)
    except Failed as error:
        print(f"report.py: {error}", file=sys.stderr)
        return 2
    if not options.without_folds and options.gold == score_gold.GOLD:
        tell_changes(report)
    print("\n".join(report.lines))
    if options.accept:
        ACCEPTED.write_text(json.dumps(report.figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
