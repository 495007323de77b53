"""What Python costs: a batch beside the same call of the library with nothing around it, turn by turn in one run, and one
short text.

    python.py FILE [NAMES]      documents and names, one a line; build/bench/full.txt is what tests/bench/run writes of names

With NAMES also the packages of Python that look for those names alone (peers/python.py), on the same lines and the same short
text; what is not installed is left out: `pip install -r tests/bench/peers/requirements.txt pyarrow polars spacy`. All is done by
one thread, whose time on a processor counts: what else the machine does then matters less."""

import importlib
import sys
import time
from array import array
from ctypes import byref, c_void_p, sizeof
from itertools import accumulate
from pathlib import Path
from typing import Any, Callable, Dict, List

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "src/python"), str(HERE / "peers")]
from python import BUILDERS  # noqa: E402
from stockmention import Engine, _native  # noqa: E402

ROUNDS = 5
PEER_LINES = 5_000  # the slowest takes a second for so many


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


def in_turns(kinds: Dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> Dict[str, float]:
    """The least seconds of each."""
    best = dict.fromkeys(kinds, float("inf"))
    for _ in range(rounds):
        for name, work in kinds.items():
            best[name] = min(best[name], seconds(work))
    return best


def batches(engine: Engine, lines: List[str]) -> None:
    encoded = [line.encode() for line in lines]
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
    best = in_turns(kinds)
    for name, took in best.items():
        c = best["C, bytes" if "bytes" in name else "C, code points"]
        print(f"batch of {len(lines)} lines, {name}: {took * 1000:.1f} ms, {c / took:.2f} of C")


def peers(names: List[str]) -> Dict[str, Callable[[str], int]]:
    found = {}
    for name, builder in BUILDERS.items():
        try:
            found[name] = builder(names)
        except ImportError:
            print(f"without {name}: it is not installed")
    return found


def beside_peers(engine: Engine, lines: List[str], short: str, counts: Dict[str, Callable[[str], int]]) -> None:
    ours: Dict[str, Callable[[], Any]] = {"extract_batch": lambda: engine.extract_batch(lines)}
    best = in_turns({**ours, **{name: lambda count=count: sum(map(count, lines)) for name, count in counts.items()}})
    for name, took in best.items():
        ratio = "" if name in ours else f", ours is {took / best['extract_batch']:.1f} times as fast"
        print(f"{len(lines)} lines, {name}: {took * 1000:.1f} ms{ratio}")
    kinds: Dict[str, Callable[[], Any]] = {"extract": lambda: engine.extract(short)}
    kinds.update({name: lambda count=count: count(short) for name, count in counts.items()})
    best = in_turns({name: lambda one=one: [one() for _ in range(20)] for name, one in kinds.items()}, 200)
    for name, took in best.items():
        ratio = "" if name == "extract" else f", ours is {took / best['extract']:.1f} times as fast"
        print(f"one text of {len(short.encode())} bytes, {name}: {took / 20 * 1e6:.1f} µs{ratio}")


def main() -> None:
    lines = [line for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line]
    lines = (lines * (100_000 // len(lines) + 1))[:100_000]
    engine = Engine()
    batches(engine, lines)
    short = next(line for line in lines if 280 <= len(line.encode()) <= 320 and len(engine.extract(line)) == 3)
    took = min(seconds(lambda: [engine.extract(short).mentions for _ in range(20)]) for _ in range(200)) / 20
    print(f"one text of {len(short.encode())} bytes, extract and its 3 mentions: {took * 1e6:.1f} µs")
    names = Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")[:-1] if len(sys.argv) > 2 else []
    if names:
        beside_peers(engine, lines[:PEER_LINES], short, peers(names))


if __name__ == "__main__":
    main()
