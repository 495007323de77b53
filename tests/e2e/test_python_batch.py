"""Batches in Python, and engines in other processes."""

import copy
import ctypes
import datetime
import gc
import multiprocessing
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, List, Tuple

import pytest
from conftest import ROOT, TEXT, run

import stockmention
from stockmention import ArgumentError, DictionaryError, Engine, ReadError, Result, UnknownError, _native

TEXTS = ["é𠮷😀 " + TEXT, "", "金山办公与688999.SH", "<p>金&#23665;办公</p>", "\ud800" + TEXT, "nothing"] * 3


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("options", [{}, {"unlisted": True}, {"as_of": "2021-12-22", "only": ["XSHG:688111"]}])
def test_a_batch_finds_in_each_what_extract_finds(engine: Engine, threads: int, options: Any) -> None:
    for texts in (TEXTS, [text.encode("utf-8", "replace") for text in TEXTS]):
        batch = engine.extract_batch(texts, threads=threads, **options)
        assert list(batch) == [engine.extract(text, **options) for text in texts]
        assert batch.mention_count == sum(map(len, batch)) > 0


def test_offsets_are_those_of_what_was_given(engine: Engine) -> None:
    for texts, unit in ((TEXTS[:1], "codepoint"), ([TEXTS[0].encode()], "byte")):
        batch = engine.extract_batch(texts)
        assert batch.unit == unit
        assert [texts[0][m.start : m.end] for m in batch[0]][0] in ("金山办公", "金山办公".encode())


def test_a_batch_is_a_sequence_that_outlives_the_engine() -> None:
    batch = Engine().extract_batch(iter(TEXTS))
    result, last = batch[0], batch[-1]
    assert len(batch) == len(TEXTS) and batch[1:3][0] == batch[1] and last.mentions == ()
    with pytest.raises(IndexError):
        batch[len(TEXTS)]
    del batch
    gc.collect()
    assert result[0].text == "金山办公" and result[0].url and result.securities[0].security == "XSHG:688111"


def test_each_document_has_its_day(engine: Engine) -> None:
    batch = engine.extract_batch(["x", "y"], dates=["2021-12-22", None])
    assert [result.as_of for result in batch] == [datetime.date(2021, 12, 22), None]


@pytest.mark.parametrize("is_str", [True, False])
def test_numpy_has_what_the_objects_have(engine: Engine, is_str: bool) -> None:
    pytest.importorskip("numpy", reason="NumPy is not installed: pip install numpy")
    texts = TEXTS if is_str else [text.encode("utf-8", "replace") for text in TEXTS]
    batch = engine.extract_batch(texts, unlisted=True)
    rows, ids = batch.to_numpy()
    listed = {id for id in ids if id != "XSHG:688999"}
    assert len(rows) == batch.mention_count and len(listed) == len([id for id in ids if id != "XSHG:688999"]) > 1
    expected = [(i, mention) for i, result in enumerate(batch) for mention in result]
    for row, (document, mention) in zip(rows, expected):
        assert (row["document"], row["start"], row["end"]) == (document, mention.start, mention.end)
        assert ids[row["security"]] == mention.security
        words = (batch.KINDS[row["kind"]], batch.REGIONS[row["region"]], batch.ROLES[row["role"]])
        assert words == (mention.kind, mention.region, mention.role)
        assert row["confidence"] == pytest.approx(mention.confidence)
        bits = int(row["evidence"])
        assert tuple(word for bit, word in enumerate(batch.EVIDENCE) if bits >> bit & 1) == mention.evidence
    assert len(engine.extract_batch([]).to_numpy()[0]) == 0


WRONG: List[Tuple[Any, Any, Any]] = [
    ("one", {}, TypeError),
    (["a", b"b"], {}, TypeError),
    ([b"a", "b"], {}, TypeError),
    ([5], {}, TypeError),
    (["a"], {"dates": ["2021-12-22"] * 2}, ValueError),
    (["a"], {"dates": ["soon"]}, ArgumentError),
    (["a"], {"format": "pdf"}, ArgumentError),
    (["a"], {"only": ["XSHG:000000"]}, ArgumentError),
    ({"text": ["a"]}, {}, TypeError),
    ({"text": ["a"]}.items(), {}, TypeError),
    (["a", float("nan")], {}, TypeError),
    (["a", None, b"b"], {}, TypeError),
    (["a"], {"threads": 0}, ArgumentError),
    (["a"], {"threads": -1}, ArgumentError),
    (["a", None], {"threads": 0}, ArgumentError),
    (["a"], {"threads": 2**32 + 1}, ArgumentError),
    (["a"], {"only": ["XSHG:600519\0zz"]}, ArgumentError),
    ([b"a", None], {"charset": "gbk\0"}, ArgumentError),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_batches_raise(engine: Engine, number: int) -> None:
    texts, options, exception = WRONG[number]
    with pytest.raises(exception) as caught:
        engine.extract_batch(texts, **options)
    assert str(caught.value)
    assert len(engine.extract_batch([])) == 0


def test_what_goes_by_keys_is_no_sequence(engine: Engine) -> None:
    with pytest.raises(TypeError, match=r"texts is a dict; expected a sequence of texts, or a table .* pyarrow.table\(texts\)"):
        engine.extract_batch({"text": [TEXT]})

    class Frame(list):  # as pandas had them before they spoke Arrow
        ndim = 2

    with pytest.raises(TypeError, match="texts is a Frame; expected a sequence of texts"):
        engine.extract_batch(Frame(["text"]))


@pytest.mark.parametrize("is_str", [True, False])
def test_what_is_missing_has_no_mentions(engine: Engine, is_str: bool) -> None:
    there = [TEXT if is_str else TEXT.encode(), "é金山办公" if is_str else "é金山办公".encode("gbk"), "" if is_str else b""]
    for number in range(12):  # also across the bytes of what says it
        texts: List[Any] = (there * 4)[:number] + [None] + there
        batch = engine.extract_batch(texts, threads=2)
        assert batch.unit == ("codepoint" if is_str else "byte")
        assert [list(result) for result in batch] == [[] if text is None else list(engine.extract(text)) for text in texts]
    dates = ["2021-12-22", "2021-12-23", None]
    batch = engine.extract_batch([there[0], None, there[0]], dates=dates, min_confidence=1.0)
    assert [str(result.as_of) for result in batch] == ["2021-12-22", "None", "None"]
    assert list(batch[0]) == list(engine.extract(there[0], date="2021-12-22", min_confidence=1.0))
    assert [len(result) for result in engine.extract_batch([TEXT, None], charset="klingon")] == [4, 0]  # a str has none
    for nothing in ([None], [None, None] * 5):
        assert [list(result) for result in engine.extract_batch(nothing)] == [[] for _ in nothing]


def test_results_are_kept_apart_and_can_be_pickled(engine: Engine) -> None:
    first = engine.extract(TEXT)
    unlisted = engine.extract("金山办公与688999.SH", unlisted=True)
    engine.extract("腾讯控股" * 30)
    assert [m.security for m in first][0] == "XSHG:688111"
    assert [m.security for m in unlisted][1] == "XSHG:688999"
    for result in (first, unlisted, engine.extract("")):
        again = pickle.loads(pickle.dumps(result))
        assert again == result and hash(again) == hash(result) and repr(again) == repr(result)


def test_calls_free_the_lock_of_the_interpreter() -> None:
    assert type(_native.library) is ctypes.CDLL  # a PyDLL would hold it


# --- Pickle, fork, spawn ----------------------------------------------------------------------------------------------


def test_an_engine_is_pickled_by_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = ROOT / "src/dict/tables"
    path = tmp_path / "small.smd"
    built = run("dict", "build", "--as-of", (tables / "AS_OF").read_text().strip(), tables, "-o", path)
    assert built.status == 0, built.err
    monkeypatch.chdir(tmp_path)
    engine = Engine("small.smd", kernel="c")
    pickled = pickle.dumps(engine)
    monkeypatch.chdir("/")
    again = pickle.loads(pickled)
    assert (again.kernel, again.dictionary) == ("c", engine.dictionary) and again.extract(TEXT) == engine.extract(TEXT)
    assert pickle.loads(pickled) is again and len(pickled) < 500
    del again
    gc.collect()
    run("dict", "build", "--as-of", "2020-01-01", tables, "-o", path)
    with pytest.raises(DictionaryError, match="the engine that was pickled had"):
        pickle.loads(pickled)


def securities(engine: Engine, text: str) -> List[str]:
    return [mention.security for mention in engine.extract_batch([text], threads=2)[0]]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_an_engine_works_in_other_processes(engine: Engine, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src/python"), str(Path(__file__).parent)]))
    expected = securities(engine, TEXT)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.starmap(securities, [(engine, TEXT)] * 4, chunksize=1) == [expected] * 4
    assert securities(engine, TEXT) == expected


RAISED = [
    ArgumentError("min_confidence is 2", 1),
    stockmention.OutOfMemoryError("no memory", 2),
    ReadError("no such file", 3, "a.smd"),
    DictionaryError("it is damaged", 4, "a.smd", 0, 17),
    UnknownError("no such security", 6),
    stockmention.PatternError("a notation", 7, "notations.tsv", 812, 3),
    stockmention.UnsupportedError("avx512", 8),
    stockmention.StockmentionError("what a later library says", 99),
]


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_exceptions_can_be_pickled_and_copied(error: stockmention.StockmentionError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def fail(engine: Engine, path: str) -> None:
    if path:
        Engine(path)
    engine.link("XSHG:000000")


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_what_another_process_raises_comes_back(engine: Engine, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src/python"), str(Path(__file__).parent)]))
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        with pytest.raises(UnknownError, match="XSHG:000000") as unknown:
            pool.submit(fail, engine, "").result(timeout=60)
        with pytest.raises(ReadError, match="no-such.smd") as unread:
            pool.submit(fail, engine, "no-such.smd").result(timeout=60)
        assert pool.submit(securities, engine, TEXT).result(timeout=60) == securities(engine, TEXT)
    assert (unknown.value.status, unread.value.status, unread.value.file[-11:]) == (6, 3, "no-such.smd")


def test_a_batch_that_is_pickled_says_what_is(engine: Engine) -> None:
    batch = engine.extract_batch(TEXTS)
    with pytest.raises(TypeError, match=r"a Batch stays in the library's memory; expected list\(batch\)"):
        pickle.dumps(batch)
    assert pickle.loads(pickle.dumps(list(batch))) == list(batch)


def in_child(engine: Engine, pipe: Any) -> None:
    pipe.send((engine.extract(TEXT), engine.extract_batch([TEXT], threads=2)[0]))


def test_an_engine_goes_on_in_a_forked_process(engine: Engine) -> None:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=in_child, args=(engine, there))
    child.start()
    got: Tuple[Result, Result] = here.recv()
    child.join()
    assert got == (engine.extract(TEXT),) * 2 and child.exitcode == 0


# --- Layouts ----------------------------------------------------------------------------------------------------------


def test_sizes_come_from_the_library() -> None:
    assert _native.sizes["mention"] == 96 and _native.library.sm_struct_size(b"no such") == 0

    class Other:
        _name = "other.so"

        @staticmethod
        def sm_struct_size(name: bytes) -> int:
            return _native.sizes[name.decode()] + (8 if name == b"document" else 0)

    with pytest.raises(ImportError, match="other.so: sm_document has 104 bytes, where this package expects 96"):
        _native._check_sizes(Other)  # type: ignore[arg-type]
    assert stockmention.version()
