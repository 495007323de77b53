#!/usr/bin/env python3
"""The READMEs tell the truth: their programs are those in examples/, and their commands print what they show.

usage: readme.py PREFIX LIBDIR [--update]    with the library installed under PREFIX; --update mends them

A ```c or ```python block must be the example that the line above it links to. In a ```console block a line that begins
with "$ " is a command; what follows, up to the next command, is what it prints on a terminal. A line of three dots
stands for any number of lines. Where the system has no terminals to give (a bare chroot), console blocks are passed over, and
so are those of examples that import a package which is not installed.
"""
import importlib.util
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


BLOCK = re.compile(r"^([^\n]*)(\n\n?```(?:c|python|console)\n)(.*?)(?=^```$)", re.M | re.S)


def commands(body: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ (.*)$\n?", body, flags=re.M)[1:]
    return list(zip(parts[::2], parts[1::2]))


def has_terminals() -> bool:
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


def on_terminal(command: str, environment: dict[str, str], folder: str) -> str:
    """What a command prints where its output is a terminal, as the reader of the README has it."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, shell=True, stdout=slave, stderr=slave, stdin=subprocess.DEVNULL,
                               env=environment, cwd=folder)
    os.close(slave)
    output = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # Linux says EIO at the end of a terminal
            break
        if not chunk:
            break
        output += chunk
    os.close(master)
    if process.wait() != 0:
        output += f"(exit status {process.returncode})\n".encode()
    return output.decode().replace("\r\n", "\n")


def agrees(expected: str, got: str) -> bool:
    pattern = "".join("(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in expected.splitlines(True))
    return re.fullmatch(pattern, got) is not None


def environment(prefix: Path, libdir: str) -> dict[str, str]:
    """As a user has it who installed under the prefix, with the Python package on the path."""
    library = prefix / libdir
    return dict(
        os.environ,
        PATH=f"{prefix}/bin:{os.environ['PATH']}",
        PKG_CONFIG_PATH=str(library / "pkgconfig"),
        LD_LIBRARY_PATH=str(library),
        STOCKMENTION_CLI=str(prefix / "bin/stockmention"),
        STOCKMENTION_LIBRARY=str(library / "libstockmention.so"),
        PYTHONPATH=str(ROOT / "src/python"),
        TERM="dumb",
    )


def true_body(above: str, opening: str, body: str, variables: dict[str, str], folder: str) -> str:
    """What a block must hold to be true; the body itself when it is."""
    if "console" not in opening:
        example = re.search(r"\]\((examples/[^)]*)\)", above)
        return (ROOT / example[1]).read_text() if example else body
    parts = []
    for command, expected in commands(body):
        got = on_terminal(command, variables, folder)
        parts.append(f"$ {command}\n" + (expected if agrees(expected, got) else got))
    return "".join(parts)


def lacks_package(body: str) -> bool:
    for example in re.findall(r"python3 (examples/\S+\.py)", body):
        for name in re.findall(r"^(?:from|import) (\w+)", (ROOT / example).read_text(), flags=re.M):
            if name != "stockmention" and importlib.util.find_spec(name) is None:
                return True
    return False


def mend_file(readme: Path, variables: dict[str, str], folder: str) -> tuple[str, int, int, int]:
    """The file's text with every block true, how many blocks were checked, were not true, and were passed over."""
    checks = failures = passed_over = 0
    can_run = has_terminals()

    def mend(block: re.Match[str]) -> str:
        nonlocal checks, failures, passed_over
        above, opening, body = block.groups()
        if "console" in opening and (not can_run or lacks_package(body)):
            passed_over += 1
            return block[0]
        expected = true_body(above, opening, body, variables, folder)
        checks += 1
        if expected != body:
            failures += 1
            print(f"{readme.relative_to(ROOT)}, below: {above}\n--- stands there\n{body}--- is true\n{expected}")
        return above + opening + expected

    mended = BLOCK.sub(mend, readme.read_text())
    return mended, checks, failures, passed_over


def main() -> int:
    prefix, libdir, is_update = Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:] == ["--update"]
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in ("examples", "src", "include"):
            os.symlink(ROOT / name, Path(folder) / name)
        for readme in [*sorted(ROOT.glob("README*.md")), ROOT / "examples/README.md"]:
            mended, checks, failures, passed_over = mend_file(readme, environment(prefix, libdir), folder)
            if is_update:
                readme.write_text(mended)
                continue
            print(f"{readme.relative_to(ROOT)}: {checks} blocks, {failures} to mend, {passed_over} passed over for want of a "
                  "terminal or a package")  # fmt: skip
            if failures or checks + passed_over < 3:
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
