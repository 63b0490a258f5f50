"""GET /advancement-paths, one role, and /advancement-plans: roles, and the way to one."""

from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Path, Query, Request, Response

from app.clock import today
from app.domain.credentials.eligibility import Education
from app.http.dependencies import SessionDep
from app.http.faults import rename_faults
from app.queries.advancement import find_role, get_graph, get_path
from app.queries.advancement_plans import make_plan
from app.queries.areas import pay_asked
from app.queries.credentials import search_credentials
from app.queries.statistics import get_statistic, official_statistics
from app.schemas.advancement import PlanRequest
from app.schemas.credentials import CredentialQuery
from app.schemas.pages import Text
from app.schemas.site import PlaceVisitQuery, VisitQuery
from app.schemas.site_field import AdvancementPlanPageQuery
from app.site import words
from app.site.pages.pay import pay_table
from app.site.pages.role_graph import draw
from app.site.pages.wages import amount_of, wages_of
from app.site.routes.page import SitePage, site_router
from app.site.writing import added_fields

router = site_router()


@router.get("/advancement-paths")
def show_advancement_paths(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    graph = get_graph(session, today())
    return page.show("advancement_paths", graph=graph, picture=draw(page.visit, graph))


@router.get("/advancement-paths/{slug}")
def show_advancement_path(
    request: Request,
    session: SessionDep,
    slug: Annotated[Text, Path(max_length=80)],
    query: Annotated[PlaceVisitQuery, Query()],
) -> Response:
    path = get_path(session, slug, today())
    page = SitePage(request, session, query)
    graph = get_graph(session, today())
    occupations = [
        (soc.code, soc.title, soc.note, official_statistics(session, soc.code))
        for soc in path.soc_codes
    ]
    pay = pay_asked(session, query.asked_place(), [soc.code for soc in path.soc_codes])
    return page.show(
        "advancement_path",
        query=query,
        pay=pay_table(page.write, page.visit, pay) if pay else None,
        path=path,
        added=added_fields(page.write, path.filled),
        names={role.slug: role.label for role in graph.roles},
        wages=wages_of(page.write, occupations),
        amount_of=partial(amount_of, page.write),
        stated=[(one, get_statistic(session, one.slug).beside) for one in path.stated],
        picture=draw(page.visit, graph, path.slug),
    )


@router.get("/advancement-plans")
def show_advancement_plan(
    request: Request, session: SessionDep, query: Annotated[AdvancementPlanPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    roles = get_graph(session, today()).roles
    plan = None
    if query.target:
        asked = PlanRequest(
            target=query.target,
            credentials=query.held,
            education=query.education,
            education_field=query.education_field,
            credits_earned=query.credits_earned,
            credits_transferred=query.credits_transferred,
            roles=query.role,
            skills=query.skill,
            experience_years=query.experience_years,
            next_program=query.next_program,
            home_state=page.visit.home,
            residency=query.residency,
        )
        with rename_faults(credentials="held", roles="role", skills="skill"):
            plan = make_plan(session, asked, today())
    return page.show(
        "advancement_plan",
        query=query,
        target=find_role(roles, plan.target) if plan and plan.target_kind == "role" else None,
        roles=roles,
        credentials=search_credentials(session, CredentialQuery()).items,
        educations=page.write.choices(words.EDUCATIONS, Education),
        programs=[(one.slug, one.label) for one in page.visit.chosen if one.is_known],
        plan=plan,
        searches={
            step.position: page.visit.to("/", *parse_qsl(urlsplit(step.url).query))
            for step in (plan.steps if plan else ())
            if step.url and urlsplit(step.url).query
        },
    )
