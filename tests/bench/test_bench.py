"""What the bench makes of its measures, and that the library, measured, finds what the command finds."""

import os
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Dict, List

import breakdown
import chart
import checksum
import material
import pytest
from report import OURS, Block, Series, best_rival, busy_note, chart_groups, json_rows, missed, ratio, table
from workers import Command, Missing

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1_000_000
SVG = "{http://www.w3.org/2000/svg}"


def series(case: str, library: str, seconds: List[float]) -> Series:
    return Series(case, library, MEGABYTE, seconds, list(seconds), found="7", ready=0.001)


@pytest.fixture
def block() -> Block:
    ours = series("whole/full/c", OURS, [0.010, 0.020, 0.005])
    quick = series("buffer/full", "quick", [0.020, 0.050, 0.020])
    slow = series("buffer/full", "slow", [0.100, 0.010, 0.100])
    ours.rivals = [slow, quick]
    return Block("names", [ours, quick, slow])


def test_speed_is_the_median_of_the_rounds_in_millions_of_bytes_a_second(block: Block) -> None:
    assert block.series[0].speed == pytest.approx(100)


def test_the_best_rival_is_the_one_of_the_highest_median_and_not_of_the_best_round(block: Block) -> None:
    best = best_rival(block.series[0])
    assert best is not None and best.library == "quick"


def test_a_ratio_compares_rounds_and_not_medians(block: Block) -> None:
    assert ratio(block.series[0]) == pytest.approx(2.5)  # of 2, 2.5 and 4; of the medians it would be 2


def test_without_rivals_there_is_no_ratio(block: Block) -> None:
    assert ratio(block.series[1]) is None


def test_what_is_demanded_of_a_ratio_is_told_where_it_is_missed(block: Block) -> None:
    ours = block.series[0]
    assert list(missed([block])) == []
    ours.demanded = 2.4
    assert list(missed([block])) == []
    ours.demanded = 2.6
    assert list(missed([block])) == ["whole/full/c: the ratio is 2.50; demanded are 2.60"]


def test_a_table_has_a_line_for_each_series_with_spread_and_ratio(block: Block) -> None:
    lines = list(table([block]))
    assert lines[2] == "names:"
    assert lines[3].split() == ["whole/full/c", OURS, "100.0", "50.0", "200.0", "2.50", "1.00", "7"]
    assert lines[4].split() == ["buffer/full", "quick", "50.0", "20.0", "50.0", "1.00", "7"]
    assert len(lines) == 6


def test_json_names_every_library_under_the_case_of_ours(block: Block) -> None:
    assert json_rows([block]) == [
        {"case": "whole/full/c", "library": OURS, "mb_per_s": 100.0, "ratio": 2.5},
        {"case": "whole/full/c", "library": "slow", "mb_per_s": 10.0, "ratio": None},
        {"case": "whole/full/c", "library": "quick", "mb_per_s": 50.0, "ratio": None},
    ]


def test_json_of_threads_has_a_ratio_where_one_is_compared_with_the_other() -> None:
    one, two = series("threads/1", OURS, [0.2]), series("threads/2", OURS, [0.1])
    two.rivals = [one]
    rows = json_rows([Block("threads", [one, two])])
    assert [(row["case"], row["ratio"]) for row in rows] == [("threads/1", None), ("threads/2", 2.0)]


def test_a_block_says_when_others_had_the_cores(block: Block) -> None:
    assert busy_note(block) == ""
    block.series[0].computed = [half / 2 for half in block.series[0].seconds]
    assert busy_note(block) == " (other programs had the core for 50% of it)"


def test_a_chart_is_svg_with_a_bar_to_scale_and_a_label_for_each_series(block: Block) -> None:
    block.series[0].case = "<whole> & full"
    root = ElementTree.fromstring(chart.draw(chart_groups([block]), "MB/s", "nine rounds"))
    paper, *bars = root.iter(f"{SVG}rect")
    assert [float(bar.get("width", "")) / float(bars[0].get("width", "")) for bar in bars] == pytest.approx(
        [1, 0.5, 0.1], abs=0.001
    )
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert words == ["names", "<whole> & full", "100 · 2.5 ×", "quick", "50", "slow", "10", "MB/s", "nine rounds"]
    places = [float(bar.get("x", "")) + float(bar.get("width", "")) for bar in bars]
    assert max(places) < float(paper.get("width", ""))


def test_a_chart_of_nothing_is_one_too() -> None:
    assert ElementTree.fromstring(chart.draw([], "none", "")).tag == f"{SVG}svg"


def test_a_stage_takes_what_its_way_takes_longer_than_the_way_before_it() -> None:
    ways: Dict[str, Series] = {request: series(request, OURS, [0.001] * 3) for request in breakdown.requests()}
    ways["resolve"].seconds = [0.003, 0.009, 0.005]
    ways["scan"].seconds = [0.001, 0.002, 0.004]
    ways["batch"].seconds = [0.010, 0.010, 0.010]
    took = {stage.name: breakdown.seconds(stage, ways) for stage in breakdown.STAGES}
    assert took["resolve"] == pytest.approx(0.002)
    assert took["the rest of the call"] == pytest.approx(0.008)
    whole = list(breakdown.table({"c": ways}))[-1]
    assert whole.split() == ["the", "whole", "call", "10.000", "100%"]


# --- The library, measured, and the command ---------------------------------------------------------------------------

LINES = "金山办公（688111.SH）涨3%，腾讯控股微跌。\n\n发展太阳能，看好宁德时代\n Apple and NYSE: BABA rose\n贵州茅台"


def built(variable: str, file: str) -> str:
    candidates = [Path(os.environ[variable])] if os.environ.get(variable) else []
    candidates += [ROOT / "build" / preset / file for preset in ("dev", "release")]
    return str(next(path for path in candidates if path.exists()))


def ask(program: str, text: Path, requests: List[str]) -> List[str]:
    command = [built(f"STOCKMENTION_{program.upper()}", f"tests/{program}"), str(text)]
    alone = {**os.environ, "LD_PRELOAD": ""}  # sanitizers that are loaded before Python are in the program already
    done = subprocess.run(
        command, input="\n".join(requests), capture_output=True, encoding="utf-8", check=True, env=alone
    )
    return done.stdout.splitlines()[1:]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "lines.txt"
    path.write_text(LINES, encoding="utf-8")
    return path


def test_the_checksum_of_the_library_is_that_of_the_command(text: Path) -> None:
    expected = checksum.of_command(Path(built("STOCKMENTION_CLI", "stockmention")), text)
    assert expected != checksum.of_documents([])
    assert ask("bench_lines", text, ["checksum", "batch_sum", "threads_sum"]) == [expected] * 3


def test_the_command_is_a_worker_that_finds_what_the_library_finds(text: Path, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(material.ndjson(text), encoding="utf-8")
    cli = built("STOCKMENTION_CLI", "stockmention")
    done = Command([cli, "extract", "--ndjson", lines], tmp_path / "stats").ask("2")
    assert [done.answer] == ask("bench_lines", text, ["threads"])
    assert done.wall > 0 and done.cpu > 0
    with pytest.raises(Missing, match="missing.jsonl: cannot be read"):
        Command([cli, "extract", "--ndjson", "missing.jsonl"], tmp_path / "stats").ask("2")


def test_a_checksum_tells_places_and_securities_apart() -> None:
    mention = {"start": 0, "end": 12, "security": "XSHG:688111"}
    others = [{**mention, "start": 3}, {**mention, "end": 9}, {**mention, "security": "XSHG:600519"}]
    documents = [[{"mentions": [one]}] for one in (mention, *others)] + [[{"mentions": []}, {"mentions": [mention]}]]
    assert len({checksum.of_documents(some) for some in documents}) == len(documents)


def test_the_stages_end_with_the_mentions_of_the_call(text: Path) -> None:
    resolved, filled, rolled_up, whole = ask("bench_stages", text, ["resolve", "fill", "roll_up", "batch"])
    assert int(whole) > 4 and resolved == filled == rolled_up == whole
