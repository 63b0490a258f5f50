"""Pages of a program, a school and reports in a real browser, at any width, by day and night."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.browsing import take_picture

pytestmark = pytest.mark.long

SCHOOLCRAFT = "schoolcraft-community-college-district-510707-associate"
OWENS = "owens-community-college-510707-associate"
PAGES = {
    "program": f"/programs/{SCHOOLCRAFT}?program={OWENS}",
    "institution": "/institutions/205470",
}
FLAWS = """(only) => axe.run({ resultTypes: ["violations"], ...only }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))"""
LOOKED_AT = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""Scheme -> what is looked for: only colours differ in the dark."""

MOST_BYTES = 120_000
"""Of the first view as sent, everything the page asks for."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_quiet_and_fits_any_width(browser: Browser, server: str, name: str) -> None:
    page = browser.new_page(base_url=server)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(PAGES[name])
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    _open_all(page)
    page.evaluate(Axe().axe_script)
    for scheme, only in LOOKED_AT.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        take_picture(page, f"{name}-{width}-{scheme}", whole=True)
        assert page.evaluate(FLAWS, only) == [], scheme
    page.close()
    assert complaints == []


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def test_terms_of_the_cost_change_the_figures_without_a_reload(
    browser: Browser, server: str
) -> None:
    page = browser.new_page(base_url=server)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.goto(PAGES["program"])

    page.get_by_label("Price for").select_option("out_of_state")

    expect(page).to_have_url(
        f"{server}/programs/{SCHOOLCRAFT}?program={OWENS}"
        "&residency=out_of_state&pace=full&credential=RHIT"
    )
    expect(page.get_by_label("Price for")).to_have_value("out_of_state")
    assert len(loads) == 1
    page.close()


def test_without_script_the_form_and_the_list_work_and_the_first_view_is_light(
    browser: Browser, server: str
) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    requests: list[Request] = []
    page.on("request", lambda one: requests.append(one))  # it marks what it is given
    page.goto(PAGES["program"], wait_until="networkidle")
    assert 0 < sum(one.sizes()["responseBodySize"] for one in requests) < MOST_BYTES

    page.get_by_label("Pace").select_option("part")
    page.get_by_role("button", name="Work it out").click()
    assert page.url.endswith("#cost")
    expect(page.get_by_label("Pace")).to_have_value("part")
    page.locator("header").get_by_role("link", name="Add to compare").click()
    expect(page.get_by_role("heading", name="Your list: 2 of 8")).to_be_visible()
    expect(page.get_by_label("Pace")).to_have_value("part")
    context.close()
