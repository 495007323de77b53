"""What was measured → figures: medians, spread and ratios, as a table, as JSON and as a chart."""

from dataclasses import dataclass, field
from statistics import median
from typing import Dict, Iterator, List, Optional

from chart import Bar, Group

OURS = "stockmention"


@dataclass
class Series:
    """The rounds of one library in one case, over `size` bytes of text."""

    case: str
    library: str
    size: int
    seconds: List[float] = field(default_factory=list)
    computed: List[float] = field(default_factory=list)  # of these, on a core
    found: str = ""
    ready: float = 0.0
    demanded: float = 0  # the least that the ratio may be
    rivals: "List[Series]" = field(default_factory=list)  # those that ours is compared with; they have as many rounds

    @property
    def speeds(self) -> List[float]:
        return [self.size / seconds / 1e6 for seconds in self.seconds]

    @property
    def speed(self) -> float:
        """The median, in MB/s of 10^6 bytes."""
        return median(self.speeds)


@dataclass
class Block:
    """Series that stand together in a table: ours, and the others that they are compared with."""

    title: str
    series: List[Series]


def best_rival(series: Series) -> Optional[Series]:
    return max(series.rivals, key=lambda rival: rival.speed, default=None)


def ratio(series: Series) -> Optional[float]:
    """How many times as fast as the best rival, by the byte: the median over the rounds, as the two of one round met the
    same machine. None without rivals."""
    best = best_rival(series)
    if best is None:
        return None
    return median(mine / theirs for mine, theirs in zip(series.speeds, best.speeds))


def missed(blocks: List[Block]) -> Iterator[str]:
    """A line for each ratio that is less than what is demanded."""
    for series in (series for block in blocks for series in block.series):
        times = ratio(series) if series.demanded else None
        if times is not None and times < series.demanded:
            yield f"{series.case}: the ratio is {times:.2f}; demanded are {series.demanded:.2f}"


BUSY = 0.05


def busy_note(block: Block) -> str:
    """Wall time says something of threads only where nobody else has the cores. "" where a thread alone had one."""
    first = block.series[0]
    waited = 1 - median(computed / seconds for computed, seconds in zip(first.computed, first.seconds))
    return f" (other programs had the core for {waited:.0%} of it)" if waited > BUSY else ""


# --- Table ------------------------------------------------------------------------------------------------------------

HEADER = f"{'case':26}{'library':16}{'median':>8}{'min':>8}{'max':>8} MB/s{'ratio':>8}{'ready ms':>11}  found"


def row(series: Series) -> str:
    times = ratio(series)
    figures = "".join(f"{speed:8.1f}" for speed in (series.speed, min(series.speeds), max(series.speeds)))
    compared = "" if times is None else f"{times:.2f}"
    ready = f"{series.ready * 1e3:.2f}"
    return f"{series.case:26}{series.library:16}{figures}     {compared:>8}{ready:>11}  {series.found}"


def table(blocks: List[Block]) -> Iterator[str]:
    yield HEADER
    for block in blocks:
        yield ""
        yield f"{block.title}{busy_note(block)}:"
        yield from map(row, block.series)


# --- JSON -------------------------------------------------------------------------------------------------------------


def json_rows(blocks: List[Block]) -> List[Dict[str, object]]:
    """Under each case of ours all that it is compared with, so that a case can be read by itself."""
    rows: List[Dict[str, object]] = []
    for series in (series for block in blocks for series in block.series if series.library == OURS):
        for one in (series, *(rival for rival in series.rivals if rival.library != OURS)):
            times = ratio(one)
            rows.append(
                {
                    "case": series.case,
                    "library": one.library,
                    "mb_per_s": round(one.speed, 2),
                    "ratio": None if times is None else round(times, 3),
                }
            )
    return rows


# --- Chart ------------------------------------------------------------------------------------------------------------


def chart_groups(blocks: List[Block]) -> List[Group]:
    return [Group(block.title + busy_note(block), [bar(series) for series in block.series]) for block in blocks]


def bar(series: Series) -> Bar:
    times = ratio(series)
    is_ours = series.library == OURS
    note = "" if times is None else f"{times:.1f} ×"
    return Bar(series.case if is_ours else series.library, series.speed, note, is_ours)
