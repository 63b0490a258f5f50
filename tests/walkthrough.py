"""Three made-up schools, from an empty queue to a published release, in a browser.

``python -m tests.walkthrough FOLDER`` writes numbered pictures of it into a folder, and the
catalogue that it ends with.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlmodel import Session

from app.clock import moment
from app.domain.keys import Scope
from app.reader.fetching import Visitor
from app.reader.run import PageReading, load_lexicon, read_program
from app.settings import get_settings
from app.store.database import make_engine, migrate
from tests.browsing import chromium, close_browser
from tests.editing import make_key
from tests.schools import CODING, HIT, SPANISH, Schools, add_to_catalogue, three_schools
from tests.serving import serving

Picture = Callable[[str], None]


@dataclass
class Keyboard:
    """An editor's keyboard, that counts what is pressed: a text typed is one step."""

    page: Page
    steps: dict[str, int] = field(default_factory=dict)
    about: str = ""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self._count()

    def write(self, text: str) -> None:
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self._count()

    def tab_to(self, selector: str, key: str = "Tab") -> None:
        """Press Tab until an element has the focus."""
        for _ in range(80):
            if self.page.evaluate("(s) => document.activeElement.matches(s)", selector):
                return
            self.press(key)
        raise AssertionError(f"no way to {selector}")

    def accept_rest(self, key: str = "Tab") -> None:
        """Accept what is not marked of the program that has the focus."""
        self.tab_to('[value="accept_rest"]', key)
        self.press("Enter")

    def _count(self) -> None:
        self.steps[self.about] = self.steps.get(self.about, 0) + 1


def read_schools(engine: Engine, schools: Schools) -> None:
    """Read the pages of every program, as ``hit-compare read`` does."""
    visitor = Visitor("test", 0, schools.hosts, most_bytes=200_000, most_seconds=0.5)
    reading = PageReading(engine, visitor, load_lexicon(get_settings().seed_dir), moment())
    for slug in (HIT, CODING, SPANISH):
        list(read_program(reading, slug))
    visitor.close()


def walk_through(
    page: Page, address: str, engine: Engine, schools: Schools, key: str, picture: Picture
) -> dict[str, int]:
    """Drive the browser from an empty queue to a release and a school's answer in another.

    Returns:
        Program -> keys that an editor pressed for it.
    """
    keyboard = Keyboard(page)
    page.goto(f"{address}/editors")
    keyboard.write(key)
    keyboard.press("Enter")
    page.wait_for_selector('[data-waiting="0"]')
    picture("nothing-waits")

    read_schools(engine, schools)
    page.get_by_role("button", name="Narrow down").click()
    page.wait_for_selector(f'[data-program="{HIT}"]')
    picture("what-waits")

    keyboard.about = HIT  # all of it is right
    focus_first(page)
    keyboard.accept_rest("Shift+Tab")
    page.wait_for_selector("[data-decided]")
    assert page.locator(f'[data-program="{HIT}"]').count() == 0
    picture("first-school-decided")

    keyboard.about = CODING  # one fact is declined, one is changed, the rest is right
    focus_first(page)
    keyboard.press("ArrowLeft")
    program = page.locator(f'[data-program="{CODING}"]')
    months = program.locator("fieldset", has=page.locator("legend", has_text="12 months"))
    number = months.get_attribute("data-fact")
    keyboard.tab_to(f'[name="fact-{number}"]')
    keyboard.press("Tab", "Enter")
    keyboard.tab_to(f'[name="value-{number}-months_high"]')
    keyboard.write("14")
    picture("a-value-changed")
    keyboard.accept_rest()
    page.wait_for_selector(f'[data-program="{SPANISH}"]')
    page.wait_for_function(f"!document.querySelector('[data-program=\"{CODING}\"]')")

    keyboard.about = SPANISH  # two pages contradict each other: the newer one is right
    focus_first(page)
    keyboard.press("ArrowRight")
    keyboard.tab_to("[data-contradiction] > .beside > div:nth-child(2) [type=radio]")
    keyboard.press("ArrowLeft")
    picture("a-contradiction")
    keyboard.accept_rest()
    page.wait_for_selector('[data-waiting="0"]')

    page.fill("#note", "Read on pages of three schools")
    page.press("#note", "Enter")
    page.wait_for_selector('[data-published="2"]')
    picture("published")
    page.goto(f"{address}/programs/{HIT}")
    picture("the-program")
    _school_answers(page, address, key, picture)
    return keyboard.steps


def focus_first(page: Page) -> None:
    """Wait for the page that shows what is left, where the first mark has the focus."""
    page.wait_for_function("document.activeElement.type === 'radio'")


def _school_answers(page: Page, address: str, key: str, picture: Picture) -> None:
    page.goto(f"{address}/editors")
    page.fill("#key", key)
    page.press("#key", "Enter")
    page.fill("#for-program", HIT)
    page.press("#for-program", "Enter")
    link = page.get_attribute("[data-link]", "data-link") or ""
    picture("an-address-for-the-school")
    page.goto(f"{address}/answer/{link.rpartition('/')[2]}?lang=es")
    page.set_viewport_size({"width": 390, "height": 844})
    technology = page.locator('[data-check="technology"]')
    technology.locator('[value="met"]').check()
    technology.locator("#technology-usd").fill("60-90")
    technology.locator("#technology-unit").select_option("semester")
    technology.scroll_into_view_if_needed()
    picture("a-school-answers")
    page.locator("form.panel button").click()
    page.wait_for_selector('[data-state="open"]')
    picture("what-the-school-sees")
    answered = page.url
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/editors")
    page.fill("#key", key)
    page.press("#key", "Enter")
    page.wait_for_selector('[data-origin="school"]')
    picture("the-answer-waits")
    page.locator('[value="accept_rest"]').first.click()
    page.wait_for_selector('[data-waiting="0"]')
    page.fill("#note", "An answer of Fernbank")
    page.press("#note", "Enter")
    page.wait_for_selector('[data-published="3"]')
    page.goto(answered)
    page.wait_for_selector('[data-state="accepted"]')
    picture("the-school-sees-it-published")
    page.goto(f"{address}/data#answered")
    picture("counted")


def film(folder: Path) -> None:
    """Write the pictures, and print how many keys each program took."""
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = folder / "catalogue.db"
    catalogue.unlink(missing_ok=True)
    with three_schools() as schools, chromium() as browser:
        engine = make_engine(f"sqlite:///{catalogue}")
        migrate(engine)
        with Session(engine) as session:
            add_to_catalogue(session, schools)
            session.commit()
        headers = make_key(engine, Scope.WRITE_FACTS, Scope.PUBLISH)
        key = headers["Authorization"].removeprefix("Bearer ")
        with serving(engine) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            taken: list[str] = []

            def picture(name: str) -> None:
                taken.append(name)
                page.screenshot(path=folder / f"{len(taken):02}-{name}.png")

            steps = walk_through(page, address, engine, schools, key, picture)
            page.close()
        engine.dispose()
    close_browser()
    for program, count in steps.items():
        print(f"{program or 'the key'}: {count} keys")
    print(f"{len(taken)} pictures in {folder}")


if __name__ == "__main__":
    film(Path(sys.argv[1]).resolve())
