"""The mentions of a batch as a structured array of NumPy, which is asked for when it is needed and not before."""

import importlib
from typing import Any, Callable, List, Tuple

from . import _native
from ._results import _SECURITY, Source, _string

_UNKNOWN_HANDLE = 0xFFFFFFFF

_FIELDS = (
    ("document", "i8"),
    ("start", "i8"),
    ("end", "i8"),
    ("security", "i4"),
    ("kind", "u1"),
    ("region", "u1"),
    ("role", "u1"),
    ("confidence", "f4"),
    ("evidence", "u8"),
)


def _view(numpy: Any, rows: memoryview, structure: Any, size: int) -> Any:
    """The library's rows as they lie there, without a copy."""
    names = [name for name, kind in structure._fields_ if name != "reserved"]
    places = [getattr(structure, name) for name in names]
    layout = {
        "names": names,
        "formats": [f"u{place.size}" for place in places],
        "offsets": [place.offset for place in places],
        "itemsize": size,
    }
    return numpy.frombuffer(rows, dtype=numpy.dtype(layout)) if len(rows) else numpy.empty(0, numpy.dtype(layout))


def securities(source: Source, numpy: Any) -> Tuple[Any, List[str]]:
    """A number for each of the batch's securities, which are listed document by document, and the ids that they count:
    each once, but those that no table has."""
    rows = _view(numpy, memoryview(source.security_rows), _native.Security, _SECURITY.size)
    handles = rows["handle"]
    is_known = handles != _UNKNOWN_HANDLE
    known = numpy.flatnonzero(is_known)
    first = numpy.full(int(handles[known].max()) + 1 if len(known) else 1, -1, numpy.int64)
    first[handles[known]] = known
    present = numpy.flatnonzero(first >= 0)
    number = numpy.empty(len(first), numpy.int64)
    number[present] = numpy.arange(len(present))
    numbers = numpy.empty(len(rows), numpy.int32)
    numbers[known] = number[handles[known]]
    unknown = numpy.flatnonzero(~is_known)
    numbers[unknown] = len(present) + numpy.arange(len(unknown))
    addresses = rows["id"]
    return numbers, [_string(int(addresses[i])) for i in (*first[present], *unknown)]


def mentions(source: Source, row_size: int) -> Tuple[Any, List[str]]:
    try:
        numpy = importlib.import_module("numpy")
    except ImportError as error:
        raise ImportError("to_numpy() needs NumPy: pip install numpy") from error
    rows = _view(numpy, memoryview(source.mention_rows), _native.Mention, row_size)
    numbers, ids = securities(source, numpy)
    found = numpy.empty(len(rows), numpy.dtype(list(_FIELDS)))
    unit = "_units" if source.is_str else ""
    column: Callable[[str], Any] = rows.__getitem__
    for name in ("document", "kind", "region", "role", "evidence"):
        found[name] = column(name)
    found["start"], found["end"] = column("start" + unit), column("end" + unit)
    found["security"] = numbers[column("security")]
    found["confidence"] = column("confidence") / numpy.float32(65535)
    return found, ids
