"""What a page costs on a cluster: `python3 tests/bench/spark.py FILE [N]` takes a document a line, makes N short documents
(200,000) and a tenth as many pages of HTML of them, and runs the job of examples/spark over half of each and over all. The
difference is what a document costs, start-up left out. All is time on processors, Java's and Python's together, so that it
holds for any number of cores: a million of them take so many seconds of one core."""

import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Dict, Iterator, List

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src/python"))
from stockmention import Engine  # noqa: E402

PARAGRAPHS = 12
FRAME = """<!doctype html><html><head><meta charset="utf-8"><title>{0}</title><style>body {{ margin: 0 }}</style></head><body>
<nav><ul>{1}</ul></nav><main><article><h1>{0}</h1>
{2}
</article></main><footer><p>About us</p></footer></body></html>
"""


def page_of(lines: List[str]) -> str:
    links = "".join(f'<li><a href="/channel/{number}.html" class="link">Channel {number}</a></li>' for number in range(40))
    return FRAME.format(lines[0][:20], links, "\n".join(f"<p class='text'>{line}</p>" for line in lines))


def pages_of(lines: Iterator[str]) -> Iterator[str]:
    while True:
        yield page_of(list(islice(lines, PARAGRAPHS)))


def write(folder: Path, texts: List[str]) -> Path:
    folder.mkdir()
    for part in range(4):
        own = texts[part::4]
        pq.write_table(pa.table({"id": [f"{part}-{i}" for i in range(len(own))], "text": own}), folder / f"{part}.parquet")
    return folder


def job_seconds(pages: Path, output: Path) -> float:
    home = Path(pyspark.__file__).parent
    environment = dict(os.environ, SPARK_HOME=str(home), PYSPARK_PYTHON=sys.executable, PYTHONPATH=str(ROOT / "src/python"))
    command = [str(home / "bin/spark-submit"), "--master", "local[1]"]
    for setting in ("spark.ui.enabled=false", "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1"):
        command += ["--conf", setting]
    started = subprocess.Popen([*command, str(ROOT / "examples/spark/mentions.py"), str(pages), str(output)],
                               env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        sys.exit(f"the job ended with {started.returncode}; run examples/spark/mentions.py by hand to see why")
    return used.ru_utime + used.ru_stime


def alone_seconds(texts: List[str]) -> float:
    engine, table = Engine(), pa.table({"text": texts})
    start = time.process_time()
    pa.RecordBatchReader.from_stream(engine.extract_stream(table)).read_all()
    return time.process_time() - start


def main() -> None:
    lines = [line for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line]
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    kinds: Dict[str, List[str]] = {
        "short documents": list(islice(cycle(lines), n)),
        "pages of HTML": list(islice(pages_of(cycle(lines)), n // 10)),
    }
    with tempfile.TemporaryDirectory() as work:
        for kind, texts in kinds.items():
            folder, half = Path(work) / kind.replace(" ", "-"), len(texts) // 2
            folder.mkdir()
            took = [job_seconds(write(folder / str(len(part)), part), folder / "output") for part in (texts[:half], texts)]
            each, alone = (took[1] - took[0]) / (len(texts) - half), alone_seconds(texts) / len(texts)
            size = sum(len(text.encode()) for text in texts) / len(texts)
            print(f"{kind} of {size:.0f} bytes: {each * 1e6:.0f} s of one core a million, start-up {took[1] - each * len(texts):.0f} s; "
                  f"the extraction in one process alone {alone * 1e6:.0f} s, {size / alone / 1e6:.0f} MB/s", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
