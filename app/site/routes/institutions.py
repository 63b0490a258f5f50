"""GET /institutions/{unitid}: a school, who accredits it, its prices and its programs."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.clock import today
from app.exports.linked_institutions import school_path, to_institution
from app.http.dependencies import SessionDep, Unitid
from app.queries import institutions
from app.schemas.site import VisitQuery
from app.search.places import reader_of
from app.site.pages.cards import program_card
from app.site.pages.claims import ClaimWriter
from app.site.pages.corrections import report_links
from app.site.pages.institutions import SchoolAnswers, leading_prices
from app.site.routes.page import SitePage, site_router

router = site_router()


@router.get("/institutions/{unitid}")
def show_institution(
    request: Request,
    session: SessionDep,
    unitid: Unitid,
    query: Annotated[VisitQuery, Query()],
) -> Response:
    school = institutions.get_institution(session, unitid, today(), reader_of(query, query.near))
    page = SitePage(request, session, query)
    path = f"/{school_path(school)}"
    return page.show(
        "institutions",
        canonical=page.visit.canonical(path),
        linked=page.linked(school, to_institution, path),
        school=school,
        programs=[program_card(page.write, item) for item in school.programs],
        prices=leading_prices(school.costs),
        claims=ClaimWriter(page.write),
        answers=SchoolAnswers(page.write, school).answers(),
        report=report_links(page.visit, "institution", school.slug),
    )
