"""The command's help, and what it says to wrong usage."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Iterator, Optional, Tuple

import pytest
from conftest import CLI, ROOT, TEXT, run

VERBS = ["extract", "check", "explain", "link", "lookup", "text", "annotate", "dict", "dict build", "dict check",
         "dict info", "dict dump", "dict diff", "version"]  # fmt: skip

# verb, every option that its help must name
CHECK_OPTIONS = (
    "--format --charset --ndjson --csv --files-from --threads --output -o --resume --rejects --stats --offsets --as-of --skip --json "
    "--table --dict --help"
)
MENTION_OPTIONS = (
    "--provider --prefer --only --exclude --min-confidence --scope --unlisted --max-mentions --max-bytes --max-depth "
    "--max-steps --kernel"
)
EXTRACT_OPTIONS = f"{CHECK_OPTIONS} {MENTION_OPTIONS}"
OPTIONS = {
    "extract": EXTRACT_OPTIONS,
    "explain": EXTRACT_OPTIONS,
    "check": CHECK_OPTIONS,
    "link": "--provider --dict --help",
    "lookup": "--as-of --provider --json --table --dict --help",
    "text": "--format --charset --help",
    "annotate": "--style --format --charset --all --most --min-confidence --no-headings --skip --add --provider --url --class "
    "--rel --target --as-of --output -o --dict --help",
    "dict build": "--base --add --as-of --output -o --help",
    "dict check": "--base --add --as-of --help",
    "dict info": "--json --max-age --help",
    "dict diff": "--on --format --charset --ndjson --csv --files-from --offsets --as-of --skip --json --table --help",
}


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_has_usage_and_an_example(verb: str) -> None:
    got = run(*verb.split(), "--help")
    assert (got.status, got.err) == (0, "")
    assert got.out.startswith(f"Usage: stockmention {verb}")
    assert f"Example:\n  stockmention {verb.split()[0]}" in got.out


@pytest.mark.parametrize("verb", OPTIONS)
def test_help_of_a_verb_has_all_its_options(verb: str) -> None:
    words = run(*verb.split(), "--help").out.split()
    assert [option for option in OPTIONS[verb].split() if option not in words] == []


def test_check_knows_no_option_that_is_of_mentions_alone() -> None:
    words = run("check", "--help").out.split()
    assert [option for option in MENTION_OPTIONS.split() if option in words] == []


@pytest.mark.parametrize("verb", VERBS)
def test_help_verb_prints_what_the_option_prints(verb: str) -> None:
    assert run("help", *verb.split()).out == run(*verb.split(), "--help").out


@pytest.mark.parametrize("arguments", [["help"], ["--help"], ["help", "help"]])
def test_help_lists_every_verb(arguments: list) -> None:
    got = run(*arguments)
    assert got.status == 0
    verbs = ("extract", "check", "explain", "link", "lookup", "text", "annotate", "dict", "version", "help")
    assert all(f"\n  {verb}" in got.out for verb in verbs)


@pytest.mark.parametrize("argument", ["version", "--version"])
def test_version_names_library_and_dictionary(argument: str) -> None:
    library, dictionary = run(argument).out.splitlines()
    assert library.split()[0] == "stockmention" and library.split()[1].count(".") == 2
    assert dictionary.split()[0] == "dictionary" and "/" in dictionary


@pytest.mark.parametrize("option", ["-o", "--output"])
@pytest.mark.parametrize("verb", ["extract", "annotate", "dict build --base default --add"])
def test_what_is_written_to_a_file_is_asked_for_alike(verb: str, option: str, tmp_path: Path) -> None:
    source = tmp_path / ("names.tsv" if "dict" in verb else "page.html")
    source.write_text("id\tname\tlang\tkind\nXSHG:688111\tWPS厂\tzh\talias\n" if "dict" in verb else TEXT, encoding="utf-8")
    got = run(*verb.split(), source, option, tmp_path / "out")
    assert got.status == 0 and "688111" in (tmp_path / "out").read_bytes().decode("utf-8", "replace")


# arguments, what the one line of the message must say
WRONG = [
    (["frobnicate"], "unknown verb 'frobnicate'"),
    (["extract", "--colour"], "unknown option '--colour'"),
    (["extract", "--format", "pdf"], "--format 'pdf'"),
    (["extract", "--format"], "'--format' needs a value: FORMAT"),
    (["extract", "--offsets=char"], "--offsets 'char'"),
    (["extract", "--as-of", "2021-13-01"], "expected: a day such as 2021-12-22"),
    (["extract", "--as-of", "2021-02-29"], "expected: a day such as 2021-12-22"),
    (["extract", "--as-of", "2021-12-22T09:30"], "expected: a day such as 2021-12-22"),
    (["extract", "--as-of", "22.12.2021"], "expected: a day such as 2021-12-22"),
    (["extract", "--as-of", "2021-12-22/2021-12-31"], "expected: a day such as 2021-12-22"),
    (["extract", "--as-of", "2021-1-5-6"], "expected: a day such as 2021-12-22"),
    (["extract", "--as-of", "20211222--"], "expected: a day such as 2021-12-22"),
    (["extract", "--min-confidence", "1.2"], "expected: a number from 0 to 1"),
    (["extract", "--min-confidence", "0,5"], "expected: a number from 0 to 1"),
    (["extract", "--scope", "wide"], "--scope 'wide'"),
    (["extract", "--kernel", "sse"], "--kernel 'sse'"),
    (["extract", "--provider", "nobody"], "no provider 'nobody'"),
    (["extract", "--only", "XSHG:000000"], "XSHG:000000"),
    (["extract", "--ndjson=yes"], "'--ndjson' takes no value"),
    (["extract", "--json", "--table"], "--json and --table"),
    (["extract", "--max-depth", "65537"], "--max-depth is 65536 at most; say less"),
    (["extract", "--max-depth", "5000000000"], "--max-depth is 65536 at most; say less"),
    (["link"], "expected: ID"),
    (["link", "XSHG:688111", "XSHE:000002"], "'XSHE:000002' is one too many"),
    (["link", "XSHG:688111", "--provider", "nobody"], "no provider 'nobody'"),
    (["lookup"], "expected: QUERY"),
    (["lookup", "--as-of", "2021-02-29", "688111"], "expected: a day such as 2021-12-22"),
    (["lookup", "Kingsoft", "Office"], "'Office' is one too many"),
    (["text", "--format", "pdf"], "--format 'pdf'"),
    (["text", "a.md", "b.md"], "'b.md' is one too many"),
    (["annotate", "--style", "poster"], "--style 'poster'"),
    (["annotate", "--most", "0"], "expected: a number from 1 on"),
    (["annotate", "--provider", "nobody"], "no provider 'nobody'"),
    (["annotate", "--url", "https://x.cn/{foo}"], "'{foo}', which stands for nothing; expected {mic}, {code} or {id}"),
    (["annotate", "--style", "report", "--url", "javascript:{code}"], "is no address of the web; expected one of http or https"),
    (["dict"], "expected build, check, info, dump or diff"),
    (["dict", "info", "--max-age", "0"], "expected: a number from 1 on"),
    (["dict", "diff", "default"], "expected: OLD NEW"),
    (["dict", "diff", "default", "default"], "no documents; say --on FILE"),
    (["dict", "diff", "--on", "-", "no-such.smd", "default"], "no-such.smd: cannot be opened"),
    (["dict", "diff", "--on", "-", "default", "no-such.smd"], "no-such.smd: cannot be opened"),
    (["dict", "squeeze"], "unknown verb 'squeeze'"),
    (["dict", "build", "src/dict/tables"], "-o FILE"),
    (["dict", "check"], "no tables"),
    (["dict", "check", "src/dict/tables"], "--as-of DATE"),
    (["dict", "dump"], "expected: [FILE] TABLE"),
    (["dict", "dump", "prices"], "prices"),
    (["version", "now"], "'now' is one too many"),
]


@pytest.mark.parametrize("arguments, says", WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_wrong_usage_ends_with_2_and_one_line(arguments: list, says: str) -> None:
    got = run(*arguments, input=TEXT)
    assert (got.status, got.out) == (2, ""), got
    assert says in got.err
    assert got.err.count("\n") == 1 and got.err.startswith("stockmention")


def forms_of_dates() -> Iterator[Tuple[str, Optional[str]]]:
    """Those of the library's own table, as they stand in JSON: None where it is no day."""
    for row in (ROOT / "tests/unit/base/dates.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        text, day, _ = row.split("\t")
        yield text, f"{day[:4]}-{day[4:6]}-{day[6:]}" if day != "0" else None


@pytest.mark.parametrize("text, day", list(forms_of_dates()))
def test_dates_are_read_alike_everywhere(text: str, day: Optional[str]) -> None:
    for what, line in ((["--ndjson"], json.dumps({"text": "a", "date": text})), (["--csv=text"], f"text,date\na,{text}\n")):
        got = run("extract", *what, input=line)
        if day:
            assert (got.status, got.one["as_of"]) == (0, day)
        else:
            assert f"\"date\" is '{text}'; expected a day such as 2021-12-22, 2021/1/5 or 20211222\n" in got.err
    is_day_alone = day and ":" not in text
    got = run("extract", "--as-of", text, input="a")
    assert (got.status, got.one["as_of"] if got.out else None) == ((0, day) if is_day_alone else (2, None)), got


@pytest.mark.parametrize("kernel", ["auto", "c", "avx2", "avx512", "neon"])
def test_a_kernel_finds_the_same_or_is_refused(kernel: str) -> None:
    got = run("extract", "--kernel", kernel, input=TEXT)
    if got.status == 0:
        assert got.out == run("extract", input=TEXT).out
    else:
        assert kernel not in ("auto", "c")
        assert (got.status, got.out) == (2, "")
        assert got.err.startswith(f"stockmention extract: the kernel {kernel} cannot run here; expected auto or one of c")


def test_no_verb_prints_usage_on_standard_error() -> None:
    got = run()
    assert (got.status, got.out) == (2, "")
    assert got.err.startswith("Usage: stockmention VERB")


def test_a_reader_that_goes_away_ends_the_command_in_good_order() -> None:
    lines = ('{"text": "%s"}\n' % TEXT).encode() * 5000
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [CLI, "extract", "--ndjson"], stdin=subprocess.PIPE, stdout=write_end, stderr=subprocess.PIPE
    )
    os.close(write_end)
    os.close(read_end)
    _, err = process.communicate(lines, timeout=60)
    assert process.returncode == 0
    assert re.fullmatch(rb"stockmention extract: nobody reads the output any more; \d+ documents were done\n", err)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a disk that is always full")
@pytest.mark.parametrize("arguments", [["extract"], ["lookup", "688111"], ["link", "XSHG:688111"], ["help"], ["version"]])
def test_a_full_disk_is_said_and_ends_with_1(arguments: list) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([CLI, *arguments], input=TEXT.encode(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"standard output cannot be written" in done.stderr
