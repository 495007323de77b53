"""Sheets of cells → the shares of a market as the list tells them. Which column is what is data: formats.tsv."""

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from ._files import ListError, Sheet, read_sheets

_HEADER_WITHIN = 20  # rows: titles and days stand before it
_MAINLAND = "digits6"


@dataclass
class Format:
    """How the rows of one kind of list are read: rows of formats.tsv."""

    name: str
    rows: List[Dict[str, str]] = field(default_factory=list)


@dataclass
class Share:
    """One row: a share, and what of it the list says. `fields` are columns of securities.tsv and kinds of names."""

    id: str
    fields: Dict[str, str]


@dataclass
class Renaming:
    id: str
    day: str
    before: str
    after: str


@dataclass
class Listing:
    """What the lists of one run say together."""

    shares: Dict[str, Share] = field(default_factory=dict)
    whole: "set[str]" = field(default_factory=set)  # ids of shares in lists that have all of their boards
    delisted: Dict[str, str] = field(default_factory=dict)  # id → day
    renamings: List[Renaming] = field(default_factory=list)
    as_of: str = ""
    read: List[str] = field(default_factory=list)  # what each list was taken for, a line each


def read_formats(path: Path = Path(__file__).with_name("formats.tsv")) -> List[Format]:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    formats: Dict[str, Format] = {}
    for line in lines:
        cells = line.split("\t")
        row = dict(zip(columns, cells + [""] * (len(columns) - len(cells))))
        formats.setdefault(row["format"], Format(row["format"])).rows.append(row)
    return list(formats.values())


# --- Recognizing ------------------------------------------------------------------------------------------------------


def _title(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", cell).split())


def _bare(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "")


def _column(titles: Sequence[str], row: Mapping[str, str]) -> Optional[int]:
    for title in row["titles"].split("|"):
        if title in titles:
            return titles.index(title)
    return None


def _fits(titles: Sequence[str], known: Format) -> bool:
    for row in known.rows:
        is_there = _column(titles, row) is not None
        if (row["need"] == "must" and not is_there) or (row["need"] == "not" and is_there):
            return False
    return True


def _find_header(sheet: Sheet, formats: Sequence[Format]) -> Tuple[int, List[Format]]:
    """Several formats may fit: a list of A and B shares is one of each."""
    for index, row in enumerate(sheet[:_HEADER_WITHIN]):
        titles = [_title(cell) for cell in row]
        fitting = [known for known in formats if _fits(titles, known)]
        if fitting:
            return index, fitting
    return -1, []


# --- Reading ----------------------------------------------------------------------------------------------------------


def _day(text: str, where: str) -> str:
    """A day as lists write it → 2026-11-27; "" for none."""
    if text in ("", "-", "--"):
        return ""
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?", text)
    try:
        assert found
        return datetime.date(*map(int, found.groups())).isoformat()
    except (AssertionError, ValueError):
        raise ListError(f"{where}: {text!r} is no day; expected one such as 2026-11-27 or 20261127") from None


class Reader:
    """Reads lists one after the other into a Listing."""

    def __init__(self, mics: Mapping[str, Mapping[str, str]], formats: Optional[List[Format]] = None) -> None:
        self.listing = Listing()
        self._mics = mics
        self._formats = formats or read_formats()

    def read(self, path: Path, is_whole: bool) -> None:
        found: List[str] = []
        n_taken = 0
        for sheet in read_sheets(path):
            header, formats = _find_header(sheet, self._formats)
            found += [known.name for known in formats]
            n_taken += sum(self._read_sheet(path, sheet, header, known, is_whole) for known in formats)
        if found and not n_taken:
            raise ListError(
                f"{path}: looks like {' and '.join(found)}, but no row of it is a share; is it the right file?"
            )
        if not found:
            raise ListError(
                f"{path}: no row has the titles of a list that is known; expected those of one of "
                f"{', '.join(known.name for known in self._formats)} (stockmention/refresh/formats.tsv), or a CSV with "
                "the columns id and short or english"
            )

    def _read_sheet(self, path: Path, sheet: Sheet, header: int, known: Format, is_whole: bool) -> int:
        titles = [_title(cell) for cell in sheet[header]]
        day = self._as_of(sheet, known)
        n_taken = n_left_out = 0
        for number, cells in enumerate(sheet[header + 1 :], header + 2):
            if not any(cells) or len(cells) < len(titles) // 2:
                continue  # an empty row, or a note below the list
            where = f"{path}:{number}"
            fields = self._fields(titles, cells, known, where)
            id = self._id(fields, where) if fields else None
            if fields and id:
                self._take(id, fields, where, is_whole)
            n_taken += bool(id)
            n_left_out += not id
        self.listing.as_of = max(self.listing.as_of, day)
        of = f" of {day}" if day else ""
        if n_taken:
            self.listing.read.append(f"{path}: {known.name}{of}, rows taken: {n_taken}, left out: {n_left_out}")
        return n_taken

    @staticmethod
    def _as_of(sheet: Sheet, known: Format) -> str:
        patterns = [row["when"] for row in known.rows if row["field"] == "as_of"]
        for cells in sheet[:_HEADER_WITHIN] + sheet[-3:]:
            for pattern in patterns:
                found = re.fullmatch(pattern, " ".join(cells).strip())
                if found:
                    return f"{found['y']}-{found['m']}-{found['d']}"
        return ""

    @staticmethod
    def _fields(titles: Sequence[str], cells: Sequence[str], known: Format, where: str) -> Optional[Dict[str, str]]:
        """The first row of the format that fits gives a field. None: the format leaves such rows out."""
        fields: Dict[str, str] = {}
        is_ours = {"mic": True, "type": True}
        for row in known.rows:
            column = _column(titles, row)
            if row["field"] in ("", "as_of") or fields.get(row["field"]) or (row["titles"] and column is None):
                continue
            cell = cells[column] if column is not None and column < len(cells) else ""
            if row["field"] in is_ours:
                is_ours[row["field"]] = False  # until a row fits
            if row["field"] == "cut":
                fields["english"] = re.sub(row["when"], "", fields.get("english", ""))
            elif row["when"] and not re.fullmatch(row["when"], cell):
                continue
            elif row["field"] == "skip":
                return None
            elif row["value"] or cell not in ("", "-", "--"):
                fields[row["field"]] = row["value"] or cell
                is_ours[row["field"]] = True
        if not (is_ours["mic"] and is_ours["type"]):
            return None
        for name in ("listed", "delisted", "changed"):
            if name in fields:
                fields[name] = _day(fields[name], where)
        return fields

    def _id(self, fields: Dict[str, str], where: str) -> Optional[str]:
        """MIC:CODE, with the zeros that a number lost. None: a code that shares do not have."""
        if "id" in fields:
            mic = fields["id"].partition(":")[0]
            if mic not in self._mics:
                raise ListError(
                    f"{where}: MIC {mic!r} is not known; expected one of {', '.join(self._mics)}, or a row in mics.tsv"
                )
            return fields.pop("id")
        code, mic = fields.pop("code", ""), fields.pop("mic", "")
        form = self._mics[mic]["code_form"] if mic in self._mics else _MAINLAND
        if not code or (form != "symbol" and not code.isdigit()):
            return None
        code = code.zfill(int(form[-1])) if form.startswith("digits") else code
        mic = mic or self._mainland_mic(code)  # by ranges that bonds and funds are not in
        if "issuer" in fields and ":" not in fields["issuer"]:
            issuer = fields["issuer"].zfill(6)
            fields["issuer"] = f"{self._mainland_mic(issuer)}:{issuer}"
        return f"{mic}:{code}" if mic else None

    def _mainland_mic(self, code: str) -> str:
        for mic, row in self._mics.items():
            for part in row["shares"].split() if row["code_form"] == _MAINLAND else []:
                first, _, last = part.partition("-")
                if first <= code[: len(first)] <= (last or first):
                    return mic
        return ""

    def _take(self, id: str, fields: Dict[str, str], where: str, is_whole: bool) -> None:
        if fields.get("before"):
            self.listing.renamings.append(Renaming(id, fields["changed"], fields["before"], fields["short"]))
            return
        if fields.get("delisted"):
            self.listing.delisted[id] = fields["delisted"]
            return
        known = self.listing.shares.setdefault(id, Share(id, {}))
        for name, value in fields.items():
            if name in ("short", "english") and _bare(known.fields.get(name, value)) != _bare(value):
                raise ListError(
                    f"{where}: {id} is called {value!r} here and {known.fields[name]!r} above; expected one name"
                )
            known.fields.setdefault(name, value)
        if is_whole:
            self.listing.whole.add(id)
