"""What Engine.check() reports."""

from dataclasses import dataclass
from typing import Optional, Tuple

from . import _native
from ._common import FIELDS, FINDINGS, REGIONS, SEVERITIES, _text, _word


@dataclass(frozen=True)
class Finding:
    """Where a document contradicts itself, the tables or its day. str() is its message.

    Places count as those of a Mention do; the place of what is not there is None.
    """

    kind: str  # "mismatch", "unknown-code", "link", "name-date" or "not-listed"
    severity: str  # "error", "warning" or "note"
    name: str  # what stands there; of a link its text
    name_place: Optional[Tuple[int, int]]
    code: str  # what stands there; of a link its address
    code_place: Optional[Tuple[int, int]]
    name_securities: Tuple[str, ...]  # the lines that the name can mean, best first
    code_security: Optional[str]  # whose the code or link is
    code_name: str  # the current short name of that
    right: Optional[str]  # the line whose code would be right beside the name
    message: str  # one sentence: what stands there and what would be right
    region: str
    field: str  # "text" or "title": what the places count in

    def __str__(self) -> str:
        return self.message


def read(finding: _native.Finding, is_str: bool) -> Finding:
    unit = "_units" if is_str else ""

    def place(what: str) -> Optional[Tuple[int, int]]:
        start, end = (getattr(finding, f"{what}_{edge}{unit}") for edge in ("start", "end"))
        return (start, end) if end else None

    return Finding(
        kind=_word(FINDINGS, finding.kind),
        severity=_word(SEVERITIES, finding.severity),
        name=_text(finding.name),
        name_place=place("name"),
        code=_text(finding.code),
        code_place=place("code"),
        name_securities=tuple(_text(finding.name_ids).split()),
        code_security=_text(finding.code_id) or None,
        code_name=_text(finding.code_name),
        right=_text(finding.right) or None,
        message=_text(finding.message),
        region=_word(REGIONS, finding.region),
        field=_word(FIELDS, finding.field),
    )
