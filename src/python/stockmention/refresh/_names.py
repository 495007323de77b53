"""How names are cleaned and compared: what differs only in width, script, spaces or legal form is one name."""

import re
import unicodedata
from typing import Dict, Iterable, Mapping

# What an English name is not told apart by.
_LEGAL = frozenset(
    "ab ag and asa bancorporation class cmn co common companies company corp corporation group holding holdings inc "
    "incorporated international kgaa limited llc lp ltd nv of oyj partners plc sa sab se shares spa stock the trust tbk".split()
)
_HAN = r"[\u2e80-\u9fff\uf900-\ufaff]"
_DAY_MARK = re.compile(rf"^(?:XD|XR|DR|N|C)(?={_HAN})")  # ex dividend, first days: of one day, and no part of the name
_ST = re.compile(rf"^(?:S?\*?ST|S)(?={_HAN})")


class Names:
    """Compares under the characters that variants.tsv takes as one."""

    def __init__(self, variants: Iterable[Mapping[str, str]]) -> None:
        self._same: Dict[int, str] = {ord(row["from"]): row["to"] for row in variants}
        han = [row for row in variants if row["kind"] == "han"]
        self._simplified: Dict[int, str] = {ord(row["from"]): row["to"] for row in han}

    def clean(self, name: str) -> str:
        """A name as a list pads it → as the tables write it: 万  科Ａ → 万科A, 騰訊控股 → 腾讯控股, XD茅台 → 茅台."""
        name = " ".join(unicodedata.normalize("NFKC", name).split())
        if re.search(_HAN, name):
            name = re.sub(rf"(?<={_HAN}) | (?={_HAN})", "", name).translate(self._simplified)
            name = _DAY_MARK.sub("", name)
        return name

    @staticmethod
    def has_day_mark(name: str) -> bool:
        return _DAY_MARK.match(name) is not None

    def key(self, name: str) -> str:
        """Equal for names that are one."""
        text = unicodedata.normalize("NFKC", name).lower().translate(self._same)
        if re.search(_HAN, text):
            return "".join(c for c in text if c.isalnum() or c == "*")
        words = re.findall(r"[^\W_]+", re.sub(r"['’.]", "", text.replace("&", " and ")))
        return " ".join(word for word in words if word not in _LEGAL) or " ".join(words)


def st_mark(name: str) -> str:
    """ST, *ST and their like before a mainland name: special treatment; else nothing."""
    found = _ST.match(name)
    return found.group() if found else ""


def is_han(name: str) -> bool:
    return re.search(_HAN, name) is not None
