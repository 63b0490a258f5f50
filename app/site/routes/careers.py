"""GET /careers: where to go from here, by what people ask of work in the field."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.messages import N_
from app.http.dependencies import SessionDep
from app.queries.advancement import list_paths
from app.schemas.site import VisitQuery
from app.site.routes.page import SitePage, site_router

router = site_router()

QUESTIONS = (
    (
        "/advancement-plans",
        N_("How do I get from here to there?"),
        N_("A plan from what you have, such as a certificate, to a role or a credential."),
    ),
    (
        "/credentials/compare",
        N_("Which credential?"),
        N_("RHIT, CCS, CPC and others side by side: who may sit, cost, renewal, pay near you."),
    ),
    (
        "/statistics",
        N_("What pays what, and where?"),
        N_("Pay of the field's occupations by state, on a map and beside other figures."),
    ),
    (
        "/work-settings",
        N_("Where do people work?"),
        N_("Hospitals, offices, insurers, agencies: what is done there, and what is asked for."),
    ),
    (
        "/advancement-paths",
        N_("What comes after the first job?"),
        N_("Roles to grow into, and what each asks for."),
    ),
    (
        "/renewal",
        N_("How do I keep my credential?"),
        N_("Units, days and fees of what you hold, in one plan."),
    ),
    (
        "/fit",
        N_("Does this work fit me?"),
        N_("A few questions on how you like to work."),
    ),
    (
        "/credentials",
        N_("All credentials"),
        N_("Every exam of the field, with what is known of it."),
    ),
)
"""Address of a page -> the question that it answers, and how."""


@router.get("/careers")
def show_careers(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    return page.show("careers", questions=QUESTIONS, roles=list_paths(session))
