"""Finds stock mentions in financial text, says which security each is, and links it to quote pages.

    from stockmention import Engine

    engine = Engine()
    for mention in engine.extract("金山办公（688111.SH）涨3%"):
        print(mention.start, mention.end, mention.text, mention.security, mention.url)

An engine is immutable and may be used by any number of threads at once.
"""

import ctypes
import os
import threading
import weakref
from ctypes import byref, c_uint64, c_void_p, sizeof
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple, TypeVar, Union

from . import _arrow, _batch, _explain, _findings, _lookup, _native, _results
from ._arrow import ArrowMentions, ArrowStream
from ._batch import Batch
from ._common import (
    ArgumentError,
    Date,
    DictionaryError,
    OutOfMemoryError,
    PatternError,
    ReadError,
    StockmentionError,
    UnknownError,
    UnsupportedError,
    _array,
    _c_string,
    _check,
    _date_number,
    _document,
    _encode,
    _extract_options,
    _number,
    _options,
    _text,
    _word_number,
)
from ._explain import ExplainedLine, Explanation
from ._findings import Finding
from ._lookup import Found
from ._native import library as _library
from ._pieces import Stream
from ._results import Candidate, Mention, Result, Rollup
from ._runs import TextRun, read_text

__all__ = [
    "ArgumentError",
    "ArrowMentions",
    "ArrowStream",
    "Batch",
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
    "Stream",
    "TextRun",
    "UnknownError",
    "UnsupportedError",
    "read_text",
    "version",
]

_Text = TypeVar("_Text", str, bytes)


class _Scanner:
    """One thread's working memory: a scanner, the result that it fills again and again, and what calls are told."""

    def __init__(self, engine: c_void_p) -> None:
        self.engine = engine
        self.handle = c_void_p()
        self.result = c_void_p()
        self.error = _native.Error()
        # By whether the text is a str: what does not change from one to the next is said once.
        self.documents = {is_str: _native.Document() for is_str in (True, False)}
        for document in self.documents.values():
            _library.sm_document_init(byref(document), sizeof(document))
        self.documents[True].charset, self.documents[True].charset_len = b"utf-8", 5
        self.options = {is_str: byref(_options("" if is_str else b"", None)) for is_str in (True, False)}
        self.places = (byref(self.result), byref(self.error))
        _check(_library.sm_scanner_new(engine, byref(self.handle), byref(self.error)), self.error)
        # Not at exit, when a daemon thread may still be at work: the process gives the memory back anyway.
        weakref.finalize(self, _free_scanner, self.handle, self.result).atexit = False

    def extract(self, text: Union[str, bytes], format: int) -> c_void_p:
        """A document of which nothing but its text is told, under the usual options: most are such, and for a short one
        making a structure costs more than all the rest."""
        is_str = isinstance(text, str)
        encoded = _encode(text)
        document = self.documents[is_str]
        document.format, document.text, document.text_len = format, encoded, len(encoded)
        status = _library.sm_engine_extract(
            self.engine, self.handle, byref(document), self.options[is_str], *self.places
        )
        document.text = None  # a long one is not kept
        if status:
            _check(status, self.error)
        return self.result


def _free_scanner(handle: c_void_p, result: c_void_p) -> None:
    _library.sm_result_free(result)
    _library.sm_scanner_free(handle)


# --- The engine -------------------------------------------------------------------------------------------------------


class Engine:
    """A dictionary made ready to scan.

    `dictionary` is the path of a file that `stockmention dict build` made; None is the dictionary in the library.
    `kernel` names the processor's instructions to use: "c", "avx2", "avx512", "neon", or "auto" for the fastest that there
    are. All find the same.

    An engine is pickled as the path of its dictionary, with the hash, and its options: where that is read back the file
    must be there and be the same. It goes on working in a process that was forked.
    """

    def __init__(self, dictionary: Union[str, "os.PathLike[str]", None] = None, *, kernel: str = "auto") -> None:
        error = _native.Error()
        opened = c_void_p()
        options = _native.EngineOptions()
        _library.sm_engine_options_init(byref(options), sizeof(options))
        options.kernel = _word_number(_native.KERNELS, kernel, "kernel")
        self._path = None if dictionary is None else os.path.abspath(os.fsdecode(dictionary))
        self._kernel = kernel
        if self._path is not None:
            path = _c_string(os.fsencode(self._path), "dictionary")
            _check(_library.sm_dict_open(path, byref(opened), byref(error)), error)
        self._handle = c_void_p()
        status = _library.sm_engine_open(opened, byref(options), byref(self._handle), byref(error))
        _library.sm_dict_free(opened)  # the engine keeps its own hold on it
        _check(status, error)
        weakref.finalize(self, _library.sm_engine_free, self._handle).atexit = False
        self._dict = c_void_p(_library.sm_engine_dict(self._handle))
        self._threads = threading.local()
        self._urls: Dict[str, Optional[str]] = {}
        self._lines = _results.Lines(self._url)
        info = _native.DictInfo(struct_size=sizeof(_native.DictInfo))
        _check(_library.sm_dict_describe(self._dict, byref(info)), error)
        self._dictionary = _text(info.version)

    def __repr__(self) -> str:
        return f"<stockmention.Engine of {self._dictionary}>"

    def __reduce__(self) -> Tuple[Any, ...]:
        return _reopen, (self._path, self._kernel, self._dictionary)

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
        skip: Iterable[str] = (),
        max_mentions: Optional[int] = None,
        max_bytes: Optional[int] = None,
        max_depth: Optional[int] = None,
        max_steps: Optional[int] = None,
        context_bytes: Optional[int] = None,
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
        skip: elements of HTML that are not read: tags, ".class" and "#id".
        max_mentions, max_bytes, max_depth: no more mentions, bytes of the text, elements in elements than that; where one
            was reached, the result's `limits` say so, and `read_bytes` how far the text was read.
        max_steps: no more work than that: a step is a byte of title and text, or a name or code in them that could be a
            mention. The rest is not looked at.
        context_bytes: what stands further from a mention than that says nothing of it; None: nothing is too far. 256 at least.
        charset: of bytes, such as "gbk"; None: what they are, declare or look like.
        """
        is_str = isinstance(text, str)
        limits = (max_mentions, max_bytes, max_depth, max_steps, context_bytes)
        told = (title, url, source, date, charset, as_of, min_confidence, *limits)
        if told == _NOTHING_TOLD and not (prefer or only or exclude or unlisted or skip) and scope == "strict":
            result = self._scanner().extract(text, _word_number(_native.FORMATS, format, "format"))
        else:
            document = _document(text, format, date, charset, title, url, source)
            options = _extract_options(
                is_str, as_of, prefer, only, exclude, min_confidence, scope, unlisted, skip, *limits
            )
            result = self._run(_library.sm_engine_extract, document, options)
        return _results.read(result, self._lines, is_str, unlisted)

    def extract_batch(
        self,
        texts: Any,
        *,
        text: Optional[str] = None,
        threads: int = 1,
        format: str = "auto",
        dates: Optional[Iterable[Optional[Date]]] = None,
        as_of: Optional[Date] = None,
        prefer: Iterable[str] = (),
        only: Iterable[str] = (),
        exclude: Iterable[str] = (),
        min_confidence: Optional[float] = None,
        scope: str = "strict",
        unlisted: bool = False,
        charset: Optional[str] = None,
        skip: Iterable[str] = (),
        max_mentions: Optional[int] = None,
        max_bytes: Optional[int] = None,
        max_depth: Optional[int] = None,
        max_steps: Optional[int] = None,
        context_bytes: Optional[int] = None,
    ) -> Batch:
        """Finds every stock mention in many documents, in one call of the library: what `extract` finds in each.

        texts: a sequence, all str or all bytes, and None for what is missing. Or a column or table of pyarrow, polars, pandas,
            nanoarrow, or whatever else has `__arrow_c_array__` or `__arrow_c_stream__`, which is read where it lies: strings,
            whose code points are counted, or binary. Of a table the columns text, title, url, source, date, format and charset
            are read, if they are there; what is null is not known. A text that is None or null has no mentions.
        text: the name of a table's column that has the texts, where it is not "text".
        threads: how many to work with, this one included, so 1 at least. Python's other threads go on meanwhile.
        dates: the day of each of a sequence, or None.
        The others are as in `extract`, for all of them; format and charset where a table does not say them.
        """
        limits = (max_mentions, max_bytes, max_depth, max_steps, context_bytes)
        options = (as_of, prefer, only, exclude, min_confidence, scope, unlisted, skip, *limits)
        if not _arrow.is_arrow(texts):
            return _batch.extract(self._handle, self._lines, texts, threads, format, dates, charset, options)
        if dates is not None:
            raise TypeError("dates are of a sequence of texts; expected a table with a column date beside that of texts")
        try:
            return _batch.extract_arrow(self._handle, self._lines, texts, text, threads, format, charset, options)
        except ImportError:
            if getattr(texts, "ndim", 0) != 1:
                raise
            # A Series of pandas, which needs pyarrow for this, and is a sequence of str as well, with NaN for what is missing.
            there = [None if is_missing else one for one, is_missing in zip(texts, texts.isna())]
            return _batch.extract(self._handle, self._lines, there, threads, format, dates, charset, options)

    def extract_stream(
        self,
        documents: Any,
        *,
        layout: str = "columns",
        text: Optional[str] = None,
        threads: int = 1,
        format: str = "auto",
        as_of: Optional[Date] = None,
        prefer: Iterable[str] = (),
        only: Iterable[str] = (),
        exclude: Iterable[str] = (),
        min_confidence: Optional[float] = None,
        scope: str = "strict",
        unlisted: bool = False,
        charset: Optional[str] = None,
        skip: Iterable[str] = (),
        max_mentions: Optional[int] = None,
        max_bytes: Optional[int] = None,
        max_depth: Optional[int] = None,
        max_steps: Optional[int] = None,
        context_bytes: Optional[int] = None,
    ) -> ArrowStream:
        """Finds every stock mention in a stream of tables, batch by batch as the result is read, so that it may be longer than
        memory.

        documents: what has `__arrow_c_stream__`, such as a pyarrow.RecordBatchReader; as in `extract_batch`.
        layout: "columns" gives the columns that came and behind them a column "mentions" with a list for each document;
            "lists" these lists alone; "mentions" a row for each mention. `Batch.to_arrow` tells what a mention has;
            its document counts through the whole stream.
        The others are as in `extract_batch`.
        """
        how = _arrow.arrow_options(text, threads, format, charset)
        limits = (max_mentions, max_bytes, max_depth, max_steps, context_bytes)
        options = _extract_options(True, as_of, prefer, only, exclude, min_confidence, scope, unlisted, skip, *limits)
        return _arrow.open_stream(self._handle, documents, _word_number(_native.LAYOUTS, layout, "layout"), how, options)

    def open_stream(
        self,
        *,
        context_bytes: Optional[int] = None,
        format: str = "text",
        charset: Optional[str] = None,
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
        skip: Iterable[str] = (),
        max_mentions: Optional[int] = None,
        max_bytes: Optional[int] = None,
        max_depth: Optional[int] = None,
        max_steps: Optional[int] = None,
    ) -> Stream:
        """Begins a document that comes in pieces, which `feed` of what is returned takes.

        context_bytes: mentions are told so many bytes behind them at the latest, and what stands further away says nothing of
            them; memory does not grow. None: all are told at the end, until which the text is kept; so they are of what is
            no text in UTF-8, as `format` and `charset` say.
        charset: of bytes; None: that of a text is UTF-8, that of a page what it is, declares or looks like.
        The others are as in `extract`.
        """
        prefer, only, exclude, skip = (_kept(strings) for strings in (prefer, only, exclude, skip))
        limits = (max_mentions, max_bytes, max_depth, max_steps, context_bytes)
        if charset is None and format == "text":
            charset = "utf-8"

        def told(is_str: bool) -> Tuple[_native.Document, _native.ExtractOptions]:
            document = _document("" if is_str else b"", format, date, charset, title, url, source)
            return document, _extract_options(
                is_str, as_of, prefer, only, exclude, min_confidence, scope, unlisted, skip, *limits
            )

        return Stream(self._handle, self._lines, told)

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
        skip: Iterable[str] = (),
        max_mentions: Optional[int] = None,
        max_bytes: Optional[int] = None,
        max_depth: Optional[int] = None,
        max_steps: Optional[int] = None,
        context_bytes: Optional[int] = None,
        charset: Optional[str] = None,
    ) -> Tuple[Explanation, ...]:
        """Tells of each name and code of the dictionary in a document why it is a mention or is none.

        The arguments are those of extract().
        """
        is_str = isinstance(text, str)
        document = _document(text, format, date, charset, title, url, source)
        limits = (max_mentions, max_bytes, max_depth, max_steps, context_bytes)
        options = _extract_options(is_str, as_of, prefer, only, exclude, min_confidence, scope, unlisted, skip, *limits)
        result = self._run(_library.sm_engine_explain, document, options)
        return _explain.read(self._handle, result, is_str, options.scope)

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
        skip: Iterable[str] = (),
        charset: Optional[str] = None,
    ) -> List[Finding]:
        """Finds names beside codes that are not theirs, codes that do not exist, links that go elsewhere than their text
        says, and names that the document's day rules out. The parameters are those of extract()."""
        document = _document(text, format, date, charset, title, url, source)
        result = self._run(_library.sm_check, document, _options(text, as_of, None, skip))
        findings = _array(_native.Finding, _library.sm_result_finding_count, _library.sm_result_findings, result)
        return [_findings.read(finding, isinstance(text, str)) for finding in findings]

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
        skip: Iterable[str] = (),
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
        options = _options(encoded, as_of, min_confidence, skip)
        how = _native.AnnotateOptions()
        _library.sm_annotate_options_init(byref(how), sizeof(how))
        how.style = _word_number(_native.STYLES, style, "style")
        flags = ((all, _native.ANNOTATE_ALL), (add, _native.ANNOTATE_ADD), (skip_headings, _native.ANNOTATE_SKIP_HEADINGS))
        how.flags = sum(bit for is_set, bit in flags if is_set)
        how.max_links = _number(most, "most")
        words = (("provider", provider), ("url", url), ("class_name", class_name), ("rel", rel), ("target", target))
        for name, word in words:
            setattr(how, name, None if word is None else _c_string(word, name))
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

    def lookup(self, query: str, *, as_of: Optional[Date] = None) -> List[Found]:
        """Looks a security up by id, by code in any notation, by name, or by a quote page's URL; best first.

        as_of: the day whose names come first and whose state is told, as far as the tables have history; None: today.
        """
        encoded = _encode(query)
        day = _date_number(as_of, "as_of")
        error = _native.Error()
        count = c_uint64()
        _check(_library.sm_lookup(self._handle, encoded, len(encoded), day, None, 0, byref(count), byref(error)), error)
        found = (_native.Found * count.value)()
        _check(
            _library.sm_lookup(
                self._handle, encoded, len(encoded), day, found, len(found), byref(count), byref(error)
            ),
            error,
        )
        return [_lookup.read(row, self._url) for row in found]

    def link(self, id: str, provider: Optional[str] = None) -> str:
        """The URL of a security's quote page at a provider ("eastmoney" where none is named)."""
        whose = None if provider is None else _c_string(provider, "provider")
        url = _native.Buffer()
        error = _native.Error()
        try:
            _check(_library.sm_link(self._dict, _c_string(id, "id"), whose, byref(url), byref(error)), error)
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

    def _url(self, id: str) -> Optional[str]:
        if id not in self._urls:
            try:
                self._urls[id] = self.link(id)
            except UnknownError:
                self._urls[id] = None
        return self._urls[id]


def _kept(strings: Iterable[str]) -> Iterable[str]:
    """What can be gone through once more; a str is no sequence of them, which is told elsewhere."""
    return strings if isinstance(strings, str) else tuple(strings)


_NOTHING_TOLD = (None,) * 12

# Engines that came by pickle, as long as they are used: a worker gets the same one with every task.
_reopened: "weakref.WeakValueDictionary[Tuple[Optional[str], str, str], Engine]" = weakref.WeakValueDictionary()


def _reopen(path: Optional[str], kernel: str, dictionary: str) -> Engine:
    engine = _reopened.get((path, kernel, dictionary))
    if engine is None:
        engine = Engine(path, kernel=kernel)
        if engine.dictionary != dictionary:
            raise DictionaryError(
                f"{path or 'the library'} has dictionary {engine.dictionary}; the engine that was pickled had {dictionary}",
                _native.ERR_FORMAT,
            )
        _reopened[path, kernel, dictionary] = engine
    return engine


def version() -> str:
    """The version of the C library."""
    return _text(_library.sm_version())
