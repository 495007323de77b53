"""stockmention extract --ndjson: good lines, bad lines, and a stream of them."""

import json
import os
import random
import re
import resource
import select
import subprocess
from pathlib import Path

import pytest
from conftest import CLI, TEXT, brief, run


def line(**members: object) -> str:
    return json.dumps(members, ensure_ascii=False) + "\n"


def test_each_line_gives_a_line_with_its_id() -> None:
    got = run("extract", "--ndjson", input=line(id="a", text=TEXT) + line(id=17, text="x") + line(text="y"))
    assert (got.status, got.err) == (0, "")
    assert [document.get("id") for document in got.lines] == ["a", "17", None]
    assert brief(got.lines[0])[0] == ("金山办公", "name", "XSHG:688111")


def test_escapes_are_read_as_the_characters_they_stand_for() -> None:
    plain = run("extract", "--ndjson", "--offsets", "codepoint", input=line(id="一", text="😀\t" + TEXT))
    escaped = run(
        "extract", "--ndjson", "--offsets", "codepoint", input=json.dumps({"id": "一", "text": "😀\t" + TEXT})
    )
    assert plain.out == escaped.out
    assert plain.one["mentions"][0]["start"] == 2


def test_a_lone_surrogate_counts_as_one_character() -> None:
    got = run("extract", "--ndjson", "--offsets=codepoint", input='{"text": "\\ud800\\udbff\\u0041\\udc00金山办公走强"}')
    assert got.status == 0
    assert got.one["mentions"][0]["start"] == 4


def test_control_characters_of_an_id_are_escaped() -> None:
    got = run("extract", "--ndjson", input='{"id": "a\\u0000\\n\\"\\\\", "text": ""}')
    assert got.one["id"] == 'a\0\n"\\'
    assert '"id": "a\\u0000\\n\\"\\\\"' in got.out


def test_the_format_of_a_line_is_text_unless_said() -> None:
    page = "走势平稳。<!-- 金山办公 -->"
    lines = [line(text=page), line(text=page, format="html"), line(text=page, format="markdown")]
    counts = [len(document["mentions"]) for document in run("extract", "--ndjson", input="".join(lines)).lines]
    assert counts == [1, 0, 0]
    got = run("extract", "--ndjson", "--format", "html", input="".join(lines))
    assert [len(document["mentions"]) for document in got.lines] == [0, 0, 0]


def test_the_date_is_the_as_of_day_unless_an_option_says_another() -> None:
    lines = line(text=TEXT, date="2021-12-22") + line(text=TEXT, date="2021-12-22T20:54:24+08:00") + line(text=TEXT)
    assert [d["as_of"] for d in run("extract", "--ndjson", input=lines).lines] == ["2021-12-22", "2021-12-22", None]
    got = run("extract", "--ndjson", "--as-of", "2023-06-01", input=lines)
    assert [document["as_of"] for document in got.lines] == ["2023-06-01"] * 3


def test_a_title_is_a_field_of_its_own() -> None:
    got = run("extract", "--ndjson", input=line(title="金山办公走强", text="腾讯控股微跌")).one
    found = {(mention["field"], mention["start"], mention["security"]) for mention in got["mentions"]}
    assert found == {("title", 0, "XSHG:688111"), ("text", 0, "XHKG:00700")}
    assert list(got["mentions"][0])[-1] == "field"


def test_null_is_as_good_as_nothing() -> None:
    got = run("extract", "--ndjson", input=line(id=None, text=TEXT, title=None, date=None, format=None, url=None))
    assert (got.status, "id" in got.one, "field" in got.one["mentions"][0]) == (0, False, False)


def test_unknown_keys_are_passed_over_whatever_they_hold() -> None:
    got = run("extract", "--ndjson", input=line(tags=["a", {"b": [1, -2.5e3, True, None, {}, []]}], text=TEXT, n=0.5))
    assert (got.status, got.err, len(got.lines)) == (0, "", 1)


def test_empty_lines_crlf_a_byte_order_mark_and_a_missing_last_line_end_do_no_harm() -> None:
    got = run("extract", "--ndjson", input="\ufeff" + '{"id": 1, "text": ""}\r\n\r\n  \n{"id": 2, "text": ""}')
    assert (got.status, [document["id"] for document in got.lines]) == (0, ["1", "2"])


def test_files_with_byte_order_marks_can_be_joined() -> None:
    got = run("extract", "--ndjson", input="\ufeff" + line(id=1, text=TEXT) + "\n\ufeff\ufeff" + line(id=2, text=TEXT))
    assert (got.status, [document["id"] for document in got.lines]) == (0, ["1", "2"])


# a bad line, what is said after FILE:LINE:, the reason
BAD = [
    ("\x1b[1mx", "byte 0: expected '{'; here stands '?[1mx'", "what a terminal would obey"),
    ("nonsense", "byte 0: expected '{'", "no JSON at all"),
    ("[]", "byte 0: expected '{'", "JSON, but no object"),
    ('{"text": "a"', "byte 12: expected ',' or '}'; here the line ends", "the object does not end"),
    ('{"text": "a}', "byte 9: the string does not end", "the string does not end"),
    ('{"text": "a"} x', "byte 14: expected nothing after the object; here stands 'x'", "something after the object"),
    ('{"text": "a",}', "byte 13: expected a key in quotes", "a comma too many"),
    ('{text: "a"}', "byte 1: expected a key in quotes; here stands 'text: \"a\"}'", "a key without quotes"),
    ('{"text" "a"}', "byte 8: expected ':' after the key", "no colon"),
    ('{"text": "\\x"}', "byte 10: unknown escape", "an escape that JSON has not"),
    ('{"text": "\\u12g4"}', "byte 14: \\u is not followed by four hexadecimal digits", "a broken \\u"),
    ('{"text": "a\tb"}', "byte 11: a control character in a string", "a tab that is not escaped"),
    ('{"text": "a", "n": 1.}', "byte 21: expected a digit after the point", "a number that JSON has not"),
    ('{"text": "a", "n": 01}', "byte 20: expected ',' or '}'", "a number with a zero in front"),
    ('{"text": "a", "n": tru}', "byte 19: expected a value", "a word that JSON has not"),
    ('{"text": "a", "n": [1, 2}', "byte 24: expected ',' or the end of the array", "an array that ends as an object"),
    ('{"text": "a", "n": %s}' % ("[" * 65 + "]" * 65), "nested more than 64 deep", "nested too deep"),
    ("{}", 'no "text"', "no text"),
    ('{"text": null}', 'no "text"', "no text"),
    ('{"text": 5}', '"text" is no string', "a text that is a number"),
    ('{"text": "a", "id": [1]}', '"id" is no string; expected a string or a number', "an id that is an array"),
    ('{"text": "a", "title": 5}', '"title" is no string', "a title that is a number"),
    ('{"text": "a", "date": "yesterday"}', "\"date\" is 'yesterday'; expected a day such as 2021-12-22", "no date"),
    ('{"text": "a", "format": "pdf"}', "\"format\" is 'pdf'; expected auto, text, html or markdown", "no format"),
]


@pytest.mark.parametrize("bad, says, reason", BAD, ids=[f"{i} {row[2]}" for i, row in enumerate(BAD)])
def test_a_bad_line_is_said_passed_over_and_counted(tmp_path: Path, bad: str, says: str, reason: str) -> None:
    (tmp_path / "in.jsonl").write_text(line(id=1, text="a") + bad + "\n" + line(id=3, text="b"))
    got = run("extract", "--ndjson", "in.jsonl", cwd=tmp_path)
    assert got.status == 1
    assert [document["id"] for document in got.lines] == ["1", "3"]
    first, last = got.err.splitlines()
    assert first.startswith("in.jsonl:2: ") and says in first, reason
    assert last == "stockmention extract: in.jsonl: 1 of 3 lines bad"


def refuse(constant: str) -> None:
    raise ValueError(constant)


def is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=refuse), dict)
    except ValueError:
        return False


def test_lines_are_refused_where_pythons_json_refuses_them() -> None:
    chance = random.Random(688111)
    good = [
        '{"text": "a\\u00e9\\ud83d\\ude00\\n", "id": 12.5e3, "x": [1, {"a": [true, null]}, "s"]}',
        '{"id":"b","text":"金山","t":{"k":{}}}',
        ' { "text" : "" , "n": -0.5E+7} ',
        '{"a":[],"b":{},"c":[[[]]],"text":"\\\\"}',
    ]
    lines = []
    for _ in range(5000):
        characters = list(chance.choice(good))
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(characters))
            characters[place : place + chance.randint(0, 1)] = chance.choice('{}[]",:\\\\u0e-+.19aftn \t')
        lines.append("".join(characters))
    err = run("extract", "--ndjson", input="\n".join(lines)).err
    refused = {int(number) for number in re.findall(r"^standard input:(\d+): byte \d+: ", err, re.M)}
    expected = {number for number, text in enumerate(lines, 1) if not is_json_object(text)}
    assert {number: lines[number - 1] for number in refused ^ expected} == {}
    assert 500 < len(refused) < 4900


def test_nothing_but_bad_lines_ends_with_2() -> None:
    got = run("extract", "--ndjson", input="{\n[\n")
    assert (got.status, got.out) == (2, "")
    assert got.err.splitlines()[0].startswith("standard input:1: byte 1: ")


def test_a_folder_is_no_bad_line(tmp_path: Path) -> None:
    got = run("extract", "--ndjson", tmp_path)
    assert got.status == 2
    assert got.err == f"stockmention extract: {tmp_path}: cannot be read: Is a directory\n"


def test_nesting_up_to_the_bound_is_read() -> None:
    deep = "[" * 64 + "]" * 64
    assert run("extract", "--ndjson", input='{"n": %s, "text": "a"}' % deep).status == 0


def test_answers_come_while_the_stream_is_open() -> None:
    with subprocess.Popen([CLI, "extract", "--ndjson"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for number in range(3):
            process.stdin.write(line(id=number, text=TEXT).encode())
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], 30)
            assert ready, "no answer within 30 s"
            assert json.loads(process.stdout.readline())["id"] == str(number)
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_line_longer_than_every_buffer_is_read_whole() -> None:
    got = run("extract", "--ndjson", "--offsets", "codepoint", input=line(text="天" * 500_000 + "。" + TEXT) * 2)
    assert [document["mentions"][0]["start"] for document in got.lines] == [500_001] * 2


def test_memory_does_not_grow_with_the_stream() -> None:
    def peak(count: int) -> int:
        """KiB of the largest process image while `count` lines went through."""
        read_end, write_end = os.pipe()
        with subprocess.Popen([CLI, "extract", "--ndjson"], stdin=read_end, stdout=subprocess.DEVNULL) as process:
            os.close(read_end)
            with os.fdopen(write_end, "wb") as stream:
                for _ in range(count):
                    stream.write(line(text=TEXT * 50).encode())
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        assert isinstance(usage, resource.struct_rusage)
        return usage.ru_maxrss

    assert peak(4000) < peak(400) * 1.2 + 4096
