"""GET /advancement-paths, one role, and /advancement-plans: roles, and the way to one."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.clock import today
from app.domain.credentials.advancement import Stage
from app.domain.credentials.eligibility import Education
from app.http.dependencies import SessionDep
from app.queries.advancement import find_role, get_graph, get_path
from app.queries.advancement_plans import make_plan
from app.queries.credentials import search_credentials
from app.queries.statistics import get_statistic, official_statistics
from app.schemas.advancement import PlanRequest
from app.schemas.credentials import CredentialQuery
from app.schemas.pages import Text
from app.schemas.site import VisitQuery
from app.schemas.site_field import AdvancementPlanPageQuery
from app.site import words
from app.site.pages.advancement import AdvancementPage
from app.site.pages.advancement_plans import AdvancementPlanPage
from app.site.pages.role_graph import draw
from app.site.pages.wages import WagesView
from app.site.routes.forms import asked_as
from app.site.routes.page import show, site_router, visit_of, writer_of

router = site_router()


@router.get("/advancement-paths")
def show_advancement_paths(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    page = AdvancementPage(visit, writer_of(session, visit))
    graph = get_graph(session, today())
    return show(
        request,
        visit,
        "advancement_paths",
        targets=page.cards(graph.roles, Stage.TARGET),
        middle=page.cards(graph.roles, Stage.MIDDLE),
        entries=page.cards(graph.roles, Stage.ENTRY),
        picture=draw(visit, graph),
        edges=page.edges(graph),
    )


@router.get("/advancement-paths/{slug}")
def show_advancement_path(
    request: Request,
    session: SessionDep,
    slug: Annotated[Text, Path(max_length=80)],
    query: Annotated[VisitQuery, Query()],
) -> Response:
    path = get_path(session, slug, today())
    visit = visit_of(request, session, query)
    write = writer_of(session, visit)
    page, wages = AdvancementPage(visit, write), WagesView(visit, write)
    graph = get_graph(session, today())
    labels = {role.slug: role.label for role in graph.roles}
    return show(
        request,
        visit,
        "advancement_path",
        path=path,
        role=page.card(path),
        stage=write.word(words.STAGES, path.stage).text,
        skills=[write.english(skill, "name") for skill in path.skills_to_build or ()],
        requirements=page.requirements(path.requirements),
        occupations=wages.occupations(
            (soc.code, soc.title, soc.note, official_statistics(session, soc.code))
            for soc in path.soc_codes
        ),
        stated=wages.stated((one, get_statistic(session, one.slug).beside) for one in path.stated),
        conflicts=wages.conflicts(path.conflicts),
        comes_from=page.moves(path.comes_from, labels, forward=False),
        leads_to=page.moves(path.leads_to, labels, forward=True),
        ways=page.ways(path, labels),
        work=page.work(path.work),
        said=page.said(path),
        picture=draw(visit, graph, path.slug),
    )


@router.get("/advancement-plans")
def show_advancement_plan(
    request: Request, session: SessionDep, query: Annotated[AdvancementPlanPageQuery, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    write = writer_of(session, visit)
    page = AdvancementPage(visit, write)
    graph = get_graph(session, today())
    plan = None
    if query.target:
        asked = PlanRequest(
            target=query.target,
            credentials=query.held,
            education=query.education,
            roles=query.role,
            skills=query.skill,
            experience_years=query.experience_years,
            next_program=query.next_program,
            residency=query.residency or "in_state",
        )
        with asked_as(credentials="held", roles="role", skills="skill"):
            plan = make_plan(session, asked, today())
    target = find_role(graph.roles, query.target) if query.target else None
    return show(
        request,
        visit,
        "advancement_plan",
        query=query,
        target=target,
        groups=[
            (write.word(words.STAGES, stage).text, page.cards(graph.roles, stage))
            for stage in (Stage.TARGET, Stage.MIDDLE, Stage.ENTRY)
        ],
        credentials=search_credentials(session, CredentialQuery()).items,
        educations=write.choices(words.EDUCATIONS, Education),
        programs=[(one.slug, one.label) for one in visit.chosen if one.is_known],
        plan=AdvancementPlanPage(visit, write).plan(
            plan, {role.slug: role.label for role in graph.roles}
        )
        if plan
        else None,
    )
