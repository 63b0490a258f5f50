"""GET /v1/advancement-paths, the graph of roles, and GET and POST /v1/advancement-plans."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session

from app.clock import today
from app.domain.advancement.roles import Stage
from app.http.answers import send_json
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.faults import rename_faults
from app.http.html import base_of
from app.http.lists import part_of
from app.queries import advancement, advancement_plans, areas
from app.queries.briefs.careers import brief_plan, brief_role
from app.queries.releases import stamp
from app.schemas.advancement import (
    PathAnswer,
    PathRead,
    PlanQuery,
    PlanRead,
    PlanRequest,
    RoleGraph,
    RoleQuery,
)
from app.schemas.pages import Page, PartParams, Text

router = APIRouter(prefix="/advancement-paths", tags=["Where it leads"])
plans_router = APIRouter(prefix="/advancement-plans", tags=["Where it leads"])


@router.get(
    "",
    summary="List the roles one can grow into",
    description="Lists the roles that a student can grow into, such as medical coding "
    "auditor or health information manager.",
)
def list_advancement_paths(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[PartParams, Query()],
) -> Page[PathRead]:
    paths = advancement.list_paths(session, stages=(Stage.TARGET,))
    sources = {path.source for path in paths}
    sources |= {r.evidence.source for path in paths for r in path.requirements}
    page: Page[PathRead] = Page(items=paths, total=len(paths), **stamp(session, sources))
    return part_of(page, query, request, response)


@router.get(
    "/graph",
    summary="Show all roles, first jobs included, and the steps between them",
    description="Shows every role of the field, first jobs included, and which steps "
    "lead from one to the next.",
    dependencies=[NO_PARAMETERS],
)
def get_role_graph(session: SessionDep) -> RoleGraph:
    return advancement.get_graph(session, today())


@router.get(
    "/{slug}",
    summary="Show one role: who it suits, what it asks for, work, pay, outlook, ways to it",
    description="Describes one role to grow into, such as clinical documentation "
    "specialist: what it asks for, what it pays and how to get there.",
    response_model=PathAnswer,
)
def get_advancement_path(
    http: Request,
    session: SessionDep,
    slug: Annotated[
        Text,
        Path(
            max_length=80,
            description="Role, a first job too; other names it goes by are understood",
            examples=["cdi-specialist"],
        ),
    ],
    query: Annotated[RoleQuery, Query()],
) -> PathAnswer | Response:
    path = advancement.get_path(session, slug, today())
    path.pay = areas.pay_asked(session, query, [one.code for one in path.occupations])
    path.sources = sorted({*path.sources, *areas.sources_of_pay(path.pay)})
    return send_json(brief_role(session, path, base_of(http))) if query.view else path


@plans_router.get(
    "",
    summary="Plan the steps from what you hold to a role, as a link that can be shared",
    description="Plans the way from what a student holds today, such as RHIT and two "
    "years of work, to a role, step by step.\n\n"
    "Years in a field of work that an exam asks for go into the body of POST.",
    response_model=PlanRead,
)
def get_advancement_plan(
    http: Request, session: SessionDep, query: Annotated[PlanQuery, Query()]
) -> PlanRead | Response:
    with rename_faults():
        return _plan(http, session, PlanRequest(**query.model_dump()))


@plans_router.post(
    "",
    summary="Plan the steps from what you hold to a role; nothing is stored",
    description="Plans the way from what a student holds today, such as RHIT and two "
    "years of work, to a role, step by step.\n\n"
    "Nothing is stored.",
    dependencies=[NO_PARAMETERS],
    response_model=PlanRead,
)
def find_advancement_plan(
    http: Request, session: SessionDep, request: PlanRequest
) -> PlanRead | Response:
    return _plan(http, session, request)


def _plan(http: Request, session: Session, asked: PlanRequest) -> PlanRead | Response:
    plan = advancement_plans.make_plan(session, asked, asked.as_of or today())
    return send_json(brief_plan(session, plan, asked, base_of(http))) if asked.view else plan
