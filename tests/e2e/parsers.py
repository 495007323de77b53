"""What others make of a page: its tree as a browser's parser has it, by Lexbor where the package selectolax is there, else by
html5lib, which takes twenty times as long; and Markdown as HTML by libcmark."""

import ctypes
import ctypes.util
from functools import lru_cache
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import html5lib
from html5lib import html5parser

try:
    from selectolax.lexbor import LexborHTMLParser
except ImportError:
    LexborHTMLParser = None
try:
    from markdown_it import MarkdownIt
except ImportError:
    MarkdownIt = None

Event = Tuple[str, str, Dict[str, Optional[str]]]  # kind, name or text, attributes

HTML, SVG, MATH = "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"
HIDDEN = set("script style noscript iframe noembed noframes audio video canvas datalist rp rt template".split())
HIDDEN_IN_SVG = set("title desc defs symbol metadata script style".split())

# What the standard has made special since html5lib was written.
html5parser.specialElements |= {(MATH, tag) for tag in "mi mn mo ms mtext annotation-xml".split()}
html5parser.specialElements |= {(SVG, "desc"), (SVG, "title"), (HTML, "main")}


# --- Trees: (start, name, in svg and math as svg:name), (text, …), (end, …) --------------------------------------------------


HOLDS_HTML = {"svg": ("foreignObject", "desc", "title"), "math": ("mi", "mn", "mo", "ms", "mtext")}


def lexbor_events(node: Any, namespace: str = "") -> Iterator[Event]:
    """Lexbor tells no namespaces; what stands in an element is of its own unless that is one that holds HTML."""
    child = node.first_child
    while child is not None:
        if child.is_text_node:
            yield "text", child.text_content or "", {}
        elif child.is_element_node:
            tag = child.tag
            own = tag if not namespace and tag in HOLDS_HTML else namespace
            name = f"{own}:{tag}" if own else tag
            yield "start", name, child.attributes
            yield from lexbor_events(child, "" if own and tag in HOLDS_HTML[own] else own)
            yield "end", name, {}
        child = child.next


def html5lib_events(element: Any) -> Iterator[Event]:
    if isinstance(element.tag, str):
        namespace, _, tag = element.tag[1:].rpartition("}")
        name = {SVG: f"svg:{tag}", MATH: f"math:{tag}"}.get(namespace, tag)
        yield "start", name, dict(element.attrib)
        yield "text", element.text or "", {}
        for child in element:
            yield from html5lib_events(child)
            yield "text", child.tail or "", {}
        yield "end", name, {}


def events(page: str) -> Iterator[Event]:
    if LexborHTMLParser is not None:
        return lexbor_events(LexborHTMLParser(page).root)
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    return html5lib_events(parser.parse(page, scripting=True))


def tree_without(page: str, is_left_out: Callable[[str, Dict[str, Optional[str]]], bool]) -> List[Tuple[str, str]]:
    """The tree, with what stands in some elements, but without these."""
    joined: List[Tuple[str, str]] = []
    ours: List[bool] = []
    for kind, value, attributes in events(page):
        if kind == "start":
            ours.append(is_left_out(value, attributes))
        if kind == "text" and joined and joined[-1][0] == "text":
            joined[-1] = ("text", joined[-1][1] + value)
        elif (value if kind == "text" else not ours[-1]):
            joined.append((kind, value))
        if kind == "end":
            ours.pop()
    return joined


def is_hidden(name: str, attributes: Dict[str, Optional[str]]) -> bool:
    if "hidden" in attributes:
        return True
    return name[4:] in HIDDEN_IN_SVG if name.startswith("svg:") else name in HIDDEN


def shown(page: str, also_hidden: Tuple[str, ...] = ()) -> str:
    """The text that a reader sees, without white space."""
    texts: List[str] = []
    hiding: List[bool] = [False]
    for kind, value, attributes in events(page):
        if kind == "text" and not hiding[-1]:
            texts.append(value)
        elif kind == "start":
            hiding.append(hiding[-1] or value in also_hidden or is_hidden(value, attributes))
        elif kind == "end":
            hiding.pop()
    return "".join("".join(texts).split())


# --- Markdown -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=None)
def cmark_library() -> Any:
    """Raises OSError where it is not installed."""
    name = ctypes.util.find_library("cmark")
    if name is None:
        raise OSError("libcmark is not installed; expected Debian's libcmark-dev or libcmark0.30.2")
    library = ctypes.CDLL(name)
    library.cmark_markdown_to_html.restype = ctypes.c_void_p
    library.cmark_markdown_to_html.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    library.cmark_version_string.restype = ctypes.c_char_p
    library.free = ctypes.CDLL(None).free
    library.free.argtypes = [ctypes.c_void_p]
    return library


def cmark(markdown: str) -> str:
    """As HTML, with the raw HTML that is in it."""
    unsafe = 1 << 17
    library, source = cmark_library(), markdown.encode()
    html = library.cmark_markdown_to_html(source, len(source), unsafe)
    try:
        return ctypes.string_at(html).decode()
    finally:
        library.free(html)


def second_opinion(markdown: str, shown_of: Callable[[str], str]) -> Optional[str]:
    """What markdown-it makes of it, where that is there: libcmark 0.30 has mistakes that later ones have not."""
    return shown_of(MarkdownIt("commonmark").render(markdown)) if MarkdownIt else None


def who() -> str:
    """The names of the parsers that are here."""
    browser = "html5lib" if LexborHTMLParser is None else "Lexbor"
    try:
        commonmark = f"libcmark {cmark_library().cmark_version_string().decode()}"
    except OSError:
        commonmark = "no libcmark"
    return f"{browser}, {commonmark}{', markdown-it' if MarkdownIt else ''}"
