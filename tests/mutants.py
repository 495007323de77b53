"""mutants.py [--sample N] [--from N] [--seed S] [--again FILE] [--build DIR] [FILE[:LINE]...]

Would the tests notice a slip?

One operator of src/scan, src/resolve or src/dict is changed at a time, or of the places that are named, in a copy of the tree, and
the unit tests of its room, and then the challenge tables, run until one fails: the mutant is killed. What does not compile, or
only with a warning, is none. Those that survive are printed: a test is missing, or the change makes no difference. Which do not,
and why, stands in tests/mutants.tsv, so that a run tells of new ones alone. --again tries those alone that survived in what an
earlier run printed.
"""

import argparse
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("scan", "resolve", "dict")
# The tests that a room's mutants meet; those that take long last.
TESTS: Dict[str, List[str]] = {
    "scan": ["scan/names", "scan/notations", "scan/runs", "scan/codes", "scan/windows", "scan/proofs", "scan/gates", "scan/kernels",
             "engine/results", "engine/misuse", "engine/memory"],
    "resolve": ["resolve/roles", "resolve/features", "resolve/lines", "resolve/contexts", "resolve/contradictions", "resolve/markets", "engine/explain",
                "engine/results", "engine/rollup", "engine/unlisted", "resolve/seen", "resolve/properties", "engine/memory"],
    "dict": ["dict/tables", "dict/build", "dict/fold", "dict/view", "dict/references", "dict/files", "dict/lookup", "dict/known_in_advance",
             "resolve/contexts", "resolve/roles", "resolve/markets", "scan/names", "scan/notations", "engine/heap"],
}  # fmt: skip
CHALLENGES = "eval/challenges"  # what the command finds in the texts of all tables
OPERATORS: List[Tuple[str, str]] = [
    (r"(?<![<>=!-])<(?![<=])", "<="), (r"(?<![<>=!-])>(?![>=])", ">="), (r"<=", "<"), (r"(?<!>)>=", ">"),
    (r"==", "!="), (r"!=", "=="), (r"&&", "||"), (r"\|\|", "&&"),
    (r" \+ ", " - "), (r" - ", " + "), (r"\+\+", "--"), (r"\+=", "-="), (r"(?<= )! ?(?=\w)|(?<=\()!(?=\w)", ""),
    (r"\breturn true\b", "return false"), (r"\breturn false\b", "return true"),
    (r"(?<![\w.\[])0(?![\w.x])", "1"), (r"(?<![\w.])1(?![\w.])", "2"), (r"\bcontinue;", "break;"), (r"\bbreak;", ";"),
]  # fmt: skip
MOST_SECONDS = 10  # of processor time: what a mutant makes go on without end is stopped
SURVIVOR = re.compile(r"^(\S+):\d+: SURVIVES \(\d+ s\): (.*)$", re.M)
NO_CODE = re.compile(r"^\s*(/?\*|//|#|\"|_Static_assert|static const char|$)|#include")


class Mutant(NamedTuple):
    file: str
    line: int
    before: str
    after: str


def mutants_of(path: Path) -> Iterator[Mutant]:
    depth = 0  # of braces: initialisers and declarations outside of functions are left alone
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'|/\*.*?(\*/|$)', lambda m: "\0" * len(m[0]), line)
        if depth and not NO_CODE.search(line):
            for pattern, by in OPERATORS:
                for match in re.finditer(pattern, code):
                    after = line[: match.start()] + by + line[match.end() :]
                    yield Mutant(str(path.relative_to(ROOT)), number, line, after)
        depth += code.count("{") - code.count("}")


def mutants_at(place: str) -> List[Mutant]:
    file, _, line = place.partition(":")
    return [mutant for mutant in mutants_of(Path(file).resolve()) if not line or mutant.line == int(line)]


class Bench:
    """A copy of the tree and its build."""

    def __init__(self, folder: Path) -> None:
        self.source, self.build = folder / "source", folder / "build"
        shutil.rmtree(self.source, ignore_errors=True)
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for file in listed.splitlines():
            if (ROOT / file).is_file():
                (self.source / file).parent.mkdir(parents=True, exist_ok=True)
                # As new: a run that was broken off may have left a mutant in the build.
                shutil.copyfile(ROOT / file, self.source / file)
        options = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DSM_STRICT=ON"]
        self.call(["cmake", "-S", str(self.source), "-B", str(self.build), *options], check=True)
        self.call(["cmake", "--build", str(self.build), "--target", *map(self.target, sum(TESTS.values(), [CHALLENGES]))], check=True)
        if not self.passes(CHALLENGES):
            raise SystemExit("the challenge tables fail without a change: pip install -r tests/eval/requirements.txt, then see ctest -R eval")

    @staticmethod
    def target(test: str) -> str:
        return "stockmention_cli" if test == CHALLENGES else "unit_" + test.replace("/", "_")

    def passes(self, test: str) -> bool:
        if test == CHALLENGES:
            tests = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/eval/test_challenges.py"]
            return self.call(["env", f"STOCKMENTION_CLI={self.build / 'stockmention'}", *tests], cwd=self.source)
        return self.call([str(self.build / "tests" / self.target(test))], cwd=self.source)

    @staticmethod
    def call(command: List[str], check: bool = False, cwd: Optional[Path] = None) -> bool:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))

        nothing = subprocess.DEVNULL
        done = subprocess.run(command, stdout=nothing, stderr=nothing, cwd=cwd, preexec_fn=limit, check=False)
        if check and done.returncode:
            raise SystemExit(f"failed: {' '.join(command)}")
        return done.returncode == 0

    def make(self, target: str) -> bool:
        return self.call(["cmake", "--build", str(self.build), "--target", target])

    def killed_by(self, mutant: Mutant) -> Optional[str]:
        """The test that noticed, or "dictc", which compiles the dictionary and verifies it; "build" for what is none; None for a
        survivor."""
        path = self.source / mutant.file
        whole = path.read_text(encoding="utf-8")
        lines = whole.splitlines(keepends=True)
        lines[mutant.line - 1] = mutant.after + "\n"
        try:
            path.write_text("".join(lines), encoding="utf-8")
            room = mutant.file.split("/")[1]
            if not self.make("dictc" if room == "dict" else "stockmention_rooms"):
                return "build"
            for test in (*TESTS[room], CHALLENGES):
                if not self.make(self.target(test)):
                    return "dictc"
                if not self.passes(test):
                    return test
            return None
        finally:
            path.write_text(whole, encoding="utf-8")


def explained() -> Dict[Tuple[str, str, str], str]:
    rows = (ROOT / "tests/mutants.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {(file, before, after): why for file, before, after, why in (row.split("\t") for row in rows)}


def reason(known: Dict[Tuple[str, str, str], str], mutant: Mutant) -> Optional[str]:
    return known.get((mutant.file, mutant.before.strip(), mutant.after.strip()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[2])
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--from", dest="first", type=int, default=1, help="of the sample, to go on where a run ended")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=Path, help="what an earlier run printed")
    parser.add_argument("--build", type=Path, default=ROOT / "build/mutants")
    parser.add_argument("places", nargs="*", metavar="FILE[:LINE]", help="where (default: the three rooms)")
    options = parser.parse_args()
    places = options.places or [str(f) for room in ROOMS for f in sorted((ROOT / "src" / room).glob("*.c"))]
    # What is not compiled here would always survive.
    every = [mutant for place in places if "kernel_neon.c" not in place for mutant in mutants_at(place)]
    if options.again:
        survived = set(SURVIVOR.findall(options.again.read_text(encoding="utf-8")))
        known = explained()
        every = [m for m in every if (m.file, m.after.strip()) in survived and reason(known, m) is None]
    sample = random.Random(options.seed).sample(every, min(options.sample, len(every)))[options.first - 1 :]
    bench, known = Bench(options.build.resolve()), explained()
    n_killed, n_none, n_explained, survivors = 0, 0, 0, []
    for mutant in sample:
        began = time.monotonic()
        killer = bench.killed_by(mutant)
        n_none += killer == "build"
        n_killed += killer not in (None, "build")
        if killer is None:
            why = reason(known, mutant)
            n_explained += why is not None
            if why is None:
                survivors.append(mutant)
        seconds = time.monotonic() - began
        print(f"{mutant.file}:{mutant.line}: {killer or 'SURVIVES'} ({seconds:.0f} s): {mutant.after.strip()}", flush=True)
    print(f"{len(every)} mutants, {len(sample)} tried: {n_none} do not compile, {n_killed} killed, {n_explained} explained, "
          f"{len(survivors)} survive")  # fmt: skip
    for mutant in survivors:
        print(f"{mutant.file}:{mutant.line}:\n  - {mutant.before.strip()}\n  + {mutant.after.strip()}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
