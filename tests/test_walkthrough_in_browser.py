"""An editor and a school in a real browser, from an empty queue to published facts."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import Session

from app.domain.keys import Scope
from tests.editing import make_key
from tests.schools import CODING, HIT, SPANISH, add_to_catalogue, three_schools
from tests.serving import serving
from tests.walkthrough import walk_through

pytestmark = pytest.mark.long
MOST_KEYS = {HIT: 6, CODING: 40, SPANISH: 20}
"""Of them most are Tab; a program that is right as it was read takes the fewest."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_editor_decides_by_keyboard_and_a_school_sees_its_answer_published(
    browser: Browser, engine: Engine, session: Session
) -> None:
    headers = make_key(engine, Scope.WRITE_FACTS, Scope.PUBLISH)
    key = headers["Authorization"].removeprefix("Bearer ")
    with three_schools() as schools, serving(engine) as address:
        add_to_catalogue(session, schools)
        session.commit()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(15_000)

        steps = walk_through(page, address, engine, schools, key, lambda _: None)

        page.close()
    assert all(steps[program] <= most for program, most in MOST_KEYS.items()), steps
