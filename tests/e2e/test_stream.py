"""stockmention extract on long inputs: threads, CSV, lists of files, and runs that are cut and resumed."""

import csv
import io
import json
import os
import pty
import signal
import subprocess
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from conftest import CLI, TEXT, run

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


# --- threads ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [2, 4, 7])
def test_output_and_messages_do_not_depend_on_the_number_of_threads(tmp_path: Path, threads: int) -> None:
    (tmp_path / "in.jsonl").write_text(mixed(6000), encoding="utf-8")
    got = []
    for number in (1, threads):
        rejects = tmp_path / f"bad{number}"
        done = run(*EXTRACT, "--threads", str(number), "--rejects", rejects, "in.jsonl", cwd=tmp_path)
        got.append((done.status, done.out_bytes, done.err, rejects.read_bytes()))
    assert got[0] == got[1]
    assert got[0][0] == 1
    assert len(got[0][1]) > 4 * 1024 * 1024, "less than the blocks that go round at once"


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
        "stockmention extract: standard input:1: the header has no column 'text'; it is 'id,body'"
    )


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


def test_resume_refuses_what_is_of_another_input(tmp_path: Path) -> None:
    (tmp_path / "out.part").write_text("{}\n{}\n{}\n")
    got = run(*EXTRACT, "-o", "out", "--resume", input=line(text=""), cwd=tmp_path)
    assert (got.status, got.err) == (
        2,
        "stockmention extract: out.part: has 2 lines more than the input has documents; resume with the input that it was "
        "begun with\n",
    )
    assert (tmp_path / "out.part").read_text() == "{}\n{}\n{}\n"


def cut(how: int, lines: List[bytes], options: List[str], cwd: Path) -> Tuple[int, str]:
    """Ends a run by a signal when some of its output has come, while it waits for more input."""
    command = [CLI, *EXTRACT, *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd) as process:
        assert process.stdin and process.stderr
        process.stdin.write(b"".join(lines))
        process.stdin.flush()
        while not (cwd / "out.part").exists() or (cwd / "out.part").stat().st_size < 1000:
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


# --- counts -------------------------------------------------------------------------------------------------------------


def test_stats_count_documents_bytes_mentions_and_codes_that_nobody_knows(tmp_path: Path) -> None:
    good = line(text=TEXT) + line(text="688999.SH涨停")
    for options, unknown in ([], None), (["--unlisted"], 1):
        run(*EXTRACT, *options, "--stats", tmp_path / "stats", input=good + "{\n")
        stats = json.loads((tmp_path / "stats").read_text())
        assert stats["documents"] == {"ok": 2, "bad": 1, "resumed": 0, "invalid_bytes": 0, "limits": 0}
        assert stats["bytes"] == len((TEXT + "688999.SH涨停").encode())
        assert (stats["mentions"], stats["unknown_codes"], stats["is_whole"]) == (4 + (unknown or 0), unknown, True)


def test_progress_is_shown_on_a_terminal_alone(tmp_path: Path) -> None:
    (tmp_path / "in").write_text(line(text=TEXT * 100) * 200, encoding="utf-8")
    ours, theirs = pty.openpty()
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


@pytest.mark.skipif(CLI.endswith("_with_leak_check"), reason="the sanitizers keep freed memory and shadows of all of it")
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
