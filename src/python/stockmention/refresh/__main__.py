"""python3 -m stockmention.refresh: the command line."""

import argparse
import copy
import datetime
import sys
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from .._common import StockmentionError
from ._changes import KINDS, Change, Comparison
from ._files import ListError
from ._limits import LIMITS, suspicions
from ._lists import Listing, Reader, read_formats
from ._tables import Tables, read, write

_DONE, _REFUSED, _WRONG = 0, 1, 2

_EPILOG = """kinds of changes:
{kinds}

Lists are told by the titles of their columns, whatever they are called: {formats}. Text may be UTF-8, UTF-16 or
GB18030, parted by tabs, bars or commas; xlsx takes openpyxl, xls xlrd. `plain` is a CSV of your own, with the columns id (MIC:CODE),
short or english, and where you like full, listed, delisted, isin, type, board, currency, issuer, successor, changed (the
day since which it is called so).

A list has all shares of the boards that it has any of: what the tables have there and no list has is delisted. Give all lists of a
country at once, so that what moved from one exchange to another is seen; --part is for lists that are not whole.

exit status: 0 done; 1 the changes were refused, or a list or table is bad; 2 wrong usage.
"""


def _parser() -> argparse.ArgumentParser:
    kinds = "\n".join(f"  {kind:<11}  {meaning}" for kind, meaning in KINDS.items())
    formats = ", ".join(known.name for known in read_formats())
    parser = argparse.ArgumentParser(
        prog="python3 -m stockmention.refresh",
        description="Brings the tables of a dictionary up to date from the lists that exchanges publish, and shows what changed.",
        epilog=_EPILOG.format(kinds=kinds, formats=formats),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lists", nargs="*", type=Path, metavar="LIST", help="a list with all shares of its boards")
    parser.add_argument("--part", action="append", type=Path, default=[], metavar="LIST",
                        help="a list that is not whole: nothing is taken as gone for want of a row in it")  # fmt: skip
    parser.add_argument("--tables", type=Path, metavar="PATH",
                        help="a folder of tables, or a compiled dictionary (default: the one in the library)")  # fmt: skip
    parser.add_argument("--as-of", metavar="DATE", help="the day of the lists (default: what they say themselves)")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the tables there")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the compiled dictionary there")
    parser.add_argument("--allow", action="append", default=[], metavar="WHAT=PERCENT",
                        help="how much of a market may change: " + ", ".join(f"{k} (default {v:g})" for k, v in LIMITS.items()))  # fmt: skip
    return parser


def _limits(allowed: Sequence[str], parser: argparse.ArgumentParser) -> Dict[str, float]:
    limits = dict(LIMITS)
    for text in allowed:
        what, _, percent = text.partition("=")
        if what not in limits or not percent.replace(".", "", 1).isdigit():
            parser.error(f"--allow {text!r}: expected one of {', '.join(limits)}, = and percent, such as gone=12")
        limits[what] = float(percent)
    return limits


def _day_of(listing: Listing, told: Optional[str], tables: Tables, parser: argparse.ArgumentParser) -> str:
    day = told or listing.as_of
    if not day:
        parser.error("the lists do not say of which day they are; say --as-of DATE")
    try:
        datetime.datetime.strptime(day, "%Y-%m-%d")
    except ValueError:
        parser.error(f"--as-of {day!r}: expected a day such as 2026-11-27")
    if day < tables.as_of:
        raise ListError(f"the lists are of {day}, older than the tables, which are of {tables.as_of}: get newer lists")
    return day


def _print_diff(changes: List[Change], before: str, day: str) -> None:
    for change in changes:
        print(change)
    if changes:
        print()
    mics = sorted({change.id.partition(":")[0] for change in changes})
    print(f"{before} → {day}: {len(changes)} changes")
    for kind in KINDS:
        counts = [sum(change.kind == kind and change.id.startswith(mic + ":") for change in changes) for mic in mics]
        if any(counts):
            print(f"{sum(counts):6}  {kind:<11}  " + ", ".join(f"{mic} {n}" for mic, n in zip(mics, counts) if n))


def _refresh(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    limits = _limits(arguments.allow, parser)
    if not arguments.lists and not arguments.part:
        parser.error("no list; expected files that an exchange publishes")
    tables = read(arguments.tables)
    reader = Reader(tables.mics)
    for path, is_whole in [(path, True) for path in arguments.lists] + [(path, False) for path in arguments.part]:
        reader.read(path, is_whole)
    for line in reader.listing.read:
        print(line, file=sys.stderr)
    day = _day_of(reader.listing, arguments.as_of, tables, parser)
    before = copy.deepcopy(tables.securities)
    comparison = Comparison(tables, reader.listing, day)
    comparison.run()
    _print_diff(comparison.changes, tables.as_of, day)
    refused = suspicions(before, comparison.changes, limits)
    for line in refused:
        print(f"refused: {line}", file=sys.stderr)
    if refused:
        return _REFUSED
    if arguments.write or arguments.output:
        write(tables, day, arguments.write, arguments.output)
    return _DONE


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = _parser()
    try:
        return _refresh(parser.parse_args(arguments), parser)
    except ListError as error:
        print(error, file=sys.stderr)
    except (StockmentionError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
    return _REFUSED


if __name__ == "__main__":
    sys.exit(main())
