"""What Engine.lookup() answers."""

from dataclasses import dataclass
from typing import Callable, Optional

from . import _native
from ._common import SECURITY_STATUSES, _text, _word


@dataclass(frozen=True)
class Found:
    """One answer of Engine.lookup()."""

    security: str
    issuer: str
    name: str
    type: str
    status: str
    match: str  # what the query was: "id", "code", "name" or "url"
    matched: str  # the name that matched; "" for other matches
    matched_kind: str  # "short", "full", "english", "alias" or "former"; "" for other matches
    url: Optional[str]
    security_then: str  # the id on the day
    name_then: str  # what it was called on the day; "" where the tables do not know
    status_then: str  # "not-yet-listed", "active" or "delisted" on the day; without a day the status of today


def read(row: _native.Found, url: Callable[[str], Optional[str]]) -> Found:
    id = _text(row.security.id)
    return Found(
        security=id,
        issuer=_text(row.security.issuer),
        name=_text(row.security.name),
        type=_text(row.security.type),
        status=_word(SECURITY_STATUSES, row.security.status),
        match=_word(_native.MATCHES, row.match),
        matched=_text(row.name),
        matched_kind=_text(row.kind),
        url=url(id),
        security_then=_text(row.security.then),
        name_then=_text(row.name_then),
        status_then=_word(SECURITY_STATUSES, row.status_then),
    )
