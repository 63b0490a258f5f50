"""The page that compares and its hand-out in a real browser: moved, reopened, printed, sound."""

import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from app.schemas.snapshots import SHIPPED
from app.store.database import make_engine
from tests.browsing import serving, take_picture
from tests.fixtures import Databases

pytestmark = pytest.mark.long

OWENS = "owens-community-college-510707-associate"
MERCY = "mercy-college-of-ohio-510707-associate"
HINDS = "hinds-community-college-510707-associate"
SINCLAIR = "sinclair-community-college-510707-associate"
SCHOOLCRAFT = "schoolcraft-community-college-district-510707-associate"
ANSWERED = f"{OWENS}:program_accredited.met,refund_policy.not_met"
FLAWS = """(only) => axe.run({ resultTypes: ["violations"], ...only }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))"""
LOOKED_AT = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""Scheme -> what is looked for: only colours differ in the dark."""
MOST_BYTES = 120_000


@pytest.fixture(scope="module")
def server(
    browser: Browser, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server of its own catalogue, for hand-outs are kept in it."""
    own = tmp_path_factory.mktemp("hand-outs") / "own.db"
    shutil.copy(str(databases.seeded("sqlite").url.database), own)
    engine = make_engine(f"sqlite:///{own}")
    with serving(engine) as address:
        yield address
    engine.dispose()


def address_of(server: str, *programs: str, **more: str) -> str:
    pairs = [*(("program", slug) for slug in programs), *more.items()]
    return f"{server}/compare?{urlencode(pairs)}"


def ranking(page: Page) -> list[str]:
    return [str(key) for key in page.locator(".ranking > li").evaluate_all("l => l.map(x => x.id)")]


def pages_in(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_page_is_sound_at_every_width(browser: Browser, server: str) -> None:
    context = browser.new_context(bypass_csp=True)  # axe is put in
    page = context.new_page()
    shown = {
        "compare": address_of(server, OWENS, MERCY, HINDS, answers=ANSWERED),
        "compare-choose": address_of(server, OWENS, "nobody-knows-this"),
        "hand-out": f"{server}/v1/snapshots/{SHIPPED}?format=html",
    }
    for name, address in shown.items():
        page.goto(address)
        for width in (1440, 768, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        page.evaluate(Axe().axe_script)
        for scheme, only in LOOKED_AT.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            take_picture(page, f"{name}-{width}-{scheme}", whole=True)
            assert page.evaluate(FLAWS, only) == [], f"{name} {scheme}"
    context.close()


def test_the_first_view_is_light_and_complains_of_nothing(browser: Browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address_of(server, OWENS, MERCY, HINDS, SINCLAIR), wait_until="networkidle")
    sizes = page.evaluate(
        "performance.getEntries().map((e) => e.transferSize ?? 0).reduce((a, b) => a + b)"
    )
    context.close()

    assert 10_000 < sizes < MOST_BYTES
    assert complaints == []


def test_a_slider_that_is_moved_while_the_page_ranks_again_keeps_its_place(
    browser: Browser, server: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address_of(server, HINDS, OWENS)}#order")
    held: list[Route] = []
    page.route(re.compile("/compare$"), lambda it: it.continue_() if held else held.append(it))

    with page.expect_request(re.compile("/compare$")):
        page.get_by_role("slider", name="Accreditation").press("Home")
    page.get_by_role("slider", name="Cost transparency").press("Home")
    page.get_by_role("slider", name="Practicum access").focus()
    held[0].continue_()

    expect(page).to_have_url(re.compile("accreditation:0.*cost_transparency:0"))
    expect(page.get_by_role("slider", name="Cost transparency")).to_have_value("0")
    context.close()


def test_with_script_sliders_rank_again_and_answers_move_the_interval(
    browser: Browser, server: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address_of(server, HINDS, OWENS)}#order")
    before = ranking(page)
    slider = page.get_by_role("slider", name="Transfer credits")

    for label in ("Accreditation", "Cost transparency", "Practicum access"):
        page.get_by_role("slider", name=label).press("Home")
    expect(page.locator("output[for=weight-accreditation]")).to_have_text("0")
    slider.press("End")
    expect(page).to_have_url(re.compile("transfer_credits:100"))
    expect(page.locator("#about-transfer_credits")).to_contain_text("100% of the score")
    expect(slider).to_be_focused()
    page.get_by_text("Give all the same weight").click()
    expect(slider).to_have_value("25")

    page.evaluate("window.stays = true")
    page.locator("[data-part=questions] > summary").click()
    choice = page.locator(f"#answer-program_accredited-{OWENS}")
    choice.select_option("Yes")
    expect(page.locator(f"[data-before={OWENS}]")).to_be_visible()
    page.locator(f"#answer-good_standing-{OWENS}").select_option("Yes")
    expect(page).to_have_url(re.compile("program_accredited.met,good_standing.met"))
    expect(page.locator(".ranking > li").first).to_have_id(f"rank-{OWENS}")
    assert page.evaluate("window.stays")  # the page was changed, not left
    shown = page.locator(".ranking .small:first-of-type").all_text_contents()

    reopened = browser.new_page()
    reopened.goto(page.url)
    assert reopened.locator(".ranking .small:first-of-type").all_text_contents() == shown
    expect(reopened.locator(f"#answer-good_standing-{OWENS} option:checked")).to_have_text("Yes")
    assert before == [f"rank-{HINDS}", f"rank-{OWENS}"] != ranking(reopened)
    reopened.close()
    page.go_back()
    expect(page.locator(f"#answer-good_standing-{OWENS} option:checked")).to_have_text(
        "Not yet asked"
    )
    context.close()


def test_without_script_the_form_does_the_same(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address_of(server, HINDS, OWENS, lang='en')}#order")
    page.get_by_role("slider", name="Accreditation").press("End")
    page.get_by_role("slider", name="Practicum access").press("Home")
    page.locator("[data-part=questions] > summary").click()
    page.locator(f"#answer-program_accredited-{OWENS}").select_option("Yes")
    page.get_by_role("button", name="Rank again").click()

    expect(page).to_have_url(re.compile("weights=accreditation:100,.*practicum_access:0"))
    expect(page).to_have_url(re.compile(f"answers={OWENS}:program_accredited.met"))
    expect(page.locator(".ranking > li").first).to_have_id(f"rank-{OWENS}")
    expect(page.get_by_role("slider", name="Accreditation")).to_have_value("100")
    page.get_by_role("button", name="Print this page").wait_for(state="hidden")
    page.get_by_role("link", name=re.compile("Remove.*Owens")).click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    context.close()


@pytest.mark.parametrize("others", [[], [HINDS], [HINDS, SINCLAIR], [HINDS, SCHOOLCRAFT]])
def test_a_hand_out_fits_on_one_sheet(browser: Browser, server: str, others: list[str]) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address_of(server, OWENS, MERCY, *others, answers=ANSWERED))
    page.get_by_role("button", name="Keep a hand-out").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Comparison of")
    page.wait_for_load_state()  # its style sheet hides what is not printed
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    name = f"hand-out-print-{2 + len(others)}"
    page.set_viewport_size({"width": 718, "height": 1055})  # A4 within its margins
    take_picture(page, name)
    sheets = [pages_in(page.pdf(format=size)) for size in ("A4", "Letter")]
    context.close()

    assert sheets == [1, 1]
    for part in ("Owens Community College", "2023-24", "registrar"):
        assert part in text
    assert f"{server}/s/" in text
    assert "release 1" in text
    assert "Line by line" not in text


def test_the_page_itself_prints_with_every_section(browser: Browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address_of(server, OWENS, MERCY))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1055})
    take_picture(page, "compare-print", whole=True)
    text = page.locator("main").inner_text()
    sheets = pages_in(page.pdf(format="A4"))
    context.close()

    assert "Retention, full-time" in text  # of a section that is folded on the screen
    assert "Accreditation: 25%" in text
    assert "Keep a hand-out" not in text
    assert 2 <= sheets <= 8
