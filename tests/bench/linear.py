#!/usr/bin/env python3
"""Holds that four times a hostile text takes no more instructions than twice 2.2 times as many, for every kind of it.

    linear.py FOLDER_OF_BENCH_HOSTILE STOCKMENTION [KIND...]
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import hostile_kinds as hostile  # noqa: E402
import instructions  # noqa: E402

SIZE, TIMES, MOST_GROWTH = 10000, 4, 2.2**2


def main() -> int:
    program, cli, *wanted = sys.argv[1:]
    if instructions.missing():
        print(f"skipped: {instructions.missing()}")
        return instructions.SKIPPED
    kinds = [kind for kind in hostile.KINDS if not wanted or kind.name.startswith(tuple(wanted))]
    kinds.sort(key=lambda kind: kind.dictionary)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        run = lambda *command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: E731
        requests, dictionaries = [], {"-": "-"}
        for number, kind in enumerate(kinds):
            if kind.dictionary not in dictionaries:
                dictionaries[kind.dictionary] = str(hostile.build_dictionary(cli, kind.dictionary, Path(folder), run))
            for times in (1, TIMES):
                path = Path(folder) / f"{number}-{times}"
                path.write_bytes(kind.make(SIZE * times))
                requests.append(instructions.request(path, kind.format, kind.how, dictionaries[kind.dictionary]))
        counts = instructions.count(Path(program), requests)
    for kind, once, more in zip(kinds, counts[::2], counts[1::2]):
        grows = more > MOST_GROWTH * once
        failed += grows
        print(f"{kind.name:32}{once / SIZE:10.1f} instructions a byte, {TIMES} times the text {more / once:5.2f} times{' GROWS' * grows}")
    print(f"{len(kinds)} kinds, {failed} grow by more than {MOST_GROWTH:.2f} times")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
