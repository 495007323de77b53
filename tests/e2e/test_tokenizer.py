"""The tokenizer cases that browsers are tested with, of html5lib-tests, which come with html5lib's source package:
`sh .ci/packages test` fetches it to build/html5lib-tests. All of the text that they expect comes out of `read_text`, byte by byte.

A case that begins inside of an element gets a start tag of one before it. Nothing of a script is text."""

import json
import re
from pathlib import Path
from typing import Any, Iterator, Tuple

import pytest
from conftest import ROOT

from stockmention import read_text

CASES = ROOT / "build/html5lib-tests/tokenizer"
BEFORE = {"Data state": "", "RCDATA state": "<{}>", "RAWTEXT state": "<{}>", "PLAINTEXT state": "<plaintext>",
          "CDATA section state": "<math><mtext><svg><![CDATA["}  # fmt: skip
USUAL = {"RCDATA state": "title", "RAWTEXT state": "xmp"}
# What is asked of others: of decoders, who take a mark of byte order for one; of writers of XML.
OF_OTHERS = {"leading U+FEFF must pass through", "Non-XML character", "Non-XML space"}


def unescape(value: Any) -> Any:
    """Cases that are escaped twice say half a pair of surrogates so."""
    if isinstance(value, list):
        return [unescape(item) for item in value]
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), value) if isinstance(value, str) else value


def cases(path: Path) -> Iterator[Tuple[str, str, str]]:
    """What it is called, the page, and its text."""
    for test in json.loads(path.read_text(encoding="utf-8")).get("tests", []):
        source, output = test["input"], test["output"]
        if test.get("doubleEscaped"):
            source, output = unescape(source), unescape(output)
        expected = "".join(token[1] for token in output if token[0] == "Character")
        last = test.get("lastStartTag")
        for state in test.get("initialStates", ["Data state"]):
            is_of_title = state == "RCDATA state" and last not in (None, "title", "textarea")
            if state in BEFORE and test["description"] not in OF_OTHERS and not is_of_title:
                before = BEFORE[state].format(last or USUAL.get(state))
                yield f"{state}: {test['description']}", before + source, expected


def is_unicode(text: str) -> bool:
    return not re.search("[\ud800-\udfff]", text)


def test_all_of_the_text_comes_out() -> None:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not here: sh .ci/packages test fetches it")
    n_cases, wrong = 0, []
    for path in sorted(CASES.glob("*.test")):
        for name, page, expected in cases(path):
            if not is_unicode(page):
                continue
            n_cases += 1
            got = "".join(run.text for run in read_text(page.encode(), format="html"))
            if got != expected:
                wrong.append(f"{path.name}: {name}: {page!r}: expected {expected!r}, got {got!r}")
    assert not wrong, "\n".join(wrong)
    assert n_cases > 6000
