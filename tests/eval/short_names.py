"""How newspapers shorten the names of American companies: Mellanox Technologies, Ltd. → Mellanox.

What only says what a company does is left out behind its name, as long as what is left is nobody else's and no ordinary
word or proper name of a word list. import_listings.py adds the forms as aliases, but for those that
listing_corrections.tsv refuses (not-shortened) as they are better known as something else.
"""

import collections
import re
from typing import Dict, Iterator, List, Set

Row = Dict[str, str]

# What says what a company does, beside the general words of import_listings.py.
TRADES = set("""
aerospace airlines airways apparel bearings biologics biopharma biopharmaceutical biopharmaceuticals bioscience
biosciences biosystems biotherapeutics brewing brokers cannabis casino casinos cement clothing coffee copper cosmetics
cruise cruises dental diamonds drilling drugs electrics electronics equipment fertilizer financial footwear freight
furniture genomics geophysical glass golf healthcare helicopters immunotherapeutics instrument instruments jewelers
laser lasers learning lighting line lines living lodging machinery machines marine medicines meats mills mines munitions
optics outfitters petrochemical pharmacy photonics pipeline pipelines plastics press printing processing products
proteins publications refining robotics rubber satellite shipbuilding spirits staffing surgical tankers telephone
textile theatres therapies therapeutic therapeutics tire tools toys transit trucking vaccines vehicle vehicles wines
works
""".split())
LEAST = 4  # letters of a form that is one word
COMPANIES = ("stock", "depositary_receipt", "reit")
NO_COMPANY = re.compile(r"\b(?:fund|trust|notes|municipal|acquisition|spac)\b", re.I)


def tokens_of(name: str) -> List[str]:
    return [t for t in re.split(r"[\s,]+", re.sub(r"\(.*?\)", " ", name)) if t]


def bare(token: str) -> str:
    return re.sub(r"\W", "", token.lower())


def heads(name: str, trades: Set[str], legal: Set[str]) -> Iterator[List[str]]:
    """The name without its last words, one less each time, where the last that went told of a trade. Legal forms alone
    are left out by the compiler."""
    tokens = tokens_of(name)
    while len(tokens) > 1 and (bare(tokens[-1]) in trades | legal or tokens[-1] == "&"):
        last = bare(tokens.pop())
        if last in trades - legal and bare(tokens[-1]) not in ("", "and", "of", "for", "de", "the"):
            yield tokens


def is_telling(tokens: List[str], words: Set[str]) -> bool:
    """One word must be no ordinary one, nor all capitals, which mean too many things (CISO)."""
    if len(tokens) > 3 or not any(c.isupper() for c in tokens[0]) or not all(t[0].isalpha() for t in tokens):
        return False
    if len(tokens) == 1:
        word = tokens[0].replace("-", "")
        return len(word) >= LEAST and not word.isupper() and (word.endswith("'s") or (word.isalpha() and bare(word) not in words))
    return any(len(bare(t)) >= LEAST and bare(t) not in words for t in tokens)


def begins(names: List[Row], issuers: Dict[str, str]) -> Dict[str, Set[str]]:
    """Whose English names begin so."""
    owners: Dict[str, Set[str]] = collections.defaultdict(set)
    for n in names:
        tokens = [bare(t) for t in tokens_of(n["name"])] if n["lang"] == "en" else []
        for i in range(1, len(tokens) + 1):
            owners[" ".join(tokens[:i])].add(issuers[n["id"]])
    return owners


def shorten(
    securities: List[Row], names: List[Row], words: Set[str], trades: Set[str], legal: Set[str]
) -> Iterator[Row]:
    """Rows of names.tsv for the short forms. `words`: in small letters, without signs."""
    types = {s["id"]: s["type"] for s in securities}
    owners = begins(names, {s["id"]: s["issuer"] for s in securities})
    for n in names:
        is_official = n["kind"] in ("english", "former") and n["lang"] == "en" and not n["policy"]
        if not is_official or not n["id"].startswith(("XNAS:", "XNYS:", "XASE:")):
            continue
        if types[n["id"]] not in COMPANIES or NO_COMPANY.search(n["name"]):
            continue
        for tokens in heads(n["name"], trades | TRADES, legal):
            is_own = len(owners[" ".join(bare(t) for t in tokens)]) == 1
            if is_own and is_telling(tokens, words):
                kind = "former" if n["kind"] == "former" else "alias"
                yield {**n, "name": " ".join(tokens).rstrip("."), "kind": kind, "ambiguous": ""}
