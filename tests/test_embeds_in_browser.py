"""Cards on a page of another origin, in a real browser: whole, sized, readable, and alone."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Locator, Page, Route, expect

from tests.browsing import take_picture

pytestmark = pytest.mark.long

OWENS = "owens-community-college-510707-associate"
MERCY = "mercy-college-of-ohio-510707-associate"
TWO = [OWENS, MERCY]
CARDS = {
    "program": "schoolcraft-community-college-district-510707-associate",
    "checklist": OWENS,
    "comparison": f"{OWENS} {MERCY} hinds-community-college-510707-associate",
    "credential": "RHIT",
}
FLAWS = """axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))"""
HEIGHT = "Math.ceil(document.documentElement.getBoundingClientRect().height)"


class Site:
    """A school's site, under the strict rules of a careful one; and what a browser does there."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.rules = f"script-src {server}; frame-src {server}"
        self.body = ""
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://localhost:{self._listener.server_port}"

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                policy = f"default-src 'none'; img-src data:; {site.rules}"
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(site.body.encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    @contextmanager
    def open(self) -> Iterator["Site"]:
        """Listen for as long as it lasts."""
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()
        yield self
        self._listener.shutdown()
        self._listener.server_close()

    @contextmanager
    def page(self, browser: Browser, **options: Any) -> Iterator[Page]:
        """Yield a page whose requests and complaints are written down, and which gets no cookie."""
        context = browser.new_context(**options)
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        yield page
        assert context.cookies() == []
        context.close()

    def show(self, page: Page, body: str, **options: Any) -> None:
        """Open a page of the site with the script and a body."""
        self.body = (
            "<!doctype html><html lang=en><meta charset=utf-8><title>A school</title>"
            "<link rel=icon href='data:,'>"
            f'<script src="{self.server}/embed.js" async></script>'
            f"<main><h1>A school</h1>{body}</main>"
        )
        page.goto(self.address, **options)

    def assert_alone_and_quiet(self) -> None:
        """Nobody but the site and the server was asked, and nothing went wrong."""
        hosts = {urlsplit(url).netloc for url in self.asked if not url.startswith("data:")}
        assert hosts == {urlsplit(self.address).netloc, urlsplit(self.server).netloc}
        assert self.complaints == []


@pytest.fixture
def site(server: str) -> Iterator[Site]:
    with Site(server).open() as site:
        yield site


def card(kind: str, of: str, **more: str) -> str:
    attributes = " ".join(f'{name}="{value}"' for name, value in more.items())
    return f'<hit-compare-embed kind="{kind}" of="{of}" {attributes}>a link</hit-compare-embed>'


def element_of(page: Page, kind: str) -> Locator:
    return page.locator(f"hit-compare-embed[kind={kind}]")


def frame_of(element: Locator) -> Frame:
    """Return the frame of a card, once the card has told its height."""
    iframe = element.locator("iframe")
    iframe.scroll_into_view_if_needed()  # cards below wait until a reader comes near
    expect(iframe).not_to_have_attribute("title", "hit-compare")
    frame = iframe.element_handle().content_frame()
    assert frame is not None
    return frame


def assert_fits(element: Locator, frame: Frame) -> None:
    expect(element.locator("iframe")).to_have_css("height", f"{frame.evaluate(HEIGHT)}px")
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def assert_sound(where: Page | Frame) -> None:
    """Find nothing with axe, which is put in once."""
    if not where.evaluate("'axe' in window"):
        where.evaluate(Axe().axe_script)
    assert where.evaluate(FLAWS) == []


@pytest.mark.parametrize(("scheme", "lang"), [("light", "en"), ("dark", "es")])
def test_cards_stand_on_a_foreign_page_whole_sized_and_sound(
    browser: Browser, site: Site, scheme: str, lang: str
) -> None:
    body = "".join(card(kind, of, lang=lang) for kind, of in CARDS.items())
    height = 4500  # what is off the screen is not drawn
    with site.page(browser, color_scheme=scheme) as page:
        page.set_viewport_size({"width": 976, "height": height})
        site.show(page, body)
        for kind in CARDS:
            frame = frame_of(element_of(page, kind))
            assert frame.evaluate("document.documentElement.lang") == lang
            frame.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert_sound(page)
        for width in (960, 480, 240):
            page.set_viewport_size({"width": width + 16, "height": height})
            for kind in CARDS:
                element = element_of(page, kind)
                frame = frame_of(element)
                assert_fits(element, frame)
                assert_sound(frame)
                name = f"embed-{kind}-{width}-{scheme}-{lang}"
                take_picture(element, name)

    site.assert_alone_and_quiet()


def test_facts_of_programs_side_by_side_begin_at_the_same_height(
    browser: Browser, site: Site
) -> None:
    with site.page(browser) as page:
        page.set_viewport_size({"width": 976, "height": 2000})
        site.show(page, card("comparison", CARDS["comparison"]))
        frame = frame_of(element_of(page, "comparison"))
        tops = frame.evaluate(
            "[...document.querySelectorAll('.side')].map((side) =>"
            " [...side.querySelectorAll('dt')].map((dt) => dt.getBoundingClientRect().top))"
        )

    assert len(tops) == 3
    assert len(tops[0]) > 5
    assert tops[0] == tops[1] == tops[2]
    assert tops[0] == sorted(set(tops[0]))


def test_a_theme_holds_against_the_system_and_text_opens_by_keyboard(
    browser: Browser, site: Site
) -> None:
    with site.page(browser, color_scheme="light") as page:
        site.show(page, card("checklist", OWENS, theme="dark"))
        element = element_of(page, "checklist")
        frame = frame_of(element)
        background = frame.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        before = element.bounding_box()
        frame.locator("summary").first.focus()
        page.keyboard.press("Enter")
        expect(frame.locator("details").first).to_have_attribute("open", "")
        assert_fits(element, frame)
        after = element.bounding_box()

    assert background == "rgb(21, 25, 30)"
    assert before and after
    assert after["height"] > before["height"] + 100
    site.assert_alone_and_quiet()


def test_only_the_card_itself_can_size_its_frame(browser: Browser, site: Site) -> None:
    with site.page(browser) as page:
        site.show(page, card("credential", "CCS"))
        element = element_of(page, "credential")
        frame = frame_of(element)
        page.evaluate("postMessage({ type: 'hit-compare:size', height: 9999 }, '*')")
        frame.evaluate("parent.postMessage({ type: 'hit-compare:size', height: 'x' }, '*')")
        frame.evaluate("parent.postMessage({ type: 'hit-compare:size', height: -1 }, '*')")
        page.evaluate("new Promise((done) => setTimeout(done, 50))")

        assert_fits(element, frame)


def test_changed_attributes_change_the_card_and_unknown_ones_say_so(
    browser: Browser, site: Site
) -> None:
    with site.page(browser) as page:
        site.show(page, f'<div lang="es-MX">{card("credential", "CCS")}</div>')
        element = element_of(page, "credential")
        frame_of(element)
        frame = page.frame_locator("hit-compare-embed >> iframe")
        expect(frame.locator("html")).to_have_attribute("lang", "es")  # as the page around it
        expect(frame.locator("h1")).to_contain_text("CCS:")
        element.evaluate("(card) => { card.setAttribute('of', 'zzz') }")
        expect(frame.locator("h1")).to_have_text("No se conoce nada con este nombre")
        assert_fits(element, frame_of(element))
        element.evaluate("(card) => { card.setAttribute('kind', 'nothing') }")
        expect(page.locator("iframe")).to_have_count(0)
        expect(page.get_by_text("a link")).to_be_visible()

    # a browser notes a page that was not found; nothing else is wrong
    assert [words for words in site.complaints if "404" not in words] == []


def test_what_the_page_says_stays_until_the_card_has_come(browser: Browser, site: Site) -> None:
    with site.page(browser) as page:
        held: list[Route] = []
        page.route("**/embed/credential/**", lambda route: held.append(route))
        element = card("credential", "CCS").replace("a link", "<b>a link</b>")
        site.show(page, element, wait_until="domcontentloaded")
        fallback = page.locator("hit-compare-embed b")
        expect(fallback).to_be_visible()
        page.evaluate(
            "document.querySelector('hit-compare-embed')"
            ".addEventListener('load', () => { window.came = true })"
        )
        expect(page.locator("iframe")).to_have_count(1)
        while not held:
            page.wait_for_timeout(20)
        held[0].continue_()
        expect(fallback).to_be_hidden()
        frame_of(element_of(page, "credential"))
        assert page.evaluate("window.came")


@pytest.mark.parametrize(
    ("scheme", "theme"), [("normal", "light"), ("dark", "dark"), ("light dark", "auto")]
)
def test_a_card_goes_with_the_page_around_it(
    browser: Browser, site: Site, scheme: str, theme: str
) -> None:
    with site.page(browser, color_scheme="dark") as page:
        site.show(page, f'<meta name="color-scheme" content="{scheme}">{card("credential", "CCS")}')
        frame_of(element_of(page, "credential"))
        shown = page.frame_locator("hit-compare-embed >> iframe").locator("html")
        expect(shown).to_have_attribute("data-theme", theme)


def test_properties_set_a_card_before_and_after_the_script_has_come(
    browser: Browser, site: Site
) -> None:
    with site.page(browser) as page:
        held: list[Route] = []
        page.route("**/embed.js", lambda route: held.append(route))
        site.show(page, "<hit-compare-embed>a link</hit-compare-embed>", wait_until="commit")
        element = page.locator("hit-compare-embed")
        element.evaluate("(card) => { card.kind = 'credential'; card.of = 'CCS'; }")
        while not held:
            page.wait_for_timeout(20)
        held[0].continue_()
        heading = page.frame_locator("hit-compare-embed >> iframe").locator("h1")
        expect(heading).to_contain_text("CCS:")
        assert element.get_attribute("of") == "CCS"
        element.evaluate("(card, two) => { card.kind = 'comparison'; card.of = two }", TWO)
        expect(heading).to_contain_text("2")
        assert element.evaluate("(card) => card.of") == " ".join(TWO)
        element.evaluate("(card) => { card.of = null }")
        expect(page.get_by_text("a link")).to_be_visible()


def test_a_page_that_changes_its_language_changes_its_cards(browser: Browser, site: Site) -> None:
    with site.page(browser) as page:
        site.show(page, card("credential", "CCS"))
        shown = page.frame_locator("hit-compare-embed >> iframe").locator("html")
        expect(shown).to_have_attribute("lang", "en")
        page.evaluate("document.documentElement.lang = 'es'")
        expect(shown).to_have_attribute("lang", "es")


WORDPRESS = """
addEventListener("message", ({ source, data }) => {
  for (const frame of document.querySelectorAll(`iframe[data-secret="${data.secret}"]`)) {
    if (frame.contentWindow !== source) continue;
    const pixels = Math.min(Math.max(parseInt(data.value), 200), 1000);
    if (data.message === "height") frame.height = pixels;
    const to = new URL(data.value, frame.src);
    if (data.message === "link" && to.host === new URL(frame.src).host) window.went = to.href;
  }
});
addEventListener("load", () => {
  for (const { contentWindow, dataset } of document.querySelectorAll("iframe"))
    contentWindow.postMessage({ message: "ready", secret: dataset.secret }, "*");
});
"""
"""What wp-embed.js does with a frame, of WordPress 6; it would follow a link."""


def in_wordpress(page: Page, server: str, path: str, secret: str) -> str:
    """Return the frame that WordPress makes of an address in a line of its own."""
    asked = {"url": f"{server}{path}", "maxwidth": 600, "maxheight": 900, "dnt": 1}
    told = page.request.get(f"{server}/oembed", params={**asked, "format": "json"}).json()
    frame = re.sub(r' (style|loading)="[^"]*"', "", told["html"])
    frame = re.sub(r'src="([^"]*)"', rf'src="\1#?secret={secret}" data-secret="{secret}"', frame)
    return frame.replace("<iframe", '<iframe class="wp-embedded-content" sandbox="allow-scripts"')


def test_cards_stand_in_wordpress(browser: Browser, site: Site) -> None:
    with site.page(browser, viewport={"width": 700, "height": 1900}) as page:
        frames = [
            in_wordpress(page, site.server, path, f"secret{number}")
            for number, path in enumerate(
                [f"/programs/{OWENS}/?utm_source=x", "/embed/credential/RHIT?size=full"]
            )
        ]
        site.rules = f"script-src 'unsafe-inline' {site.server}; frame-src {site.server}"
        site.show(page, f"{'<p>Our program:</p>'.join(frames)}<script>{WORDPRESS}</script>")
        for number, frame in enumerate(page.locator("iframe").all()):
            handle = frame.element_handle()
            inside = handle.content_frame()
            assert inside
            height = min(max(inside.evaluate(HEIGHT), 200), 1000)
            expect(frame).to_have_attribute("height", str(height))
            inside.locator("a[href^='/']").first.click()
            page.wait_for_function("window.went")
            path = ["/programs/", "/credentials/"][number]
            assert page.evaluate("window.went").startswith(f"{site.server}{path}")
            page.evaluate("window.went = null")
        # the issuer's page is elsewhere: WordPress leads to the record, which names it
        inside.locator("a[href^='https://']").first.click()
        page.wait_for_function("window.went")
        assert page.evaluate("window.went") == f"{site.server}/credentials/RHIT"
        take_picture(page, "embed-in-wordpress", whole=True)

    site.assert_alone_and_quiet()


def test_a_short_card_is_short(browser: Browser, site: Site) -> None:
    with site.page(browser, viewport={"width": 500, "height": 900}) as page:
        for kind, of in ((one, CARDS[one]) for one in ("program", "credential")):
            site.show(page, card(kind, of))
            assert frame_of(element_of(page, kind)).evaluate(HEIGHT) <= 240


def test_the_page_that_writes_the_snippet_shows_what_it_writes(
    browser: Browser, site: Site
) -> None:
    with site.page(browser, viewport={"width": 1200, "height": 1600}) as page:
        page.goto(f"{site.server}/docs/interface")
        page.get_by_role("navigation").get_by_role("link", name="Cards").click()
        preview = page.frame_locator("hit-compare-embed >> iframe")
        expect(preview.locator("h1")).to_contain_text("Health Information")
        page.get_by_label("Find a program").fill("mercy ohio")
        page.get_by_role("button", name="Choose Mercy College of Ohio").first.click()
        page.get_by_label("Language").select_option("es")
        page.get_by_label("Colors").select_option("dark")
        expect(preview.locator("h1")).to_contain_text("Mercy College of Ohio")
        expect(preview.locator("html")).to_have_attribute("data-theme", "dark")
        page.get_by_label("What to show").select_option("comparison")
        expect(preview.locator("h1")).to_have_text("Comparación de 2 programas")
        assert_sound(page)
        take_picture(page, "embed-docs", whole=True)
        snippet = page.get_by_label("Into the page").input_value()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_text("Copied.")).to_be_visible()
        site.show(page, snippet)
        placed = page.frame_locator("hit-compare-embed >> iframe")
        expect(placed.locator("h1")).to_have_text("Comparación de 2 programas")

    site.assert_alone_and_quiet()
