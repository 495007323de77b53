#!/usr/bin/env python3
"""Remakes the rows of class general and ordinary in src/dict/tables/lexicon.tsv; rows of other classes stay as they are.

    import_lexicon.py JIEBA_DICT ENGLISH_WORDS ENGLISH_PAIRS

JIEBA_DICT is dict.txt of jieba 0.42.1 (PyPI, MIT licence: words of Chinese with their frequency and part of speech);
ENGLISH_WORDS is a list of English words, one a line (Debian's wamerican, /usr/share/dict/american-english);
ENGLISH_PAIRS is frequency_bigramdictionary_en_243_342.txt of symspellpy (PyPI, MIT licence): pairs of words with how often books
have them.

general: words of two to four characters that occur often and are no proper names, or places: they tell where words begin
and end. And names that are small words of the English list, but not ordinary: hertz is no Hertz in a sentence without capitals.
ordinary: names of names.tsv that are such words, as the table hints or when their mark or letter is left out, or that
are words of the English list, which has places, peoples and people too, or two words of it that books often have in a row.
What was judged word by word stands in lexicon_corrections.tsv beside this file, with reasons.
"""
import csv
import re
import sys
from pathlib import Path

TABLES = Path(__file__).resolve().parents[2] / "src" / "dict" / "tables"
OFTEN = 200
OFTEN_IN_BOOKS = 6_000_000  # good times, pop culture; few pairs that are but a name are so frequent
PROPER = ("nr", "nz", "nt", "zg", "x", "eng")
# Directions are parts of too many words: 股东南航.
NOT_GENERAL = {"东南", "西南", "东北", "西北", "东西", "南北", "华东", "华南", "华中", "华北"}
LEGAL_FORMS = re.compile(
    r"(?i)[\s,]+(inc|incorporated|corp|corporation|co|company|companies|ltd|limited|plc|llc|lp|sa|nv|ag|se|"
    r"holdings?|hldgs?|group|grp|gp|intl)\b\.?")


def general_words(path, with_places):
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        if not 2 <= len(word) <= 4 or int(frequency) < OFTEN or not "\u4e00" <= word[0] <= "\u9fff":
            continue
        is_place = tag.startswith("ns")
        if not tag.startswith(PROPER) and (not is_place or (with_places and word not in NOT_GENERAL)):
            yield word


def corrected(words, corrections, word_class):
    of_class = [row for row in corrections if row["class"] == word_class]
    removed = {row["word"] for row in of_class if row["change"] == "remove"}
    return sorted((set(words) | {row["word"] for row in of_class if row["change"] == "add"}) - removed)


def latin_names(names):
    """Names in small letters, also without their legal form and the article."""
    for name in names:
        for form in (name, LEGAL_FORMS.sub("", name)):
            words = form.strip(" .,").lower()
            yield words
            yield words.removeprefix("the ")


def frequent_pairs(path, listed):
    """Pairs of words that are no proper names."""
    for line in Path(path).read_text(encoding="utf-8-sig").splitlines():
        first, second, n = line.split()
        if int(n) >= OFTEN_IN_BOOKS and {first, second} <= listed:
            yield f"{first} {second}"


def main():
    jieba, english, pairs = sys.argv[1:]
    header, *rows = (TABLES / "lexicon.tsv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if row.split("\t")[1] not in ("general", "ordinary")]
    with open(Path(__file__).with_name("lexicon_corrections.tsv"), encoding="utf-8", newline="") as file:
        corrections = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    general = set(general_words(jieba, with_places=True))
    name_rows = [row.split("\t") for row in (TABLES / "names.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    names = {row[1] for row in name_rows}
    hinted = {row[1] for row in name_rows if row[6] == "1"}
    english_words = set(Path(english).read_text(encoding="utf-8").splitlines())
    said = {word.lower() for word in english_words if re.fullmatch(r"[A-Za-z]{2,}", word)}
    said |= set(frequent_pairs(pairs, english_words))
    bare = {re.sub(r"^(S\*ST|\*ST|SST|ST|S)(?=[\u4e00-\u9fff])|[AB]$", "", name) for name in names}
    chinese = hinted | bare - names
    ordinary = (chinese & set(general_words(jieba, with_places=False))) | (set(latin_names(names)) & said)
    general, ordinary = corrected(general, corrections, "general"), corrected(ordinary, corrections, "ordinary")
    small = {word for word in english_words if re.fullmatch(r"[a-z]{2,16}", word)}
    general += sorted((set(latin_names(names)) & small) - set(ordinary))
    rows = kept + [f"{word}\tordinary" for word in ordinary] + [f"{word}\tgeneral" for word in general]
    (TABLES / "lexicon.tsv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    print(f"{len(kept)} rows kept, {len(ordinary)} ordinary, {len(general)} general")


main()
