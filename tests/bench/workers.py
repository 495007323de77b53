"""Workers: processes that say `ready SECONDS`, then do one round for each line they are sent and answer with what they
found. The rounds of all workers take turns, so that whatever else the machine does meets them alike."""

import ctypes
import json
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Sequence, Union

from report import Series


class Missing(Exception):
    """Something cannot be measured here; the message says why."""


def cpu_clock(pid: int) -> Optional[int]:
    """The clock of the time that a process has computed; None where the system has no such clock."""
    clock = ctypes.c_int()
    get = getattr(ctypes.CDLL(None), "clock_getcpuclockid", None)
    return clock.value if get is not None and get(pid, ctypes.byref(clock)) == 0 else None


@dataclass
class Round:
    answer: str
    wall: float  # seconds
    cpu: float  # the same where the system does not tell what a process has computed


class Worker:
    def __init__(self, command: Sequence[object]) -> None:
        self.command = [str(word) for word in command]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")
        self.clock = cpu_clock(self.process.pid)
        self.ready = float(self.read().split()[1])

    def read(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise self.ended()
        return line.rstrip("\n")

    def ended(self) -> Missing:
        assert self.process.stderr is not None
        said = self.process.stderr.read().strip().splitlines()
        return Missing(said[-1] if said else f"{' '.join(self.command)} ended with status {self.process.wait()}")

    def ask(self, request: str) -> "Round":
        assert self.process.stdin is not None
        wall, cpu = time.perf_counter(), self.computed()
        try:
            self.process.stdin.write(request + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self.ended() from None
        answer = self.read()
        return Round(answer, time.perf_counter() - wall, self.computed() - cpu)

    def computed(self) -> float:
        return time.perf_counter() if self.clock is None else time.clock_gettime(self.clock)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def computed_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Command:
    """The command, started anew for each round, on as many threads as are asked for. What it writes is dropped; what it
    found is told by its statistics."""

    ready = 0.0  # it is a part of the round

    def __init__(self, command: Sequence[object], stats: Path) -> None:
        self.command = [str(word) for word in (*command, "--stats", stats)]
        self.stats = stats

    def ask(self, request: str) -> Round:
        wall, cpu = time.perf_counter(), computed_by_children()
        done = subprocess.run(
            [*self.command, "--threads", request], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        wall, cpu = time.perf_counter() - wall, computed_by_children() - cpu
        if done.returncode != 0:
            raise Missing(done.stderr.decode("utf-8").strip())
        return Round(str(json.loads(self.stats.read_text(encoding="utf-8"))["mentions"]), wall, cpu)

    def end(self) -> None:
        self.stats.unlink()


@dataclass
class Case:
    series: Series
    worker: Union[Worker, Command]
    request: str
    is_wall: bool = False

    def round(self, counts: bool) -> None:
        series = self.series
        done = self.worker.ask(self.request)
        if series.found and done.answer != series.found:
            raise Missing(f"{series.case} {series.library}: found {series.found}, then {done.answer} in the same text")
        series.found = done.answer
        series.ready = self.worker.ready
        if counts:
            series.seconds.append(done.wall if self.is_wall else done.cpu)
            series.computed.append(done.cpu)


def measure(cases: List[Case], rounds: int) -> None:
    """The first round warms up and does not count."""
    for number in range(rounds + 1):
        for case in cases:
            case.round(counts=number > 0)
