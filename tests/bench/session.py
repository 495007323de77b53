"""A run of this bench: its options, its text, and the workers, each started once."""

import argparse
import platform
from pathlib import Path
from typing import Dict, Iterator, List, Tuple, Union

import material
from material import Material
from workers import Command, Missing, Worker

KERNELS = ("avx512", "avx2", "neon", "c")


def parser_of(doc: str) -> argparse.ArgumentParser:
    """The options that all commands here have."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--rounds", type=number, default=9, metavar="N", help="rounds that count (default: 9)")
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="documents, one a line")
    parser.add_argument("--build", type=Path, metavar="DIR", help="measure this build (default: build/release)")
    return parser


def number(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1 is needed")
    return value


def processor() -> str:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return next(line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


class Session:
    def __init__(self, options: argparse.Namespace) -> None:
        self.rounds = options.rounds
        self.built = material.build(options.build)
        is_generated = not options.corpus and not material.CORPUS.exists()
        self.text: Path = options.corpus or (material.generate(self.built) if is_generated else material.CORPUS)
        self.text = self.text.resolve()
        self.about_text = material.describe(self.text, is_generated)
        self.makers = dict(material.MATERIALS)
        self.materials: Dict[str, Material] = {}
        self.workers: Dict[Tuple[str, ...], Worker] = {}
        self.of_command: Dict[str, Command] = {}
        self.commands: Dict[str, List[str]] = {}  # of other libraries
        self.kernels = list(self.find_kernels())

    def find_kernels(self) -> Iterator[str]:
        for kernel in KERNELS:
            try:
                self.own("bench_lines", kernel, "full")
                yield kernel
            except Missing as missing:
                print(f"{kernel} is left out: {missing}")

    def about(self) -> str:
        clock = "CPU" if next(iter(self.workers.values())).clock is not None else "wall"
        return f"{self.about_text}; {self.rounds} rounds that take turns; {clock} time; {processor()}"

    def material(self, name: str) -> Material:
        if name not in self.materials:
            self.materials[name] = self.makers[name](self.built, self.text)
        return self.materials[name]

    def start(self, *key: str, command: List[object]) -> Worker:
        if key not in self.workers:
            self.workers[key] = Worker(command)
        return self.workers[key]

    def own(self, program: str, kernel: str, on: str) -> Worker:
        of = self.material(on)
        command = [self.built / "tests" / program, of.text, kernel, *([of.dictionary] if of.dictionary else [])]
        return self.start(program, kernel, on, command=command)

    def other(self, library: str, on: str) -> Worker:
        of = self.material(on)
        return self.start(library, on, command=[*self.commands[library], of.text, of.names])

    def command(self, on: str) -> Command:
        """The command on the same documents as lines of JSON."""
        if on not in self.of_command:
            lines = material.WORK / f"{on}.jsonl"
            lines.write_text(material.ndjson(self.material(on).text), encoding="utf-8")
            command = [self.built / "stockmention", "extract", "--ndjson", lines]
            self.of_command[on] = Command(command, material.WORK / f"{on}.stats.json")
        return self.of_command[on]

    def end(self) -> None:
        every: List[Union[Worker, Command]] = [*self.workers.values(), *self.of_command.values()]
        for worker in every:
            worker.end()
