"""libabigail.py CC LIBRARY VERSIONS BASELINE: abidiff finds the library to be what the baseline says.

A library of empty functions is made of the baseline's lines, which stands for the one that programs were built against: an
abixml file of it would be five times as long, and nobody would review that. abi.py reads the header; this reads what the
compiler left in the library itself for its debugger, symbols with their versions and types. 77: there is no abidiff.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, Iterator, List

FIELD = re.compile(r"field (\w+)\.(\w+): at \d+, \d+ bytes, (.*)")
FAILED = 3  # bits of abidiff's status; others: the two differ
ROOT = Path(__file__).resolve().parents[2]


def declared(name: str, type_name: str) -> str:
    """A field, as C has it: what is behind a name in it stands behind the type in the baseline."""
    pointer = re.match(r"(.*\(\*)(\).*)", type_name)
    array = re.match(r"(.*)(\[\d+\])$", type_name)
    behind = pointer or array
    return f"{behind[1]}{'' if pointer else ' '}{name}{behind[2]};" if behind else f"{type_name} {name};"


def functions_of(lines: List[str]) -> List[str]:
    return [line[len("function ") :] for line in lines if line.startswith("function ")]


def declarations(lines: List[str]) -> Iterator[str]:
    """The types of the header; those of Arrow are not the library's."""
    fields: Dict[str, List[str]] = {line[len("struct ") :].split(":")[0]: [] for line in lines if line.startswith("struct ")}
    for match in filter(None, map(FIELD.match, lines)):
        fields[match[1]].append(declared(match[2], match[3]))
    opaque = set(re.findall(r"\bsm_\w+(?= \**\w)", " ".join(functions_of(lines)))) - set(fields) - {"sm_status"}
    yield "#include <stddef.h>\n#include <stdint.h>\ntypedef int32_t sm_status;"
    yield from (f"struct {name};" for name in ("ArrowSchema", "ArrowArray", "ArrowArrayStream"))
    yield from (f"typedef struct {name} {name};" for name in sorted(opaque))
    yield from (f"typedef struct {name} {{ {' '.join(of)} }} {name};" for name, of in fields.items())


def main() -> int:
    cc, library, versions, baseline = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])
    if not shutil.which("abidiff"):
        print("abidiff is not installed (Debian: abigail-tools): the library is not compared with the baseline")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        code, types, before = Path(folder, "before.c"), Path(folder, "include/stockmention.h"), Path(folder, library.name)
        lines = baseline.read_text(encoding="utf-8").splitlines()
        types.parent.mkdir()
        types.write_text("\n".join(declarations(lines)), encoding="utf-8")
        functions = "\n".join(f"{function} {{ __builtin_trap(); }}" for function in functions_of(lines))
        code.write_text(f'#include "include/stockmention.h"\n{functions}\n', encoding="utf-8")
        major = re.search(r"STOCKMENTION_(\d+)", versions.read_text(encoding="utf-8"))
        linked = [f"-Wl,--version-script={versions}", f"-Wl,-soname,libstockmention.so.{major[1] if major else ''}"]
        subprocess.run([cc, "-std=c11", "-g", "-shared", "-fPIC", "-w", *linked, str(code), "-o", str(before)], check=True)
        public = ["--drop-private-types", "--headers-dir1", str(types.parent), "--headers-dir2", str(ROOT / "include")]
        done = subprocess.run(["abidiff", *public, str(before), str(library)], capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr)
    if done.returncode & FAILED:
        print("abidiff could not compare them", file=sys.stderr)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
