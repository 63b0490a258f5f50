"""Eight people find what they came for, each walked once, at the sizes of their screens."""

import pytest
from playwright.sync_api import Browser

from tests.fixtures import Databases
from tests.journeys import (
    JOURNEYS,
    SIZES,
    ZOOMED,
    career_changer,
    decide,
    key_of_an_editor,
    walking,
    wronged_school,
)
from tests.serving import serving

pytestmark = pytest.mark.long
PHONE, TABLET, DESKTOP = SIZES
AT = {
    "1-career-changer": DESKTOP,
    "2-counselor": DESKTOP,
    "3-coder": TABLET,
    "4-spanish": PHONE,
    "5-web-master": DESKTOP,
    "6-keyboard": ZOOMED,
    "7-school": PHONE,
    "8-editor": DESKTOP,
}
WRITING = {"1-career-changer": career_changer, "7-school": wronged_school, "8-editor": decide}
"""Journeys that leave something behind: a hand-out, a report, a decision.

To publish the catalogue as shipped takes long, and is walked by ``test_walkthrough_in_browser``.
"""
MOST_SHIFT = 0.05


@pytest.mark.parametrize("name", [name for name in JOURNEYS if name not in WRITING])
def test_a_reader_finds_the_answer(browser: Browser, server: str, name: str) -> None:
    with walking(browser, server, "", AT[name], "light") as walk:
        JOURNEYS[name](walk)

    assert all(stop["shift"] < MOST_SHIFT for stop in walk.stops.values()), walk.stops
    if name == "6-keyboard":
        assert walk.stops["results"]["presses-with-skip-link"] <= 6


def test_what_is_handed_in_arrives(browser: Browser, databases: Databases) -> None:
    with databases.copy_of_seeded() as engine, serving(engine) as address:
        key = key_of_an_editor(engine)
        for name, journey in WRITING.items():
            with walking(browser, address, key, AT[name], "light") as walk:
                journey(walk)
            assert all(stop["shift"] < MOST_SHIFT for stop in walk.stops.values()), walk.stops
