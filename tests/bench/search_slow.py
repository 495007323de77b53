#!/usr/bin/env python3
"""Searches for texts that take the most instructions a byte: units of hostile kinds are cut, joined and changed, and the dearest
live on. What it finds and nobody knew becomes a row of KINDS in hostile_kinds.py.

    search_slow.py BENCH_HOSTILE FORMAT [GENERATIONS]
"""

import random
import sys
import tempfile
from pathlib import Path
from typing import Dict, List

sys.path.insert(0, str(Path(__file__).resolve().parent))
import hostile_kinds as hostile  # noqa: E402
import instructions  # noqa: E402

SIZE, LONGEST_UNIT, CHILDREN, SURVIVORS = 4096, 160, 160, 24
TOKENS = ["$", "(", "（", "）", "[", "]", "]( ", "*", "_", "`", "|", ">", "<b>", "</b>", "&amp;", "&", "\n", "\n\n", " ", "、", "：", ":", ".", ",", "-",
          "'", "@", "://", "www.", ".com/", "港股", "A股", "股票代码", "来源", "据", "报道", "公司", "集团", "有限公司", "*ST", "N", "600519", "00700", "AAPL",
          "SH", "NASDAQ: ", "Bank of ", "the ", "a", "é", "Ａ", "６", "茅台", "阿里巴巴", "中国", "深圳市", "<td>", "<span data-code=600519>", "- ", "# ", "![", "\\"]


def seeds(format_name: str) -> List[str]:
    kinds = [kind for kind in hostile.KINDS if kind.dictionary == "-" and kind.format == format_name]
    return [kind.make(400).decode("utf-8", "replace")[:60] for kind in kinds]


def mutate(rng: random.Random, units: List[str]) -> str:
    unit, other = rng.choice(units), rng.choice(units)
    for _ in range(rng.randint(1, 3)):
        at, to = sorted(rng.randint(0, len(unit)) for _ in range(2))
        start, end = sorted(rng.randint(0, len(other)) for _ in range(2))
        unit = rng.choice([
            lambda: unit[:at] + rng.choice(TOKENS) + unit[at:],
            lambda: unit[:at] + rng.choice(TOKENS) + unit[to:],
            lambda: unit[:at] + unit[to:],
            lambda: unit[:to] + unit[at:],
            lambda: unit[:at] + other[start:end] + unit[at:],
            lambda: unit[:at] + other[start:end] + unit[to:],
            lambda: unit[at:to],
        ])()
    return unit[:LONGEST_UNIT] or "a"


def cost(program: Path, format_name: str, units: List[str]) -> List[float]:
    with tempfile.TemporaryDirectory() as folder:
        requests = []
        for number, unit in enumerate(units):
            path = Path(folder) / str(number)
            path.write_bytes(hostile.repeat(unit, SIZE))
            requests.append(instructions.request(path, format_name))
        return [count / SIZE for count in instructions.count(program, requests)]


def main() -> int:
    program, format_name = Path(sys.argv[1]), sys.argv[2]
    generations = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    rng = random.Random(len(format_name))
    costs: Dict[str, float] = {}
    fresh = seeds(format_name)
    for generation in range(generations):
        costs.update(zip(fresh, cost(program, format_name, fresh)))
        best = sorted(costs, key=lambda unit: -costs[unit])[:SURVIVORS]
        costs = {unit: costs[unit] for unit in best}
        print(f"{generation:3} {costs[best[0]]:8.0f} instructions a byte  {best[0]!r}", flush=True)
        fresh = [mutate(rng, best) for _ in range(CHILDREN)]
    for unit in best:
        print(f"    {costs[unit]:8.0f}  {unit!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
