"""What is measured on: a text, a dictionary of ours, and the same names for other libraries. Made in build/bench from the
tables that the built command has."""

import itertools
import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, Iterator, List, Optional

import prose
from workers import Missing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
from news_pages import CONTENTS, LAYOUTS, PAGES, fill, page_of  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "bench"
CORPUS = ROOT.parent / "shared" / "corpus" / "news.txt"
TABLES = ("mics", "securities", "names", "notations", "providers", "context", "variants", "lexicon")
MAINLAND = ("XSHG", "XSHE", "BJSE")
GENERATED_BYTES = 4_000_000
ENGLISH_LINES = 8_000

Row = Dict[str, str]


@dataclass
class Material:
    text: Path  # documents, one a line
    names: Path  # one a line, each once
    dictionary: Optional[Path] = None  # None: the default one

    @property
    def size(self) -> int:
        return self.text.stat().st_size

    @property
    def n_names(self) -> int:
        return self.names.read_bytes().count(b"\n")


def run(*command: object) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False, cwd=ROOT)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise Missing(f"{' '.join(words)}: {last}")
    return done.stdout


def build(folder: Optional[Path]) -> Path:
    """Brings the release build, or the one in `folder`, up to date."""
    target = folder or ROOT / "build" / "release"
    if folder is None:
        run("cmake", "--preset", "release")
    run("cmake", "--build", target, "--target", "bench_lines", "bench_stages", "stockmention_cli")
    WORK.mkdir(parents=True, exist_ok=True)
    return target


def dump(built: Path, table: str, dictionary: Optional[Path] = None) -> str:
    return run(built / "stockmention", "dict", "dump", *([dictionary] if dictionary else []), table)


def rows(tsv: str) -> Iterator[Row]:
    lines = (line.split("\t") for line in tsv.split("\n") if line)
    header = next(lines)
    return (dict(zip(header, line)) for line in lines)


# --- Text -------------------------------------------------------------------------------------------------------------


def generate(built: Path) -> Path:
    """Lines of common words with a name now and then, about as often as in news. The same tables give the same text."""
    path = WORK / "generated.txt"
    rng = random.Random(1)
    names = sorted(
        {row["name"] for row in rows(dump(built, "names")) if row["lang"] == "zh" and row["kind"] == "short"}
    )
    words = sorted({row["word"] for row in rows(dump(built, "lexicon")) if row["class"] == "general"})
    lines, size = [], 0
    while size < GENERATED_BYTES:
        parts = [rng.choice(names if rng.random() < 0.02 else words) for _ in range(rng.randint(5, 90))]
        lines.append("".join(parts) + "。\n")
        size += len(lines[-1].encode("utf-8"))
    path.write_text("".join(lines), encoding="utf-8")
    return path


def describe(text: Path, is_generated: bool) -> str:
    """Also checks that it is UTF-8, which most of the other libraries take nothing else than."""
    content = text.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Missing(f"{text}: byte {error.start} is not UTF-8; expected text that is") from None
    origin = " (generated: no real text is here)" if is_generated else ""
    return f"{text.name}{origin}, {len(content) / 1e6:.1f} MB, {content.count(10)} lines"


def ndjson(text: Path) -> str:
    """Each line as a document, with its newline, as the library's own worker takes it; unescaped, as dumps of news are."""
    lines = text.read_bytes().decode("utf-8").split("\n")
    documents = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    numbered = ({"id": str(number), "text": document} for number, document in enumerate(documents))
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in numbered)


# --- Dictionaries -----------------------------------------------------------------------------------------------------


def is_short_of_a_share(row: Row) -> bool:
    return row["lang"] == "zh" and row["kind"] == "short" and row["id"].startswith(tuple(f"{mic}:" for mic in MAINLAND))


def write_names(path: Path, names: Iterable[Row]) -> Path:
    """What the other libraries look for: each name once, of two characters or more."""
    unique = sorted({row["name"] for row in names if len(row["name"]) >= 2})
    path.write_text("".join(name + "\n" for name in unique), encoding="utf-8")
    return path


def full(built: Path, text: Path) -> Material:
    """The default dictionary."""
    return Material(text, write_names(WORK / "full.txt", rows(dump(built, "names"))))


def stream(built: Path, text: Path) -> Material:
    """The text so many times that what a process costs to begin is a small part, as in the streams that the command is for."""
    several = WORK / "stream-text.txt"
    several.write_bytes((text.read_bytes().rstrip(b"\n") + b"\n") * 5)
    return full(built, several)


def english(built: Path, _: Path) -> Material:
    """The default dictionary, and text in English whatever the other text is."""
    text = WORK / "english-text.txt"
    text.write_text("".join(prose.lines(random.Random(1), ENGLISH_LINES)), encoding="utf-8")
    return full(built, text)


def ashare(built: Path, text: Path) -> Material:
    """All tables as they are, but of the names only the short ones of the mainland's exchanges."""
    folder = WORK / "ashare"
    folder.mkdir(exist_ok=True)
    for table in TABLES:
        (folder / f"{table}.tsv").write_text(dump(built, table), encoding="utf-8")
    names = folder / "names.tsv"
    chosen = [row for row in rows(names.read_text(encoding="utf-8")) if is_short_of_a_share(row)]
    lines = ["\t".join(chosen[0]), *("\t".join(row.values()) for row in chosen)]
    names.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    as_of = (ROOT / "src" / "dict" / "tables" / "AS_OF").read_text(encoding="utf-8").strip()
    compiled = WORK / "ashare.smd"
    run(built / "stockmention", "dict", "build", "--as-of", as_of, "--output", compiled, folder)
    return Material(text, write_names(WORK / "ashare.txt", chosen), compiled)


# --- Pages ------------------------------------------------------------------------------------------------------------


def site_pages() -> List[str]:
    return [page_of(layout, content)[0] for layout in LAYOUTS for content in CONTENTS] * 8


def article_pages(text: Path) -> List[str]:
    """With eight lines of the text each in the place of the article's own."""
    lines = text.read_text(encoding="utf-8").split("\n")
    layouts = [(PAGES / layout).read_text(encoding="utf-8") for layout in LAYOUTS]
    kinds = [(layout, content) for layout in layouts for content in CONTENTS.values()]
    return [
        fill(layout, {**content, "text": [[line] for line in lines[number * 8 : number * 8 + 8]]})[0]
        for number, (layout, content) in zip(range(len(lines) // 8), itertools.cycle(kinds))
    ]


def texts_of_the_sizes(pages: List[str], text: Path) -> Iterator[str]:
    """For each page as many bytes of the text."""
    source = text.read_bytes().replace(b"\n", b" ")
    at = 0
    for page in pages:
        size = len(page.encode())
        yield (source[at:] + source[: max(0, at + size - len(source))])[:size].decode("utf-8", "ignore")
        at = (at + size) % len(source)


def in_lines(name: str, documents: Iterable[str]) -> Material:
    path = WORK / f"{name}.txt"
    path.write_text("".join(document.replace("\n", " ") + "\n" for document in documents), encoding="utf-8")
    return Material(path, path)


# A dictionary or text that cases may name is a row here.
Maker = Callable[[Path, Path], Material]
MATERIALS: Dict[str, Maker] = {
    "full": full,
    "ashare": ashare,
    "english": english,
    "stream": stream,
    "sites": lambda built, text: in_lines("sites", site_pages()),
    "sites-text": lambda built, text: in_lines("sites-text", texts_of_the_sizes(site_pages(), text)),
    "articles": lambda built, text: in_lines("articles", article_pages(text)),
    "articles-text": lambda built, text: in_lines("articles-text", texts_of_the_sizes(article_pages(text), text)),
}


def compiled(dictionary: Path) -> Maker:
    """A compiled dictionary, and all names that it has."""

    def make(built: Path, text: Path) -> Material:
        names = WORK / f"{dictionary.stem}.names.txt"
        return Material(text, write_names(names, rows(dump(built, "names", dictionary))), dictionary)

    return make
