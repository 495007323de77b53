"""Where output goes with -o, --rejects and --stats: files, links, devices, FIFOs, folders and standard output."""

import os
import stat
import subprocess
import threading
from pathlib import Path
from typing import List

import pytest
from conftest import CLI, TEXT, run

BAD_LINE = "{\n"
LINES = f'{{"id": "1", "text": "{TEXT}"}}\n' + BAD_LINE
EXTRACT = ["extract", "--ndjson"]
OPTIONS = ["-o", "--rejects", "--stats"]


def names(folder: Path) -> List[str]:
    return sorted(path.name for path in folder.iterdir())


def through_fifo(command: List[str], fifo: Path, folder: Path) -> bytes:
    """What somebody reads from a FIFO that the command writes to."""
    os.mkfifo(fifo)
    got: List[bytes] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()), daemon=True)
    reader.start()
    done = subprocess.run([CLI, *command], input=LINES.encode(), capture_output=True, cwd=folder, timeout=60, check=False)
    assert stat.S_ISFIFO(fifo.stat().st_mode), done
    reader.join(60)
    return got[0]


@pytest.mark.parametrize("option", OPTIONS)
def test_a_fifo_stays_and_is_written_through(option: str, tmp_path: Path) -> None:
    expected = run(*EXTRACT, option, "file", input=LINES, cwd=tmp_path)
    assert expected.status == 1
    got = through_fifo([*EXTRACT, option, "fifo"], tmp_path / "fifo", tmp_path)
    before_seconds = (tmp_path / "file").read_bytes().split(b'"seconds"')[0]
    assert got.split(b'"seconds"')[0] == before_seconds != b""
    assert names(tmp_path) == ["fifo", "file"]


@pytest.mark.parametrize("command", ["annotate --format=html", "dict build --base=default names.tsv"])
def test_other_verbs_write_through_too(command: str, tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text("id\tname\tlang\tkind\nXSHG:688111\tWPS厂\tzh\talias\n", encoding="utf-8")
    assert run(*command.split(), "-o", "file", input=LINES, cwd=tmp_path).status == 0
    got = through_fifo([*command.split(), "-o", "fifo"], tmp_path / "fifo", tmp_path)
    assert got == (tmp_path / "file").read_bytes() != b""


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A device of our own that is always full, where we may make one."""
    path = tmp_path / "full"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        os.close(os.open(path, os.O_WRONLY))
    except OSError as error:
        pytest.skip(f"no device can be made: {error}")
    return path


@pytest.mark.parametrize("option", OPTIONS)
def test_a_device_stays_what_it_is(option: str, full: Path, tmp_path: Path) -> None:
    got = run(*EXTRACT, option, "full", input=LINES, cwd=tmp_path)
    assert (got.status, got.err.splitlines()[-1].split(": ", 1)[1]) in [
        (1, "full cannot be written: No space left on device"),
        (1, "full: cannot be written: No space left on device"),
    ]
    assert names(tmp_path) == ["full"] and stat.S_ISCHR(full.stat().st_mode)


# where the link leads, the links' folder and name
LINKS = [("real", "link"), ("sub/real", "link"), ("../real", "sub/link"), ("{here}/real", "sub/link"), ("second", "link")]


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "not there yet"])
@pytest.mark.parametrize("leads_to, link", LINKS)
def test_a_link_stays_and_its_target_is_replaced(leads_to: str, link: str, is_there: bool, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "second").symlink_to("sub/third")
    (tmp_path / "sub/third").symlink_to("../real")
    (tmp_path / link).symlink_to(leads_to.format(here=tmp_path))
    real = tmp_path / (leads_to if leads_to.startswith("sub") else "real")
    if is_there:
        real.write_text("before")
    got = run(*EXTRACT, "-o", link, input=LINES, cwd=tmp_path)
    assert (got.status, (tmp_path / link).is_symlink(), real.is_symlink()) == (1, True, False), got
    assert real.read_bytes() == run(*EXTRACT, input=LINES).out_bytes
    assert not list(tmp_path.rglob("*.part"))


def test_a_link_is_resumed_beside_its_target(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to("sub/real")
    whole = run(*EXTRACT, input=LINES * 3).out_bytes
    (tmp_path / "sub/real.part").write_bytes(whole[: len(whole) // 2])
    got = run(*EXTRACT, "--resume", "-o", "link", "--stats", "stats", input=LINES * 3, cwd=tmp_path)
    assert got.status == 1 and '"resumed": 1' in (tmp_path / "stats").read_text()
    assert (tmp_path / "link").is_symlink() and (tmp_path / "sub/real").read_bytes() == whole
    assert names(tmp_path / "sub") == ["real"]


def test_links_in_a_ring_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    got = run(*EXTRACT, "-o", "a", input=LINES, cwd=tmp_path)
    assert (got.status, got.err) == (
        2, "stockmention extract: a: cannot be written: Too many levels of symbolic links\n"
    )  # fmt: skip
    assert names(tmp_path) == ["a", "b"]


def test_a_part_file_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "out.part").symlink_to("mine")
    got = run(*EXTRACT, "-o", "out", input=LINES, cwd=tmp_path)
    assert (got.status, (tmp_path / "mine").read_text()) == (2, "mine")


@pytest.mark.parametrize("command", [
    *([*EXTRACT, option, "folder"] for option in OPTIONS), ["annotate", "-o", "folder"],
    ["dict", "build", "--base=default", "-o", "folder", "no-such.tsv"],
], ids=" ".join)  # fmt: skip
def test_a_folder_is_refused_before_anything_is_read(command: List[str], tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    got = run(*command, input=LINES, cwd=tmp_path)
    assert (got.status, got.out) == (2, "")
    assert got.err.endswith(": folder: is a folder and cannot be written; say a file, such as one in it\n")
    assert got.err.count("\n") == 1
    assert [str(path) for path in tmp_path.rglob("*")] == [str(tmp_path / "folder")]


def test_a_hyphen_is_standard_output(tmp_path: Path) -> None:
    expected = run(*EXTRACT, input=LINES)
    got = run(*EXTRACT, "-o", "-", input=LINES, cwd=tmp_path)
    assert (got.status, got.out, got.err) == (1, expected.out, expected.err)
    got = run(*EXTRACT, "-o", "out", "--rejects", "-", input=LINES, cwd=tmp_path)
    assert (got.status, got.out, (tmp_path / "out").read_text()) == (1, BAD_LINE, expected.out)
    page = f"<p>{TEXT}"
    assert run("annotate", "-o", "-", input=page, cwd=tmp_path).out == run("annotate", input=page).out
    assert names(tmp_path) == ["out"]


def test_what_standard_output_writes_to_is_not_taken_away_from_it(tmp_path: Path) -> None:
    """A file of that name that took its place would lack what stood before."""
    with open(tmp_path / "log", "ab") as log:
        log.write(b"before\n")
        log.flush()
        command = [CLI, *EXTRACT, "-o", "/dev/stdout"]
        done = subprocess.run(command, input=LINES.encode(), stdout=log, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    assert (tmp_path / "log").read_bytes() == b"before\n" + run(*EXTRACT, input=LINES).out_bytes


@pytest.mark.parametrize("target, name", [("-", "standard output"), ("fifo", "fifo")])
def test_what_cannot_be_resumed_is_told(target: str, name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    got = run(*EXTRACT, "--resume", "-o", target, input=LINES, cwd=tmp_path)
    assert (got.status, got.out) == (2, "")
    assert got.err.startswith(f"stockmention extract: {name}: is no regular file, so that no part of it is kept; leave --resume")


# --- What is read and written at once -----------------------------------------------------------------------------------

# options, standard input comes from, standard output goes to, what is said: "a" and "b" are files, "link" leads to "a"
CLASHES = [
    ("-o a a", "", "", "a: would be -o and an input at once"),
    ("-o a ./sub/../a", "", "", "./sub/../a: would be -o and an input at once"),
    ("-o a b a", "", "", "a: would be -o and an input at once"),
    ("-o link a", "", "", "a: would be -o and an input at once"),
    ("-o a link", "", "", "a: would be -o and an input at once"),
    ("-o hard a", "", "", "a: would be -o and an input at once"),
    ("-o a", "a", "", "standard input: would be -o and an input at once"),
    ("-o a -", "a", "", "standard input: would be -o and an input at once"),
    ("-o a.part a", "", "", None),
    ("-o a a.part", "", "", "a.part: would be -o, until it is whole, and an input at once"),
    ("-o a --files-from a", "", "", "a: would be -o and --files-from at once"),
    ("-o a --files-from -", "a", "", "standard input: would be -o and --files-from at once"),
    ("-o a --dict a b", "", "", "a: would be -o and --dict at once"),
    ("--rejects a a", "", "", "a: would be --rejects and an input at once"),
    ("--stats a a", "", "", "a: would be --stats and an input at once"),
    ("-o new --rejects new b", "", "", "new: would be -o and --rejects at once"),
    ("-o new --rejects ./sub/../new b", "", "", "./sub/../new: would be -o and --rejects at once"),
    ("-o new --stats new b", "", "", "new: would be -o and --stats at once"),
    ("--rejects new --stats new b", "", "", "new: would be --rejects and --stats at once"),
    ("-o new --rejects new.part b", "", "", "new.part: would be -o, until it is whole, and --rejects at once"),
    ("-o new.part --rejects new b", "", "", "new.part: would be -o and --rejects, until it is whole, at once"),
    ("-o - --rejects - b", "", "", "standard output: would be -o and --rejects at once"),
    ("--stats - b", "", "", "standard output: would be the output and --stats at once"),
    ("-o fifo --stats fifo b", "", "", "fifo: would be -o and --stats at once"),
    ("a", "", "a", "a: would be the output and an input at once"),
    ("-o new --rejects sub/new b", "", "", None),
    ("-o /dev/stderr --stats /dev/null --rejects /dev/null b", "", "", None),
    ("-o new b", "b", "", None),
]


@pytest.mark.parametrize("options, comes_from, goes_to, says", CLASHES, ids=[" ".join(row[:3]) for row in CLASHES])
def test_what_is_read_is_not_written(options: str, comes_from: str, goes_to: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "said").touch()
    for name in "ab":
        (tmp_path / name).write_text(LINES)
    (tmp_path / "link").symlink_to("a")
    os.link(tmp_path / "a", tmp_path / "hard")
    before = names(tmp_path)
    command = [CLI, *EXTRACT, *options.split()]
    with open(tmp_path / (comes_from or "/dev/null"), "rb") as source, open(tmp_path / (goes_to or "said"), "ab") as to:
        done = subprocess.run(command, stdin=source, stdout=to, stderr=subprocess.PIPE, cwd=tmp_path, timeout=60, check=False)
    said = done.stderr.decode()
    if says is None:
        assert done.returncode == 1 and " at once" not in said, said
        return
    assert (done.returncode, said) == (2, f"stockmention extract: {says}; say different files\n")
    assert names(tmp_path) == before
    assert (tmp_path / "a").read_text() == (tmp_path / "b").read_text() == LINES


@pytest.mark.parametrize("options", ["-o a", "--rejects a", "--stats a", "-o link", "--rejects hard"])
def test_a_file_of_a_list_is_not_written_over(options: str, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(LINES)
    (tmp_path / "link").symlink_to("a")
    os.link(tmp_path / "a", tmp_path / "hard")
    got = run(*EXTRACT, *options.split(), "--files-from", "-", input="b\na\nb\n", cwd=tmp_path)
    assert got.status == 2
    option, name = options.split()
    assert got.err.splitlines()[-1] == f"stockmention extract: a: would be {option} and an input at once; say different files"
    assert (tmp_path / "a").read_text() == (tmp_path / "hard").read_text() == LINES
    assert (tmp_path / "link").is_symlink()


def test_of_two_runs_that_write_one_file_the_second_is_refused(tmp_path: Path) -> None:
    first = subprocess.Popen([CLI, *EXTRACT, "-o", "out"], stdin=subprocess.PIPE, cwd=tmp_path)
    assert first.stdin
    with first.stdin:
        first.stdin.write(LINES.splitlines()[0].encode() * 1 + b"\n")
        first.stdin.flush()
        while not (tmp_path / "out.part").exists():
            assert first.poll() is None
        second = run(*EXTRACT, "-o", "out", input=LINES, cwd=tmp_path)
    assert first.wait(60) == 0
    assert second.status == 2 and "out.part: cannot be written: Device or resource busy" in second.err
    assert (tmp_path / "out").read_text(encoding="utf-8").count("\n") == 1
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("option", OPTIONS)
def test_what_takes_the_place_of_a_file_has_its_mode(option: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(0o640)
    run(*EXTRACT, option, "file", input=LINES, cwd=tmp_path)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
    assert (tmp_path / "file").read_text(encoding="utf-8") != "old"


def test_a_part_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out.part")
    got = run(*EXTRACT, "-o", "out", input=LINES, cwd=tmp_path)
    assert got.status == 2 and "out.part: cannot be written" in got.err
    assert names(tmp_path) == ["out.part"]


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_a_closed_standard_file_is_not_mistaken_for_the_output(closed: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_text(LINES, encoding="utf-8")
    done = subprocess.run(["sh", "-c", f'"$0" extract --ndjson -o out in {closed}', CLI], capture_output=True, cwd=tmp_path, check=False)
    assert done.stdout == b""
    written = (tmp_path / "out").read_text(encoding="utf-8")
    assert written.startswith('{"id": "1"') and written.count("\n") == 1
