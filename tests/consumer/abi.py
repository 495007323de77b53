"""abi.py CC HEADER BASELINE [--update]: what programs rely on that were built against the header is what the baseline says.

Every function with its types, every struct with its size and the place, size and type of each field, every constant: a line
each, the same with any compiler. Lines that are gone or changed break programs; new lines go in with --update.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, List, Tuple

STRUCT = re.compile(r"typedef struct (\w+) \{(.*?)\} \1;", re.S)
ENUM = re.compile(r"\benum \{(.*?)\};", re.S)
FUNCTION = re.compile(r'__attribute__\(\(visibility\("default"\)\)\) ([^;{}]*?\bsm_\w+\([^;{}]*\));')
DECLARATOR = re.compile(r"^(?P<base>.*?)\s*(?P<stars>\**)(?P<name>\w+)(?P<array>\[\w+\])?$")
POINTER_TO_FUNCTION = re.compile(r"^(?P<result>.*)\(\*(?P<name>\w+)\)(?P<parameters>\(.*\))$")


def one_line(text: str) -> str:
    return " ".join(text.split())


def fields(body: str) -> Iterator[Tuple[str, str]]:
    """Name and type of each; `const char *a, *b` are two."""
    for declaration in map(one_line, body.split(";")):
        function = POINTER_TO_FUNCTION.match(declaration)
        if function:
            yield function["name"], f"{function['result']}(*){function['parameters']}"
            continue
        base = ""
        for declarator in map(DECLARATOR.match, filter(None, map(str.strip, declaration.split(",")))):
            if not declarator:
                raise SystemExit(f"this script cannot read the field '{declaration}'")
            base = declarator["base"] or base
            stars = declarator["stars"] and " " + declarator["stars"]
            yield declarator["name"], base + stars + (declarator["array"] or "")


def program(header: str) -> str:
    """C that prints the lines that only a compiler knows."""
    lines: List[str] = []
    for name, body in STRUCT.findall(header):
        lines.append(f'printf("struct {name}: %zu bytes\\n", sizeof({name}));')
        for field, type_name in fields(body):
            place = f"offsetof({name}, {field}), sizeof((({name} *)0)->{field})"
            lines.append(f'printf("field {name}.{field}: at %zu, %zu bytes, {type_name}\\n", {place});')
    for body in ENUM.findall(header):
        for constant in re.findall(r"\bSM_\w+(?=\s*[=,}]|\s*$)", body):
            lines.append(f'printf("constant {constant}: %lld\\n", (long long){constant});')
    return "#include <stdio.h>\n#include <stockmention.h>\nint main(void) {\n" + "\n".join(lines) + "\nreturn 0;\n}\n"


def described(cc: str, header: Path) -> List[str]:
    include = ["-I", str(header.parent)]
    text = subprocess.run([cc, "-E", "-P", *include, str(header)], check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder, "abi.c"), Path(folder, "abi")
        source.write_text(program(text))
        subprocess.run([cc, "-std=c11", *include, str(source), "-o", str(binary)], check=True)
        lines = subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout.splitlines()
    return lines + [f"function {one_line(function)}" for function in FUNCTION.findall(text)]


def main() -> int:
    cc, header, baseline = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    now = described(cc, header)
    n_functions = len(re.findall(r"^SM_API ", header.read_text(encoding="utf-8"), re.M))
    if sum(line.startswith("function ") for line in now) != n_functions:
        print(f"{header} declares {n_functions} functions, of which this script does not read all", file=sys.stderr)
        return 1
    if "--update" in sys.argv:
        baseline.write_text("\n".join(now) + "\n", encoding="utf-8")
        return 0
    before = baseline.read_text(encoding="utf-8").splitlines()
    gone, new = [x for x in before if x not in now], [x for x in now if x not in before]
    for line in gone:
        print(f"gone: {line}", file=sys.stderr)
    for line in new:
        print(f"new:  {line}", file=sys.stderr)
    if gone:
        print("Programs that were built before break by what is gone: put it back, or raise the major version.", file=sys.stderr)
    if gone or new:
        print(f"When this is meant: python3 {sys.argv[0]} {cc} {header} {baseline} --update", file=sys.stderr)
    return 1 if gone or new else 0


if __name__ == "__main__":
    sys.exit(main())
