"""The report in Chromium: it fits the window, says nothing on the console, loads pictures alone, and can be used by everyone.

`sh .ci/packages browser` installs what this needs; without it the tests are skipped and say so.
"""

import base64
import importlib.resources
import shutil
from pathlib import Path
from typing import Any, Iterator, List

import pytest
from conftest import ROOT

from stockmention import Engine

HOW = "sh .ci/packages browser installs it"
WIDTHS = [360, 800, 1280]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURES = "https://webquoteklinepic.eastmoney.com/GetPic.aspx?"

LONG = "<title>Shares of Apple and Tencent</title><nav>腾讯控股</nav><h1>行情</h1><p>" + "x" * 400 + "<table><tr>" + (
    "<td>中国平安<td>" + "9" * 90
) * 8 + "</table><p>" + "贵州茅台（600519）、招商银行、$AAPL，<a href='https://xueqiu.com/S/SH688111'>茅台</a>。" * 12
PAGES = {
    "article": ("html", (ROOT / "examples/article.html").read_text(encoding="utf-8")),
    "long": ("html", LONG),
    "plain": ("text", "金山办公（688111）涨停\n\n" + "  股票代码：600519\t" * 30 + "\nApple Inc. (NASDAQ: AAPL) rose."),
    "hostile": ("html", "<title>&lt;/title>&lt;script>alert(1)&lt;/script></title><p>&lt;script>alert(1)&lt;/script>贵州茅台"),
    "empty": ("text", ""),
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason=f"playwright is not here: {HOW}")
    pytest.importorskip("axe_playwright_python", reason=f"axe-core is not here: {HOW}")
    with playwright.sync_playwright() as start:
        names = ("chromium", "chromium-browser", "google-chrome")
        path = next(filter(None, map(shutil.which, names)), start.chromium.executable_path)
        if not Path(path).exists():
            pytest.skip(f"Chromium is not here: {HOW}")
        try:
            browser = start.chromium.launch(executable_path=path)
        except playwright.Error as error:
            pytest.skip(f"Chromium does not start here: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    engine = Engine()
    for name, (format, document) in PAGES.items():
        page = engine.annotate(document, style="report", format=format)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


class Opened:
    """A report in a window; what it says on the console and what it asks for elsewhere."""

    def __init__(self, chromium: Any, path: Path, width: int, scheme: str = "light"):
        self.context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.said: List[str] = []
        self.asked: List[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.route("**/*", self.answer)
        self.page.goto(path.as_uri())

    def answer(self, route: Any) -> None:
        url = route.request.url
        if url.startswith("file:"):
            route.continue_()
            return
        self.asked.append(url)
        route.fulfill(body=PICTURE, content_type="image/png")

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_: Any) -> None:
        self.context.close()

    def settle(self) -> None:
        """Until what was asked for is drawn: cards are placed when a frame is."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def overflow(self) -> int:
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_it_fits_the_window_and_is_quiet(chromium: Any, reports: Path, name: str, width: int) -> None:
    with Opened(chromium, reports / f"{name}.html", width) as opened:
        assert opened.overflow() <= 0
        opened.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert opened.overflow() <= 0
        pictures = opened.page.locator("img")
        for i in range(pictures.count()):
            pictures.nth(i).scroll_into_view_if_needed()
            opened.page.wait_for_function("i => document.images[i].complete", arg=i)
        assert len(set(opened.asked)) == pictures.count()
        assert all(url.startswith(PICTURES) for url in opened.asked), opened.asked
        assert opened.said == []


@pytest.mark.parametrize("width, scheme", [(360, "light"), (800, "dark"), (1280, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(chromium: Any, reports: Path, name: str, width: int, scheme: str) -> None:
    axe = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    with Opened(chromium, reports / f"{name}.html", width, scheme) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        mentions = opened.page.locator("article .m > a")
        if mentions.count():
            mentions.last.focus()  # with its card
        opened.page.evaluate(axe)
        found = opened.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [
            (violation["id"], violation["nodes"][0]["html"], violation["nodes"][0]["failureSummary"])
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        assert serious == [] and len(found["passes"]) > 10


@pytest.mark.parametrize("width", WIDTHS)
def test_every_card_is_in_the_window(chromium: Any, reports: Path, width: int) -> None:
    with Opened(chromium, reports / "long.html", width) as opened:
        mentions = opened.page.locator(".m > a")
        cards = opened.page.locator(".card")
        assert mentions.count() == cards.count() > 40
        for i in range(0, mentions.count(), 3):
            mentions.nth(i).focus()
            opened.settle()
            box = cards.nth(i).bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= width, (i, box)
            assert box["y"] >= 0 and box["y"] + box["height"] <= 800, (i, box)
            assert opened.overflow() <= 0


def test_the_keyboard_reaches_everything(chromium: Any, reports: Path) -> None:
    with Opened(chromium, reports / "article.html", 1280) as opened:
        page, focused = opened.page, "document.activeElement"
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focused}.className") == "skip"
        n_mentions = page.locator(".m > a").count()
        for i in range(1, n_mentions + 1):
            page.keyboard.press("Tab")
            assert page.evaluate(f"{focused}.id") == f"m{i}"
            assert [card.get_attribute("id") for card in page.locator(".card:visible").all()] == [f"c{i}"]
        page.keyboard.press("Enter")
        target = page.evaluate("location.hash")
        assert target == page.locator(f"#m{n_mentions}").get_attribute("href")
        assert page.locator(target).bounding_box()["y"] < 800
        page.keyboard.press("Tab")  # goes on from there
        assert page.evaluate(f"{focused}.closest('li').id") == target[1:]


def test_a_card_shows_while_it_is_pointed_at(chromium: Any, reports: Path) -> None:
    with Opened(chromium, reports / "article.html", 1280) as opened:
        cards = opened.page.locator(".card:visible")
        assert cards.count() == 0
        opened.page.locator("#m4").hover()
        assert cards.count() == 1
        cards.first.hover()
        assert cards.count() == 1
        opened.page.mouse.move(1, 1)
        assert cards.count() == 0


def test_on_paper_mentions_have_numbers_and_no_cards(chromium: Any, reports: Path) -> None:
    with Opened(chromium, reports / "article.html", 800) as opened:
        opened.page.emulate_media(media="print")
        opened.page.locator("#m2").focus()
        assert opened.page.locator(".card:visible").count() == 0
        number = opened.page.evaluate("getComputedStyle(document.querySelector('#m2'), '::after').content")
        assert "data-n" in number or number == '"1"'
        assert len(opened.page.pdf()) > 10000
