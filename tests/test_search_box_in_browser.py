"""The search box and what it finds, in a real browser: completions by keyboard, undone readings."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import take_picture
from tests.test_site_in_browser import LOOKED_AT, Reader, assert_sound

pytestmark = pytest.mark.long


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    """A reader with script."""
    reader = Reader(browser, server, viewport={"width": 1280, "height": 900})
    yield reader
    reader.leave()


def box(page: Page) -> Locator:
    return page.locator("#q")


def options(page: Page) -> Locator:
    return page.locator("[data-suggestion]")


def typed_into(page: Page, text: str) -> None:
    box(page).focus()
    page.keyboard.type(text)
    expect(options(page).first).to_be_visible()


def asked(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("q", [])


def test_the_box_is_a_combobox_that_keys_go_through(reader: Reader) -> None:
    page = reader.page
    page.goto("/")
    assert box(page).get_attribute("role") is None
    typed_into(page, "sincl")

    expect(box(page)).to_have_attribute("aria-expanded", "true")
    assert page.get_by_role("combobox", name="Or say it in your own words").count() == 1
    page.keyboard.press("ArrowDown")
    first = options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert_sound(page, "light")
    page.keyboard.press("ArrowUp")
    assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    assert box(page).input_value() == "sincl"
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()


def test_a_suggestion_taken_by_key_or_by_click_is_searched_for(reader: Reader) -> None:
    page = reader.page
    page.goto("/")
    typed_into(page, "sincl")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-first=institution]")).to_be_visible()
    assert asked(page) == ["Sinclair Community College"]
    assert box(page).input_value() == "Sinclair Community College"
    expect(options(page)).to_have_count(0)

    box(page).fill("")
    typed_into(page, "medical coding colora")
    page.locator("[data-suggestion=place]").first.click()
    expect(page.locator("[data-reading=area]")).to_be_visible()
    assert asked(page) == ["medical coding Colorado"]
    assert reader.loads == 1


def test_what_is_typed_on_is_searched_as_it_is_and_leaving_the_box_closes_the_list(
    reader: Reader,
) -> None:
    page = reader.page
    page.goto("/")
    typed_into(page, "owens")
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)
    typed_into(page, " community")
    page.keyboard.press("Enter")

    page.wait_for_url("**/?q=owens+community*")


def test_letters_typed_in_a_row_are_asked_for_once(reader: Reader) -> None:
    page = reader.page
    page.goto("/")
    typed_into(page, "health informatics")
    page.wait_for_timeout(300)

    assert len([url for url in reader.asked if "/v1/suggest" in url]) <= 2


def test_every_reading_is_undone_by_a_click(reader: Reader) -> None:
    page = reader.page
    page.goto("/?q=online+medical+coding+columbus")
    kinds = page.locator("[data-reading]").evaluate_all("all => all.map(o => o.dataset.reading)")
    assert set(kinds) == {"delivery", "field", "area"}
    while kinds:
        kind = kinds.pop()
        page.locator(f"[data-reading={kind}] [data-leave-out]").click()
        expect(page.locator(f"[data-reading={kind}]")).to_have_count(0)
        expect(page.locator("[data-reading]")).to_have_count(len(kinds))
    assert asked(page) == []
    assert reader.loads == 1


def test_another_meaning_is_a_click_away(reader: Reader) -> None:
    page = reader.page
    page.goto("/?q=medical+coder+albany")
    other = page.locator("[data-choices] a").first
    words = other.inner_text()
    other.click()

    expect(page.locator("[data-reading=area]")).to_contain_text(words)


@pytest.mark.parametrize(
    "text",
    [
        "Caltech health informatics",
        "medical coder albany",
        "RHIA salary",
        "medical coding providence",
    ],
)
def test_what_is_told_of_a_text_is_sound_at_any_width_and_in_both_languages(
    reader: Reader, text: str
) -> None:
    for width, lang in ((320, "es"), (390, "en"), (1280, "es")):
        reader.page.set_viewport_size({"width": width, "height": 900})
        reader.page.goto(f"/?q={text}&lang={lang}")
        assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        take_picture(reader.page, f"text_{text.replace(' ', '_')}_{width}")
    for scheme in LOOKED_AT:
        reader.page.emulate_media(color_scheme=scheme)
        assert_sound(reader.page, scheme)


def test_a_list_on_a_telephone_stays_within_it(browser: Browser, server: str) -> None:
    reader = Reader(browser, server, viewport={"width": 320, "height": 640}, has_touch=True)
    reader.page.goto("/?lang=es")
    typed_into(reader.page, "university of")

    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = options(reader.page).evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44
    options(reader.page).first.tap()
    reader.page.wait_for_url("**/?*q=*")
    reader.leave()


def test_without_script_the_box_is_a_plain_form(browser: Browser, server: str) -> None:
    reader = Reader(browser, server, java_script_enabled=False)
    page = reader.page
    page.goto("/")
    box(page).fill("medical coding columbus")
    box(page).press("Enter")
    page.locator("[data-reading=area] [data-leave-out]").click()

    assert asked(page) == ["medical coding"]
    assert page.locator("[data-reading]").count() == 1
    assert page.get_by_role("listbox").count() == 0
    reader.leave()
