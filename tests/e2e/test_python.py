"""The Python package."""

import datetime
import gc
import importlib
import os
import platform
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import List, Set, Tuple

import pytest
from conftest import ROOT, TEXT, extract, run

import stockmention
from stockmention import ArgumentError, DictionaryError, Engine, ReadError, StockmentionError, UnknownError, UnsupportedError


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def test_indices_are_those_of_the_string(engine: Engine) -> None:
    text = "é𠮷😀 " + TEXT
    result = engine.extract(text)
    assert [text[mention.start : mention.end] for mention in result] == ["金山办公", "688111.SH", "腾讯控股", "00700.HK"]
    assert [mention.text for mention in result] == [text[mention.start : mention.end] for mention in result.mentions]


def test_codes_that_no_table_has_are_reported_when_asked_for(engine: Engine) -> None:
    text = "金山办公与688999.SH"
    assert [mention.security for mention in engine.extract(text)] == ["XSHG:688111"]
    result = engine.extract(text, unlisted=True)
    assert [(mention.security, mention.url is None) for mention in result] == [("XSHG:688111", False), ("XSHG:688999", True)]
    assert [(row.status, row.salience > 0) for row in result.securities] == [("active", True), ("unknown", False)]


def test_offsets_of_bytes_are_bytes(engine: Engine) -> None:
    text = ("é𠮷😀 " + TEXT).encode()
    assert [text[m.start : m.end].decode() for m in engine.extract(text)] == [m.text for m in engine.extract(text)]


def test_surrogates_do_not_shift_indices(engine: Engine) -> None:
    text = "\ud800a\udfff\ud83d\ude00" + TEXT
    result = engine.extract(text)
    assert [text[mention.start : mention.end] for mention in result][0] == "金山办公"
    assert result.invalid_bytes == 0


def test_everything_agrees_with_the_command(engine: Engine) -> None:
    document = extract(TEXT, "--as-of", "2021-12-22", "--offsets", "codepoint")
    result = engine.extract(TEXT, as_of="2021-12-22")
    assert len(result) == len(document["mentions"]) == 4
    assert engine.dictionary == document["dictionary"]
    assert str(result.as_of) == document["as_of"]
    for got, expected in zip(result, document["mentions"]):
        for key in ("start", "end", "text", "kind", "region", "role", "security", "issuer", "name", "url"):
            assert getattr(got, key) == expected[key], key
        assert list(got.evidence) == expected["evidence"]
        assert got.confidence == pytest.approx(expected["confidence"], abs=1e-4)
        assert [candidate.security for candidate in got.candidates] == [c["security"] for c in expected["candidates"]]
        assert (got.security_then, got.field) == (expected.get("security_then", got.security), "text")
    for row, expected in zip(result.securities, document["securities"]):
        for key in ("security", "issuer", "name", "status", "count", "url"):
            assert getattr(row, key) == expected[key], key
        assert row.salience == pytest.approx(expected["salience"], abs=1e-4)


def test_a_result_can_be_indexed_and_outlives_the_engine() -> None:
    result = Engine().extract(TEXT)
    gc.collect()
    assert result[0].security == "XSHG:688111" and result[-1].text == "00700.HK"
    assert result.securities[0].type == "stock"


def test_what_is_known_of_a_document_is_passed_on(engine: Engine) -> None:
    result = engine.extract("腾讯控股微跌", title="金山办公走强", source="新浪", url="http://x.cn/", date=datetime.date(2021, 12, 22))
    assert {(m.field, m.start, m.security) for m in result} >= {("title", 0, "XSHG:688111"), ("text", 0, "XHKG:00700")}
    assert result.as_of == datetime.date(2021, 12, 22)
    assert engine.extract("<!-- 金山办公 -->", format="html").mentions == ()
    assert engine.extract("x").as_of is None


@pytest.mark.parametrize("day", ["2020-01-05", "2020/1/5", "20200105", "2020年1月5日", "2020-01-05T09:30:00"])
def test_days_are_written_as_columns_may_have_them(engine: Engine, day: str) -> None:
    assert engine.extract("腾讯控股", date=day).as_of == datetime.date(2020, 1, 5)


def test_options_choose_what_is_reported(engine: Engine) -> None:
    assert {m.security for m in engine.extract(TEXT, only=["XHKG:00700"])} == {"XHKG:00700"}
    assert {m.security for m in engine.extract(TEXT, exclude=("XHKG:00700",))} == {"XSHG:688111"}
    assert engine.extract("中芯国际发布公告。", prefer=["XHKG"])[0].security == "XHKG:00981"
    assert all(m.confidence == 1 for m in engine.extract(TEXT, min_confidence=1.0))


def test_invalid_bytes_are_counted(engine: Engine) -> None:
    assert engine.extract(b"\xff" + TEXT.encode()).invalid_bytes == 1


def test_lookup_and_link(engine: Engine) -> None:
    found = engine.lookup("金山办公")[0]
    assert (found.security, found.match, found.matched, found.status) == ("XSHG:688111", "name", "金山办公", "active")
    assert engine.lookup("没有这家公司") == []
    then = engine.lookup("XNAS:META", as_of="2019-06-30")[0]
    assert (then.security_then, then.name_then, then.status_then) == ("XNAS:FB", "Facebook, Inc.", "active")
    assert engine.link("XSHG:688111") == "http://quote.eastmoney.com/unify/r/1.688111" == found.url
    assert engine.link("XSHG:688111", "xueqiu") == "https://xueqiu.com/S/SH688111"
    assert engine.links("XSHG:688111")["xueqiu"] == "https://xueqiu.com/S/SH688111"


FILES = [path.name for path in (ROOT / "src/python/stockmention").glob("*.py")]
FOREIGN_KERNEL = "neon" if platform.machine() in ("x86_64", "AMD64") else "avx2"

# what is called wrongly, the exception
WRONG = [
    (lambda engine: engine.extract("x", format="pdf"), ArgumentError),
    (lambda engine: engine.extract("x", scope="wide"), ArgumentError),
    (lambda engine: engine.extract("x", as_of="yesterday"), ArgumentError),
    (lambda engine: engine.extract("x", min_confidence=2), ArgumentError),
    (lambda engine: engine.extract("x", only=["XSHG:000000"]), ArgumentError),
    (lambda engine: engine.extract("x", only="XSHG:688111"), TypeError),
    (lambda engine: engine.extract(None), TypeError),
    (lambda engine: engine.extract(5), TypeError),
    (lambda engine: engine.extract("x", title=5), TypeError),
    (lambda engine: engine.extract("x", date=20211222), TypeError),
    (lambda engine: engine.lookup(688111), TypeError),
    (lambda engine: engine.link("XSHG:000000"), UnknownError),
    (lambda engine: engine.link("XSHG:688111", "nobody"), UnknownError),
    (lambda engine: engine.link("XSHG:600519\0zz"), ArgumentError),
    (lambda engine: engine.link("XSHG:600519", "xueqiu\0zz"), ArgumentError),
    (lambda engine: engine.extract("x", only=["XSHG:600519\0zz"]), ArgumentError),
    (lambda engine: engine.extract("x", skip=["aside\0zz"]), ArgumentError),
    (lambda engine: engine.annotate("<p>x", class_name="a\0b"), ArgumentError),
    (lambda engine: engine.annotate("<p>x", most=0), ArgumentError),
    (lambda engine: engine.annotate("<p>x", most=-1), ArgumentError),
    (lambda engine: Engine("a\0b"), ArgumentError),
    (lambda engine: Engine("no-such.smd"), ReadError),
    (lambda engine: Engine(ROOT / "LICENSE"), DictionaryError),
    (lambda engine: Engine(kernel="sse"), ArgumentError),
    (lambda engine: Engine(kernel=FOREIGN_KERNEL), UnsupportedError),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_calls_raise_with_a_message(engine: Engine, number: int) -> None:
    call, exception = WRONG[number]
    with pytest.raises(exception) as caught:
        call(engine)
    assert str(caught.value)
    if exception is not TypeError:
        assert isinstance(caught.value, StockmentionError) and caught.value.status != 0


def test_exceptions_are_also_those_that_python_has_for_it() -> None:
    assert issubclass(ArgumentError, ValueError) and issubclass(UnknownError, LookupError)
    assert issubclass(stockmention.OutOfMemoryError, MemoryError)


def test_the_kernel_is_the_fastest_that_the_processor_can_run(engine: Engine) -> None:
    try:
        flags = Path("/proc/cpuinfo").read_text().split("flags", 1)[1].split("\n", 1)[0].split()
    except (OSError, IndexError):
        pytest.skip("/proc/cpuinfo does not tell this processor's flags")
    needed = {"avx512": ("avx512bw", "avx512vl", "avx512vbmi", "avx512_vbmi2", "bmi2"), "avx2": ("avx2", "bmi2"), "c": ()}
    assert engine.kernel == next(kernel for kernel, all_of in needed.items() if set(all_of) <= set(flags))


def test_a_kernel_can_be_chosen(engine: Engine) -> None:
    plain = Engine(kernel="c")
    assert plain.kernel == "c"
    assert engine.kernel == Engine(kernel="auto").kernel == Engine(kernel=engine.kernel).kernel != "auto"
    assert plain.extract(TEXT) == engine.extract(TEXT)


def test_an_engine_opens_a_file(tmp_path: Path) -> None:
    tables = ROOT / "src/dict/tables"
    path = tmp_path / "default.smd"
    built = run("dict", "build", "--as-of", (tables / "AS_OF").read_text().strip(), tables, "-o", path)
    assert built.status == 0, built.err
    assert Engine(path).extract(TEXT) == Engine(str(path)).extract(TEXT) == Engine().extract(TEXT)


def test_threads_share_an_engine(engine: Engine) -> None:
    expected = engine.extract(TEXT * 20)
    wrong = []

    def work() -> None:
        for _ in range(50):
            if engine.extract(TEXT * 20) != expected:
                wrong.append(threading.current_thread())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_engine_is_replaced_while_threads_use_it(tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("id\tname\tlang\tkind\taction\nXSHG:688111\t呱呱软件\tzh\talias\tadd\n")
    layered = tmp_path / "layered.smd"
    built = run("dict", "build", "--base", "default", "--add", names, "-o", layered)
    assert built.status == 0, built.err
    current = Engine()
    expected = {current.dictionary: 4, Engine(layered).dictionary: 5}
    kept = current.extract(TEXT + "呱呱软件上涨。")
    wrong: List[Tuple[str, int]] = []
    met: Set[str] = set()
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            engine = current
            n_mentions = len(engine.extract(TEXT + "呱呱软件上涨。").mentions)
            if n_mentions != expected[engine.dictionary]:
                wrong.append((engine.dictionary, n_mentions))
            met.add(engine.dictionary)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    is_layered = False
    while met != set(expected):
        is_layered = not is_layered
        current = Engine(layered if is_layered else None)
        gc.collect()
    is_over.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert [mention.security for mention in kept][:1] == ["XSHG:688111"] and len(kept.mentions) == 4


def test_all_that_is_exported_is_there_and_has_words() -> None:
    module = importlib.import_module("stockmention")
    for name in module.__all__:
        assert getattr(module, name).__doc__, name


# --- Finding the library ----------------------------------------------------------------------------------------------


def python(code: str, **environment: str) -> subprocess.CompletedProcess:
    inherited = {key: value for key, value in os.environ.items() if key != "STOCKMENTION_LIBRARY"}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, "PYTHONPATH": str(ROOT / "src/python"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_library_that_is_not_there_is_an_import_error_that_names_it() -> None:
    done = python("import stockmention", STOCKMENTION_LIBRARY="/no/such/libstockmention.so")
    assert done.returncode == 1
    assert "ImportError: the stockmention library /no/such/libstockmention.so cannot be loaded" in done.stderr


def test_another_library_is_an_import_error_that_says_so() -> None:
    code = "import ctypes.util; print(ctypes.util.find_library('c'))"
    done = python("import stockmention", STOCKMENTION_LIBRARY=python(code).stdout.strip())
    assert done.returncode == 1
    assert "it is no stockmention library" in done.stderr


def test_every_public_struct_has_a_size() -> None:
    header = (ROOT / "include/stockmention.h").read_text()
    names = re.findall(r"^} sm_(\w+);$", header, re.MULTILINE)
    library = stockmention._native.library
    assert len(names) > 20
    assert [name for name in names if not library.sm_struct_size(name.encode())] == []
    assert [library.sm_struct_size(name) for name in (None, b"", b"sm_mention", b"scanner")] == [0] * 4


def test_every_mirrored_field_stands_where_the_library_has_it() -> None:
    abi = (ROOT / "tests/consumer/abi.txt").read_text(encoding="utf-8")
    fields = re.findall(r"^field sm_(\w+)\.(\w+): at (\d+), (\d+) bytes", abi, re.MULTILINE)
    for name, mirror in stockmention._native._STRUCTURES.items():
        mirrored = [(name, field, getattr(mirror, field)) for field, *_ in mirror._fields_]
        placed = [(name, field, str(place.offset), str(place.size)) for name, field, place in mirrored]
        assert placed == [field for field in fields if field[0] == name]


def test_a_package_without_any_library_says_what_to_do(tmp_path: Path) -> None:
    package = tmp_path / "a/b/stockmention"
    package.mkdir(parents=True)
    for file in FILES:
        (package / file).write_bytes((ROOT / "src/python/stockmention" / file).read_bytes())
    code = "import ctypes.util; ctypes.util.find_library = lambda name: None; import stockmention"
    done = python(code, PYTHONPATH=str(package.parent))
    assert done.returncode == 1
    assert "the stockmention library was not found. Build it" in done.stderr
    assert "STOCKMENTION_LIBRARY" in done.stderr


def test_a_library_inside_the_package_is_taken(tmp_path: Path) -> None:
    package = tmp_path / "stockmention"
    package.mkdir()
    for file in FILES:
        (package / file).write_bytes((ROOT / "src/python/stockmention" / file).read_bytes())
    (package / "libstockmention.so").symlink_to(os.environ["STOCKMENTION_LIBRARY"])
    done = python("import stockmention; print(stockmention._native.library._name)", PYTHONPATH=str(tmp_path))
    assert done.stdout.strip() == str(package / "libstockmention.so"), done.stderr


def test_the_package_is_typed_strictly(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is not installed: pip install mypy")
    package = ROOT / "src/python/stockmention"
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(package)]
    inherited = {key: value for key, value in os.environ.items() if key not in ("LD_PRELOAD", "PYTHONPATH")}
    done = subprocess.run(command, capture_output=True, text=True, env=inherited, check=False)
    assert done.returncode == 0, done.stdout
    assert (package / "py.typed").exists()
