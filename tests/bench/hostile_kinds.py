"""Hostile texts and dictionaries: whatever could make a scan slow, of any size. The same tables give the same bytes.

A kind is a row of KINDS. Most texts are one unit over and over; where order or variety matters, a function makes them.
"""

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Tuple, Union

TABLES = Path(__file__).resolve().parents[2] / "src" / "dict" / "tables"


# --- What texts are made of -------------------------------------------------------------------------------------------


@lru_cache(maxsize=None)
def rows(table: str) -> List[Dict[str, str]]:
    header, *lines = (TABLES / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"))) for line in lines if line]


@lru_cache(maxsize=None)
def names(lang: str, kind: str) -> List[str]:
    return sorted({row["name"] for row in rows("names") if row["lang"] == lang and row["kind"] == kind})


@lru_cache(maxsize=None)
def codes(mic: str) -> List[str]:
    return sorted(row["id"].split(":")[1] for row in rows("securities") if row["id"].startswith(mic + ":"))


@lru_cache(maxsize=None)
def words(word_class: str) -> List[str]:
    return sorted(row["word"] for row in rows("lexicon") if row["class"] == word_class)


def cut(text: str, size: int) -> bytes:
    """The first `size` bytes, and no half character at the end."""
    return text.encode("utf-8")[:size].decode("utf-8", "ignore").encode("utf-8")


def fill(parts: Iterator[str], size: int) -> bytes:
    chosen, total = [], 0
    while total < size:
        chosen.append(next(parts))
        total += len(chosen[-1].encode("utf-8"))
    return cut("".join(chosen), size)


def choices(items: List[str], template: str = "{}", seed: int = 1) -> Iterator[str]:
    rng = random.Random(seed)
    while True:
        yield template.format(rng.choice(items))


def mixed(templates: List[Tuple[str, List[str]]], seed: int = 1) -> Iterator[str]:
    """Parts of several lists in a random order."""
    rng = random.Random(seed)
    while True:
        template, items = rng.choice(templates)
        yield template.format(rng.choice(items))


Maker = Callable[[int], bytes]


# Names and words are drawn so that the short text of a kind has something that changes on the second look, as the long one has;
# else the long one is looked at twice, the short one once, and the growth says nothing.
SEED = 2


def joined(lang: str, kind: str, template: str = "{}") -> Maker:
    return lambda size: fill(choices(names(lang, kind), template, SEED), size)


def written(lang: str, kind: str, how: Callable[[str], str]) -> Maker:
    """Names in other letters than the table has: each asks what the sentence around it is written in."""
    return lambda size: fill(choices([how(name) for name in names(lang, kind)], "{} ", SEED), size)


def of_codes(mic: str, template: str) -> Maker:
    return lambda size: fill(choices(codes(mic), template), size)


def of_words(word_class: str, template: str = "{}") -> Maker:
    return lambda size: fill(choices(words(word_class), template, SEED), size)


def near_misses(lang: str, kind: str) -> Maker:
    """Long names whose last character is another one."""
    longest = sorted(names(lang, kind), key=len)[-400:]
    return lambda size: fill(choices([name[:-1] + ("们" if lang == "zh" else "q") for name in longest]), size)


def prefixes(size: int) -> bytes:
    """The characters that most full names begin with, over and over."""
    counts: Dict[str, int] = {}
    for name in names("zh", "full"):
        for length in (3, 4, 5, 6):
            counts[name[:length]] = counts.get(name[:length], 0) + 1
    common = sorted(counts, key=lambda prefix: (-counts[prefix], prefix))[:64]
    return fill(choices(common), size)


def random_bytes(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def random_han(size: int) -> bytes:
    rng = random.Random(1)
    alphabet = sorted({c for name in names("zh", "short") for c in name})
    return fill(iter(lambda: rng.choice(alphabet), None), size)


def random_signs(size: int) -> bytes:
    rng = random.Random(1)
    return fill(iter(lambda: rng.choice("$()（）.,:：/-_@#&\"'`*|[]【】 \n09AaZz港股代码"), None), size)


def bushes(size: int) -> bytes:
    """All that may stand around a mention, close together."""
    parts = [("{}", names("zh", "short")), ("{}", words("general")), ("({}.SH)", codes("XSHG")), ("{}", words("company-right")),
             ("${} ", codes("XNAS")), ("{}、", names("zh", "short")), ("{}", words("market-hk")), ("{}：", names("zh", "alias"))]
    return fill(mixed(parts), size)


def issuers(size: int) -> bytes:
    """Every security once, so that a document is about as many as there are; then again."""
    def parts() -> Iterator[str]:
        while True:
            for row in rows("securities"):
                mic, code = row["id"].split(":")
                suffix = {"XSHG": "SH", "XSHE": "SZ", "BJSE": "BJ", "XHKG": "HK"}.get(mic)
                yield f"{code}.{suffix} " if suffix else f"${code} "
    return fill(parts(), size)


def attributes(size: int) -> bytes:
    return cut("<p " + "".join(f'data-a{i}="金山办公&amp;" ' for i in range(size // 20 + 1)), size - 1) + b">"


def nested_links(size: int) -> bytes:
    """Marked spans in each other, no two of one security in a row."""
    unit = "".join(f'<span data-code="{code}|1|1">茅台' for code in ("600519", "601318", "600036", "688111"))
    return cut(unit * (size // len(unit.encode("utf-8")) + 1), size)


def cells(text: str) -> Maker:
    return lambda size: b"<table>" + repeat(f"<tr><td>{text}</td><td>600519</td></tr>", size - 7)


def repeat(unit: Union[str, bytes], size: int) -> bytes:
    one = unit.encode("utf-8") if isinstance(unit, str) else unit
    whole = (one * (size // len(one) + 1))[:size]
    return whole if isinstance(unit, bytes) else whole.decode("utf-8", "ignore").encode("utf-8")


def halves(first: str, second: str) -> Maker:
    return lambda size: repeat(first, size // 2) + repeat(second, size - size // 2)


def after(head: str, unit: str) -> Maker:
    return lambda size: head.encode("utf-8") + repeat(unit, max(1, size - len(head.encode("utf-8"))))


# --- Kinds ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    name: str
    text: Union[str, bytes, Maker]  # a unit that is repeated, or what makes so many bytes
    format: str = "text"
    how: str = "document"  # or "lines"
    dictionary: str = "-"  # a row of DICTIONARIES, or the default

    def make(self, size: int) -> bytes:
        return self.text(size) if callable(self.text) else repeat(self.text, size)


KINDS = [
    # Names
    Kind("names/short", joined("zh", "short")),
    Kind("names/full", joined("zh", "full")),
    Kind("names/alias", joined("zh", "alias")),
    Kind("names/former", joined("zh", "former")),
    Kind("names/english", joined("en", "english", "{} ")),
    Kind("names/english-small", written("en", "alias", str.lower)),
    Kind("names/english-capitals", written("en", "alias", str.upper)),
    Kind("names/one", "贵州茅台"),
    Kind("names/one-many-lines", "阿里巴巴"),
    Kind("names/lists", joined("zh", "short", "{}、")),
    Kind("names/list-of-one", "茅台、"),
    Kind("names/marks", joined("zh", "short", "*ST{}")),
    Kind("names/marks-wide", joined("zh", "short", "＊ＳＴ{}-W")),
    Kind("names/marks-without-names", "*STSTXDXRDRNCS*"),
    Kind("names/padded", lambda size: fill((name if len(name) != 3 else " ".join(name) for name in choices(names("zh", "short"))), size)),
    Kind("names/spaces", "万 科 五　粮　液 "),
    Kind("names/near-misses", near_misses("zh", "full")),
    Kind("names/near-misses-english", near_misses("en", "english")),
    Kind("names/prefixes", prefixes),
    Kind("names/shenzhen", "深圳市"),
    Kind("names/random", random_han),
    Kind("names/in-words", lambda size: fill(mixed([("{}", names("zh", "short")), ("{}", words("general"))]), size)),
    Kind("names/sources", joined("zh", "short", "据{}报道，来源：")),
    Kind("names/colons", joined("zh", "short", "{}：\n")),
    Kind("names/handles", joined("zh", "short", "@{} ")),
    Kind("names/forms", joined("zh", "short", "{}股份有限公司集团")),
    Kind("names/with-other-codes", lambda size: fill(mixed([("{}", names("zh", "short")), ("(股票代码：{})", codes("XSHG"))]), size)),
    Kind("names/quotes", "“《【“《【贵州茅台”"),
    # Codes
    Kind("codes/sh", of_codes("XSHG", "{}")),
    Kind("codes/bare", of_codes("XSHG", "{} ")),
    Kind("codes/suffix", of_codes("XSHE", "{}.SZ")),
    Kind("codes/unknown", "987654.SH "),
    Kind("codes/bracket", of_codes("XHKG", "({})")),
    Kind("codes/open-brackets", of_codes("XHKG", "(({}")),
    Kind("codes/labels", of_codes("XSHG", "股票代码：{}")),
    Kind("codes/lists", of_codes("XSHG", "股票代码:600519、{}、")),
    Kind("codes/symbols", of_codes("XNAS", "{} ")),
    Kind("codes/cashtags", of_codes("XNAS", "${} ")),
    Kind("codes/exchange-lists", of_codes("XNAS", "(NASDAQ: GOOG, GOOGL, {})")),
    Kind("codes/exchange-open", of_codes("XNAS", "NASDAQ: {}, ")),
    Kind("codes/addresses", of_codes("XSHG", "a/{}/")),
    Kind("codes/hosts", of_codes("XSHG", "a.b.c/{}.")),
    Kind("codes/behind-at", of_codes("XNAS", "@{}")),
    Kind("codes/urls", of_codes("XSHG", "http://quote.eastmoney.com/{}.html ")),
    Kind("codes/www", "www.www.www."),
    Kind("codes/prefixes", of_codes("XSHG", "SH{}")),
    Kind("codes/amounts", of_codes("XSHG", "{}万元")),
    Kind("codes/foreign", of_codes("XSHG", "SK海力士({})")),
    Kind("codes/wide", lambda size: fill((code.translate({ord(d): 0xFF10 + int(d) for d in "0123456789"}) + "．ＳＨ" for code in choices(codes("XSHG"))), size)),
    Kind("codes/colons", "E:US:N"),  # these three were found by search_slow.py
    Kind("codes/cashtags-colons", ":$B"),
    Kind("signs/apostrophes-many", "'b''b'c'a'a'b'c''a'b'c''b'c'a'"),
    Kind("signs/digits", "7"),
    Kind("signs/digits-apart", "7 "),
    Kind("signs/digits-and-letters", "600519ABC"),
    Kind("signs/digits-and-points", "1.2.3.4.5.6."),
    Kind("signs/dollars", "$"),
    Kind("signs/dollars-letters", "$a"),
    Kind("signs/dollars-capitals", "$AAPL"),
    Kind("signs/brackets", "("),
    Kind("signs/brackets-han", "（【《"),
    Kind("signs/capitals", "A"),
    Kind("signs/capitals-points", "A.B.C."),
    Kind("signs/capitals-colons", "US:NYSE:"),
    Kind("signs/capitals-apart", "AB CD "),
    Kind("signs/letters-apart", "a b c "),
    Kind("signs/apostrophes", "a'b'c'"),
    Kind("signs/accents", "éàü"),
    Kind("signs/accents-apart", "éa àb "),
    Kind("signs/at", "@"),
    Kind("signs/at-words", "a@b."),
    Kind("signs/wide-letters", "Ａ"),
    Kind("signs/wide-digits", "６"),
    Kind("signs/wide-mixed", "Ａ６＄"),
    Kind("signs/wide-behind-han", "金ＡＢ"),
    Kind("signs/spaces", " "),
    Kind("signs/wide-spaces", "　"),
    Kind("signs/zeros", b"\0"),
    Kind("signs/four-bytes", "𠮷"),
    Kind("signs/random", random_signs),
    Kind("words/general", of_words("general")),
    Kind("words/english", of_words("ordinary", "{} ")),
    Kind("words/the", "the "),
    Kind("words/markets", "港股美股沪市"),
    Kind("words/markets-with-names", "港股阿里巴巴美股"),
    Kind("words/market-openings", "港沪深北"),
    Kind("words/sentences", "阿里巴巴。"),
    Kind("words/one-sentence", halves("港股", "阿里巴巴")),
    Kind("mixed/bushes", bushes),
    Kind("mixed/issuers", issuers),
    # Lines
    Kind("lines/empty", "\n"),
    Kind("lines/one-letter", "a\n", how="lines"),
    Kind("lines/names", joined("zh", "short", "{}\n"), how="lines"),
    Kind("lines/codes", of_codes("XSHG", "{}.SH\n"), how="lines"),
    Kind("lines/invalid", b"\xE8\x8C\x85\xFF\n", how="lines"),
    Kind("lines/html", "<p>贵州茅台\n", "html", "lines"),
    Kind("lines/markdown", "# 贵州茅台\n", "markdown", "lines"),
    # Bytes that are no text
    Kind("bytes/random", random_bytes),
    Kind("bytes/continuations", b"\x80"),
    Kind("bytes/leads", b"\xE8\x8C"),
    Kind("bytes/between-names", "贵州茅台".encode("utf-8") + b"\xFF"),
    # HTML
    Kind("html/deep", "<div>茅台", "html"),
    Kind("html/inline", "<b>", "html"),
    Kind("html/unclosed", "<b a='", "html"),
    Kind("html/less-than", "<", "html"),
    Kind("html/attributes", attributes, "html"),
    Kind("html/entities", "&amp;", "html"),
    Kind("html/entities-open", "&CounterClockwiseContourIntegra", "html"),
    Kind("html/entities-in-names", "&#36149;&#24030;&#33541;&#21488;", "html"),
    Kind("html/tags-in-names", "贵<b>州</b>茅<i>台</i>", "html"),
    Kind("html/comments", "<!--", "html"),
    Kind("html/scripts", "<script></scrip", "html"),
    Kind("html/lists", "<ul><li><a href=x>茅台</a>", "html"),
    Kind("html/cells", cells("贵州茅台"), "html"),
    Kind("html/cells-many", cells("600519 " * 20), "html"),
    Kind("html/cells-blank", cells("&nbsp;" * 40 + "茅台"), "html"),
    Kind("html/nested-links", nested_links, "html"),
    Kind("html/links", of_codes("XSHG", '<a href="http://quote.eastmoney.com/unify/r/1.{}">x</a>'), "html"),
    Kind("html/closing", halves("<p><span>", "</div>"), "html"),
    # Markdown
    Kind("markdown/quotes", ">", "markdown"),
    Kind("markdown/quotes-lines", "> > > > 茅台\n", "markdown"),
    Kind("markdown/brackets", "[", "markdown"),
    Kind("markdown/links-open", "[a](", "markdown"),
    Kind("markdown/links", "[茅台](http://quote.eastmoney.com/unify/r/1.600519)", "markdown"),
    Kind("markdown/asterisks", "*", "markdown"),
    Kind("markdown/emphasis", "*a **b _c ", "markdown"),
    Kind("markdown/emphasis-in-names", "贵**州**茅*台*", "markdown"),
    Kind("markdown/backticks", "`a``b```c````d", "markdown"),
    Kind("markdown/tables", after("a|b\n-|-\n", "茅台|600519\n"), "markdown"),
    Kind("markdown/tables-small", "a|b\n-|-\n", "markdown"),  # found by search_slow.py
    Kind("markdown/bars", after("a|b\n-|-\n", "|"), "markdown"),
    Kind("markdown/lists", "- ", "markdown"),
    Kind("markdown/items", "- 茅台\n", "markdown"),
    Kind("markdown/headings", "# 茅台\n", "markdown"),
    Kind("markdown/definitions", "[a]: b\n", "markdown"),
    Kind("markdown/raw-html", "a <b c='", "markdown"),
    Kind("markdown/escapes", "\\*\\", "markdown"),
    Kind("markdown/front-matter", after("---\n", "title: 茅台\n"), "markdown"),
]


# --- Dictionaries -----------------------------------------------------------------------------------------------------

Tables = Dict[str, str]  # table → TSV


def table(header: str, lines: List[str]) -> str:
    return header + "\n" + "".join(line + "\n" for line in lines)


def securities(n: int, one_issuer: bool = False) -> str:
    header = "id\tissuer\ttype\tboard\tcurrency\tisin\tlisted\tdelisted\tstatus\tsuccessor"
    ids = [f"XSHG:{110000 + i}" for i in range(n)]
    return table(header, [f"{i}\t{ids[0] if one_issuer else i}\tstock\t\tCNY\t\t\t\tactive\t" for i in ids])


def names_table(pairs: List[Tuple[int, str]]) -> str:
    header = "id\tname\tlang\tkind\tfrom\tto\tambiguous\tpolicy"
    return table(header, [f"XSHG:{110000 + i}\t{name}\tzh\tshort\t\t\t\t" for i, name in pairs])


def with_names(made: List[str]) -> Tables:
    return {"securities": securities(len(made)), "names": names_table(list(enumerate(made)))}


HAN = [chr(c) for c in range(0x4E00, 0x9FA0)]


def one_prefix() -> Tables:
    return with_names(["深圳市先进数字" + HAN[i % 150] + HAN[i // 150] for i in range(3000)])


def prefixes_of_each_other() -> Tables:
    line = "".join(HAN[100:164])
    return with_names([line[:length] for length in range(2, 65)])


def one_character() -> Tables:
    return with_names(["嘉" * length for length in range(2, 65)])


def homonyms() -> Tables:
    return {"securities": securities(3000), "names": names_table([(i, "同名股份") for i in range(3000)])}


def long_names() -> Tables:
    rng = random.Random(1)
    return with_names(["深圳" + "".join(rng.choice(HAN[:300]) for _ in range(62)) for _ in range(3000)])


def signs_and_spaces() -> Tables:
    return with_names([f"a{sign}{other}b" for sign in ".,-/()& '" for other in ".,-/()& '"] + ["a b c d e f g h", "a a a a"])


def one_issuer() -> Tables:
    return {"securities": securities(3000, one_issuer=True), "names": names_table([(0, "多线股份")])}


def latin_prefixes() -> Tables:
    return with_names([" ".join(["a"] * length) for length in range(2, 33)] + ["a" * length for length in range(3, 33)])


def slow_patterns() -> Tables:
    header = "id\tstart\tmin\tmax\tthen\tpattern\tmics\tform\tevidence\texample"
    nested = r"(?:\d|\d\d|\d\d\d| )+!(?<code>\d{6})"
    lines = [f"slow-{i}\tdigit\t6\t6\t\t{nested}\tXSHG\tdigits6\tstrong\t600519" for i in range(4)]
    return {"notations": table(header, lines)}


DICTIONARIES = {
    "one-prefix": one_prefix,
    "prefixes": prefixes_of_each_other,
    "one-character": one_character,
    "homonyms": homonyms,
    "long-names": long_names,
    "signs": signs_and_spaces,
    "one-issuer": one_issuer,
    "latin-prefixes": latin_prefixes,
    "slow-patterns": slow_patterns,
}

KINDS += [
    Kind("dict/one-prefix", lambda size: fill(choices(["深圳市先进数字" + HAN[i] for i in range(200)]), size), dictionary="one-prefix"),
    Kind("dict/prefixes", "".join(HAN[100:163]) + "们", dictionary="prefixes"),
    Kind("dict/one-character", "嘉", dictionary="one-character"),
    Kind("dict/homonyms", "同名股份", dictionary="homonyms"),
    Kind("dict/homonyms-codes", "同名股份(110001)", dictionary="homonyms"),
    Kind("dict/long-names", lambda size: fill(choices([row.split("\t")[1] for row in long_names()["names"].splitlines()[1:]]), size), dictionary="long-names"),
    Kind("dict/long-near-misses", lambda size: fill(choices([row.split("\t")[1][:-1] for row in long_names()["names"].splitlines()[1:21]]), size), dictionary="long-names"),
    Kind("dict/signs", "a.,-/()& 'b", dictionary="signs"),
    Kind("dict/signs-only", "a .,-/(", dictionary="signs"),
    Kind("dict/one-issuer", "多线股份", dictionary="one-issuer"),
    Kind("dict/one-issuer-dated", "多线股份港股", dictionary="one-issuer"),
    Kind("dict/latin-prefixes", "a ", dictionary="latin-prefixes"),
    Kind("dict/latin-long", "a", dictionary="latin-prefixes"),
    Kind("dict/slow-patterns", "123456 ", dictionary="slow-patterns"),
]


def build_dictionary(cli: str, name: str, folder: Path, run: Callable[..., None]) -> Path:
    """Compiles a row of DICTIONARIES over the default's mics, context and words."""
    tables = folder / name
    tables.mkdir(parents=True, exist_ok=True)
    for table_name, text in DICTIONARIES[name]().items():
        (tables / f"{table_name}.tsv").write_text(text, encoding="utf-8")
    compiled = folder / f"{name}.smd"
    run(cli, "dict", "build", "--base", "default", "--add", str(tables), "--output", str(compiled))
    return compiled
