"""Columns of other packages, as the Arrow C data interface hands them over, and results that are given out that way. Both go
by the PyCapsule protocol, so that no package is needed for either."""

import sys
import threading
import weakref
from array import array
from contextlib import contextmanager
from ctypes import (
    CFUNCTYPE,
    POINTER,
    PYFUNCTYPE,
    byref,
    c_char_p,
    c_void_p,
    cast,
    pointer,
    py_object,
    pythonapi,
    sizeof,
)
from typing import Any, Iterator, List, Optional, Sequence, Tuple, Type, TypeVar, Union

from . import _native
from ._common import _c_string, _check, _encode, _number, _word_number
from ._native import ArrowArray, ArrowArrayStream, ArrowSchema
from ._native import library as _library

_Structure = TypeVar("_Structure", ArrowSchema, ArrowArray, ArrowArrayStream)

# Capsules keep the address of their name. These prototypes are our own: those of `pythonapi` itself all packages share.
_NAMES = {ArrowSchema: b"arrow_schema", ArrowArray: b"arrow_array", ArrowArrayStream: b"arrow_array_stream"}
_new_capsule = PYFUNCTYPE(py_object, c_void_p, c_char_p, c_void_p)(("PyCapsule_New", pythonapi))
_get_pointer = PYFUNCTYPE(c_void_p, py_object, c_char_p)(("PyCapsule_GetPointer", pythonapi))

_UTF8 = (b"u", b"U", b"vu", b"n")
_NULLABLE = 2


def _release(structure: Union[ArrowSchema, ArrowArray, ArrowArrayStream]) -> None:
    if structure.release:
        structure.release(byref(structure))


# --- Taking -----------------------------------------------------------------------------------------------------------


def is_arrow(data: object) -> bool:
    return hasattr(data, "__arrow_c_array__") or hasattr(data, "__arrow_c_stream__")


def _at(structure: Type[_Structure], capsule: object) -> _Structure:
    return structure.from_address(_get_pointer(capsule, _NAMES[structure]))


def _call(stream: ArrowArrayStream, function: Any, out: Union[ArrowSchema, ArrowArray]) -> None:
    code = function(byref(stream), byref(out))
    if code:
        message = stream.get_last_error(byref(stream)) if stream.get_last_error else None
        raise OSError(code, "the Arrow stream failed: " + (message or b"it does not say why").decode("utf-8", "replace"))


@contextmanager
def taken(data: Any) -> Iterator[Tuple[ArrowSchema, List[ArrowArray]]]:
    """The schema and the arrays of an object, for a while."""
    if hasattr(data, "__arrow_c_array__"):
        capsules = data.__arrow_c_array__()  # they release what they hold
        yield _at(ArrowSchema, capsules[0]), [_at(ArrowArray, capsules[1])]
        return
    capsule = data.__arrow_c_stream__()
    stream, schema = _at(ArrowArrayStream, capsule), ArrowSchema()
    arrays: List[ArrowArray] = []
    try:
        _call(stream, stream.get_schema, schema)
        while not arrays or arrays[-1].release:
            arrays.append(ArrowArray())
            _call(stream, stream.get_next, arrays[-1])
        yield schema, arrays[:-1]
    finally:
        for array in arrays:
            _release(array)
        _release(schema)


def is_text(schema: ArrowSchema, column: Optional[str]) -> bool:
    """Whether the texts are strings, of which code points are counted, and no bytes."""
    texts = [schema]
    if schema.format == b"+s":
        name = _encode("text" if column is None else column)
        children = [schema.children[i].contents for i in range(schema.n_children)]
        texts = [child for child in children if child.name == name]
    return any((of.dictionary.contents if of.dictionary else of).format in _UTF8 for of in texts)


def arrow_options(column: Optional[str], threads: int, format: str, charset: Optional[str]) -> _native.ArrowOptions:
    options = _native.ArrowOptions()
    _library.sm_arrow_options_init(byref(options), sizeof(options))
    options.format = _word_number(_native.FORMATS, format, "format")
    options.n_threads = _number(threads, "threads")
    options.text = None if column is None else _c_string(column, "text")
    options.charset = None if charset is None else _c_string(charset, "charset")
    return options


def extract(
    engine: c_void_p,
    schema: ArrowSchema,
    arrays: Sequence[ArrowArray],
    how: _native.ArrowOptions,
    options: _native.ExtractOptions,
    result: c_void_p,
) -> None:
    error = _native.Error()
    pointers = (POINTER(ArrowArray) * len(arrays))(*map(pointer, arrays))
    status = _library.sm_engine_extract_arrow(
        engine, byref(schema), pointers, len(arrays), byref(how), byref(options), byref(result), byref(error)
    )
    _check(status, error)


# --- Texts of our own -------------------------------------------------------------------------------------------------

# What stands behind them belongs to Python.
_leave_schema = CFUNCTYPE(None, POINTER(ArrowSchema))(lambda schema: None)
_leave_array = CFUNCTYPE(None, POINTER(ArrowArray))(lambda array: None)


def _schema(format: bytes, name: bytes, *children: ArrowSchema) -> ArrowSchema:
    listed = (POINTER(ArrowSchema) * len(children))(*map(pointer, children))
    return ArrowSchema(
        format=format, name=name, n_children=len(children), children=listed, release=_leave_schema, flags=_NULLABLE
    )


def _column(length: int, null_count: int, buffers: Sequence[Optional[int]], *children: ArrowArray) -> ArrowArray:
    listed = (POINTER(ArrowArray) * len(children))(*map(pointer, children))
    return ArrowArray(
        length=length,
        null_count=null_count,
        n_buffers=len(buffers),
        buffers=(c_void_p * len(buffers))(*buffers),
        n_children=len(children),
        children=listed,
        release=_leave_array,
    )


def table(
    is_str: bool, text: bytes, offsets: "array[int]", is_there: Sequence[bool], days: "array[int]"
) -> Tuple[ArrowSchema, ArrowArray, object]:
    """A table of texts, some of which are missing, and their days; and what keeps its validity, as the caller keeps the rest."""
    n = len(is_there)
    validity = array("B", bytes(n // 8 + 1))
    for i in range(n):
        validity[i // 8] |= is_there[i] << i % 8
    buffers = (validity.buffer_info()[0], offsets.buffer_info()[0], cast(c_char_p(text), c_void_p).value)
    texts = _column(n, n - sum(is_there), buffers)
    dates = _column(n, 0, (None, days.buffer_info()[0]))
    schema = _schema(b"+s", b"", _schema(b"U" if is_str else b"Z", b"text"), _schema(b"i", b"date"))
    return schema, _column(n, 0, (None,), texts, dates), validity


# --- Giving -----------------------------------------------------------------------------------------------------------


class _Given:
    """Structures that were given out in capsules, as long as somebody has the capsule. A capsule could call a destructor, but
    one of Python's own would run wherever the capsule ends, also in the middle of a consumer's exception, which it would lose.
    So capsules are kept here, and looked through when the next are made and when what gave them ends."""

    def __init__(self) -> None:
        self._sweeping = threading.Lock()
        self._held: List[Tuple[object, Union[ArrowSchema, ArrowArray, ArrowArrayStream]]] = []
        self._held.append((_new_capsule(1, _NAMES[ArrowSchema], None), ArrowSchema()))
        self._alone = self._references(0)  # of one that is held here and nowhere else
        self._held.clear()

    def _references(self, index: int) -> int:
        return sys.getrefcount(self._held[index][0])

    def capsule(self, structure: Union[ArrowSchema, ArrowArray, ArrowArrayStream]) -> Any:
        self.sweep()
        made = _new_capsule(cast(byref(structure), c_void_p), _NAMES[type(structure)], None)
        self._held.append((made, structure))
        return made

    def sweep(self) -> None:
        """Releases what nobody has taken out of its capsule, and nobody can any more."""
        # Another thread is at it, or this one, of which a finalizer has come in between. What is appended meanwhile comes
        # behind what is looked at.
        if not self._sweeping.acquire(blocking=False):
            return
        try:
            for index in reversed(range(len(self._held))):
                if self._references(index) <= self._alone:
                    _release(self._held.pop(index)[1])
        finally:
            self._sweeping.release()


_given = _Given()


class ArrowMentions:
    """The mentions of a batch for packages that speak Arrow: `pyarrow.table(this)`, `polars.DataFrame(this)`; of lists
    `pyarrow.array(this)`, `polars.Series(this)`. Each asking makes a copy, which needs neither batch nor engine."""

    __slots__ = ("__weakref__", "_layout", "_owner", "_result")

    def __init__(self, result: c_void_p, layout: int, owner: object) -> None:
        self._result, self._layout, self._owner = result, layout, owner
        weakref.finalize(self, _given.sweep).atexit = False

    def _make(self, schema: ArrowSchema, array: Optional[ArrowArray]) -> None:
        error = _native.Error()
        at_array = None if array is None else byref(array)
        _check(_library.sm_result_arrow(self._result, self._layout, byref(schema), at_array, byref(error)), error)

    def __arrow_c_schema__(self) -> Any:
        schema = ArrowSchema()
        self._make(schema, None)
        return _given.capsule(schema)

    def __arrow_c_array__(self, requested_schema: object = None) -> Tuple[Any, Any]:
        schema, array = ArrowSchema(), ArrowArray()
        self._make(schema, array)
        return _given.capsule(schema), _given.capsule(array)


class ArrowStream:
    """A stream of Arrow arrays, which is made as it is read: `pyarrow.RecordBatchReader.from_stream(this)`,
    `polars.DataFrame(this)`. It can be taken once."""

    __slots__ = ("__weakref__", "_finalizer", "_stream")

    def __init__(self, stream: ArrowArrayStream) -> None:
        self._stream: Optional[ArrowArrayStream] = stream
        self._finalizer = weakref.finalize(self, _release, stream)
        self._finalizer.atexit = False

    def _untaken(self) -> ArrowArrayStream:
        if self._stream is None:
            raise ValueError("the stream was taken already; extract_stream() makes another one")
        return self._stream

    def __arrow_c_schema__(self) -> Any:
        stream, schema = self._untaken(), ArrowSchema()
        _call(stream, stream.get_schema, schema)
        return _given.capsule(schema)

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        capsule = _given.capsule(self._untaken())
        self._stream = None
        self._finalizer.detach()
        return capsule


def open_stream(
    engine: c_void_p, data: Any, layout: int, how: _native.ArrowOptions, options: _native.ExtractOptions
) -> ArrowStream:
    """The unit of the options is set here, by the schema."""
    if not hasattr(data, "__arrow_c_stream__"):
        raise TypeError(f"documents is a {type(data).__name__}; expected what has __arrow_c_stream__, such as a table")
    capsule = data.__arrow_c_stream__()
    documents, mentions, schema, error = _at(ArrowArrayStream, capsule), ArrowArrayStream(), ArrowSchema(), _native.Error()
    _call(documents, documents.get_schema, schema)
    is_str = is_text(schema, None if how.text is None else how.text.decode())
    _release(schema)
    options.offsets = _native.OFFSETS_CODEPOINT if is_str else _native.OFFSETS_BYTE
    status = _library.sm_engine_stream_arrow(
        engine, byref(documents), byref(how), byref(options), layout, byref(mentions), byref(error)
    )
    _check(status, error)
    return ArrowStream(mentions)
