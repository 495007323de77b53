"""What of a document is scanned, as `stockmention text` prints it."""

from pathlib import Path
from typing import List, Tuple

import pytest
from conftest import ROOT, run

from stockmention import read_text

# format, source, each run's text and region
CASES: List[Tuple[str, str, List[Tuple[str, str]]]] = [
    ("text", "金山办公\n涨<b>3%", [("金山办公\n涨<b>3%", "body")]),
    ("html", "<h1>金&#23665;</h1><p>a <b>b</b><!-- c -->", [("金山", "heading"), ("a b", "body")]),
    ("html", "<td>A&amp;B<td><script>x</script><style>y</style>", [("A&B", "body")]),
    ("html", '<img alt="x"><title>T</title><textarea>&lt;</textarea>', [("T", "title"), ("<", "body")]),
    ("markdown", "# 金山\n\n[办公](http://a.b) `code`\n", [("金山", "heading"), ("办公  ", "body")]),
    ("markdown", "---\ntitle: 茅台\n---\n\\*ST国华\n", [("茅台", "title"), ("*ST国华", "body")]),
    ("text", " \n\t", []),
    ("text", "", []),
]


def check_pieces(source: bytes, line: dict) -> None:
    """Pieces are in order on both sides, and one that is as long in the source as in the run has the same bytes."""
    text = line["text"].encode()
    starts = [piece[0] for piece in line["pieces"]] + [len(text)]
    assert starts[0] == 0
    reached = 0
    for (start, source_start, source_end), end in zip(line["pieces"], starts[1:]):
        assert start < end and reached <= source_start < source_end <= len(source)
        reached = source_end
        if source_end - source_start == end - start and source[source_start:source_start + 1] != b"&":
            assert text[start:end] == source[source_start:source_end]


@pytest.mark.parametrize("format, source, expected", CASES)
def test_runs_and_regions(format: str, source: str, expected: list) -> None:
    got = run("text", "--format", format, input=source)
    assert (got.status, got.err) == (0, "")
    assert [(line["text"], line["region"]) for line in got.lines] == expected
    for line in got.lines:
        check_pieces(source.encode(), line)


@pytest.mark.parametrize("path", ["examples/article.html", "README.md", "../shared/seed/article.md"])
def test_pieces_lead_back_to_the_source(path: str) -> None:
    if not (ROOT / path).exists():
        pytest.skip(f"{path} is not here: it does not come with the repository")
    lines = run("text", path).lines
    assert len(lines) > 5
    for line in lines:
        check_pieces((ROOT / path).read_bytes(), line)


def test_bytes_that_are_no_utf8_stand_as_replacements() -> None:
    (line,) = run("text", "--format", "text", input=b"a\xff\xe9\x87b").lines
    assert line["text"] == "a\ufffd\ufffdb"
    assert line["pieces"] == [[0, 0, 1], [1, 1, 2], [4, 2, 4], [7, 4, 5]]


def test_the_name_of_a_file_tells_its_format(tmp_path: Path) -> None:
    for name, expected in (("a.html", "\\*AT&T"), ("a.md", "*AT&T"), ("a.txt", "\\*AT&amp;T")):
        (tmp_path / name).write_text("\\*AT&amp;T")
        assert run("text", tmp_path / name).one["text"] == expected
    assert run("text", "--format", "html", tmp_path / "a.txt").one["text"] == "\\*AT&T"


def test_elements_are_skipped_by_tag_class_and_id() -> None:
    page = "<p>一<b>二</b><nav>三</nav><div class='x share'>四</div><div id=more>五</div><p>六"
    got = run("text", "--format", "html", "--skip", "nav,.share,#more", input=page)
    assert [line["text"] for line in got.lines] == ["一二", "六"]
    assert [run.text for run in read_text(page, format="html", skip=["b", ".share"])] == ["一", "三", "五", "六"]
    got = run("text", "--skip", "a b", input=page)
    assert (got.status, got.out) == (2, "")
    assert "options.skip: 'a b' is no tag, class or id" in got.err


def test_white_space_alone_is_text_where_there_is_no_other() -> None:
    assert [run.text for run in read_text("<p> \n</p>\r\n", format="html")] == [" \n"]
    assert [run.text for run in read_text("\n<p>一</p>\n<p> ", format="html")] == ["一"]


def test_a_file_that_is_not_there_is_said() -> None:
    got = run("text", "missing.html")
    assert (got.status, got.out) == (2, "")
    assert got.err == "stockmention text: missing.html: cannot be read: No such file or directory\n"
