"""GET /v1/occupations and one occupation."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.http.dependencies import SessionDep
from app.http.lists import link_pages
from app.queries import areas, occupations
from app.schemas.areas import PlaceQuery
from app.schemas.occupations import OccupationAnswer, OccupationItem, OccupationQuery
from app.schemas.pages import Page

router = APIRouter(prefix="/occupations", tags=["Where it leads"])


@router.get(
    "",
    summary="List the occupations that programs lead to, or that lie beyond",
    description="Lists the occupations that such programs lead to.\n\n"
    "Each has a federal code, its [SOC code](/docs/glossary#soc).",
)
def list_occupations(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[OccupationQuery, Query()],
) -> Page[OccupationItem]:
    page = occupations.list_occupations(session, query)
    link_pages(request, response, page.next)
    return page


@router.get(
    "/{soc_code}",
    summary="Show one occupation: tasks, technology, pay, outlook",
    description="Describes one occupation, such as medical records specialists: what "
    "they do, what they earn and how many will be needed.\n\n"
    "It is named by its [SOC code](/docs/glossary#soc).",
)
def get_occupation(
    session: SessionDep,
    soc_code: Annotated[
        str,
        Path(
            pattern=r"^[0-9]{2}-[0-9]{4}(\.[0-9]{2})?$",
            description="SOC code, or an O*NET-SOC code for a specialty of it",
            examples=["29-2072"],
        ),
    ],
    query: Annotated[PlaceQuery, Query()],
) -> OccupationAnswer:
    read = occupations.get_occupation(session, soc_code)
    read.pay = areas.pay_asked(session, query, [read.soc_code])
    read.sources = sorted({*read.sources, *areas.sources_of_pay(read.pay)})
    return read
