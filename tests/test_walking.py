"""The walk over schools' sites: what it finds, where it stops, and how it goes on another day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.domain.pages.about import Subject
from app.domain.pages.page import Block, Page
from app.ledger.curation import programs_to_read, programs_to_recheck
from app.reader.fetching import Visitor
from app.reader.run import (
    PageReading,
    Summary,
    facts_on,
    load_lexicon,
    read_program,
    recheck_program,
)
from app.reader.walking import BOUNDS, Bounds, walk
from app.settings import get_settings
from app.store.tables.reading import PageVisit, ProgramReading
from tests.domain.facts import RUBRIC, TODAY
from tests.making import NOW, accredited, add_program, publish
from tests.reader.judging import LEXICON, TITLES
from tests.schools import CODING, HIT, SPANISH, Schools, add_to_catalogue, three_schools

SUBJECT = Subject("Health Information Technology", "associate", "51.0707", "Fernbank", TITLES)


@pytest.fixture
def schools() -> Iterator[Schools]:
    with three_schools() as sites:
        yield sites


@contextmanager
def visiting(schools: Schools, **options: float) -> Iterator[Visitor]:
    visitor = Visitor("test", 0, schools.hosts, **options)  # type: ignore[arg-type]
    yield visitor
    visitor.close()


def opened(schools: Schools, bounds: Bounds = BOUNDS, *starts: str) -> dict[str, str]:
    """Return path -> "read" or why not, of a walk for the program of Fernbank."""
    with visiting(schools) as visitor:
        begin = starts or (schools.url(HIT),)
        return {
            visit.url.split("/", 3)[3]: visit.fault.code if visit.fault else "read"
            for visit in walk(visitor, begin, SUBJECT, LEXICON, bounds=bounds)
        }


def read(engine: Engine, schools: Schools, slug: str, **options: float) -> Summary:
    summary = Summary()
    with visiting(schools, **options) as visitor:
        reading = PageReading(engine, visitor, load_lexicon(get_settings().seed_dir), NOW)
        for done in read_program(reading, slug):
            summary.add(done)
    return summary


def test_packed_sitemaps_in_an_index_lead_to_all_kinds_of_pages(schools: Schools) -> None:
    found = opened(schools)

    assert set(found) == {
        "",
        "catalog/2026-27-health-information-technology.pdf",
        "programs/health-information-technology/",
        "programs/health-information-technology/costs/",
        "transfer/",
        "tuition-and-fees/",
    }
    assert list(found)[1:3] == [
        "catalog/2026-27-health-information-technology.pdf",
        "programs/health-information-technology/",
    ]  # those of the program before those of the school


@pytest.mark.parametrize(
    ("bounds", "pages"),
    [
        (replace(BOUNDS, pages=2), 2),
        (replace(BOUNDS, size=100), 1),
        (replace(BOUNDS, seconds=0.0), 0),
        (replace(BOUNDS, depth=0), 5),  # sitemaps lead to pages, and those no further
    ],
)
def test_a_walk_is_bounded(schools: Schools, bounds: Bounds, pages: int) -> None:
    assert len(opened(schools, bounds)) == pages


def test_likely_addresses_are_tried_where_nothing_leads_to_the_program(schools: Schools) -> None:
    schools.page(HIT, "robots.txt", "User-agent: *\n", kind="text/plain")
    schools.page(HIT, "academics", '<a href="/programs/health-information-technology/">HIT</a>')

    found = opened(schools)

    assert list(found)[:3] == ["", "academics", "programs/health-information-technology/"]


def test_a_site_that_moved_leads_on_and_pages_of_others_do_not(schools: Schools) -> None:
    schools.page(CODING, "old-home", b"", moved_to=schools.url(HIT))
    schools.page(HIT, "transfer/", b"", moved_to=schools.url(SPANISH, "costos"))

    found = opened(schools, BOUNDS, schools.url(CODING, "old-home"))

    assert found["programs/health-information-technology/"] == "read"
    assert found["transfer/"] == "elsewhere"


def test_what_is_refused_costs_nothing_else(
    engine: Engine, session: Session, schools: Schools
) -> None:
    add_to_catalogue(session, schools)

    summary = read(engine, schools, CODING, most_seconds=0.5, most_bytes=200_000)

    refused = {code: text for code, text in summary.refused}
    assert set(refused) == {"private", "robots", "large", "slow"}
    assert "accreditation leads to http://169.254.169.254/" in refused["private"]
    assert summary.facts >= 6
    assert {"program", "cost", "transfer"} <= summary.kinds.keys()
    session.rollback()
    row = session.exec(select(ProgramReading)).one()
    assert (row.refused, row.new) == (4, summary.kept.new)
    [private] = session.exec(select(PageVisit).where(PageVisit.outcome == "private"))
    assert private.reason == refused["private"]


def test_a_host_that_answers_too_badly_is_given_up(schools: Schools) -> None:
    for path in ("tuition-and-fees/", "transfer/", "programs/health-information-technology/"):
        schools.page(HIT, path, "busy", status=429)

    found = opened(schools)

    assert list(found.values()).count("refused") == 1


def test_a_second_visit_asks_what_has_changed_and_still_leads_on(
    engine: Engine, session: Session, schools: Schools
) -> None:
    add_to_catalogue(session, schools)
    session.commit()
    first = read(engine, schools, HIT)
    schools.asked(HIT)
    costs = "programs/health-information-technology/costs/"
    page = schools.sites[HIT].files[costs].content.replace(b"$1,450", b"$1,600")
    schools.page(HIT, costs, page)

    again = read(engine, schools, HIT)

    assert first.kept.new > 10
    assert (again.pages, again.kept.new) == (first.pages, 1)
    assert again.size == len(page)  # the others were not sent


def test_a_page_is_read_for_every_program_it_tells_of(
    engine: Engine, session: Session, schools: Schools
) -> None:
    add_to_catalogue(session, schools)
    add_program(
        session,
        "fernbank-him",
        school="fernbank-community-college",
        name="Health Information Technology Certificate",
        award_level="certificate_1_to_2_years",
    )
    session.commit()
    read(engine, schools, HIT)

    other = read(engine, schools, "fernbank-him")

    assert other.facts > 0


def test_a_slice_of_the_queue_goes_on_where_it_ended(
    engine: Engine, session: Session, schools: Schools
) -> None:
    add_to_catalogue(session, schools)
    add_program(session, "no-site", school="no-site", completions={"2024-25": 1})
    session.commit()

    def queued(**asked: object) -> list[str]:
        with Session(engine) as reading:
            return programs_to_read(
                reading,
                RUBRIC,
                **{
                    "states": [],
                    "checks": [],
                    "most": 10,
                    "today": TODAY,
                    "not_since": NOW,
                    **asked,
                },  # type: ignore[arg-type]
            )

    assert queued() == [HIT, CODING, SPANISH]  # by awards times open points
    assert queued(states=["PR"]) == [SPANISH]
    assert queued(most=1) == [HIT]
    assert queued(checks=["program_accredited"]) == [HIT, SPANISH]
    read(engine, schools, HIT)
    assert queued() == [CODING, SPANISH]
    assert queued(not_since=None) == [HIT, CODING, SPANISH]


def test_pages_behind_facts_are_looked_at_by_age_and_weight(
    engine: Engine, session: Session, schools: Schools
) -> None:
    for slug, awards in (("few", 5), ("many", 50)):
        add_program(
            session,
            slug,
            school=f"{slug}-college",
            completions={"2024-25": awards},
            claims=[replace(accredited(), source_url=schools.url(HIT, "transfer/"))],
        )
    publish(session)
    session.commit()
    later = NOW + timedelta(days=100)

    def due() -> list[str]:
        with Session(engine) as reading:
            return programs_to_recheck(reading, states=[], most=10, now=later)

    assert due() == ["many", "few"]
    with visiting(schools) as visitor:
        lexicon = load_lexicon(get_settings().seed_dir)
        list(recheck_program(PageReading(engine, visitor, lexicon, later), "many"))
    assert due() == ["few", "many"]


def test_of_a_whole_catalog_the_parts_on_the_program_are_read() -> None:
    others = [
        Block(f"NUR {n % 50} Students complete 600 hours.", ("Catalog 2026-27", "Nursing"))
        for n in range(5_000)
    ]
    own = Block(
        "Students complete a required practicum of 120 hours.",
        ("Catalog 2026-27", "Health Information Technology, Associate of Applied Science"),
    )
    page = Page("https://a.example/catalog.pdf", "Catalog", (*others, own, *others))

    facts = facts_on(page, SUBJECT, LEXICON)

    assert [fact.rule for fact in facts] == ["practicum.required"]
