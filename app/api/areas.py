"""GET /v1/areas and one area: what occupations pay there, and how dear living is."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import link_pages
from app.queries import areas
from app.schemas.areas import AreaAnswer, AreaItem, AreaQuery
from app.schemas.pages import Page, Text

router = APIRouter(prefix="/areas", tags=["Where it leads"])


@router.get(
    "",
    summary="List the states, metropolitan and nonmetropolitan areas that pay is told of",
    description="Lists the areas that wages are surveyed for: states and territories, metropolitan "
    "and nonmetropolitan areas.\n\n"
    "`code` is what `area` of /v1/statistics takes.",
)
def list_areas(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[AreaQuery, Query()],
) -> Page[AreaItem]:
    page = areas.search_areas(session, query)
    link_pages(request, response, page.next)
    return page


@router.get(
    "/{code}",
    summary="Show one area: what each occupation pays there, and how dear living is",
    description="Tells what the occupations of the field pay in a state or metropolitan area, such "
    "as Ohio or Columbus, and the price level of its states by year.",
    dependencies=[NO_PARAMETERS],
)
def get_area(
    session: SessionDep,
    code: Annotated[
        Text,
        Path(
            max_length=100,
            description="Area by its code, as in `code` of the list, or by its name",
            examples=["OH"],
        ),
    ],
) -> AreaAnswer:
    return areas.get_area(session, code)
