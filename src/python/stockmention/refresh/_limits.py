"""What is not believed: more of a market gone, renamed or new than happens between two lists."""

from collections import defaultdict
from typing import Dict, Iterable, List, Set, Tuple

from ._changes import Change
from ._tables import Row

LIMITS = {"gone": 5.0, "renamed": 10.0, "new": 20.0}
"""Percent of a market's active shares: more is taken for a mistake."""
_FEW = 5  # shares: that many may always change
_LIMITED = {"delisted": "gone", "renamed": "renamed", "reused": "renamed", "new": "new"}


def suspicions(before: Dict[str, Row], changes: Iterable[Change], limits: Dict[str, float]) -> List[str]:
    """Why the changes are refused, a line each."""
    active: Dict[str, int] = defaultdict(int)
    for row in before.values():
        active[row["id"].partition(":")[0]] += row["status"] == "active"
    changed: Dict[Tuple[str, str], Set[str]] = defaultdict(set)
    for change in changes:
        if change.kind in _LIMITED:
            changed[change.id.partition(":")[0], _LIMITED[change.kind]].add(change.id)
    lines = []
    for (mic, what), ids in sorted(changed.items()):
        percent = 100 * len(ids) / max(active[mic], 1)
        if len(ids) > _FEW and percent > limits[what] and active[mic]:
            lines.append(
                f"{mic}: {len(ids)} of {active[mic]} shares would be {what} ({percent:.1f} %; {limits[what]:g} % are allowed). "
                f"Are all lists of the market there, and whole? If so, say --allow {what}={int(percent) + 1}"
            )
    return lines
