"""What `read_text` says of an HTML page is what a browser's parser has in its tree and shows, on pages that nobody would
write. html5lib is the parser."""

import os
import random
from typing import Any, Iterator, List

import html5lib
import pytest
from html5lib import html5parser

from stockmention import read_text

HTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
HIDDEN = {HTML + tag for tag in "script style noscript iframe noembed noframes audio video canvas datalist rp rt".split()}
HIDDEN |= {SVG + tag for tag in "title desc defs symbol metadata script style".split()}

# What the standard has made special since html5lib was written.
SPECIAL = {("http://www.w3.org/1998/Math/MathML", tag) for tag in "mi mn mo ms mtext annotation-xml".split()}
SPECIAL |= {(SVG[1:-1], "desc"), (SVG[1:-1], "title"), (HTML[1:-1], "main")}

# Parts of a page. What html5lib knows otherwise than browsers do today is left out: template, elements other than choices
# inside of <select>, end tags of elements of svg and math that hold HTML; and <form>, whose end tag is a case of its own.
TAGS = """abbr article blockquote br button caption center dd div dl dt footer h1 h2 iframe img input li main nav object ol p plaintext
pre ruby script section span style table tbody td textarea tfoot th tr ul var wbr xmp x-card""".split()
# A page has either these or those. An end tag of formatting moves blocks that stand in it out of what else is around them:
# where that hides them, they are shown after all, which is known too late for one who reads from the front.
FORMATTING = "a b code em font i nobr strong title u".split()
OTHERS = "audio foreignObject g math svg text video".split()
WORDS = ["茅台", "Apple", "&amp;", "&lt;b&gt;", "&ampx", "&#20803;", "&#x80;", "&#0;", "&notin;", "&notit;", "&", "&#", "&;", "<",
         " ", "\n", "\r\n", "\r", "a\rb", "]]>", "-->", "<!-- x -->", "<!--x", "<!->x", "<?x>", "<!x>", "</>", "</ x>", "<3",
         "<![CDATA[x&amp;<b>]]>", "<![CDATA[x", "--!>", "<!-->", "'", '"', "=", "/>", "<p", "<p a='", "<span a=x>", "<div hidden>",
         '<br title="<b>">', "<select><option>x<option>y</select>", "<script><!--<script>x</script>y-->",
         "<script><!--x</script>", "<script>x<!-- </scripty></script >", "</body>", "</html>", "<textarea>\nx&lt;</textarea>"]  # fmt: skip


def parts(source: random.Random) -> Iterator[str]:
    tags = TAGS + source.choice((FORMATTING, OTHERS))
    for _ in range(source.randrange(1, 30)):
        if source.randrange(3) == 0:
            yield source.choice(WORDS)
        else:
            yield f"<{'/' * source.randrange(2)}{source.choice(tags)}{source.choice(('', '', '', ' x', '/'))}>"
        yield chr(0x4E00 + source.randrange(0x5000))  # tells where what was lost or doubled stood


def shown(element: Any, texts: List[str]) -> List[str]:
    if isinstance(element.tag, str) and element.tag not in HIDDEN and "hidden" not in element.attrib:
        texts.append(element.text or "")
        for child in element:
            shown(child, texts)
            texts.append(child.tail or "")
    return texts


def without_space(texts: List[str]) -> str:
    return "".join("".join(texts).split())


def test_text_is_what_a_browser_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """SEED=8 PAGES=2000000 looks at other pages, and more of them."""
    monkeypatch.setattr(html5parser, "specialElements", html5parser.specialElements | SPECIAL)
    source = random.Random(int(os.environ.get("SEED", "11")))
    n_moved = 0
    n_pages = int(os.environ.get("PAGES", "12000"))
    for _ in range(n_pages):
        page = "<!DOCTYPE html>" + "".join(parts(source))
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
        expected = without_space(shown(parser.parse(page, scripting=True), []))
        got = without_space([run.text for run in read_text(page, format="html")])
        if got == expected:
            continue
        # Browsers move what stands between a table's cells before the table.
        assert "<table" in page and sorted(got) == sorted(expected), (page, expected, got)
        n_moved += 1
    assert n_moved < n_pages / 5
