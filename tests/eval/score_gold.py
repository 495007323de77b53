#!/usr/bin/env python3
"""Runs the built command over labelled documents and prints how good it is.

    score_gold.py [--cli PATH] [--gold FILE] [--notices FILE] [--errors N] [--by-source]

The gold set has every mention of its documents labelled; the judge beside it, score.py, compares. The notices have one
label each, the company that they are about. Both default to what ../shared/gold has and are passed over, with a line
that says so, where that is not there. README.md beside this file tells how to read the figures.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "gold"
GOLD = SHARED / "dev.gold.jsonl"
NOTICES = SHARED / "notices.dev.jsonl"
INPUT_KEYS = ("text", "title", "url", "source", "date")

Document = Dict[str, Any]


class Failed(Exception):
    """Nothing can be scored; the message says why."""


def find_cli(given: Optional[str] = None) -> str:
    candidates = [given or os.environ.get("STOCKMENTION_CLI")]
    if not candidates[0]:
        candidates = [str(ROOT / "build" / preset / "stockmention") for preset in ("release", "dev")]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    raise Failed(f"{candidates[0]} is not there: build it with the release preset, or name another with --cli PATH")


def json_lines(text: str) -> List[Document]:
    # Not splitlines(): strings of JSON may hold U+2028, which it takes for the end of a line.
    return [json.loads(line) for line in text.split("\n") if line]


def read_documents(path: Path) -> List[Document]:
    try:
        documents = json_lines(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise Failed(f"{path}: {error}; expected one JSON object a line") from error
    if not all(isinstance(document, dict) and "doc" in document and "text" in document for document in documents):
        raise Failed(f"{path}: a line has no doc or no text; expected both in each")
    return documents


def run(command: List[str], text: str = "") -> str:
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} ends with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def ask(cli: str, verb: str, documents: List[Document], *options: str) -> str:
    """What the command says of each document as of its date: JSON, a line a document; places count code points."""
    asked = (
        {"id": document["doc"], **{key: document[key] for key in INPUT_KEYS if document.get(key) is not None}}
        for document in documents
    )
    lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in asked)
    return run([cli, verb, "--ndjson", "--offsets", "codepoint", *options], lines)


def extract(cli: str, documents: List[Document]) -> str:
    return ask(cli, "extract", documents)


def judge(cli: str, gold: Path, errors: int = 0, by_source: bool = False) -> str:
    """What the judge prints: the one beside the gold set, else the one of ../shared/gold."""
    documents = read_documents(gold)
    script = next((path for path in (gold.parent / "score.py", SHARED / "score.py") if path.exists()), None)
    if script is None:
        raise Failed(f"{gold.parent / 'score.py'} is not there: the gold set comes with its judge")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted:
        predicted.write(extract(cli, documents))
        predicted.flush()
        options = ["--errors", str(errors)] + ["--by-source"] * by_source
        return run([sys.executable, str(script), str(gold), predicted.name, *options])


def figures(judged: str) -> Dict[str, float]:
    """The figures of all sources together, from what the judge prints."""
    (line,) = [line for line in judged.splitlines() if line.startswith("all:")]
    pairs = re.findall(r"(precision|recall|F1|first|any) (\d+\.\d+)", line)
    return {word: float(figure) for word, figure in pairs}


def issuers(cli: str) -> Dict[str, str]:
    """The issuer of each security that the dictionary has, by id."""
    table = run([cli, "dict", "dump", "securities"])
    header, *rows = (line.split("\t") for line in table.split("\n") if line)
    column = header.index("issuer")
    return {row[0]: row[column] or row[0] for row in rows}


def by_issuer(found: Document) -> List[str]:
    """The issuers that a document names, the most salient first; ties by first place."""
    salience: Dict[str, float] = defaultdict(float)
    for row in found["securities"]:
        salience[row["issuer"]] += row["salience"]
    return sorted(salience, key=lambda issuer: -salience[issuer])


def judge_notices(cli: str, notices: List[Document]) -> Iterator[Tuple[Document, List[str], bool, bool]]:
    """Of each notice: the issuers that were found, whether the one that it is about is there, and is the first."""
    issuer_of = issuers(cli)
    found = {document["id"]: document for document in json_lines(extract(cli, notices))}
    for notice in notices:
        named = by_issuer(found[notice["doc"]])
        about = issuer_of.get(notice["about"], notice["about"])
        yield notice, named, about in named, named[:1] == [about]


def notice_figures(judged: List[Tuple[Document, List[str], bool, bool]]) -> Dict[str, float]:
    total = max(1, len(judged))
    return {"found": sum(row[2] for row in judged) / total, "first": sum(row[3] for row in judged) / total}


def print_notices(cli: str, path: Path, errors: int) -> None:
    judged = list(judge_notices(cli, read_documents(path)))
    shares = notice_figures(judged)
    print(f"notices: {len(judged)} · company found {shares['found']:.4f} · most salient {shares['first']:.4f}")
    for title, wrong in (
        ("company not found", [row for row in judged if not row[2]]),
        ("another one more salient", [row for row in judged if row[2] and not row[3]]),
    ):
        if errors and wrong:
            print(f"-- {title}: {len(wrong)}")
            for notice, named, _, _ in wrong[:errors]:
                found = " ".join(named) or "none"
                print(f"   {notice['doc']} about {notice['about']}, found {found}: {notice['text'][:60]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cli", metavar="PATH", help="default: $STOCKMENTION_CLI, build/release, build/dev")
    parser.add_argument("--gold", type=Path, metavar="FILE", help="the gold set; the notices are then left out")
    parser.add_argument("--notices", type=Path, metavar="FILE", help="the notices; the gold set is then left out")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print up to N errors of each kind")
    parser.add_argument("--by-source", action="store_true", help="print the figures of each source too")
    options = parser.parse_args()
    by_default = not (options.gold or options.notices)
    gold = options.gold or (GOLD if by_default and GOLD.exists() else None)
    notices = options.notices or (NOTICES if by_default and NOTICES.exists() else None)
    if not (gold or notices):
        print(f"Nothing is scored: neither {GOLD} nor {NOTICES} is there; they do not come with the repository.")
        return 0
    try:
        cli = find_cli(options.cli)
        if gold:
            print(judge(cli, gold, options.errors, options.by_source), end="")
        if notices:
            print_notices(cli, notices, options.errors)
    except Failed as error:
        print(f"score_gold.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
