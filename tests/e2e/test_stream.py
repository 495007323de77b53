"""stockmention extract on long inputs: threads, CSV, lists of files, and runs that are cut and resumed."""

import csv
import io
import json
import os
import random
import re
import resource
import select
import signal
import subprocess
import threading
from pathlib import Path
from typing import IO, Any, Callable, Dict, List, Tuple

import pytest
from conftest import CLI, TEXT, run, terminal

SANITIZED = os.environ.get("STOCKMENTION_SANITIZERS")
EXTRACT = ["extract", "--ndjson"]


def line(**members: object) -> str:
    return json.dumps(members, ensure_ascii=False) + "\n"


def mixed(count: int) -> str:
    """Lines short and long, good and bad, with keys of their own."""
    lines = []
    for number in range(count):
        if number % 97 == 13:
            lines.append(f'{{"id": {number}, "text": oops}}\n')
        elif number % 53 == 7:
            lines.append("\n")
        else:
            lines.append(line(id=number, text=f"第{number}条：{TEXT}" * (1 + number % 29), lang="zh", n=[number, None]))
    return "".join(lines)


def feed(pipe: IO[bytes], text: bytes, length: Callable[[], int]) -> None:
    """Writes in pieces of some length, and closes."""
    at = 0
    while at < len(text):
        end = at + length()
        pipe.write(text[at:end])
        pipe.flush()
        at = end
    pipe.close()


def read_both(process: "subprocess.Popen[bytes]") -> Tuple[bytes, bytes]:
    """Standard output and standard error to their ends."""
    assert process.stdout and process.stderr
    errors: List[bytes] = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()) if process.stderr else None)
    reader.start()
    out = process.stdout.read()
    reader.join()
    process.wait(60)
    return out, errors[0]


# --- threads ------------------------------------------------------------------------------------------------------------


def test_output_and_messages_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(mixed(6000), encoding="utf-8")
    got = []
    for threads in ("1", "2", "7"):
        rejects = tmp_path / f"bad{threads}"
        done = run(*EXTRACT, "--threads", threads, "--rejects", rejects, "in.jsonl", cwd=tmp_path)
        got.append((done.status, done.out_bytes, done.err, rejects.read_bytes()))
    assert got[1:] == got[:1] * 2
    assert got[0][0] == 1
    assert len(got[0][1]) > 4 * 1024 * 1024, "less than the blocks that go round at once"


def rows_of_many_lines(count: int) -> str:
    """CSV of which every third row is bad, whose place is said: lines in quotes before it count."""
    rows = [f'"{TEXT}\n\n第{number}条",2021-12-{number % 3:02}\n' for number in range(count)]
    return "text,date\n" + "".join(rows)


@pytest.mark.parametrize("threads", ["1", "3"])
@pytest.mark.parametrize("what, text", [(["--ndjson"], mixed(400)), (["--csv", "text"], rows_of_many_lines(200))], ids=["json", "csv"])
def test_output_does_not_depend_on_how_the_input_arrives(what: List[str], text: str, threads: str) -> None:
    text_bytes = text.encode()
    expected = run("extract", *what, input=text_bytes)
    rng = random.Random(7)
    command = [CLI, "extract", *what, "--threads", threads]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        writer = threading.Thread(target=feed, args=(process.stdin, text_bytes, lambda: rng.choice([1, 7, 300, 5000])))
        writer.start()
        out, err = read_both(process)
        writer.join()
    assert (process.returncode, out, err.decode()) == (1, expected.out_bytes, expected.err)
    assert len(expected.err.splitlines()) > 4, "places are said"


# documents that go another way than plain text with a day: each must come out as if it were alone
NEIGHBOURS = [
    {"text": TEXT},
    {"text": "苹果发布新品", "title": "苹果（AAPL.O）"},
    {"text": TEXT, "date": "2021-12-22"},
    {"text": "金山云走强", "url": "http://a.cn/2021-01-05/x.html"},
    {"text": "金山云走强", "url": "http://a.cn/2021-01-05/x.html", "date": "2024-01-05"},
    {"text": f"<p>{TEXT}</p>", "format": "html"},
    {"text": TEXT, "source": "中信证券"},
    {"text": TEXT, "charset": "gbk", "n": 1},
    {"text": ""},
    {"text": "\ud83d", "other": {"a": [1, "}"]}},
]


@pytest.mark.parametrize("options", [[], ["--unlisted", "--offsets", "utf16"], ["--as-of", "2020-01-01"]])
def test_documents_do_not_depend_on_their_neighbours(options: List[str]) -> None:
    lines = [json.dumps({"id": number, **members}) + "\n" for number, members in enumerate(NEIGHBOURS)]
    for order in (lines, lines[::-1]):
        got = run(*EXTRACT, *options, input="".join(order))
        assert (got.status, got.err) == (0, "")
        assert got.out == "".join(run(*EXTRACT, *options, input=one).out for one in order)


def test_a_document_that_cannot_be_read_harms_no_other(tmp_path: Path) -> None:
    bad = b'{"id": "bad", "text": "\xff", "charset": "klingon"}\n'
    good = [line(id=number, text=TEXT).encode() for number in range(3)]
    text = good[0] + bad + good[1] + b"{\n" + good[2]
    got = run(*EXTRACT, "--rejects", tmp_path / "bad", input=text)
    assert got.status == 1
    assert [document["id"] for document in got.lines] == ["0", "1", "2"]
    assert (tmp_path / "bad").read_bytes() == bad + b"{\n"
    says = [said.split(": ")[:2] for said in got.err.splitlines()[:2]]
    assert says == [["stockmention extract", "standard input:2"], ["standard input:4", "byte 1"]], got.err


def test_answers_come_from_threads_too_while_the_stream_is_open() -> None:
    command = [CLI, *EXTRACT, "--threads", "3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for number in range(5):
            whole = line(id=number, text=TEXT).encode()
            for part in (whole[:9], whole[9:]):
                process.stdin.write(part)
                process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == str(number)
        process.stdin.close()
        assert process.wait(30) == 0


# --- what comes with a document -----------------------------------------------------------------------------------------

# a line's own members as they are written, the member "other" of the answer as it is written, the reason
OTHERS = [
    ("", None, "there are none"),
    ('"lang": "zh", ', '{"lang": "zh"}', "a string"),
    ('"a" :\t1.50e+3 , "b":[1, {"c" : "\\u00e9\\/"}],', '{"a": 1.50e+3, "b": [1, {"c" : "\\u00e9\\/"}]}', "as written"),
    ('"status": null, "mentions": true, ', '{"status": null, "mentions": true}', "keys that are ours too"),
    ('"\\u0061\\"\\n": {}, ', '{"a\\"\\u000a": {}}', "a key with escapes means the same"),
    ('"title": null, "url": "http://a.cn/", "charset": "gbk", ', None, "keys that we know are used up"),
]


@pytest.mark.parametrize("members, other, reason", OTHERS, ids=[row[2] for row in OTHERS])
def test_other_keys_pass_through_unchanged(members: str, other: Any, reason: str) -> None:
    got = run(*EXTRACT, input='{%s"id": 1, "text": "金山办公走强"}' % members)
    assert (got.status, got.err) == (0, ""), reason
    assert len(got.one["mentions"]) == 1
    assert got.out.endswith("]}\n" if other is None else ', "other": %s}\n' % other)


def test_the_charset_of_a_line_must_be_a_string() -> None:
    got = run(*EXTRACT, input='{"text": "", "charset": 5}')
    assert (got.status, got.err.splitlines()[0]) == (2, 'standard input:1: "charset" is no string; expected a string')


# --- CSV ----------------------------------------------------------------------------------------------------------------


def table(rows: List[Dict[str, object]], **how: Any) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), **how)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("how", [{}, {"lineterminator": "\n"}, {"quoting": csv.QUOTE_ALL}])
@pytest.mark.parametrize("threads", ["1", "3"])
def test_rows_of_csv_give_what_the_same_lines_of_json_give(how: Dict[str, Any], threads: str) -> None:
    rows: List[Dict[str, object]] = [
        {"id": f"a{n}", "body": f'第{n}条，"{TEXT}"\n\r\n, {TEXT}' * (1 + n % 40), "date": "2021-12-22", "板块": f'x"{n}'}
        for n in range(2000)
    ]
    lines = [line(id=r["id"], text=r["body"], date=r["date"], 板块=r["板块"]) for r in rows]
    got = run("extract", "--csv", "body", "--threads", threads, input=table(rows, **how))
    assert (got.status, got.err) == (0, "")
    assert got.out == run(*EXTRACT, input="".join(lines)).out


# what stands in the file, (id, text length in mentions) or None where the row is bad, what is said of it
CSV_CASES = [
    ("t\n金山办公走强\n", [("1", 1)], "", "no column id: the row's number"),
    ("t\r\n\r\n金山办公走强\r\n\r\n腾讯控股微跌", [("1", 1), ("2", 1)], "", "empty lines, and no last line end"),
    ("t\n\r\r\n金山办公走强\n", [("1", 0), ("2", 1)], "", "a carriage return before a line end is a text"),
    ("\ufefft,x\n金山办公走强,\n", [("1", 1)], "", "a mark of byte order"),
    ('"t"\n"金山""办公""走强"\n', [("1", 0)], "", "quotes in a field"),
    ("t,id\n,\n", [("1", 0)], "", "an empty text, and an empty id"),
    ("t,date\na,\n", [("1", 0)], "", "an empty date says nothing"),
    ("t,x\na\nb,c\n", [("2", 0)], "standard input:2: 1 fields; expected 2, as the header has", "a field missing"),
    ('t,x\n"a"b,c\nb,c\n', [("2", 0)], "standard input:2: something stands between a closing quote", "behind a quote"),
    ('t,x\n"a\n\nb",c\n5" b,c\nb,c\n', [("1", 0), ("3", 0)], "standard input:5: a quote in a field", "a stray quote"),
    ('t,x\nb,c\n"a,c\nd,e', [("1", 0)], "standard input:3: a quote is not closed", "an open quote"),
    ("t,date\na,soon\nb,\n", [("2", 0)], "standard input:2: \"date\" is 'soon'", "no date"),
]


@pytest.mark.parametrize("text, found, says, reason", CSV_CASES, ids=[row[3] for row in CSV_CASES])
def test_csv_is_read_as_rfc_4180_has_it(text: str, found: List[Tuple[str, int]], says: str, reason: str) -> None:
    got = run("extract", "--csv", "t", input=text)
    assert [(document["id"], len(document["mentions"])) for document in got.lines] == found, reason
    assert got.err.startswith(says) and bool(got.err) == bool(says), got.err
    assert got.status == (1 if says else 0)


def test_a_column_that_the_header_lacks_is_said() -> None:
    got = run("extract", "--csv", "text", input="id,body\r\n1,a\r\n")
    assert (got.status, got.out) == (2, "")
    assert got.err.splitlines()[0] == (
        "stockmention extract: standard input:1: the header has no column 'text'; name one of 'id,body'"
    )


# options, input, what is said of it: a terminal would obey what stands in the input
TAMED = [
    (["--ndjson"], '{"text": "a", "date": "\\u001b[2J\\n\\u009b1m"}\n', "\"date\" is '?[2J???1m'; expected a day"),
    (["--ndjson"], '{"text": "a", "format": "\\u007f"}\n', "\"format\" is '?'; expected auto"),
    (["--ndjson"], '{"text": \x1b}\n', "expected a value; here stands '?}'"),
    (["--csv", "t"], 't,date\na,"x\ny\x1b"\n', "\"date\" is 'x?y?'; expected a day"),
    (["--csv", "t"], "x\x1b]0;y\x07\n", "name one of 'x?]0;y?'"),
]


@pytest.mark.parametrize("what, text, says", TAMED)
def test_messages_have_no_control_characters_of_the_input(what: List[str], text: str, says: str) -> None:
    got = run("extract", *what, input=text)
    assert says in got.err.splitlines()[0]
    assert re.search("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f]", got.err) is None


def test_rejects_of_csv_are_a_file_that_can_be_mended_and_read(tmp_path: Path) -> None:
    got = run("extract", "--csv", "t", "--rejects", tmp_path / "bad.csv", input='t,x\r\na,b\r\nb\r\n"c"d,e\r\n')
    assert got.status == 1
    assert (tmp_path / "bad.csv").read_bytes() == b't,x\r\nb\r\n"c"d,e\r\n'


# --- lists of files -----------------------------------------------------------------------------------------------------


def test_files_of_a_list_come_after_those_that_are_named(tmp_path: Path) -> None:
    for name in ("a", "b", "c d"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "list").write_text("a\r\n\nc d\nmissing\nb")
    got = run("extract", "b", "--files-from", "list", cwd=tmp_path)
    assert [document["id"] for document in got.lines] == ["b", "a", "c d", "b"]
    assert (got.status, got.err) == (1, "stockmention extract: missing: cannot be read: No such file or directory\n")
    assert run("extract", "--files-from", "-", input="a\n", cwd=tmp_path).one["id"] == "a"


def test_a_list_can_name_files_of_lines(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(line(id=name + "1", text="") + line(id=name + "2", text=""))
    got = run(*EXTRACT, "--threads", "2", "--files-from", "-", input="a\nb\n", cwd=tmp_path)
    assert [document["id"] for document in got.lines] == ["a1", "a2", "b1", "b2"]


# --- output in a file ---------------------------------------------------------------------------------------------------


def test_the_output_gets_its_name_when_all_is_done(tmp_path: Path) -> None:
    expected = run(*EXTRACT, input=mixed(300))
    got = run(*EXTRACT, "-o", tmp_path / "out", input=mixed(300))
    assert (got.status, got.out, got.err) == (1, "", expected.err)
    assert (tmp_path / "out").read_bytes() == expected.out_bytes
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_where_nothing_could_be_read_no_output_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("good")
    assert run(*EXTRACT, "-o", "out", "missing", cwd=tmp_path).status == 2
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "good")]


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("kept", [0, 1, 100_000, 3_000_000])
def test_resume_gives_what_one_run_gives(tmp_path: Path, kept: int, threads: str) -> None:
    (tmp_path / "in").write_text(mixed(3000), encoding="utf-8")
    options = ["--threads", threads, "--rejects", "bad", "in"]
    assert run(*EXTRACT, "-o", "whole", *options, cwd=tmp_path).status == 1
    whole, bad = (tmp_path / "whole").read_bytes(), (tmp_path / "bad").read_bytes()
    assert len(whole) > kept
    (tmp_path / "out.part").write_bytes(whole[:kept])
    got = run(*EXTRACT, "-o", "out", "--resume", "--stats", "stats", *options, cwd=tmp_path)
    assert got.status == 1
    assert (tmp_path / "out").read_bytes() == whole
    assert (tmp_path / "bad").read_bytes() == bad
    documents = json.loads((tmp_path / "stats").read_text())["documents"]
    assert documents["resumed"] == whole[:kept].count(b"\n")
    assert documents["resumed"] + documents["ok"] == whole.count(b"\n")


def test_resume_goes_on_behind_any_byte(tmp_path: Path) -> None:
    bad = b'{"text": "\xff", "charset": "klingon"}\n'
    text = [line(id=n, text="金山办公走强", date="2021-12-22" if n % 2 else None).encode() for n in range(6)]
    (tmp_path / "in").write_bytes(bad + bad.join(text[:3]) + b"oops\n\n" + b"".join(text[3:]))
    expected = run(*EXTRACT, "--rejects", "bad", "in", cwd=tmp_path)
    rejects = (tmp_path / "bad").read_bytes()
    whole = expected.out_bytes
    ends = [at + 1 for at, byte in enumerate(whole) if byte == 10]
    assert len(ends) == 6
    for kept in sorted({*range(0, len(whole), 97), *(end + by for end in ends for by in (-1, 0, 1)), len(whole)}):
        (tmp_path / "out.part").write_bytes(whole[:kept])
        got = run(*EXTRACT, "-o", "out", "--resume", "--rejects", "bad", "in", cwd=tmp_path)
        assert (got.status, got.err, (tmp_path / "out").read_bytes()) == (1, expected.err, whole), kept
        assert (tmp_path / "bad").read_bytes() == rejects


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_run_that_is_killed_again_and_again_ends_right(tmp_path: Path, threads: str) -> None:
    """Each time at another place, with more input than it had before."""
    text = [line(id=n, text=TEXT * (1 + n % 7)).encode() for n in range(300)]
    (tmp_path / "in").write_bytes(b"".join(text))
    expected = run(*EXTRACT, "in", cwd=tmp_path).out_bytes
    for count in (3, 40, 41, 150, 290):
        options = ["-o", "out", "--resume", "--threads", threads]
        before = (tmp_path / "out.part").stat().st_size if (tmp_path / "out.part").exists() else 0
        cut(signal.SIGKILL, text[:count], options, tmp_path, before + 1)
        part = (tmp_path / "out.part").read_bytes()
        (tmp_path / "out.part").write_bytes(part[: len(part) - count % 5])  # as a crash of the machine may leave it
        assert expected.startswith(part)
    assert run(*EXTRACT, "-o", "out", "--resume", "--threads", threads, "in", cwd=tmp_path).status == 0
    assert (tmp_path / "out").read_bytes() == expected


def test_resume_refuses_what_is_of_another_input(tmp_path: Path) -> None:
    part = run(*EXTRACT, input=3 * line(text="")).out
    (tmp_path / "out.part").write_text(part)
    got = run(*EXTRACT, "-o", "out", "--resume", input=line(text=""), cwd=tmp_path)
    assert (got.status, got.err) == (
        2,
        "stockmention extract: out.part: has 2 lines more than the input has documents; resume with the input that it was "
        "begun with\n",
    )
    assert (tmp_path / "out.part").read_text() == part


# how FILE.part was written, how it is resumed, what is said of it; "mine.smd" is another dictionary
DEEP = '{"text": "a", "offsets": "utf16", "deep": %s}\n' % ("[" * 64 + "]" * 64)
OTHER_RUNS = [
    ("extract", "extract --offsets=utf16", "with --offsets byte"),
    ("extract --offsets=codepoint", "extract", "with --offsets codepoint"),
    ("extract --dict=mine.smd", "extract", "with the dictionary 2026-"),
    ("check", "extract", "by 'stockmention check'"),
    ("extract", "check", "by 'stockmention extract'"),
    ("explain", "extract", "by 'stockmention explain'"),
    ("extract", "explain", "by 'stockmention extract'"),
    ("extract", "extract", ""),
    ("check", "check", ""),
    ("explain --offsets=utf16", "explain --offsets=utf16", ""),
    ("extract --dict=mine.smd", "extract --dict=mine.smd", ""),
]


@pytest.mark.parametrize("before, then, says", OTHER_RUNS, ids=[f"{row[0]}, {row[1]}" for row in OTHER_RUNS])
def test_resume_refuses_what_was_written_otherwise(before: str, then: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text("id\tname\tlang\tkind\nXSHG:688111\tWPS厂\tzh\talias\n", encoding="utf-8")
    assert run("dict", "build", "--base=default", "--add=names.tsv", "-o", "mine.smd", cwd=tmp_path).status == 0
    whole = run(*before.split(), "--ndjson", input=DEEP * 3, cwd=tmp_path).out
    part = whole[: 2 * len(whole) // 3]
    (tmp_path / "out.part").write_text(part)
    got = run(*then.split(), "--ndjson", "-o", "out", "--resume", input=DEEP * 3, cwd=tmp_path)
    if not says:
        assert (got.status, got.err, (tmp_path / "out").read_text()) == (0, "", whole)
        return
    assert (got.status, got.out) == (2, "")
    assert got.err.startswith(f"stockmention {then.split()[0]}: out.part: was written {says}"), got.err
    assert got.err.endswith("; resume it so, or remove it and begin anew\n") and got.err.count("\n") == 1
    assert (tmp_path / "out.part").read_text() == part


@pytest.mark.parametrize("part", ["{}\n", "oops\n", "oops", "one line\nand half a line", '{"dictionary": 1, "offsets": "byte"}\n', "\n\n"])
def test_resume_refuses_what_no_run_wrote(part: str, tmp_path: Path) -> None:
    (tmp_path / "out.part").write_text(part)
    got = run(*EXTRACT, "-o", "out", "--resume", input=line(text=""), cwd=tmp_path)
    assert (got.status, got.err) == (
        2,
        "stockmention extract: out.part: does not end with a line that this command writes; remove it, or say another file "
        "with -o\n",
    )
    assert (tmp_path / "out.part").read_text() == part


def cut(how: int, lines: List[bytes], options: List[str], cwd: Path, size: int = 1000) -> Tuple[int, str]:
    """Ends a run by a signal when so many bytes of its output have come, while it waits for more input."""
    command = [CLI, *EXTRACT, *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd) as process:
        assert process.stdin and process.stderr
        process.stdin.write(b"".join(lines))
        process.stdin.flush()
        while not (cwd / "out.part").exists() or (cwd / "out.part").stat().st_size < size:
            assert process.poll() is None
        process.send_signal(how)
        said = process.stderr.read().decode()
        return process.wait(30), said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_run_that_was_cut_is_resumed(tmp_path: Path, how: signal.Signals, threads: str) -> None:
    text = [line(id=n, text=TEXT * 3).encode() for n in range(500)]
    (tmp_path / "in").write_bytes(b"".join(text))
    expected = run(*EXTRACT, "in", cwd=tmp_path).out_bytes
    status, said = cut(how, text[:200], ["-o", "out", "--threads", threads], tmp_path)
    if how == signal.SIGKILL:
        assert (status, said) == (-how, "")
    else:
        assert (status, said) == (
            1,
            "stockmention extract: interrupted; 200 documents were done, with --resume the next run goes on behind them\n",
        )
    assert not (tmp_path / "out").exists()
    assert run(*EXTRACT, "-o", "out", "--resume", "--threads", threads, "in", cwd=tmp_path).status == 0
    assert (tmp_path / "out").read_bytes() == expected


def test_an_interrupt_without_a_file_says_how_much_was_done() -> None:
    command = [CLI, *EXTRACT, "--threads", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(line(text=TEXT).encode() * 3)
        process.stdin.flush()
        for _ in range(3):
            assert process.stdout.readline().endswith(b"}\n")
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"stockmention extract: interrupted; 3 documents were done\n"
        assert (process.stdout.read(), process.wait(30)) == (b"", 1)


# --- output that cannot be written ------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_reader_that_goes_away_ends_threads_in_good_order(threads: str) -> None:
    text = (line(text=TEXT * 20) * 20_000).encode()
    command = [CLI, *EXTRACT, "--threads", threads]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        writer = threading.Thread(target=write_until_it_ends, args=(process.stdin, text))
        writer.start()
        assert process.stdout.readline().endswith(b"}\n")
        process.stdout.close()
        said = process.stderr.read().decode()
        writer.join()
        assert process.wait(30) == 0
    done = re.fullmatch(r"stockmention extract: nobody reads the output any more; (\d+) documents were done\n", said)
    assert done and 0 < int(done[1]) < 20_000, said


def write_until_it_ends(pipe: IO[bytes], text: bytes) -> None:
    try:
        pipe.write(text)
        pipe.close()
    except BrokenPipeError:
        pass


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a disk that is always full")
@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_full_disk_ends_threads_in_good_order(threads: str) -> None:
    with open("/dev/full", "wb") as full:
        got = subprocess.run(
            [CLI, *EXTRACT, "--threads", threads], input=mixed(2000).encode(), stdout=full, stderr=subprocess.PIPE,
            check=False, timeout=60
        )  # fmt: skip
    says = "stockmention extract: standard output cannot be written: No space left on device"
    assert (got.returncode, got.stderr.decode().splitlines()[-1]) == (1, says)


def limited(size: int) -> Callable[[], None]:
    """No file may grow beyond this."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [5_000, 200_000])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_file_that_has_no_room_is_kept_and_resumed(tmp_path: Path, threads: str, size: int) -> None:
    (tmp_path / "in").write_text("".join(line(id=n, text=TEXT * 5) for n in range(300)))
    expected = run(*EXTRACT, "in", cwd=tmp_path).out_bytes
    command = [CLI, *EXTRACT, "--threads", threads, "-o", "out", "in"]
    got = subprocess.run(
        command, stderr=subprocess.PIPE, cwd=tmp_path, check=False, timeout=60,
        preexec_fn=limited(size), restore_signals=False
    )  # fmt: skip
    says = "stockmention extract: out cannot be written: File too large\n"
    assert (got.returncode, got.stderr.decode()) == (1, says)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["in", "out.part"]
    assert (tmp_path / "out.part").read_bytes() == expected[:size]
    assert run(*EXTRACT, "-o", "out", "--resume", "in", cwd=tmp_path).status == 0
    assert (tmp_path / "out").read_bytes() == expected


# --- counts -------------------------------------------------------------------------------------------------------------


def test_stats_count_documents_bytes_mentions_candidates_and_codes_that_nobody_knows(tmp_path: Path) -> None:
    good = line(text=TEXT) + line(text="688999.SH涨停，发展太阳能") + line(text="浪潮云", title="金山办公走强")
    size = len((TEXT + "688999.SH涨停，发展太阳能" + "浪潮云").encode())
    for options, mentions in ([], 5), (["--unlisted"], 6), (["--threads", "2"], 5):
        done = run(*EXTRACT, *options, "--stats", tmp_path / "stats", input=good + "{\n")
        assert done.status == 1
        stats = json.loads((tmp_path / "stats").read_text())
        assert stats["documents"] == {"ok": 3, "bad": 1, "resumed": 0, "invalid_bytes": 0, "limits": 0}
        assert (stats["bytes"], stats["mentions"], stats["unknown_codes"]) == (size, mentions, 1)
        assert stats["is_whole"] is True
        explained = run("explain", "--ndjson", input=good).lines
        decisions = [one["decision"] for document in explained for one in document["explanations"]]
        assert stats["rejected"] == {reason: decisions.count(reason) for reason in stats["rejected"]}
        assert decisions.count("below-threshold") > 0 and set(decisions) - {"taken"} <= set(stats["rejected"])


def test_progress_is_shown_on_a_terminal_alone(tmp_path: Path) -> None:
    (tmp_path / "in").write_text(line(text=TEXT * 100) * 200, encoding="utf-8")
    ours, theirs = terminal()
    with subprocess.Popen([CLI, *EXTRACT, "-o", "out", "in"], stderr=theirs, cwd=tmp_path) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:
            pass  # how Linux says that nobody holds the other end any more
    os.close(ours)
    assert process.returncode == 0
    assert b" a second, " in shown and b" left\x1b[K" in shown and shown.endswith(b"\r\x1b[K"), shown
    assert run(*EXTRACT, "-o", "out", "in", cwd=tmp_path).err == ""


# --- wrong usage --------------------------------------------------------------------------------------------------------

CONFLICTS = [
    (["--ndjson", "--csv", "t"], "--ndjson and --csv exclude each other"),
    (["--resume"], "--resume goes on with a file; say which one with -o FILE"),
    (["--threads", "2"], "--threads is for --ndjson and --csv"),
    (["--threads", "5000", "--ndjson"], "--threads is 1024 at most"),
    (["--threads", "0", "--ndjson"], "--threads '0' is not right"),
    (["--threads", "2", "--ndjson", "--table"], "--threads is for JSON lines"),
    (["--rejects", "x"], "--rejects is for --ndjson and --csv"),
    (["--table", "-o", "x"], "-o writes JSON lines"),
    (["--ndjson", "-o", "no/such/folder"], "no/such/folder.part: cannot be written: No such file or directory"),
    (["--ndjson", "--files-from", "no-such-list"], "no-such-list: cannot be read: No such file or directory"),
]


@pytest.mark.parametrize("options, says", CONFLICTS, ids=[" ".join(row[0]) for row in CONFLICTS])
def test_what_does_not_go_together_is_said(options: List[str], says: str) -> None:
    got = run("extract", *options)
    assert (got.status, got.out) == (2, "")
    assert got.err.startswith("stockmention extract: " + says), got.err


# --- memory -------------------------------------------------------------------------------------------------------------


def test_reading_waits_for_who_reads_the_output() -> None:
    text = line(text=TEXT * 10).encode() * 1000
    command = [CLI, *EXTRACT, "--threads", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        pipe = process.stdin.fileno()
        os.set_blocking(pipe, False)
        taken = 0
        while taken < 64_000_000 and select.select([], [pipe], [], 1)[1]:
            taken += os.write(pipe, text[taken % len(text) :])
        os.set_blocking(pipe, True)
        assert taken < 16_000_000, "it takes whatever comes"
        rest = text[taken % len(text) :] if taken % len(text) else b""
        writer = threading.Thread(target=write_until_it_ends, args=(process.stdin, rest))
        writer.start()
        assert process.stdout.read().count(b"\n") == (taken + len(rest)) // len(text) * 1000
        writer.join()
        assert process.wait(30) == 0


@pytest.mark.skipif(bool(SANITIZED), reason="the sanitizers keep freed memory and shadows of all of it")
def test_two_hundred_megabytes_go_through_a_bounded_memory() -> None:
    block = line(text=TEXT + "lorem ipsum dolor " * 500, lang="zh").encode() * 100
    command = [CLI, *EXTRACT, "--threads", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin
        for _ in range(200_000_000 // len(block) + 1):
            process.stdin.write(block)
        process.stdin.flush()
        # Not ru_maxrss, which begins with what the process that forked had.
        status = Path(f"/proc/{process.pid}/status").read_text()
        process.stdin.close()
        assert process.wait(60) == 0
    peak = next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmHWM:"))
    assert peak < 64 * 1024, f"{peak} KiB"
