"""GET /v1/sources."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.clock import today
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import part_of
from app.queries import releases, sources
from app.schemas.pages import Page, PartParams, Stamp, Text
from app.schemas.sources import SourceRead

router = APIRouter(prefix="/sources", tags=["Data and method"])


class SourceAnswer(SourceRead, Stamp):
    """One source with its stamp."""


@router.get(
    "",
    summary="List every source with its publisher, licence, edition and row count",
    description="Lists every source that facts were taken from, with its publisher, its "
    "edition and the day it was read, how old that edition is, when a newer one was last looked "
    "for and when the next is due.\n\n"
    "See [evidence](/docs/glossary#evidence).",
)
def list_sources(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[PartParams, Query()],
) -> Page[SourceRead]:
    items = sources.read_sources(session, today())
    page: Page[SourceRead] = Page(
        items=items,
        total=len(items),
        **releases.stamp(session, [source.key for source in items]),
    )
    return part_of(page, query, request, response)


@router.get(
    "/{key}",
    summary="Show one source",
    description="Shows one source, such as the federal directory of colleges, with its "
    "licence and how many rows come from it.\n\n"
    "What the career guide refers to is here too, such as `ref_glassdoor`: as the guide names it, "
    "without an address, as it gives none.",
    dependencies=[NO_PARAMETERS],
)
def get_source(
    session: SessionDep,
    key: Annotated[
        Text, Path(examples=["ipeds-hd2024"], max_length=100, description="Key of the source")
    ],
) -> SourceAnswer:
    source, drawn_on = sources.get_source(session, key, today())
    return SourceAnswer(**source.model_dump(), **releases.stamp(session, drawn_on))
