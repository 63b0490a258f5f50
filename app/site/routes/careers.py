"""GET /careers: where to go from here, by what people ask of work in the field."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.messages import N_
from app.domain.vocabulary import AreaKind
from app.http.dependencies import SessionDep
from app.http.faults import rename_faults
from app.queries.advancement import list_paths
from app.queries.areas import surveyed_occupations, titles_of
from app.queries.careers import get_careers
from app.schemas.careers import CareersQuery
from app.schemas.site import CareersPageQuery
from app.site.pages.careers import ORDERS, careers_table, states_in_order
from app.site.pages.pay import pay_map
from app.site.pages.visits import to_address, to_pairs
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
        N_(
            "RHIT, CCS, CPC and others side by side: who may take the exam, cost, renewal, pay "
            "near you."
        ),
    ),
    (
        "/statistics",
        N_("What do other figures say?"),
        N_("Official pay and growth, and the figures a career guide quotes."),
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


FIRST = "29-2072"
"""The occupation told state by state where none is chosen: medical records specialists."""


@router.get("/careers")
def show_careers(
    request: Request, session: SessionDep, query: Annotated[CareersPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    write, visit, place = page.write, page.visit, query.asked_place()
    soc_code = query.soc or FIRST
    asked = to_pairs(place, "state", "near", "home_state")
    with rename_faults(soc_code="soc"):
        now = get_careers(session, CareersQuery(**place.model_dump()))
        by_state = get_careers(session, CareersQuery(soc_code=soc_code)).careers[0]
    states = [pay for pay in by_state.pay if pay.area.kind == AreaKind.STATE]
    return page.show(
        "careers",
        query=query,
        questions=QUESTIONS,
        roles=list_paths(session),
        table=careers_table(write, visit, now, query.sort),
        orders=ORDERS,
        soc_code=soc_code,
        occupations=[(code, titles_of(session)[code]) for code in surveyed_occupations(session)],
        picture=pay_map(write, visit, states, next(iter(place.states), None)),
        states=states_in_order(write, visit, states, query.sort_states),
        taken_away={
            ending: (
                to_address(f"/v1/export/careers.{ending}", asked),
                to_address(f"/v1/export/careers.{ending}", [("soc_code", soc_code)]),
            )
            for ending in ("csv", "xlsx")
        },
        json_address=to_address("/v1/careers", asked),
    )
