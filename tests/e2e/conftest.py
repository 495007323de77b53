"""What the end-to-end tests share: the built command, the built library, and the pages that come with the repository.

STOCKMENTION_CLI and STOCKMENTION_LIBRARY name what is tested; without them it is what build/dev or build/release has.
"""

import json
import os
import pty
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src/python"))


def built(variable: str, file: str) -> str:
    candidates = [Path(os.environ[variable])] if os.environ.get(variable) else []
    candidates += [ROOT / "build" / preset / file for preset in ("dev", "release")]
    for candidate in candidates:
        if candidate.exists():
            return str(candidate.resolve())
    raise FileNotFoundError(f"{file} is not built: cmake --preset dev && cmake --build --preset dev, or set {variable}")


os.environ["STOCKMENTION_LIBRARY"] = built("STOCKMENTION_LIBRARY", "libstockmention.so")
CLI = built("STOCKMENTION_CLI", "stockmention")

TEXT = "金山办公（688111.SH）涨3%，腾讯控股(00700.HK)微跌。"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    injected: Dict[str, int] = getattr(sys.modules.get("test_faults"), "injected", {})
    if injected:
        each = ", ".join(f"{n} of {call}" for call, n in sorted(injected.items()))
        terminalreporter.write_line(f"{sum(injected.values())} calls of the command's failed: {each}")


def members(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """An object of JSON, which must not say a key twice."""
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), keys
    return dict(pairs)


def terminal() -> Tuple[int, int]:
    """Our end of a terminal, and that for the command."""
    try:
        return pty.openpty()
    except OSError as error:  # a bare chroot
        pytest.skip(f"there is no terminal to be had: {error}")


@dataclass
class Run:
    status: int
    out: str
    err: str
    out_bytes: bytes

    @property
    def lines(self) -> List[Dict[str, Any]]:
        return [json.loads(line, object_pairs_hook=members) for line in self.out.splitlines()]

    @property
    def one(self) -> Dict[str, Any]:
        (line,) = self.lines
        return line


def run(*arguments: Union[str, Path], input: Union[str, bytes] = b"", cwd: Optional[Path] = None) -> Run:
    """Runs the command to its end."""
    encoded = input.encode("utf-8") if isinstance(input, str) else input
    done = subprocess.run(
        [CLI, *map(str, arguments)], input=encoded, capture_output=True, cwd=cwd or ROOT, timeout=120, check=False
    )
    return Run(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"), done.stdout)


def extract(text: Union[str, bytes], *options: str) -> Dict[str, Any]:
    """What the command finds in a text."""
    got = run("extract", *options, input=text)
    assert (got.status, got.err) == (0, ""), got
    return got.one


def brief(document: Dict[str, Any]) -> List[Tuple[str, str, str]]:
    return [(mention["text"], mention["kind"], mention["security"]) for mention in document["mentions"]]


@pytest.fixture(scope="session")
def seed() -> str:
    """A page of Eastmoney as a news site keeps it: Jekyll front matter, then HTML."""
    path = ROOT / "../shared/seed/article.md"
    if not path.exists():
        pytest.skip("../shared/seed/article.md is not here: it does not come with the repository")
    return path.read_text(encoding="utf-8")
