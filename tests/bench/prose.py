"""English prose with companies in it, about as in news. The same licence and tables give the same text.

Its running words are those of LICENSE, which any copy of this repository has, in stretches that begin anywhere.
"""

import random
from pathlib import Path
from typing import List

import hostile_kinds as tables

LICENSE = Path(__file__).resolve().parents[2] / "LICENSE"


def words() -> List[str]:
    return LICENSE.read_text(encoding="utf-8").split()


def mention(rng: random.Random) -> str:
    if rng.random() < 0.8:
        return rng.choice(tables.names("en", "english"))
    return rng.choice(("({})", "${}", "(NASDAQ: {})")).format(rng.choice(tables.codes("XNAS")))


def sentence(rng: random.Random, running: List[str]) -> str:
    start = rng.randrange(len(running))
    parts = running[start : start + rng.randint(8, 30)]
    if rng.random() < 0.25:
        parts.insert(rng.randrange(len(parts) + 1), mention(rng))
    if rng.random() < 0.2:
        parts.append(f"by {rng.randint(1, 9999) / 10}%")
    return " ".join(parts)


def lines(rng: random.Random, n: int) -> List[str]:
    running = words()
    return [" ".join(sentence(rng, running) for _ in range(rng.randint(1, 6))) + "\n" for _ in range(n)]
