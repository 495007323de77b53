"""The gate on quality, and that the script which measures it says what it should."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest
import score_gold

# The least that the built command must reach, together over all sources.
LEAST = {"precision": 0.985, "recall": 0.985, "first": 0.99}
LEAST_OF_NOTICES = {"found": 0.985, "first": 0.93}


def needs(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"../shared/gold/{path.name} is not here: it does not come with the repository")
    return path


def score(*arguments: str, script: str = score_gold.__file__) -> "subprocess.CompletedProcess[str]":
    command: List[str] = [sys.executable, script, "--cli", score_gold.find_cli(), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    rows = [
        ("company and line", "2020-05-01", "贵州茅台公告，拟派发现金红利。", "XSHG:600519"),
        ("other line of its issuer", "2020-05-01", "招商银行(600036)公告，拟派发现金红利。", "XHKG:03968"),
        ("another is more salient", "2020-05-01", "五粮液、五粮液、五粮液和贵州茅台涨停。", "XSHG:600519"),
        ("not there", "2020-05-01", "今日无公告。", "XSHE:000858"),
    ]
    path = tmp_path / "notices.jsonl"
    keys = ("doc", "date", "text", "about")
    path.write_text(
        "".join(json.dumps(dict(zip(keys, row)), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    return path


def test_the_gold_set_is_reached() -> None:
    judged = score_gold.judge(score_gold.find_cli(), needs(score_gold.GOLD), errors=10)
    reached = score_gold.figures(judged)
    too_low = {word: reached[word] for word, least in LEAST.items() if reached[word] < least}
    assert not too_low, f"at least {LEAST} is wanted\n{judged}"


def test_notices_name_the_company_that_they_are_about() -> None:
    documents = score_gold.read_documents(needs(score_gold.NOTICES))
    reached = score_gold.notice_figures(list(score_gold.judge_notices(score_gold.find_cli(), documents)))
    too_low = {word: reached[word] for word, least in LEAST_OF_NOTICES.items() if reached[word] < least}
    assert not too_low, f"at least {LEAST_OF_NOTICES} is wanted"


def test_a_notice_counts_for_any_line_of_its_issuer(notices: Path) -> None:
    done = score("--notices", str(notices), "--errors", "5")
    assert (done.returncode, done.stderr) == (0, "")
    first, *errors = done.stdout.splitlines()
    assert first == "notices: 4 · company found 0.7500 · most salient 0.5000"
    assert [line.split(" about ")[0].strip() for line in errors] == [
        "-- company not found: 1", "not there", "-- another one more salient: 1", "another is more salient",
    ]  # fmt: skip


def test_without_the_sets_it_says_so_and_scores_nothing(tmp_path: Path) -> None:
    script = tmp_path / "repository/tests/eval/score_gold.py"
    script.parent.mkdir(parents=True)
    shutil.copy(score_gold.__file__, script)
    done = score(script=str(script))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing is scored: ") and done.stdout.count("\n") == 1


@pytest.mark.parametrize("option", ["--gold", "--notices"])
@pytest.mark.parametrize(
    "content, message",
    [
        (None, "No such file or directory"),
        ("{\n", "expected one JSON object a line"),
        ('{"doc": "1"}\n', "a line has no doc or no text"),
    ],
)
def test_a_set_that_cannot_be_read_is_wrong_usage(tmp_path: Path, option: str, content: str, message: str) -> None:
    path = tmp_path / "set.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = score(option, str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and str(path) in done.stderr
