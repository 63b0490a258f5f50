"""The site in a real browser: with and without script, by keyboard, at any width."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.browsing import take_picture

pytestmark = pytest.mark.long

Scheme = Literal["light", "dark"]
FLAWS = """(only) => axe.run({ resultTypes: ["violations"], ...only }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))"""
LOOKED_AT: dict[Scheme, dict[str, list[str]]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast"]},
}
"""Scheme -> what is looked for: only colours differ in the dark."""
SHIFT = """new Promise((tell) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => tell(sum), 100));
})"""
LEVELS = """[...document.querySelectorAll("h1, h2, h3, h4")].filter((one) => one.checkVisibility())
    .map((one) => +one.tagName[1])"""
OWENS = "owens-community-college-510707-associate"
SINCLAIR = "sinclair-community-college-510707-associate"
MOST_BYTES = 120_000
"""Of the first view as sent, everything the page asks for."""


class Reader:
    """A reader at a page, whose requests and complaints are written down."""

    def __init__(self, browser: Browser, server: str, **options: Any) -> None:
        self._context = browser.new_context(base_url=server, **options)
        self.page: Page = self._context.new_page()
        self.server = server
        self.asked: list[str] = []
        self.finished: list[Request] = []
        self.complaints: list[str] = []
        self.loads = 0
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfinished", lambda request: self.finished.append(request))
        self.page.on("load", self._count)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type == "error" else None
        )

    def _count(self, _page: Page) -> None:
        self.loads += 1

    def assert_quiet(self) -> None:
        """Nothing went wrong on the page, no cookie was set, nobody else was asked."""
        assert self.complaints == []
        assert self._context.cookies() == []
        assert [url for url in self.asked if not url.startswith((self.server, "data:"))] == []

    def leave(self) -> None:
        """Close the page, on which all was quiet."""
        self.assert_quiet()
        self._context.close()

    def forget(self) -> None:
        """Come as whoever was never here."""
        self._context.new_cdp_session(self.page).send("Network.clearBrowserCache")

    def chosen(self) -> list[str]:
        """Return the programs in the address."""
        return parse_qs(urlsplit(self.page.url).query).get("program", [])


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    """A reader with script."""
    reader = Reader(browser, server, viewport={"width": 1280, "height": 900})
    yield reader
    reader.leave()


@pytest.fixture(scope="module")
def one_visitor(browser: Browser, server: str) -> Iterator[Reader]:
    """A reader who stays: to open a page takes longer than to turn to another address."""
    reader = Reader(browser, server)
    yield reader
    reader.leave()


@pytest.fixture
def visitor(one_visitor: Reader) -> Iterator[Reader]:
    """The reader who stays, at a window of the usual size, with nothing kept of earlier pages."""
    one_visitor.page.set_viewport_size({"width": 1280, "height": 900})
    one_visitor.page.emulate_media(color_scheme="light")
    one_visitor.forget()
    yield one_visitor
    one_visitor.assert_quiet()


@pytest.fixture
def plain_reader(browser: Browser, server: str) -> Iterator[Reader]:
    """A reader without script."""
    reader = Reader(
        browser, server, java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    yield reader
    reader.leave()


def assert_sound(page: Page, scheme: Scheme) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    assert page.evaluate(FLAWS, LOOKED_AT[scheme]) == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=coding+ohio&state=OH",
        "/?q=nothing+like+it",
        "/?q=rhit&view=map",
        "/?q=coding&near=nowhere",
    ],
)
def test_axe_finds_nothing_and_no_width_scrolls_sideways(visitor: Reader, path: str) -> None:
    for width in (320, 768, 1440):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.page.goto(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    name = re.sub(r"\W+", "_", path).strip("_")
    for scheme in LOOKED_AT:
        visitor.page.emulate_media(color_scheme=scheme)
        take_picture(visitor.page, f"site_{name}_{width}_{scheme}")
        assert_sound(visitor.page, scheme)
    visitor.complaints = [one for one in visitor.complaints if "422" not in one]


@pytest.mark.parametrize("path", ["/", "/?q=rhit", "/?state=OH", "/?q=rhit&view=map"])
def test_the_first_view_is_small_and_does_not_move(reader: Reader, path: str) -> None:
    sizes: list[int] = []
    reader.page.on("requestfinished", lambda request: sizes.append(sent(request)))
    reader.page.goto(path, wait_until="networkidle")

    assert len(sizes) >= 5
    assert sum(sizes) < MOST_BYTES
    assert reader.page.evaluate(SHIFT) < 0.01


IN_VIEW = """[...document.querySelectorAll(".result")].filter((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}).length"""


@pytest.mark.parametrize(
    ("width", "height", "least"), [(1366, 860, 4), (768, 1024, 3), (683, 430, 1), (360, 740, 1)]
)
def test_results_are_in_view_after_a_search_and_their_head_has_the_focus(
    browser: Browser, server: str, width: int, height: int, least: int
) -> None:
    reader = Reader(browser, server, viewport={"width": width, "height": height})
    page = reader.page
    page.goto("/")
    page.locator("#q").fill("medical coding ohio")
    page.locator("#q").press("Enter")
    expect(page.locator("#found")).to_be_focused()

    assert page.evaluate(IN_VIEW) >= least
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    take_picture(page, f"site_results_{width}")
    reader.leave()


def test_six_presses_lead_to_the_first_result(reader: Reader) -> None:
    page = reader.page
    page.goto("/?q=medical+coding+ohio")
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)

    assert page.evaluate("document.activeElement.closest('.result') !== null")


def test_what_is_wrong_is_told_in_the_form_and_the_page_stays(reader: Reader) -> None:
    page = reader.page
    page.goto("/?q=coding")
    first = page.locator(".result").first.get_attribute("data-program")
    page.locator("#near").fill("99999")
    page.locator("#near").press("Tab")
    page.wait_for_timeout(150)
    assert page.url.endswith("/?q=coding")
    page.locator("#near").press("Enter")

    expect(page.locator("#near")).to_be_focused()
    expect(page.locator("#near")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#near-fault")).to_contain_text("99999")
    assert page.locator(".result").first.get_attribute("data-program") == first
    assert_sound(page, "light")
    page.locator("#near").fill("48201")
    page.locator("#near").press("Enter")
    page.wait_for_url("**near=48201**")
    expect(page.locator("#near-fault")).to_have_count(0)
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    reader.complaints = [one for one in reader.complaints if "422" not in one]
    assert reader.loads == 1


def test_a_wrong_place_is_told_in_the_form_at_the_head_of_any_page(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/programs/{OWENS}")
    page.locator("#home > summary").click()
    page.locator("#home-near").fill("99999")
    page.locator("#home-near").press("Enter")

    expect(page.locator("#home-near")).to_be_focused()
    expect(page.locator("#home-near-fault")).to_contain_text("99999")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Owens")
    reader.complaints = [one for one in reader.complaints if "422" not in one]


def test_without_script_a_wrong_place_is_told_beside_its_field(plain_reader: Reader) -> None:
    page = plain_reader.page
    page.goto("/")
    page.locator("[name=what][value=rhit]").check()
    page.locator("#near").fill("99999")
    page.locator("#near").press("Enter")

    expect(page.locator("#near-fault")).to_contain_text("99999")
    expect(page.locator("[name=what][value=rhit]")).to_be_checked()
    page.locator("#near").fill("48201")
    page.locator("#near").press("Enter")
    expect(page.locator("#found")).to_be_in_viewport()
    assert parse_qs(urlsplit(page.url).query)["leads_to"] == ["RHIT"]
    plain_reader.complaints = [one for one in plain_reader.complaints if "422" not in one]


def test_a_list_is_kept_on_the_device_only_where_it_is_ticked(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/?q=coding+ohio&program={OWENS}")
    assert page.evaluate("localStorage.length") == 0
    page.locator(".tray summary").click()
    page.get_by_label("Keep my list on this device").check()
    page.locator(".result").first.get_by_role("link", name="Add to compare").click()
    expect(page.locator(".tray li")).to_have_count(2)
    programs = reader.chosen()

    page.goto("/guide")
    offer = page.locator("#kept-list [data-kept]")
    expect(offer).to_contain_text("2 programs")
    page.goto(f"/?program={SINCLAIR}")  # a list that somebody sent
    expect(page.locator("[data-keep]")).not_to_be_checked()
    page.goto("/guide")
    offer.click()
    page.wait_for_url("**/compare**")
    assert reader.chosen() == programs

    page.goto("/guide")
    page.locator("#kept-list [data-forget]").click()
    expect(page.locator("#kept-list")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


PAGES = (
    f"/programs/{OWENS}",
    "/institutions/204945",
    f"/compare?program={OWENS}&program={SINCLAIR}",
    "/credentials",
    "/credentials/RHIT",
    "/work-settings",
    "/advancement-paths",
    "/advancement-paths/cdi-specialist",
    "/guide",
    "/guide/questions",
    "/statistics",
    "/method",
    "/data",
    "/corrections",
    "/docs",
    "/docs/ask/accredited",
    f"/docs/ask/cost?about={OWENS}&home_state=OH",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_first_view_is_small_still_and_of_one_heading(visitor: Reader, path: str) -> None:
    visitor.finished.clear()
    visitor.page.goto(path, wait_until="networkidle")
    sizes = [sent(request) for request in visitor.finished]

    assert 0 < sum(sizes) < MOST_BYTES
    assert visitor.page.evaluate(SHIFT) < 0.01
    expect(visitor.page.get_by_role("heading", level=1)).to_have_count(1)
    expect(visitor.page.get_by_role("main")).to_have_count(1)
    levels = visitor.page.evaluate(LEVELS)
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


@pytest.mark.parametrize("path", ["/", *PAGES])
def test_spanish_fits_a_narrow_screen(visitor: Reader, path: str) -> None:
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    visitor.page.goto(f"{path}{'&' if '?' in path else '?'}lang=es")

    assert visitor.page.evaluate("document.documentElement.lang") == "es"
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keyboard_alone_from_the_search_to_the_printed_comparison(reader: Reader) -> None:
    page, keyboard = reader.page, reader.page.keyboard
    page.add_init_script("window.print = () => { window.printed = (window.printed ?? 0) + 1; }")
    page.goto("/")
    tab_to(page, "#q")
    keyboard.type("health information ohio associate")
    keyboard.press("Enter")
    page.wait_for_url("**q=health**")
    expect(page.get_by_role("status")).to_have_text(re.compile("programs found"))
    for number in (1, 2):
        tab_to(page, "a.button:not(.chosen)[id^=choose-]")
        keyboard.press("Enter")
        expect(page.locator(".tray li")).to_have_count(number)
    keyboard.press("Home")
    tab_to(page, ".tray .button.main", backwards=True)
    keyboard.press("Enter")
    page.wait_for_url("**/compare**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 2 programs")

    tab_to(page, "[data-part=order] > summary")
    keyboard.press("Enter")
    tab_to(page, "[type=range]")
    keyboard.press("End")
    page.wait_for_url("**weights=**")
    expect(page.locator("[type=range]").first).to_be_focused()
    tab_to(page, "[data-part=questions] > summary")
    keyboard.press("Enter")
    tab_to(page, "select[id^=answer-]")
    keyboard.press("ArrowDown")
    page.wait_for_url("**answers=**")
    tab_to(page, "[data-print]")
    keyboard.press("Enter")

    assert page.evaluate("window.printed") == 1
    assert len(reader.chosen()) == 2


def test_the_first_view_can_be_read_before_any_script(browser: Browser, server: str) -> None:
    reader = Reader(browser, server, viewport={"width": 1280, "height": 900})
    reader.page.route("**/*.js*", lambda _route: None)  # never answered
    reader.page.goto("/?state=OH", wait_until="commit")

    found = re.compile(r"^[\d,]+ programs found$")
    expect(reader.page.get_by_role("heading", name=found)).to_be_visible()
    reader.leave()


def tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    """Press Tab until something has the focus."""
    for _ in range(400):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not lead to {selector}")


def sent(request: Request) -> int:
    """Return how many bytes came for a request."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def test_who_has_no_script_searches_narrows_chooses_and_pages(plain_reader: Reader) -> None:
    page = plain_reader.page
    page.goto("/")
    page.get_by_label("Or say it in your own words").fill("health information ohio")
    page.get_by_role("button", name="Show programs").click()
    page.get_by_label("Associate degree").check()
    page.get_by_label("Sort by").select_option("-completions")
    page.get_by_role("button", name="Apply").click()
    first = page.locator(".result").first
    slug = first.get_attribute("id")
    first.get_by_role("link", name="Add to compare").click()

    assert plain_reader.chosen() == [slug]
    query = parse_qs(urlsplit(page.url).query)
    assert query["award_level"] == ["associate"]
    assert query["sort"] == ["-completions"]
    page.get_by_label("What, where, or which school").fill("coding")
    page.get_by_role("button", name="Search").click()
    assert plain_reader.chosen() == [slug]
    expect(page.get_by_role("heading", name="Your list: 1 of 8")).to_be_visible()


def test_who_has_script_stays_on_the_page_and_keeps_the_focus(reader: Reader) -> None:
    page = reader.page
    page.goto("/?q=health+information+ohio")
    box = page.get_by_label("Associate degree")
    box.focus()
    box.press("Space")
    page.wait_for_url("**award_level=associate**")

    expect(box).to_be_focused()
    expect(box).to_be_checked()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d+ programs? found"))
    add = page.locator(".result").first.get_by_role("link", name="Add to compare")
    slug = page.locator(".result").first.get_attribute("id")
    add.focus()
    add.press("Enter")
    page.wait_for_url(f"**program={slug}**")
    expect(page.locator(f"#choose-{slug}")).to_be_focused()
    expect(page.locator(f"#choose-{slug}")).to_contain_text("In your list")
    expect(page.get_by_role("heading", name="Your list: 1 of 8")).to_be_visible()
    assert reader.loads == 1

    page.go_back()
    expect(page.get_by_role("heading", name="Your list: 1 of 8")).to_be_hidden()
    expect(box).to_be_checked()
    assert reader.loads == 1


def test_what_was_opened_stays_open_when_the_page_changes(reader: Reader) -> None:
    page = reader.page
    page.goto("/?state=OH")
    page.locator("#group-delivery > summary").click()
    page.locator("#group-delivery").get_by_role("checkbox").first.check()
    page.wait_for_url("**delivery=**")

    expect(page.locator("#group-delivery")).to_have_attribute("open", "")


def test_an_address_shows_what_it_was_shared_with(browser: Browser, server: str) -> None:
    sender, other = Reader(browser, server), Reader(browser, server)
    sender.page.goto("/?q=coding+ohio")
    for number in range(3):
        sender.page.get_by_role("link", name="Add to compare").first.click()
        expect(sender.page.locator(".tray li")).to_have_count(number + 1)

    other.page.goto(sender.page.url)

    labels = sender.page.locator(".tray .label").all_inner_texts()
    assert len(labels) == 3
    assert other.page.locator(".tray .label").all_inner_texts() == labels
    sender.leave()
    other.leave()


def test_at_double_size_nothing_is_cut_off(browser: Browser, server: str) -> None:
    reader = Reader(browser, server, viewport={"width": 640, "height": 450}, device_scale_factor=2)
    reader.page.goto("/?state=OH")
    take_picture(reader.page, "site_zoomed")

    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = reader.page.evaluate(
        """[...document.querySelectorAll("main *")].filter((one) =>
            one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("svg")
        ).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    reader.leave()


def test_every_focus_is_seen_and_none_is_covered(reader: Reader) -> None:
    page = reader.page
    page.goto("/?state=OH&program=owens-community-college-510707-associate")
    seen: list[str] = []
    for _ in range(45):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """(() => { const one = document.activeElement, box = one.getBoundingClientRect();
            const style = getComputedStyle(one);
            const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
            const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
            const on = document.elementFromPoint(x, y);
            return { what: one.outerHTML.slice(0, 90), outline: style.outlineStyle,
                     inside: box.top < innerHeight && box.bottom > 0,
                     covered: !(on === one || one.contains(on) || on?.contains(one)) }; })()"""
        )
        seen.append(at["what"])
        assert at["outline"] != "none", at
        assert at["inside"], at
        assert not at["covered"], at
    assert "Skip to the content" in seen[0] or "skip" in seen[0]
