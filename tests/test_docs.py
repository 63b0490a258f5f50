"""The documentation in a real browser: what it promises works when pressed, for every reader."""

import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from tests.browsing import take_picture

pytestmark = pytest.mark.long

CARRIED = {  # Swagger UI 5.34.0, the files of the npm package swagger-ui-dist
    "swagger-ui-bundle.js": "3f6abf70480db7e07914df4c98a77385f22ea585eaf457a3e6415ba0eae2d167",
    "swagger-ui.css": "c3cfe8248c4b0b89673600fb829924eafbac6de4bc4b2b06f5f5243483074d0a",
}
PAGES = (
    "/docs/quick-start",
    "/docs/glossary#tie-band",
    "/problems",
    "/problems/invalid-request",
    "/docs/embed",
    "/docs/versions",
    "/docs/webhooks",
)
PRESSED = (  # with fields, and with a body; every operation is asked by HTTP elsewhere
    ("Find_a_program", "list_programs", "Owens Community College"),
    ("Where_it_leads", "check_fit", "clinical_contact"),
)
FLAWS = """(only) => axe.run({ resultTypes: ["violations"], ...only }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))"""
LOOKED_AT = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""Scheme -> what is looked for: only colours differ in the dark."""

DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PLENTY = 60_000


@pytest.mark.parametrize("name", CARRIED)
def test_the_carried_files_are_those_that_were_checked(name: str) -> None:
    content = files("fastapi_swagger.resources").joinpath(name).read_bytes()

    assert hashlib.sha256(content).hexdigest() == CARRIED[name]


def test_a_file_that_is_not_part_of_the_documentation_is_not_served(client: TestClient) -> None:
    assert client.get("/docs/swagger-ui.css").status_code == 200
    assert client.get("/docs/__init__.py").status_code == 404


class Reader:
    """A page of the browser, and what was asked and complained about on it."""

    def __init__(self, browser: Browser, server: str) -> None:
        self.page: Page = browser.new_page(viewport={"width": 320, "height": 900})
        self.page.set_default_timeout(PLENTY)
        self._server = server
        self._asked: list[str] = []
        self._complaints: list[str] = []
        self.page.on("request", lambda request: self._asked.append(request.url))
        self.page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, words: str) -> None:
        self._complaints.append(words)

    def open(self, path: str) -> None:
        """Go to a page of the server."""
        self.page.goto(f"{self._server}{path}")

    def assert_alone_and_quiet(self) -> None:
        """Nobody but the server was asked, and nothing went wrong."""
        others = [url for url in self._asked if not url.startswith((self._server, "data:"))]
        assert others == []
        assert self._complaints == []

    def assert_sound(self) -> None:
        """Fit the page into a small screen, and let axe find nothing in either scheme."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        for scheme, only in LOOKED_AT.items():
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.page.evaluate(DRAWN)  # the page hears of the scheme as it is drawn
            where = f"{self.page.url} {scheme}"
            assert self.page.evaluate(FLAWS, only) == [], where
            assert self.page.evaluate(
                "document.documentElement.scrollWidth <= window.innerWidth"
            ), where


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    reader = Reader(browser, server)
    yield reader
    reader.page.close()


def test_operations_are_answered_when_execute_is_pressed(reader: Reader) -> None:
    reader.open("/docs#/Compare")  # where the interface once stood
    expect(reader.page).to_have_url(re.compile(r"/docs/interface#/Compare$"))
    for group, name, words in PRESSED:
        reader.page.locator(f"[id='operations-tag-{group}'] .expand-operation").click()
        operation = reader.page.locator(f"[id='operations-{group}-{name}']")
        operation.locator(".opblock-summary-control").click()
        operation.locator(".execute").click()
        answer = operation.locator(".live-responses-table tbody tr").first
        expect(answer.locator(".response-col_status")).to_contain_text("20", timeout=PLENTY)
        expect(answer.locator(".response-col_description")).to_contain_text(words)
        if name == "list_programs":  # what is closed is not drawn again and again
            reader.page.locator(f"[id='operations-tag-{group}'] .expand-operation").click()

    reader.assert_sound()  # one with a field to fill in, one with a body, each answered
    reader.assert_alone_and_quiet()


def test_a_question_is_asked_by_keyboard_and_its_line_is_copied(reader: Reader) -> None:
    reader.page.set_viewport_size({"width": 1280, "height": 900})
    reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.open("/docs/ask/cost")
    field = reader.page.locator("#about")
    field.focus()
    field.press_sequentially("sinclair")
    expect(reader.page.locator("#about-suggestions li").first).to_be_visible(timeout=PLENTY)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Sinclair Community College")
    assert "about=" not in reader.page.url  # the form waits for its other fields
    field.press("Enter")
    expect(reader.page.locator("[data-answer=cost]")).to_be_visible(timeout=PLENTY)

    reader.page.locator("[data-way=curl]").press("Enter")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")

    expect(reader.page.get_by_role("status")).to_have_text("The line is copied.")
    line = reader.page.evaluate("navigator.clipboard.readText()")
    assert line == reader.page.locator("#curl-line").text_content()
    reader.assert_sound()


def test_every_other_page_can_be_read_by_everybody(reader: Reader) -> None:
    for path in PAGES:
        reader.open(path)
        reader.page.wait_for_load_state("networkidle")
        name = path.split("#")[0].strip("/").replace("/", "-")

        reader.assert_sound()
        take_picture(reader.page, f"{name}-320-dark", whole=True)
        for words in (
            "Questions",
            "Interface",
            "Quick start",
            "Glossary",
            "Problems",
            "Cards",
            "Versions",
        ):
            expect(reader.page.get_by_role("navigation").get_by_text(words).first).to_be_visible()
        expect(reader.page.get_by_role("link", name="hit-compare", exact=True)).to_have_attribute(
            "href", "/"
        )

    reader.assert_alone_and_quiet()
