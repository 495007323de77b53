"""What of a document is scanned."""

import ctypes
from ctypes import byref, c_void_p
from dataclasses import dataclass
from typing import Iterable, List, Optional, Tuple, Union

from . import _native
from ._common import REGIONS, _array, _check, _document, _items, _options, _word
from ._native import library as _library


@dataclass(frozen=True)
class TextRun:
    """What a reader sees as one stretch: a paragraph, a heading, a table cell.

    pieces: (start in the run, source start, source end) each, in bytes, of a str those of its UTF-8. A piece reaches to the
    next one's start; one that is as long in the source as in the run maps byte by byte, another as a whole.
    """

    text: str
    region: str
    pieces: Tuple[Tuple[int, int, int], ...]


def _run(run: _native.TextRun) -> TextRun:
    pieces = _items(_native.TextPiece, run.pieces, ctypes.sizeof(_native.TextPiece), run.n_pieces)
    return TextRun(
        text=ctypes.string_at(run.text, run.len).decode("utf-8"),
        region=_word(REGIONS, run.region),
        pieces=tuple((piece.start, piece.source_start, piece.source_end) for piece in pieces),
    )


def read_text(
    text: Union[str, bytes], *, format: str = "auto", charset: Optional[str] = None, skip: Iterable[str] = ()
) -> List[TextRun]:
    """Reads a document as Engine.extract() does, and stops before anything is looked for. The arguments are as there."""
    document = _document(text, format, None, charset)
    options = _options("", None, None, skip)
    handle, error = c_void_p(), _native.Error()
    try:
        _check(_library.sm_text_read_with(byref(document), byref(options), byref(handle), byref(error)), error)
        return [_run(run) for run in _array(_native.TextRun, _library.sm_text_run_count, _library.sm_text_runs, handle)]
    finally:
        _library.sm_text_free(handle)
