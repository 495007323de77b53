"""Columns of other packages into Python's batches, and mentions out again; each package is tested where it is installed."""

import datetime
import gc
import importlib.util
from typing import Any, Iterator, List, Optional, Tuple

import pytest
from conftest import TEXT

import stockmention
from stockmention import ArgumentError, Batch, Engine, _arrow, _native

TEXTS: List[Optional[str]] = ["é𠮷😀 " + TEXT, None, "", "<p>茅台与五粮液</p>", "平安银行（000001）涨停，" * 9]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def expected(engine: Engine) -> List[List[Any]]:
    return [[] if text is None else list(engine.extract(text)) for text in TEXTS]


def package(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed: pip install {name}")


def rows(batch: Batch) -> List[Tuple[Any, ...]]:
    """What the Arrow columns of a batch are to say."""
    return [
        (i, m.field, m.start, m.end, m.text, m.kind, m.region, m.role, m.security, m.confidence, list(m.evidence))
        for i, result in enumerate(batch)
        for m in result
    ]


# --- With nothing installed -------------------------------------------------------------------------------------------


def test_mentions_go_out_and_in_again(engine: Engine) -> None:
    batch = engine.extract_batch([text or "" for text in TEXTS])
    again = engine.extract_batch(batch.to_arrow(), threads=2)
    assert len(again) == batch.mention_count > 5 and again.unit == "codepoint"
    texts = [mention.text for result in batch for mention in result]
    assert list(again) == [engine.extract(text) for text in texts]


def test_what_nobody_took_is_released(engine: Engine) -> None:
    given = _arrow._given
    mentions = engine.extract_batch([TEXT]).to_arrow()
    schema, array = mentions.__arrow_c_array__()
    mentions.__arrow_c_schema__()
    assert len(given._held) >= 2
    del schema, mentions
    given.sweep()
    (held,) = [of for capsule, of in given._held if capsule is array]
    assert held.release and len(given._held) == 1
    del array
    given.sweep()
    assert not given._held and not held.release


def test_wrong_arguments_raise(engine: Engine) -> None:
    mentions = engine.extract_batch([TEXT]).to_arrow()
    for options, exception, says in (
        ({"text": "body"}, ArgumentError, "no column 'body'"),
        ({"text": "start"}, ArgumentError, "'start' is of int64"),
        ({"charset": "klingon"}, ArgumentError, "klingon"),
        ({"format": "pdf"}, ArgumentError, "pdf"),
        ({"threads": 0}, ArgumentError, "threads is 0; expected a number from 1 to"),
        ({"text": "text\0"}, ArgumentError, "expected no NUL"),
        ({"dates": ["2021-12-22"]}, TypeError, "column date"),
    ):
        with pytest.raises(exception, match=says):
            engine.extract_batch(mentions, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        engine.extract_stream(["a"])


def test_structures_are_those_of_the_interface() -> None:
    sizes = [_native.ctypes.sizeof(of) for of in (_native.ArrowSchema, _native.ArrowArray, _native.ArrowArrayStream)]
    assert sizes == [72, 80, 40]


# --- pyarrow ----------------------------------------------------------------------------------------------------------


def test_pyarrow_columns_are_read(engine: Engine) -> None:
    pa = package("pyarrow")
    strings = pa.array(TEXTS)
    columns = [
        strings,
        strings.cast(pa.large_string()),
        strings.cast(pa.string_view()),
        strings.dictionary_encode(),
        pa.concat_arrays([pa.array(["x" * 20, None]), strings]).slice(2),
        pa.chunked_array([TEXTS[:2], [], TEXTS[2:]]),
        pa.table({"text": strings}),
        pa.record_batch({"text": strings, "views": pa.array(range(5))}),
    ]
    before = pa.total_allocated_bytes()
    for column in columns:
        batch = engine.extract_batch(column, threads=2)
        assert [list(result) for result in batch] == expected(engine) and batch.unit == "codepoint"
    assert pa.total_allocated_bytes() == before
    assert len(engine.extract_batch(pa.chunked_array([], pa.string()))) == 0


def test_pyarrow_bytes_have_a_charset(engine: Engine) -> None:
    pa = package("pyarrow")
    pages = ["金山办公涨停".encode("gbk"), TEXT.encode()]
    batch = engine.extract_batch(pa.table({"page": pages, "charset": ["gbk", None]}), text="page")
    assert batch.unit == "byte" and [len(result) for result in batch] == [1, 4]
    assert (batch[0][0].start, batch[0][0].end) == (0, 8)
    assert [len(result) for result in engine.extract_batch(pa.array(pages[:1]), charset="gbk")] == [1]
    assert [len(result) for result in engine.extract_batch(pages[:1], charset="gbk")] == [1]


def test_a_table_says_what_is_known_of_documents(engine: Engine) -> None:
    pa = package("pyarrow")
    day = datetime.date(2021, 12, 22)
    table = pa.table(
        {
            "text": ["金山云公告", "金山云公告", None, "证券时报讯"],
            "title": ["贵州茅台", None, "贵州茅台", None],
            "date": pa.array([day, None, None, day], pa.date32()),
            "url": [None, "https://a.cn/2021/12/22/1.html", None, None],
            "source": pa.array([None, None, None, "证券时报"]).dictionary_encode(),
            "format": [None, "text", None, "markdown"],
        }
    )
    batch = engine.extract_batch(table)
    assert batch[0] == engine.extract("金山云公告", title="贵州茅台", date=day)
    assert batch[1] == engine.extract("金山云公告", url="https://a.cn/2021/12/22/1.html", format="text")
    assert batch[2].mentions == () and batch[1].as_of == day
    assert batch[3] == engine.extract("证券时报讯", source="证券时报", date=day, format="markdown")
    assert {mention.field for mention in batch[0]} == {"title", "text"}
    for column, type, says in (("date", pa.timestamp("us", "UTC"), "time zone"), ("title", pa.int8(), "'title' is of int8")):
        with pytest.raises(ArgumentError, match=says):
            engine.extract_batch(pa.table({"text": ["a"], column: pa.array([None], type)}))


@pytest.mark.parametrize("is_str", [True, False])
def test_pyarrow_has_what_the_objects_have(engine: Engine, is_str: bool) -> None:
    pa = package("pyarrow")
    texts: Any = [text or "" for text in TEXTS]
    batch = engine.extract_batch(texts if is_str else [text.encode() for text in texts])
    unit = batch.unit
    arrow, lists, want = pa.table(batch.to_arrow()), pa.array(batch.to_arrow(lists=True)), rows(batch)
    del batch
    gc.collect()
    arrow.validate(full=True)
    lists.validate(full=True)
    assert [tuple(row.values()) for row in arrow.to_pylist()] == [row[:9] + (pytest.approx(row[9]),) + row[10:] for row in want]
    assert [row for rows in lists.to_pylist() for row in rows] == arrow.to_pylist() and len(lists) == len(TEXTS)
    for metadata in (arrow.schema.metadata, arrow.field("start").metadata, lists.type.value_type.field("end").metadata):
        assert metadata[b"stockmention.unit"].decode() == unit
    assert arrow.schema.metadata[b"stockmention.dictionary"].decode() == engine.dictionary


def test_an_empty_batch_is_an_empty_table(engine: Engine) -> None:
    pa = package("pyarrow")
    table = pa.table(engine.extract_batch([]).to_arrow())
    assert table.num_rows == 0 and table.schema.metadata[b"stockmention.unit"] == b"codepoint"
    assert table.schema.names == pa.schema(engine.extract_batch([TEXT]).to_arrow()).names


def test_a_stream_gives_the_columns_and_the_mentions(engine: Engine) -> None:
    pa = package("pyarrow")
    table = pa.table({"id": range(5), "text": TEXTS, "source": [None] * 5}).replace_schema_metadata({"run": "7"})
    stream = engine.extract_stream(table.to_reader(max_chunksize=2), threads=2)
    reader = pa.RecordBatchReader.from_stream(stream)
    got = reader.read_all()
    got.validate(full=True)
    assert got.drop_columns(["mentions"]).equals(table, check_metadata=True) and got["mentions"].num_chunks == 3
    want = pa.array(engine.extract_batch(table).to_arrow(lists=True)).to_pylist()
    assert got["mentions"].to_pylist() == want and want[1] is None
    with pytest.raises(ValueError, match="taken already"):
        stream.__arrow_c_stream__()
    flat = pa.RecordBatchReader.from_stream(engine.extract_stream(table.to_reader(max_chunksize=2), layout="mentions"))
    assert flat.read_all().to_pylist() == [mention for mentions in want if mentions for mention in mentions]


def test_a_stream_that_fails_says_so(engine: Engine) -> None:
    pa = package("pyarrow")
    schema = pa.schema({"text": pa.string()})

    def batches() -> Iterator[Any]:
        yield pa.record_batch({"text": [TEXT]})
        raise RuntimeError("the disk is gone")

    reader = pa.RecordBatchReader.from_stream(engine.extract_stream(pa.RecordBatchReader.from_batches(schema, batches())))
    assert reader.read_next_batch().num_rows == 1
    with pytest.raises(Exception, match="the disk is gone"):
        reader.read_next_batch()
    with pytest.raises(Exception, match="the disk is gone"):
        engine.extract_batch(pa.RecordBatchReader.from_batches(schema, batches()))
    with pytest.raises(ArgumentError, match="no struct"):
        engine.extract_stream(pa.chunked_array([TEXTS]))
    with pytest.raises(ArgumentError, match="'mentions' already"):
        engine.extract_stream(pa.table({"text": TEXTS, "mentions": TEXTS}))
    table = pa.table({"text": [TEXT, TEXT], "format": ["text", "pdf"]})
    reader = pa.RecordBatchReader.from_stream(engine.extract_stream(table))
    with pytest.raises(Exception, match="the format of document 1 is 'pdf'"):
        reader.read_all()


def test_streams_are_released_however_they_end(engine: Engine) -> None:
    pa = package("pyarrow")
    before = pa.total_allocated_bytes()
    for _ in range(3):
        table = pa.table({"text": [TEXT * 50] * 100, "views": range(100)})
        read = pa.RecordBatchReader.from_stream(engine.extract_stream(table.to_reader(max_chunksize=10)))
        read.read_next_batch()
        engine.extract_stream(table)  # is never read
        capsule = engine.extract_stream(table).__arrow_c_stream__()
        whole = pa.RecordBatchReader.from_stream(engine.extract_stream(table)).read_all()
        del table, read, capsule, whole
    gc.collect()
    _arrow._given.sweep()
    assert not _arrow._given._held and pa.total_allocated_bytes() == before


# --- Others -----------------------------------------------------------------------------------------------------------


def test_polars(engine: Engine) -> None:
    pl = package("polars")
    want = expected(engine)
    series = pl.Series("page", TEXTS)
    for column in (series, series.cast(pl.Categorical), pl.concat([series.head(2), series.tail(3)], rechunk=False)):
        assert [list(result) for result in engine.extract_batch(column)] == want
    frame = pl.DataFrame({"page": TEXTS, "n": range(5)})
    batch = engine.extract_batch(frame, text="page")
    assert [list(result) for result in batch] == want and batch.unit == "codepoint"
    assert [row[:9] for row in pl.DataFrame(batch.to_arrow()).rows()] == [row[:9] for row in rows(batch)]
    lists = pl.Series(batch.to_arrow(lists=True))
    assert [None if of is None else len(of) for of in lists.to_list()] == [len(want[0]), None, 0, *map(len, want[3:])]
    streamed = pl.DataFrame(engine.extract_stream(frame, text="page"))
    assert streamed.columns == ["page", "n", "mentions"] and streamed.drop("mentions").equals(frame)
    assert pl.DataFrame(engine.extract_batch([TEXT]).to_arrow())["security"].to_list()[0] == "XSHG:688111"


def test_pandas(engine: Engine) -> None:
    pd = package("pandas")
    texts = [text or "" for text in TEXTS]
    batch = engine.extract_batch(pd.Series(texts))
    assert [list(result) for result in batch] == expected(engine) and batch.unit == "codepoint"
    package("pyarrow")
    frame = pd.DataFrame({"text": texts, "date": pd.to_datetime(["2021-12-22"] * 5)})
    assert engine.extract_batch(frame)[0].as_of == datetime.date(2021, 12, 22)


def test_what_is_missing_is_null_in_lists_as_in_columns(engine: Engine) -> None:
    pa = package("pyarrow")
    columns = [TEXTS, tuple(TEXTS), iter(TEXTS), pa.array(TEXTS)]
    if importlib.util.find_spec("pandas"):
        columns += [package("pandas").Series(TEXTS, dtype=type) for type in (object, None)]
    for column in columns:
        batch = engine.extract_batch(column)
        assert [list(result) for result in batch] == expected(engine) and batch.unit == "codepoint"
        assert [one is None for one in pa.array(batch.to_arrow(lists=True)).to_pylist()] == [text is None for text in TEXTS]


def test_a_pandas_series_needs_no_pyarrow(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    pd = package("pandas")

    def refuse(self: Any, requested_schema: object = None) -> None:
        raise ImportError("pyarrow is needed")

    monkeypatch.setattr(pd.Series, "__arrow_c_stream__", refuse, raising=False)
    monkeypatch.setattr(pd.DataFrame, "__arrow_c_stream__", refuse, raising=False)
    for type in (None, object):
        assert [len(result) for result in engine.extract_batch(pd.Series([TEXT, None], dtype=type))] == [4, 0]
    with pytest.raises(ImportError):
        engine.extract_batch(pd.DataFrame({"text": [TEXT]}))


def test_nanoarrow(engine: Engine) -> None:
    na = package("nanoarrow")
    for type in (na.string(), na.large_string()):
        batch = engine.extract_batch(na.Array(TEXTS, type))
        assert [list(result) for result in batch] == expected(engine)
    mentions = na.Array(batch.to_arrow())
    assert [row["text"] for row in mentions.to_pylist()] == [row[4] for row in rows(batch)]
    view = na.c_array(batch.to_arrow(lists=True)).view()
    assert (view.length, view.null_count, view.child(0).n_children) == (len(TEXTS), 1, 11)
    assert stockmention.version()


def test_duckdb(engine: Engine) -> None:
    duckdb = package("duckdb")
    pa = package("pyarrow")
    documents = engine.extract_stream(pa.table({"id": range(5), "text": TEXTS}))
    query = "select id, m.security, m.evidence[1] from (select id, unnest(mentions) m from documents) where m.kind = 'code'"
    found = duckdb.sql(query).fetchall()
    assert found[:2] == [(0, "XSHG:688111", "strong-code"), (0, "XHKG:00700", "strong-code")] and documents
