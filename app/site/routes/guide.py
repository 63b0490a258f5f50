"""GET /guide and its sections: the career guide to read."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request, Response

from app.api.guide import Section
from app.domain.guide import LEFT_OUT
from app.domain.occupations import ADVANCEMENT_SOCS
from app.http.dependencies import SessionDep
from app.queries import guide, statistics
from app.queries.rubrics import current_rubric
from app.schemas.site import VisitQuery
from app.schemas.statistics import StatisticRead
from app.site.pages.guide import KINDS, TEXTS, Guide, groups_of, parts_of, sections_of, steps_of
from app.site.pages.statistics import METHODS, Figures
from app.site.routes.page import SitePage, site_router

router = site_router()

STARTS = ("fit", "timeline", "questions")
"""Sections to begin with."""

PAY, GROWTH = "salary-factors", "outlook"
"""Sections beside which official figures stand."""


@router.get("/guide")
def show_guide(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    sections = sections_of(page.write, guide.list_sections(session))
    by_key = {section.key: section for section in sections}
    return page.show(
        "guide",
        guide_parts=parts_of(sections),
        starts=[by_key[key] for key in STARTS if key in by_key],
        left_out=[page.write.speech.say(words) for words in LEFT_OUT],
    )


@router.get("/guide/{section}")
def show_guide_section(
    request: Request,
    session: SessionDep,
    section: Section,
    query: Annotated[VisitQuery, Query()],
) -> Response:
    entries = guide.list_entries(session, section)
    page = SitePage(request, session, query)
    quoted = [slug for entry in entries for slug in entry.statistics or ()]
    found = statistics.find_statistics(session, quoted) if quoted else []
    sections = sections_of(page.write, guide.list_sections(session))
    at = [one.key for one in sections].index(section)
    figures = Figures(page.write)
    official = _official(session, section)
    return page.show(
        "guide_section",
        section=sections[at],
        before=sections[at - 1] if at else None,
        after=sections[at + 1] if at + 1 < len(sections) else None,
        guide=Guide(page.write, page.visit, current_rubric(), guide.link_labels(session), found),
        texts_of=TEXTS,
        kinds=KINDS,
        groups=groups_of(entries),
        steps=steps_of(entries),
        figures=figures,
        methods=METHODS,
        pay=figures.pay(official) if section == PAY else None,
        growth=figures.growth(official) if section == GROWTH else None,
    )


def _official(session: SessionDep, section: str) -> Sequence[StatisticRead]:
    if section not in (PAY, GROWTH):
        return []
    return statistics.official_statistics(session, *ADVANCEMENT_SOCS)
