"""Why a place in a document is a mention or is none."""

from ctypes import c_void_p
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from . import _native
from ._common import DECISIONS, EVIDENCE, FIELDS, KINDS, REGIONS, _array, _text, _word
from ._native import library as _library


@dataclass(frozen=True)
class ExplainedLine:
    """A line that a candidate could mean. Its score is against the other lines only; 0 where there is one alone."""

    security: str
    score: int  # hundredths of a nat
    confidence: float
    features: Dict[str, int]  # what spoke for this line, with its weight


@dataclass(frozen=True)
class Explanation:
    """A place that was thought of as a mention, and why it is one or is not.

    Scores and weights are hundredths of a nat, as in context.tsv; what reaches `threshold` is taken.
    """

    start: int  # as of a Mention
    end: int
    text: str
    kind: str  # "name" or "code"
    region: str
    decision: str  # "taken", "below-threshold", "overlapped", ...
    over: Optional[int]  # of one that is overlapped: which of the explanations was taken
    score: int
    threshold: int
    confidence: float  # that it is a mention; of one that is overlapped, that the one over it is none as well
    features: Dict[str, int]  # what was weighed, with its weight: they sum up to the score
    lines: Tuple[ExplainedLine, ...]  # best first
    surface: str  # of a name: what it was matched as; "" of a code
    notation: str  # of a code: its row of notations.tsv; "" of a name
    name: str  # of a name: the row of names.tsv, with the next two; of a code the code
    name_kind: str
    name_security: str
    field: str


def _weights(engine: c_void_p, bits: int, scope: int) -> Dict[str, int]:
    """The features of a set, by their words, with their weights in a scope."""
    return {
        word: _library.sm_engine_weight(engine, scope, bit)
        for bit, word in enumerate(EVIDENCE)
        if word and bits >> bit & 1
    }


def read(engine: c_void_p, result: c_void_p, is_str: bool, scope: int) -> Tuple[Explanation, ...]:
    """Copies the explanations out of a result."""
    lines = _array(
        _native.ExplainedLine, _library.sm_result_explained_line_count, _library.sm_result_explained_lines, result
    )
    explained = [
        ExplainedLine(
            _text(line.security), line.score, line.confidence / 65535, _weights(engine, line.features, scope)
        )
        for line in lines
    ]
    found = _array(_native.Explanation, _library.sm_result_explanation_count, _library.sm_result_explanations, result)
    return tuple(_explanation(one, _weights(engine, one.features, scope), explained, is_str) for one in found)


def _explanation(
    one: _native.Explanation, features: Dict[str, int], lines: List[ExplainedLine], is_str: bool
) -> Explanation:
    decision = _word(DECISIONS, one.decision)
    return Explanation(
        start=one.start_units if is_str else one.start,
        end=one.end_units if is_str else one.end,
        text=_text(one.text),
        kind=_word(KINDS, one.kind),
        region=_word(REGIONS, one.region),
        decision=decision,
        over=one.over if decision == "overlapped" else None,
        score=one.score,
        threshold=one.threshold,
        confidence=one.confidence / 65535,
        features=features,
        lines=tuple(lines[one.first_line : one.first_line + one.n_lines]),
        surface=_text(one.surface),
        notation=_text(one.notation),
        name=_text(one.name),
        name_kind=_text(one.name_kind),
        name_security=_text(one.name_security),
        field=_word(FIELDS, one.field),
    )
