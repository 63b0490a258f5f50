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


def test_the_first_screen_answers_eight_questions_in_few_words(
    browser: Browser, server: str
) -> None:
    page = browser.new_page(base_url=server, viewport={"width": 1366, "height": 860})
    page.goto(PAGES["program"])

    answers = page.locator("[data-answer]").all()

    assert len(answers) == 8
    for one in answers:
        box = one.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 860
    assert len(page.inner_text("body").split()) <= 800
    assert page.locator("a:visible").count() <= 40
    page.close()


def test_who_says_so_opens_by_the_keyboard_and_leads_to_a_filled_in_report(
    browser: Browser, server: str
) -> None:
    page = browser.new_page(base_url=server)
    page.goto(PAGES["program"])
    said = page.locator("[data-who-says=accredited]")
    expect(said).to_be_hidden()

    page.locator("[popovertarget=who-accredited]").press("Enter")
    expect(said).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("[data-about]")).to_have_attribute("data-about", SCHOOLCRAFT)
    page.locator("#source_url").fill("catalog.example")
    page.locator("#statement").fill("It is so.")
    page.locator("form[method=post] button[type=submit]").click()
    expect(page.locator("[data-refused='2']")).to_be_focused()
    page.close()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_link_into_a_folded_part_opens_it(
    browser: Browser, server: str, *, has_script: bool
) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=has_script)
    page = context.new_page()
    page.goto(PAGES["program"])
    expect(page.locator("#checklist")).to_be_hidden()

    page.locator("[data-answer=cost] a[href='#cost']").click()
    expect(page.locator("#cost")).to_be_visible()
    page.goto(f"{PAGES['program']}#ask-refund_policy")
    expect(page.locator("#ask-refund_policy")).to_be_visible()
    context.close()


def test_terms_of_the_cost_change_the_figures_without_a_reload(
    browser: Browser, server: str
) -> None:
    page = browser.new_page(base_url=server)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.goto(f"{PAGES['program']}#cost")
    price_for = page.locator("#cost").get_by_label("Price for")

    price_for.select_option("out_of_state")

    expect(page).to_have_url(
        f"{server}/programs/{SCHOOLCRAFT}?program={OWENS}"
        "&residency=out_of_state&pace=full&credential=RHIT"
    )
    expect(price_for).to_have_value("out_of_state")
    expect(price_for).to_be_visible()
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

    page.locator("[data-answer=cost] a[href='#cost']").click()
    page.get_by_label("Pace").select_option("part")
    page.get_by_role("button", name="Work it out").click()
    assert page.url.endswith("#cost")
    expect(page.get_by_label("Pace")).to_have_value("part")
    page.locator(f"#choose-{SCHOOLCRAFT}").click()
    expect(page.locator("[data-chosen='2']")).to_be_visible()
    expect(page.locator("#of-pace")).to_have_value("part")
    context.close()
