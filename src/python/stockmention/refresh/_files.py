"""Any file that an exchange publishes → sheets of cells as text. What the cells mean is none of its business."""

import csv
import datetime
import io
from pathlib import Path
from typing import Any, List

Sheet = List[List[str]]

_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class ListError(Exception):
    """A list that cannot be used. str() says which, why, and what would be right."""


def read_sheets(path: Path) -> List[Sheet]:
    """What a file is, its first bytes tell: exchanges call text .xls too."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ListError(f"{path}: cannot be read: {error.strerror}") from None
    if content.startswith(_XLSX):
        return _read_xlsx(path, content)
    if content.startswith(_XLS):
        return _read_xls(path, content)
    if content.lstrip()[:1] == b"<":
        raise ListError(
            f"{path}: is HTML; expected xlsx, xls, or text parted by tabs, commas or bars: download it anew"
        )
    return [_read_text(path, content)]


def _read_xlsx(path: Path, content: bytes) -> List[Sheet]:
    try:
        import openpyxl  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise _missing(path, "openpyxl") from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some writers state A1:A1
        return [
            [[_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
        ]
    except Exception as error:  # a damaged file fails anywhere inside
        raise ListError(f"{path}: is no readable xlsx: {error}; download it anew") from None


def _read_xls(path: Path, content: bytes) -> List[Sheet]:
    try:
        import xlrd  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise _missing(path, "xlrd") from None
    try:
        book = xlrd.open_workbook(file_contents=content)

        def value(cell: Any) -> Any:
            is_date = cell.ctype == xlrd.XL_CELL_DATE
            return xlrd.xldate_as_datetime(cell.value, book.datemode) if is_date else cell.value

        return [[[_cell(value(cell)) for cell in row] for row in sheet.get_rows()] for sheet in book.sheets()]
    except Exception as error:
        raise ListError(f"{path}: is no readable xls: {error}; download it anew") from None


def _missing(path: Path, module: str) -> ListError:
    return ListError(
        f"{path}: {module} is needed to read it: pip install {module}, or apt-get install python3-{module}"
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a code that was typed as a number
    return str(value).strip()


def _read_text(path: Path, content: bytes) -> Sheet:
    text = _decode(path, content)
    first = text[:4096]
    parted_by = next((sign for sign in "\t|" if first.count(sign) >= max(first.count("\n"), 1)), ",")
    quote = None if parted_by == "|" else '"'
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=parted_by, quotechar=quote)
    try:
        return [[cell.strip() for cell in row] for row in rows]
    except csv.Error as error:
        raise ListError(f"{path}:{rows.line_num}: {error}") from None


def _decode(path: Path, content: bytes) -> str:
    charsets = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for charset in charsets:
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    raise ListError(f"{path}: is neither UTF-8, UTF-16 nor GB18030; expected one of them, or xlsx or xls")
