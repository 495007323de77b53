"""The gate on contradictions: what is found of swapped codes, and how often a good text is reported."""

import pytest
import score_check
from score_gold import find_cli

PAIRS = 300
LEAST_FOUND = 0.98 * PAIRS
MOST_FALSE_OF_1000 = 1.0


@pytest.fixture(scope="module")
def tables() -> score_check.Tables:
    return score_check.read_tables()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_swapped_codes_are_found_and_right_ones_pass(tables: score_check.Tables, seed: int) -> None:
    found, reported = score_check.score_pairs(find_cli(), tables, PAIRS, seed, 10)
    assert found >= LEAST_FOUND
    assert reported == 0


def test_pairs_are_the_same_for_the_same_seed_and_of_all_forms(tables: score_check.Tables) -> None:
    pairs = list(score_check.make_pairs(tables, PAIRS, 1, True))
    assert pairs == list(score_check.make_pairs(tables, PAIRS, 1, True))
    assert pairs != list(score_check.make_pairs(tables, PAIRS, 2, True))
    assert len(set(pairs)) == PAIRS and len(score_check.rows_of(score_check.HERE / "swapped.tsv")) < PAIRS
    assert {pair.market for pair in pairs} == set(score_check.MARKETS)


def test_false_alarms_are_rare() -> None:
    if not score_check.CORPUS.exists():
        pytest.skip("../shared/corpus/news.txt is not here: it does not come with the repository")
    n, n_false = score_check.score_corpus(find_cli(), score_check.CORPUS, 50)
    assert 1000 * n_false <= MOST_FALSE_OF_1000 * n
