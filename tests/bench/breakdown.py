"""What each stage of the way takes: what one prefix of it takes longer than another that stops before."""

from dataclasses import dataclass
from statistics import median
from typing import Dict, Iterator, List, Tuple

from report import Series


@dataclass(frozen=True)
class Stage:
    name: str
    request: str  # to bench_stages: the way up to here
    without: Tuple[str, ...] = ()  # requests that do all but this stage


STAGES = (
    Stage("check of UTF-8", "utf8"),
    Stage("kernel and filters", "kernel"),
    Stage("Chinese names", "chinese", ("kernel",)),
    Stage("words, Latin names", "names", ("chinese",)),
    Stage("codes", "scan", ("names",)),
    Stage("resolve", "resolve", ("scan",)),
    Stage("fill", "fill", ("resolve",)),
    Stage("roll-up", "roll_up", ("fill",)),
    Stage("the rest of the call", "batch", ("roll_up", "utf8")),
)
WHOLE = Stage("the whole call", "batch")


def seconds(stage: Stage, series: Dict[str, Series]) -> float:
    """The median over the rounds, as what is subtracted in one round met the same machine."""
    left: List[float] = list(series[stage.request].seconds)
    for request in stage.without:
        left = [all_of_it - part for all_of_it, part in zip(left, series[request].seconds)]
    return median(left)


def table(kernels: Dict[str, Dict[str, Series]]) -> Iterator[str]:
    """@param kernels  of each the series by request."""
    yield f"{'ns a byte':22}" + "".join(f"{kernel:>16}" for kernel in kernels)
    for stage in (*STAGES, WHOLE):
        yield f"{stage.name:22}" + "".join(cell(stage, series) for series in kernels.values())


def cell(stage: Stage, series: Dict[str, Series]) -> str:
    whole = series[WHOLE.request]
    took, of = seconds(stage, series), seconds(WHOLE, series)
    return f"{took / whole.size * 1e9:10.3f}{took / of:6.0%}"


def requests() -> List[str]:
    return [stage.request for stage in STAGES]
