"""Eight people with a question each, who find the answer in a browser, click by click.

``python -m tests.journeys FOLDER [PART OF A NAME]`` walks all of them, or some, at three widths in
both schemes, writes a numbered picture of every page they come to, and prints what was measured
there: the pixels from the top of the window to the first answer, results in view, words, links,
bytes as sent, height, and how much the page shifted.
"""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from app.domain.keys import Scope
from app.importers.seed import load_seed
from app.settings import get_settings
from app.store.database import make_engine, migrate
from tests.browsing import chromium, close_browser
from tests.editing import make_key
from tests.serving import serving

Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((360, 740), (768, 1024), (1366, 860))
ZOOMED: Size = (683, 430)
"""A window of 1366 by 860 pixels at a zoom of 200 percent."""
SCHEMES = ("light", "dark")

ANSWERS = (
    ".result, [data-answer], [data-deciding], [data-row], [data-career], [data-check], "
    "[data-step], [data-report], [data-waiting], main .answers, main tbody tr, #preview iframe"
)
"""What a reader came for, on any page."""
COUNT_SHIFT = """window.shifted = 0; new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });"""
MEASURE = """(answers) => {
    const isSeen = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
    const first = [...document.querySelectorAll(answers)].find(isSeen);
    const inView = [...document.querySelectorAll(".result")].filter((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
    });
    const came = [...performance.getEntriesByType("navigation"),
                  ...performance.getEntriesByType("resource")];
    return {
        first: first ? Math.round(first.getBoundingClientRect().top) : null,
        results: inView.length,
        words: document.body.innerText.split(/\\s+/).length,
        links: [...document.links].filter((one) => one.checkVisibility()).length,
        bytes: came.reduce((sum, one) => sum + one.transferSize, 0),
        height: document.documentElement.scrollHeight,
        wide: document.documentElement.scrollWidth > innerWidth,
        shift: Math.round(1000 * (window.shifted ?? 0)) / 1000,
    };
}"""


@dataclass
class Walk:
    """One person on the way, with what was measured at each stop.

    ``key`` opens the editors' page; ``picture`` is told the name of each stop.
    """

    page: Page
    address: str
    key: str
    picture: Callable[[str], None]
    stops: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(f"{self.address}{path}")

    def stop(self, name: str) -> dict[str, Any]:
        """Measure the page as it is shown, and take a picture."""
        self.page.wait_for_load_state()
        self.stops[name] = self.page.evaluate(MEASURE, ANSWERS)
        assert not self.stops[name]["wide"], f"{name} scrolls sideways"
        self.picture(name)
        return self.stops[name]

    def tab_to(self, selector: str, most: int = 60) -> int:
        """Press Tab until something of a kind has the focus; return how often it was pressed."""
        for count in range(1, most + 1):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("(s) => document.activeElement.closest(s) !== null", selector):
                return count
        raise AssertionError(f"{selector} is not reached by {most} presses of Tab")

    def unfold(self, folded: str, wanted: str) -> None:
        """Open what something is folded into, where it is."""
        if not self.page.locator(wanted).is_visible():
            self.page.locator(f"{folded} > summary").click()

    def choose(self, most: int) -> None:
        """Put the first results into the list."""
        page = self.page
        for count in range(1, most + 1):
            page.locator(".result a.button:not(.chosen)[id^=choose-]").first.click()
            expect(page.locator(".tray")).to_have_attribute("data-chosen", str(count))


def career_changer(walk: Walk) -> None:
    """In Detroit, working full time: accredited, online, affordable, leads to the RHIT."""
    page = walk.page
    walk.to("/")
    walk.stop("start")
    page.locator("[name=what][value=rhit]").check()
    page.locator("#near").fill("48201")
    page.locator("[name=how][value=online]").check()
    page.locator("#search button.main").click()
    expect(page.locator("#found")).to_be_in_viewport()
    walk.stop("results")
    walk.unfold("#filters", "#group-accreditation")
    walk.unfold("#group-accreditation", "#accreditation-met")
    page.locator("#accreditation-met").check()
    page.wait_for_url("**accreditation=met**")
    walk.stop("accredited")
    page.go_back()
    expect(page.locator("#accreditation-met")).not_to_be_checked()
    page.locator("#sort").select_option("total_cost")
    page.wait_for_url("**sort=total_cost**")
    walk.stop("cheapest-first")
    walk.choose(3)
    walk.stop("three-chosen")
    page.locator(".tray .button.main").click()
    page.wait_for_url("**/compare**")
    expect(page.locator('[data-deciding="cost"] td')).to_have_count(3)
    walk.stop("compared")
    compared = page.url
    page.locator('[data-deciding="cost"] .who-says').first.click()
    walk.picture("who-says-so")
    page.keyboard.press("Escape")
    page.locator("thead th a").first.click()
    page.wait_for_url("**/programs/**")
    walk.stop("one-program")
    page.locator('a[href="#cost"]').first.click()
    expect(page.locator("#cost")).to_be_in_viewport()
    walk.picture("whole-cost")
    page.goto(compared)
    page.locator('form[action="/compare/hand-out"] button.main').click()
    page.wait_for_url("**/v1/snapshots/**")
    walk.stop("hand-out")


def counselor(walk: Walk) -> None:
    """At a college: a table for a meeting by the docs alone, shared and in a spreadsheet."""
    page = walk.page
    walk.to("/docs")
    walk.stop("docs")
    page.locator('[data-question="programs"] a, [data-question="accredited"] a').first.click()
    walk.stop("question")
    page.locator("form.question button.main, form.question button").first.click()
    expect(page.locator("main tbody tr").first).to_be_visible()
    walk.stop("table")
    shared = page.url
    with page.expect_download() as waiting:
        page.locator("main a[href*='.csv']").first.click()
    assert len(Path(waiting.value.path()).read_text().splitlines()) > 1
    page.goto(shared)
    expect(page.locator("main tbody tr").first).to_be_visible()
    walk.to("/docs/ask/compare?first=Owens+Community+College&second=Sinclair+Community+College")
    walk.stop("two-compared")


def coder(walk: Walk) -> None:
    """Holds a coding certificate: do credits count, what comes next, at what cost and time."""
    page = walk.page
    walk.to("/careers?near=48201")
    walk.stop("careers")
    page.locator('[data-question="/advancement-plans"] a').click()
    page.locator("#target").select_option("RHIT")
    page.locator("#education").select_option("certificate")
    page.locator("form.panel button.main").click()
    expect(page.locator("[data-cost]")).to_be_visible()
    walk.stop("plan-to-rhit")
    walk.to("/credentials/compare?near=48201")
    walk.stop("choose-credentials")
    for code in ("RHIT", "CCS"):
        page.locator(f"[name=credential][value={code}]").check()
    page.locator("form.panel button.main").click()
    expect(page.locator('[data-row="pay"] td')).to_have_count(2)
    walk.stop("rhit-or-ccs")
    walk.to("/programs/schoolcraft-community-college-district-510707-associate?near=48201")
    expect(page.locator('[data-answer="transfer"]')).to_be_visible()
    page.locator('[data-answer="transfer"]').scroll_into_view_if_needed()
    walk.stop("do-credits-count")


def spanish_student(walk: Walk) -> None:
    """Speaks Spanish, and has a phone."""
    page = walk.page
    walk.to("/")
    page.locator('.languages [hreflang="es"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    walk.stop("inicio")
    page.locator("#q").fill("codificación médica en Texas")
    page.locator("#q").press("Enter")
    expect(page.locator(".result").first).to_be_visible()
    walk.stop("resultados")
    page.locator(".result h3 a").first.click()
    expect(page.locator("[data-answer]")).to_have_count(8)
    walk.stop("programa")
    walk.to("/careers?lang=es&home_state=TX")
    walk.stop("carreras")
    walk.to("/credentials/RHIT?lang=es&home_state=TX")
    walk.stop("credencial")
    walk.to("/guide?lang=es")
    walk.stop("guia")


def web_master(walk: Walk) -> None:
    """Puts a program card and a credential card on a page of a school."""
    page = walk.page
    walk.to("/docs/embed")
    page.locator("#q").fill("owens health information")
    page.locator("#matches button").first.click()
    expect(page.locator("#preview iframe")).to_be_visible()
    walk.stop("snippet-of-a-program")
    snippets = [page.locator("#snippet").input_value()]
    page.locator("#kind").select_option("credential")
    page.locator("#code").select_option("RHIT")
    expect(page.locator("#snippet")).to_have_value(re.compile("RHIT"))
    expect(page.locator("#preview iframe")).to_have_attribute("src", re.compile("RHIT"))
    snippets.append(page.locator("#snippet").input_value())
    walk.stop("snippet-of-a-credential")
    body = (
        '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
        "<title>Our school</title><body style='font-family: serif; max-width: 50rem'>"
        f"<h1>Health information at our school</h1>{''.join(snippets)}"
    )
    school = walk.address.replace("127.0.0.1", "localhost") + "/our-school"
    page.route(school, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(school)
    for frame in (page.locator("iframe").nth(at) for at in range(2)):
        expect(frame.content_frame.locator("[data-chip]").first).to_be_visible()
    walk.picture("cards-on-the-school-site")


def keyboard_alone(walk: Walk) -> None:
    """Uses no mouse, at a zoom of 200 percent."""
    page, press = walk.page, walk.page.keyboard.press
    walk.to("/")
    walk.tab_to("#q")
    page.keyboard.type("health information ohio associate")
    press("Enter")
    expect(page.locator("#found")).to_be_focused()
    walk.stop("results")["presses"] = walk.tab_to(".result h3 a")
    for count in (1, 2):
        walk.tab_to("a.button:not(.chosen)[id^=choose-]")
        press("Enter")
        expect(page.locator(".tray")).to_have_attribute("data-chosen", str(count))
    walk.picture("two-chosen")
    walk.to(re.sub(r"^https?://[^/]+", "", page.url).partition("#")[0])
    press("Tab")
    press("Tab")
    press("Enter")  # the second link skips to the results
    walk.stops["results"]["presses-with-skip-link"] = 3 + walk.tab_to(".result h3 a", 3)
    walk.tab_to(".tray .button.main", 200)
    press("Enter")
    page.wait_for_url("**/compare**")
    walk.stop("compared")
    walk.tab_to(".first-facts .who-says")
    press("Enter")
    expect(page.locator("[popover]:popover-open")).to_be_visible()
    walk.picture("who-says-so")
    press("Escape")
    walk.tab_to("#order summary, details.part > summary")
    press("Enter")
    walk.picture("how-sure")


HIT = "schoolcraft-community-college-district-510707-associate"


def wronged_school(walk: Walk) -> None:
    """Finds a wrong fact about itself, and says what is right."""
    page = walk.page
    walk.to(f"/programs/{HIT}")
    walk.stop("our-program")
    page.locator('[data-answer="accredited"] .who-says').first.click()
    walk.picture("who-says-so")
    page.locator("[popover]:popover-open a[href*='/corrections']").click()
    expect(page.locator(f'[data-about="{HIT}"]')).to_be_visible()
    walk.stop("form")
    page.locator("main form.panel button.main").click()
    expect(page.locator("[data-refused]")).to_be_focused()
    walk.stop("what-is-missing")
    page.locator("#statement").fill("We are this school. The program is accredited through 2031.")
    page.locator("#source_url").fill("https://www.schoolcraft.edu/him-accreditation")
    page.locator("main form.panel button.main").click()
    page.wait_for_url("**/corrections/*")
    walk.stop("sent")
    walk.to("/corrections#for-schools")
    walk.picture("for-schools")


def editor(walk: Walk) -> None:
    """Has an hour: asks a school, decides on what it answers, and publishes."""
    decide(walk)
    walk.page.locator("#note").fill("What a school answered")
    walk.page.locator("#note").press("Enter")
    expect(walk.page.locator("[data-published]")).to_be_visible()
    walk.stop("published")


def decide(walk: Walk) -> None:
    """Ask a school, and accept what it answers."""
    page = walk.page

    def sign_in() -> None:
        walk.to("/editors")
        page.locator("#key").fill(walk.key)
        page.locator("#key").press("Enter")
        expect(page.locator("[data-waiting]")).to_be_visible()

    walk.to("/editors")
    walk.stop("key")
    sign_in()
    walk.stop("nothing-waits")
    page.locator("#for-program").fill(HIT)
    page.locator("#for-program").press("Enter")
    link = page.locator("[data-link]").get_attribute("data-link") or ""
    walk.stop("address-for-the-school")
    walk.to(f"/answer/{link.rpartition('/')[2]}")
    walk.stop("the-school-is-asked")
    asked = page.locator("[data-check] [value=met]").first
    asked.check()
    page.locator("form.panel button.main").last.click()
    expect(page.locator("[data-state]").first).to_be_visible()
    walk.stop("the-school-has-answered")
    sign_in()
    expect(page.locator('[data-origin="school"]')).to_be_visible()
    walk.stop("the-answer-waits")
    page.locator('[value="accept_rest"]').first.click()
    expect(page.locator("[data-pending]")).to_be_visible()
    walk.stop("accepted")


JOURNEYS: dict[str, Callable[[Walk], None]] = {
    "1-career-changer": career_changer,
    "2-counselor": counselor,
    "3-coder": coder,
    "4-spanish": spanish_student,
    "5-web-master": web_master,
    "6-keyboard": keyboard_alone,
    "7-school": wronged_school,
    "8-editor": editor,
}


@contextmanager
def walking(
    browser: Browser, address: str, key: str, size: Size, scheme: str, folder: Path | None = None
) -> Iterator[Walk]:
    """Yield somebody who sets out; pictures go into a folder, if there is one."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=width < 500,
        accept_downloads=True,
        permissions=["local-network-access"],  # a site elsewhere, with cards of this machine
    )
    page = context.new_page()
    page.set_default_timeout(60_000)  # a release of the whole catalogue takes its time
    expect.set_options(timeout=20_000)
    page.add_init_script(COUNT_SHIFT)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    taken: list[str] = []

    def picture(name: str) -> None:
        taken.append(name)
        if folder is not None:
            page.screenshot(path=folder / f"{width}-{scheme}-{len(taken):02}-{name}.png")

    yield Walk(page, address, key, picture)
    context.close()
    assert complaints == []


def film(folder: Path, only: str = "") -> None:
    """Walk all journeys, or those of one name, with pictures; print what was measured.

    Each is walked at each width over a catalogue of its own, for some change what they find.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seeded = folder / "catalogue.db"
    seeded.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{seeded}")
    migrate(engine)
    load_seed(engine, get_settings().seed_dir)
    engine.dispose()
    with chromium() as browser:
        for name, journey in JOURNEYS.items():
            if only in name:
                kept = folder / name
                shutil.rmtree(kept, ignore_errors=True)
                kept.mkdir()
                for size in (ZOOMED,) if journey is keyboard_alone else SIZES:
                    own = kept / f"catalogue-{size[0]}.db"
                    shutil.copy(seeded, own)
                    engine = make_engine(f"sqlite:///{own}")
                    key = key_of_an_editor(engine)
                    with serving(engine) as address:
                        for scheme in SCHEMES:
                            with walking(browser, address, key, size, scheme, kept) as walk:
                                journey(walk)
                            if scheme == SCHEMES[0]:
                                _tell(name, size, walk)
                    engine.dispose()
    close_browser()


def key_of_an_editor(engine: Engine) -> str:
    """Return a new key that decides on facts and publishes."""
    headers = make_key(engine, Scope.WRITE_FACTS, Scope.PUBLISH)
    return headers["Authorization"].removeprefix("Bearer ")


def _tell(name: str, size: Size, walk: Walk) -> None:
    """Print what was measured, a line a stop."""
    print(f"\n{name}, {size[0]} x {size[1]}")
    for stop, measured in walk.stops.items():
        told = ", ".join(f"{key} {value}" for key, value in measured.items() if key != "wide")
        print(f"  {stop}: {told}")


if __name__ == "__main__":
    film(Path(sys.argv[1]).resolve(), *sys.argv[2:3])
