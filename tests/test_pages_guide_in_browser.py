"""Guide, method, data and reports in a real browser: sound, and whole on a narrow screen."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from app.store.database import make_engine, migrate
from tests.browsing import serving, take_picture
from tests.making import add_program, price, publish

pytestmark = pytest.mark.long

PAGES = (
    "/guide",
    "/guide/timeline",
    "/guide/questions",
    "/guide/faqs",
    "/guide/salary-factors",
    "/statistics",
    "/statistics/bls_growth_2023_33",
    "/method",
    "/data",
    "/corrections",
)
WIDTHS = (320, 768, 1440)
FLAWS = """(only) => axe.run({ resultTypes: ["violations"], ...only }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))"""
LOOKED_AT = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""Scheme -> what is looked for: only colours differ in the dark."""

MOST_BYTES = 120_000


def test_pages_are_sound_in_both_schemes_and_whole_at_any_width(
    browser: Browser, server: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        page.goto(f"{server}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        unfold(page)
        page.evaluate(Axe().axe_script)
        for scheme, only in LOOKED_AT.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            take_picture(page, f"{path.strip('/').replace('/', '_')}_{width}_{scheme}")
            assert page.evaluate(FLAWS, only) == [], f"{path} {scheme}"
    assert complaints == []
    assert context.cookies() == []
    context.close()


def unfold(page: Page) -> None:
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")


def test_a_page_is_small_as_it_is_sent(browser: Browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    for path in ("/method", "/data", "/statistics"):
        sizes.clear()
        page.goto(f"{server}{path}", wait_until="networkidle")
        assert 0 < sum(sizes) < MOST_BYTES, path
    context.close()


def test_a_common_question_opens_when_an_address_names_it(browser: Browser, server: str) -> None:
    page = browser.new_page()
    page.goto(f"{server}/guide/faqs#effect_of_experience_2026")

    expect(page.locator("#effect_of_experience_2026")).to_be_visible()
    expect(page.locator("#salary_factors_2026")).not_to_be_visible()
    page.close()


def test_a_report_can_be_sent_without_script(browser: Browser, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/own.db")
    migrate(engine)
    with Session(engine) as session:
        add_program(session, "alpha-hit", claims=[price("tuition", 1000)])
        publish(session)
        session.commit()
    with serving(engine) as server:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{server}/corrections?program=alpha-hit")
        page.get_by_label("Which one?").fill("alpha-hit")
        page.get_by_label("What is right?").fill("Short")
        page.get_by_label("Which page shows it?").fill("https://alpha.example/costs")
        page.get_by_role("button", name="Send the report").click()

        expect(page.get_by_label("What is right?")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Which page shows it?")).to_have_value(
            "https://alpha.example/costs"
        )
        page.get_by_label("What is right?").fill("The tuition is 1,200 dollars.")
        page.get_by_role("button", name="Send the report").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Report number 1")
        assert page.url == f"{server}/corrections/1?program=alpha-hit"
        context.close()
    engine.dispose()
