"""What the modules of the package share: the errors, and what is turned from Python into C and back. Nothing here but the
errors is public, and those are taken from `stockmention`."""

import ctypes
import datetime
import functools
import re
from ctypes import byref, c_char_p, c_uint32, c_void_p, sizeof
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Type, TypeVar, Union

from . import _native
from ._native import library as _library

Date = Union[datetime.date, str]
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

    def __reduce__(self) -> Tuple[Any, ...]:
        """An exception's own way calls the class with its message alone, and a pool of processes waits for ever for what cannot
        be read back."""
        return type(self), (*self.args, self.status), self.__dict__


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


def _c_string(value: object, name: str) -> bytes:
    """UTF-8 for what C reads up to the first NUL, behind which nothing would be seen."""
    encoded = _encode(value)
    if b"\0" in encoded:
        raise ArgumentError(f"{name} is {value!r}; expected no NUL character in it", _native.ERR_ARG)
    return encoded


def _number(value: Optional[int], name: str) -> int:
    """None is the library's own, which it takes 0 for."""
    if value is None:
        return 0
    if not 0 < value < 2**32:
        raise ArgumentError(f"{name} is {value}; expected a number from 1 to 4294967295", _native.ERR_ARG)
    return value


def _date_number(value: Optional[Date], name: str) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        encoded = value.encode("utf-8", "replace")
        number: int = _library.sm_date_parse(encoded, len(encoded))
        if not number:
            raise ArgumentError(f"{name} is {value!r}; expected a day such as '2021-12-22'", _native.ERR_ARG)
        return number
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
    encoded = [_c_string(value, name) for value in values]
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


KINDS = _words(_library.sm_kind_word, range(4))
REGIONS = _words(_library.sm_region_word, range(7))
ROLES = _words(_library.sm_role_word, range(5))
DECISIONS = _words(_library.sm_decision_word, range(9))
FIELDS = _words(_library.sm_field_word, range(2))
SECURITY_STATUSES = _words(_library.sm_security_status_word, range(6))
EVIDENCE = _words(_library.sm_evidence_word, range(64))
FINDINGS = _words(_library.sm_finding_word, range(6))
SEVERITIES = _words(_library.sm_severity_word, range(4))


@functools.lru_cache(maxsize=4096)  # the same few sets come again and again
def _evidence_words(bits: int) -> Tuple[str, ...]:
    return tuple(word for bit, word in enumerate(EVIDENCE) if word and bits >> bit & 1)


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


def _set_strings(options: _native.ExtractOptions, name: str, strings: Iterable[str]) -> None:
    array = _string_array(strings, name)
    setattr(options, name, array)
    setattr(options, "n_" + name, len(array))


def _options(
    text: Union[str, bytes],
    as_of: Optional[Date],
    min_confidence: Optional[float] = None,
    skip: Iterable[str] = (),
) -> _native.ExtractOptions:
    options = _native.ExtractOptions()
    _library.sm_extract_options_init(byref(options), sizeof(options))
    options.as_of = _date_number(as_of, "as_of")
    options.offsets = _native.OFFSETS_CODEPOINT if isinstance(text, str) else _native.OFFSETS_BYTE
    if min_confidence is not None:
        if not 0 <= min_confidence <= 1:
            raise ArgumentError(f"min_confidence is {min_confidence}; expected 0 to 1", _native.ERR_ARG)
        options.min_confidence = max(1, round(min_confidence * 65535))  # 0 would be the library's own
    _set_strings(options, "skip", skip)
    return options


def _extract_options(
    is_str: bool,
    as_of: Optional[Date],
    prefer: Iterable[str],
    only: Iterable[str],
    exclude: Iterable[str],
    min_confidence: Optional[float],
    scope: str,
    unlisted: bool,
    skip: Iterable[str],
    max_mentions: Optional[int],
    max_bytes: Optional[int],
    max_depth: Optional[int],
    max_steps: Optional[int],
    context_bytes: Optional[int],
) -> _native.ExtractOptions:
    options = _options("" if is_str else b"", as_of, min_confidence, skip)
    options.unlisted = bool(unlisted)
    options.scope = _word_number(_native.SCOPES, scope, "scope")
    for name, strings in (("prefer", prefer), ("only", only), ("exclude", exclude)):
        _set_strings(options, name, strings)
    limits = {
        "max_mentions": max_mentions,
        "max_bytes": max_bytes,
        "max_depth": max_depth,
        "max_steps": max_steps,
        "context_bytes": context_bytes,
    }
    for name, most in limits.items():
        setattr(options, name, _number(most, name))
    return options
