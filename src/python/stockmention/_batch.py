"""Many documents in one call."""

from array import array
from ctypes import byref, c_void_p, sizeof
from itertools import accumulate
from typing import Any, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from . import _arrow, _native, _results
from ._common import (
    EVIDENCE,
    KINDS,
    REGIONS,
    ROLES,
    Date,
    _c_string,
    _check,
    _date_number,
    _encode,
    _extract_options,
    _number,
    _word_number,
)
from ._native import library as _library
from ._results import Lines, Result, Source

Options = Tuple[Any, ...]  # those of _extract_options()
_Text = Union[str, bytes, None]


class _Handle:
    """A result of the library, freed with the last object that reads it."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = c_void_p()

    def __del__(self, free: Any = _library.sm_result_free) -> None:
        free(self.value)


class Batch(Sequence[Result]):
    """What was found in many documents: a sequence of their results, in their order.

    All of it stays in the library's memory, and a result or a mention is made when it is asked for. So a batch is not pickled:
    `list(batch)` is, which makes all of them.
    """

    def __init__(self, handle: _Handle, lines: Lines, is_str: bool) -> None:
        self._handle = handle
        result = handle.value
        self._mention_count = int(_library.sm_result_mention_count(result))
        n_rows = _library.sm_result_rollup(result, _native.BY_SECURITY, None, None)
        self._source = Source(lines, is_str, _results.arrays(result, self._mention_count, n_rows), owner=handle)
        self._documents = _library.sm_result_documents(result, None)
        self._count = int(_library.sm_result_document_count(result))

    @property
    def mention_count(self) -> int:
        """The mentions of all documents together."""
        return self._mention_count

    @property
    def unit(self) -> str:
        """What `start` and `end` count: "codepoint" of str, "byte" of bytes."""
        return "codepoint" if self._source.is_str else "byte"

    def to_numpy(self) -> Tuple[Any, List[str]]:
        """All mentions as a structured array, and the ids of securities that its field `security` counts.

        The fields: document, from 0; start and end in `unit`; security; kind, region and role, which are indices into
        `KINDS`, `REGIONS` and `ROLES`; confidence, from 0 to 1; evidence, a bit for each of `EVIDENCE`. Needs NumPy.
        """
        from . import _columns

        return _columns.mentions(self._source, _results.MENTION_SIZE)

    def to_arrow(self, *, lists: bool = False) -> _arrow.ArrowMentions:
        """All mentions for packages that speak Arrow, none of which is needed here: `pyarrow.table(batch.to_arrow())`,
        `polars.DataFrame(batch.to_arrow())`.

        The columns: document, from 0; field; start and end in `unit`, which their metadata have too; text; kind, region, role
        and security, which are words and ids encoded with dictionaries; confidence, from 0 to 1; evidence, a list of words.
        lists: instead of a row for each mention a list for each document, to be laid beside the documents' own columns.
        """
        layout = _native.LAYOUTS.index("lists" if lists else "mentions")
        return _arrow.ArrowMentions(self._handle.value, layout, self._handle)

    KINDS, REGIONS, ROLES, EVIDENCE = KINDS, REGIONS, ROLES, EVIDENCE

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._result(i) for i in range(*index.indices(self._count))]
        number = index.__index__()
        if number < 0:
            number += self._count
        if not 0 <= number < self._count:
            raise IndexError(f"there is no document {index}: the batch has {self._count}, counted from 0")
        return self._result(number)

    def __iter__(self) -> Iterator[Result]:
        return map(self._result, range(self._count))

    def __repr__(self) -> str:
        return f"<stockmention.Batch of {self._count} documents with {self._mention_count} mentions>"

    def __reduce__(self) -> Tuple[Any, ...]:
        raise TypeError("a Batch stays in the library's memory; expected list(batch) or the tables of to_arrow() to be pickled")

    def _result(self, index: int) -> Result:
        return Result(self._source, _results.document_at(self._documents + index * _results.DOCUMENT_SIZE))


# --- From Arrow -------------------------------------------------------------------------------------------------------


def extract_arrow(
    engine: c_void_p,
    lines: Lines,
    documents: Any,
    text: Optional[str],
    threads: int,
    format: str,
    charset: Optional[str],
    options: Options,
) -> Batch:
    handle, how = _Handle(), _arrow.arrow_options(text, threads, format, charset)
    with _arrow.taken(documents) as (schema, arrays):
        is_str = _arrow.is_text(schema, text)
        _arrow.extract(engine, schema, arrays, how, _extract_options(is_str, *options), handle.value)
    return Batch(handle, lines, is_str)


# --- From Python's lists ----------------------------------------------------------------------------------------------


def _check_is_sequence(texts: object) -> None:
    """What would be gone through by its keys or columns, or by its characters, is no sequence of texts."""
    if isinstance(texts, (str, bytes)):
        raise TypeError(f"texts is one {type(texts).__name__}; expected a sequence of them, or extract() for one")
    if isinstance(texts, Mapping) or getattr(texts, "ndim", 1) != 1:
        raise TypeError(
            f"texts is a {type(texts).__name__}; expected a sequence of texts, or a table that speaks Arrow, such as "
            "pyarrow.table(texts)"
        )


def _join(texts: Iterable[_Text]) -> Tuple[bytes, "array[int]", bool, List[bool]]:
    """The texts as one, where each begins, whether they are str, and which of them are there, empty where all are."""
    _check_is_sequence(texts)
    listed = texts if isinstance(texts, (list, tuple)) else list(texts)
    is_str, is_there = not listed or isinstance(listed[0], str), []
    try:
        # The usual case, without a call of Python's for each.
        if not is_str and set(map(type, listed)) != {bytes}:
            raise TypeError
        encoded: List[Any] = list(map(str.encode, listed)) if is_str else list(listed)
    except (TypeError, UnicodeEncodeError):
        encoded = [b"" if text is None else _encode(text) for text in listed]
        kinds = {isinstance(text, str) for text in listed if text is not None}
        if len(kinds) > 1:
            raise TypeError("texts are str and bytes mixed; expected one of them, as their offsets are of two units") from None
        is_str = kinds != {False}
        is_there = [text is not None for text in listed]
    return b"".join(encoded), array("q", accumulate(map(len, encoded), initial=0)), is_str, is_there


def _days(dates: Optional[Iterable[Optional[Date]]], count: int) -> Optional["array[int]"]:
    if dates is None:
        return None
    days = array("i", [_date_number(date, "dates") for date in dates])
    if len(days) != count:
        raise ValueError(f"there are {len(days)} dates for {count} texts; expected one for each, None where it is not known")
    return days


def _address(numbers: Optional["array[int]"]) -> Optional[int]:
    return numbers.buffer_info()[0] if numbers else None


def _extract_those_there(
    engine: c_void_p,
    lines: Lines,
    texts: Tuple[bool, bytes, "array[int]", List[bool]],
    days: Optional["array[int]"],
    how: Tuple[int, str, Optional[str]],
    options: Options,
) -> Batch:
    """A batch of the library has a text for each of its documents; a table can do without."""
    is_str, _, _, is_there = texts
    handle, unknown = _Handle(), array("i", bytes(4 * len(is_there)))
    schema, table, _held = _arrow.table(*texts, days or unknown)
    asked = _extract_options(is_str, *options)
    _arrow.extract(engine, schema, [table], _arrow.arrow_options(None, *how), asked, handle.value)
    return Batch(handle, lines, is_str)


def extract(
    engine: c_void_p,
    lines: Lines,
    texts: Iterable[_Text],
    threads: int,
    format: str,
    dates: Optional[Iterable[Optional[Date]]],
    charset: Optional[str],
    options: Options,
) -> Batch:
    text, offsets, is_str, is_there = _join(texts)
    days = _days(dates, len(offsets) - 1)
    if not all(is_there):
        joined, how = (is_str, text, offsets, is_there), (threads, format, None if is_str else charset)
        return _extract_those_there(engine, lines, joined, days, how, options)
    batch = _native.Batch()
    _library.sm_batch_init(byref(batch), sizeof(batch))
    batch.format = _word_number(_native.FORMATS, format, "format")
    batch.text, batch.offsets, batch.n_documents = text, _address(offsets), len(offsets) - 1
    batch.dates = _address(days)
    batch.n_threads = _number(threads, "threads")
    encoded = b"" if charset is None or is_str else _c_string(charset, "charset")
    batch.charset, batch.charset_len = encoded or None, len(encoded)
    handle, error = _Handle(), _native.Error()
    _check(
        _library.sm_engine_extract_batch(
            engine, byref(batch), byref(_extract_options(is_str, *options)), byref(handle.value), byref(error)
        ),
        error,
    )
    return Batch(handle, lines, is_str)
