"""long.py [--seconds N] [--build DIR] [TARGET...]: fuzzes each target for so many seconds of processor time, one after the other.

Prints a line for each: inputs tried, inputs a second of processor time, edges covered, files of its corpus, and what was found,
which lies in DIR/found. The corpus stays in DIR/corpus, where the next run goes on. Build the targets first, see README.md.
"""

import argparse
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple

FUZZ = Path(__file__).resolve().parent
TARGETS = sorted(path.name.removesuffix("_fuzz.c") for path in FUZZ.glob("*_fuzz.c"))
SLICE = 600  # seconds of a clock that one process runs at most
MOST_FINDINGS = 20  # of a target: more of them tell nothing new
QUICK = 2  # seconds of processor time: what takes less is not slow


class Outcome(NamedTuple):
    n_tried: int
    seconds: float
    n_edges: int


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def command_of(target: str, build: Path, seconds: int) -> List[str]:
    corpus = [str(path) for path in (build / "corpus" / target, FUZZ / "corpus" / target) if path.is_dir()]
    return [str(build / "tests" / f"{target}_fuzz"), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
            "-print_final_stats=1", f"-dict={FUZZ / 'markup.dict'}", f"-artifact_prefix={build / 'found' / target}-", *corpus]  # fmt: skip


def run_slice(target: str, build: Path, seconds: int) -> Outcome:
    before = processor_seconds()
    command = command_of(target, build, seconds)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode("utf-8", "replace")
    (build / "found" / f"{target}.log").write_text(said, encoding="utf-8")
    tried = re.search(r"^stat::number_of_executed_units:\s*(\d+)", said, re.MULTILINE)
    if not tried:
        raise SystemExit(f"{target} cannot be run: {said[-400:]}")
    edges = re.findall(r"\bcov: (\d+)", said)
    return Outcome(int(tried[1]), processor_seconds() - before, int(edges[-1]) if edges else 0)


def findings_of(target: str, build: Path) -> List[Path]:
    kinds = ("crash", "leak", "oom", "timeout", "slow-unit")
    return sorted(path for kind in kinds for path in (build / "found").glob(f"{target}-{kind}-*"))


def forget_what_is_quick(target: str, build: Path) -> None:
    """libFuzzer looks at the clock, which goes on while others have the processor: what was slow is tried again."""
    for finding in findings_of(target, build):
        if "-slow-unit-" not in finding.name and "-timeout-" not in finding.name:
            continue
        before = processor_seconds()
        command = [str(build / "tests" / f"{target}_fuzz"), "-timeout=300", str(finding)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if done.returncode == 0 and processor_seconds() - before < QUICK:
            finding.unlink()


def fuzz(target: str, build: Path, seconds: int) -> Dict[str, int]:
    (build / "corpus" / target).mkdir(parents=True, exist_ok=True)
    n_tried, used, n_edges = 0, 0.0, 0
    while used < seconds and len(findings_of(target, build)) < MOST_FINDINGS:
        outcome = run_slice(target, build, min(SLICE, int(seconds - used) + 1))
        forget_what_is_quick(target, build)
        n_tried, used, n_edges = n_tried + outcome.n_tried, used + outcome.seconds, max(n_edges, outcome.n_edges)
    return {"tried": n_tried, "seconds": round(used), "a second": round(n_tried / used), "edges": n_edges,
            "corpus": sum(1 for _ in (build / "corpus" / target).iterdir()), "found": len(findings_of(target, build))}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=1200, help="of processor time, for each target (default 1200)")
    parser.add_argument("--build", type=Path, default=FUZZ.parents[1] / "build/fuzz", help="where the targets were built")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(TARGETS)}; all of them where none is named")
    options = parser.parse_args()
    unknown = sorted(set(options.targets) - set(TARGETS))
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such target; expected some of {', '.join(TARGETS)}")
    build = options.build.resolve()
    (build / "found").mkdir(parents=True, exist_ok=True)
    n_found, n_tried = 0, 0
    for target in options.targets or TARGETS:
        row = fuzz(target, build, options.seconds)
        n_found, n_tried = n_found + row["found"], n_tried + row["tried"]
        print(f"{target:9}", *(f"{value:>10} {what}" for what, value in row.items()), flush=True)
    print(f"{n_tried} inputs tried, {n_found} findings" + (f": {build / 'found'}" if n_found else ""))
    return 1 if n_found else 0


if __name__ == "__main__":
    sys.exit(main())
