"""Finds stock mentions in financial text, says which security each is, and links it to quote pages.

    from stockmention import Engine

    engine = Engine()
    for mention in engine.extract("金山办公（688111.SH）涨3%"):
        print(mention.start, mention.end, mention.text, mention.security, mention.url)

An engine is immutable and may be used by any number of threads at once.
"""

import ctypes
import datetime
import functools
import os
import re
import threading
import weakref
from ctypes import byref, c_char_p, c_uint32, c_uint64, c_void_p, sizeof
from dataclasses import dataclass
from typing import Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Type, TypeVar, Union

from . import _native
from ._native import library as _library

__all__ = [
    "ArgumentError",
    "Candidate",
    "DictionaryError",
    "Engine",
    "ExplainedLine",
    "Explanation",
    "Finding",
    "Found",
    "Mention",
    "OutOfMemoryError",
    "PatternError",
    "ReadError",
    "Result",
    "Rollup",
    "StockmentionError",
    "UnknownError",
    "UnsupportedError",
    "version",
]

Date = Union[datetime.date, str]
_Text = TypeVar("_Text", str, bytes)
_Structure = TypeVar("_Structure", bound=ctypes.Structure)

# --- Errors -----------------------------------------------------------------------------------------------------------


class StockmentionError(Exception):
    """What the library could not do. `status` is its code, `file`, `line` and `byte` the place where there is one."""

    def __init__(self, message: str, status: int, file: str = "", line: int = 0, byte: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.file = file
        self.line = line
        self.byte = byte


class ArgumentError(StockmentionError, ValueError):
    """An argument is out of range or not known."""


class OutOfMemoryError(StockmentionError, MemoryError):
    """An allocation failed."""


class ReadError(StockmentionError):
    """A file could not be read."""


class DictionaryError(StockmentionError):
    """A compiled dictionary is damaged or of another format version."""


class UnknownError(StockmentionError, LookupError):
    """There is no such security or provider, or the provider has no page for the market."""


class PatternError(StockmentionError):
    """A notation's pattern was refused when it was first used."""


class UnsupportedError(StockmentionError):
    """This processor or this build of the library lacks what was asked for."""


_ERRORS: Dict[int, Type[StockmentionError]] = {
    _native.ERR_ARG: ArgumentError,
    _native.ERR_NOMEM: OutOfMemoryError,
    _native.ERR_IO: ReadError,
    _native.ERR_FORMAT: DictionaryError,
    _native.ERR_UNKNOWN: UnknownError,
    _native.ERR_PATTERN: PatternError,
    _native.ERR_UNSUPPORTED: UnsupportedError,
}


def _check(status: int, error: _native.Error) -> None:
    if status == _native.OK:
        return
    message = error.message.decode("utf-8", "replace") or _text(_library.sm_status_text(status))
    file = error.file.decode("utf-8", "replace")
    if file:
        message = f"{file}:{error.line}: {message}" if error.line else f"{file}: {message}"
    raise _ERRORS.get(status, StockmentionError)(message, status, file, error.line, error.byte)


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


@dataclass(frozen=True)
class Result:
    """What was found in one document. Iterating goes over the mentions."""

    mentions: Tuple[Mention, ...]
    securities: Tuple[Rollup, ...]  # most salient first
    as_of: Optional[datetime.date]  # the day that was used
    invalid_bytes: int  # sequences that are no UTF-8 and were passed over
    is_cut: bool  # a limit was reached

    def __iter__(self) -> Iterator[Mention]:
        return iter(self.mentions)

    def __len__(self) -> int:
        return len(self.mentions)

    def __getitem__(self, index: int) -> Mention:
        return self.mentions[index]


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


# --- Between Python and C ---------------------------------------------------------------------------------------------

_SURROGATES = re.compile("[\ud800-\udfff]")


def _text(value: Optional[bytes]) -> str:
    return "" if value is None else value.decode("utf-8", "replace")


def _encode(value: object) -> bytes:
    """UTF-8. A surrogate, which UTF-8 has no bytes for, becomes U+FFFD: one code point for one, so indices stay."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if not isinstance(value, str):  # bytes(5) would be five zeros
        raise TypeError(f"expected a str or bytes, not {value!r}")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", value).encode("utf-8")


def _date_number(value: Optional[Date], name: str) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value)
        except ValueError:
            raise ArgumentError(f"{name} is {value!r}; expected a day such as '2021-12-22'", _native.ERR_ARG) from None
    if not isinstance(value, datetime.date):
        raise TypeError(f"{name} is {value!r}; expected a datetime.date or a str such as '2021-12-22'")
    return value.year * 10000 + value.month * 100 + value.day


def _word_number(words: Sequence[str], value: str, name: str) -> int:
    if value not in words:
        raise ArgumentError(f"{name} is {value!r}; expected one of {', '.join(words)}", _native.ERR_ARG)
    return words.index(value)


def _string_array(values: Iterable[str], name: str) -> "ctypes.Array[c_char_p]":
    if isinstance(values, str):
        raise TypeError(f"{name} is a str; expected a sequence of them, such as [{values!r}]")
    encoded = [_encode(value) for value in values]
    return (c_char_p * len(encoded))(*encoded)


def _items(structure: Type[_Structure], first: Optional[int], stride: int, count: int) -> List[_Structure]:
    """The structures of an array whose items may be longer than we know."""
    return [structure.from_address(first + i * stride) for i in range(count)] if first else []


def _array(
    structure: Type[_Structure], count: Callable[..., int], items: Callable[..., Optional[int]], result: c_void_p
) -> List[_Structure]:
    stride = c_uint32()
    first = items(result, byref(stride))
    return _items(structure, first, stride.value, count(result))


def _words(word: Callable[[int], Optional[bytes]], numbers: Iterable[int]) -> Tuple[str, ...]:
    return tuple(_text(word(number)) for number in numbers)


_KINDS = _words(_library.sm_kind_word, range(4))
_REGIONS = _words(_library.sm_region_word, range(7))
_ROLES = _words(_library.sm_role_word, range(5))
_DECISIONS = _words(_library.sm_decision_word, range(9))
_FIELDS = _words(_library.sm_field_word, range(2))
_EVIDENCE = _words(_library.sm_evidence_word, range(64))
_FINDINGS = _words(_library.sm_finding_word, range(6))
_SEVERITIES = _words(_library.sm_severity_word, range(4))


@functools.lru_cache(maxsize=4096)  # the same few sets come again and again
def _evidence_words(bits: int) -> Tuple[str, ...]:
    return tuple(word for bit, word in enumerate(_EVIDENCE) if word and bits >> bit & 1)


def _word(words: Sequence[str], number: int) -> str:
    """A later library may have words that are not asked for above."""
    return words[number] if number < len(words) else ""


def _document(
    text: Union[str, bytes],
    format: str,
    date: Optional[Date],
    charset: Optional[str],
    title: Union[str, bytes, None] = None,
    url: Optional[str] = None,
    source: Optional[str] = None,
) -> _native.Document:
    document = _native.Document()
    _library.sm_document_init(byref(document), sizeof(document))
    document.format = _word_number(_native.FORMATS, format, "format")
    if isinstance(text, str):
        charset = "utf-8"
    for name, value in (("text", text), ("title", title), ("url", url), ("source", source), ("charset", charset)):
        if value is not None or name == "text":
            encoded = _encode(value)
            setattr(document, name, encoded)
            setattr(document, name + "_len", len(encoded))
    document.date = _date_number(date, "date")
    return document


def _options(
    text: Union[str, bytes], as_of: Optional[Date], min_confidence: Optional[float] = None
) -> _native.ExtractOptions:
    options = _native.ExtractOptions()
    _library.sm_extract_options_init(byref(options), sizeof(options))
    options.as_of = _date_number(as_of, "as_of")
    options.offsets = _native.OFFSETS_CODEPOINT if isinstance(text, str) else _native.OFFSETS_BYTE
    if min_confidence is not None:
        if not 0 <= min_confidence <= 1:
            raise ArgumentError(f"min_confidence is {min_confidence}; expected 0 to 1", _native.ERR_ARG)
        options.min_confidence = max(1, round(min_confidence * 65535))  # 0 would be the library's own
    return options


def _extract_options(
    text: Union[str, bytes],
    as_of: Optional[Date],
    min_confidence: Optional[float],
    scope: str,
    unlisted: bool,
    prefer: Iterable[str],
    only: Iterable[str],
    exclude: Iterable[str],
) -> _native.ExtractOptions:
    options = _options(text, as_of, min_confidence)
    options.scope = _word_number(_native.SCOPES, scope, "scope")
    options.unlisted = bool(unlisted)
    for name, strings in (("prefer", prefer), ("only", only), ("exclude", exclude)):
        array = _string_array(strings, name)
        setattr(options, name, array)
        setattr(options, "n_" + name, len(array))
    return options


def _finding(finding: _native.Finding, is_str: bool) -> Finding:
    unit = "_units" if is_str else ""

    def place(what: str) -> Optional[Tuple[int, int]]:
        start, end = (getattr(finding, f"{what}_{edge}{unit}") for edge in ("start", "end"))
        return (start, end) if end else None

    return Finding(
        kind=_word(_FINDINGS, finding.kind),
        severity=_word(_SEVERITIES, finding.severity),
        name=_text(finding.name),
        name_place=place("name"),
        code=_text(finding.code),
        code_place=place("code"),
        name_securities=tuple(_text(finding.name_ids).split()),
        code_security=_text(finding.code_id) or None,
        code_name=_text(finding.code_name),
        right=_text(finding.right) or None,
        message=_text(finding.message),
        region=_word(_REGIONS, finding.region),
        field=_word(_FIELDS, finding.field),
    )


class _Scanner:
    """One thread's working memory: a scanner, and the result that it fills again and again."""

    def __init__(self, engine: c_void_p) -> None:
        self.handle = c_void_p()
        self.result = c_void_p()
        error = _native.Error()
        _check(_library.sm_scanner_new(engine, byref(self.handle), byref(error)), error)
        # Not at exit, when a daemon thread may still be at work: the process gives the memory back anyway.
        weakref.finalize(self, _free_scanner, self.handle, self.result).atexit = False


def _free_scanner(handle: c_void_p, result: c_void_p) -> None:
    _library.sm_result_free(result)
    _library.sm_scanner_free(handle)


# --- The engine -------------------------------------------------------------------------------------------------------


class Engine:
    """A dictionary made ready to scan.

    `dictionary` is the path of a file that `stockmention dict build` made; None is the dictionary in the library.
    `kernel` names the processor's instructions to use: "c", "avx2", "avx512", "neon", or "auto" for the fastest that there
    are. All find the same.
    """

    def __init__(self, dictionary: Union[str, "os.PathLike[str]", None] = None, *, kernel: str = "auto") -> None:
        error = _native.Error()
        opened = c_void_p()
        options = _native.EngineOptions()
        _library.sm_engine_options_init(byref(options), sizeof(options))
        options.kernel = _word_number(_native.KERNELS, kernel, "kernel")
        if dictionary is not None:
            path = os.fsencode(dictionary)
            _check(_library.sm_dict_open(path, byref(opened), byref(error)), error)
        self._handle = c_void_p()
        status = _library.sm_engine_open(opened, byref(options), byref(self._handle), byref(error))
        _library.sm_dict_free(opened)  # the engine keeps its own hold on it
        _check(status, error)
        weakref.finalize(self, _library.sm_engine_free, self._handle).atexit = False
        self._dict = c_void_p(_library.sm_engine_dict(self._handle))
        self._threads = threading.local()
        self._urls: Dict[str, Optional[str]] = {}
        info = _native.DictInfo(struct_size=sizeof(_native.DictInfo))
        _check(_library.sm_dict_describe(self._dict, byref(info)), error)
        self._dictionary = _text(info.version)

    def __repr__(self) -> str:
        return f"<stockmention.Engine of {self._dictionary}>"

    @property
    def dictionary(self) -> str:
        """The dictionary's as-of day and hash, such as "2026-11-23/1f2e3d4c"."""
        return self._dictionary

    @property
    def kernel(self) -> str:
        """The instructions in use: "c", "avx2", "avx512" or "neon"."""
        return _text(_library.sm_engine_kernel(self._handle))

    def extract(
        self,
        text: Union[str, bytes],
        *,
        format: str = "auto",
        title: Union[str, bytes, None] = None,
        url: Optional[str] = None,
        source: Optional[str] = None,
        date: Optional[Date] = None,
        as_of: Optional[Date] = None,
        prefer: Iterable[str] = (),
        only: Iterable[str] = (),
        exclude: Iterable[str] = (),
        min_confidence: Optional[float] = None,
        scope: str = "strict",
        unlisted: bool = False,
        charset: Optional[str] = None,
    ) -> Result:
        """Finds every stock mention in one document.

        text: a str, or bytes; what is no character there is passed over and counted.
        format: "text", "html", "markdown", or "auto", which looks at the first bytes.
        title, url, source, date: what is known of the document beside its text.
        as_of: the day that names and lines are judged by, where it is not the document's own.
        prefer: MICs, best first: which line is meant where nothing else tells.
        only, exclude: ids of the securities to report alone, and never.
        min_confidence: from 0 to 1; None is one half, for which the model was fitted, and less changes nothing.
        unlisted: well-formed codes that the dictionary does not know are reported too, as securities of status "unknown".
        scope: "strict", or "broad", which also reports a company's products, brands and papers under its name.
        charset: of bytes, such as "gbk"; None: what they are, declare or look like.
        """
        document = _document(text, format, date, charset, title, url, source)
        options = _extract_options(text, as_of, min_confidence, scope, unlisted, prefer, only, exclude)
        return self._read(self._run(_library.sm_engine_extract, document, options), isinstance(text, str))

    def explain(
        self,
        text: Union[str, bytes],
        *,
        format: str = "auto",
        title: Union[str, bytes, None] = None,
        url: Optional[str] = None,
        source: Optional[str] = None,
        date: Optional[Date] = None,
        as_of: Optional[Date] = None,
        prefer: Iterable[str] = (),
        only: Iterable[str] = (),
        exclude: Iterable[str] = (),
        min_confidence: Optional[float] = None,
        scope: str = "strict",
        unlisted: bool = False,
        charset: Optional[str] = None,
    ) -> Tuple[Explanation, ...]:
        """Tells of each name and code of the dictionary in a document why it is a mention or is none.

        The arguments are those of extract().
        """
        document = _document(text, format, date, charset, title, url, source)
        options = _extract_options(text, as_of, min_confidence, scope, unlisted, prefer, only, exclude)
        result = self._run(_library.sm_engine_explain, document, options)
        return self._explanations(result, isinstance(text, str), options.scope)

    def check(
        self,
        text: Union[str, bytes],
        *,
        format: str = "auto",
        title: Union[str, bytes, None] = None,
        url: Optional[str] = None,
        source: Optional[str] = None,
        date: Optional[Date] = None,
        as_of: Optional[Date] = None,
        charset: Optional[str] = None,
    ) -> List[Finding]:
        """Finds names beside codes that are not theirs, codes that do not exist, links that go elsewhere than their text
        says, and names that the document's day rules out. The parameters are those of extract()."""
        document = _document(text, format, date, charset, title, url, source)
        result = self._run(_library.sm_check, document, _options(text, as_of))
        findings = _array(_native.Finding, _library.sm_result_finding_count, _library.sm_result_findings, result)
        return [_finding(finding, isinstance(text, str)) for finding in findings]

    def annotate(
        self,
        text: _Text,
        *,
        style: str = "link",
        format: str = "auto",
        title: Union[str, bytes, None] = None,
        date: Optional[Date] = None,
        as_of: Optional[Date] = None,
        min_confidence: Optional[float] = None,
        all: bool = False,
        add: bool = False,
        skip_headings: bool = False,
        most: Optional[int] = None,
        provider: Optional[str] = None,
        url: Optional[str] = None,
        class_name: Optional[str] = None,
        rel: Optional[str] = None,
        target: Optional[str] = None,
        charset: Optional[str] = None,
    ) -> _Text:
        """A copy of a page with its stock mentions marked: text is only inserted, and a second run changes nothing.

        style: "link" and "eastmoney" for HTML and Markdown, "markdown" for Markdown and plain text, "ansi" for terminals;
            "report" for a page of its own, in UTF-8, that shows text, mentions and securities.
        title: the heading of a report, where the text has none; its mentions are shown too.
        all: mark every mention, not the first of each security alone.
        add: style "eastmoney" also where the page has such markup already.
        most: no more links than that, with those that the page has.
        provider, url: whose pages, or an address of your own with {mic}, {code} or {id}.
        class_name, rel, target: attributes of the links of style "link".
        The others are as in `extract`. What comes is a str, or bytes in their charset, as `text` is.
        """
        encoded: bytes = text.encode("utf-8") if isinstance(text, str) else text
        document = _document(encoded, format, date, "utf-8" if isinstance(text, str) else charset, title)
        options = _options(encoded, as_of, min_confidence)
        how = _native.AnnotateOptions()
        _library.sm_annotate_options_init(byref(how), sizeof(how))
        how.style = _word_number(_native.STYLES, style, "style")
        flags = ((all, _native.ANNOTATE_ALL), (add, _native.ANNOTATE_ADD), (skip_headings, _native.ANNOTATE_SKIP_HEADINGS))
        how.flags = sum(bit for is_set, bit in flags if is_set)
        how.max_links = most or 0
        words = (("provider", provider), ("url", url), ("class_name", class_name), ("rel", rel), ("target", target))
        for name, word in words:
            setattr(how, name, None if word is None else word.encode("utf-8"))
        annotated = _native.Buffer()
        error = _native.Error()
        try:
            _check(
                _library.sm_engine_annotate(
                    self._handle,
                    self._scanner().handle,
                    byref(document),
                    byref(options),
                    byref(how),
                    byref(annotated),
                    byref(error),
                ),
                error,
            )
            marked = ctypes.string_at(annotated.data, annotated.len) if annotated.len else b""
        finally:
            _library.sm_buffer_free(byref(annotated))
        return marked.decode("utf-8") if isinstance(text, str) else marked

    def lookup(self, query: str) -> List[Found]:
        """Looks a security up by id, by code in any notation, by name, or by a quote page's URL; best first."""
        encoded = _encode(query)
        error = _native.Error()
        count = c_uint64()
        _check(_library.sm_lookup(self._handle, encoded, len(encoded), None, 0, byref(count), byref(error)), error)
        found = (_native.Found * count.value)()
        _check(
            _library.sm_lookup(self._handle, encoded, len(encoded), found, len(found), byref(count), byref(error)), error
        )
        return [self._found(row) for row in found]

    def link(self, id: str, provider: Optional[str] = None) -> str:
        """The URL of a security's quote page at a provider ("eastmoney" where none is named)."""
        url = _native.Buffer()
        error = _native.Error()
        try:
            _check(
                _library.sm_link(
                    self._dict, _encode(id), None if provider is None else _encode(provider), byref(url), byref(error)
                ),
                error,
            )
            return ctypes.string_at(url.data, url.len).decode("utf-8", "replace")
        finally:
            _library.sm_buffer_free(byref(url))

    def links(self, id: str) -> Dict[str, str]:
        """The URLs of a security's pages at all providers that have one."""
        urls: Dict[str, str] = {}
        provider = _native.Provider()
        index = 0
        while _library.sm_provider_at(self._dict, index, byref(provider)) == _native.OK:
            index += 1
            try:
                urls[_text(provider.id)] = self.link(id, _text(provider.id))
            except UnknownError:
                continue
        return urls

    # --- Private ------------------------------------------------------------------------------------------------------

    def _run(
        self, call: Callable[..., int], document: _native.Document, options: _native.ExtractOptions
    ) -> c_void_p:
        """The result of this thread's scanner, which the next call fills anew."""
        scanner = self._scanner()
        error = _native.Error()
        arguments = (self._handle, scanner.handle, byref(document), byref(options), byref(scanner.result), byref(error))
        _check(call(*arguments), error)
        return scanner.result

    def _scanner(self) -> _Scanner:
        scanner = getattr(self._threads, "scanner", None)
        if not isinstance(scanner, _Scanner):
            scanner = _Scanner(self._handle)
            self._threads.scanner = scanner
        return scanner

    def _weights(self, bits: int, scope: int) -> Dict[str, int]:
        """The features of a set, by their words, with their weights in a scope."""
        return {
            word: _library.sm_engine_weight(self._handle, scope, bit)
            for bit, word in enumerate(_EVIDENCE)
            if word and bits >> bit & 1
        }

    def _explanations(self, result: c_void_p, is_str: bool, scope: int) -> Tuple[Explanation, ...]:
        lines = _array(
            _native.ExplainedLine, _library.sm_result_explained_line_count, _library.sm_result_explained_lines, result
        )
        explained = [
            ExplainedLine(_text(line.security), line.score, line.confidence / 65535, self._weights(line.features, scope))
            for line in lines
        ]
        found = _array(
            _native.Explanation, _library.sm_result_explanation_count, _library.sm_result_explanations, result
        )
        return tuple(self._explanation(one, explained, is_str, scope) for one in found)

    def _explanation(
        self, one: _native.Explanation, lines: List[ExplainedLine], is_str: bool, scope: int
    ) -> Explanation:
        decision = _word(_DECISIONS, one.decision)
        return Explanation(
            start=one.start_units if is_str else one.start,
            end=one.end_units if is_str else one.end,
            text=_text(one.text),
            kind=_word(_KINDS, one.kind),
            region=_word(_REGIONS, one.region),
            decision=decision,
            over=one.over if decision == "overlapped" else None,
            score=one.score,
            threshold=one.threshold,
            confidence=one.confidence / 65535,
            features=self._weights(one.features, scope),
            lines=tuple(lines[one.first_line : one.first_line + one.n_lines]),
            surface=_text(one.surface),
            notation=_text(one.notation),
            name=_text(one.name),
            name_kind=_text(one.name_kind),
            name_security=_text(one.name_security),
            field=_word(_FIELDS, one.field),
        )

    def _url(self, id: str) -> Optional[str]:
        if id not in self._urls:
            try:
                self._urls[id] = self.link(id)
            except UnknownError:
                self._urls[id] = None
        return self._urls[id]

    def _url_of(self, security: _native.Security) -> Optional[str]:
        # What no table has has no page, and ids that come from texts are not kept.
        is_unknown = security.status == _native.SECURITY_UNKNOWN
        return None if is_unknown else self._url(_text(security.id))

    def _found(self, row: _native.Found) -> Found:
        id = _text(row.security.id)
        return Found(
            security=id,
            issuer=_text(row.security.issuer),
            name=_text(row.security.name),
            type=_text(row.security.type),
            status=_word(_native.SECURITY_STATUSES, row.security.status),
            match=_word(_native.MATCHES, row.match),
            matched=_text(row.name),
            matched_kind=_text(row.kind),
            url=self._url(id),
        )

    def _read(self, result: c_void_p, is_str: bool) -> Result:
        """Copies all that a result holds, as the next document will overwrite it."""
        mentions = _array(_native.Mention, _library.sm_result_mention_count, _library.sm_result_mentions, result)
        lines = _array(_native.Candidate, _library.sm_result_candidate_count, _library.sm_result_candidates, result)
        securities = _array(_native.Security, _library.sm_result_security_count, _library.sm_result_securities, result)
        ids = [_text(security.id) for security in securities]
        candidates = [Candidate(ids[line.security], line.confidence / 65535) for line in lines]
        as_of = _library.sm_result_as_of(result)
        return Result(
            mentions=tuple(self._mention(mention, securities[mention.security], candidates, is_str) for mention in mentions),
            securities=tuple(self._rollup(result, securities)),
            as_of=datetime.date(as_of // 10000, as_of // 100 % 100, as_of % 100) if as_of else None,
            invalid_bytes=_library.sm_result_invalid_bytes(result, None),
            is_cut=_library.sm_result_limits(result) != 0,
        )

    def _mention(
        self, mention: _native.Mention, security: _native.Security, candidates: List[Candidate], is_str: bool
    ) -> Mention:
        id = _text(security.id)
        first = mention.first_candidate
        return Mention(
            start=mention.start_units if is_str else mention.start,
            end=mention.end_units if is_str else mention.end,
            text=_text(mention.text),
            kind=_word(_KINDS, mention.kind),
            region=_word(_REGIONS, mention.region),
            role=_word(_ROLES, mention.role),
            security=id,
            issuer=_text(security.issuer),
            name=_text(mention.name),
            confidence=mention.confidence / 65535,
            evidence=_evidence_words(mention.evidence),
            candidates=tuple(candidates[first : first + mention.n_candidates]),
            url=self._url_of(security),
            security_then=_text(security.then),
            field=_word(_FIELDS, mention.field),
        )

    def _rollup(self, result: c_void_p, securities: List[_native.Security]) -> Iterator[Rollup]:
        first, stride = c_void_p(), c_uint32()
        count = _library.sm_result_rollup(result, _native.BY_SECURITY, byref(first), byref(stride))
        for row in _items(_native.Rollup, first.value, stride.value, count):
            security = securities[row.security]
            id = _text(security.id)
            yield Rollup(
                security=id,
                issuer=_text(security.issuer),
                name=_text(security.name),
                type=_text(security.type),
                status=_word(_native.SECURITY_STATUSES, security.status),
                count=row.count,
                salience=row.salience / 65535,
                url=self._url_of(security),
            )


def version() -> str:
    """The version of the C library."""
    return _text(_library.sm_version())
