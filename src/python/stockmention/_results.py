"""What extraction finds, and how it is read out of the library: as bytes in one go, made into objects when asked for."""

import datetime
import functools
from ctypes import c_char_p, c_void_p, string_at
from dataclasses import dataclass
from struct import Struct
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from . import _native
from ._common import FIELDS, KINDS, REGIONS, ROLES, SECURITY_STATUSES, _evidence_words, _word
from ._native import MEMORY as _MEMORY
from ._native import library as _library

# --- What is found ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A line that could be meant, and how likely it is, given that there is a mention."""

    security: str
    confidence: float


@dataclass(frozen=True)
class Mention:
    """A place in the text that refers to a security.

    `start` and `end` are such that `text[start:end]` is the place: string indices of a str, byte offsets of bytes.
    """

    start: int
    end: int
    text: str  # what a reader sees: entities decoded, tags left out
    kind: str  # "name", "code" or "link"
    region: str  # "body", "title", "heading", ...
    role: str  # "subject", "research", "source", "venue" or "unit"
    security: str  # "XSHG:688111"
    issuer: str  # the id of the company's home line
    name: str  # the dictionary's name, or the code in its normal form
    confidence: float  # that this is a mention, from 0 to 1
    evidence: Tuple[str, ...]  # why it was taken, and why this line
    candidates: Tuple[Candidate, ...]  # best first; the first is `security`
    url: Optional[str]  # the quote page; None where there is none
    security_then: str  # the id on the as-of day; mostly `security`
    field: str  # "text" or "title": what start and end count in


@dataclass(frozen=True)
class Rollup:
    """How often, and how much, a document is about one security. Links are not counted."""

    security: str
    issuer: str
    name: str  # current short name; "" where none is known
    type: str  # "stock", "depositary_receipt", ...
    status: str  # "active", "delisted", "renamed", "renumbered" or "unknown"
    count: int
    salience: float  # share of what the document is about
    url: Optional[str]


class Result(Sequence[Mention]):
    """What was found in one document: a sequence of its mentions, which are made when they are first asked for."""

    __slots__ = ("_document", "_mentions", "_securities", "_source")

    def __init__(self, source: "Source", document: "Document") -> None:
        self._source: Optional[Source] = source
        self._document = document
        self._mentions: Optional[Tuple[Mention, ...]] = None if document.n_mentions else ()
        self._securities: Optional[Tuple[Rollup, ...]] = None if document.n_rows else ()

    @property
    def mentions(self) -> Tuple[Mention, ...]:
        """In the order of the text, those of the title first."""
        if self._mentions is None:
            assert self._source is not None
            self._mentions = tuple(self._source.mentions(self._document))
        return self._mentions

    @property
    def securities(self) -> Tuple[Rollup, ...]:
        """What the document is about, most salient first."""
        if self._securities is None:
            assert self._source is not None
            self._securities = tuple(self._source.rollup(self._document))
        return self._securities

    @property
    def as_of(self) -> Optional[datetime.date]:
        """The day that was used."""
        day = self._document.as_of
        return datetime.date(day // 10000, day // 100 % 100, day % 100) if day else None

    @property
    def charset(self) -> str:
        """What the text was read in: of bytes what was said or found, such as "gb18030"; "utf-8" where it was a str; "" in what a
        stream tells before it is known."""
        return self._document.charset

    @property
    def invalid_bytes(self) -> int:
        """Sequences of bytes that are no characters and were passed over."""
        return self._document.n_invalid

    @property
    def is_cut(self) -> bool:
        """Whether a limit was reached."""
        return self._document.limits != 0

    @property
    def limits(self) -> Tuple[str, ...]:
        """Those that were reached: "mentions", "bytes", "depth", "steps"."""
        return tuple(word for bit, word in _native.LIMITS.items() if self._document.limits & bit)

    @property
    def read_bytes(self) -> int:
        """How much of the text was read, in bytes, those of UTF-8 where it was a str: all of it unless `limits` has "bytes" or
        "steps"."""
        return self._document.n_read

    def __len__(self) -> int:
        return self._document.n_mentions

    def __getitem__(self, index: Any) -> Any:
        return self.mentions[index]

    def _key(self) -> Tuple[Any, ...]:
        return (self.mentions, self.securities, self._document.as_of, self._document.n_invalid, self._document.limits)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Result) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return (
            f"Result(mentions={self.mentions!r}, securities={self.securities!r}, as_of={self.as_of!r}, "
            f"invalid_bytes={self.invalid_bytes!r}, is_cut={self.is_cut!r})"
        )

    def __reduce__(self) -> Tuple[Any, ...]:
        return _restore, (self.mentions, self.securities, tuple(self._document))


def _restore(mentions: Tuple[Mention, ...], securities: Tuple[Rollup, ...], document: Tuple[Any, ...]) -> Result:
    """What was pickled holds all its objects and needs no engine."""
    result = Result.__new__(Result)
    result._source, result._document = None, Document(*document)
    result._mentions, result._securities = mentions, securities
    return result


# --- The arrays of a result -------------------------------------------------------------------------------------------


def _rows(fields: str, structure: str) -> Struct:
    """The rows of an array, which a later library may have longer than the fields that are known here."""
    known, actual = Struct("=" + fields).size, _native.sizes[structure]
    return Struct(f"={fields}{actual - known}x")


_MENTION = _rows("4Q7IHHQQQQ", "mention")
_CANDIDATE = _rows("IHH", "candidate")
_SECURITY = _rows("5Q2I", "security")
_ROLLUP = _rows("3IHH", "rollup")
_DOCUMENT = _rows("2Q16xQ8xQ8xQ8xiIQ8xQ", "document_info")  # what Document has of it

Rows = Union[bytes, memoryview]


class Document(NamedTuple):
    """Where the rows of one document are, and what is said of itself."""

    first_mention: int
    n_mentions: int
    first_row: int
    n_rows: int
    n_invalid: int
    as_of: int
    limits: int
    n_read: int
    charset: str = "utf-8"  # what 1.0 pickled does not say it


class Line(NamedTuple):
    """A security that a result speaks of."""

    security: str
    issuer: str
    name: str
    type: str
    status: str
    then: str
    url: Optional[str]


def _string(address: int) -> str:
    return string_at(address).decode("utf-8", "replace")


class Lines:
    """The securities that an engine has met, which are few and come again and again."""

    def __init__(self, url: Callable[[str], Optional[str]]) -> None:
        self._url = url
        self._known: Dict[Tuple[int, int], Line] = {}

    def line(self, row: Tuple[int, ...]) -> Line:
        id, issuer, name, type, then, status, handle = row
        known = self._known.get((handle, then))
        if known:
            return known
        is_unknown = status == _native.SECURITY_UNKNOWN
        text = _string(id)
        # What no table has has no page, and what comes from texts is not kept.
        line = Line(
            text,
            _string(issuer),
            _string(name),
            _string(type),
            _word(SECURITY_STATUSES, status),
            _string(then),
            None if is_unknown else self._url(text),
        )
        if not is_unknown:
            self._known[handle, then] = line
        return line


@functools.lru_cache(maxsize=4096)  # mostly the one line that is meant, with 1
def _candidate(security: str, confidence: int) -> Candidate:
    return Candidate(security, confidence / 65535)


class Source:
    """The rows of a result: copied, or in the library's memory, which `owner` then keeps."""

    __slots__ = ("candidate_rows", "is_str", "lines", "mention_rows", "owner", "rollup_rows", "security_rows", "texts")

    def __init__(
        self,
        lines: Lines,
        is_str: bool,
        rows: Tuple[Rows, Rows, Rows, Rows],
        texts: Optional[List[bytes]] = None,
        owner: object = None,
    ) -> None:
        self.lines, self.is_str, self.texts, self.owner = lines, is_str, texts, owner
        self.mention_rows, self.candidate_rows, self.security_rows, self.rollup_rows = rows

    def line(self, index: int) -> Line:
        return self.lines.line(_SECURITY.unpack_from(self.security_rows, index * _SECURITY.size))

    def candidates(self, first: int, count: int) -> Tuple[Candidate, ...]:
        found = []
        for i in range(first, first + count):
            security, confidence, _ = _CANDIDATE.unpack_from(self.candidate_rows, i * _CANDIDATE.size)
            found.append(_candidate(self.line(security).security, confidence))
        return tuple(found)

    def mentions(self, document: Document) -> List[Mention]:
        first = document.first_mention
        return [self.mention(i) for i in range(first, first + document.n_mentions)]

    def mention(self, index: int) -> Mention:
        row = _MENTION.unpack_from(self.mention_rows, index * _MENTION.size)
        field, kind, region, role, security, first, count, confidence, _, evidence, text, name, _ = row[4:]
        line = self.line(security)
        mention = Mention.__new__(Mention)
        # Frozen: its __init__ would set field by field, at ten times the cost.
        mention.__dict__.update(
            start=row[2] if self.is_str else row[0],
            end=row[3] if self.is_str else row[1],
            text=(self.texts[index] if self.texts is not None else string_at(text)).decode("utf-8", "replace"),
            kind=_word(KINDS, kind),
            region=_word(REGIONS, region),
            role=_word(ROLES, role),
            security=line.security,
            issuer=line.issuer,
            name=_string(name),
            confidence=confidence / 65535,
            evidence=_evidence_words(evidence),
            candidates=self.candidates(first, count),
            url=line.url,
            security_then=line.then,
            field=_word(FIELDS, field),
        )
        return mention

    def rollup(self, document: Document) -> List[Rollup]:
        found = []
        for i in range(document.first_row, document.first_row + document.n_rows):
            security, count, _, salience, _ = _ROLLUP.unpack_from(self.rollup_rows, i * _ROLLUP.size)
            line = self.line(security)
            found.append(
                Rollup(
                    line.security, line.issuer, line.name, line.type, line.status, count, salience / 65535, line.url
                )
            )
        return found


@functools.lru_cache(maxsize=None)  # the library has one string for each
def _charset(address: int) -> str:
    return _string(address)


def document_at(address: int) -> Document:
    """One sm_document_info; the address is the library's."""
    row = _DOCUMENT.unpack_from(_MEMORY, address)
    return Document._make((*row[:7], row[8], _charset(row[7])))


def _rows_at(address: Optional[int], count: int, rows: Struct) -> memoryview:
    first = address or 0
    return _MEMORY[first : first + count * rows.size]


def arrays(result: c_void_p, n_mentions: int, n_rows: int) -> Tuple[memoryview, memoryview, memoryview, memoryview]:
    """The mentions, candidates, securities and roll-up of a result, where they are."""
    return (
        _rows_at(_library.sm_result_mentions(result, None), n_mentions, _MENTION),
        _rows_at(_library.sm_result_candidates(result, None), _library.sm_result_candidate_count(result), _CANDIDATE),
        _rows_at(_library.sm_result_securities(result, None), _library.sm_result_security_count(result), _SECURITY),
        _rows_at(_library.sm_result_rollup_at(result, _native.BY_SECURITY, 0), n_rows, _ROLLUP),
    )


def read(result: c_void_p, lines: Lines, is_str: bool, has_unlisted: bool = True) -> Result:
    """Copies what the next document would overwrite. Names and ids are the dictionary's, which the engine keeps; only those
    of securities that no table has, where these were asked for, are not, and are made into objects at once."""
    document = document_at(_library.sm_result_documents(result, None))
    if not document.n_mentions:
        return Result(_NOTHING, document)
    mentions, candidates, securities, rollup = map(bytes, arrays(result, document.n_mentions, document.n_rows))
    # One look at each in C: string_at would be called for each, which for a short document is most of the work.
    texts = [text.value or b"" for text in map(c_char_p, [row[14] for row in _MENTION.iter_unpack(mentions)])]
    found = Result(Source(lines, is_str, (mentions, candidates, securities, rollup), texts), document)
    if has_unlisted and any(row[5] == _native.SECURITY_UNKNOWN for row in _SECURITY.iter_unpack(securities)):
        _ = found.mentions, found.securities
    return found


MENTION_SIZE = _MENTION.size
DOCUMENT_SIZE = _DOCUMENT.size

_NOTHING = Source(Lines(lambda id: None), True, (b"", b"", b"", b""))
