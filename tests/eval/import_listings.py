#!/usr/bin/env python3
"""Makes src/dict/tables/securities.tsv and names.tsv from public listings.

    python3 tests/eval/import_listings.py LISTINGS WORDS [OUT]

LISTINGS is a folder with securities.tsv and names.tsv as they were compiled from the exchanges' own lists; WORDS is a
list of English words, one a line (Debian's wamerican, /usr/share/dict/american-english); OUT is src/dict/tables.
The committed tables are the result; this command is kept so that they can be made again. The same inputs give the same
bytes. What it drops, changes and adds is said by the rules below, each with its reason, and by three reviewed tables
beside it: listing_corrections.tsv, listing_securities.tsv (what no list has any more) and listing_additions.tsv (names).
A count of what each rule did goes to standard error.
"""
import collections
import csv
import re
import sys
import unicodedata
from pathlib import Path

import short_names

HERE = Path(__file__).resolve().parent
US = ("XNAS:", "XNYS:", "XASE:")
MAINLAND = ("XSHG:", "XSHE:", "BJSE:")
MAX_NAME = 64  # characters; longer ones are legal descriptions that nobody writes
NAME_COLUMNS = ["id", "name", "lang", "kind", "from", "to", "ambiguous", "policy"]

LEGAL = set("""
ab ag and asa bancorporation class cmn co common companies company corp corporation group holding holdings inc
incorporated international kgaa limited llc lp ltd nv of oyj partners plc sa sab se shares spa stock the trust tbk
""".split())

# Forms that change nothing at all: Graham Holdings and Graham Corporation are two companies.
INC = LEGAL - {"bancorporation", "group", "holding", "holdings", "international", "partners", "stock", "trust"}

# Words of trade that thousands of companies share. A name made of these alone names nobody.
GENERAL = set("""
acquisition advanced advantage agriculture air alliance alpha america american analytics apparel asia asset assets
atlantic auto automotive bancorp bancshares bank banking banks beauty beverage beverages biomedical bio biotech
biotechnologies biotechnology blockchain bond bonds brands broadband broadcasting building business cable california
capital car care cell central chemical chemicals china citizens city clean clinical cloud coal coast coastal
commerce commercial commodities commodity communication communications community composite composites computer
construction consumer corporate county credit data debt defense design development devices diagnostics digital
distribution diversified dividend drinks drug dynamic eastern education educational electric electrical electronic
electronics emerging energy engineering enhanced enterprise enterprises entertainment environment environmental
equities equity euro europe european exchange exploration express factory farm farmers fashion federal fiber
fidelity fiduciary finance financial first fitness floating flexible food foods fund funds game games gaming gas
gene general genetics global gold government green growth hardware health healthcare high home homes hospital hotel
hotels house housing hospitality imaging improvement income independent india industrial industrials industries
industry information infrastructure innovation innovations innovative institute instruments insurance integrated
interactive international internet investment investments investors japan jewelry lab laboratories labs land latin
leisure lending liberty life limited liquidity lithium loan loans logistics management manufacturing marine market
marketing markets materials media medical medicine merchants metal metals micro midwest mineral minerals mining
mobile mobility money mortgage motor motors multi municipal muni mutual national natural network networks
neuroscience new news north northern northwest nuclear ocean oil oilfield old oncology one online open opportunities
opportunity optical outdoor pacific packaging paper partners patent payment payments performance personal petroleum
pharma pharmaceutical pharmaceuticals platform power precious preferred premier premium private products properties
property public publishing quality quantum radio rail railroad railway real realty regional reinsurance renewable
rental research residential resort resorts resource resources restaurant restaurants retail return risk robotics
royalty savings science sciences scientific security securities select semiconductor semiconductors senior service
services shipping short silver small smart social software solar solutions sound south southeast southern southwest
space special specialty sports standard star state states steel storage store stores strategic strategies strategy
student superconductor supply sustainable system systems tax team tech technical technologies technology telecom
telecommunications term therapeutics tobacco total tower trade trading transport transportation travel treasury
trust turbine union united universal uranium us usa utilities utility value venture ventures vision wall waste water
wealth web west western wholesale wind wireless wood world worldwide yield
""".split())

# Where the listing goes on to describe the security, the name has ended.
DESCRIPTION = re.compile(
    r"[\s,(]+(?:trading under the legal name|(?:un)?sponsored ad|american deposit[ao]ry|(?-i:AD[SR]s?)\b|class [a-z]\b"
    r"|series [a-z0-9]+\b|com+on (?:st|sh|cl|se)|com+on$|cmn\b|ori?dinary (?:sh|st)|deposit[ao]ry (?:sh|re|st)"
    r"|shares? (?:of beneficial|rep)|shs\b|each repres|represent(?:ing|s)\b|repstg|subordinate voting|limited voting"
    r"|non-voting|\(voting|new common|when issued).*$", re.I)
US_DESCRIPTION = re.compile(r"\s+(?:shares?|stock|units?|[a-z] shares)$", re.I)
# Not the company's stock: preferred shares, notes and wrappers around other companies' bonds.
NO_STOCK = re.compile(
    r"\b(?:pfd|preferred (?:st|sh|sec)|preferred$|warrants?$|due \d|strats|corts|perp sub|cap(?:ital)? secs|lehman abs"
    r"|structured products|trucs|tr certs)\b|\d%", re.I)
PLACEHOLDER = re.compile(r"^(?:ST)?OCK ?\d{4,5}$")
BOND = re.compile(r"^(?:PRC|TENNESSEE|MOF|HKGB|IBONDS?|SBOND|EFN|HKMC) ?B?\d{4}[A-Z]?$|^\S+ B\d{4}[A-Z]?$")


def words_of(name):
    text = unicodedata.normalize("NFKC", name).lower().replace("'", "").replace("’", "")
    return re.findall(r"[^\W_]+", text.replace("&", " and "))


def core(name, legal=LEGAL):
    """What is left of an English name without legal forms, for comparing."""
    return " ".join(w for w in words_of(name) if w not in legal)


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write("\t".join(columns) + "\n")
        for row in rows:
            f.write("\t".join(row[c] for c in columns) + "\n")


class Tally(collections.Counter):
    """How often each rule was used, and a few examples of it."""

    def __init__(self):
        super().__init__()
        self.examples = collections.defaultdict(list)

    def note(self, rule, row, now=None):
        self[rule] += 1
        self.examples[rule].append(f"{row['id']} {row.get('name', '')}" + (f" → {now}" if now else ""))

    def report(self, limit):
        for rule, n in self.items():
            print(f"{n:6d}  {rule}", file=sys.stderr)
            for example in self.examples[rule][:limit]:
                print(f"          {example}", file=sys.stderr)


# --- Securities -------------------------------------------------------------------------------------------------------


def drop_bonds(securities, names, tally):
    """Bonds are no stocks. Three yuan counters are listed as bonds because their codes begin with 89."""
    by_id = {s["id"]: s for s in securities}
    bond_names = {n["id"] for n in names if BOND.match(n["name"])}
    kept = []
    for s in securities:
        main = "XHKG:0" + s["id"][-4:]
        if s["type"] == "bond" and main in by_id and s["issuer"] == by_id[main]["issuer"] != s["id"]:
            s["type"] = "rmb_counter"
            tally.note("security: a yuan counter is no bond", s)
        elif s["type"] == "bond" or (s["id"] in bond_names and s["id"].startswith("XHKG:")):
            tally.note("security: bonds are left out", s)
            continue
        kept.append(s)
    return kept


def join_counters(securities, names, tally):
    """A Hong Kong fund is traded in dollars and yuan too, under 09xxx and 9xxxx, with the same short name."""
    by_id = {s["id"]: s for s in securities}
    holders = collections.defaultdict(list)
    for n in names:
        if n["lang"] == "zh" and by_id.get(n["id"], {}).get("type") == "etf":
            holders[n["name"]].append(n["id"])
    for ids in holders.values():
        home = min(ids)
        for i in ids:
            if i != home and i[5:].startswith("09") and by_id[i]["issuer"] == i:
                by_id[i]["issuer"] = by_id[home]["issuer"]
                tally.note("security: counters of one fund share its issuer", by_id[i])


def are_classes(a, b):
    """Symbols of two classes of one company: BRK.A BRK.B, GOOG GOOGL, FOX FOXA, CMCSA CMCSK, WAFD WAFDP."""
    a, b = sorted((a, b), key=lambda s: (len(s), s))
    if "." in b:
        return a.split(".")[0] == b.split(".")[0]
    return b[:-1] == a or (len(a) == len(b) > 1 and a[:-1] == b[:-1] and {a[-1], b[-1]} <= set("ABCKLP"))


def join_classes(securities, names, tally):
    """Classes of one American company share an issuer: the line that already is the issuer of others, else the shortest
    symbol, else the first. Where another class is the better known one, listing_corrections.tsv says so."""
    by_id = {s["id"]: s for s in securities}
    holders = collections.defaultdict(set)
    for n in names:
        if n["kind"] == "english" and n["id"].startswith(US) and n["id"] in by_id and core(n["name"]):
            holders[core(DESCRIPTION.sub("", n["name"]), INC)].add(n["id"])
    is_home = {s["issuer"] for s in securities if s["issuer"] != s["id"]}
    for ids in holders.values():
        ranked = sorted(ids, key=lambda i: (by_id[i]["status"] != "active", i not in is_home, len(i), i))
        home = by_id[ranked[0]]["issuer"]
        for i in ranked[1:]:
            if by_id[i]["issuer"] == i and i not in is_home and are_classes(ranked[0][5:], i[5:]):
                by_id[i]["issuer"] = home
                tally.note("security: share classes of one company share its issuer", by_id[i])


def name_of(row):
    """The name that a company without a listing brings; one word alone is judged as an alias is."""
    kind = "english" if " " in row["name"] else "alias"
    return {"id": row["id"], "name": row["name"], "lang": "en", "kind": kind, "from": "", "to": row["delisted"],
            "ambiguous": "", "policy": ""}


def add_securities(securities, names, columns, tally):
    """Symbols that companies had before the listings begin or between two of them, and companies that came and went there."""
    known = {s["id"] for s in securities}
    for row in read(HERE / "listing_securities.tsv"):
        if row["id"] in known:
            sys.exit(f"listing_securities.tsv: {row['id']} is a security already")
        known.add(row["id"])
        securities.append({c: row[c] for c in columns})
        tally.note(f"reviewed security: {row['status']}", row)
        if row["name"]:
            names.append(name_of(row))
    securities.sort(key=lambda s: s["id"])
    for s in securities:
        if s["issuer"] not in known or (s["successor"] and s["successor"] not in known):
            sys.exit(f"{s['id']}: its issuer or successor is no security of the listings or of listing_securities.tsv")


def settle_issuers(securities):
    """Where a home line was found to be a line of another company's, its own lines follow."""
    by_id = {s["id"]: s for s in securities}
    for s in securities:
        while by_id[s["issuer"]]["issuer"] != s["issuer"]:
            s["issuer"] = by_id[s["issuer"]]["issuer"]


def correct(securities, names, corrections, tally):
    by_id = {s["id"]: s for s in securities}
    refused, beside_code, plain, ambiguous = set(), set(), set(), set()
    for c in corrections:
        s = by_id.get(c["id"])
        if s is None:
            sys.exit(f"listing_corrections.tsv: {c['id']} is no security")
        if c["column"] == "not-a-name":
            refused.add((c["id"], c["value"]))
        elif c["column"] == "code-only":
            beside_code.add((c["id"], c["value"]))
        elif c["column"] == "plain":
            plain.add((c["id"], c["value"]))
        elif c["column"] == "not-shortened":
            pass  # see add_short_forms
        elif c["column"] == "ambiguous":
            ambiguous.add((c["id"], c["value"]))
        elif c["column"] == "drop":
            securities.remove(s)
            for other in securities:
                other["successor"] = "" if other["successor"] == c["id"] else other["successor"]
        else:
            s[c["column"]] = c["value"]
        tally.note(f"reviewed correction: {c['column']}", s)
    kept = [n for n in names if (n["id"], n["name"]) not in refused]
    if len(names) - len(kept) != len(refused):
        sys.exit("listing_corrections.tsv: a name that is refused is not in names.tsv")
    for n in kept:
        if (n["id"], n["name"]) in beside_code:
            n["policy"] = "code-only"
            beside_code.remove((n["id"], n["name"]))
        if (n["id"], n["name"]) in plain:
            n["ambiguous"] = ""
            plain.remove((n["id"], n["name"]))
        if (n["id"], n["name"]) in ambiguous:
            n["ambiguous"] = "1"
            ambiguous.remove((n["id"], n["name"]))
    if beside_code:
        sys.exit(f"listing_corrections.tsv: names that need their code are not in names.tsv: {sorted(beside_code)}")
    if plain:
        sys.exit(f"listing_corrections.tsv: not in names.tsv and so not ambiguous: {sorted(plain)}")
    if ambiguous:
        sys.exit(f"listing_corrections.tsv: not in names.tsv and so not to be marked: {sorted(ambiguous)}")
    return kept


# --- Names ------------------------------------------------------------------------------------------------------------


def move_to_successors(securities, names):
    """Names of a symbol that was renamed stand at its successor, as former names."""
    by_id = {s["id"]: s for s in securities}
    for n in names:
        s = by_id.get(n["id"])
        while s is not None and s["successor"]:
            n["id"] = s["successor"]
            if n["kind"] in ("short", "english"):
                n["kind"] = "former"
            s = by_id.get(n["id"])


def clean_text(names, securities, tally):
    """Names as a listing gives them → names as they are written."""
    known = {s["id"] for s in securities}
    for n in names:
        if n["id"] not in known:
            tally.note("name: its security was left out", n)
            continue
        if PLACEHOLDER.match(n["name"]):
            tally.note("name: a placeholder of the listing, made from the code", n)
            continue
        name = " ".join(unicodedata.normalize("NFC", n["name"]).split())
        if "\ufffd" in name or any(unicodedata.category(c) in ("Cc", "Co", "Cn") for c in name):
            tally.note("name: damaged characters", n)
            continue
        if n["lang"] == "en" and not n["id"].startswith(MAINLAND):
            name = shorten(name, n, tally)
            if NO_STOCK.search(name):
                tally.note("name: of a preferred share, a note or a wrapper", n)
                continue
        if len(name) > MAX_NAME:
            tally.note(f"name: longer than {MAX_NAME} characters", n)
            continue
        if len(name) < 2:
            tally.note("name: one character names nobody", n)
            continue
        n["name"] = name
        yield n


def shorten(name, row, tally):
    cut = DESCRIPTION.sub("", name)
    if row["id"].startswith(US):
        cut = US_DESCRIPTION.sub("", cut) if not re.search(r"\b(?:of|the|&) \w+$", cut) else cut
    if cut != name and len(core(cut)) > 1:
        tally.note("name: cut where it goes on to describe the security", row, cut)
        name = cut
    for m in re.finditer(r",?\s", name):
        first, second = name[: m.start()], name[m.end() :]
        if core(first) and core(first) == core(second) and not re.search(r"\W(?:&|and)\W", name, re.I):
            tally.note("name: written twice", row, first)
            return first
    return name


def is_general(name):
    words = core(name).split()
    return bool(words) and all(w in GENERAL or w.isdigit() for w in words)


def judge_english(names, securities, words, tally):
    """What an English alias is worth. Aliases of American companies come from a crowd list and some are too general."""
    by_id = {s["id"]: s for s in securities}
    official, owners, beginnings = (collections.defaultdict(set) for _ in range(3))
    funds = collections.Counter()
    for n in names:
        if n["kind"] == "english":
            issuer = by_id[n["id"]]["issuer"]
            official[issuer].add(core(n["name"]))
            if by_id[n["id"]]["status"] == "active" and n["id"].startswith(US):
                owners[core(n["name"])].add(issuer)
            parts = core(n["name"], INC).split()
            for i in range(1, len(parts) + 1):
                beginnings[" ".join(parts[:i])].add(issuer)
            if by_id[n["id"]]["type"] == "etf":
                funds[n["name"]] += 1
    for n in names:
        if n["lang"] != "en" or n["kind"] == "full":
            yield n
            continue
        issuer, c = by_id[n["id"]]["issuer"], core(n["name"])
        begins_own = any(o == c or o.startswith(c + " ") for o in official[issuer])
        if n["kind"] == "english" and funds[n["name"]] > 1:
            tally.note("name: the brand of several funds", n)
            continue
        if n["kind"] == "alias":
            if owners[c] - {issuer} and not begins_own:
                tally.note("name: the English name of another company", n)
                continue
            if is_general(n["name"]) and not begins_own:
                tally.note("name: general words alone, and not the beginning of its own name", n)
                continue
            one = c.split()
            if len(one) == 1 and one[0] in words and not begins_own and len(words_of(n["name"])) > 1:
                tally.note("name: an ordinary word with a legal form, and not the beginning of its own name", n)
                continue
        if is_general(n["name"]) and len(beginnings[core(n["name"], INC)] - {issuer}) > 1:
            n["policy"] = n["policy"] or "context"
            tally.note("name: general words that begin the names of other companies too: needs context", n)
        if n["kind"] in ("alias", "short") and n["ambiguous"] != "1":
            alone = words_of(n["name"])
            if len(alone) == 1 and (alone[0] in words or len(alone[0]) < 3):
                n["ambiguous"] = "1"
                tally.note("name: one word that is an ordinary word or has two letters: ambiguous", n)
        yield n


def judge_chinese(names, tally):
    for n in names:
        if n["lang"] == "zh" and n["kind"] == "alias" and len(n["name"]) == 3 and n["name"].startswith("中国"):
            tally.note("name: 中国 and one character is a name cut off", n)
            continue
        yield n


def add_short_forms(securities, names, word_list, corrections, tally):
    """What newspapers call American companies; see short_names.py."""
    taken = {short_names.bare(w) for w in word_list.read_text(encoding="utf-8").split("\n")}
    refused = {(c["id"], c["value"]) for c in corrections if c["column"] == "not-shortened"}
    known = {(n["id"], n["name"].lower()) for n in names}
    used = set()
    for n in list(short_names.shorten(securities, names, taken, GENERAL, LEGAL)):
        if (n["id"], n["name"]) in refused:
            used.add((n["id"], n["name"]))
        elif (n["id"], n["name"].lower()) not in known:
            known.add((n["id"], n["name"].lower()))
            names.append(n)
            tally.note("name: short form, what the company does left out", n)
    if refused - used:
        sys.exit(f"listing_corrections.tsv: no short form: {sorted(refused - used)}")


def without_duplicates(names, tally):
    """One row for a security and name; names that differ in case and legal punctuation alone count once. An alias with a
    space, or with points between letters, is another one than that without: JP Morgan, JPMorgan; J.C. Penney, JC Penney."""
    order = {"short": 0, "full": 1, "english": 2, "former": 3, "alias": 4}
    best = {}
    for n in sorted(names, key=lambda n: (order[n["kind"]], n["name"].isupper(), n["name"])):
        key = (n["id"], re.sub(r"(?<=\w\w)[.,]+" if n["kind"] == "alias" else r"[\s.,]+", "", n["name"]).lower() if n["lang"] == "en" else n["name"])
        if key in best:
            tally.note("name: the same name twice", n)
        else:
            best[key] = n
    return sorted(best.values(), key=lambda n: (n["id"], order_of_kind(n), n["lang"], n["name"], n["from"]))


def order_of_kind(name):
    return ["alias", "english", "former", "full", "short"].index(name["kind"])


def main():
    listings, word_list = Path(sys.argv[1]), Path(sys.argv[2])
    out = Path(sys.argv[3]) if len(sys.argv) > 3 else HERE.parent.parent / "src/dict/tables"
    securities, names = read(listings / "securities.tsv"), read(listings / "names.tsv")
    words = {w for w in word_list.read_text(encoding="utf-8").split("\n") if w.islower() and w.isalpha()}
    columns, tally = list(securities[0]), Tally()
    for n in names:
        n["policy"] = ""
    securities = drop_bonds(securities, names, tally)
    add_securities(securities, names, columns, tally)
    corrections = read(HERE / "listing_corrections.tsv")
    names = correct(securities, names, corrections, tally)
    join_counters(securities, names, tally)
    join_classes(securities, names, tally)
    settle_issuers(securities)
    move_to_successors(securities, names)
    names = list(clean_text(names, securities, tally))
    names = list(judge_chinese(names, tally))
    names = list(judge_english(names, securities, words, tally))
    add_short_forms(securities, names, word_list, corrections, tally)
    known, added = {s["id"] for s in securities}, set()
    for row in read(HERE / "listing_additions.tsv"):
        if row["id"] not in known:
            sys.exit(f"listing_additions.tsv: {row['id']} is no security")
        if tuple(row.values()) in added:
            sys.exit(f"listing_additions.tsv: {row['id']} {row['name']} stands there twice")
        added.add(tuple(row.values()))
        names.append({c: row[c] for c in NAME_COLUMNS})
        tally.note("reviewed addition", row)
    names = without_duplicates(names, tally)
    write(out / "securities.tsv", columns, securities)
    write(out / "names.tsv", NAME_COLUMNS, names)
    tally.report(int(sys.argv[4]) if len(sys.argv) > 4 else 0)


if __name__ == "__main__":
    main()
