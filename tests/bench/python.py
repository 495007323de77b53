"""What Python costs: a batch beside the same call of the library with nothing around it, turn by turn in one run, and one
short text. `python3 tests/bench/python.py FILE` takes a document a line. All is done by one thread, whose time on a processor
counts: what else the machine does then matters less."""

import importlib
import sys
import time
from array import array
from ctypes import byref, c_void_p, sizeof
from itertools import accumulate
from pathlib import Path
from typing import Any, Callable, Dict, List

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src/python"))
from stockmention import Engine, _native  # noqa: E402

ROUNDS = 5


def seconds(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def in_c(engine: Engine, encoded: List[bytes], unit: int) -> Callable[[], Any]:
    """The call alone, over a buffer that is there already."""
    text, offsets = b"".join(encoded), array("q", accumulate(map(len, encoded), initial=0))
    batch, options, result = _native.Batch(), _native.ExtractOptions(), c_void_p()
    _native.library.sm_batch_init(byref(batch), sizeof(batch))
    _native.library.sm_extract_options_init(byref(options), sizeof(options))
    options.offsets = unit
    batch.text, batch.offsets, batch.n_documents = text, offsets.buffer_info()[0], len(encoded)

    def call() -> None:
        assert text and offsets
        status = _native.library.sm_engine_extract_batch(
            engine._handle, byref(batch), byref(options), byref(result), None
        )
        assert status == _native.OK
        _native.library.sm_result_free(result)
        result.value = None

    return call


def in_arrow(engine: Engine, lines: List[str], encoded: List[bytes]) -> Dict[str, Callable[[], Any]]:
    """Columns in, and what is found as columns again, where there are packages that have them."""
    kinds: Dict[str, Callable[[], Any]] = {}
    try:
        pa = importlib.import_module("pyarrow")
        columns = {type: pa.array(lines, type) for type in ("string", "large_string", "string_view")}
        for type, column in columns.items():
            kinds[f"pyarrow {type}"] = lambda column=column: engine.extract_batch(column)
        kinds["pyarrow binary, bytes"] = lambda column=pa.array(encoded): engine.extract_batch(column)
        string = columns["string"]
        kinds["pyarrow string, to a table"] = lambda: pa.table(engine.extract_batch(string).to_arrow())
        table = pa.table({"text": string})
        kinds["pyarrow table, as a stream"] = lambda: pa.RecordBatchReader.from_stream(
            engine.extract_stream(table)
        ).read_all()
    except ImportError:
        print("without pyarrow: it is not installed")
    try:
        pl = importlib.import_module("polars")
        series = pl.Series(lines)
        kinds["polars, to a frame"] = lambda: pl.DataFrame(engine.extract_batch(series).to_arrow())
    except ImportError:
        print("without polars: it is not installed")
    return kinds


def main() -> None:
    lines = [line for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line]
    lines = (lines * (100_000 // len(lines) + 1))[:100_000]
    encoded = [line.encode() for line in lines]
    engine = Engine()
    kinds = {
        "C, code points": in_c(engine, encoded, _native.OFFSETS_CODEPOINT),
        "C, bytes": in_c(engine, encoded, _native.OFFSETS_BYTE),
        "str": lambda: engine.extract_batch(lines),
        "bytes": lambda: engine.extract_batch(encoded),
    }
    try:
        engine.extract_batch(lines[:1]).to_numpy()
        kinds["str, to_numpy"] = lambda: engine.extract_batch(lines).to_numpy()
    except ImportError:
        print("without NumPy: it is not installed")
    kinds.update(in_arrow(engine, lines, encoded))
    best = dict.fromkeys(kinds, float("inf"))
    for _ in range(ROUNDS):
        for name, work in kinds.items():
            best[name] = min(best[name], seconds(work))
    for name, took in best.items():
        c = best["C, bytes" if "bytes" in name else "C, code points"]
        print(f"batch of {len(lines)} lines, {name}: {took * 1000:.1f} ms, {c / took:.2f} of C")
    short = next(line for line in lines if 280 <= len(line.encode()) <= 320 and len(engine.extract(line)) == 3)
    for name, one in (("extract", lambda: engine.extract(short)), ("and mentions", lambda: engine.extract(short).mentions)):
        took = min(seconds(lambda: [one() for _ in range(20)]) for _ in range(200)) / 20
        print(f"one text of {len(short.encode())} bytes with 3 mentions, {name}: {took * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
