"""How names of companies are shortened by rule, and which are left as they are."""

from typing import List

import import_listings
import pytest
import short_names

WORDS = {"target", "ottawa", "red", "robin", "semiconductor", "general", "caseys"}

CASES = [
    # the listed name, its short forms, why
    ("Mellanox Technologies, Ltd.", ["Mellanox"], "what it does is left out"),
    ("Maxim Integrated Products, Inc.", ["Maxim Integrated", "Maxim"], "word by word"),
    ("Casey's General Stores, Inc.", ["Casey's"], "a founder's name is no word"),
    ("Radian Group Inc.", [], "legal forms are left out by the compiler"),
    ("Target Hospitality Corp.", [], "an ordinary word"),
    ("Ottawa Bancorp, Inc.", [], "a place"),
    ("CISO Global Inc.", [], "capitals mean too many things"),
    ("RLJ Lodging Trust", [], "a trust"),
    ("QT Systems Inc.", [], "too short"),
    ("Alpine Summit Energy Partners", [], "its beginning is another's too"),
]
OTHERS = ["Alpine Summit Foods Inc."]


def forms_of(name: str) -> List[str]:
    names = [
        {"id": f"XNAS:S{i}", "name": n, "lang": "en", "kind": "english", "policy": "", "ambiguous": ""}
        for i, n in enumerate([name, *OTHERS])
    ]
    securities = [{"id": row["id"], "issuer": row["id"], "type": "stock"} for row in names]
    made = short_names.shorten(securities, names, WORDS, import_listings.GENERAL, import_listings.LEGAL)
    return [row["name"] for row in made if row["id"] == "XNAS:S0"]


@pytest.mark.parametrize("name, forms", [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_a_name_is_shortened_as_newspapers_do(name: str, forms: List[str]) -> None:
    assert forms_of(name) == forms


def test_funds_have_no_short_forms() -> None:
    rows = [{"id": "XNAS:F", "name": "Zenithal Energy ETF", "lang": "en", "kind": "english", "policy": "", "ambiguous": ""}]
    funds = [{"id": "XNAS:F", "issuer": "XNAS:F", "type": "etf"}]
    assert not list(short_names.shorten(funds, rows, WORDS, import_listings.GENERAL, import_listings.LEGAL))
