"""Names that are likely to be found where they are not meant do not become more without a look at them."""

import subprocess
import sys
from typing import Dict, Set

import check_names
import pytest

# Looked at one by one: in financial text the words are nearly always the company; most shared names are of funds.
MOST = {"words": 17, "short": 1, "shared": 47}


@pytest.fixture(scope="module", name="found")
def found_fixture() -> Dict[str, Set[str]]:
    return check_names.check()


@pytest.mark.parametrize("kind", sorted(MOST))
def test_no_more_names_than_were_looked_at(found: Dict[str, Set[str]], kind: str) -> None:
    assert len(found[kind]) <= MOST[kind], f"mark what is new as ambiguous, or raise the figure: {sorted(found[kind])}"


def test_a_word_that_is_marked_is_not_listed(found: Dict[str, Set[str]]) -> None:
    assert "小米" in found["words"] and "农产品" not in found["words"]


def test_an_unknown_kind_is_wrong_usage() -> None:
    command = [sys.executable, check_names.__file__, "long"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2 and "expected some of" in done.stderr
