"""Our tables: read from a folder of TSV or out of a compiled dictionary, checked, compiled, written back."""

import ctypes
import os
import re
import tempfile
from ctypes import byref, c_void_p, sizeof
from pathlib import Path
from typing import Callable, Dict, List, Optional

from .. import _native
from .._common import _check
from .._native import library as _library
from ._files import ListError

Row = Dict[str, str]
NAMES = ("mics", "securities", "names", "notations", "providers", "context", "variants", "lexicon")
_KINDS = ("alias", "english", "former", "full", "short")


def _read(path: str, text: str) -> List[Row]:
    header, *lines = text.rstrip("\n").split("\n")
    columns = header.split("\t")
    for number, line in enumerate(lines, 2):
        if line.count("\t") != len(columns) - 1:
            raise ListError(f"{path}:{number}: {line.count(chr(9)) + 1} cells; expected {len(columns)}")
    return [dict(zip(columns, line.split("\t"))) for line in lines]


class Tables:
    """securities.tsv by id, the rows of names.tsv, and the other tables as they stand."""

    def __init__(self, texts: Dict[str, str], as_of: str, where: str) -> None:
        missing = [name for name in NAMES if name not in texts]
        if missing:
            raise ListError(f"{where}: has no {missing[0]}.tsv; expected a folder with all tables: {', '.join(NAMES)}")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", as_of):
            raise ListError(f"{where}: its day is {as_of!r}; expected a file AS_OF with a day such as 2026-11-23")
        self.as_of = as_of
        self._texts = texts
        rows = {name: _read(f"{where}/{name}.tsv", texts[name]) for name in ("mics", "securities", "names", "variants")}
        self.mics = {row["mic"]: row for row in rows["mics"]}
        self.securities = {row["id"]: row for row in rows["securities"]}
        self.names = rows["names"]
        self.variants = rows["variants"]
        self.columns = {name: texts[name].split("\n", 1)[0].split("\t") for name in ("securities", "names")}

    def ordinary_words(self) -> "frozenset[str]":
        rows = _read("lexicon.tsv", self._texts["lexicon"])
        return frozenset(row["word"] for row in rows if row["class"] in ("ordinary", "general"))

    def texts(self) -> Dict[str, str]:
        """The tables as they are to be written, in the order in which they are reviewed."""

        def lines(table: str, rows: List[Row]) -> str:
            columns = self.columns[table]
            return (
                "\n".join(["\t".join(columns), *("\t".join(row[column] for column in columns) for row in rows)]) + "\n"
            )

        def place(name: Row) -> "tuple[str, int, str, str, str]":
            return name["id"], _KINDS.index(name["kind"]), name["lang"], name["name"], name["from"]

        texts = dict(self._texts)
        texts["securities"] = lines("securities", [self.securities[id] for id in sorted(self.securities)])
        texts["names"] = lines("names", sorted(self.names, key=place))
        return texts


def read(path: Optional[Path]) -> Tables:
    """@param path  a folder of tables, a compiled dictionary, or None: the dictionary in the library."""
    if path is None or path.is_file():
        return _read_dictionary(path)
    texts = {
        name: (path / f"{name}.tsv").read_text(encoding="utf-8") for name in NAMES if (path / f"{name}.tsv").exists()
    }
    day = (path / "AS_OF").read_text(encoding="utf-8").strip() if (path / "AS_OF").exists() else ""
    return Tables(texts, day, str(path))


def _read_dictionary(path: Optional[Path]) -> Tables:
    dictionary = c_void_p(_library.sm_dict_default())
    error = _native.Error()
    if path is not None:
        dictionary = c_void_p()
        _check(_library.sm_dict_open(os.fsencode(path), byref(dictionary), byref(error)), error)
    try:
        info = _native.DictInfo(struct_size=sizeof(_native.DictInfo))
        _check(_library.sm_dict_describe(dictionary, byref(info)), error)
        day = f"{info.as_of // 10000:04d}-{info.as_of // 100 % 100:02d}-{info.as_of % 100:02d}"
        texts = {name: _buffer(_dump(dictionary, name)).decode("utf-8") for name in NAMES}
    finally:
        _library.sm_dict_free(dictionary)
    return Tables(texts, day, str(path or "the dictionary in the library"))


def _dump(dictionary: c_void_p, table: str) -> "Callable[[_native.Buffer], None]":
    def call(buffer: _native.Buffer) -> None:
        error = _native.Error()
        _check(_library.sm_dict_dump(dictionary, table.encode(), byref(buffer), byref(error)), error)

    return call


def _buffer(fill: "Callable[[_native.Buffer], None]") -> bytes:
    buffer = _native.Buffer()
    try:
        fill(buffer)
        return ctypes.string_at(buffer.data, buffer.len) if buffer.len else b""
    finally:
        _library.sm_buffer_free(byref(buffer))


def compile_folder(folder: Path, day: str) -> bytes:
    """The tables of a folder as `stockmention dict build` compiles them."""
    report = _native.Buffer()

    def build(compiled: _native.Buffer) -> None:
        error = _native.Error()
        paths = (ctypes.c_char_p * 1)(os.fsencode(folder))
        options = _native.BuildOptions()
        _library.sm_build_options_init(byref(options), sizeof(options))
        options.as_of = int(day.replace("-", ""))
        options.paths, options.n_paths = paths, 1
        status = _library.sm_dict_build(byref(options), byref(compiled), byref(report), byref(error))
        if status == _native.ERR_TABLE:
            problems = ctypes.string_at(report.data, report.len).decode("utf-8", "replace").rstrip("\n")
            raise ListError(problems.replace(f"{folder}{os.sep}", "as they would be, "))
        _check(status, error)

    try:
        return _buffer(build)
    finally:
        _library.sm_buffer_free(byref(report))


def write(tables: Tables, day: str, folder: Optional[Path], compiled: Optional[Path]) -> None:
    """Checks and compiles first; each file is then replaced at once. Nothing is written where the tables have errors."""
    with tempfile.TemporaryDirectory() as work:
        texts = {f"{name}.tsv": text for name, text in tables.texts().items()}
        for name, text in texts.items():
            (Path(work) / name).write_bytes(text.encode("utf-8"))
        dictionary = compile_folder(Path(work), day)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {**texts, "AS_OF": day + "\n"}.items():
            _replace(folder / name, text.encode("utf-8"))
    if compiled is not None:
        _replace(compiled, dictionary)


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)
