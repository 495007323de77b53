"""Last time's tables and today's lists → what has changed, and the tables as they are then. Nothing of the past is lost:
a name that was changed becomes a former one, a code that is gone stays, delisted or with its successor."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Dict, Iterable, List, Set, Tuple

from ._files import ListError
from ._lists import Listing, Share
from ._names import Names, is_han, st_mark
from ._tables import Row, Tables

KINDS = {
    "new": "listed since",
    "relisted": "was delisted, and is back under its name",
    "reused": "the code of a company that is gone, given to another",
    "renumbered": "a new code or symbol, or another exchange",
    "moved-board": "the same code on another board",
    "delisted": "in none of the lists any more, or in a list of those that are gone",
    "renamed": "a new name; the old one becomes a former name",
    "st-on": "ST or *ST put before the name",
    "st-off": "ST or *ST taken away",
    "st-changed": "from ST to *ST or back",
    "named": "a name of a kind that the tables did not have",
    "filled": "a fact that was not known",
    "corrected": "a fact that was another",
    "dated": "the day of an old change of name",
}
"""The kinds of changes in the order of the diff."""

# What the code tells where a list does not: board and currency.
_BOARDS = (
    ("XSHG", "68", "star", "CNY"),
    ("XSHG", "900", "b-share", "USD"),
    ("XSHE", "30", "chinext", "CNY"),
    ("XSHE", "20", "b-share", "HKD"),
    ("BJSE", "", "bse", "CNY"),
    ("XSHG", "", "main", "CNY"),
    ("XSHE", "", "main", "CNY"),
)
_MAX_NAME = 64  # characters, as the tables allow
_COUNTERS = ("rmb_counter", "temporary_counter")  # their names stand at the main line
_NAME_FIELDS = {"short": "short", "short_en": "short", "full": "full", "english": "english"}
Group = Tuple[str, str, str]


@dataclass(frozen=True, order=True)
class Change:
    kind: str
    id: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind:<11}  {self.id:<12}  {self.text}"


def group_of(id: str, type: str, board: str) -> Group:
    """What one list covers: shares of one kind on one board."""
    family = "stock" if type == "depositary_receipt" else type
    return id.partition(":")[0], family, board or "main"


def _are_classes(a: str, b: str) -> bool:
    """Symbols of two classes of one company: BRK.A BRK.B, GOOG GOOGL."""
    a, b = sorted((a, b), key=lambda symbol: (len(symbol), symbol))
    return a.split(".")[0] == b.split(".")[0] if "." in b else b[:-1] == a


class Comparison:
    """Changes `tables` as the lists say, and notes each change."""

    def __init__(self, tables: Tables, listing: Listing, day: str) -> None:
        self.tables = tables
        self.day = day
        self.changes: List[Change] = []
        self._told: Set[str] = set()  # ids whose names the line of the change itself tells
        self._listing = listing
        self._compare = Names(tables.variants)
        self._ordinary = tables.ordinary_words()
        self._names: Dict[str, List[Row]] = defaultdict(list)
        for name in tables.names:
            self._names[name["id"]].append(name)
        self._owners: Dict[Tuple[str, str], List[str]] = defaultdict(list)  # of a registered or an English name
        for name in tables.names:
            if name["kind"] in ("full", "english") and tables.securities[name["id"]]["status"] == "active":
                self._owners[name["kind"], self._compare.key(name["name"])].append(name["id"])
        self._days = {(r.id, self._compare.key(r.after)): r.day for r in listing.renamings}
        for share in list(listing.shares.values()):
            row = tables.securities.get(share.id, {})
            if share.fields.get("successor") and row.get("successor") == share.fields["successor"]:
                del listing.shares[share.id]  # told once more
            else:
                self._complete(share)

    def run(self) -> None:
        securities, shares = self.tables.securities, self._listing.shares
        gone, new = self._gone(), [id for id in shares if id not in securities]
        pairs = self._pairs(gone, new)
        for old, successor in pairs.items():
            self._renumber(old, successor)
        for id in gone:
            if id not in pairs:
                self._delist(id, self._listing.delisted.get(id, self.day))
        for id in new:
            if id not in pairs.values():
                self._add(shares[id])
        for id, share in shares.items():
            if securities[id]["status"] != "active" and id not in pairs:
                self._bring_back(share)
            self._update(share)
        for id, day in self._listing.delisted.items():
            self._date_delisting(id, day)
        for renaming in sorted(self._listing.renamings, key=lambda renaming: (renaming.day, renaming.id)):
            if renaming.id in securities:
                self._date_name(renaming.id, renaming.before, "to", renaming.day)
                self._date_name(renaming.id, renaming.after, "from", renaming.day)
        self.tables.names = [name for names in self._names.values() for name in names]
        self.changes.sort(key=lambda change: (list(KINDS).index(change.kind), change))

    # --- What is where ------------------------------------------------------------------------------------------------

    def _note(self, kind: str, id: str, text: str) -> None:
        self.changes.append(Change(kind, id, text))

    def _complete(self, share: Share) -> None:
        mic, _, code = share.id.partition(":")
        told = next((row for row in _BOARDS if row[0] == mic and code.startswith(row[1])), None)
        known = self.tables.securities.get(share.id, {})
        share.fields.setdefault("type", known.get("type") or "stock")
        share.fields.setdefault("board", told[2] if told else known.get("board", ""))
        share.fields.setdefault(
            "currency", known.get("currency") or (told[3] if told else self.tables.mics[mic]["currency"])
        )
        for field in _NAME_FIELDS:
            name_told = share.fields.get(field, "")
            name = self._compare.clean(name_told)
            is_cut = bool(known) and self._compare.has_day_mark(name_told)  # XD百联股: the mark took its end's place
            share.fields[field] = name if 2 <= len(name) <= _MAX_NAME and not is_cut else ""

    def _gone(self) -> List[str]:
        """Active in the tables, and missing from the lists of its board. A list covers the boards that it has rows of."""
        shares = self._listing.shares
        covered = {group_of(id, shares[id].fields["type"], shares[id].fields["board"]) for id in self._listing.whole}
        told = {id for id, share in shares.items() if share.fields.get("successor")}
        active = [row for row in self.tables.securities.values() if row["status"] == "active"]
        return sorted(
            row["id"]
            for row in active
            if row["id"] in told
            or row["id"] in self._listing.delisted
            or (row["id"] not in shares and group_of(row["id"], row["type"], row["board"]) in covered)
        )

    def name_of(self, id: str) -> str:
        for kind in ("short", "english", "full"):
            found = [name["name"] for name in self._names[id] if name["kind"] == kind]
            if found:
                return min(found, key=lambda name: not is_han(name))
        return ""

    # --- Codes --------------------------------------------------------------------------------------------------------

    def _identities(self, id: str, isin: str, names: Iterable[Tuple[str, str]]) -> "Set[Tuple[int, str]]":
        """What tells that two codes are of one share, the surest first."""
        country = self.tables.mics[id.partition(":")[0]]["country"]
        ranks = {"full": 1, "english": 2, "short": 3}
        keys = {(ranks[kind], f"{country} {self._compare.key(name)}") for kind, name in names if kind in ranks and name}
        return keys | {(0, isin)} if isin else keys

    def _pairs(self, gone: List[str], new: List[str]) -> Dict[str, str]:
        """Old code → new code, where just one of the gone and one of the new are the same."""
        pairs = {}
        for id in gone:
            share = self._listing.shares.get(id)
            if share and share.fields.get("successor"):
                pairs[id] = share.fields["successor"]
                del self._listing.shares[id]
        olds, news = defaultdict(list), defaultdict(list)
        for id in gone:
            names = ((name["kind"], name["name"]) for name in self._names[id])
            for key in self._identities(id, self.tables.securities[id]["isin"], names):
                olds[key].append(id)
        for id in new:
            fields = self._listing.shares[id].fields
            names = ((kind, fields[field]) for field, kind in _NAME_FIELDS.items())
            for key in self._identities(id, fields.get("isin", ""), names):
                news[key].append(id)
        for key in sorted(olds):
            old, successor = olds[key], news.get(key, [])
            if len(old) == len(successor) == 1 and old[0] not in pairs and successor[0] not in pairs.values():
                pairs[old[0]] = successor[0]
        return pairs

    def _renumber(self, old: str, successor: str) -> None:
        securities, share = self.tables.securities, self._listing.shares.get(successor)
        row = securities[old]
        if successor not in securities:
            if share is None:
                raise ListError(f"{old}: its successor {successor} is in no list; expected a row of its own")
            told = {
                field: share.fields[field]
                for field in ("board", "currency", "isin", "listed")
                if share.fields.get(field)
            }
            securities[successor] = {**row, "id": successor, **told}
        is_symbol = self.tables.mics[successor.partition(":")[0]]["code_form"] == "symbol"
        row.update(status="renamed" if is_symbol else "renumbered", successor=successor)
        row["delisted"] = self._listing.delisted.get(old, self.day)
        if row["issuer"] == old:
            for other in securities.values():
                if other["issuer"] == old:
                    other["issuer"] = successor
        boards = row["board"] or "main", securities[successor]["board"] or "main"
        moved = f", {boards[0]} → {boards[1]}" if boards[0] != boards[1] else ""
        self._note("renumbered", old, f"→ {successor} {self.name_of(old)}{moved}")
        self._move_names(old, successor)

    def _move_names(self, old: str, successor: str) -> None:
        """Names stand at the code that is in use. What a successor already has is not moved there again."""
        there = {(name["name"], name["kind"], name["from"]) for name in self._names[successor]}
        for name in self._names.pop(old, []):
            if (name["name"], name["kind"], name["from"]) not in there:
                self._names[successor].append({**name, "id": successor})

    def _delist(self, id: str, day: str) -> None:
        self.tables.securities[id].update(status="delisted", delisted=day)
        self._note("delisted", id, f"{self.name_of(id)} by {day}")

    def _date_delisting(self, id: str, day: str) -> None:
        row = self.tables.securities.get(id)
        if row and row["status"] == "delisted" and row["delisted"] != day and not row["listed"] > day:
            self._note("corrected", id, f"delisted {row['delisted'] or 'on an unknown day'} → {day}")
            row["delisted"] = day

    def _add(self, share: Share) -> None:
        row = {column: "" for column in self.tables.columns["securities"]}
        row.update(id=share.id, issuer=self._issuer(share), status="active")
        for field in ("type", "board", "currency", "isin", "listed"):
            row[field] = share.fields.get(field, "")
        self.tables.securities[share.id] = row
        self._told.add(share.id)
        facts = [self._name_in_list(share)]
        facts += [f"listed {row['listed']}"] if row["listed"] else []
        facts += [f"a line of {row['issuer']}"] if row["issuer"] != share.id else []
        self._note("new", share.id, ", ".join(facts))

    @staticmethod
    def _name_in_list(share: Share) -> str:
        return next((share.fields[field] for field in _NAME_FIELDS if share.fields[field]), "without a name")

    def _issuer(self, share: Share) -> str:
        """The home line of the same company: told by the list, or by a registered name, a counter, a share class."""
        securities = self.tables.securities
        told = share.fields.get("issuer", "")
        if told in securities:
            return securities[told]["issuer"]
        mic, _, code = share.id.partition(":")
        main = f"{mic}:0{code[1:]}"
        if share.fields["type"] == "rmb_counter" and main in securities:
            return securities[main]["issuer"]
        for kind in ("full", "english"):
            for id in self._owners[kind, self._compare.key(share.fields[kind])]:
                is_class = id.startswith(mic + ":") and _are_classes(code, id.partition(":")[2])
                if id != share.id and (kind == "full" or is_class):
                    return securities[id]["issuer"]
        return share.id

    def _bring_back(self, share: Share) -> None:
        row, names = self.tables.securities[share.id], self._names[share.id]
        keys = {self._compare.key(share.fields[field]) for field in _NAME_FIELDS} - {""}
        is_same = any(self._compare.key(name["name"]) in keys for name in names)
        if is_same:
            self._note("relisted", share.id, f"{self.name_of(share.id)}, {row['status']} {row['delisted']}".rstrip())
        else:
            old = self.name_of(share.id) or row["successor"] or "a company without names"
            gone = f"{old}, {row['status']} {row['delisted']}, whose names are left out: {len(names)}"
            self._note("reused", share.id, f"{self._name_in_list(share)}; was {gone}")
            self._told.add(share.id)
            self._names[share.id] = []
            row.update(issuer=self._issuer(share), isin="", listed="")
        row.update(status="active", delisted="", successor="")

    # --- Facts and names ----------------------------------------------------------------------------------------------

    def _update(self, share: Share) -> None:
        row = self.tables.securities[share.id]
        board = share.fields["board"]
        if board and (row["board"] or "main") != board:
            self._note("moved-board", share.id, f"{self.name_of(share.id)} {row['board'] or 'main'} → {board}")
            row["board"] = board
        for field in ("isin", "listed"):
            told = share.fields.get(field, "")
            if told and told != row[field]:
                kind = "corrected" if row[field] else "filled"
                self._note(kind, share.id, f"{field} {row[field]} → {told}" if row[field] else f"{field} {told}")
                row[field] = told
        if share.fields["type"] in _COUNTERS:
            return
        for field, kind in _NAME_FIELDS.items():
            name = share.fields[field]
            has_han = any(is_han(n["name"]) for n in self._names[share.id] if n["kind"] == "short")
            is_issuers = board == "b-share" and row["issuer"] != share.id and field in ("full", "english")
            if name and not is_issuers and not (field == "short_en" and has_han):
                self._name(share, kind, name)

    def _name(self, share: Share, kind: str, name: str) -> None:
        names, key = self._names[share.id], self._compare.key(name)
        same = [n for n in names if self._compare.key(n["name"]) == key and n["kind"] != "former"]
        if any(n["kind"] == kind or kind == "english" for n in same):
            return
        current = [n for n in names if n["kind"] == kind and is_han(n["name"]) == is_han(name)]
        row = {column: "" for column in self.tables.columns["names"]}
        row.update(id=share.id, name=name, lang="zh" if is_han(name) else "en", kind=kind)
        row["ambiguous"] = "1" if name in self._ordinary else ""
        for alias in same:
            if alias["kind"] == "alias":  # it is the name itself now
                row.update(ambiguous=alias["ambiguous"], policy=alias["policy"])
                names.remove(alias)
        if current:
            row["from"] = share.fields.get("changed") or self._days.get((share.id, key), self.day)
            self._note(self._kind_of_renaming(current[0]["name"], name), share.id, self._renaming(kind, current, row))
        for old in current:
            self._retire(old, row["from"])
        if not current and share.id not in self._told:
            self._note("named", share.id, f"{kind} {name}")
        names.append(row)

    @staticmethod
    def _kind_of_renaming(old: str, new: str) -> str:
        marks = st_mark(old), st_mark(new)
        if marks[0] == marks[1]:
            return "renamed"
        return "st-changed" if all(marks) else "st-on" if marks[1] else "st-off"

    @staticmethod
    def _renaming(kind: str, current: List[Row], row: Row) -> str:
        what = "" if kind == "short" else f"{kind} "
        also = ", also an ordinary word" if row["ambiguous"] else ""
        also += f", policy {row['policy']}" if row["policy"] else ""
        return f"{what}{', '.join(n['name'] for n in current)} → {row['name']} by {row['from']}{also}"

    def _retire(self, name: Row, day: str) -> None:
        """A name in use becomes a former one. Days are bounds: one that a surer day overtakes is given up."""
        if self._compare.has_day_mark(name["name"]):
            self._names[name["id"]].remove(name)  # XD百联股: a screen of that day, never a name
            return
        if name["from"] and name["from"] >= day:
            name["from"] = ""
        name.update(kind="former", to=name["to"] or day)
        if name["from"] and name["from"] >= name["to"]:
            name["from"] = ""
        for other in self._names[name["id"]]:
            if other is not name and all(other[c] == name[c] for c in ("name", "kind", "from")):
                self._names[name["id"]].remove(other)
                return

    def _date_name(self, id: str, written: str, end: str, day: str) -> None:
        """The first day with a name (`from`), or the first without it (`to`), where that was not known as well."""
        written = self._compare.clean(written)
        key = self._compare.key(written)
        rows = [n for n in self._names[id] if n["kind"] in ("short", "former") and self._compare.key(n["name"]) == key]
        if len(rows) > 1 or not 2 <= len(written) <= _MAX_NAME:
            return  # a name that was had twice: the tables alone cannot tell which time is meant
        if not rows and end == "to":
            row = {column: "" for column in self.tables.columns["names"]}
            row.update(id=id, name=written, lang="zh" if is_han(written) else "en", kind="former", to=day)
            row["ambiguous"] = "1" if written in self._ordinary else ""
            self._names[id].append(row)
            self._note("dated", id, f"former {written} until {day}")
        elif rows and self._is_better(rows[0], end, day):
            rows[0][end] = day
            self._note("dated", id, f"{rows[0]['kind']} {written} {'since' if end == 'from' else 'until'} {day}")

    @staticmethod
    def _is_better(row: Row, end: str, day: str) -> bool:
        """Snapshots give the day too late, never too early."""
        if (row[end] and row[end] <= day) or (end == "to" and row["kind"] != "former"):
            return False
        return (row["from"] < day) if end == "to" else (not row["to"] or day < row["to"])
