#!/usr/bin/env python3
"""Fits the weights of src/dict/tables/context.tsv that decide whether a candidate is a mention.

    fit_context.py fit        fits them to feature_counts.tsv and writes context.tsv
    fit_context.py count      counts feature vectors anew, of the built command: writes feature_counts.tsv
    fit_context.py adopt      takes features over from context.tsv that context_prior.tsv does not have, and drops gone ones
    fit_context.py validate   judges weights by documents that they have not seen: five folds, and each source left out

count and validate want the labelled sets of ../shared, count also jieba (requirements.txt). README.md beside this file
tells what is fitted to what.
"""

import argparse
import math
import re
import sys
import tempfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import candidates
import score_gold
from candidates import Judged
from score_gold import ROOT, Document, Failed

HERE = Path(__file__).resolve().parent
CONTEXT = ROOT / "src/dict/tables/context.tsv"
COUNTS = HERE / "feature_counts.tsv"
PRIOR = HERE / "context_prior.tsv"
CASES = [ROOT / "tests/unit/resolve/contexts.tsv"]
NEWS = ROOT.parent / "shared/corpus/news.txt"

# How far a weight moves for want of evidence, in nats: five hundred labelled mentions must not move one far. Cross-validation
# finds the same mentions for 0.1 to 0.6, one or two apart.
PRIOR_DEVIATION = 0.2
STEP = 10  # hundredths of a nat: weights are rounded to it
FOLDS = 5
SILVER, WRITTEN = "silver", "cases"
# What a candidate of a source counts: one that nobody labelled, or that somebody thought up, tells less.
SHARES = {SILVER: 0.05, WRITTEN: 0.5}

Weights = Dict[str, int]


@dataclass(frozen=True)
class Row:
    """Candidates of one source that have the same features: how many are none, and how many are mentions."""

    source: str
    features: Tuple[str, ...]
    negative: int
    positive: int


@dataclass(frozen=True)
class Prior:
    """The weight that fitting starts from, in hundredths of a nat, and the sign that it must keep ("" for either)."""

    weight: int
    sign: str


# --- Tables -----------------------------------------------------------------------------------------------------------


def read_table(path: Path) -> List[Dict[str, str]]:
    try:
        header, *lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from error
    return [dict(zip(header.split("\t"), line.split("\t"))) for line in lines]


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = ["\t".join(map(str, row)) for row in [header, *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_weights() -> Weights:
    return {row["feature"]: int(row["weight"]) for row in read_table(CONTEXT)}


def with_weights(weights: Weights) -> str:
    """context.tsv with these weights in it."""
    header, *rows = (line.split("\t") for line in CONTEXT.read_text(encoding="utf-8").splitlines())
    changed = [[row[0], str(weights.get(row[0], row[1])), *row[2:]] for row in rows]
    return "".join("\t".join(row) + "\n" for row in [header, *changed])


def read_prior() -> Dict[str, Prior]:
    prior = {row["feature"]: Prior(int(row["weight"]), row["sign"]) for row in read_table(PRIOR)}
    known = {feature for feature in read_weights() if feature not in candidates.LINE_FEATURES}
    if known != set(prior):
        raise Failed(
            f"{PRIOR}: expected a row for each feature of {CONTEXT.name} that decides on mentions; "
            f"these are in one of them alone: {', '.join(sorted(known ^ set(prior)))}; 'fit_context.py adopt' mends it"
        )
    return prior


def read_counts() -> List[Row]:
    return [
        Row(row["source"], tuple(row["features"].split()), int(row["negative"]), int(row["positive"]))
        for row in read_table(COUNTS)
    ]


# --- Counting ---------------------------------------------------------------------------------------------------------


def count_judged(judged: Iterable[Judged]) -> List[Row]:
    """Candidates whose score decides, by source."""
    counts: Counter = Counter()
    for one in judged:
        for candidate, is_it in zip(one.found, one.truths):
            if is_it is not None and candidates.is_decided(candidate):
                counts[one.source, candidates.weighed(candidate), is_it] += 1
    vectors = sorted({(source, features) for source, features, _ in counts})
    return [Row(*vector, counts[(*vector, False)], counts[(*vector, True)]) for vector in vectors]


def unescape(cell: str) -> str:
    named = {"n": "\n", "t": "\t", "\\": "\\"}
    return re.sub(r"\\(n|t|\\|u[0-9A-Fa-f]{4})", lambda m: named.get(m[1]) or chr(int(m[1][1:], 16)), cell)


def read_case(number: int, row: Dict[str, str]) -> Document:
    """A row of a table of cases as a labelled document: what is expected is "text=MIC:CODE; …", "-" for nothing."""
    text, day, at, mentions = unescape(row["text"]), row["as_of"], 0, []
    for one in [] if row["expected"] == "-" else row["expected"].split("; "):
        words, ids = one.rsplit("=", 1)
        start = text.index(words, at)
        at = start + len(words)
        mentions.append({"start": start, "end": at, "ids": [re.split("[!+<]", ids)[0]]})
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else None
    return {"doc": f"{WRITTEN}-{number}", "text": text, "date": date, "mentions": mentions}


def read_cases() -> List[Document]:
    rows = [row for path in CASES for row in read_table(path) if not row["text"].startswith("# ")]
    return [read_case(i, row) for i, row in enumerate(rows) if "\\x" not in row["text"]]  # a byte that is no UTF-8


def count_silver(cli: str) -> List[Row]:
    import silver

    lines = [line for line in NEWS.read_text(encoding="utf-8", errors="replace").split("\n") if line.strip()]
    counts = sorted(silver.count(cli, lines).items())
    return [Row(SILVER, features, negative, positive) for features, (negative, positive) in counts]


def read_gold() -> List[Document]:
    return score_gold.read_documents(score_gold.GOLD)


def count(cli: str) -> None:
    documents = read_gold() + read_cases()
    rows = count_judged(candidates.judge_all(cli, documents)) + count_silver(cli)
    header = ("source", "negative", "positive", "features")
    write_table(COUNTS, header, ((row.source, row.negative, row.positive, " ".join(row.features)) for row in rows))
    print(f"{COUNTS}: {len(rows)} vectors of {sum(row.negative + row.positive for row in rows)} candidates")


# --- Fitting ----------------------------------------------------------------------------------------------------------


def probability(score: float) -> float:
    return 1 / (1 + math.exp(-score)) if score > -700 else 0.0


def clip(weight: float, sign: str) -> float:
    if sign == "+":
        return max(0.0, weight)
    return min(0.0, weight) if sign == "-" else weight


class Fit:
    """Logistic regression with a normal prior around the weights that it starts from: one weight after the other by
    Newton's step, until none moves. Silver rows have a constant of their own, as how many of each truth were looked for
    tells nothing."""

    def __init__(self, rows: Sequence[Row], prior: Dict[str, Prior], deviation: float = PRIOR_DEVIATION) -> None:
        self.prior = prior
        self.pull = deviation**-2
        self.weights = {**{feature: one.weight / 100 for feature, one in prior.items()}, SILVER: 0.0}
        features = [row.features + ((SILVER,) if row.source == SILVER else ()) for row in rows]
        self.scores = [sum(self.weights[feature] for feature in of_row) for of_row in features]
        self.n = [SHARES.get(row.source, 1.0) * (row.negative + row.positive) for row in rows]
        self.n_positive = [SHARES.get(row.source, 1.0) * row.positive for row in rows]
        self.having: Dict[str, List[int]] = {feature: [] for feature in self.weights}
        for i, of_row in enumerate(features):
            for feature in of_row:
                self.having[feature].append(i)

    def move(self, feature: str) -> float:
        """@return how far the weight went."""
        known = self.prior.get(feature)
        weight, pull = self.weights[feature], self.pull if known else 0.0
        slope, curve = pull * (weight - known.weight / 100) if known else 0.0, pull + 1e-9
        for i in self.having[feature]:
            p = probability(self.scores[i])
            slope += self.n[i] * p - self.n_positive[i]
            curve += self.n[i] * p * (1 - p)
        to = weight - max(-1.0, min(1.0, slope / curve))
        to = clip(to, known.sign) if known else to
        self.weights[feature] = to
        for i in self.having[feature]:
            self.scores[i] += to - weight
        return abs(to - weight)

    def run(self) -> Weights:
        while max(self.move(feature) for feature in self.weights) > 1e-9:
            pass
        return {feature: STEP * round(100 * self.weights[feature] / STEP) for feature in self.prior}


def fit(rows: Sequence[Row], prior: Dict[str, Prior]) -> Weights:
    return Fit(rows, prior).run()


def write_fit() -> None:
    before, weights = read_weights(), fit(read_counts(), read_prior())
    CONTEXT.write_text(with_weights(weights), encoding="utf-8")
    changed = [f"{feature} {before[feature]} → {weight}" for feature, weight in weights.items() if weight != before[feature]]
    print(f"{CONTEXT}: " + (", ".join(changed) or "as it was"))


def adopt() -> None:
    """A new feature keeps the sign of the weight that somebody gave it."""
    known = {row["feature"]: (row["weight"], row["sign"]) for row in read_table(PRIOR)}
    rows = [
        (feature, *known.get(feature, (weight, "-" if weight < 0 else "+")))
        for feature, weight in read_weights().items()
        if feature not in candidates.LINE_FEATURES
    ]
    write_table(PRIOR, ("feature", "weight", "sign"), rows)


# --- Validating -------------------------------------------------------------------------------------------------------


def judge_with(cli: str, documents: List[Document], weights: Weights) -> List[Judged]:
    """Documents as the command finds their mentions with other weights."""
    with tempfile.TemporaryDirectory() as folder:
        table, compiled = Path(folder) / "context.tsv", str(Path(folder) / "fitted.smd")
        write_table(table, ("feature", "weight", "action"), ((*pair, "replace") for pair in weights.items()))
        score_gold.run([cli, "dict", "build", "--base", "default", "--add", str(table), "--output", compiled])
        return candidates.judge_all(cli, documents, "--dict", compiled)


def fold_of(document: Document) -> str:
    return str(zlib.crc32(str(document["doc"]).encode()) % FOLDS)


def cross_validate(cli: str, group_of: Callable[[Document], str], documents: Optional[List[Document]] = None) -> List[Judged]:
    """Each group of documents, judged with weights that were fitted to all others and to what is no document."""
    documents = read_gold() if documents is None else documents
    prior, counted = read_prior(), candidates.judge_all(cli, documents)
    others = [row for row in read_counts() if row.source in SHARES]
    judged: List[Judged] = []
    for group in sorted({group_of(document) for document in documents}):
        rows = count_judged(one for one in counted if group_of(one.document) != group) + others
        judged += judge_with(cli, [one for one in documents if group_of(one) == group], fit(rows, prior))
    return judged


def summary(judged: List[Judged]) -> str:
    counts = sum((one.counts for one in judged), Counter())
    known = [pair for one in judged for pair in one.known]
    found = candidates.figures(counts)
    return (
        f"precision {found['precision']:.4f} recall {found['recall']:.4f} F1 {found['F1']:.4f} "
        f"· false {counts['fp']} missed {counts['fn']} · calibration error {candidates.calibration_error(known):.4f} "
        f"log loss {candidates.log_loss(known):.4f} (base rate {candidates.base_log_loss(known):.4f})"
    )


def validate(cli: str) -> None:
    documents = read_gold()
    prior = {feature: one.weight for feature, one in read_prior().items()}
    for title, judged in (
        ("what fitting starts from", judge_with(cli, documents, prior)),
        ("fitted to all of it", judge_with(cli, documents, fit(read_counts(), read_prior()))),
        ("five folds", cross_validate(cli, fold_of, documents)),
        ("each source left out", cross_validate(cli, candidates.source_of, documents)),
    ):
        print(f"{title}: {summary(judged)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("steps", nargs="+", choices=("adopt", "count", "fit", "validate"), metavar="STEP")
    parser.add_argument("--cli", metavar="PATH", help="default: $STOCKMENTION_CLI, build/release, build/dev")
    options = parser.parse_args()
    try:
        for step in options.steps:
            if step == "adopt":
                adopt()
            elif step == "fit":
                write_fit()
            else:
                (count if step == "count" else validate)(score_gold.find_cli(options.cli))
    except ImportError as error:
        print(f"fit_context.py: {error}: pip install -r {HERE / 'requirements.txt'}", file=sys.stderr)
        return 2
    except (Failed, OSError) as error:
        print(f"fit_context.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
