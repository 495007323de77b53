"""The cases: which worker of ours is asked for what, on which dictionary, and whom it is compared with."""

from dataclasses import dataclass, replace
from fnmatch import fnmatch
from itertools import groupby
from typing import Iterable, Iterator, List, Tuple

from report import OURS, Series
from session import Session
from workers import Case, Missing

KERNEL = "KERNEL"  # in the name of a case: one for each kernel
COMMAND = "stockmention"  # in the place of a worker
PAGES = ("sites-text", "articles-text", "sites-extract", "articles-extract")
OWN = ("thread", "command", "pieces", *PAGES)  # what is compared with the first of its kind


@dataclass(frozen=True)
class Plan:
    """A case of ours. `rivals` is what it is compared with: other libraries that are given the text in one `buffer` or
    by `lines`; or the first of our own cases with the same word, which is in `OWN`."""

    case: str
    program: str
    request: str
    material: str
    rivals: str
    is_wall: bool = False
    demanded: float = 0  # the least that the ratio may be


# Those with the same material and rivals stand together.
PLANS = [
    Plan("names/full/KERNEL", "bench_stages", "names", "full", "buffer"),
    Plan("whole/full/KERNEL", "bench_lines", "batch", "full", "buffer"),
    Plan("whole/batches", "bench_lines", "batches", "full", "buffer"),
    Plan("whole/document", "bench_lines", "document", "full", "buffer"),
    Plan("whole/json", "bench_lines", "json", "full", "buffer"),
    Plan("whole/english/KERNEL", "bench_lines", "batch", "english", "buffer"),
    Plan("names/ashare/KERNEL", "bench_stages", "names", "ashare", "buffer"),
    Plan("whole/ashare/KERNEL", "bench_lines", "batch", "ashare", "buffer"),
    Plan("lines/full/KERNEL", "bench_lines", "batch", "full", "lines"),
    Plan("whole/lines", "bench_lines", "lines", "full", "lines"),
    Plan("threads/1", "bench_lines", "batch", "full", "thread", is_wall=True),
    Plan("threads/2", "bench_lines", "threads", "full", "thread", is_wall=True),
    Plan("pieces/document", "bench_lines", "document", "full", "pieces"),
    Plan("pieces/stream", "bench_lines", "pieces", "full", "pieces"),
    Plan("batch/2", "bench_lines", "threads", "stream", "command", is_wall=True),
    Plan("command/2", COMMAND, "2", "stream", "command", demanded=2 / 5, is_wall=True),
    Plan("html/sites-text", "bench_lines", "lines", "sites-text", "sites-text"),
    Plan("html/sites", "bench_lines", "pages", "sites", "sites-text", demanded=1 / 2),
    Plan("html/articles-text", "bench_lines", "lines", "articles-text", "articles-text"),
    Plan("html/articles", "bench_lines", "pages", "articles", "articles-text", demanded=1 / 2),
    Plan("annotate/sites-extract", "bench_lines", "pages", "sites", "sites-extract"),
    Plan("annotate/sites", "bench_lines", "annotate", "sites", "sites-extract", demanded=2 / 3),
    Plan("annotate/articles-extract", "bench_lines", "pages", "articles", "articles-extract"),
    Plan("annotate/articles", "bench_lines", "annotate", "articles", "articles-extract", demanded=2 / 3),
]
PLANS_OF_DICTIONARY = [
    Plan("names/DICTIONARY/KERNEL", "bench_stages", "names", "DICTIONARY", "buffer"),
    Plan("whole/DICTIONARY/KERNEL", "bench_lines", "batch", "DICTIONARY", "buffer"),
]
MATERIAL_WORDS = {
    "full": "names of the full dictionary",
    "ashare": "short names of A shares",
    "english": "names, in English prose",
    "stream": "names of the full dictionary, the text five times",
}
RIVALS_WORDS = {
    "buffer": "other libraries get the text in one call",
    "lines": "other libraries get a call for each line",
    "thread": "whole/full on one thread and on two, wall time",
    "pieces": "the text as one document, and as it comes in pieces of 4 KiB, with a context of 64 KiB",
    "command": "the batch and the command, which reads and writes JSON, on two threads each, wall time",
    "sites-text": "pages in the layouts of news sites, and plain texts of the same sizes",
    "articles-text": "the same layouts with some lines of the text in each, and plain texts of the same sizes",
    "sites-extract": "what is found in the pages, and the pages annotated",
    "articles-extract": "the same with lines of the text",
}


def plans_of(dictionary: str) -> Iterator[Plan]:
    for plan in PLANS_OF_DICTIONARY:
        yield replace(plan, case=plan.case.replace("DICTIONARY", dictionary), material=dictionary)


def own_cases(session: Session, plans: Iterable[Plan], pattern: str) -> Iterator[Case]:
    for plan in plans:
        for kernel in session.kernels if KERNEL in plan.case else ["auto"]:
            name = plan.case.replace(KERNEL, kernel)
            if fnmatch(name, pattern):
                series = Series(name, OURS, session.material(plan.material).size, demanded=plan.demanded)
                is_command = plan.program == COMMAND
                worker = (
                    session.command(plan.material) if is_command else session.own(plan.program, kernel, plan.material)
                )
                yield Case(series, worker, plan.request, plan.is_wall)


def other_cases(session: Session, on: str, how: str) -> Iterator[Case]:
    for library in session.commands:
        try:
            series = Series(f"{how}/{on}", library, session.material(on).size)
            yield Case(series, session.other(library, on), how)
        except Missing as missing:
            print(f"{library} is left out for {words_of(on)}: {missing}")


def words_of(on: str) -> str:
    return MATERIAL_WORDS.get(on, f"names of {on}")


def blocks_of(session: Session, plans: Iterable[Plan], pattern: str) -> Iterator[Tuple[str, List[Case]]]:
    """Cases that have the same rivals, with a title."""
    for (on, how), alike in groupby(plans, key=lambda plan: ("" if plan.rivals in OWN else plan.material, plan.rivals)):
        own = list(own_cases(session, alike, pattern))
        if not own:
            continue
        others = [] if how in OWN else list(other_cases(session, on, how))
        for case in own[1:] if how in OWN else own:
            case.series.rivals = [rival.series for rival in (own[:1] if how in OWN else others)]
        names = "" if how in OWN else f"{session.material(on).n_names:,} {words_of(on)}; "
        yield names + RIVALS_WORDS[how], own + others
