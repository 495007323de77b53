"""Copies a folder of pages with the stocks in them linked:  annotate_site.py FROM TO"""
import sys
from pathlib import Path

from stockmention import Engine, StockmentionError

source, target = map(Path, sys.argv[1:])
engine = Engine()
for page in sorted(source.rglob("*.html")):
    copy = target / page.relative_to(source)
    copy.parent.mkdir(parents=True, exist_ok=True)
    original = page.read_bytes()  # bytes, so that a page stays in its charset
    try:
        annotated = engine.annotate(original, format="html", rel="nofollow")
    except StockmentionError as error:
        print(f"{page}: copied as it is: {error}", file=sys.stderr)
        annotated = original
    copy.write_bytes(annotated)
    print(f"{page.relative_to(source)}: {annotated.count(b'<a ') - original.count(b'<a ')} links added")
