"""Pages on credentials, work settings and roles in a real browser: sound, and never too wide."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browsing import take_picture

pytestmark = pytest.mark.long

PAGES = {
    "careers": "/careers?near=48201",
    "compared": "/credentials/compare?credential=RHIT&credential=CCS&near=48201",
    "credentials": "/credentials",
    "credential": "/credentials/CCA?education=associate",
    "renewal": "/renewal?held=CCS&held=RHIA&held=CPC",
    "settings": "/work-settings",
    "setting": "/work-settings/hospital",
    "paths": "/advancement-paths",
    "path": "/advancement-paths/him-manager",
    "plan": "/advancement-plans?target=him-manager&held=RHIT&education=associate",
    "fit": "/fit?agree=rules.good_fit",
}
FLAWS = """(only) => axe.run({ resultTypes: ["violations"], ...only }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))"""
COLOURS = {"runOnly": ["color-contrast"]}
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    page = browser.new_page(base_url=server)
    yield page
    page.close()


def test_pages_are_sound_and_fit_every_screen_in_both_schemes(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    for name, path in PAGES.items():
        page.goto(path)
        page.set_viewport_size({"width": 320, "height": 900})
        page.emulate_media(color_scheme="dark")
        take_picture(page, f"{name}-320-dark", whole=True)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        page.evaluate(Axe().axe_script)
        assert page.evaluate(FLAWS, COLOURS) == [], name
        page.emulate_media(color_scheme="light")
        assert page.evaluate(FLAWS, {}) == [], name
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate(FITS), name

    assert complaints == []


def test_a_choice_shows_at_once_and_the_address_keeps_it(page: Page) -> None:
    page.goto("/credentials/RHIT")
    page.get_by_label("Highest education completed").select_option("associate")

    expect(page.locator("#verdict")).to_contain_text("no program is named")
    expect(page).to_have_url(re.compile("education=associate"))


def test_pages_work_without_script(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/advancement-plans")
    page.locator("#target").select_option("cdi-specialist")
    page.locator("form:has(#target)").get_by_role("button").click()

    expect(page.locator("#way")).to_be_visible()
    context.close()
