"""The Spark job of examples/spark on a cluster of two worker processes: the same as on one machine, document for document, also
when a worker dies in the middle; and a dictionary that is not the job's is told."""

import datetime
import importlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from conftest import ROOT, run

from stockmention import Engine

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
    import pyspark
except ImportError:
    pyspark = None
pytestmark = pytest.mark.skipif(
    not pyspark or not shutil.which("java"), reason="PySpark and a Java runtime are needed: sh .ci/packages spark installs them"
)
JOB = ROOT / "examples/spark/mentions.py"
N_FILES, N_PAGES = 6, 200  # a file
NAMES = ("贵州茅台（600519）", "金山办公", "腾讯控股", "阿里巴巴（BABA.N）", "宁德时代", "Apple (NASDAQ: AAPL)", "中国平安H股", "呱呱软件")


def page(number: int) -> Dict[str, Any]:
    first, second, third = (NAMES[number * step % len(NAMES)] for step in (1, 5, 3))
    return {
        "id": f"page {number}",
        "text": f"第{number}篇。{first}涨停，{second}公告业绩。" if number % 11 else None,
        "title": third if number % 3 else None,
        "date": datetime.date(2024, 5, 1 + number % 3) if number % 7 else None,
        "length": number,
    }


PAGES = [page(number) for number in range(N_FILES * N_PAGES)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Path]:
    """The pages, and a dictionary with a name of its own."""
    folder = tmp_path_factory.mktemp("spark")
    types = {"id": pa.string(), "text": pa.string(), "title": pa.string(), "date": pa.date32(), "length": pa.int64()}
    (folder / "pages").mkdir()
    for file in range(N_FILES):
        rows = PAGES[file * N_PAGES : (file + 1) * N_PAGES]
        pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(types)), folder / f"pages/{file}.parquet")
    names = folder / "names.tsv"
    names.write_text("id\tname\tlang\tkind\taction\nXSHG:688111\t呱呱软件\tzh\talias\tadd\n")
    built = run("dict", "build", "--base", "default", "--add", names, "-o", folder / "own.smd")
    assert built.status == 0, built.err
    return folder / "pages", folder / "own.smd"


def submit(dictionary: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    home = Path(pyspark.__file__).parent
    environment = dict(os.environ, SPARK_HOME=str(home), PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable)
    environment["SPARK_LOCAL_IP"] = "127.0.0.1"  # not every machine knows its own name
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src/python"), str(JOB.parent)])
    settings = ("spark.ui.enabled=false", "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1",
                "spark.sql.execution.arrow.maxRecordsPerBatch=50", "spark.sql.files.maxPartitionBytes=1m",
                "spark.sql.shuffle.partitions=4")  # fmt: skip
    command = [str(home / "bin/spark-submit"), "--master", "local-cluster[2,1,512]", "--conf", "spark.executor.memory=512m", "--files", str(dictionary)]
    for setting in settings:
        command += ["--conf", setting]
    return subprocess.run([*command, *map(str, arguments)], env=environment, capture_output=True, text=True,
                          timeout=500, check=False)  # fmt: skip


def expected(dictionary: Path) -> List[Tuple[Any, ...]]:
    engine = Engine(dictionary)
    rows = []
    for row in PAGES:
        if row["text"] is None:
            continue
        for m in engine.extract(row["text"], title=row["title"], date=row["date"]):
            rows.append((row["id"], row["date"], m.field, m.start, m.end, m.text, m.security, m.kind))
    return rows


def check_output(output: Path, dictionary: Path) -> None:
    found = pq.read_table(output / "mentions").to_pylist()
    fields = ("id", "date", "field", "start", "end", "text", "security", "kind")
    for row in found:
        row["date"] = None if row["date"] is None else datetime.date.fromisoformat(str(row["date"]))
    rows = [tuple(row[field] for field in fields) for row in found]
    right = expected(dictionary)
    assert Counter(rows) == Counter(right) and len(right) > len(PAGES)
    assert any(row[5] == "呱呱软件" for row in rows), "the dictionary that travelled was used"
    for part in (output / "mentions").rglob("*.parquet"):
        ids = pq.ParquetFile(part).read().column("security").to_pylist()
        assert ids == sorted(ids)
    daily = {(row["date"], row["security"]): (row["mentions"], row["pages"]) for row in pq.read_table(output / "daily").to_pylist()}
    pages = {(row[1], row[6], row[0]) for row in right}
    counts, pages_of = Counter((row[1], row[6]) for row in right), Counter((date, id) for date, id, _ in pages)
    assert daily == {key: (counts[key], pages_of[key]) for key in counts}


def test_a_cluster_finds_what_one_machine_finds_also_when_a_worker_dies(files: Tuple[Path, Path], tmp_path: Path) -> None:
    pages, dictionary = files
    flag = tmp_path / "killed"
    script = ROOT / "tests/e2e/spark_killed.py"
    done = submit(dictionary, script, flag, pages, tmp_path / "output", dictionary.name)
    (tmp_path / "spark.log").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, f"see {tmp_path}/spark.log"
    assert flag.exists() and "exited with code 137" in done.stderr, "an executor was killed"
    check_output(tmp_path / "output", dictionary)


def test_a_worker_with_another_dictionary_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(JOB.parent))
    extract = importlib.import_module("mentions").extractor(None, "2020-01-01/00000000")
    with pytest.raises(RuntimeError, match="the job's is 2020-01-01/00000000: install the same"):
        next(extract(iter([])))
