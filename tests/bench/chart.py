"""A bar chart as SVG: groups of bars to one scale, each with its figure behind it."""

from dataclasses import dataclass
from html import escape
from typing import Iterator, List

WIDTH, MARGIN = 760, 16
LABEL_WIDTH, FIGURE_WIDTH = 170, 110
BAR_STEP, BAR_HEIGHT = 20, 14
TITLE_STEP, FOOT_STEP = 24, 44
COLOURS = {True: "#0969da", False: "#afb8c1"}
STYLE = "text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.foot{fill:#59636e}"


@dataclass
class Bar:
    label: str
    value: float
    note: str
    is_ours: bool


@dataclass
class Group:
    title: str
    bars: List[Bar]


def text(x: float, y: float, words: str, of_class: str = "") -> str:
    name = f' class="{of_class}"' if of_class else ""
    return f'<text x="{x:g}" y="{y:g}"{name}>{escape(words)}</text>'


def draw_bar(bar: Bar, top: float, scale: float) -> Iterator[str]:
    left, baseline = MARGIN + LABEL_WIDTH, top + BAR_HEIGHT - 3
    width = max(1.0, round(bar.value * scale, 1))
    figure = f"{bar.value:.0f}" + (f" · {bar.note}" if bar.note else "")
    yield text(MARGIN, baseline, bar.label)
    yield f'<rect x="{left}" y="{top:g}" width="{width:g}" height="{BAR_HEIGHT}" fill="{COLOURS[bar.is_ours]}"/>'
    yield text(left + width + 6, baseline, figure, "title" if bar.is_ours else "")


def draw(groups: List[Group], caption: str, foot: str) -> str:
    """@param caption  what the picture shows. @param foot  how it came about: a line below that."""
    most = max((bar.value for group in groups for bar in group.bars), default=1.0)
    scale = (WIDTH - 2 * MARGIN - LABEL_WIDTH - FIGURE_WIDTH) / most
    parts: List[str] = []
    top = float(MARGIN)
    for group in groups:
        parts.append(text(MARGIN, top + 14, group.title, "title"))
        top += TITLE_STEP
        for bar in group.bars:
            parts.extend(draw_bar(bar, top, scale))
            top += BAR_STEP
        top += 10
    parts += [text(MARGIN, top + 10, caption), text(MARGIN, top + 28, foot, "foot")]
    height = top + FOOT_STEP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}" '
        f'role="img" aria-label="{escape(caption)}">'
    )
    paper = f'<rect width="{WIDTH}" height="{height:g}" rx="6" fill="#ffffff" stroke="#d1d9e0"/>'
    return (
        "\n".join([head, f"<title>{escape(caption)}</title>", f"<style>{STYLE}</style>", paper, *parts, "</svg>"])
        + "\n"
    )
