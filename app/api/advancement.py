"""GET /v1/advancement-paths, the graph of roles, and GET and POST /v1/advancement-plans."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.clock import today
from app.domain.advancement.roles import Stage
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.faults import rename_faults
from app.queries import advancement, advancement_plans, areas
from app.queries.releases import stamp
from app.schemas.advancement import (
    PathAnswer,
    PathRead,
    PlanQuery,
    PlanRead,
    PlanRequest,
    RoleGraph,
)
from app.schemas.areas import PlaceQuery
from app.schemas.pages import Page, Text

router = APIRouter(prefix="/advancement-paths", tags=["Where it leads"])
plans_router = APIRouter(prefix="/advancement-plans", tags=["Where it leads"])


@router.get(
    "",
    summary="List the roles one can grow into",
    description="Lists the roles that a student can grow into, such as medical coding "
    "auditor or health information manager.",
    dependencies=[NO_PARAMETERS],
)
def list_advancement_paths(session: SessionDep) -> Page[PathRead]:
    paths = advancement.list_paths(session, stages=(Stage.TARGET,))
    sources = {path.source for path in paths}
    sources |= {r.evidence.source for path in paths for r in path.requirements}
    return Page(items=paths, total=len(paths), **stamp(session, sources))


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
)
def get_advancement_path(
    session: SessionDep,
    slug: Annotated[
        Text,
        Path(
            max_length=80,
            description="Role, a first job too; other names it goes by are understood",
            examples=["cdi-specialist"],
        ),
    ],
    query: Annotated[PlaceQuery, Query()],
) -> PathAnswer:
    path = advancement.get_path(session, slug, today())
    path.pay = areas.pay_asked(session, query, [one.code for one in path.occupations])
    path.sources = sorted({*path.sources, *areas.sources_of_pay(path.pay)})
    return path


@plans_router.get(
    "",
    summary="Plan the steps from what you hold to a role, as a link that can be shared",
    description="Plans the way from what a student holds today, such as RHIT and two "
    "years of work, to a role, step by step.\n\n"
    "Years in a field of work that an exam asks for go into the body of POST.",
)
def get_advancement_plan(session: SessionDep, query: Annotated[PlanQuery, Query()]) -> PlanRead:
    asked = PlanRequest(**query.model_dump())
    with rename_faults():
        return advancement_plans.make_plan(session, asked, query.as_of or today())


@plans_router.post(
    "",
    summary="Plan the steps from what you hold to a role; nothing is stored",
    description="Plans the way from what a student holds today, such as RHIT and two "
    "years of work, to a role, step by step.\n\n"
    "Nothing is stored.",
    dependencies=[NO_PARAMETERS],
)
def find_advancement_plan(session: SessionDep, request: PlanRequest) -> PlanRead:
    return advancement_plans.make_plan(session, request, request.as_of or today())
