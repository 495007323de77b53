#!/usr/bin/env python3
"""Runs `stockmention check` over sentences with swapped codes, over the same with the right ones, and over the corpus.

    score_check.py [--cli PATH] [--pairs N] [--seed N] [--errors N]

A pair is a name of the default tables and the code of another company, in one of the forms of swapped.tsv. In the corpus
every finding that contradictions.tsv judges right is a mistake of the text; all others count as false alarms. README.md
beside this file tells how to read the figures.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

from score_gold import ROOT, Failed, find_cli, json_lines

HERE = Path(__file__).resolve().parent
TABLES = ROOT / "src" / "dict" / "tables"
CORPUS = ROOT.parent / "shared" / "corpus" / "news.txt"

MARKETS = {
    "cn": ("XSHG", "XSHE", "BJSE"),
    "hk": ("XHKG",),
    "hk-en": ("XHKG",),
    "us": ("XNAS", "XNYS", "XASE"),
    "us-en": ("XNAS", "XNYS", "XASE"),
}
LANGUAGES = {"cn": "zh", "hk": "zh", "hk-en": "en", "us": "zh", "us-en": "en"}
# How notations call the exchanges, in the order of their market's MICs.
EXCHANGES = {
    "cn": ("SH SZ BJ", "sh sz bj", "SS SZ BJ", "XSHG XSHE BJSE", "SSE SZSE BSE", "SHA SHE BSE", "CG CS CH", "上交所 深交所 北交所"),
    "us": ("NASDAQ NYSE AMEX", "O N A", "UW UN UA", "纳斯达克 纽交所 美交所"),
}  # fmt: skip

Finding = Dict[str, Any]


class Pair(NamedTuple):
    market: str
    text: str
    other: str  # whose the code is


class Tables(NamedTuple):
    issuers: Dict[str, str]  # of securities
    owners: Dict[str, Set[str]]  # of names: issuers
    names: Dict[str, List[Tuple[str, str]]]  # of markets: name and security
    securities: Dict[str, List[str]]  # of markets


def rows_of(path: Path) -> List[Dict[str, str]]:
    lines = (line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("# "))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_tables() -> Tables:
    securities, names = rows_of(TABLES / "securities.tsv"), rows_of(TABLES / "names.tsv")
    issuers = {row["id"]: row["issuer"] for row in securities}
    stocks = {row["id"] for row in securities if row["type"] == "stock"}
    owners: Dict[str, Set[str]] = {}
    for row in names:
        owners.setdefault(row["name"], set()).add(issuers[row["id"]])
    tables = Tables(issuers, owners, {}, {})
    for market, mics in MARKETS.items():
        here = {id for id in stocks if id.split(":")[0] in mics}
        tables.names[market] = [
            (row["name"], row["id"])
            for row in names
            if row["id"] in here and row["lang"] == LANGUAGES[market] and row["kind"] != "former" and not row["policy"]
        ]
        tables.securities[market] = sorted(here)
    return tables


def fill(form: str, market: str, name: str, id: str) -> str:
    mic, code = id.split(":")
    market = market.split("-")[0]
    values = {"n": name, "c": code, "c4": code[-4:], "c1": code.lstrip("0")}
    for words in EXCHANGES.get(market, ()):
        by_mic = dict(zip(MARKETS[market], words.split()))
        values[words.split()[0]] = by_mic[mic]
    return form.format(**values)


def make_pairs(tables: Tables, n: int, seed: int, are_swapped: bool) -> Iterator[Pair]:
    """`n` sentences, the forms in turn; the same for the same seed, but for whose code stands there."""
    rng = random.Random(seed)
    forms = rows_of(HERE / "swapped.tsv")
    for i in range(n):
        market, form = forms[i % len(forms)]["market"], forms[i % len(forms)]["form"]
        name, own = rng.choice(tables.names[market])
        # A code of four digits is only one of Hong Kong's that begins with 0.
        others = [id for id in tables.securities[market] if "{c4}" not in form or id[5] == "0"]
        other = rng.choice(others)
        while tables.issuers[other] in tables.owners[name]:
            other = rng.choice(others)
        yield Pair(market, fill(form, market, name, other if are_swapped else own), other)


def check(cli: str, texts: List[str]) -> List[List[Finding]]:
    """The findings in each text."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = subprocess.run([cli, "check", "--ndjson", "--json"], input=lines, capture_output=True, encoding="utf-8")
    if done.returncode > 1 or done.stderr:
        raise Failed(f"{cli} check: {done.stderr.strip()}")
    return [document["findings"] for document in json_lines(done.stdout)]


def is_found(pair: Pair, findings: List[Finding]) -> bool:
    return any(finding["kind"] == "mismatch" and finding["code_security"] == pair.other for finding in findings)


def score_pairs(cli: str, tables: Tables, n: int, seed: int, n_errors: int) -> Tuple[int, int]:
    """How many swapped pairs are found, and how many right ones are reported."""
    swapped = list(make_pairs(tables, n, seed, True))
    found = [is_found(*both) for both in zip(swapped, check(cli, [pair.text for pair in swapped]))]
    parts = []
    for market in MARKETS:
        those = [is_one for pair, is_one in zip(swapped, found) if pair.market == market]
        parts.append(f"{market} {sum(those)}/{len(those)}")
    print(f"swapped pairs: {sum(found)} of {n} found · {' '.join(parts)}")
    for pair in [pair for pair, is_one in zip(swapped, found) if not is_one][:n_errors]:
        print(f"  missed: {pair.text}")
    right = [pair.text for pair in make_pairs(tables, n, seed, False)]
    reported = [(text, findings[0]) for text, findings in zip(right, check(cli, right)) if findings]
    print(f"right pairs: {len(reported)} of {n} reported")
    for text, finding in reported[:n_errors]:
        print(f"  false: {text}: {finding['message']}")
    return sum(found), len(reported)


def score_corpus(cli: str, path: Path, n_errors: int) -> Tuple[int, int]:
    """How many documents there are, and how many have a false alarm."""
    texts = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
    judged = {(row["name"], row["code"]): row["judged"] for row in rows_of(HERE / "contradictions.tsv")}
    n_false = n_right = n_findings = 0
    for number, findings in enumerate(check(cli, texts), 1):
        n_findings += len(findings)
        wrong = [f for f in findings if judged.get((f.get("name", ""), f.get("code", ""))) != "right"]
        n_false += bool(wrong)
        n_right += bool(findings) and not wrong
        for finding in wrong if n_false <= n_errors else []:
            print(f"  false: document {number}: {finding['message']}")
    rate = 1000 * n_false / len(texts)
    print(f"corpus: {len(texts)} documents · {n_findings} findings, right in {n_right}, false in {n_false}: {rate:.2f} in 1000")
    return len(texts), n_false


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", help="the command to measure (default: build/release, else build/dev)")
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=int, default=0, help="how many of each kind of error to print")
    given = parser.parse_args(arguments)
    try:
        cli = find_cli(given.cli)
        score_pairs(cli, read_tables(), given.pairs, given.seed, given.errors)
        if CORPUS.exists():
            score_corpus(cli, CORPUS, given.errors)
        else:
            print("corpus: ../shared/corpus/news.txt is not here: it does not come with the repository")
    except Failed as failed:
        print(f"score_check: {failed}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
