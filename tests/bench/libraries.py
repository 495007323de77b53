"""The other libraries: each gives the command of its worker, which is built in build/ from public packages."""

import shutil
import sys
from pathlib import Path
from typing import Callable, Dict, List

from material import ROOT, WORK, run
from workers import Missing

PEERS = Path(__file__).resolve().parent / "peers"
VENV = ROOT / "build" / "bench-venv"


def need(command: str, package: str) -> None:
    if shutil.which(command) is None:
        raise Missing(f"{command} is not installed; it comes with {package}")


def flags_of(library: str, package: str) -> List[str]:
    need("pkg-config", "pkg-config")
    try:
        return run("pkg-config", "--cflags", "--libs", library).split()
    except Missing as missing:
        raise Missing(f"{library} was not found: apt-get install {package}") from missing


def daachorse() -> List[str]:
    need("cargo", "Rust")
    target = WORK / "daachorse"
    manifest = PEERS / "daachorse" / "Cargo.toml"
    run("cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", manifest, "--target-dir", target)
    return [str(target / "release" / "peer-daachorse")]


def hyperscan() -> List[str]:
    flags = flags_of("libhs", "libhyperscan-dev")
    run("cc", "-O3", PEERS / "hyperscan.c", "-o", WORK / "hyperscan", *flags)
    return [str(WORK / "hyperscan")]


def re2() -> List[str]:
    flags = flags_of("re2", "libre2-dev")
    run("c++", "-O3", PEERS / "re2.cc", "-o", WORK / "re2", *flags)
    return [str(WORK / "re2")]


def of_python(package: str) -> Callable[[], List[str]]:
    def command() -> List[str]:
        python = VENV / "bin" / "python"
        if not python.exists():
            run(sys.executable, "-m", "venv", VENV)
        run(python, "-m", "pip", "install", "--quiet", "--requirement", PEERS / "requirements.txt")
        return [str(python), str(PEERS / "python.py"), package]

    return command


# The faster ones first, so that their rounds follow ours at once.
LIBRARIES: Dict[str, Callable[[], List[str]]] = {
    "daachorse": daachorse,
    "hyperscan": hyperscan,
    "re2": re2,
    "ahocorasick-rs": of_python("ahocorasick-rs"),
    "pyahocorasick": of_python("pyahocorasick"),
    "flashtext": of_python("flashtext"),
}


def commands(wanted: List[str]) -> Dict[str, List[str]]:
    """Of those that can be had here; the others are named."""
    found = {}
    for library in wanted:
        try:
            found[library] = LIBRARIES[library]()
        except Missing as missing:
            print(f"{library} is left out: {missing}")
    return found
