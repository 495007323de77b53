"""analyze.py CC BUILD: what cppcheck and gcc -fanalyzer say of src/ is what tests/analyze.tsv accepts, each with the reason.

BUILD is a build folder with compile_commands.json and what was generated. A tool that is not there is said to be left out.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterable, List, NamedTuple, Set

ROOT = Path(__file__).resolve().parents[1]


class Remark(NamedTuple):
    tool: str
    file: str
    id: str


def sources(build: Path) -> List[Path]:
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    files = {Path(command["file"]).resolve() for command in commands}
    return sorted(file for file in files if file.is_relative_to(ROOT / "src") and file.suffix == ".c")


def includes(build: Path) -> List[str]:
    return [f"-I{ROOT / 'include'}", f"-I{ROOT / 'src'}", f"-I{build / 'generated'}"]


def cppcheck(build: Path) -> Iterable[str]:
    command = [
        "cppcheck", "--std=c11", "--enable=warning,performance,portability", "--quiet", f"-j{os.cpu_count() or 1}",
        "--suppress=missingIncludeSystem", "--template=cppcheck\t{file}\t{id}\t{line}: {message}", "-D_POSIX_C_SOURCE=200809L",
        *includes(build), *map(str, sources(build)),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stderr.splitlines()


def analyzer(cc: str, build: Path) -> Iterable[str]:
    def of_file(file: Path) -> List[str]:
        command = [cc, "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-DSM_BUILDING", *includes(build), "-O1", "-fanalyzer"]
        done = subprocess.run([*command, "-c", str(file), "-o", os.devnull], capture_output=True, text=True, check=True)
        warnings = re.findall(r"^(\S+?):(\d+):\d+: warning: (.*) \[-W(analyzer-[\w-]+)\]$", done.stderr, re.M)
        return [f"analyzer\t{path}\t{id}\t{line}: {message}" for path, line, message, id in warnings]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [line for lines in pool.map(of_file, sources(build)) for line in lines]


def accepted() -> Set[Remark]:
    rows = (ROOT / "tests/analyze.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {Remark(*row.split("\t")[:3]) for row in rows}


def main() -> int:
    cc, build = sys.argv[1], Path(sys.argv[2]).resolve()
    lines: List[str] = []
    if shutil.which("cppcheck"):
        lines += cppcheck(build)
    else:
        print("left out: cppcheck, which is not here (Debian: apt-get install cppcheck)")
    if "Free Software Foundation" in subprocess.run([cc, "--version"], capture_output=True, text=True, check=True).stdout:
        lines += analyzer(cc, build)
    else:
        print(f"left out: -fanalyzer, which gcc has and {cc} is none")
    known, n_new = accepted(), 0
    for line in sorted(set(lines)):
        tool, file, id, *rest = line.split("\t")
        if len(rest) != 1:
            continue  # what cppcheck adds to a message
        remark = Remark(tool, str(Path(file).resolve().relative_to(ROOT)), id)
        if remark not in known:
            print(f"{remark.file}:{rest[0]} [{tool}: {id}]", file=sys.stderr)
            n_new += 1
    print(f"{len(sources(build))} files, {n_new} remarks that tests/analyze.tsv does not accept")
    return 1 if n_new else 0


if __name__ == "__main__":
    sys.exit(main())
