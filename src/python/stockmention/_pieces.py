"""A document that comes in pieces."""

import weakref
from ctypes import byref, c_void_p
from typing import Callable, Optional, Tuple, Union

from . import _native, _results
from ._common import _check, _encode
from ._native import library as _library

_Piece = Union[str, bytes]


class Stream:
    """A document that comes in pieces: `Engine.open_stream` makes one, `feed` takes a piece and `finish` ends it. Each gives what
    has become known; the results of all calls, one behind the other, have the mentions that `Engine.extract` finds in the whole
    text, with places in it. For one thread at a time."""

    __slots__ = ("__weakref__", "_engine", "_handle", "_is_str", "_lines", "_result", "_told")

    def __init__(
        self,
        engine: c_void_p,
        lines: _results.Lines,
        told: Callable[[bool], Tuple[_native.Document, _native.ExtractOptions]],
    ) -> None:
        """What is told of the document depends on whether it is of str or bytes, which the first piece says."""
        self._engine = engine
        self._lines = lines
        self._told = told
        self._handle = c_void_p()
        self._result = c_void_p()
        self._is_str: Optional[bool] = None
        self._open(False)  # what is wrong is told at once
        weakref.finalize(self, _free, self._handle, self._result).atexit = False

    def _open(self, is_str: bool) -> None:
        error = _native.Error()
        document, options = self._told(is_str)
        arguments = (self._engine, byref(document), byref(options), byref(self._handle), byref(error))
        _check(_library.sm_stream_open(*arguments), error)

    def feed(self, piece: _Piece) -> _results.Result:
        """Takes more of the text: a str, or bytes that may be parted anywhere. @return the mentions that are final by now, none
        of which was given before, and the securities of these."""
        encoded = _encode(piece)
        is_str = isinstance(piece, str)
        if self._is_str is None:
            if is_str:
                self._open(True)
            self._is_str = is_str
        elif self._is_str != is_str:
            raise TypeError(f"the piece is {'a str' if is_str else 'bytes'}; expected what the first one was")
        error = _native.Error()
        at_result, at_error = byref(self._result), byref(error)
        _check(_library.sm_stream_feed(self._handle, encoded, len(encoded), at_result, at_error), error)
        return _results.read(self._result, self._lines, is_str)

    def finish(self) -> _results.Result:
        """Ends the text. @return the mentions that are left, and what is known of the whole document."""
        error = _native.Error()
        _check(_library.sm_stream_finish(self._handle, byref(self._result), byref(error)), error)
        return _results.read(self._result, self._lines, bool(self._is_str))


def _free(handle: c_void_p, result: c_void_p) -> None:
    _library.sm_result_free(result)
    _library.sm_stream_free(handle)
