#!/usr/bin/env python3
"""Holds the instructions a byte on ordinary text within 5 % of budgets.tsv, for the plain C and the AVX2 kernel.

    budget.py BENCH_HOSTILE COMPILER [--update]

Another compiler makes other instructions: the budgets are those of the one that the file names, and elsewhere the test is
skipped. Less than the budget fails too, so that what was won is written down and not lost again: --update does it.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parent))
import hostile_kinds as tables  # noqa: E402
import instructions  # noqa: E402
import prose  # noqa: E402

BUDGETS = Path(__file__).resolve().parent / "budgets.tsv"
TOLERANCE, LINES, ENGLISH_LINES, SEED = 0.05, 400, 200, 7
KERNELS = ("c", "avx2")


def line(rng: random.Random) -> str:
    """Common words with a name or a code now and then, about as often as in news."""
    parts = []
    for _ in range(rng.randint(10, 70)):
        dice = rng.random()
        if dice < 0.02:
            parts.append(rng.choice(tables.names("zh", "short")))
        elif dice < 0.025:
            parts.append(f"（{rng.choice(tables.codes('XSHG'))}.SH）")
        elif dice < 0.05:
            parts.append(f"{rng.randint(1, 9999)}万元")
        elif dice < 0.06:
            parts.append(" the company " if dice < 0.055 else " Apple ")
        else:
            parts.append(rng.choice(tables.words("general")))
        if rng.random() < 0.08:
            parts.append("，")
    return "".join(parts) + "。\n"


def inputs() -> List[Tuple[str, str, str, str]]:
    """name, format, how, text"""
    rng = random.Random(SEED)
    lines = [line(rng) for _ in range(LINES)]
    text = "".join(lines)
    page = "<html><body>" + "".join(f"<p>{one.strip()}</p>\n" for one in lines) + "</body></html>"
    note = "".join(f"{'## ' * (number % 9 == 0)}{one}\n" for number, one in enumerate(lines))
    english = "".join(prose.lines(random.Random(SEED), ENGLISH_LINES))
    return [("english", "text", "lines", english), ("lines", "text", "lines", text), ("document", "text", "document", text), ("html", "html", "document", page), ("markdown", "markdown", "document", note)]


def measure(program: Path) -> Dict[Tuple[str, str], float]:
    requests, keys = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, format_name, how, text in inputs():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            for kernel in KERNELS:
                requests.append(instructions.request(path, format_name, how, kernel=kernel, rounds=2))
                keys.append((name, kernel, path.stat().st_size))
        counts = instructions.count(program, requests)[1::2]  # the first round makes room in memory
    return {(name, kernel): count / size for (name, kernel, size), count in zip(keys, counts)}


def read_budgets() -> Tuple[str, Dict[Tuple[str, str], float]]:
    first, _, *rows = BUDGETS.read_text(encoding="utf-8").splitlines()
    cells = [row.split("\t") for row in rows]
    return first.removeprefix("# compiler: "), {(name, kernel): float(budget) for name, kernel, budget in cells}


def write_budgets(compiler: str, measured: Dict[Tuple[str, str], float]) -> None:
    rows = "".join(f"{name}\t{kernel}\t{budget:.2f}\n" for (name, kernel), budget in measured.items())
    BUDGETS.write_text(f"# compiler: {compiler}\ninput\tkernel\tinstructions_per_byte\n{rows}", encoding="utf-8")


def compare(measured: Dict[Tuple[str, str], float], budgets: Dict[Tuple[str, str], float]) -> int:
    failed = 0
    for key, value in measured.items():
        change = value / budgets[key] - 1 if key in budgets else float("inf")
        is_off = abs(change) > TOLERANCE
        failed += is_off
        print(f"{key[0]:10}{key[1]:6}{value:8.2f} instructions a byte, {change:+.1%} of the budget{' OFF' * is_off}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("program", type=Path, metavar="BENCH_HOSTILE", help="of a release build")
    parser.add_argument("compiler", metavar="COMPILER", help="that built it, such as 'GNU 12.2.0 x86_64'")
    parser.add_argument("--update", action="store_true", help="write what is measured as the budgets")
    options = parser.parse_args()
    compiler, budgets = read_budgets() if BUDGETS.exists() else ("", {})
    why = instructions.missing()
    if not why and options.compiler != compiler and not options.update:
        why = f"the budgets are those of {compiler}, here is {options.compiler}"
    if why:
        print(f"skipped: {why}")
        return instructions.SKIPPED
    measured = measure(options.program)
    if options.update:
        write_budgets(options.compiler, measured)
    elif compare(measured, budgets):
        print("Off the budget by more than 5 %. If that is meant: cmake --build build/release --target update_budgets")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
