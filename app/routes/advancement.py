"""GET /v1/advancement-paths."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.queries import advancement
from app.queries.releases import stamp, today
from app.routes.session import NO_PARAMETERS, SessionDep
from app.schemas.advancement import PathAnswer, PathRead
from app.schemas.pages import Page, Text

router = APIRouter(
    prefix="/advancement-paths", tags=["Where it leads"], dependencies=[NO_PARAMETERS]
)


@router.get("", summary="List the roles one can grow into")
def list_advancement_paths(session: SessionDep) -> Page[PathRead]:
    paths = advancement.list_paths(session)
    sources = {path.source for path in paths}
    return Page(items=paths, total=len(paths), **stamp(session, sources))


@router.get(
    "/{slug}",
    summary="Show one role: who it suits, skills, credentials, education, wages and outlook",
)
def get_advancement_path(
    session: SessionDep,
    slug: Annotated[
        Text,
        Path(
            max_length=80,
            description="Role; other names it goes by are understood",
            examples=["cdi-specialist"],
        ),
    ],
) -> PathAnswer:
    return advancement.get_path(session, slug, today())
